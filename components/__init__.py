"""The platform's components. None of them knows the settings: another project can use each alone."""

from .cluster import Cluster, ClusterArgs
from .load_balancer import LoadBalancer, LoadBalancerArgs
from .network import Network, NetworkArgs
from .pipeline import Pipeline, PipelineArgs
from .registry import Registry, RegistryArgs
from .service import Service, ServiceArgs

__all__ = [
    "Cluster",
    "ClusterArgs",
    "LoadBalancer",
    "LoadBalancerArgs",
    "Network",
    "NetworkArgs",
    "Pipeline",
    "PipelineArgs",
    "Registry",
    "RegistryArgs",
    "Service",
    "ServiceArgs",
]
