"""How tasks are kept running: service, routing, security group rules, scaling, placement."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
