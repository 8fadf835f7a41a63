"""What ECS refuses in a task definition beyond the shape of its JSON: storage, mounts, rights of the kernel, faults."""

import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any, Final

from components.tasks.runtime_args import Capability

from .account import Properties
from .behaviour import UNKNOWN, Fault, is_known

_STORAGE: Final = (21, 200)
"""GiB of ephemeral storage that a task on Fargate may have (ECS API, EphemeralStorage)."""
_VOLUME: Final = re.compile("[A-Za-z0-9_-]{1,255}")
# Of Docker's --tmpfs (ECS API, Tmpfs).
_FLAGS: Final = {
    "defaults", "ro", "rw", "suid", "nosuid", "dev", "nodev", "exec", "noexec", "sync", "async", "dirsync", "remount",
    "mand", "nomand", "atime", "noatime", "diratime", "nodiratime", "bind", "rbind", "unbindable", "runbindable",
    "private", "rprivate", "shared", "rshared", "slave", "rslave", "relatime", "norelatime", "strictatime",
    "nostrictatime",
}  # fmt: skip
_WITH_VALUE: Final = {"mode", "uid", "gid", "nr_inodes", "nr_blocks", "mpol"}


def faults(inputs: Properties) -> Iterator[Fault]:
    """Yield what ECS would refuse of how tasks run; what is not known yet passes."""
    if not is_known(inputs.get("requiresCompatibilities")):
        return
    fargate = "FARGATE" in (inputs.get("requiresCompatibilities") or ())
    yield from _storage_faults(inputs.get("ephemeralStorage"), fargate=fargate)
    if inputs.get("enableFaultInjection") is True and inputs.get("networkMode") not in ("awsvpc", "host", UNKNOWN):
        yield (
            "enableFaultInjection",
            "ClientException: Fault injection is only supported with network mode awsvpc or host.",
        )
    volumes = [one for one in inputs.get("volumes") or () if isinstance(one, dict)]
    yield from _volume_faults(volumes, fargate=fargate)
    names = {one.get("name") for one in volumes}
    if len(volumes) < len(inputs.get("volumes") or ()):
        names.add(UNKNOWN)
    for container in _containers(inputs):
        for reason in _container_faults(container, names, fargate=fargate):
            yield "containerDefinitions", reason
        if container.get("repositoryCredentials") and not inputs.get("executionRoleArn"):
            yield "executionRoleArn", "ClientException: a private registry requires an execution role ARN"


def _containers(inputs: Properties) -> list[dict[str, Any]]:
    text = inputs.get("containerDefinitions")
    if not isinstance(text, str) or UNKNOWN in text:
        return []
    try:
        content = json.loads(text)
    except ValueError:
        return []  # told already
    return [one for one in content if isinstance(one, dict)] if isinstance(content, list) else []


def _storage_faults(storage: Any, *, fargate: bool) -> Iterator[Fault]:
    if not isinstance(storage, dict):
        return
    least, most = _STORAGE
    size = storage.get("sizeInGib")
    if not fargate:
        yield "ephemeralStorage", "ClientException: Ephemeral storage is only supported for tasks on Fargate."
    elif isinstance(size, int | float) and not least <= size <= most:
        yield (
            "ephemeralStorage",
            f"ClientException: Ephemeral storage must be from {least} to {most} GiB and is {size:g}.",
        )


def _volume_faults(volumes: list[dict[str, Any]], *, fargate: bool) -> Iterator[Fault]:
    for name, count in Counter(str(one.get("name")) for one in volumes).items():
        if name != UNKNOWN and not _VOLUME.fullmatch(name):
            yield (
                "volumes",
                f"ClientException: the volume name {name!r} has other characters than letters, digits, - and _",
            )
        elif count > 1:
            yield "volumes", f"ClientException: Duplicate volume name {name!r}."
    if fargate and any(one.get("hostPath") for one in volumes):
        yield "volumes", "ClientException: host.sourcePath is not supported on Fargate."


def _container_faults(container: Mapping[str, Any], volumes: set[Any], *, fargate: bool) -> Iterator[str]:
    linux = container.get("linuxParameters") or {}
    added = (linux.get("capabilities") or {}).get("add") or []
    for name in added:
        if name != "ALL" and name not in Capability.__members__:
            yield f"ClientException: {name} is not a Linux capability."
        elif fargate and name != Capability.SYS_PTRACE:
            yield f"ClientException: Fargate supports adding the capability SYS_PTRACE only, not {name}."
    systems = linux.get("tmpfs") or []
    for one in systems:
        if not str(one.get("containerPath", "")).startswith("/") or not one.get("size", 0) > 0:
            yield "ClientException: a tmpfs needs an absolute containerPath and a size above 0."
        for option in one.get("mountOptions") or ():
            name, _, value = option.partition("=")
            if not (option in _FLAGS or (name in _WITH_VALUE and value)):
                yield f"ClientException: {option} is not an option of a tmpfs mount."
    mounts = container.get("mountPoints") or []
    for one in mounts:
        if UNKNOWN not in volumes and one.get("sourceVolume") not in volumes:
            yield f"ClientException: Unknown volume '{one.get('sourceVolume')}'."
    for path, count in Counter(str(one.get("containerPath")) for one in (*systems, *mounts)).items():
        if count > 1:
            yield f"Duplicate mount point: {path}"
    credentials = container.get("repositoryCredentials")
    if credentials is not None and not (credentials or {}).get("credentialsParameter"):
        yield "ClientException: repositoryCredentials needs a credentialsParameter."
