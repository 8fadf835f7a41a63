"""Checks between a service and the capacity that it runs on."""

from collections.abc import Iterator, Sequence
from typing import Final

from components.capacity.providers import Capacity, strategy_kind
from components.services import placement
from components.services.placement import ConstraintType, StrategyType
from components.tasks import fargate
from components.tasks.args import NetworkMode

from ...platform import Platform
from ...problems import Path, Problem
from ...section import Section
from ...sections.capacity import AutoScalingGroup, ManagedInstances
from ...sections.services import PlacementConstraint, PlacementStrategy, Service

_KINDS: Final = {
    Capacity.FARGATE: "Fargate",
    Capacity.AUTO_SCALING: "an Auto Scaling group",
    Capacity.MANAGED_INSTANCES: "Managed Instances",
}


def ec2_service_problems(path: Path, service: Service, platform: Platform) -> Iterator[Problem]:
    """Find what does not fit the capacity that a service's strategy uses."""
    try:
        kind = strategy_kind(platform.strategy_of(service), platform.cluster.provider_kinds)
    except ValueError:
        return  # the strategy itself is wrong, which another check reports
    yield from _size_problems(path, service, platform, kind)
    yield from _architecture_problems(path, service, platform)
    if service.network_mode is NetworkMode.BRIDGE:
        yield from _bridge_problems(path, service, platform, kind)
    yield from _placement_problems(path, service, platform, kind)


def _strategy_paths(path: Path, service: Service, platform: Platform) -> tuple[Path, ...]:
    """Return the paths of all that decides where a service's tasks run."""
    own, shared = (*path, "capacityProviderStrategy"), ("cluster", "capacityProviderStrategy")
    given = platform.cluster.capacity_provider_strategy
    chosen = (own,) if service.capacity_provider_strategy else (own, shared)
    unset = (
        ()
        if service.capacity_provider_strategy or given
        else (("cluster", "autoScalingGroups"), ("cluster", "managedInstances"))
    )
    return (*chosen, *unset)


def _providers(service: Service, platform: Platform) -> list[str]:
    return [item["capacity_provider"] for item in platform.strategy_of(service)]


def _size_problems(path: Path, service: Service, platform: Platform, kind: Capacity) -> Iterator[Problem]:
    if kind is not Capacity.FARGATE:
        return  # instances take any size that they have room for
    if fault := fargate.size_problem(service.cpu, service.memory):
        cpu_fits = service.cpu in fargate.CPU_VALUES
        at, value = ("memory", service.memory) if cpu_fits else ("cpu", service.cpu)
        yield Problem(
            (*path, at), value, fault, (*_strategy_paths(path, service, platform), (*path, "cpu"), (*path, "memory"))
        )


def _architecture_problems(path: Path, service: Service, platform: Platform) -> Iterator[Problem]:
    cluster = platform.cluster
    there: dict[str, tuple[str, AutoScalingGroup | ManagedInstances]] = {
        **{name: ("autoScalingGroups", group) for name, group in cluster.auto_scaling_groups.items()},
        **{name: ("managedInstances", instances) for name, instances in cluster.managed_instances.items()},
    }
    for name in _providers(service, platform):
        if name in there and there[name][1].architecture is not service.architecture:
            section, instances = there[name]
            advice = (
                f"cannot run on {name}, whose instances are {instances.architecture.value}. Choose one architecture "
                "for both."
            )
            others = (("cluster", section, name, "architecture"), *_strategy_paths(path, service, platform))
            yield Problem((*path, "architecture"), service.architecture.value, advice, others)


def _bridge_problems(path: Path, service: Service, platform: Platform, kind: Capacity) -> Iterator[Problem]:
    at, mode = (*path, "networkMode"), service.network_mode.value
    strategy = _strategy_paths(path, service, platform)
    if kind is not Capacity.AUTO_SCALING:
        advice = f"needs an Auto Scaling group with bridgeTasks: true. On {_KINDS[kind]}, choose awsvpc."
        yield Problem(at, mode, advice, strategy)
        return
    groups = _providers(service, platform)
    for name in groups:
        if not platform.cluster.auto_scaling_groups[name].bridge_tasks:
            group = ("cluster", "autoScalingGroups", name)
            yield Problem(at, mode, f"is not accepted by {name}. Set bridgeTasks: true there.", (group,))
    if len(groups) > 1:
        advice = (
            f"needs a single group, because tasks in bridge mode share their instances' security group. Choose one of "
            f"{' and '.join(groups)}; onDemandPercentage can mix Spot and on-demand within it."
        )
        yield Problem(at, mode, advice, strategy)
    if service.egress is not None:
        advice = (
            "has no effect in bridge mode, where tasks share their instances' security group. Set egress on the Auto "
            "Scaling group instead."
        )
        yield Problem((*path, "egress"), [rule.model_dump() for rule in service.egress], advice, (at,))


def _placement_problems(path: Path, service: Service, platform: Platform, kind: Capacity) -> Iterator[Problem]:
    given: dict[str, Sequence[Section]] = {
        "placementConstraints": service.placement_constraints,
        "placementStrategies": service.placement_strategies or [],
    }
    for key, items in given.items():
        values = [item.model_dump(exclude_none=True) for item in items]
        if items and kind is not Capacity.AUTO_SCALING:
            advice = f"applies to Auto Scaling groups only. On {_KINDS[kind]}, AWS places the tasks. Remove it."
            yield Problem((*path, key), values, advice, _strategy_paths(path, service, platform))
        for index, item in enumerate(items):
            if item in items[:index]:
                yield Problem((*path, key, index), values[index], "is listed twice; remove one")
    for index, constraint in enumerate(service.placement_constraints):
        yield from _constraint_problems((*path, "placementConstraints", index), constraint)
    for index, strategy in enumerate(service.placement_strategies or []):
        yield from _strategy_problems((*path, "placementStrategies", index), strategy)
    if kind is Capacity.AUTO_SCALING:
        yield from _room_problems(path, service, platform)


def _constraint_problems(path: Path, constraint: PlacementConstraint) -> Iterator[Problem]:
    at = (*path, "expression")
    if constraint.type is ConstraintType.MEMBER_OF and constraint.expression is None:
        yield Problem(
            at, None, "is missing. memberOf needs an expression, such as attribute:ecs.instance-type =~ m7g.*"
        )
    if constraint.type is ConstraintType.DISTINCT_INSTANCE and constraint.expression is not None:
        yield Problem(at, constraint.expression, "belongs to memberOf. Remove it, or write two constraints.")


def _strategy_problems(path: Path, strategy: PlacementStrategy) -> Iterator[Problem]:
    at, field = (*path, "field"), strategy.field
    match strategy.type:
        case StrategyType.RANDOM if field is not None:
            yield Problem(at, field, "is not used by random; remove it")
        case StrategyType.BINPACK if field not in ("cpu", "memory"):
            yield Problem(at, field, "must be cpu or memory for binpack")
        case StrategyType.SPREAD if field != "instanceId" and not (field or "").startswith("attribute:"):
            advice = f"must be instanceId or an attribute for spread, such as {placement.ZONE}"
            yield Problem(at, field, advice)


def _room_problems(path: Path, service: Service, platform: Platform) -> Iterator[Problem]:
    constraints = service.placement_constraints
    distinct = [index for index, item in enumerate(constraints) if item.type is ConstraintType.DISTINCT_INSTANCE]
    groups = _providers(service, platform)
    room = sum(platform.cluster.auto_scaling_groups[name].max_size for name in groups)
    if distinct and service.min_tasks > room:
        advice = f"is more than the greatest number of instances, {room}, and distinctInstance needs one for each task"
        others = (
            (*path, "placementConstraints", distinct[0]),
            *(("cluster", "autoScalingGroups", name, "maxSize") for name in groups),
        )
        yield Problem((*path, "minTasks"), service.min_tasks, advice, others)
