"""From the arguments of tasks to their container definitions."""

from collections.abc import Mapping
from typing import Final

from ..common import images
from . import container_definitions
from .args import HEALTH_CHECK_LABEL, PortChoices, TaskArgs, is_bridge

# A tag that nobody pushes: a task definition must name an image even before the first one exists.
_NO_IMAGE_YET: Final = "no-image-yet"


def containers(
    values: TaskArgs,
    answers: PortChoices | None,
    *,
    repository_url: str,
    log_group: str,
    region: str,
    secrets: Mapping[str, str],
) -> str:
    """Return the container definitions of a task as canonical JSON text.

    Args:
        values: the arguments, completed.
        answers: where the container answers requests; none for one that gets none.
        repository_url: URL of the repository that holds the images.
        log_group: name of the log group.
        region: region of the log group.
        secrets: environment variable to `valueFrom` of every secret.
    """
    container: container_definitions.Container = {
        "name": values["service_name"],
        "image": images.reference(repository_url, values.get("image", _NO_IMAGE_YET)),
        "ports": [],
        "environment": values["environment"],
        "secrets": secrets,
        "health_check_command": values.get("health_check_command", []),
        "labels": {},
        "readonly_root_filesystem": values["readonly_root_filesystem"],
        "user": values["user"],
        "log_group": log_group,
        "log_region": region,
    }
    if answers:
        port, path = int(answers["container_port"]), answers["health_check_path"]
        container["ports"] = [{"container": port, "host": 0 if is_bridge(values) else port}]
        container["labels"] = {HEALTH_CHECK_LABEL: path}
        own_check = container_definitions.default_health_check(port, path)
        container["health_check_command"] = values.get("health_check_command", own_check)
    return container_definitions.definitions(container)
