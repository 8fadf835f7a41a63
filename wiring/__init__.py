"""From settings to components: a section, and what other areas made, become the arguments of components."""

from .balancing import balancing
from .boundary import boundary
from .capacity import capacity
from .databases import databases
from .found import found
from .jobs import jobs
from .network import network
from .observability import observability
from .pipelines import pipelines
from .place import Place
from .publishing import publish
from .registry import registry
from .services import queues, services
from .storage import storage

__all__ = [
    "Place",
    "balancing",
    "boundary",
    "capacity",
    "databases",
    "found",
    "jobs",
    "network",
    "observability",
    "pipelines",
    "publish",
    "queues",
    "registry",
    "services",
    "storage",
]
