"""Tasks that run and end: on a schedule, or when somebody starts them."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
