"""What can be wrong between fields of the settings that are each well-formed."""

import ipaddress
from collections.abc import Iterator, Mapping

from components import _fargate, _listener
from components.network import NatGateways

from .model import RETENTION_DAYS, Platform, Service, StrategyItem
from .problems import Path, Problem
from .registry_checks import Surroundings, registry_problems


def cross_checks(platform: Platform, surroundings: Surroundings) -> Iterator[Problem]:
    """Find what is wrong between fields that are each well-formed."""
    yield from _network_problems(platform)
    yield from registry_problems(platform.registry, surroundings)
    yield from _strategy_problems(("cluster",), platform.cluster.capacity_provider_strategy)
    for index, block in enumerate(platform.load_balancer.allowed_cidr_blocks):
        yield from _cidr_problems(("loadBalancer", "allowedCidrBlocks", index), block)
    for name, service in platform.services.items():
        path = ("services", name)
        yield from _service_problems(path, service, platform)
        yield from _strategy_problems(path, service.capacity_provider_strategy or [])
    yield from _priority_problems(platform.services)


def _network_problems(platform: Platform) -> Iterator[Problem]:
    network = platform.network
    path = ("network", "cidrBlock")
    faults = list(_cidr_problems(path, network.cidr_block))
    yield from faults
    if not faults and not 16 <= ipaddress.ip_network(network.cidr_block).prefixlen <= 23:
        yield Problem(path, network.cidr_block, "must be a /16 to /23: AWS allows no more, and smaller ones lack room")
    yield from _retention_problems(("network", "flowLogRetentionDays"), network.flow_log_retention_days)
    if network.nat_gateways is NatGateways.NONE and platform.services:
        yield Problem(
            ("network", "natGateways"),
            network.nat_gateways.value,
            "tasks in private subnets could not reach ECR, logs and secrets: choose single or perZone",
            (("services",),),
        )


def _cidr_problems(path: Path, block: str) -> Iterator[Problem]:
    try:
        ipaddress.ip_network(block)
    except ValueError as error:
        if "host bits" in str(error):
            right = ipaddress.ip_network(block, strict=False)
            yield Problem(path, block, f"has bits set beyond its prefix length: the range is {right}")
        else:
            yield Problem(path, block, "must be an IPv4 range such as 10.0.0.0/16")


def _retention_problems(path: Path, days: int) -> Iterator[Problem]:
    if days not in RETENTION_DAYS:
        yield Problem(path, days, f"CloudWatch Logs keeps logs for one of {', '.join(map(str, RETENTION_DAYS))} days")


def _strategy_problems(parent: Path, strategy: list[StrategyItem]) -> Iterator[Problem]:
    path = (*parent, "capacityProviderStrategy")
    names = [item.capacity_provider.value for item in strategy]
    if len(set(names)) < len(names):
        yield Problem(path, names, "each capacity provider may stand there once")
    if sum(item.base > 0 for item in strategy) > 1:
        yield Problem(path, [item.base for item in strategy], "only one item may have a base above 0")
    if strategy and not any(item.weight for item in strategy):
        yield Problem(path, [item.weight for item in strategy], "at least one item needs a weight above 0")


def _service_problems(path: Path, service: Service, platform: Platform) -> Iterator[Problem]:
    if fault := _fargate.size_problem(service.cpu, service.memory):
        cpu_fits = service.cpu in _fargate.CPU_VALUES
        at, value = ("memory", service.memory) if cpu_fits else ("cpu", service.cpu)
        yield Problem((*path, at), value, fault, ((*path, "cpu"), (*path, "memory")))
    if service.min_tasks > service.max_tasks:
        yield Problem(
            (*path, "minTasks"),
            service.min_tasks,
            f"is above maxTasks, {service.max_tasks}: lower it or raise maxTasks",
            ((*path, "maxTasks"),),
        )
    if service.repository not in platform.registry.repositories:
        known = ", ".join(platform.registry.repositories) or "none yet"
        yield Problem(
            (*path, "repository"),
            service.repository,
            f"is not under registry.repositories (there: {known}): add it there, `{service.repository}: {{}}`",
            (("registry", "repositories"),),
        )
    variables = [
        *service.secrets,
        *([service.generated_secret.environment_variable] if service.generated_secret else []),
    ]
    for variable in sorted({name for name in variables if name in service.environment or variables.count(name) > 1}):
        yield Problem((*path, "environment", variable), None, "is set twice, here and by a secret: keep one")
    if len(service.hosts) + len(service.paths) > 5:
        yield Problem(
            (*path, "paths"),
            service.paths,
            "a listener rule takes at most 5 hosts and paths together",
            ((*path, "hosts"),),
        )
    yield from _retention_problems((*path, "logRetentionDays"), service.log_retention_days)
    for index, rule in enumerate(service.egress):
        yield from _cidr_problems((*path, "egress", index, "cidrBlock"), rule.cidr_block)
        if rule in service.egress[:index]:
            yield Problem((*path, "egress", index), rule.model_dump(), "stands there twice")


def _priority_problems(services: Mapping[str, Service]) -> Iterator[Problem]:
    taken: dict[int, str] = {}
    for name, service in services.items():
        priority = service.priority or _listener.stable_priority(name)
        other = taken.setdefault(priority, name)
        if other != name:
            yield Problem(
                ("services", name, "priority"),
                priority,
                f"{other} has the same: give one of them another number from 1 to {_listener.LAST_PRIORITY}",
                (("services", other, "priority"),),
            )
