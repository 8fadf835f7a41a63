"""The ECS cluster and where tasks run: Fargate, Auto Scaling groups, Managed Instances."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
