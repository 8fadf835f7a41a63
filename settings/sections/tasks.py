"""The sections of the settings for tasks: what runs."""

from typing import Annotated, ClassVar

from pydantic import Field

from components.common.architecture import Architecture
from components.tasks.args import GENERATED_SECRET_DEFAULTS, TASK_DEFAULTS, GeneratedSecretArgs, NetworkMode, TaskArgs

from ..arns import ContainerSecretArn, KeyArnElsewhere
from ..kinds import (
    HealthCommand,
    ImageReference,
    Memory,
    NotEmpty,
    RepositoryName,
    RetentionDays,
    UserName,
    VariableName,
)
from ..section import Section
from .containers import Containers
from .runtime import Runtime


class GeneratedSecret(Section):
    """A password generated once with the service."""

    arguments_class = GeneratedSecretArgs
    environment_variable: VariableName
    username: NotEmpty = GENERATED_SECRET_DEFAULTS["username"]


class Tasks(Containers, Runtime):
    """What tasks of every kind say."""

    arguments_class: ClassVar[type | None] = TaskArgs
    repository: RepositoryName | None = Field(
        None,
        description="Name of the repository, under registry.repositories, that holds its images. Needed unless image "
        "is a whole reference to an image elsewhere.",
    )
    image: ImageReference | None = None
    cpu: Annotated[int, Field(ge=128, le=196_608)] = TASK_DEFAULTS["cpu"]
    memory: Memory = TASK_DEFAULTS["memory"]
    network_mode: NetworkMode = TASK_DEFAULTS["network_mode"]
    architecture: Architecture = TASK_DEFAULTS["architecture"]
    environment: dict[VariableName, str] = TASK_DEFAULTS["environment"]
    secrets: dict[VariableName, ContainerSecretArn] = TASK_DEFAULTS["secrets"]
    secret_kms_key_arns: list[KeyArnElsewhere] = TASK_DEFAULTS["secret_kms_key_arns"]
    generated_secret: GeneratedSecret | None = None
    user: UserName = TASK_DEFAULTS["user"]
    readonly_root_filesystem: bool = TASK_DEFAULTS["readonly_root_filesystem"]
    health_check_command: HealthCommand | None = None
    log_retention_days: RetentionDays = TASK_DEFAULTS["log_retention_days"]
