"""The sections of the settings.

A section names the arguments class of the component that its fields are passed to: the two share names and defaults (a
test compares them), and the descriptions in settings.schema.json are the arguments' own.
"""

from typing import Annotated, cast

from pydantic import Field, StringConstraints

from components import _listener, _placement
from components.capacity import CapacityProviderStrategyArgs
from components.pipeline import ConnectionProvider, DeployKind, PipelineArgs, SourceArgs
from components.service import Architecture, GeneratedSecretArgs, NetworkMode, ServiceArgs

from .balancer_model import LoadBalancer, NetworkListener, NetworkLoadBalancer
from .cluster_model import Cluster, EgressRule, Strategy
from .network_model import Network
from .registry_model import Registry
from .section import Section
from .texts import (
    Arn,
    BackendUrl,
    Count,
    EmailAddress,
    Folder,
    HeaderName,
    HeaderValue,
    Memory,
    Name,
    Port,
    RepositoryName,
    RetentionDays,
    VariableName,
)


class GeneratedSecret(Section):
    """A password made once with the service."""

    arguments_class = GeneratedSecretArgs
    environment_variable: VariableName
    username: str = "admin"


class PlacementConstraint(Section):
    """What an instance must fulfil, else the task is not started."""

    arguments_class = _placement.PlacementConstraintArgs
    type: _placement.ConstraintType
    expression: Annotated[str, StringConstraints(min_length=1, max_length=2000)] | None = None


class PlacementStrategy(Section):
    """How ECS chooses an instance, as far as it can."""

    arguments_class = _placement.PlacementStrategyArgs
    type: _placement.StrategyType
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
    priority: Annotated[int, Field(ge=1, le=_listener.LAST_PRIORITY)] | None = None
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


class Source(Section):
    """Where code comes from."""

    arguments_class = SourceArgs
    repository: Annotated[str, StringConstraints(min_length=1)]
    branch: Annotated[str, StringConstraints(min_length=1)] = "main"
    connection_arn: Arn | None = None
    connection_provider: ConnectionProvider | None = None


class Pipeline(Section):
    """From a commit to running tasks, for one service."""

    arguments_class = PipelineArgs
    source: Source
    directory: Folder = "."
    test_stage: Name | None = None
    deploy: DeployKind = DeployKind.PULUMI
    program_source: Source | None = None
    program_directory: Folder = "."
    backend_url: BackendUrl | None = None
    secrets_key_arn: Arn | None = None
    access_token_secret_arn: Arn | None = None
    approval: bool = False
    notification_emails: list[EmailAddress] = []
    compute_type: str = "BUILD_GENERAL1_SMALL"
    artifact_days: Count = 30
    log_retention_days: RetentionDays = 30
    kms_key_arn: Arn | None = None


class Platform(Section):
    """Everything that one stack says."""

    protect: bool = Field(
        True,
        description="Refuse to delete what holds data or cannot be had again: repositories, generated secrets, load "
        "balancers, their logs and static addresses. Defaults to true; false lets `pulumi destroy` take the stack down "
        "with its images.",
    )
    publish_outputs: bool = Field(
        False,
        description="Publish the outputs in Parameter Store too, under /<project>/<stack>/outputs/, for those who do "
        "not use Pulumi. Defaults to false.",
    )
    network: Network = Network()
    registry: Registry = Registry()
    cluster: Cluster = Cluster()
    load_balancer: LoadBalancer = LoadBalancer()
    network_load_balancer: NetworkLoadBalancer | None = Field(
        None,
        description="A Network Load Balancer beside the other one, for services with a networkListener; `{}` means all "
        "defaults. Defaults to none.",
    )
    services: dict[Name, Service] = Field(default_factory=dict, description="The services by name.")
    pipelines: dict[Name, Pipeline] = Field(
        default_factory=dict, description="The pipelines, each by the name of the service that it builds and deploys."
    )

    def strategy_of(self, service: Service) -> list[CapacityProviderStrategyArgs]:
        """Return where the tasks of a service run: by its own strategy, or the cluster's."""
        if service.capacity_provider_strategy:
            return [cast(CapacityProviderStrategyArgs, item.arguments()) for item in service.capacity_provider_strategy]
        return self.cluster.strategy

    @property
    def addresses_needed(self) -> int:
        """How many addresses of the private subnets tasks and instances take at most, while all services are deployed.

        A rolling deployment runs twice the tasks for a while. How many Managed Instances there will be nobody knows.
        """
        tasks = sum(2 * service.max_tasks for service in self.services.values())
        return tasks + sum(group.max_size for group in self.cluster.auto_scaling_groups.values())
