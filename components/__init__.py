"""The platform's components. None of them knows the settings: another project can use each alone."""

from .alias_records import AliasRecords, AliasRecordsArgs
from .auto_scaling_group import AutoScalingGroup, AutoScalingGroupArgs
from .certificate import Certificate, CertificateArgs
from .cluster import Cluster, ClusterArgs
from .endpoints import Endpoints, EndpointsArgs
from .existing_load_balancer import ExistingLoadBalancer, ExistingLoadBalancerArgs
from .existing_network import ExistingNetwork, ExistingNetworkArgs
from .load_balancer import LoadBalancer, LoadBalancerArgs
from .managed_instances import ManagedInstances, ManagedInstancesArgs
from .network import Network, NetworkArgs
from .network_load_balancer import NetworkLoadBalancer, NetworkLoadBalancerArgs
from .pipeline import Pipeline, PipelineArgs
from .public_registry import PublicRegistry, PublicRegistryArgs
from .publication import Publication, PublicationArgs
from .registry import Registry, RegistryArgs
from .registry_account import RegistryAccount, RegistryAccountArgs
from .service import Service, ServiceArgs
from .web_acl import WebAcl, WebAclArgs

__all__ = [
    "AliasRecords",
    "AliasRecordsArgs",
    "AutoScalingGroup",
    "AutoScalingGroupArgs",
    "Certificate",
    "CertificateArgs",
    "Cluster",
    "ClusterArgs",
    "Endpoints",
    "EndpointsArgs",
    "ExistingLoadBalancer",
    "ExistingLoadBalancerArgs",
    "ExistingNetwork",
    "ExistingNetworkArgs",
    "LoadBalancer",
    "LoadBalancerArgs",
    "ManagedInstances",
    "ManagedInstancesArgs",
    "Network",
    "NetworkArgs",
    "NetworkLoadBalancer",
    "NetworkLoadBalancerArgs",
    "Pipeline",
    "PipelineArgs",
    "PublicRegistry",
    "PublicRegistryArgs",
    "Publication",
    "PublicationArgs",
    "Registry",
    "RegistryAccount",
    "RegistryAccountArgs",
    "RegistryArgs",
    "Service",
    "ServiceArgs",
    "WebAcl",
    "WebAclArgs",
]
