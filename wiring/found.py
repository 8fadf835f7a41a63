"""What exists already. It is read before anything is made, so that nothing is made where it is missing."""

from typing import NamedTuple

import pulumi_aws as aws

import settings
from components import ExistingLoadBalancer, ExistingLoadBalancerArgs, ExistingNetwork, ExistingNetworkArgs
from components.balancing.args import ExistingLoadBalancerChoices
from components.network.args import ExistingNetworkChoices


class Found(NamedTuple):
    """What the settings name of what others made."""

    network: ExistingNetwork | None
    load_balancer: ExistingLoadBalancer | None
    repositories: list[str]
    """Names of all repositories of the account and region."""


def found(platform: settings.Platform) -> Found:
    """Read the VPC and the load balancer that the settings name, and which repositories there are."""
    return Found(_network(platform), _load_balancer(platform), aws.ecr.get_repositories().names)


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
