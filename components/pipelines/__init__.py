"""From a commit to running tasks: source, build, approval and deployment."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
