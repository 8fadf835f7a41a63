"""The sections of the settings for services."""

from typing import Annotated

from pydantic import Field, StringConstraints

from components.common.architecture import Architecture
from components.services import listener_rules, placement
from components.services.args import GeneratedSecretArgs, NetworkMode, ServiceArgs

from ..kinds import Arn, Count, HeaderName, HeaderValue, Memory, Port, RepositoryName, RetentionDays, VariableName
from ..section import Section
from .balancing import NetworkListener
from .capacity import EgressRule, Strategy


class GeneratedSecret(Section):
    """A password made once with the service."""

    arguments_class = GeneratedSecretArgs
    environment_variable: VariableName
    username: str = "admin"


class PlacementConstraint(Section):
    """What an instance must fulfil, else the task is not started."""

    arguments_class = placement.PlacementConstraintArgs
    type: placement.ConstraintType
    expression: Annotated[str, StringConstraints(min_length=1, max_length=2000)] | None = None


class PlacementStrategy(Section):
    """How ECS chooses an instance, as far as it can."""

    arguments_class = placement.PlacementStrategyArgs
    type: placement.StrategyType
    field: Annotated[str, StringConstraints(min_length=1)] | None = None


class Service(Section):
    """One web service."""

    arguments_class = ServiceArgs
    repository: RepositoryName = Field(
        description="Name of the repository, under registry.repositories, that holds its images."
    )
    image: Annotated[str, StringConstraints(min_length=1)] | None = None
    container_port: Port = 80
    cpu: Annotated[int, Field(ge=128, le=196_608)] = 256
    memory: Memory = 512
    network_mode: NetworkMode = NetworkMode.AWSVPC
    architecture: Architecture = Architecture.X86_64
    environment: dict[VariableName, str] = Field(default_factory=dict)
    secrets: dict[VariableName, Arn] = Field(default_factory=dict)
    secret_kms_key_arns: list[Arn] = []
    generated_secret: GeneratedSecret | None = None
    user: Annotated[str, StringConstraints(min_length=1)] = "1000:1000"
    readonly_root_filesystem: bool = True
    health_check_path: Annotated[str, StringConstraints(pattern=r"^/")] = "/health"
    health_check_command: list[str] | None = None
    hosts: list[str] = []
    paths: list[str] = []
    headers: dict[HeaderName, Annotated[list[HeaderValue], Field(min_length=1)]] = Field(default_factory=dict)
    network_listener: NetworkListener | None = None
    priority: Annotated[int, Field(ge=1, le=listener_rules.LAST_PRIORITY)] | None = None
    min_tasks: Count = 2
    max_tasks: Count = 10
    cpu_target: Annotated[int, Field(ge=1, le=100)] = 70
    capacity_provider_strategy: Strategy | None = Field(
        None, description="Where the tasks run. Defaults to the cluster's strategy."
    )
    placement_constraints: Annotated[list[PlacementConstraint], Field(max_length=10)] = []
    placement_strategies: Annotated[list[PlacementStrategy], Field(max_length=5)] | None = None
    egress: list[EgressRule] | None = None
    log_retention_days: RetentionDays = 30
