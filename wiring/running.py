"""What tasks run in, from the settings of a service or job and what other areas made."""

from collections.abc import Mapping, Sequence
from typing import TypedDict

import pulumi

import settings
from components.capacity.providers import CapacityProviderStrategyArgs, strategy_kind
from components.tasks.args import COMPATIBILITIES, NetworkMode, SessionLinks, TaskChoices
from components.tasks.run_args import RunArgs
from release import names

from .capacity import Capacities
from .network import AnyNetwork, endpoints_to_reach
from .place import Place
from .registry import Registries, own_repository
from .storage import Stored, WorkersQueue, links


def runs_in(
    name: str,
    runs: settings.Service | settings.Job,
    platform: settings.Platform,
    place: Place,
    network: AnyNetwork,
    registries: Registries,
    capacities: Capacities,
    stored: Stored,
    queues: Mapping[str, WorkersQueue],
) -> RunArgs:
    """Return what the tasks of a service or job run in."""
    strategy = platform.strategy_of(runs)
    return {
        **TaskChoices(),  # what the settings say of the tasks themselves is given on beside this
        **SessionLinks(),
        **endpoints_to_reach(platform, network, says_egress=runs.egress is not None, tables=runs.uses_tables),
        **own_repository(runs, registries),
        **_shared_group(runs, strategy, capacities),
        "cluster_arn": capacities.cluster.cluster_arn,
        "capacity_provider_strategy": strategy,
        "capacity_providers": capacities.providers,
        "compatibility": COMPATIBILITIES[strategy_kind(strategy, platform.cluster.provider_kinds)],
        "vpc_id": network.vpc_id,
        "subnet_ids": network.private_subnet_ids,
        "ipv6": platform.network.ipv6,
        "family": names.task_family(place.project, place.stack, name),
        "log_group_name": names.log_group(place.project, place.stack, name),
        "image_parameter": names.image_parameter(place.project, place.stack, name),
        "role_path": place.role_path,
        "protect": place.protect,
        "links": links(runs, platform, stored, queues),
    }


class _SharedGroup(TypedDict, total=False):
    instance_security_group_id: pulumi.Input[str]


def _shared_group(
    runs: settings.Service | settings.Job, strategy: Sequence[CapacityProviderStrategyArgs], capacities: Capacities
) -> _SharedGroup:
    """Return the security group that tasks in bridge mode share with their instances."""
    if runs.network_mode is not NetworkMode.BRIDGE:
        return {}
    (group,) = strategy
    return {"instance_security_group_id": capacities.cluster.security_group_ids[group["capacity_provider"]]}
