"""The containers of a task, from its arguments: the application's own, and those beside it."""

from collections.abc import Mapping
from typing import Final, NamedTuple

from ..common import images
from ..common.arguments import complete
from . import container_definitions, container_rules, mounts
from .args import HEALTH_CHECK_LABEL, AnsweringArgs, Compatibility, TaskArgs, is_bridge
from .container_args import (
    APPLICATION,
    FURTHER_CONTAINER_DEFAULTS,
    ContainerChoices,
    FurtherContainerArgs,
    NamedPortArgs,
)
from .container_definitions import Container, ContainerPort
from .runtime_args import Capability, RepositoryCredentialsArgs, VersionConsistency, WritablePathArgs

# A tag that nobody pushes: a task definition must name an image even before the first one exists.
_NO_IMAGE_YET: Final = "no-image-yet"


class _Task(NamedTuple):
    """What all containers of a task are told of it."""

    values: TaskArgs
    log_group: str
    region: str


def check(values: TaskArgs, answers: AnsweringArgs | None) -> None:
    """Refuse containers that ECS would refuse, or that would never run, before anything is registered.

    Args:
        values: the arguments of the task, completed.
        answers: where the application answers requests; None for one that gets none.

    Raises:
        ValueError: with everything that is wrong.
    """
    command = values.get("health_check_command")
    runs = container_rules.Runs(
        cpu=int(values["cpu"]),
        memory=int(values["memory"]),
        port=int(answers["container_port"]) if answers else None,
        is_checked=answers is not None if command is None else bool(command),
        fargate=Compatibility(values["compatibility"]) is Compatibility.FARGATE,
        bridge=is_bridge(values),
    )
    found = [f"{'.'.join(map(str, fault.path))}: {fault.advice}" for fault in container_rules.faults(values, runs)]
    if values["service_name"] in values["containers"]:
        found.append(f"containers.{values['service_name']}: is the name of the service's own container")
    if found:
        raise ValueError("; ".join(found))


def containers(
    values: TaskArgs,
    answers: AnsweringArgs | None,
    *,
    repository_url: str,
    log_group: str,
    region: str,
    secrets: Mapping[str, str],
    told: Mapping[str, str] | None = None,
) -> str:
    """Return the container definitions of a task as canonical JSON text.

    Args:
        values: the arguments, completed.
        answers: where the application answers requests; none for one that gets none.
        repository_url: URL of the repository that holds the images.
        log_group: name of the log group.
        region: region of the log group.
        secrets: environment variable to `valueFrom` of every secret of the application.
        told: environment variables of the application that the platform sets; none by default.
    """
    task = _Task(values, log_group, region)
    application: Container = {
        "name": values["service_name"],
        "image": images.reference(repository_url, values.get("image", _NO_IMAGE_YET)),
        "ports": _named_ports(values["ports"], task),
        "environment": {**values["environment"], **(told or {})},
        "secrets": secrets,
        "health_check_command": values.get("health_check_command", []),
        "health_check_times": values.get("container_health_check", {}),
        "labels": {},
        "readonly_root_filesystem": values["readonly_root_filesystem"],
        "user": values["user"],
        "log_group": log_group,
        "log_region": region,
        "chosen": _with_names_of_ecs(values, task),
        "add_capabilities": [Capability(one).value for one in values["add_capabilities"]],
    }
    _add_mounts(application, "", values["writable_paths"], values)
    # Said only if it is not the default, which would be a new revision of every task definition.
    if VersionConsistency(values["version_consistency"]) is VersionConsistency.DISABLED:
        application["version_consistency"] = VersionConsistency.DISABLED.value
    if "repository_credentials" in values:
        application["registry_secret_arn"] = values["repository_credentials"]["secret_arn"]
    if answers:
        port, path = int(answers["container_port"]), answers["health_check_path"]
        own: ContainerPort = {"container": port, "host": 0 if is_bridge(values) else port}
        if "protocol" in answers:
            own["protocol"] = answers["protocol"]
        application["ports"] = [own, *application["ports"]]
        application["labels"] = {HEALTH_CHECK_LABEL: path, **answers.get("labels", {})}
        own_check = container_definitions.default_health_check(port, path)
        application["health_check_command"] = values.get("health_check_command", own_check)
    beside = [_further(name, one, task) for name, one in values["containers"].items()]
    return container_definitions.definitions(application, beside)


def images_beside(values: TaskArgs) -> list[str]:
    """Return the images of the containers beside the application."""
    return [one["image"] for one in values["containers"].values()]


def secrets_beside(values: TaskArgs) -> list[str]:
    """Return `valueFrom` of each secret of the containers beside the application."""
    return [source for one in values["containers"].values() for source in one.get("secrets", {}).values()]


def environment_files(values: TaskArgs) -> list[str]:
    """Return the files that all containers get variables from."""
    beside = values["containers"].values()
    return [*values["environment_files"], *(file for one in beside for file in one.get("environment_files", []))]


def volumes(values: TaskArgs) -> list[str]:
    """Return the names of the volumes that the containers of a task mount."""
    found = [*_volumes("", values["writable_paths"], values, readonly=values["readonly_root_filesystem"])]
    for name, given in values["containers"].items():
        one = complete(FurtherContainerArgs, given, FURTHER_CONTAINER_DEFAULTS)
        found += _volumes(name, one["writable_paths"], values, readonly=one["readonly_root_filesystem"])
    return sorted(found)


def registries(values: TaskArgs) -> list[RepositoryCredentialsArgs]:
    """Return the credentials of the registries that a task's images come from."""
    every = (values, *values["containers"].values())
    return [one["repository_credentials"] for one in every if "repository_credentials" in one]


def _volumes(
    container: str, paths: Mapping[str, WritablePathArgs], values: TaskArgs, *, readonly: bool
) -> dict[str, str]:
    """Return the name of each volume of a container, and where that mounts it: no two containers share one."""
    found = mounts.volume_paths(paths, session=values["execute_command"] and readonly)
    # Names of the application's volumes have no underscore.
    return {f"{container}_{volume}" if container else volume: path for volume, path in found.items()}


def _add_mounts(container: Container, name: str, paths: Mapping[str, WritablePathArgs], values: TaskArgs) -> None:
    container["tmpfs"] = mounts.tmpfs(paths, container["user"])
    readonly = container["readonly_root_filesystem"]
    container["mount_points"] = mounts.mount_points(_volumes(name, paths, values, readonly=readonly))


def _further(name: str, given: FurtherContainerArgs, task: _Task) -> Container:
    one = complete(FurtherContainerArgs, given, FURTHER_CONTAINER_DEFAULTS)
    container: Container = {
        "name": name,
        "image": one["image"],
        "ports": _named_ports(one["ports"], task),
        "environment": one["environment"],
        "secrets": one["secrets"],
        "health_check_command": [],
        "labels": {},
        "readonly_root_filesystem": one["readonly_root_filesystem"],
        "user": one["user"],
        "log_group": task.log_group,
        "log_region": task.region,
        "chosen": _with_names_of_ecs(one, task),
        "essential": container_rules.essential(name, task.values),
        "cpu": one.get("cpu", 0),
    }
    if "health_check" in one:
        container["health_check_command"] = one["health_check"]["command"]
        container["health_check_times"] = one["health_check"]
    for key in ("start_timeout_seconds", "memory", "memory_reservation"):
        if key in one:
            container[key] = one[key]
    _add_mounts(container, name, one["writable_paths"], task.values)
    if "repository_credentials" in one:
        container["registry_secret_arn"] = one["repository_credentials"]["secret_arn"]
    return container


def _named_ports(ports: Mapping[str, NamedPortArgs], task: _Task) -> list[ContainerPort]:
    return [_named_port(name, port, bridge=is_bridge(task.values)) for name, port in ports.items()]


def _named_port(name: str, given: NamedPortArgs, *, bridge: bool) -> ContainerPort:
    number = int(given["port"])
    port: ContainerPort = {"name": name, "container": number, "host": 0 if bridge else number}
    if "protocol" in given:
        port["protocol"] = given["protocol"]
    if "app_protocol" in given:
        port["app_protocol"] = given["app_protocol"]
    return port


def _with_names_of_ecs(chosen: ContainerChoices, task: _Task) -> ContainerChoices:
    """Return what is said of a container; what it depends on has the name that it has in ECS."""
    needed = {
        task.values["service_name"] if name == APPLICATION else name: condition
        for name, condition in chosen.get("depends_on", {}).items()
    }
    return {**chosen, "depends_on": needed}
