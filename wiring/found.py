"""What must exist already: read before anything is made, so that the program stops where it is missing."""

from typing import NamedTuple, cast

import settings
from components import ExistingLoadBalancer, ExistingLoadBalancerArgs, ExistingNetwork, ExistingNetworkArgs
from components.network.args import ExistingNetworkChoices


class Found(NamedTuple):
    """What the settings name of what others made."""

    network: ExistingNetwork | None
    load_balancer: ExistingLoadBalancer | None


def found(platform: settings.Platform) -> Found:
    """Read the VPC and the load balancer that the settings name."""
    return Found(_network(platform), _load_balancer(platform))


def _network(platform: settings.Platform) -> ExistingNetwork | None:
    existing = platform.network.existing
    if existing is None:
        return None
    args: ExistingNetworkArgs = {
        **existing.given(ExistingNetworkChoices),
        "vpc_id": existing.vpc_id,
        "instances": platform.cluster.has_instances,
        "addresses_needed": platform.addresses_needed,
    }
    return ExistingNetwork("network", args)


def _load_balancer(platform: settings.Platform) -> ExistingLoadBalancer | None:
    existing, vpc = platform.load_balancer.existing, platform.network.existing
    if existing is None or vpc is None:
        return None
    arguments = {**existing.arguments(), "vpc_id": vpc.vpc_id}
    return ExistingLoadBalancer("load-balancer", cast(ExistingLoadBalancerArgs, arguments))
