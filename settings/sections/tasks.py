"""The sections of the settings for tasks: what runs."""

from typing import Annotated, ClassVar

from pydantic import Field

from components.common.architecture import Architecture
from components.tasks.args import TASK_DEFAULTS, NetworkMode, TaskArgs
from components.tasks.link_args import LinkKind

from ..arns import KeyArnElsewhere, PolicyArn
from ..kinds import (
    HealthCommand,
    ImageReference,
    Memory,
    Name,
    RepositoryName,
    RetentionDays,
    UserName,
    VariableName,
)
from .containers import Containers
from .links import Link
from .permissions import Permission
from .runtime import Runtime
from .secrets import GeneratedSecret, SecretReference


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
    secrets: dict[VariableName, SecretReference] = TASK_DEFAULTS["secrets"]
    secret_kms_key_arns: list[KeyArnElsewhere] = TASK_DEFAULTS["secret_kms_key_arns"]
    generated_secret: GeneratedSecret | None = None
    user: UserName = TASK_DEFAULTS["user"]
    readonly_root_filesystem: bool = TASK_DEFAULTS["readonly_root_filesystem"]
    health_check_command: HealthCommand | None = None
    log_retention_days: RetentionDays = TASK_DEFAULTS["log_retention_days"]
    links: dict[Name, Link] = Field(
        default_factory=dict,
        description="What the application uses, by the names that its environment variables begin with. Defaults to "
        "nothing.",
    )
    permissions: list[Permission] = []
    permissions_boundary_arn: PolicyArn | None = None

    @property
    def uses_tables(self) -> bool:
        """Whether the tasks use a table of DynamoDB."""
        return any(link.kind is LinkKind.TABLE for link in self.links.values())
