"""How a task runs: its disk and memory to write to, what its kernel allows it, where its image comes from, its tags."""

from enum import Enum
from typing import Final, TypedDict


class Storage(str, Enum):
    """Where what a task writes is kept until it stops."""

    MEMORY = "memory"
    DISK = "disk"


class VersionConsistency(str, Enum):
    """Whether every task of a deployment runs the same image."""

    ENABLED = "enabled"
    DISABLED = "disabled"


class Capability(str, Enum):
    """A right of the Linux kernel that a container may get, besides all of them together (ECS API,
    KernelCapabilities)."""

    AUDIT_CONTROL = "AUDIT_CONTROL"
    AUDIT_WRITE = "AUDIT_WRITE"
    BLOCK_SUSPEND = "BLOCK_SUSPEND"
    CHOWN = "CHOWN"
    DAC_OVERRIDE = "DAC_OVERRIDE"
    DAC_READ_SEARCH = "DAC_READ_SEARCH"
    FOWNER = "FOWNER"
    FSETID = "FSETID"
    IPC_LOCK = "IPC_LOCK"
    IPC_OWNER = "IPC_OWNER"
    KILL = "KILL"
    LEASE = "LEASE"
    LINUX_IMMUTABLE = "LINUX_IMMUTABLE"
    MAC_ADMIN = "MAC_ADMIN"
    MAC_OVERRIDE = "MAC_OVERRIDE"
    MKNOD = "MKNOD"
    NET_ADMIN = "NET_ADMIN"
    NET_BIND_SERVICE = "NET_BIND_SERVICE"
    NET_BROADCAST = "NET_BROADCAST"
    NET_RAW = "NET_RAW"
    SETFCAP = "SETFCAP"
    SETGID = "SETGID"
    SETPCAP = "SETPCAP"
    SETUID = "SETUID"
    SYS_ADMIN = "SYS_ADMIN"
    SYS_BOOT = "SYS_BOOT"
    SYS_CHROOT = "SYS_CHROOT"
    SYS_MODULE = "SYS_MODULE"
    SYS_NICE = "SYS_NICE"
    SYS_PACCT = "SYS_PACCT"
    SYS_PTRACE = "SYS_PTRACE"
    SYS_RAWIO = "SYS_RAWIO"
    SYS_RESOURCE = "SYS_RESOURCE"
    SYS_TIME = "SYS_TIME"
    SYS_TTY_CONFIG = "SYS_TTY_CONFIG"
    SYSLOG = "SYSLOG"
    WAKE_ALARM = "WAKE_ALARM"


ON_FARGATE: Final = (Capability.SYS_PTRACE,)
"""What Fargate lets a container add (ECS API, KernelCapabilities)."""


class WritablePathArgs(TypedDict, total=False):
    """A path that a container may write to under its read-only root. What is there is gone when the task stops."""

    storage: Storage
    """memory is a file system in the task's memory. It belongs to the container's user, and nothing in it can be run.
    disk is a volume of the task. It belongs to root unless the image has the path with another owner, which it must
    declare with VOLUME for Fargate. Defaults to memory."""
    size_mib: int
    """Most MiB in memory; what is used counts as the task's memory. Defaults to 64."""


WRITABLE_PATH_DEFAULTS: Final[WritablePathArgs] = {"storage": Storage.MEMORY, "size_mib": 64}


class RepositoryCredentialsChoices(TypedDict, total=False):
    """What a person chooses of the credentials of another registry."""

    kms_key_arn: str
    """ARN of the KMS key of your own that encrypts the secret. Defaults to none: AWS's own key."""


class RepositoryCredentialsArgs(RepositoryCredentialsChoices):
    """How ECS logs in to a registry other than ECR."""

    secret_arn: str
    """ARN of the Secrets Manager secret in the same region that holds `{"username": ..., "password": ...}`."""


class RuntimeChoices(TypedDict, total=False):
    """What a person chooses of how tasks run."""

    ephemeral_storage_gib: int
    """Ephemeral storage of a task on Fargate in GiB, 21 to 200; more than 20 is charged. Defaults to the 20 GiB that
    every task there has."""
    writable_paths: dict[str, WritablePathArgs]
    """Absolute paths that the container may write to although its root file system is read-only, such as /tmp; `{}`
    means a file system of 64 MiB in memory. Defaults to none."""
    add_capabilities: list[Capability]
    """Rights of the Linux kernel for the container, of which it has none otherwise. Fargate allows only SYS_PTRACE. A
    user other than root has them only in programs whose files carry them. Defaults to none."""
    version_consistency: VersionConsistency
    """enabled lets ECS resolve a tag once for a deployment, so that all its tasks run the same image. disabled pulls
    whatever the tag is when each task starts. A digest is always the same image. Defaults to enabled."""
    fault_injection: bool
    """Let AWS Fault Injection Service disturb the network of the tasks, on Fargate and Auto Scaling groups in network
    mode awsvpc. Defaults to false."""
    repository_credentials: RepositoryCredentialsArgs
    """How ECS logs in to the registry of an image that is not in ECR. Defaults to none: everybody may pull it."""
    tags: dict[str, str]
    """Tags of all that is made for it, and of its tasks when they start, besides the stack's default tags. A tag here
    takes the place of a default one of the same key. Defaults to none."""


RUNTIME_DEFAULTS: Final[RuntimeChoices] = {
    "writable_paths": {},
    "add_capabilities": [],
    "version_consistency": VersionConsistency.ENABLED,
    "fault_injection": False,
    "tags": {},
}
