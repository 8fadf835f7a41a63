"""What exists already. It is read before anything is made, so that nothing is made where it is missing."""

from collections.abc import Sequence
from typing import Final, NamedTuple

import pulumi
import pulumi_aws as aws

import settings
from components import ExistingLoadBalancer, ExistingLoadBalancerArgs, ExistingNetwork, ExistingNetworkArgs
from components.balancing.args import ExistingLoadBalancerChoices
from components.network import zones
from components.network.args import ExistingNetworkChoices
from components.network.network import offered_zones

from .living import Living, living, moved

FEWEST_ZONES: Final = 2
"""A load balancer needs subnets in two zones."""


class Found(NamedTuple):
    """What the settings name of what others made."""

    network: ExistingNetwork | None
    load_balancer: ExistingLoadBalancer | None
    repositories: Sequence[str]
    """Names of all repositories of the account and region."""
    zone_names: Sequence[str]
    """Zones of the stack's own network: those that it has, then the region's; none in an existing VPC."""


def found(platform: settings.Platform) -> Found:
    """Read what the settings name of others, which repositories there are, and what this stack has already.

    Raises:
        pulumi.RunError: the settings do not fit them.
    """
    there = living()
    if problems := list(moved(platform, there)):
        raise settings.refusal(problems)
    zone_names = [] if platform.network.existing else _zone_names(platform, there)
    repositories = aws.ecr.get_repositories().names
    return Found(_network(platform), _load_balancer(platform), repositories, zone_names)


def _zone_names(platform: settings.Platform, there: Living) -> list[str]:
    count, offered = platform.network.availability_zone_count, offered_zones(pulumi.InvokeOptions())
    try:
        return zones.choose(offered, count, there.zones)
    except ValueError:
        # A region may have two zones for new accounts, such as us-west-1.
        advice = f"is more than the region offers this account: {', '.join(sorted(offered)) or 'none'}. "
        advice += (
            "Choose another region" if len(offered) < FEWEST_ZONES else f"Set {len(offered)}, or choose another region"
        )
        problem = settings.Problem(("network", "availabilityZoneCount"), count, f"{advice}.")
        raise settings.refusal([problem]) from None


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
    args: ExistingLoadBalancerArgs = {
        **existing.given(ExistingLoadBalancerChoices),
        "listener_arn": existing.listener_arn,
        "vpc_id": vpc.vpc_id,
    }
    return ExistingLoadBalancer("load-balancer", args)
