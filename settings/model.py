"""The sections of the settings.

A section names the arguments class of the component that its fields are passed to: the two share names and defaults (a
test compares them), and the descriptions in settings.schema.json are the arguments' own.
"""

from typing import Annotated, Any, ClassVar, Final, cast

from pydantic import BaseModel, ConfigDict, Field, StringConstraints
from pydantic.alias_generators import to_camel

from components import _domains, _listener, _placement
from components._instances import OperatingSystem
from components._network_listener import HealthCheck, ListenerProtocol, NetworkListenerArgs
from components.auto_scaling_group import AutoScalingGroupArgs, WarmPoolArgs, WarmPoolState
from components.capacity import Capacity, CapacityProviderStrategyArgs, default_strategy, provider_kinds
from components.certificate import CertificateArgs
from components.cluster import AccountSettingsArgs, ClusterArgs, ContainerInsights, ExecuteCommandLoggingArgs
from components.existing_load_balancer import ExistingLoadBalancerArgs
from components.existing_network import ExistingNetworkArgs
from components.load_balancer import TLS_POLICY, LoadBalancerArgs
from components.managed_instances import CapacityOption, ManagedInstancesArgs
from components.network import NatGateways, NetworkArgs, VpcEndpoints
from components.network_load_balancer import NetworkLoadBalancerArgs
from components.pipeline import ConnectionProvider, DeployKind, PipelineArgs, SourceArgs
from components.public_registry import PublicArchitecture, PublicOperatingSystem, PublicRepositoryArgs
from components.registry import EncryptionType, LifecycleRuleArgs, RepositoryArgs, TagMutability
from components.registry_account import (
    AppliedFor,
    CreationTemplateArgs,
    PullThroughCacheArgs,
    RegistryAccountArgs,
    ReplicationDestinationArgs,
    ReplicationRuleArgs,
    ScanningArgs,
    ScanType,
    SigningRuleArgs,
)
from components.service import Architecture, EgressRuleArgs, GeneratedSecretArgs, NetworkMode, ServiceArgs
from components.web_acl import WebAclArgs

# Pattern of a text → what the text must be, in words.
(
    _NAME,
    _ARN,
    _VARIABLE,
    _CIDR,
    _EMAIL,
    _BACKEND,
    _FOLDER,
    _BUCKET,
    _ENDPOINT,
    _KEY,
    _VPC,
    _SUBNET,
    _GROUP,
    _CIDR6,
    _INSTANCE_TYPE,
    _IMAGE_VERSION,
    _INSTANCE_TYPES,
) = (
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
    r"^[a-z][a-z0-9-]*[.][a-z0-9-]+$",
    r"^[A-Za-z0-9][A-Za-z0-9_.-]*$",
    r"^[a-z0-9*.-]{1,30}$",
)
PATTERN_WORDS: Final[dict[str, str]] = {
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
    _IMAGE_VERSION: "one version as the path of AWS's parameter names it, such as 1.50.0",
    _INSTANCE_TYPE: "an instance type such as t3.medium",
    _INSTANCE_TYPES: "an instance type such as m7g.large, or several by * for any characters: m7g.*",
    _KEY: "the ARN of a KMS key: arn:aws:kms:region:account:key/id",
}

# Of the registry; the patterns are those of the ECR API.
_SEGMENT = r"[a-z0-9]+((\.|_|__|-+)[a-z0-9]+)*"
_REPOSITORY, _PREFIX, _NAME_START, _NAME_FILTER, _SIGNING_FILTER, _TAG, _TAG_START = (
    rf"^{_SEGMENT}(/{_SEGMENT})*$",
    rf"^({_SEGMENT}(/{_SEGMENT})*/?|ROOT)$",
    r"^([a-z0-9]+([._-][a-z0-9]*)*/)*[a-z0-9]*([._-][a-z0-9]*)*$",
    r"^[a-z0-9*]([._\-/a-z0-9*]?[a-z0-9*]+)*$",
    r"^([a-z0-9*]+([._-][a-z0-9*]+)*/)*[a-z0-9*]+([._-][a-z0-9*]+)*$",
    r"^[0-9a-zA-Z._*-]{1,128}$",
    r"^[0-9a-zA-Z_][0-9a-zA-Z._-]{0,127}$",
)
_ACCOUNT, _ORGANIZATION, _PRINCIPAL, _REGION, _HOST, _JSON_KEY = (
    r"^[0-9]{12}$",
    r"^o-[a-z0-9]{10,32}$",
    r"^([0-9]{12}|arn:[a-z-]+:iam::[0-9]{12}:(role|user)/.+)$",
    r"^[a-z]{2}(-[a-z]+)+-[0-9]$",
    r"^[a-z0-9-]+([.][a-z0-9-]+)+$",
    r"^[A-Za-z][A-Za-z0-9_-]*$",
)
PATTERN_WORDS.update(
    {
        _REPOSITORY: "lower-case letters and digits, between them . _ __ - or /, as ECR allows: team/web",
        _PREFIX: "the start of repository names: lower-case letters, digits, between them . _ - or /; or ROOT",
        _NAME_START: "the start of repository names: lower-case letters, digits and . _ - /",
        _NAME_FILTER: "a repository name or a part of it: lower-case letters, digits, . _ - / and * for any characters",
        _SIGNING_FILTER: "a repository name: lower-case letters, digits, . _ - / and * for any characters",
        _TAG: "a tag of at most 128 letters, digits and . _ -, with * for any characters",
        _TAG_START: "the start of a tag: letters, digits and . _ -",
        _ACCOUNT: 'an account id: twelve digits in quotes, "123456789012"',
        _ORGANIZATION: "the id of an organisation: o-a1b2c3d4e5",
        _PRINCIPAL: 'an account id in quotes, "123456789012", or the ARN of a role or user',
        _REGION: "a region such as eu-west-1",
        _HOST: "a host name such as public.ecr.aws, without https://",
        _JSON_KEY: "letters, digits, - and _, beginning with a letter",
    }
)
# Of the rules of a load balancer (Elastic Load Balancing API, HttpHeaderConditionConfig). A header whose name has other
# characters is dropped before it is compared.
_HEADER, _HEADER_VALUE = r"^[A-Za-z0-9-]{1,40}$", r"^[ -~]{1,128}$"
PATTERN_WORDS.update(
    {
        _HEADER: "the name of a header: at most 40 letters, digits and hyphens",
        _HEADER_VALUE: "1 to 128 characters of ASCII, with * for any characters and ? for one",
    }
)
# Of the Application Load Balancer and what stands in front of it.
_ZONE, _LISTENER, _WEB_ACL, _TLS_POLICY, _WAF_RULE = (
    r"^Z[0-9A-Z]{1,31}$",
    r"^arn:[a-z-]+:elasticloadbalancing:[a-z0-9-]+:[0-9]{12}:listener/app/[^/]+/[0-9a-f]+/[0-9a-f]+$",
    r"^arn:[a-z-]+:wafv2:[a-z0-9-]+:[0-9]{12}:regional/webacl/[^/]+/.+$",
    r"^ELBSecurityPolicy-TLS13-1-[23](-[A-Za-z0-9-]+)?-[0-9]{4}-[0-9]{2}$",
    r"^[A-Za-z0-9_]+$",
)
PATTERN_WORDS.update(
    {
        _domains.NAME: "the name of a domain in small letters, without a dot at its end: shop.example.com",
        _domains.NAME_OR_WILDCARD: "the name of a domain in small letters, or *. and one: *.shop.example.com",
        _ZONE: "the id of a hosted zone: Z0123456789ABCDEFGHIJ",
        _LISTENER: "the ARN of an application load balancer's listener: "
        "arn:aws:elasticloadbalancing:region:account:listener/app/name/id/id",
        _WEB_ACL: "the ARN of a regional web ACL: arn:aws:wafv2:region:account:regional/webacl/name/id",
        _TLS_POLICY: "AWS's name of a policy for TLS 1.2 and 1.3 only: ELBSecurityPolicy-TLS13-1-2-Res-PQ-2025-09",
        _WAF_RULE: "the name of a rule: SizeRestrictions_BODY",
    }
)
DomainName = Annotated[str, StringConstraints(pattern=_domains.NAME, max_length=_domains.LONGEST)]
HeaderName = Annotated[str, StringConstraints(pattern=_HEADER)]
HeaderValue = Annotated[str, StringConstraints(pattern=_HEADER_VALUE)]
RepositoryName = Annotated[str, StringConstraints(pattern=_REPOSITORY, min_length=2, max_length=200)]
Prefix = Annotated[str, StringConstraints(pattern=_PREFIX, min_length=2, max_length=30)]
TagPattern = Annotated[str, StringConstraints(pattern=_TAG)]
TemplatePrefix = Annotated[str, StringConstraints(pattern=_PREFIX, min_length=1, max_length=256)]
TagStart = Annotated[str, StringConstraints(pattern=_TAG_START)]
ExclusionFilters = Annotated[list[TagPattern], Field(max_length=5)]
ScanFilters = Annotated[
    list[Annotated[str, StringConstraints(pattern=_NAME_FILTER, max_length=255)]], Field(max_length=100)
]
AccountId = Annotated[str, StringConstraints(pattern=_ACCOUNT)]
Principal = Annotated[str, StringConstraints(pattern=_PRINCIPAL)]

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


class LifecycleRule(Section):
    """One more rule of a repository's lifecycle."""

    arguments_class = LifecycleRuleArgs
    tag_patterns: Annotated[list[TagPattern], Field(min_length=1)]
    keep_images: Count | None = None
    expire_days: Count | None = None


class Repository(Section):
    """One image repository."""

    arguments_class = RepositoryArgs
    scan_on_push: bool = True
    image_tag_mutability: TagMutability = TagMutability.IMMUTABLE
    image_tag_mutability_exclusion_filters: ExclusionFilters = []
    encryption_type: EncryptionType | None = None
    kms_key_arn: Arn | None = None
    release_tag_prefixes: list[TagStart] = ["prod"]
    keep_releases: Count = 10
    untagged_days: Count = 1
    keep_images: Count = 100
    lifecycle_rules: list[LifecycleRule] = []
    pull_principals: list[Principal] = []
    pull_organizations: list[Annotated[str, StringConstraints(pattern=_ORGANIZATION)]] = []
    pull_lambda_accounts: list[AccountId] = []
    push_principals: list[Principal] = []


class Scanning(Section):
    """Scanning of the whole registry."""

    arguments_class = ScanningArgs
    scan_type: ScanType = ScanType.BASIC
    scan_on_push: ScanFilters = ["*"]
    continuous: ScanFilters = []


class ReplicationDestination(Section):
    """Where images are copied to."""

    arguments_class = ReplicationDestinationArgs
    region: Annotated[str, StringConstraints(pattern=_REGION)]
    registry_id: AccountId | None = None


class ReplicationRule(Section):
    """One rule of the replication."""

    arguments_class = ReplicationRuleArgs
    destinations: Annotated[list[ReplicationDestination], Field(min_length=1, max_length=100)]
    repository_prefixes: Annotated[
        list[Annotated[str, StringConstraints(pattern=_NAME_START, min_length=2, max_length=256)]],
        Field(max_length=100),
    ] = []


class Credential(Section):
    """A user of an upstream registry."""

    username: Annotated[str, StringConstraints(min_length=1)] = Field(description="Name of the user.")
    access_token_key: Annotated[str, StringConstraints(pattern=_JSON_KEY)] = Field(
        description="Configuration key that holds the user's access token, made by `pulumi config set --secret <key>`."
    )


class PullThroughCache(Section):
    """One upstream registry whose images are kept here."""

    arguments_class = PullThroughCacheArgs
    upstream_registry_url: Annotated[str, StringConstraints(pattern=_HOST)]
    upstream_repository_prefix: Prefix | None = None
    credential: Credential | None = Field(
        None, description="User for the upstream, kept in a secret that is made. Defaults to none."
    )
    credential_arn: Arn | None = None
    custom_role_arn: Arn | None = None


class CreationTemplate(Section):
    """What repositories are like that ECR makes by itself."""

    arguments_class = CreationTemplateArgs
    applied_for: Annotated[list[AppliedFor], Field(min_length=1)] = [
        AppliedFor.PULL_THROUGH_CACHE,
        AppliedFor.REPLICATION,
    ]
    description: Annotated[str, StringConstraints(max_length=256)] | None = None
    image_tag_mutability: TagMutability = TagMutability.IMMUTABLE
    image_tag_mutability_exclusion_filters: ExclusionFilters = []
    kms_key_arn: Arn | None = None
    custom_role_arn: Arn | None = None
    resource_tags: dict[str, str] = Field(default_factory=dict)
    release_tag_prefixes: list[TagStart] = ["prod"]
    keep_releases: Count = 10
    untagged_days: Count = 1
    keep_images: Count = 100


class SigningRule(Section):
    """One rule by which ECR signs images."""

    arguments_class = SigningRuleArgs
    repository_filters: Annotated[
        list[Annotated[str, StringConstraints(pattern=_SIGNING_FILTER, max_length=256)]], Field(max_length=100)
    ] = []
    validity_months: Annotated[int, Field(ge=1, le=135)] = 135


class RegistryAccount(Section):
    """What the registry of the account and region has once."""

    arguments_class = RegistryAccountArgs
    scanning: Scanning | None = None
    replication: Annotated[list[ReplicationRule], Field(max_length=25)] = []
    pull_through_caches: dict[Prefix, PullThroughCache] = Field(default_factory=dict)
    creation_templates: dict[TemplatePrefix, CreationTemplate] = Field(default_factory=dict)
    replication_accounts: list[AccountId] = []
    pull_through_principals: list[Principal] = []
    signing: Annotated[list[SigningRule], Field(max_length=10)] = []


class PublicRepository(Section):
    """One public image repository."""

    arguments_class = PublicRepositoryArgs
    description: Annotated[str, StringConstraints(max_length=1024)] | None = None
    about_text: Annotated[str, StringConstraints(max_length=25_600)] | None = None
    usage_text: Annotated[str, StringConstraints(max_length=25_600)] | None = None
    architectures: Annotated[list[PublicArchitecture], Field(min_length=1)] = [PublicArchitecture.X86_64]
    operating_systems: Annotated[list[PublicOperatingSystem], Field(min_length=1)] = [PublicOperatingSystem.LINUX]


class Registry(Section):
    """The image registry."""

    repositories: dict[RepositoryName, Repository] = Field(
        default_factory=dict, description="The repositories by name; `{}` as a value means all defaults."
    )
    public_repositories: dict[RepositoryName, PublicRepository] = Field(
        default_factory=dict, description="Repositories on Amazon ECR Public, which everybody can pull from, by name."
    )
    account: RegistryAccount | None = Field(
        default=None,
        description="What the registry has once for an account and region. Only one stack of an account and region may "
        "have this. Defaults to none: another stack, or nobody, owns it.",
    )


class EgressRule(Section):
    """One thing that the tasks may connect to."""

    arguments_class = EgressRuleArgs
    port: Port
    cidr_block: CidrBlock


class StrategyItem(Section):
    """One item of a capacity provider strategy."""

    arguments_class = CapacityProviderStrategyArgs
    capacity_provider: Annotated[str, StringConstraints(min_length=1)]
    weight: Annotated[int, Field(ge=0, le=1000)] = 1
    base: Annotated[int, Field(ge=0, le=100_000)] = 0


Strategy = Annotated[list[StrategyItem], Field(min_length=1)]
InstanceType = Annotated[str, StringConstraints(pattern=_INSTANCE_TYPE)]
InstanceTypes = Annotated[str, StringConstraints(pattern=_INSTANCE_TYPES)]
Memory = Annotated[int, Field(ge=6, le=25_165_824)]
Percentage = Annotated[int, Field(ge=0, le=100)]
InstanceCount = Annotated[int, Field(ge=0, le=1000)]


class WarmPool(Section):
    """Instances that wait beforehand."""

    arguments_class = WarmPoolArgs
    min_size: InstanceCount = 0
    max_prepared: InstanceCount | None = None
    state: WarmPoolState = WarmPoolState.STOPPED


class AutoScalingGroup(Section):
    """One Auto Scaling group of EC2 instances."""

    arguments_class = AutoScalingGroupArgs
    instance_types: Annotated[list[InstanceType], Field(min_length=1, max_length=40)] = ["t3.medium"]
    architecture: Architecture = Architecture.X86_64
    operating_system: OperatingSystem = OperatingSystem.AMAZON_LINUX_2023
    image_version: Annotated[str, StringConstraints(pattern=_IMAGE_VERSION)] | None = None
    min_size: InstanceCount = 1
    desired_size: InstanceCount = 3
    max_size: Annotated[int, Field(ge=1, le=1000)] = 10
    on_demand_base: InstanceCount = 0
    on_demand_percentage: Percentage = 100
    target_capacity: Annotated[int, Field(ge=1, le=100)] = 80
    min_scaling_step: Annotated[int, Field(ge=1, le=10_000)] = 1
    max_scaling_step: Annotated[int, Field(ge=1, le=10_000)] = 10
    bridge_tasks: bool = False
    root_volume_size: Annotated[int, Field(ge=30, le=16_384)] = 30
    root_volume_kms_key_arn: KeyArn | None = None
    warm_pool: WarmPool | None = None
    egress: list[EgressRule] | None = None


class ExecuteCommandLogging(Section):
    """Where what people do in ECS Exec is kept."""

    arguments_class = ExecuteCommandLoggingArgs
    log_retention_days: RetentionDays = 90
    kms_key_arn: KeyArn | None = None


class EcsAccountSettings(Section):
    """What ECS has once for an account and region."""

    arguments_class = AccountSettingsArgs
    awsvpc_trunking: bool = True
    container_insights: ContainerInsights = ContainerInsights.ENABLED


class ManagedInstances(Section):
    """EC2 instances that AWS chooses, patches and replaces."""

    arguments_class = ManagedInstancesArgs
    architecture: Architecture = Architecture.X86_64
    instance_types: Annotated[list[InstanceTypes], Field(max_length=400)] = []
    min_vcpus: Count = 1
    max_vcpus: Count | None = None
    min_memory: Memory = 1024
    max_memory: Memory | None = None
    capacity_option: CapacityOption = CapacityOption.ON_DEMAND
    storage_size: Annotated[int, Field(ge=30, le=16_384)] = 80
    detailed_monitoring: bool = False
    scale_in_seconds: Annotated[int, Field(ge=-1, le=3600)] | None = None
    egress: list[EgressRule] | None = None


class Cluster(Section):
    """The ECS cluster."""

    arguments_class = ClusterArgs
    container_insights: ContainerInsights = ContainerInsights.ENABLED
    capacity_provider_strategy: Strategy | None = None
    auto_scaling_groups: dict[Name, AutoScalingGroup] = Field(default_factory=dict)
    managed_instances: dict[Name, ManagedInstances] = Field(
        default_factory=dict,
        description="ECS Managed Instances, by the name that strategies call them. Defaults to none.",
    )
    execute_command_logging: ExecuteCommandLogging | None = None
    storage_kms_key_arn: KeyArn | None = None
    account_settings: EcsAccountSettings | None = Field(
        default=None,
        description="What ECS has once for an account and region. Only one stack of an account and region may have "
        "this. Defaults to none: another stack, or nobody, owns it.",
    )
    spot_only: bool = Field(
        default=False,
        description="Let a protected stack run nothing but Spot capacity, which AWS may take back at two minutes' "
        "notice, all of it at once. Defaults to false: with protect such a strategy is refused.",
    )

    @property
    def has_instances(self) -> bool:
        """Whether there are EC2 instances."""
        return bool(self.auto_scaling_groups or self.managed_instances)

    @property
    def provider_kinds(self) -> dict[str, Capacity]:
        """The capacity providers that a strategy may name, each with its kind."""
        return provider_kinds(self.auto_scaling_groups, self.managed_instances)

    @property
    def strategy(self) -> list[CapacityProviderStrategyArgs]:
        """Where tasks run that name no strategy of their own."""
        if self.capacity_provider_strategy:
            return [cast(CapacityProviderStrategyArgs, item.arguments()) for item in self.capacity_provider_strategy]
        return default_strategy(self.provider_kinds)

    def arguments(self) -> dict[str, Any]:
        """Return the values for the cluster itself: neither Managed Instances nor what is only checked."""
        apart = {"managed_instances", "spot_only"}
        return {name: value for name, value in super().arguments().items() if name not in apart}


class ExistingLoadBalancer(Section):
    """A load balancer that is there already."""

    arguments_class = ExistingLoadBalancerArgs
    listener_arn: Annotated[str, StringConstraints(pattern=_LISTENER)]
    security_group_id: Annotated[str, StringConstraints(pattern=_GROUP)] | None = None


class Domain(Section):
    """A domain's name, which the load balancer answers at with a certificate of ours."""

    arguments_class = CertificateArgs
    name: DomainName
    zone: DomainName
    zone_id: Annotated[str, StringConstraints(pattern=_ZONE)] | None = None
    alternative_names: Annotated[
        list[Annotated[str, StringConstraints(pattern=_domains.NAME_OR_WILDCARD, max_length=_domains.LONGEST)]],
        Field(max_length=99),
    ] = []

    @property
    def names(self) -> list[str]:
        """Every name, the first one first."""
        return [self.name, *self.alternative_names]


class WebAcl(Section):
    """A web application firewall with managed rules of AWS."""

    arguments_class = WebAclArgs
    count_only: bool = False
    counted_rules: list[Annotated[str, StringConstraints(pattern=_WAF_RULE)]] = []
    rate_limit: Annotated[int, Field(ge=10, le=2_000_000_000)] = 2000
    log_retention_days: int = 30


class LoadBalancer(Section):
    """The load balancer that the services share."""

    arguments_class = LoadBalancerArgs
    internal: bool = False
    domain: Annotated[
        Domain | None,
        Field(
            description="Name of a domain to answer at, over HTTPS, with certificate and records made here. Defaults "
            "to none: the load balancer has AWS's name."
        ),
    ] = None
    certificate_arns: Annotated[list[Arn], Field(max_length=25)] = []
    tls_policy: Annotated[str, StringConstraints(pattern=_TLS_POLICY)] = TLS_POLICY
    allowed_cidr_blocks: Annotated[list[CidrBlock], Field(min_length=1)] | None = None
    allowed_ipv6_cidr_blocks: list[Annotated[str, StringConstraints(pattern=_CIDR6)]] | None = None
    web_acl: Annotated[
        WebAcl | None,
        Field(description="A web ACL of AWS WAF made here; `{}` means all defaults. Defaults to none."),
    ] = None
    web_acl_arn: Annotated[str, StringConstraints(pattern=_WEB_ACL)] | None = None
    access_logs: bool = True
    connection_logs: bool = False
    log_days: Count = 90
    existing: Annotated[
        ExistingLoadBalancer | None,
        Field(
            description="An Application Load Balancer to stand behind that is there already; nothing of it is changed. "
            "Defaults to making one."
        ),
    ] = None

    def arguments(self) -> dict[str, Any]:
        """Return the values for a load balancer of our own."""
        elsewhere = ("domain", "web_acl", "existing")
        return {name: value for name, value in super().arguments().items() if name not in elsewhere}


class NetworkLoadBalancer(Section):
    """A load balancer of connections, beside that of requests."""

    arguments_class = NetworkLoadBalancerArgs
    static_addresses: bool = False
    internal: bool = False
    allowed_cidr_blocks: Annotated[list[CidrBlock], Field(min_length=1)] | None = None
    cross_zone: bool = True


class NetworkListener(Section):
    """A service's own listener on the network load balancer."""

    arguments_class = NetworkListenerArgs
    port: Port
    protocol: ListenerProtocol = ListenerProtocol.TCP
    certificate_arn: Arn | None = None
    health_check: HealthCheck = HealthCheck.HTTP
    preserve_client_ip: bool = False


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
