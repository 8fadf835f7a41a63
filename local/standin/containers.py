"""Container definitions, checked as ECS checks them when a task definition is registered.

Nothing here is shared with the rules of the program's own (`components/tasks/container_rules.py`): what those let
through by mistake is refused here.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from graphlib import CycleError, TopologicalSorter
from typing import Any, Final

from . import documents
from .account import Properties

_MOST: Final = 10
_RANGES: Final[Mapping[str, Mapping[str, tuple[int, int]]]] = {
    "healthCheck": {"interval": (5, 300), "timeout": (2, 60), "retries": (1, 10), "startPeriod": (0, 300)},
    "restartPolicy": {"restartAttemptPeriod": (60, 1800)},
}
"""Least and most of numbers in the blocks of a container (ECS API)."""
_FARGATE_SECONDS: Final = (2, 120)


def faults(content: Any) -> Iterator[str]:
    """Yield what is wrong with the definitions, whatever the task is like."""
    invalid = list(documents.against("ecs", "ContainerDefinitions", content))
    yield from invalid
    if invalid or not isinstance(content, list):
        return
    names = [one.get("name") for one in content]
    if not content:
        yield "needs at least one container"
    if len(content) > _MOST:
        yield f"has {len(content)} containers; a task has at most {_MOST}"
    if len(set(names)) < len(names) or None in names:
        yield "every container needs a name of its own"
        return
    if content and not any(one.get("essential", True) for one in content):
        yield "at least one container must be essential"
    yield from _dependencies({one["name"]: one for one in content})
    port_names = Counter(port["name"] for one in content for port in one.get("portMappings", ()) if "name" in port)
    yield from (f"the port mapping name {name} is not unique" for name, count in port_names.items() if count > 1)
    for one in content:
        yield from (f"{one['name']}: {reason}" for reason in _one(one))


def against_task(content: Sequence[Mapping[str, Any]], inputs: Properties) -> Iterator[str]:
    """Yield what does not go with the rest of the task definition.

    Args:
        content: the definitions, of the right form.
        inputs: the task definition; a value that is not known yet is not looked at.
    """
    on_fargate = "FARGATE" in (inputs.get("requiresCompatibilities") or ())
    for key, taken in (("cpu", _cpu), ("memory", _memory)):
        whole = inputs.get(key)
        if isinstance(whole, str) and whole.isdigit() and (parts := sum(map(taken, content))) > int(whole):
            yield f"the containers' {key}, {parts}, is more than the task's, {whole}"
        if key == "memory" and isinstance(whole, str) and whole.isdigit():
            for one in content:
                if one.get("memory", 0) > int(whole):
                    yield f"{one.get('name')}: its memory, {one['memory']}, is more than the task's, {whole}"
    if inputs.get("networkMode") == "awsvpc":
        ports = Counter(port.get("containerPort") for one in content for port in one.get("portMappings", ()))
        yield from (f"two containers have the port {port}" for port, count in ports.items() if count > 1)
        for one in content:
            for port in one.get("portMappings", ()):
                if port.get("hostPort", port.get("containerPort")) != port.get("containerPort"):
                    yield f"{one.get('name')}: in awsvpc mode, hostPort must be containerPort"
    for one in content:
        if on_fargate:
            yield from (f"{one.get('name')}: {reason}" for reason in _on_fargate(one))
            if (one.get("environmentFiles") or one.get("secrets")) and "executionRoleArn" not in inputs:
                yield "Fargate needs an execution role to read secrets and environment files"


def _dependencies(containers: Mapping[str, Mapping[str, Any]]) -> Iterator[str]:
    graph: dict[str, list[str]] = {}
    for name, one in containers.items():
        graph[name] = []
        for dependency in one.get("dependsOn", ()):
            other, condition = dependency["containerName"], dependency["condition"]
            if other not in containers:
                yield f"{name}: the dependency {other} is no container of the task"
                continue
            graph[name].append(other)
            if not documents.one_of("ecs", "ContainerCondition", condition):
                yield f"{name}: {condition} is no condition of a dependency"
            if condition in ("COMPLETE", "SUCCESS") and containers[other].get("essential", True):
                yield "A dependency container with SUCCESS or COMPLETE condition cannot be an essential container"
            if condition == "HEALTHY" and not containers[other].get("healthCheck"):
                yield f"{name}: the dependency {other} is to be HEALTHY and has no health check"
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        yield f"container dependencies have a cycle: {' → '.join(error.args[1])}"


def _one(one: Mapping[str, Any]) -> Iterator[str]:
    variables = {item["name"] for item in one.get("environment", ())}
    counts = Counter(item["name"] for item in one.get("secrets", ()))
    for name, count in counts.items():
        if count > 1 or name in variables:
            yield (
                "The secret name must be unique and not shared with any new or existing environment variables set on "
                f"the container, such as '{name}'."
            )
    ports = Counter(port.get("containerPort") for port in one.get("portMappings", ()))
    yield from (f"the port {port} is mapped twice" for port, count in ports.items() if count > 1)
    for port in one.get("portMappings", ()):
        if "appProtocol" in port and not documents.one_of("ecs", "ApplicationProtocol", port["appProtocol"]):
            yield f"{port['appProtocol']} is no application protocol"
        if "appProtocol" in port and port.get("protocol") == "udp":
            yield f"the port {port.get('containerPort')} has an appProtocol, which udp has not"
    for block, ranges in _RANGES.items():
        for key, (least, most) in ranges.items():
            value = one.get(block, {}).get(key)
            if value is not None and not least <= value <= most:
                yield f"{block}.{key} must be {least} to {most} and is {value}"
    command = one.get("healthCheck", {}).get("command", ["CMD"])
    if command[:1] not in (["CMD"], ["CMD-SHELL"], ["NONE"]):
        yield "healthCheck.command must begin with CMD or CMD-SHELL"
    memory, reserved = one.get("memory"), one.get("memoryReservation")
    if memory is not None and reserved is not None and reserved >= memory:
        yield "memory must be greater than memoryReservation"
    if any(value is not None and value < 4 for value in (memory, reserved)):
        yield "a container has at least 4 MiB of memory"
    for limit in one.get("ulimits", ()):
        if not documents.one_of("ecs", "UlimitName", limit["name"]):
            yield f"{limit['name']} is not the name of a ulimit"
        if limit["softLimit"] > limit["hardLimit"] != -1 or limit["softLimit"] == -1 != limit["hardLimit"]:
            yield f"the soft limit of {limit['name']} is above the hard one"
    files = one.get("environmentFiles", ())
    if len(files) > 10:
        yield "has more than ten environment files"
    for file in files:
        if file["type"] != "s3" or not file["value"].endswith(".env"):
            yield f"the environment file {file['value']} is no object of S3 whose name ends in .env"


def _on_fargate(one: Mapping[str, Any]) -> Iterator[str]:
    least, most = _FARGATE_SECONDS
    for key in ("startTimeout", "stopTimeout"):
        if key in one and not least <= one[key] <= most:
            yield f"{key} must be {least} to {most} on Fargate and is {one[key]}"
    for limit in one.get("ulimits", ()):
        if limit["name"] != "nofile":
            yield f"Fargate does not support the ulimit {limit['name']}"


def _cpu(one: Mapping[str, Any]) -> int:
    return int(one.get("cpu", 0))


def _memory(one: Mapping[str, Any]) -> int:
    return int(one.get("memoryReservation", one.get("memory", 0)))
