"""The platform's components. None of them knows the settings: another project can use each alone."""

from .cluster import Cluster, ClusterArgs
from .load_balancer import LoadBalancer, LoadBalancerArgs
from .network import Network, NetworkArgs
from .public_registry import PublicRegistry, PublicRegistryArgs
from .registry import Registry, RegistryArgs
from .registry_account import RegistryAccount, RegistryAccountArgs
from .service import Service, ServiceArgs

__all__ = [
    "Cluster",
    "ClusterArgs",
    "LoadBalancer",
    "LoadBalancerArgs",
    "Network",
    "NetworkArgs",
    "PublicRegistry",
    "PublicRegistryArgs",
    "Registry",
    "RegistryAccount",
    "RegistryAccountArgs",
    "RegistryArgs",
    "Service",
    "ServiceArgs",
]
