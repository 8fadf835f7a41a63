"""The platform's components. None of them knows the settings: another project can use each alone."""

from .cluster import Cluster, ClusterArgs
from .endpoints import Endpoints, EndpointsArgs
from .existing_network import ExistingNetwork, ExistingNetworkArgs
from .load_balancer import LoadBalancer, LoadBalancerArgs
from .network import Network, NetworkArgs
from .pipeline import Pipeline, PipelineArgs
from .publication import Publication, PublicationArgs
from .registry import Registry, RegistryArgs
from .service import Service, ServiceArgs

__all__ = [
    "Cluster",
    "ClusterArgs",
    "Endpoints",
    "EndpointsArgs",
    "ExistingNetwork",
    "ExistingNetworkArgs",
    "LoadBalancer",
    "LoadBalancerArgs",
    "Network",
    "NetworkArgs",
    "Pipeline",
    "PipelineArgs",
    "Publication",
    "PublicationArgs",
    "Registry",
    "RegistryArgs",
    "Service",
    "ServiceArgs",
]
