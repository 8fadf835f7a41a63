"""The container definitions of a task, in the same form in which ECS returns them.

ECS adds defaults and its own order. A definition without them differs from the stored one at every run, and makes a new
revision each time. So everything is explicit here: sorted lists, empty lists, no nulls. The provider compares without
regard to the order of containers, variables and secrets only (`containerDefinitionsAreEquivalent`).
"""

import json
import shlex
from collections.abc import Mapping, Sequence
from typing import Any, Final, NotRequired, TypedDict

from ..common.arguments import complete
from .container_args import (
    HEALTH_CHECK_TIMES,
    RESTART_POLICY_DEFAULTS,
    AppProtocol,
    ContainerChoices,
    ContainerHealthCheckTimes,
    DependencyCondition,
    PortProtocol,
    RestartPolicyChoices,
    UlimitName,
)

# Lets a user other than root, and without capabilities, listen on a port below 1024.
_UNPRIVILEGED_PORTS: Final = [{"namespace": "net.ipv4.ip_unprivileged_port_start", "value": "0"}]


class ContainerPort(TypedDict):
    """A port that a container listens on."""

    container: int
    host: int
    """The same port, or 0 for any free one of the instance."""
    name: NotRequired[str]
    """What others call it by. The application is told the port that has none as `PORT`."""
    protocol: NotRequired[PortProtocol]
    app_protocol: NotRequired[AppProtocol]


class Container(TypedDict):
    """What `definitions` needs to know of a container. Every value is plain."""

    name: str
    image: str
    ports: Sequence[ContainerPort]
    environment: Mapping[str, str]
    secrets: Mapping[str, str]
    health_check_command: Sequence[str]
    labels: Mapping[str, str]
    readonly_root_filesystem: bool
    user: str
    log_group: str
    log_region: str
    tmpfs: NotRequired[Sequence[Mapping[str, Any]]]
    mount_points: NotRequired[Sequence[Mapping[str, Any]]]
    add_capabilities: NotRequired[Sequence[str]]
    version_consistency: NotRequired[str]
    registry_secret_arn: NotRequired[str]
    health_check_times: NotRequired[ContainerHealthCheckTimes]
    chosen: NotRequired[ContainerChoices]
    """What is said of any container, its ports aside. `depends_on` has the names of ECS."""
    essential: NotRequired[bool]
    start_timeout_seconds: NotRequired[int]
    cpu: NotRequired[int]
    memory: NotRequired[int]
    memory_reservation: NotRequired[int]


def definitions(application: Container, further: Sequence[Container] = ()) -> str:
    """Return the container definitions of a task as canonical JSON text: the application's first, others by name.

    `NODE_ENV`, and `PORT` where there is one, are set for the application unless the environment or a secret sets them;
    ECS refuses a name in both. A health check runs every 30 seconds with a timeout of 5, 3 retries and a start period
    of 60, unless chosen otherwise; an empty command means no check. Logs are sent without blocking the application: if
    CloudWatch Logs is slow, lines are lost rather than requests.
    """
    defaults = {"NODE_ENV": "production"}
    for port in application["ports"]:
        if "name" not in port:
            defaults["PORT"] = str(port["container"])
    environment = {
        **{name: value for name, value in defaults.items() if name not in application["secrets"]},
        **application["environment"],
    }
    beside = sorted(further, key=lambda container: container["name"])
    return json.dumps([_definition(application, environment), *map(_definition, beside)], sort_keys=True)


def _definition(container: Container, environment: Mapping[str, str] | None = None) -> dict[str, Any]:
    chosen = container.get("chosen", {})
    ports = container["ports"]
    definition: dict[str, Any] = {
        "name": container["name"],
        "image": container["image"],
        "cpu": container.get("cpu", 0),
        "essential": container.get("essential", True),
        "environment": _pairs(container["environment"] if environment is None else environment, "value"),
        "secrets": _pairs(container["secrets"], "valueFrom"),
        "portMappings": [_mapping(port) for port in sorted(ports, key=lambda port: port.get("name", ""))],
        "dockerLabels": dict(container["labels"]),
        "mountPoints": list(container.get("mount_points", [])),
        "volumesFrom": [],
        "systemControls": _UNPRIVILEGED_PORTS if any(port["container"] < 1024 for port in ports) else [],
        "readonlyRootFilesystem": container["readonly_root_filesystem"],
        "user": container["user"],
        "linuxParameters": {
            "capabilities": {"add": sorted(container.get("add_capabilities", [])), "drop": ["ALL"]},
            "initProcessEnabled": chosen.get("init_process", True),
        },
        "logConfiguration": {
            "logDriver": "awslogs",
            "options": {
                "awslogs-group": container["log_group"],
                "awslogs-region": container["log_region"],
                "awslogs-stream-prefix": "ecs",
                "max-buffer-size": "25m",
                "mode": "non-blocking",
            },
        },
        **_chosen(chosen),
    }
    if container["health_check_command"]:
        times: ContainerHealthCheckTimes = {**HEALTH_CHECK_TIMES, **container.get("health_check_times", {})}
        definition["healthCheck"] = {
            "command": list(container["health_check_command"]),
            "interval": times["interval_seconds"],
            "timeout": times["timeout_seconds"],
            "retries": times["retries"],
            "startPeriod": times["start_period_seconds"],
        }
    if container.get("tmpfs"):
        definition["linuxParameters"]["tmpfs"] = list(container["tmpfs"])
    if "version_consistency" in container:
        definition["versionConsistency"] = container["version_consistency"]
    if "registry_secret_arn" in container:
        definition["repositoryCredentials"] = {"credentialsParameter": container["registry_secret_arn"]}
    numbers = {
        "startTimeout": container.get("start_timeout_seconds"),
        "memory": container.get("memory"),
        "memoryReservation": container.get("memory_reservation"),
    }
    return definition | {key: number for key, number in numbers.items() if number is not None}


def _chosen(chosen: ContainerChoices) -> dict[str, Any]:
    """Return what is said only where it was chosen: most containers say nothing of it."""
    said: dict[str, Any] = {}
    if "command" in chosen:
        said["command"] = list(chosen["command"])
    if "entry_point" in chosen:
        said["entryPoint"] = list(chosen["entry_point"])
    if "stop_timeout_seconds" in chosen:
        said["stopTimeout"] = chosen["stop_timeout_seconds"]
    if files := chosen.get("environment_files"):
        said["environmentFiles"] = [{"type": "s3", "value": file} for file in files]
    if needed := chosen.get("depends_on"):
        said["dependsOn"] = [
            {"condition": DependencyCondition(needed[name]).value, "containerName": name} for name in sorted(needed)
        ]
    if limits := {UlimitName(name).value: limit for name, limit in chosen.get("ulimits", {}).items()}:
        said["ulimits"] = [
            {"name": name, "softLimit": limits[name]["soft"], "hardLimit": limits[name]["hard"]}
            for name in sorted(limits)
        ]
    if "restart_policy" in chosen:
        policy = complete(RestartPolicyChoices, chosen["restart_policy"], RESTART_POLICY_DEFAULTS)
        said["restartPolicy"] = {
            "enabled": True,
            "ignoredExitCodes": sorted(policy["ignored_exit_codes"]),
            "restartAttemptPeriod": policy["restart_attempt_period_seconds"],
        }
    return said


def _mapping(port: ContainerPort) -> dict[str, Any]:
    mapping: dict[str, Any] = {
        "containerPort": port["container"],
        "hostPort": port["host"],
        "protocol": PortProtocol(port.get("protocol", PortProtocol.TCP)).value,
    }
    if "name" in port:
        mapping["name"] = port["name"]
    if "app_protocol" in port:
        mapping["appProtocol"] = AppProtocol(port["app_protocol"]).value
    return mapping


def default_health_check(port: int, path: str) -> list[str]:
    """Return the container's own health check if nothing else is chosen."""
    # One word for the shell, whatever the path holds.
    url = shlex.quote(f"http://localhost:{port}{path}")
    return ["CMD-SHELL", f"curl -f {url} || exit 1"]


def secret_resource(value_from: str) -> str:
    """Return the ARN that a role must be allowed to read for a container secret's `valueFrom`.

    A Secrets Manager reference may end in `:json-key:version-stage:version-id`, which is not part of the secret's ARN.
    """
    parts = value_from.split(":")
    return ":".join(parts[:7]) if len(parts) > 7 and parts[2] == "secretsmanager" else value_from


def _pairs(values: Mapping[str, str], key: str) -> list[dict[str, str]]:
    return [{"name": name, key: values[name]} for name in sorted(values)]
