"""The container definitions of a task, in the one form that ECS also answers with.

ECS adds defaults and its own order to what it is given. A definition that leaves them out differs from the stored one
at every run and makes a revision each time; so everything is explicit here: sorted lists, empty lists, no nulls.
"""

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any, Final, TypedDict

# Lets a user other than root, and without capabilities, listen on a port below 1024.
_UNPRIVILEGED_PORTS: Final = [{"namespace": "net.ipv4.ip_unprivileged_port_start", "value": "0"}]

# "Amazon ECR endpoints and quotas", AWS General Reference.
_ECR_HOST: Final = re.compile(
    r"[0-9]{12}[.]dkr([.]ecr(-fips)?|-ecr(-fips)?)[.][a-z0-9-]+[.](amazonaws[.]com([.]cn)?|on[.]aws)"
)


class Container(TypedDict):
    """What `definitions` needs to know of the service's container; every value is plain."""

    name: str
    image: str
    port: int
    host_port: int
    environment: Mapping[str, str]
    secrets: Mapping[str, str]
    health_check_command: Sequence[str]
    readonly_root_filesystem: bool
    user: str
    log_group: str
    log_region: str


def definitions(container: Container) -> str:
    """Return the container definitions of a task with one container as canonical JSON text.

    `NODE_ENV` and `PORT` are set unless the environment says otherwise. The health check runs every 30 seconds with a
    timeout of 5, 3 retries and a start period of 60; an empty command means none. Logs are sent without blocking the
    application, which loses lines rather than requests when CloudWatch Logs is slow. Host port 0 is any free one.
    """
    port = container["port"]
    environment = {"NODE_ENV": "production", "PORT": str(port), **container["environment"]}
    definition: dict[str, Any] = {
        "name": container["name"],
        "image": container["image"],
        "cpu": 0,
        "essential": True,
        "environment": _pairs(environment, "value"),
        "secrets": _pairs(container["secrets"], "valueFrom"),
        "portMappings": [{"containerPort": port, "hostPort": container["host_port"], "protocol": "tcp"}],
        "mountPoints": [],
        "volumesFrom": [],
        "systemControls": _UNPRIVILEGED_PORTS if port < 1024 else [],
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


def secret_resource(value_from: str) -> str:
    """Return the ARN that a role must be allowed to read for a container secret's `valueFrom`.

    A Secrets Manager reference may end in `:json-key:version-stage:version-id`, which is no part of the secret's ARN.
    """
    parts = value_from.split(":")
    return ":".join(parts[:7]) if len(parts) > 7 and parts[2] == "secretsmanager" else value_from


def image_reference(repository_url: str, image: str) -> str:
    """Return what a container definition names: a whole reference as it is, else a digest or tag in the repository."""
    if "/" in image:
        return image
    separator = "@" if image.startswith("sha256:") else ":"
    return f"{repository_url}{separator}{image}"


def is_foreign(image: str) -> bool:
    """Return whether an image is a whole reference to another registry than a private one of ECR."""
    return "/" in image and _ECR_HOST.fullmatch(image.partition("/")[0]) is None


def _pairs(values: Mapping[str, str], key: str) -> list[dict[str, str]]:
    return [{"name": name, key: values[name]} for name in sorted(values)]
