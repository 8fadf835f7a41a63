"""The network: a VPC of the stack's own or an existing one, its subnets and VPC endpoints."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
