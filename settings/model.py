"""The sections of the settings.

A section names the arguments class of the component that its fields are passed to: the two share names and defaults (a
test compares them), and the descriptions in settings.schema.json are the arguments' own.
"""

from typing import Annotated, Any, ClassVar, Final

from pydantic import BaseModel, ConfigDict, Field, StringConstraints
from pydantic.alias_generators import to_camel

from components import _fargate, _listener
from components.cluster import CapacityProvider, CapacityProviderStrategyArgs, ClusterArgs, ContainerInsights
from components.existing_network import ExistingNetworkArgs
from components.load_balancer import LoadBalancerArgs
from components.network import NatGateways, NetworkArgs, VpcEndpoints
from components.pipeline import ConnectionProvider, DeployKind, PipelineArgs, SourceArgs
from components.registry import RepositoryArgs, TagMutability
from components.service import Architecture, EgressRuleArgs, GeneratedSecretArgs, ServiceArgs

# Pattern of a text → what the text must be, in words.
_NAME, _ARN, _VARIABLE, _CIDR, _EMAIL, _BACKEND, _FOLDER, _BUCKET, _ENDPOINT, _KEY, _VPC, _SUBNET, _GROUP, _CIDR6 = (
    r"^[a-z][a-z0-9-]{0,22}[a-z0-9]$",
    r"^arn:[a-z-]+:[a-z0-9-]+:[a-z0-9-]*:[0-9]{12}:.+$",
    r"^[A-Za-z_][A-Za-z0-9_]*$",
    r"^[0-9]{1,3}([.][0-9]{1,3}){3}/[0-9]{1,2}$",
    r"^[^@\s]+@[^@\s]+[.][^@\s]+$",
    r"^(s3://[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]([?].*)?|https://.+)$",
    r"^[A-Za-z0-9_.][A-Za-z0-9_./-]*$",
    r"^arn:[a-z-]+:s3:::[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$",
    r"^[a-z0-9-]+([.][a-z0-9-]+)?$",
    r"^arn:[a-z-]+:kms:[a-z0-9-]+:[0-9]{12}:key/.+$",
    r"^vpc-[0-9a-f]+$",
    r"^subnet-[0-9a-f]+$",
    r"^sg-[0-9a-f]+$",
    r"^[0-9a-fA-F:]+/[0-9]{1,3}$",
)
PATTERN_WORDS: Final = {
    _NAME: "2 to 24 lower-case letters, digits and hyphens, beginning with a letter and not ending in a hyphen",
    _ARN: "an ARN: arn:partition:service:region:account:resource",
    _VARIABLE: "letters, digits and underscores, not beginning with a digit",
    _CIDR: "an IPv4 range such as 10.0.0.0/16",
    _EMAIL: "an e-mail address",
    _BACKEND: "s3://<bucket>?region=<region>, or https://api.pulumi.com",
    _FOLDER: "a folder of the source such as services/web: letters, digits, dots, hyphens, underscores, slashes",
    _BUCKET: "the ARN of a bucket: arn:aws:s3:::name",
    _ENDPOINT: "the end of an endpoint's name: sqs for com.amazonaws.<region>.sqs",
    _VPC: "the id of a VPC: vpc-0123456789abcdef0",
    _SUBNET: "the id of a subnet: subnet-0123456789abcdef0",
    _GROUP: "the id of a security group: sg-0123456789abcdef0",
    _CIDR6: "an IPv6 range such as 2001:db8::/32",
    _KEY: "the ARN of a KMS key: arn:aws:kms:region:account:key/id",
}
Name = Annotated[str, StringConstraints(pattern=_NAME)]
Arn = Annotated[str, StringConstraints(pattern=_ARN)]
VariableName = Annotated[str, StringConstraints(pattern=_VARIABLE)]
CidrBlock = Annotated[str, StringConstraints(pattern=_CIDR)]
EmailAddress = Annotated[str, StringConstraints(pattern=_EMAIL)]
BackendUrl = Annotated[str, StringConstraints(pattern=_BACKEND)]
Folder = Annotated[str, StringConstraints(pattern=_FOLDER)]
BucketArn = Annotated[str, StringConstraints(pattern=_BUCKET)]
KeyArn = Annotated[str, StringConstraints(pattern=_KEY)]
EndpointService = Annotated[str, StringConstraints(pattern=_ENDPOINT)]
Port = Annotated[int, Field(ge=1, le=65535)]
Count = Annotated[int, Field(ge=1, le=1000)]

# What CloudWatch Logs accepts (PutRetentionPolicy).
RETENTION_DAYS: Final = [1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922]
RetentionDays = Annotated[int, Field(json_schema_extra={"enum": RETENTION_DAYS})]


class Section(BaseModel):
    """A part of the settings: unknown keys are refused, types are not converted, values do not change."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, alias_generator=to_camel)
    arguments_class: ClassVar[type | None] = None

    def arguments(self) -> dict[str, Any]:
        """Return the values under the names that the component gives them, without those that are not set."""
        return self.model_dump(exclude_none=True)


SubnetId = Annotated[str, StringConstraints(pattern=_SUBNET)]


class ExistingNetwork(Section):
    """A VPC that is there already."""

    arguments_class = ExistingNetworkArgs
    vpc_id: Annotated[str, StringConstraints(pattern=_VPC)]
    public_subnet_ids: list[SubnetId] = []
    private_subnet_ids: list[SubnetId] = []
    endpoint_security_group_id: Annotated[str, StringConstraints(pattern=_GROUP)] | None = None


class Network(Section):
    """The VPC."""

    arguments_class = NetworkArgs
    cidr_block: CidrBlock = "10.0.0.0/16"
    reserved_cidr_blocks: list[CidrBlock] = []
    availability_zone_count: Annotated[int, Field(ge=2, le=3)] = 2
    nat_gateways: NatGateways = NatGateways.SINGLE
    endpoints: VpcEndpoints = VpcEndpoints.GATEWAY
    endpoint_services: list[EndpointService] = []
    endpoint_bucket_arns: list[BucketArn] = []
    ipv6: bool = False
    flow_log_retention_days: RetentionDays = 30
    encrypt_flow_logs: bool = False
    flow_log_kms_key_arn: KeyArn | None = None
    existing: Annotated[
        ExistingNetwork | None,
        Field(description="A VPC to live in that is there already; nothing of it is changed. Defaults to making one."),
    ] = None

    @property
    def has_endpoints_to_open(self) -> bool:
        """Whether there are interface endpoints whose security group admits a service's tasks only if it is told to."""
        if self.existing:
            return self.existing.endpoint_security_group_id is not None
        return self.endpoints is VpcEndpoints.PRIVATE

    def arguments(self) -> dict[str, Any]:
        """Return the values for a VPC of our own."""
        return {name: value for name, value in super().arguments().items() if name != "existing"}


class Repository(Section):
    """One image repository."""

    arguments_class = RepositoryArgs
    scan_on_push: bool = True
    image_tag_mutability: TagMutability = TagMutability.IMMUTABLE
    kms_key_arn: Arn | None = None
    release_tag_prefixes: list[Annotated[str, StringConstraints(min_length=1)]] = ["prod"]
    keep_releases: Count = 10
    untagged_days: Count = 1
    keep_images: Count = 100


class Registry(Section):
    """The image registry."""

    repositories: dict[Name, Repository] = Field(
        default_factory=dict, description="The repositories by name; `{}` as a value means all defaults."
    )


class StrategyItem(Section):
    """One item of a capacity provider strategy."""

    arguments_class = CapacityProviderStrategyArgs
    capacity_provider: CapacityProvider
    weight: Annotated[int, Field(ge=0, le=1000)] = 1
    base: Annotated[int, Field(ge=0, le=100_000)] = 0


Strategy = Annotated[list[StrategyItem], Field(min_length=1)]


class Cluster(Section):
    """The ECS cluster."""

    arguments_class = ClusterArgs
    container_insights: ContainerInsights = ContainerInsights.ENABLED
    capacity_provider_strategy: Strategy = [StrategyItem.model_construct(capacity_provider=CapacityProvider.FARGATE)]


class LoadBalancer(Section):
    """The load balancer that the services share."""

    arguments_class = LoadBalancerArgs
    certificate_arn: Arn | None = None
    allowed_cidr_blocks: Annotated[list[CidrBlock], Field(min_length=1)] = ["0.0.0.0/0"]
    allowed_ipv6_cidr_blocks: list[Annotated[str, StringConstraints(pattern=_CIDR6)]] | None = None


class GeneratedSecret(Section):
    """A password made once with the service."""

    arguments_class = GeneratedSecretArgs
    environment_variable: VariableName
    username: str = "admin"


class EgressRule(Section):
    """One thing that the tasks may connect to."""

    arguments_class = EgressRuleArgs
    port: Port
    cidr_block: CidrBlock


class Service(Section):
    """One web service."""

    arguments_class = ServiceArgs
    repository: Name = Field(description="Name of the repository, under registry.repositories, that holds its images.")
    image: Annotated[str, StringConstraints(min_length=1)] | None = None
    container_port: Port = 80
    cpu: int = Field(256, json_schema_extra={"enum": list(_fargate.CPU_VALUES)})
    memory: int = 512
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
    priority: Annotated[int, Field(ge=1, le=_listener.LAST_PRIORITY)] | None = None
    min_tasks: Count = 2
    max_tasks: Count = 10
    cpu_target: Annotated[int, Field(ge=1, le=100)] = 70
    capacity_provider_strategy: Strategy | None = Field(
        None, description="Where the tasks run. Defaults to the cluster's strategy."
    )
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
        description="Refuse to delete what holds data: repositories, generated secrets, the load balancer. Defaults to "
        "true; false lets `pulumi destroy` take the stack down with its images.",
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
    services: dict[Name, Service] = Field(default_factory=dict, description="The services by name.")
    pipelines: dict[Name, Pipeline] = Field(
        default_factory=dict, description="The pipelines, each by the name of the service that it builds and deploys."
    )
