"""Checks of a cluster's capacity, and of the strategies that spread tasks over it."""

from collections.abc import Iterator
from difflib import get_close_matches
from typing import Final

from components.capacity import ec2_instances
from components.capacity.args import CapacityOption
from components.capacity.providers import Capacity
from components.common.architecture import Architecture

from ..platform import Platform
from ..problems import Path, Problem, named
from ..sections.capacity import AutoScalingGroup, ManagedInstances, StrategyItem
from .network import cidr_problems, way_out_problems

_KINDS: Final = {
    Capacity.FARGATE: "Fargate",
    Capacity.AUTO_SCALING: "Auto Scaling groups",
    Capacity.MANAGED_INSTANCES: "Managed Instances",
}
_EXAMPLES: Final = {Architecture.X86_64: "t3.medium", Architecture.ARM64: "t4g.medium"}
_STRATEGY: Final = "capacityProviderStrategy"


def capacity_problems(platform: Platform) -> Iterator[Problem]:
    """Find what is wrong with the cluster's capacity and with every strategy."""
    for name, group in platform.cluster.auto_scaling_groups.items():
        yield from _group_problems(("cluster", "autoScalingGroups", name), group)
        path = ("cluster", "autoScalingGroups", name)
        yield from _egress_problems(path, group, platform)
    yield from _managed_instances_problems(platform)
    strategies: dict[Path, list[StrategyItem]] = {
        ("cluster",): platform.cluster.capacity_provider_strategy or [],
        **{("services", name): one.capacity_provider_strategy or [] for name, one in platform.services.items()},
    }
    for owner, strategy in strategies.items():
        yield from _strategy_problems((*owner, _STRATEGY), strategy, platform.cluster.provider_kinds)
    for name, job in platform.jobs.items():
        # A job may run on Spot alone: nothing stops serving.
        path = ("jobs", name, _STRATEGY)
        yield from _strategy_problems(path, job.capacity_provider_strategy or [], platform.cluster.provider_kinds)
    if platform.protect and not platform.cluster.spot_only:
        yield from _spot_problems(platform, strategies)


def _managed_instances_problems(platform: Platform) -> Iterator[Problem]:
    for name, instances in platform.cluster.managed_instances.items():
        path = ("cluster", "managedInstances", name)
        limits = (
            ("minVcpus", instances.min_vcpus, "maxVcpus", instances.max_vcpus),
            ("minMemory", instances.min_memory, "maxMemory", instances.max_memory),
        )
        for least_key, least, most_key, most in limits:
            if most is not None and least > most:
                advice = f"is above {most_key}, {most}. Lower it, or raise {most_key}."
                yield Problem((*path, least_key), least, advice, ((*path, most_key),))
        if name in platform.cluster.auto_scaling_groups:
            advice = "has the same name as an Auto Scaling group, so strategies cannot tell them apart. Rename one."
            yield Problem(path, None, advice, (("cluster", "autoScalingGroups", name),))
        yield from _egress_problems(path, instances, platform)


def _strategy_problems(path: Path, strategy: list[StrategyItem], kinds: dict[str, Capacity]) -> Iterator[Problem]:
    names = [item.capacity_provider for item in strategy]
    for index, name in enumerate(names):
        if name not in kinds:
            yield _unknown((*path, index, "capacityProvider"), name, kinds)
    if len(set(names)) < len(names):
        yield Problem(path, names, "lists a capacity provider twice; remove one")
    used = [_KINDS[kind] for kind in Capacity if kind in {kinds.get(name) for name in names}]
    if len(used) > 1:
        advice = (
            f"mixes {' and '.join(used)}. AWS allows one kind in a strategy. Give the other kind to another service."
        )
        yield Problem(path, names, advice)
    if sum(item.base > 0 for item in strategy) > 1:
        yield Problem(path, [item.base for item in strategy], "has several items with a base above 0. Keep one.")
    if strategy and not any(item.weight for item in strategy):
        yield Problem(path, [item.weight for item in strategy], "needs at least one item with a weight above 0")


def _unknown(path: Path, name: str, kinds: dict[str, Capacity]) -> Problem:
    by_case = {known.lower(): known for known in kinds}
    close = get_close_matches(name.lower(), by_case, n=1)
    meant = f" Did you mean {by_case[close[0]]}?" if close else ""
    advice = (
        f"is not a capacity provider of the cluster.{meant} Use one of {', '.join(kinds)}, or add it to "
        "cluster.autoScalingGroups or cluster.managedInstances."
    )
    return Problem(path, name, advice, _where([name]))


def _group_problems(path: Path, group: AutoScalingGroup) -> Iterator[Problem]:
    if str(path[-1]).startswith("fargate"):
        advice = "looks like AWS's own FARGATE in a strategy. Give the group another name."
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
            advice = f"is above {high_key}, {high}. Lower it, or raise {high_key}."
            yield Problem((*path, low_key), low, advice, ((*path, high_key),))
    yield from _type_problems((*path, "instanceTypes"), group)
    yield from _warm_pool_problems((*path, "warmPool"), group)


def _egress_problems(path: Path, group: AutoScalingGroup | ManagedInstances, platform: Platform) -> Iterator[Problem]:
    rules = group.egress or []
    for index, rule in enumerate(rules):
        yield from cidr_problems((*path, "egress", index, "cidrBlock"), rule.cidr_block)
        if rule in rules[:index]:
            yield Problem((*path, "egress", index), rule.model_dump(), "is listed twice; remove one")
    what = "ECS and ECR, so no instance could join the cluster"
    yield from way_out_problems((*path, "egress"), group.egress, what, platform)


def _type_problems(path: Path, group: AutoScalingGroup) -> Iterator[Problem]:
    wanted = group.architecture
    for index, name in enumerate(group.instance_types):
        found = ec2_instances.architecture(name)
        if name in group.instance_types[:index]:
            yield Problem((*path, index), name, "is listed twice; remove one")
        elif found is None:
            advice = f"is not an instance type that runs containers. Choose one such as {_EXAMPLES[wanted]}."
            yield Problem((*path, index), name, advice)
        elif found is not wanted:
            advice = (
                f"has {found.value} processors, but the group is {wanted.value}. Choose a type such as "
                f"{_EXAMPLES[wanted]}, or set architecture: {found.value}."
            )
            yield Problem((*path, index), name, advice, ((*path[:-1], "architecture"),))


def _warm_pool_problems(path: Path, group: AutoScalingGroup) -> Iterator[Problem]:
    pool = group.warm_pool
    if pool is None:
        return
    if group.on_demand_percentage < 100:
        advice = "cannot hold Spot instances. Remove it, or set onDemandPercentage: 100."
        yield Problem(path, None, advice, ((*path[:-1], "onDemandPercentage"),))
    if pool.max_prepared is not None and pool.min_size > pool.max_prepared:
        advice = f"is above maxPrepared, {pool.max_prepared}. Lower it, or raise maxPrepared."
        yield Problem((*path, "minSize"), pool.min_size, advice, ((*path, "maxPrepared"),))


def _spot_problems(platform: Platform, strategies: dict[Path, list[StrategyItem]]) -> Iterator[Problem]:
    """Find strategies of a protected stack that leave nothing running if AWS takes its Spot capacity back."""
    cluster = platform.cluster
    chosen = [(owner, [item for item in items if item.weight or item.base]) for owner, items in strategies.items()]
    for owner, items in chosen:
        names = [item.capacity_provider for item in items]
        if names and all(_is_spot(name, platform) for name in names):
            advice = f"uses {_SPOT} {_remedy(names[0], cluster.provider_kinds)}, or set cluster.spotOnly: true."
            yield Problem((*owner, _STRATEGY), names, advice, (*_PROTECTION, (*owner, _STRATEGY), *_where(names)))
    only = cluster.strategy[0]["capacity_provider"]
    if not strategies[("cluster",)] and _is_spot(only, platform):
        advice = (
            f"is the cluster's default and uses {_SPOT} {_remedy(only, cluster.provider_kinds)}, or set spotOnly: true."
        )
        section = "autoScalingGroups" if only in cluster.auto_scaling_groups else "managedInstances"
        yield Problem(
            ("cluster", section, only), None, advice, (*_PROTECTION, ("cluster", _STRATEGY), ("cluster", section))
        )


_PROTECTION: Final[tuple[Path, ...]] = (("protect",), ("cluster", "spotOnly"))
_SPOT: Final = "only Spot capacity, which AWS may take back all at once, although the stack is protected."


def _remedy(name: str, kinds: dict[str, Capacity]) -> str:
    if kinds[name] is Capacity.AUTO_SCALING:
        return f"Give {name} an onDemandBase"
    return (
        "Add FARGATE with a base" if kinds[name] is Capacity.FARGATE else "Add Managed Instances on demand with a base"
    )


def _where(names: list[str]) -> tuple[Path, ...]:
    kinds = ("autoScalingGroups", "managedInstances")
    return tuple(place for name in names for kind in kinds for place in named(("cluster", kind), name))


def _is_spot(name: str, platform: Platform) -> bool:
    cluster = platform.cluster
    if group := cluster.auto_scaling_groups.get(name):
        return group.on_demand_percentage == 0 and group.on_demand_base == 0
    if instances := cluster.managed_instances.get(name):
        return instances.capacity_option is CapacityOption.SPOT
    return name == "FARGATE_SPOT"
