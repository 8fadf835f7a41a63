"""What can be wrong with a cluster's capacity, and with the strategies that spread tasks over it."""

from collections.abc import Iterator
from difflib import get_close_matches
from typing import Final

from components.capacity import ec2_instances
from components.capacity.args import CapacityOption
from components.capacity.providers import Capacity
from components.common.architecture import Architecture

from ..platform import Platform
from ..problems import Path, Problem
from ..sections.capacity import AutoScalingGroup, StrategyItem
from .network import cidr_problems

_KINDS: Final = {
    Capacity.FARGATE: "Fargate",
    Capacity.AUTO_SCALING: "Auto Scaling groups",
    Capacity.MANAGED_INSTANCES: "Managed Instances",
}
_EXAMPLES: Final = {Architecture.X86_64: "t3.medium", Architecture.ARM64: "t4g.medium"}
_STRATEGY: Final = "capacityProviderStrategy"


def capacity_problems(platform: Platform) -> Iterator[Problem]:
    """Find what is wrong with the Auto Scaling groups and with every strategy."""
    for name, group in platform.cluster.auto_scaling_groups.items():
        yield from _group_problems(("cluster", "autoScalingGroups", name), group)
    strategies: dict[Path, list[StrategyItem]] = {
        ("cluster",): platform.cluster.capacity_provider_strategy or [],
        **{("services", name): one.capacity_provider_strategy or [] for name, one in platform.services.items()},
    }
    for owner, strategy in strategies.items():
        yield from _strategy_problems((*owner, _STRATEGY), strategy, platform.cluster.provider_kinds)
    if platform.protect and not platform.cluster.spot_only:
        yield from _spot_problems(platform, strategies)


def _strategy_problems(path: Path, strategy: list[StrategyItem], kinds: dict[str, Capacity]) -> Iterator[Problem]:
    names = [item.capacity_provider for item in strategy]
    for index, name in enumerate(names):
        if name not in kinds:
            yield _unknown((*path, index, "capacityProvider"), name, kinds)
    if len(set(names)) < len(names):
        yield Problem(path, names, "each capacity provider may stand there once")
    used = [_KINDS[kind] for kind in Capacity if kind in {kinds.get(name) for name in names}]
    if len(used) > 1:
        advice = f"mixes {' and '.join(used)}: AWS keeps a strategy to one kind; another service may use the other"
        yield Problem(path, names, advice)
    if sum(item.base > 0 for item in strategy) > 1:
        yield Problem(path, [item.base for item in strategy], "only one item may have a base above 0")
    if strategy and not any(item.weight for item in strategy):
        yield Problem(path, [item.weight for item in strategy], "at least one item needs a weight above 0")


def _unknown(path: Path, name: str, kinds: dict[str, Capacity]) -> Problem:
    by_case = {known.lower(): known for known in kinds}
    close = get_close_matches(name.lower(), by_case, n=1)
    meant = f"; did you mean {by_case[close[0]]}?" if close else ":"
    advice = (
        f"is no capacity provider of the cluster{meant} There are {', '.join(kinds)}, and those that "
        "cluster.autoScalingGroups and cluster.managedInstances make"
    )
    return Problem(path, name, advice, _where([name]))


def _group_problems(path: Path, group: AutoScalingGroup) -> Iterator[Problem]:
    if str(path[-1]).startswith("fargate"):
        advice = "reads like AWS's own FARGATE in a strategy: give the group another name"
        yield Problem(path, None, advice)
    ordered = (
        ("minSize", group.min_size, "maxSize", group.max_size),
        ("minSize", group.min_size, "desiredSize", group.desired_size),
        ("desiredSize", group.desired_size, "maxSize", group.max_size),
        ("onDemandBase", group.on_demand_base, "maxSize", group.max_size),
        ("minScalingStep", group.min_scaling_step, "maxScalingStep", group.max_scaling_step),
    )
    for low_key, low, high_key, high in ordered:
        if low > high:
            advice = f"is above {high_key}, {high}: lower it or raise {high_key}"
            yield Problem((*path, low_key), low, advice, ((*path, high_key),))
    yield from _type_problems((*path, "instanceTypes"), group)
    yield from _warm_pool_problems((*path, "warmPool"), group)
    for index, rule in enumerate(group.egress or []):
        yield from cidr_problems((*path, "egress", index, "cidrBlock"), rule.cidr_block)
        if rule in (group.egress or [])[:index]:
            yield Problem((*path, "egress", index), rule.model_dump(), "stands there twice")


def _type_problems(path: Path, group: AutoScalingGroup) -> Iterator[Problem]:
    wanted = group.architecture
    for index, name in enumerate(group.instance_types):
        found = ec2_instances.architecture(name)
        if name in group.instance_types[:index]:
            yield Problem((*path, index), name, "stands there twice")
        elif found is None:
            advice = f"is no instance type that runs containers: choose one such as {_EXAMPLES[wanted]}"
            yield Problem((*path, index), name, advice)
        elif found is not wanted:
            advice = (
                f"has {found.value} processors, and the group is {wanted.value}: choose a type such as "
                f"{_EXAMPLES[wanted]}, or architecture: {found.value}"
            )
            yield Problem((*path, index), name, advice, ((*path[:-1], "architecture"),))


def _warm_pool_problems(path: Path, group: AutoScalingGroup) -> Iterator[Problem]:
    pool = group.warm_pool
    if pool is None:
        return
    if group.on_demand_percentage < 100:
        advice = "cannot hold Spot instances: take it out, or set onDemandPercentage: 100"
        yield Problem(path, None, advice, ((*path[:-1], "onDemandPercentage"),))
    if pool.max_prepared is not None and pool.min_size > pool.max_prepared:
        advice = f"is above maxPrepared, {pool.max_prepared}: lower it or raise maxPrepared"
        yield Problem((*path, "minSize"), pool.min_size, advice, ((*path, "maxPrepared"),))


def _spot_problems(platform: Platform, strategies: dict[Path, list[StrategyItem]]) -> Iterator[Problem]:
    """Find strategies of a protected stack that leave nothing running when AWS takes its Spot capacity back."""
    cluster = platform.cluster
    chosen = [(owner, [item for item in items if item.weight or item.base]) for owner, items in strategies.items()]
    for owner, items in chosen:
        names = [item.capacity_provider for item in items]
        if names and all(_is_spot(name, platform) for name in names):
            advice = f"{_SPOT}; {_remedy(names[0], cluster.provider_kinds)}, or say cluster.spotOnly: true"
            yield Problem((*owner, _STRATEGY), names, advice, _where(names))
    only = cluster.strategy[0]["capacity_provider"]
    if not strategies[("cluster",)] and _is_spot(only, platform):
        advice = (
            f"{_SPOT}, and it is the cluster's default; {_remedy(only, cluster.provider_kinds)}, or say spotOnly: true"
        )
        section = "autoScalingGroups" if only in cluster.auto_scaling_groups else "managedInstances"
        yield Problem(("cluster", section, only), None, advice, (("cluster", _STRATEGY),))


_SPOT: Final = "is nothing but Spot in a protected stack, which AWS may take back all at once"


def _remedy(name: str, kinds: dict[str, Capacity]) -> str:
    if kinds[name] is Capacity.AUTO_SCALING:
        return f"give {name} an onDemandBase"
    return (
        "add FARGATE with a base" if kinds[name] is Capacity.FARGATE else "add Managed Instances on demand with a base"
    )


def _where(names: list[str]) -> tuple[Path, ...]:
    return tuple(("cluster", kind, name) for name in names for kind in ("autoScalingGroups", "managedInstances"))


def _is_spot(name: str, platform: Platform) -> bool:
    cluster = platform.cluster
    if group := cluster.auto_scaling_groups.get(name):
        return group.on_demand_percentage == 0 and group.on_demand_base == 0
    if instances := cluster.managed_instances.get(name):
        return instances.capacity_option is CapacityOption.SPOT
    return name == "FARGATE_SPOT"
