"""The sections of the settings for containers: what one runs, and those that run beside the application."""

from typing import Annotated, ClassVar

from pydantic import Field

from components.tasks.container_args import (
    CONTAINER_DEFAULTS,
    FURTHER_CONTAINER_DEFAULTS,
    HEALTH_CHECK_TIMES,
    NAMED_PORT_DEFAULTS,
    RESTART_POLICY_DEFAULTS,
    AppProtocol,
    ContainerChoices,
    ContainerHealthCheckArgs,
    ContainerHealthCheckTimes,
    ContainersChoices,
    DependencyCondition,
    FurtherContainerArgs,
    NamedPortArgs,
    PortProtocol,
    RestartPolicyChoices,
    UlimitArgs,
    UlimitName,
)
from components.tasks.container_rules import MOST_FURTHER

from ..arns import EnvironmentFileArn
from ..kinds import (
    Command,
    ExitCode,
    HealthCommand,
    Limit,
    Memory,
    Name,
    Port,
    PortName,
    TimeoutSeconds,
    UserName,
    VariableName,
    WholeImageReference,
)
from ..section import Section
from .runtime import ContainerPath, RepositoryCredentials, WritablePath
from .secrets import SecretReference


class NamedPort(Section):
    """A further port that a container listens on."""

    arguments_class = NamedPortArgs
    port: Port
    protocol: PortProtocol = NAMED_PORT_DEFAULTS["protocol"]
    app_protocol: AppProtocol | None = None


class Ulimit(Section):
    """The least and the most of a resource limit."""

    arguments_class = UlimitArgs
    soft: Limit
    hard: Limit


class RestartPolicy(Section):
    """How ECS restarts a container that ends."""

    arguments_class = RestartPolicyChoices
    ignored_exit_codes: Annotated[list[ExitCode], Field(max_length=50)] = RESTART_POLICY_DEFAULTS["ignored_exit_codes"]
    restart_attempt_period_seconds: Annotated[int, Field(ge=60, le=1800)] = RESTART_POLICY_DEFAULTS[
        "restart_attempt_period_seconds"
    ]


class HealthTimes(Section):
    """How often a container is asked whether it is healthy."""

    arguments_class: ClassVar[type | None] = ContainerHealthCheckTimes
    interval_seconds: Annotated[int, Field(ge=5, le=300)] = HEALTH_CHECK_TIMES["interval_seconds"]
    timeout_seconds: Annotated[int, Field(ge=2, le=60)] = HEALTH_CHECK_TIMES["timeout_seconds"]
    retries: Annotated[int, Field(ge=1, le=10)] = HEALTH_CHECK_TIMES["retries"]
    start_period_seconds: Annotated[int, Field(ge=0, le=300)] = HEALTH_CHECK_TIMES["start_period_seconds"]


class ContainerHealthCheck(HealthTimes):
    """The health check of a container beside the application."""

    arguments_class = ContainerHealthCheckArgs
    command: Annotated[HealthCommand, Field(min_length=1)]


class Contained(Section):
    """What is said of any container."""

    arguments_class: ClassVar[type | None] = ContainerChoices
    command: Command | None = None
    entry_point: Command | None = None
    environment_files: Annotated[list[EnvironmentFileArn], Field(max_length=10)] = CONTAINER_DEFAULTS[
        "environment_files"
    ]
    ports: dict[PortName, NamedPort] = {}
    depends_on: dict[Name, DependencyCondition] = CONTAINER_DEFAULTS["depends_on"]
    ulimits: dict[UlimitName, Ulimit] = {}
    init_process: bool = CONTAINER_DEFAULTS["init_process"]
    stop_timeout_seconds: TimeoutSeconds | None = None
    restart_policy: RestartPolicy | None = None


class FurtherContainer(Contained):
    """A container that runs beside the application, in the same task."""

    arguments_class = FurtherContainerArgs
    image: WholeImageReference
    environment: dict[VariableName, str] = FURTHER_CONTAINER_DEFAULTS["environment"]
    secrets: dict[VariableName, SecretReference] = FURTHER_CONTAINER_DEFAULTS["secrets"]
    essential: bool | None = None
    start_timeout_seconds: TimeoutSeconds | None = None
    cpu: Annotated[int, Field(ge=2, le=196_608)] | None = None
    memory: Memory | None = None
    memory_reservation: Memory | None = None
    health_check: ContainerHealthCheck | None = None
    user: UserName = FURTHER_CONTAINER_DEFAULTS["user"]
    readonly_root_filesystem: bool = FURTHER_CONTAINER_DEFAULTS["readonly_root_filesystem"]
    writable_paths: dict[ContainerPath, WritablePath] = Field(default_factory=dict)
    repository_credentials: RepositoryCredentials | None = None


class Containers(Contained):
    """What is said of the containers of a task: the application's own, and those beside it."""

    arguments_class: ClassVar[type | None] = ContainersChoices
    container_health_check: HealthTimes | None = None
    containers: Annotated[dict[Name, FurtherContainer], Field(max_length=MOST_FURTHER)] = {}
