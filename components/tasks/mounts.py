"""What a container may write to under its read-only root: file systems in memory, and volumes of the task."""

import hashlib
import re
from collections.abc import Mapping, Sequence
from typing import Any, Final

from .runtime_args import WRITABLE_PATH_DEFAULTS, Storage, WritablePathArgs

EXEC_PATHS: Final = ("/var/lib/amazon", "/var/log/amazon")
"""What ECS Exec's agent writes to (aws/containers-roadmap#1359). On EC2, ECS itself mounts /var/log/amazon/ssm, and
would refuse a volume there too. They are on disk: in memory nothing can be run, and the agent keeps commands there."""


def tmpfs(paths: Mapping[str, WritablePathArgs], user: str) -> list[dict[str, Any]]:
    """Return the file systems in memory of a container, by path.

    They belong to the container's user, whom the kernel knows by number only; everybody may write to those of a user
    with a name.
    """
    uid, _, gid = user.partition(":")
    owner = [*([f"gid={gid}"] if gid.isdigit() else []), f"uid={uid}"] if uid.isdigit() else []
    mode = "mode=0700" if owner else "mode=1777"
    return [
        {
            "containerPath": path,
            "mountOptions": sorted([*owner, mode, "nodev", "noexec", "nosuid"]),
            "size": int(paths[path].get("size_mib", WRITABLE_PATH_DEFAULTS["size_mib"])),
        }
        for path in sorted(paths)
        if _storage(paths[path]) is Storage.MEMORY
    ]


def volume_paths(paths: Mapping[str, WritablePathArgs], *, session: bool) -> dict[str, str]:
    """Return the name of each volume of a task and where its container mounts it.

    Args:
        paths: what the container may write to.
        session: whether ECS Exec's agent writes too, in a container with a read-only root.
    """
    chosen = [path for path in sorted(paths) if _storage(paths[path]) is Storage.DISK]
    return {volume_name(path): path for path in sorted({*chosen, *(EXEC_PATHS if session else ())})}


def memory_mib(paths: Mapping[str, WritablePathArgs]) -> int:
    """Return how many MiB of memory a container's paths can take at most."""
    default = WRITABLE_PATH_DEFAULTS["size_mib"]
    return sum(int(path.get("size_mib", default)) for path in paths.values() if _storage(path) is Storage.MEMORY)


def mount_points(volumes: Mapping[str, str]) -> list[dict[str, Any]]:
    """Return where a container mounts its volumes, as ECS has it."""
    return [
        {"containerPath": path, "readOnly": False, "sourceVolume": name}
        for name, path in sorted(volumes.items(), key=lambda item: item[1])
    ]


def volume_name(path: str) -> str:
    """Return a name for the volume of a path, of the characters that ECS takes; two paths never have the same."""
    name = re.sub("[^A-Za-z0-9]+", "-", path[1:])
    if re.fullmatch("/[A-Za-z0-9/]+", path):
        return name
    return f"{name.strip('-')[:200]}-{hashlib.sha256(path.encode()).hexdigest()[:8]}"


def _storage(path: WritablePathArgs) -> Storage:
    return Storage(path.get("storage", WRITABLE_PATH_DEFAULTS["storage"]))


def overlapping(paths: Sequence[str]) -> list[tuple[str, str]]:
    """Return each path that is within another one, and that one."""
    return [(one, other) for one in paths for other in paths if one.startswith(f"{other}/")]
