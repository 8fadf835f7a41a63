"""Checks between a service or job and the capacity that it runs on."""

from collections.abc import Iterator, Sequence
from typing import Final

from components.capacity import instance_sizes
from components.capacity.providers import Capacity, strategy_kind
from components.services import placement, rolling
from components.services.placement import ConstraintType, StrategyType
from components.tasks import fargate
from components.tasks.args import NetworkMode

from ...platform import Platform
from ...problems import Path, Problem
from ...section import Section
from ...sections.capacity import AutoScalingGroup, ManagedInstances
from ...sections.jobs import Job
from ...sections.services import PlacementConstraint, PlacementStrategy, Service
from ..network import way_out_problems

_KINDS: Final = {
    Capacity.FARGATE: "Fargate",
    Capacity.AUTO_SCALING: "an Auto Scaling group",
    Capacity.MANAGED_INSTANCES: "Managed Instances",
}


def task_capacity_problems(path: Path, service: Service | Job, platform: Platform) -> Iterator[Problem]:
    """Find tasks of a service or job that do not fit the capacity that its strategy uses."""
    kind = capacity_of(service, platform)
    if kind is None:
        return
    if kind is Capacity.FARGATE:
        yield from _fargate_problems(path, service, platform)
    else:
        yield from _size_problems(path, service, platform)
    yield from _architecture_problems(path, service, platform)
    if service.network_mode is NetworkMode.BRIDGE:
        yield from _bridge_problems(path, service, platform, kind)
    elif kind is Capacity.FARGATE:
        # On instances the agent pulls, logs and reads secrets, from the instance's own address.
        what = "ECR, CloudWatch Logs and secrets, so no task could start"
        yield from way_out_problems((*path, "egress"), service.egress, what, platform)


def capacity_of(service: Service | Job, platform: Platform) -> Capacity | None:
    """Return what a service or job runs on; None if its strategy is wrong, which another check reports."""
    try:
        return strategy_kind(platform.strategy_of(service), platform.cluster.provider_kinds)
    except ValueError:
        return None


def _strategy_paths(path: Path, service: Service | Job, platform: Platform) -> tuple[Path, ...]:
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


def _providers(service: Service | Job, platform: Platform) -> list[str]:
    return [item["capacity_provider"] for item in platform.strategy_of(service)]


def _fargate_problems(path: Path, service: Service | Job, platform: Platform) -> Iterator[Problem]:
    if fault := fargate.size_problem(service.cpu, service.memory):
        cpu_fits = service.cpu in fargate.CPU_VALUES
        at, value = ("memory", service.memory) if cpu_fits else ("cpu", service.cpu)
        yield Problem(
            (*path, at), value, fault, (*_strategy_paths(path, service, platform), (*path, "cpu"), (*path, "memory"))
        )


def _size_problems(path: Path, service: Service | Job, platform: Platform) -> Iterator[Problem]:
    """Find tasks that fit on no instance that a capacity provider can have: they would wait for ever."""
    cluster = platform.cluster
    for item in platform.strategy_of(service):
        name = item["capacity_provider"]
        if not (item.get("weight", 1) or item.get("base", 0)):
            continue
        if group := cluster.auto_scaling_groups.get(name):
            where: Path = ("cluster", "autoScalingGroups", name)
            yield from _type_problems(path, service, platform, (*where, "instanceTypes"), group.instance_types)
        elif managed := cluster.managed_instances.get(name):
            where = ("cluster", "managedInstances", name)
            yield from _limit_problems(path, service, where, managed)
            yield from _type_problems(path, service, platform, (*where, "instanceTypes"), managed.instance_types)


def _type_problems(
    path: Path, service: Service | Job, platform: Platform, where: Path, types: Sequence[str]
) -> Iterator[Problem]:
    """Check a task against the types of its instances. One whose name does not tell its size may hold anything."""
    sizes = {name: instance_sizes.size(name) for name in types}
    known = [one for one in sizes.values() if one]
    if not known or len(known) < len(sizes) or any(one.holds(service.cpu, service.memory) for one in known):
        return
    roomy = any(one.holds(0, service.memory) for one in known)
    at, value = ("cpu", service.cpu) if roomy else ("memory", service.memory)
    largest = max(sizes, key=lambda name: sizes[name] or (0, 0))
    advice = (
        f"fits on no instance of {where[-2]}: the largest, {largest}, has {sizes[largest]}, and the system keeps a "
        "part of the memory. Lower it, or add a larger type."
    )
    yield Problem((*path, at), value, advice, (where, *_strategy_paths(path, service, platform)))


def _limit_problems(path: Path, service: Service | Job, where: Path, managed: ManagedInstances) -> Iterator[Problem]:
    if managed.max_vcpus is not None and service.cpu > managed.max_vcpus * 1024:
        advice = f"is above the {managed.max_vcpus} vCPUs of {where[-1]}. Lower it, or raise maxVcpus there."
        yield Problem((*path, "cpu"), service.cpu, advice, ((*where, "maxVcpus"),))
    if managed.max_memory is not None and service.memory >= managed.max_memory:
        advice = (
            f"needs an instance with more than that, since the system keeps a part, but {where[-1]} has at most "
            f"{managed.max_memory} MiB. Lower it, or raise maxMemory there."
        )
        yield Problem((*path, "memory"), service.memory, advice, ((*where, "maxMemory"),))


def _architecture_problems(path: Path, service: Service | Job, platform: Platform) -> Iterator[Problem]:
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


def _bridge_problems(path: Path, service: Service | Job, platform: Platform, kind: Capacity) -> Iterator[Problem]:
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


def placement_problems(path: Path, service: Service, platform: Platform) -> Iterator[Problem]:
    """Find what is wrong with how a service's tasks are placed."""
    kind = capacity_of(service, platform)
    if kind is None:
        return
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
    # Where no task may be stopped before a new one runs, that needs room.
    spare = rolling.beside(service.min_tasks, service.min_healthy_percent, service.max_healthy_percent)
    if distinct and service.min_tasks + spare > room:
        advice = f"needs {service.min_tasks + spare} instances, because distinctInstance needs one for each task"
        advice += (
            f"{' and one more to deploy' if spare else ''}, but there are at most {room}. Raise maxSize, or lower it."
        )
        others = (
            (*path, "placementConstraints", distinct[0]),
            *(("cluster", "autoScalingGroups", name, "maxSize") for name in groups),
            *((*path, key) for key in ("minHealthyPercent", "maxHealthyPercent")),
        )
        yield Problem((*path, "minTasks"), service.min_tasks, advice, others)
