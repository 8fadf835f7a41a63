"""What can be wrong between a service and the instances it runs on."""

from collections.abc import Iterator, Sequence
from typing import Final

from components.capacity.providers import Capacity, strategy_kind
from components.services import placement
from components.services.args import NetworkMode
from components.services.placement import ConstraintType, StrategyType
from components.tasks import fargate

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
    """Find what does not go with the capacity that a service's strategy names."""
    try:
        kind = strategy_kind(platform.strategy_of(service), platform.cluster.provider_kinds)
    except ValueError:
        return  # the strategy is wrong itself, which is told there
    yield from _size_problems(path, service, kind)
    yield from _architecture_problems(path, service, platform)
    if service.network_mode is NetworkMode.BRIDGE:
        yield from _bridge_problems(path, service, platform, kind)
    yield from _placement_problems(path, service, platform, kind)


def managed_instances_problems(platform: Platform) -> Iterator[Problem]:
    """Find what is wrong with Managed Instances."""
    for name, instances in platform.cluster.managed_instances.items():
        path = ("cluster", "managedInstances", name)
        limits = (
            ("minVcpus", instances.min_vcpus, "maxVcpus", instances.max_vcpus),
            ("minMemory", instances.min_memory, "maxMemory", instances.max_memory),
        )
        for least_key, least, most_key, most in limits:
            if most is not None and least > most:
                advice = f"is above {most_key}, {most}: lower it or raise {most_key}"
                yield Problem((*path, least_key), least, advice, ((*path, most_key),))
        if name in platform.cluster.auto_scaling_groups:
            advice = "an Auto Scaling group has the same name, and strategies call both by it: give one another name"
            yield Problem(path, None, advice, (("cluster", "autoScalingGroups", name),))


def _strategy_path(path: Path, service: Service) -> Path:
    return (
        (*path, "capacityProviderStrategy")
        if service.capacity_provider_strategy
        else ("cluster", "capacityProviderStrategy")
    )


def _providers(service: Service, platform: Platform) -> list[str]:
    return [item["capacity_provider"] for item in platform.strategy_of(service)]


def _size_problems(path: Path, service: Service, kind: Capacity) -> Iterator[Problem]:
    if kind is not Capacity.FARGATE:
        return  # any size, as long as an instance has it
    if fault := fargate.size_problem(service.cpu, service.memory):
        cpu_fits = service.cpu in fargate.CPU_VALUES
        at, value = ("memory", service.memory) if cpu_fits else ("cpu", service.cpu)
        yield Problem((*path, at), value, fault, ((*path, "cpu"), (*path, "memory")))


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
                f"cannot run on {name}, whose instances are {instances.architecture.value}: choose the same for both"
            )
            others = (("cluster", section, name, "architecture"), _strategy_path(path, service))
            yield Problem((*path, "architecture"), service.architecture.value, advice, others)


def _bridge_problems(path: Path, service: Service, platform: Platform, kind: Capacity) -> Iterator[Problem]:
    at, mode = (*path, "networkMode"), service.network_mode.value
    strategy = _strategy_path(path, service)
    if kind is not Capacity.AUTO_SCALING:
        advice = f"needs an Auto Scaling group with bridgeTasks: true; on {_KINDS[kind]} choose awsvpc"
        yield Problem(at, mode, advice, (strategy,))
        return
    groups = _providers(service, platform)
    for name in groups:
        if not platform.cluster.auto_scaling_groups[name].bridge_tasks:
            group = ("cluster", "autoScalingGroups", name)
            yield Problem(at, mode, f"{name} takes no such tasks: set bridgeTasks: true there", (group,))
    if len(groups) > 1:
        advice = (
            f"would run on {' and '.join(groups)}, and such tasks share one security group, their instances': choose "
            "one group, which may mix Spot and on-demand by onDemandPercentage"
        )
        yield Problem(at, mode, advice, (strategy,))
    if service.egress is not None:
        advice = "is the instances' in bridge mode: take it out, and set egress of the Auto Scaling group"
        yield Problem((*path, "egress"), [rule.model_dump() for rule in service.egress], advice, (at,))


def _placement_problems(path: Path, service: Service, platform: Platform, kind: Capacity) -> Iterator[Problem]:
    given: dict[str, Sequence[Section]] = {
        "placementConstraints": service.placement_constraints,
        "placementStrategies": service.placement_strategies or [],
    }
    for key, items in given.items():
        values = [item.arguments() for item in items]
        if items and kind is not Capacity.AUTO_SCALING:
            advice = f"is for Auto Scaling groups only; on {_KINDS[kind]} AWS places the tasks: take it out"
            yield Problem((*path, key), values, advice, (_strategy_path(path, service),))
        for index, item in enumerate(items):
            if item in items[:index]:
                yield Problem((*path, key, index), values[index], "stands there twice")
    for index, constraint in enumerate(service.placement_constraints):
        yield from _constraint_problems((*path, "placementConstraints", index), constraint)
    for index, strategy in enumerate(service.placement_strategies or []):
        yield from _strategy_problems((*path, "placementStrategies", index), strategy)
    if kind is Capacity.AUTO_SCALING:
        yield from _room_problems(path, service, platform)


def _constraint_problems(path: Path, constraint: PlacementConstraint) -> Iterator[Problem]:
    at = (*path, "expression")
    if constraint.type is ConstraintType.MEMBER_OF and constraint.expression is None:
        yield Problem(at, None, "is missing: memberOf needs one, attribute:ecs.instance-type =~ m7g.*")
    if constraint.type is ConstraintType.DISTINCT_INSTANCE and constraint.expression is not None:
        yield Problem(at, constraint.expression, "belongs to memberOf: take it out, or make two constraints")


def _strategy_problems(path: Path, strategy: PlacementStrategy) -> Iterator[Problem]:
    at, field = (*path, "field"), strategy.field
    match strategy.type:
        case StrategyType.RANDOM if field is not None:
            yield Problem(at, field, "random takes none: take it out")
        case StrategyType.BINPACK if field not in ("cpu", "memory"):
            yield Problem(at, field, "binpack goes by cpu or memory")
        case StrategyType.SPREAD if field != "instanceId" and not (field or "").startswith("attribute:"):
            advice = f"spread goes by instanceId or an attribute: {placement.ZONE}"
            yield Problem(at, field, advice)


def _room_problems(path: Path, service: Service, platform: Platform) -> Iterator[Problem]:
    constraints = service.placement_constraints
    distinct = [index for index, item in enumerate(constraints) if item.type is ConstraintType.DISTINCT_INSTANCE]
    groups = _providers(service, platform)
    room = sum(platform.cluster.auto_scaling_groups[name].max_size for name in groups)
    if distinct and service.min_tasks > room:
        advice = f"is more tasks than there can be instances, {room}, and placementConstraints wants one each"
        others = (
            (*path, "placementConstraints", distinct[0]),
            *(("cluster", "autoScalingGroups", name, "maxSize") for name in groups),
        )
        yield Problem((*path, "minTasks"), service.min_tasks, advice, others)
