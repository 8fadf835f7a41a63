"""The cluster, and where its tasks run."""

from collections.abc import Mapping
from typing import NamedTuple, cast

import pulumi

import settings
from components import Cluster, ClusterArgs, ManagedInstances, ManagedInstancesArgs
from components.capacity.providers import Capacity, strategy_kind
from outputs.capacity import CapacityOutputs
from release import names

from .balancing import Balancers
from .network import AnyNetwork, endpoints_to_reach
from .place import Place


class Capacities(NamedTuple):
    """The cluster with its capacity."""

    cluster: Cluster
    managed_instances: Mapping[str, ManagedInstances]
    providers: pulumi.Output[dict[str, str]]
    """Name in ECS of each capacity provider by its name in the settings."""
    security_group_ids: pulumi.Output[dict[str, str]]
    """Id of the security group of each group of instances by its name in the settings."""


def capacity(platform: settings.Platform, place: Place, network: AnyNetwork, balancers: Balancers) -> Capacities:
    """Make the cluster with Auto Scaling groups and Managed Instances."""
    cluster = _cluster(platform, place, network, balancers)
    managed = {
        name: _managed_instances(name, instances, platform, place, network, cluster)
        for name, instances in platform.cluster.managed_instances.items()
    }
    return Capacities(
        cluster,
        managed,
        _joined(cluster.capacity_providers, {name: one.capacity_provider_name for name, one in managed.items()}),
        _joined(cluster.security_group_ids, {name: one.security_group_id for name, one in managed.items()}),
    )


def _joined(
    known: pulumi.Output[dict[str, str]], more: Mapping[str, pulumi.Output[str]]
) -> pulumi.Output[dict[str, str]]:
    return pulumi.Output.all(known, more).apply(lambda both: {**both[0], **both[1]})


def _cluster(platform: settings.Platform, place: Place, network: AnyNetwork, balancers: Balancers) -> Cluster:
    arguments = platform.cluster.arguments()
    for name, group in platform.cluster.auto_scaling_groups.items():
        arguments["auto_scaling_groups"][name] |= {
            **endpoints_to_reach(platform, network, says_egress=group.egress is not None),
            "vpc_id": network.vpc_id,
            "subnet_ids": network.private_subnet_ids,
            "load_balancer_security_group_id": balancers.requests.security_group_id,
            "ipv6": platform.network.ipv6,
            "tags": place.tags,
            "role_path": place.role_path,
            "protect": place.protect,
        }
    if strategy_kind(platform.cluster.strategy, platform.cluster.provider_kinds) is Capacity.MANAGED_INSTANCES:
        # AWS keeps no default strategy of these for a cluster; every service names its own.
        arguments["capacity_provider_strategy"] = []
    own = {
        "cluster_name": names.cluster(place.project, place.stack),
        "log_group_prefix": f"{place.path}/cluster",
    }
    return Cluster("cluster", cast(ClusterArgs, {**arguments, **own}))


def _managed_instances(
    name: str,
    instances: settings.ManagedInstances,
    platform: settings.Platform,
    place: Place,
    network: AnyNetwork,
    cluster: Cluster,
) -> ManagedInstances:
    own = {
        "cluster_name": cluster.cluster_name,
        "name_prefix": f"{names.cluster(place.project, place.stack)}-{name}",
        "vpc_id": network.vpc_id,
        "subnet_ids": network.private_subnet_ids,
        "ipv6": platform.network.ipv6,
        "role_path": place.role_path,
    }
    reach = endpoints_to_reach(platform, network, says_egress=instances.egress is not None)
    arguments = {**instances.arguments(), **reach, **own}
    return ManagedInstances(f"cluster-{name}", cast(ManagedInstancesArgs, arguments))


def capacity_outputs(capacities: Capacities) -> CapacityOutputs:
    """Return what is published of the cluster and its capacity."""
    return {
        "clusterName": capacities.cluster.cluster_name,
        "clusterArn": capacities.cluster.cluster_arn,
        "capacityProviders": capacities.providers,
        "autoScalingGroupNames": capacities.cluster.auto_scaling_group_names,
        "instanceSecurityGroupIds": capacities.security_group_ids,
    }
