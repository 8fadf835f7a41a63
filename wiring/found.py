"""What exists already. It is read before anything is made, so that nothing is made where it is missing."""

from collections.abc import Iterator, Mapping, Sequence, Set
from typing import NamedTuple

import pulumi

import release
import settings
from components import ExistingLoadBalancer, ExistingLoadBalancerArgs, ExistingNetwork, ExistingNetworkArgs
from components.balancing.args import ExistingLoadBalancerChoices
from components.network import zones
from components.network.args import ExistingNetworkChoices
from components.network.network import offered_zones
from components.tasks.args import NetworkMode

from . import living_queues
from .checked_paths import Checked, checked, network_modes
from .earlier_runs import EarlierRuns, earlier_runs, renamed
from .living import living, moved
from .living_data import LivingData, living_data
from .place import Place
from .repositories import Repositories, known_repositories
from .scalers import Scaler, scalers
from .state import resources


class Found(NamedTuple):
    """What the settings name of what others made."""

    network: ExistingNetwork | None
    load_balancer: ExistingLoadBalancer | None
    repositories: Repositories
    services: Mapping[str, Checked]
    """Services of this stack whose tasks run, by name."""
    scalers: Mapping[str, Scaler]
    """Scalers that services of this stack have, by the service's name."""
    zone_names: Sequence[str]
    """Zones of the stack's own network: those that it has, then the region's; none in an existing VPC."""
    earlier: EarlierRuns
    """Services and jobs of this stack, as the last run left them."""
    released: Mapping[str, str | None]
    """Which image each of those is meant to run; none before its first one."""
    data: LivingData
    """What holds data in this stack already."""


def found(platform: settings.Platform, place: Place) -> Found:
    """Read what the settings name of others, and what this stack has already.

    Raises:
        pulumi.RunError: the settings do not fit them.
    """
    state = resources()
    there = living(state)
    problems, zone_names = list(moved(platform, there)), []
    if platform.network.existing is None:
        count, offered = platform.network.availability_zone_count, offered_zones(pulumi.InvokeOptions())
        try:
            zone_names = zones.choose(offered, count, there.zones)
        except ValueError:
            problems.append(_too_many_zones(count, {*offered, *there.zones.values()}))
    services = checked(state)
    problems += _replaced(platform, network_modes(state))
    problems += living_queues.replaced(platform, state)
    data = living_data(platform, state)
    problems += data.refused
    if platform.protect:
        problems += data.replaced
    earlier = earlier_runs(state)
    problems += renamed(platform, earlier)
    if problems:
        raise settings.refusal(problems)
    return Found(
        _network(platform),
        _load_balancer(platform),
        known_repositories(platform, state),
        services,
        scalers(state),
        zone_names,
        earlier,
        release.released_images(place.project, place.stack),
        data,
    )


def _replaced(platform: settings.Platform, modes: Mapping[str, NetworkMode]) -> Iterator[settings.Problem]:
    """Find services whose tasks would all stop before new ones run; without protection it is only said."""
    for name in sorted(modes.keys() & platform.services.keys()):
        mode = platform.services[name].network_mode
        if mode is modes[name]:
            continue
        advice = (
            "replaces the service, and nothing serves until its new tasks run. To change it without that, add a second "
            "service with it and move the requests there, as for a new name: docs/leaving.md"
        )
        if platform.protect:
            yield settings.Problem(("services", name, "networkMode"), mode.value, advice)
        else:
            pulumi.log.warn(f"services.{name}.networkMode: {mode.value} {advice}")


def _too_many_zones(count: int, there: Set[str]) -> settings.Problem:
    """Tell that a region has too few zones: us-west-1 has two for new accounts."""
    advice = f"is more than the region offers this account: {', '.join(sorted(there)) or 'none'}. "
    advice += f"Set {len(there)}, or choose another region." if len(there) > 1 else "Choose another region."
    return settings.Problem(("network", "availabilityZoneCount"), count, advice)


def _network(platform: settings.Platform) -> ExistingNetwork | None:
    existing = platform.network.existing
    if existing is None:
        return None
    args: ExistingNetworkArgs = {
        **existing.given(ExistingNetworkChoices),
        "vpc_id": existing.vpc_id,
        "tables": platform.uses_tables,
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
        "needs_https": platform.needs_https,
    }
    return ExistingLoadBalancer("load-balancer", args)
