"""The sections of the settings for services."""

from typing import Annotated

from pydantic import Field

from components.common.architecture import Architecture
from components.services import listener_rules, placement
from components.services.args import (
    NETWORK_LISTENER_DEFAULTS,
    SERVICE_DEFAULTS,
    HealthCheck,
    ListenerProtocol,
    NetworkListenerArgs,
    ServiceArgs,
)
from components.tasks.args import GENERATED_SECRET_DEFAULTS, TASK_DEFAULTS, GeneratedSecretArgs, NetworkMode

from ..arns import CertificateArn, ContainerSecretArn, KeyArnElsewhere
from ..kinds import (
    Count,
    HeaderName,
    HeaderValue,
    HealthCommand,
    HealthPath,
    HostPattern,
    ImageReference,
    Memory,
    NotEmpty,
    PathPattern,
    Port,
    RepositoryName,
    RetentionDays,
    Text,
    UserName,
    VariableName,
)
from ..section import Section
from .capacity import EgressRule, Strategy


class GeneratedSecret(Section):
    """A password generated once with the service."""

    arguments_class = GeneratedSecretArgs
    environment_variable: VariableName
    username: NotEmpty = GENERATED_SECRET_DEFAULTS["username"]


class NetworkListener(Section):
    """A service's own listener on the network load balancer."""

    arguments_class = NetworkListenerArgs
    port: Port
    protocol: ListenerProtocol = NETWORK_LISTENER_DEFAULTS["protocol"]
    certificate_arn: CertificateArn | None = None
    health_check: HealthCheck = NETWORK_LISTENER_DEFAULTS["health_check"]
    preserve_client_ip: bool = NETWORK_LISTENER_DEFAULTS["preserve_client_ip"]


class PlacementConstraint(Section):
    """What an instance must satisfy to get a task."""

    arguments_class = placement.PlacementConstraintArgs
    type: placement.ConstraintType
    expression: Annotated[str, Text("", "an expression", min_length=1, max_length=2000)] | None = None


class PlacementStrategy(Section):
    """How ECS chooses an instance, at best effort."""

    arguments_class = placement.PlacementStrategyArgs
    type: placement.StrategyType
    field: NotEmpty | None = None


class Service(Section):
    """One web service."""

    arguments_class = ServiceArgs
    repository: RepositoryName = Field(
        description="Name of the repository, under registry.repositories, that holds its images."
    )
    image: ImageReference | None = None
    container_port: Port = TASK_DEFAULTS["container_port"]
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
    health_check_path: HealthPath = TASK_DEFAULTS["health_check_path"]
    health_check_command: HealthCommand | None = None
    hosts: list[HostPattern] = SERVICE_DEFAULTS["hosts"]
    paths: list[PathPattern] = SERVICE_DEFAULTS["paths"]
    headers: dict[HeaderName, Annotated[list[HeaderValue], Field(min_length=1)]] = SERVICE_DEFAULTS["headers"]
    network_listener: NetworkListener | None = None
    priority: Annotated[int, Field(ge=1, le=listener_rules.LAST_PRIORITY)] | None = None
    min_tasks: Count = SERVICE_DEFAULTS["min_tasks"]
    max_tasks: Count = SERVICE_DEFAULTS["max_tasks"]
    cpu_target: Annotated[int, Field(ge=1, le=100)] = SERVICE_DEFAULTS["cpu_target"]
    capacity_provider_strategy: Strategy | None = Field(
        None, description="Where the tasks run. Defaults to the cluster's strategy."
    )
    placement_constraints: Annotated[list[PlacementConstraint], Field(max_length=10)] = []
    placement_strategies: Annotated[list[PlacementStrategy], Field(max_length=5)] | None = None
    egress: list[EgressRule] | None = None
    log_retention_days: RetentionDays = TASK_DEFAULTS["log_retention_days"]
