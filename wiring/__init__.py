"""From settings to components: a section, and what other areas made, become the arguments of components."""

from .balancing import balancing
from .boundary import boundary
from .capacity import capacity
from .found import found
from .network import network
from .pipelines import pipelines
from .place import Place
from .publishing import publish
from .registry import registry
from .services import services

__all__ = [
    "Place",
    "balancing",
    "boundary",
    "capacity",
    "found",
    "network",
    "pipelines",
    "publish",
    "registry",
    "services",
]
