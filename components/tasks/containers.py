"""From the arguments of tasks to their container definitions."""

from collections.abc import Mapping
from typing import Final

from ..common import images
from . import container_definitions, mounts
from .args import HEALTH_CHECK_LABEL, PortChoices, TaskArgs, is_bridge
from .runtime_args import Capability, VersionConsistency

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
        "tmpfs": mounts.tmpfs(values["writable_paths"], values["user"]),
        "mount_points": mounts.mount_points(volumes(values)),
        "add_capabilities": [Capability(one).value for one in values["add_capabilities"]],
    }
    # Said only if it is not the default, which would be a new revision of every task definition.
    if VersionConsistency(values["version_consistency"]) is VersionConsistency.DISABLED:
        container["version_consistency"] = VersionConsistency.DISABLED.value
    if "repository_credentials" in values:
        container["registry_secret_arn"] = values["repository_credentials"]["secret_arn"]
    if answers:
        port, path = int(answers["container_port"]), answers["health_check_path"]
        container["ports"] = [{"container": port, "host": 0 if is_bridge(values) else port}]
        container["labels"] = {HEALTH_CHECK_LABEL: path}
        own_check = container_definitions.default_health_check(port, path)
        container["health_check_command"] = values.get("health_check_command", own_check)
    return container_definitions.definitions(container)


def volumes(values: TaskArgs) -> dict[str, str]:
    """Return the name of each volume of a task and where its container mounts it."""
    session = values["execute_command"] and values["readonly_root_filesystem"]
    return mounts.volume_paths(values["writable_paths"], session=session)
