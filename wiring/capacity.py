"""The cluster, and where its tasks run."""

from collections.abc import Mapping
from typing import NamedTuple

import pulumi

import settings
from components import Cluster, ClusterArgs, ManagedInstances, ManagedInstancesArgs
from components.capacity.args import (
    AutoScalingGroupChoices,
    ClusterChoices,
    ClusterGroupArgs,
    ManagedInstancesChoices,
)
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
    args: ClusterArgs = {
        **platform.cluster.given(ClusterChoices),
        "auto_scaling_groups": {
            name: _group(name, group, platform, place, network, balancers)
            for name, group in platform.cluster.auto_scaling_groups.items()
        },
        "cluster_name": names.cluster(place.project, place.stack),
        "log_group_prefix": f"{place.path}/cluster",
    }
    if strategy_kind(platform.cluster.strategy, platform.cluster.provider_kinds) is Capacity.MANAGED_INSTANCES:
        # AWS keeps no default strategy of these for a cluster; every service names its own.
        args["capacity_provider_strategy"] = []
    return Cluster("cluster", args)


def _group(
    name: str,
    group: settings.AutoScalingGroup,
    platform: settings.Platform,
    place: Place,
    network: AnyNetwork,
    balancers: Balancers,
) -> ClusterGroupArgs:
    return {
        **group.given(AutoScalingGroupChoices),
        **endpoints_to_reach(
            platform, network, says_egress=group.egress is not None, tables=platform.tables_in_bridge_mode
        ),
        "name_prefix": _name(name, place),
        "vpc_id": network.vpc_id,
        "subnet_ids": network.private_subnet_ids,
        "load_balancer_security_group_id": balancers.requests.security_group_id,
        "ipv6": platform.network.ipv6,
        "tags": place.tags,
        "role_path": place.role_path,
        "protect": place.protect,
    }


def _managed_instances(
    name: str,
    instances: settings.ManagedInstances,
    platform: settings.Platform,
    place: Place,
    network: AnyNetwork,
    cluster: Cluster,
) -> ManagedInstances:
    args: ManagedInstancesArgs = {
        **instances.given(ManagedInstancesChoices),
        **endpoints_to_reach(platform, network, says_egress=instances.egress is not None, tables=False),
        "cluster_name": cluster.cluster_name,
        "name_prefix": _name(name, place),
        "vpc_id": network.vpc_id,
        "subnet_ids": network.private_subnet_ids,
        "ipv6": platform.network.ipv6,
        "role_path": place.role_path,
    }
    return ManagedInstances(f"cluster-{name}", args)


def _name(name: str, place: Place) -> str:
    """Return the name in AWS of instances that strategies use by a shorter one."""
    return f"{names.cluster(place.project, place.stack)}-{name}"


def capacity_outputs(capacities: Capacities) -> CapacityOutputs:
    """Return what is published of the cluster and its capacity."""
    return {
        "clusterName": capacities.cluster.cluster_name,
        "clusterArn": capacities.cluster.cluster_arn,
        "capacityProviders": capacities.providers,
        "autoScalingGroupNames": capacities.cluster.auto_scaling_group_names,
        "instanceSecurityGroupIds": capacities.security_group_ids,
        "executeCommandLogGroupArn": capacities.cluster.execute_command_log_group_arn,
    }
