"""The sections of the settings for how tasks run: what they may write to, and what else they are given."""

from typing import Annotated

from pydantic import Field

from components.tasks.runtime_args import (
    RUNTIME_DEFAULTS,
    WRITABLE_PATH_DEFAULTS,
    Capability,
    RepositoryCredentialsArgs,
    Storage,
    VersionConsistency,
    WritablePathArgs,
)

from ..arns import KeyArn, WholeSecretArn
from ..kinds import Tags, Text
from ..section import Section

# Docker separates what it mounts by colons and commas. The three folders are the kernel's own.
ContainerPath = Annotated[
    str,
    Text(
        r"^(/[A-Za-z0-9._-]+)+$",
        "an absolute path such as /tmp, not in /proc, /sys or /dev: letters, digits, dots, hyphens, underscores and "
        "slashes, without a slash at its end",
        max_length=255,
        refused=r"/[.][.]?(/|$)|^/(proc|sys|dev)(/|$)",
    ),
]


class WritablePath(Section):
    """A path that a container may write to under its read-only root."""

    arguments_class = WritablePathArgs
    storage: Storage = WRITABLE_PATH_DEFAULTS["storage"]
    size_mib: Annotated[int, Field(ge=1, alias="sizeMiB")] = WRITABLE_PATH_DEFAULTS["size_mib"]


class RepositoryCredentials(Section):
    """How ECS logs in to a registry other than ECR."""

    arguments_class = RepositoryCredentialsArgs
    secret_arn: WholeSecretArn
    kms_key_arn: KeyArn | None = None


class Runtime(Section):
    """How tasks run, whatever they are for."""

    ephemeral_storage_gib: Annotated[int | None, Field(ge=21, le=200, alias="ephemeralStorageGiB")] = None
    writable_paths: dict[ContainerPath, WritablePath] = Field(default_factory=dict)
    add_capabilities: list[Capability] = RUNTIME_DEFAULTS["add_capabilities"]
    version_consistency: VersionConsistency = RUNTIME_DEFAULTS["version_consistency"]
    fault_injection: bool = RUNTIME_DEFAULTS["fault_injection"]
    repository_credentials: RepositoryCredentials | None = None
    tags: Tags = RUNTIME_DEFAULTS["tags"]
