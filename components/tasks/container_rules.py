"""What ECS refuses between the containers of a task, or starts and never gets to run: found before anything is made.

Settings and components ask the same rules. Paths are those of the settings, from the task down.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from graphlib import CycleError, TopologicalSorter
from typing import Any, Final, NamedTuple

from . import mounts
from .container_args import (
    APPLICATION,
    ENDED,
    NAMED_PORT_DEFAULTS,
    ContainerChoices,
    ContainersChoices,
    DependencyCondition,
    FurtherContainerArgs,
    PortProtocol,
    UlimitArgs,
    UlimitName,
)

Steps = tuple[str | int, ...]

FARGATE_TIMEOUT: Final = 120
"""Most seconds of the start and stop timeouts of Fargate (ECS API, ContainerDefinition)."""
FARGATE_FILES: Final = 1_048_576
"""Most open files of a process on Fargate."""
MOST_FURTHER: Final = 9
"""A task definition has at most ten containers ("Amazon ECS service quotas")."""

# What the agent tells containers; with another value they find neither credentials nor metadata ("Amazon ECS
# environment variables", Amazon ECS Developer Guide).
_SET_BY_ECS: Final = frozenset(
    {
        "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI",
        "AWS_EXECUTION_ENV",
        "ECS_AGENT_URI",
        "ECS_CONTAINER_METADATA_URI",
        "ECS_CONTAINER_METADATA_URI_V4",
    }
)
# Security Hub ECS.8.
_KEYS_OF_AWS: Final = frozenset({"AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "ECS_ENGINE_AUTH_DATA"})


class Fault(NamedTuple):
    """One thing that is wrong with the containers of a task."""

    path: Steps
    """Path to it in the settings, from the task down."""
    value: Any
    advice: str
    others: tuple[Steps, ...] = ()
    """Paths of other settings that it follows from; `*` is any name of a map."""


class Runs(NamedTuple):
    """What the rules need to know of a task besides its containers."""

    cpu: int
    memory: int
    port: int | None
    """Port that the application answers on; None if it gets no requests."""
    is_checked: bool
    """Whether the application's container has a health check."""
    fargate: bool
    bridge: bool


def faults(chosen: ContainersChoices, runs: Runs) -> Iterator[Fault]:
    """Find what is wrong between the containers of a task.

    Args:
        chosen: what was said of them; defaults need not be filled in.
        runs: what else they depend on.
    """
    containers = chosen.get("containers", {})
    yield from _container_faults((), chosen, runs)
    for name, one in containers.items():
        path = ("containers", name)
        yield from _container_faults(path, one, runs)
        yield from _further_faults(path, one, runs)
    yield from _health_faults(chosen, runs)
    yield from _dependency_faults(chosen, runs)
    yield from _ending_faults(chosen)
    yield from _port_faults(chosen, runs)
    yield from _share_faults(containers, runs)


def essential(name: str, chosen: ContainersChoices) -> bool:
    """Return whether a further container's end is that of its task: unless another one waits for it to end."""
    said = chosen.get("containers", {})[name].get("essential")
    return not any(True for _ in _waiting(name, chosen, ENDED)) if said is None else said


def circles(waits: Mapping[str, Iterable[str]]) -> list[list[str]]:
    """Return circles in a graph, each beginning with its first name and of other names than the rest.

    Args:
        waits: name → the names that it waits for; those that are no key wait for nothing.
    """
    left = {name: sorted(others) for name, others in sorted(waits.items())}
    found: list[list[str]] = []
    while True:
        try:
            TopologicalSorter(left).prepare()
        except CycleError as error:
            # Each name of it is what the next one waits for.
            circle = [*reversed(error.args[1][1:])]
            first = circle.index(min(circle))
            found.append(circle[first:] + circle[:first])
            left = {name: others for name, others in left.items() if name not in circle}
        else:
            return found


def environment_faults(path: Steps, environment: Mapping[str, str], secrets: Iterable[str]) -> Iterator[Fault]:
    """Find variables that a container cannot have.

    Args:
        path: path to the container.
        environment: its variables.
        secrets: names of those that hold a secret, each as often as it is set.
    """
    counts = Counter(list(secrets))
    for name in sorted({*environment, *counts}):
        at: Steps = (*path, "environment" if name in environment else "secrets", name)
        if counts[name] + (name in environment) > 1:
            advice = "is set twice, here and by a secret; remove one"
            yield Fault((*path, "environment", name), None, advice, ((*path, "secrets"),))
        if name in _SET_BY_ECS:
            yield Fault(at, None, "is set by ECS, and the application needs its value. Remove it.")
        elif name in _KEYS_OF_AWS and name in environment:
            advice = (
                "is readable by all who may see the task definition, and takes the place of the task's own role. "
                "Remove it: the AWS SDKs use the role; a key of another account belongs into secrets."
            )
            yield Fault(at, None, advice)


def _container_faults(path: Steps, one: ContainerChoices, runs: Runs) -> Iterator[Fault]:
    files = one.get("environment_files", [])
    for index, file in enumerate(files):
        if file in files[:index]:
            yield Fault((*path, "environmentFiles", index), file, "is listed twice; remove one")
    for name, limit in one.get("ulimits", {}).items():
        yield from _ulimit_faults((*path, "ulimits", UlimitName(name).value), UlimitName(name), limit, runs)
    yield from _timeout_faults((*path, "stopTimeoutSeconds"), one.get("stop_timeout_seconds"), runs)
    policy = one.get("restart_policy")
    codes = policy.get("ignored_exit_codes", []) if policy else []
    for index, code in enumerate(codes):
        if code in codes[:index]:
            yield Fault((*path, "restartPolicy", "ignoredExitCodes", index), code, "is listed twice; remove one")


def _timeout_faults(path: Steps, seconds: int | None, runs: Runs) -> Iterator[Fault]:
    if seconds is not None and runs.fargate and seconds > FARGATE_TIMEOUT:
        advice = f"is above {FARGATE_TIMEOUT}, the most on Fargate. Lower it, or run the tasks on instances."
        yield Fault(path, seconds, advice, (("capacityProviderStrategy",),))


def _ulimit_faults(path: Steps, name: UlimitName, limit: UlimitArgs, runs: Runs) -> Iterator[Fault]:
    soft, hard = limit["soft"], limit["hard"]
    if hard != -1 and (soft == -1 or soft > hard):
        yield Fault(
            (*path, "soft"), soft, f"is above hard, {hard}. Lower it, or raise hard; -1 means unlimited.",
            ((*path, "hard"),),
        )  # fmt: skip
    if not runs.fargate:
        return
    if name is not UlimitName.NOFILE:
        advice = "cannot be set on Fargate, which takes nofile only. Remove it, or run the tasks on instances."
        yield Fault(path, None, advice, (("capacityProviderStrategy",),))
    elif not -1 < hard <= FARGATE_FILES:
        advice = f"must be 0 to {FARGATE_FILES} on Fargate"
        yield Fault((*path, "hard"), hard, advice, (("capacityProviderStrategy",),))


def _further_faults(path: Steps, one: FurtherContainerArgs, runs: Runs) -> Iterator[Fault]:
    yield from environment_faults(path, one.get("environment", {}), one.get("secrets", {}))
    yield from _timeout_faults((*path, "startTimeoutSeconds"), one.get("start_timeout_seconds"), runs)
    if path[-1] == APPLICATION:
        yield Fault(path, None, "is what dependsOn calls the service's own container. Choose another name.")
    image = one["image"]
    tag = image.rpartition("/")[2].partition(":")[2]
    if "@" not in image and tag in ("", "latest"):
        advice = (
            "names no version, so tasks of one deployment may differ from those of the next. Add a version, such as "
            ":1.29, or a digest: @sha256:..."
        )
        yield Fault((*path, "image"), image, advice)
    limit, reserved = one.get("memory"), one.get("memory_reservation")
    if limit is not None and reserved is not None and limit > runs.memory:
        advice = f"is above the task's memory, {runs.memory} MiB. Lower it, or raise the memory of the service."
        yield Fault((*path, "memory"), limit, advice, (("memory",),))
    in_memory = mounts.memory_mib(one.get("writable_paths", {}))
    if limit is not None and in_memory >= limit:
        advice = (
            f"can take {in_memory} MiB of memory, but the container has {limit}. Lower sizeMiB, choose storage: disk, "
            "or raise memory."
        )
        yield Fault((*path, "writablePaths"), None, advice, ((*path, "writablePaths"), (*path, "memory")))
    if limit is not None and reserved is not None and reserved >= limit:
        advice = f"must be below memory, {limit}, at which the container is killed. Lower it, or raise memory."
        yield Fault((*path, "memoryReservation"), reserved, advice, ((*path, "memory"),))


def _health_faults(chosen: ContainersChoices, runs: Runs) -> Iterator[Fault]:
    if chosen.get("container_health_check") is not None and not runs.is_checked:
        advice = "has no effect without a health check. Set healthCheckCommand, or remove it."
        yield Fault(("containerHealthCheck",), None, advice, (("healthCheckCommand",),))


def _dependency_faults(chosen: ContainersChoices, runs: Runs) -> Iterator[Fault]:
    containers = chosen.get("containers", {})
    known = [APPLICATION, *sorted(containers)]
    waits: dict[str, set[str]] = {}
    for name, path, needed in _dependencies(chosen):
        waits[name] = set()
        for other, condition in needed.items():
            at: Steps = (*path, "dependsOn", other)
            if other == name:
                yield Fault(at, condition.value, "is the container itself; remove it")
            elif other not in known:
                choice = ", ".join(one for one in known if one != name) or "none yet"
                advice = (
                    f"is no container of the task, which has {choice}. Choose one of these, or add it to containers."
                )
                yield Fault(at, condition.value, advice, (("containers", other), ("containers", "*")))
            else:
                waits[name].add(other)
                checked = containers[other].get("health_check") is not None if other in containers else runs.is_checked
                if condition is DependencyCondition.HEALTHY and not checked:
                    check = ("containers", other, "healthCheck") if other in containers else ("healthCheckCommand",)
                    advice = f"never comes, because {other} has no health check. Set {_told(check)}, or choose START."
                    yield Fault(at, condition.value, advice, (check,))
    for circle in circles(waits):
        path, following = _path_of(circle[0]), circle[1]
        shown = " → ".join([*circle, circle[0]])
        advice = f"makes containers wait for each other, so none starts: {shown}. Remove one of these dependencies."
        places = tuple((*_path_of(name), "dependsOn") for name in circle)
        yield Fault((*path, "dependsOn", following), None, advice, places)


def _ending_faults(chosen: ContainersChoices) -> Iterator[Fault]:
    containers = chosen.get("containers", {})
    for path, condition in _waiting(APPLICATION, chosen, ENDED):
        advice = "waits for the end of the application, and with it of the task. Choose START or HEALTHY."
        yield Fault((*path, "dependsOn", APPLICATION), condition.value, advice)
    for name, one in containers.items():
        at = _path_of(name)
        awaited = list(_waiting(name, chosen, ENDED))
        places = tuple((*path, "dependsOn") for path, _ in awaited)
        if awaited and one.get("essential"):
            advice = (
                f"ends the task when the container ends, but another one waits for that ({awaited[0][1].value}). Set "
                "it to false, or remove it."
            )
            yield Fault((*at, "essential"), True, advice, places)
        policy = one.get("restart_policy")
        if awaited and policy is not None and 0 not in policy.get("ignored_exit_codes", []):
            advice = (
                f"starts the container again when it has ended, but another one waits for that "
                f"({awaited[0][1].value}). Add 0 to ignoredExitCodes, or remove the policy."
            )
            yield Fault((*at, "restartPolicy"), None, advice, places)
        timeout = one.get("start_timeout_seconds")
        if timeout is not None and not any(True for _ in _waiting(name, chosen, _REACHED_LATER)):
            advice = "has no effect, since no container waits for this one to end or to be healthy. Remove it."
            yield Fault((*at, "startTimeoutSeconds"), timeout, advice, (("dependsOn",), ("containers",)))


_REACHED_LATER: Final = (*ENDED, DependencyCondition.HEALTHY)


def _port_faults(chosen: ContainersChoices, runs: Runs) -> Iterator[Fault]:
    numbers: dict[tuple[str, int], Steps] = {}
    names: dict[str, Steps] = {}
    if runs.port is not None:
        numbers[APPLICATION if runs.bridge else "", runs.port] = ("containerPort",)
    for owner, path, one in _all(chosen):
        for name, port in one.get("ports", {}).items():
            at: Steps = (*path, "ports", name)
            # Containers of a task have one address; in bridge mode each has its own.
            where = (owner if runs.bridge else "", port["port"])
            if where in numbers:
                advice = f"is the port of {_told(numbers[where])} too; the containers of a task need ports of their own"
                yield Fault((*at, "port"), port["port"], advice, (numbers[where],))
            elif name in names:
                advice = f"has the name of {_told(names[name])}; each port of a task needs a name of its own"
                yield Fault(at, None, advice, (names[name],))
            numbers.setdefault(where, at)
            names.setdefault(name, at)
            udp = PortProtocol(port.get("protocol", NAMED_PORT_DEFAULTS["protocol"])) is PortProtocol.UDP
            if udp and (spoken := port.get("app_protocol")) is not None:
                advice = "is spoken over TCP, but protocol is udp. Remove one of the two."
                yield Fault((*at, "appProtocol"), spoken, advice, ((*at, "protocol"),))


def _share_faults(containers: Mapping[str, FurtherContainerArgs], runs: Runs) -> Iterator[Fault]:
    cpu = {name: one.get("cpu", 0) for name, one in containers.items()}
    memory = {name: one.get("memory_reservation", one.get("memory", 0)) for name, one in containers.items()}
    for key, parts, whole, unit in (("cpu", cpu, runs.cpu, "CPU units"), ("memory", memory, runs.memory, "MiB")):
        if (sum_ := sum(parts.values())) >= whole:
            largest = max(parts, key=lambda name: parts[name])
            at = "memoryReservation" if key == "memory" and "memory_reservation" in containers[largest] else key
            advice = (
                f"leaves nothing to the application: together, further containers take {sum_} of the task's {whole} "
                f"{unit}. Lower it, or raise the {key} of the service."
            )
            others: list[Steps] = [("containers", name, "memoryReservation") for name in containers if key == "memory"]
            yield Fault(("containers", largest, at), parts[largest], advice, ((key,), *others))


def _told(path: Steps) -> str:
    return ".".join(map(str, path))


def _all(chosen: ContainersChoices) -> Iterator[tuple[str, Steps, ContainerChoices]]:
    yield APPLICATION, (), chosen
    for name, one in chosen.get("containers", {}).items():
        yield name, _path_of(name), one


def _path_of(name: str) -> Steps:
    return () if name == APPLICATION else ("containers", name)


def _dependencies(chosen: ContainersChoices) -> Iterator[tuple[str, Steps, dict[str, DependencyCondition]]]:
    for name, path, one in _all(chosen):
        yield name, path, {other: DependencyCondition(value) for other, value in one.get("depends_on", {}).items()}


def _waiting(
    name: str, chosen: ContainersChoices, conditions: tuple[DependencyCondition, ...]
) -> Iterator[tuple[Steps, DependencyCondition]]:
    """Yield where another container waits for this one to come to one of these, and to which."""
    for owner, path, needed in _dependencies(chosen):
        if owner != name and needed.get(name) in conditions:
            yield path, needed[name]
