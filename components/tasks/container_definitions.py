"""The container definitions of a task, in the same form in which ECS returns them.

ECS adds defaults and its own order. A definition without them differs from the stored one at every run, and makes a new
revision each time. So everything is explicit here: sorted lists, empty lists, no nulls.
"""

import json
import shlex
from collections.abc import Mapping, Sequence
from typing import Any, Final, TypedDict

# Lets a user other than root, and without capabilities, listen on a port below 1024.
_UNPRIVILEGED_PORTS: Final = [{"namespace": "net.ipv4.ip_unprivileged_port_start", "value": "0"}]


class ContainerPort(TypedDict):
    """A port that a container listens on."""

    container: int
    host: int
    """The same port, or 0 for any free one of the instance."""


class Container(TypedDict):
    """What `definitions` needs to know of the container. Every value is plain."""

    name: str
    image: str
    ports: Sequence[ContainerPort]
    """The first is the one that the application is told as `PORT`."""
    environment: Mapping[str, str]
    secrets: Mapping[str, str]
    health_check_command: Sequence[str]
    labels: Mapping[str, str]
    readonly_root_filesystem: bool
    user: str
    log_group: str
    log_region: str


def definitions(container: Container) -> str:
    """Return the container definitions of a task with one container as canonical JSON text.

    `NODE_ENV`, and `PORT` where there is one, are set unless the environment or a secret sets them; ECS refuses a name
    in both. The health check runs every 30 seconds with a timeout of 5, 3 retries and a start period of 60; an empty
    command means no check. Logs are sent without blocking the application: if CloudWatch Logs is slow, lines are lost
    rather than requests.
    """
    ports = container["ports"]
    defaults = {"NODE_ENV": "production"}
    if ports:
        defaults["PORT"] = str(ports[0]["container"])
    environment = {
        **{name: value for name, value in defaults.items() if name not in container["secrets"]},
        **container["environment"],
    }
    definition: dict[str, Any] = {
        "name": container["name"],
        "image": container["image"],
        "cpu": 0,
        "essential": True,
        "environment": _pairs(environment, "value"),
        "secrets": _pairs(container["secrets"], "valueFrom"),
        "portMappings": [
            {"containerPort": port["container"], "hostPort": port["host"], "protocol": "tcp"} for port in ports
        ],
        "dockerLabels": dict(container["labels"]),
        "mountPoints": [],
        "volumesFrom": [],
        "systemControls": _UNPRIVILEGED_PORTS if any(port["container"] < 1024 for port in ports) else [],
        "readonlyRootFilesystem": container["readonly_root_filesystem"],
        "user": container["user"],
        "linuxParameters": {"capabilities": {"add": [], "drop": ["ALL"]}, "initProcessEnabled": True},
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
    }
    if container["health_check_command"]:
        definition["healthCheck"] = {
            "command": list(container["health_check_command"]),
            "interval": 30,
            "timeout": 5,
            "retries": 3,
            "startPeriod": 60,
        }
    return json.dumps([definition], sort_keys=True)


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
