"""The registry's sections of the settings."""

from typing import Annotated

from pydantic import Field

from components.registry.args import (
    PUBLIC_REPOSITORY_DEFAULTS,
    REGISTRY_ACCOUNT_DEFAULTS,
    REPLICATION_DEFAULTS,
    REPOSITORY_DEFAULTS,
    SCANNING_DEFAULTS,
    SIGNING_DEFAULTS,
    TEMPLATE_DEFAULTS,
    AppliedFor,
    CreationTemplateArgs,
    EncryptionType,
    LifecycleRuleArgs,
    PublicArchitecture,
    PublicOperatingSystem,
    PublicRepositoryArgs,
    PullThroughCacheArgs,
    RegistryAccountArgs,
    ReplicationDestinationArgs,
    ReplicationRuleArgs,
    RepositoryArgs,
    ScanningArgs,
    ScanType,
    SigningRuleArgs,
    TagMutability,
)

from ..arns import KeyArn, Principal, RoleArn, WholeSecretArn
from ..kinds import (
    AccountId,
    ConfigurationKey,
    Count,
    ExclusionFilters,
    HostName,
    NotEmpty,
    OrganizationId,
    Prefix,
    PublicRepositoryName,
    Region,
    RepositoryName,
    RepositoryStart,
    ScanFilters,
    SigningFilter,
    TagPattern,
    Tags,
    TagStart,
    TemplatePrefix,
    Text,
)
from ..section import Section


class LifecycleRule(Section):
    """One more rule of a repository's lifecycle."""

    arguments_class = LifecycleRuleArgs
    tag_patterns: Annotated[list[TagPattern], Field(min_length=1)]
    keep_images: Count | None = None
    expire_days: Count | None = None


class Repository(Section):
    """One image repository."""

    arguments_class = RepositoryArgs
    scan_on_push: bool = REPOSITORY_DEFAULTS["scan_on_push"]
    image_tag_mutability: TagMutability = REPOSITORY_DEFAULTS["image_tag_mutability"]
    image_tag_mutability_exclusion_filters: ExclusionFilters = REPOSITORY_DEFAULTS[
        "image_tag_mutability_exclusion_filters"
    ]
    encryption_type: EncryptionType | None = None
    kms_key_arn: KeyArn | None = None
    release_tag_prefixes: list[TagStart] = REPOSITORY_DEFAULTS["release_tag_prefixes"]
    keep_releases: Count = REPOSITORY_DEFAULTS["keep_releases"]
    untagged_days: Count = REPOSITORY_DEFAULTS["untagged_days"]
    keep_images: Count = REPOSITORY_DEFAULTS["keep_images"]
    lifecycle_rules: list[LifecycleRule] = []
    pull_principals: list[Principal] = REPOSITORY_DEFAULTS["pull_principals"]
    pull_organizations: list[OrganizationId] = REPOSITORY_DEFAULTS["pull_organizations"]
    pull_lambda_accounts: list[AccountId] = REPOSITORY_DEFAULTS["pull_lambda_accounts"]
    push_principals: list[Principal] = REPOSITORY_DEFAULTS["push_principals"]


class Scanning(Section):
    """Scanning of the whole registry."""

    arguments_class = ScanningArgs
    scan_type: ScanType = SCANNING_DEFAULTS["scan_type"]
    scan_on_push: ScanFilters = SCANNING_DEFAULTS["scan_on_push"]
    continuous: ScanFilters = SCANNING_DEFAULTS["continuous"]


class ReplicationDestination(Section):
    """Where images are copied to."""

    arguments_class = ReplicationDestinationArgs
    region: Region
    registry_id: AccountId | None = None


class ReplicationRule(Section):
    """One rule of the replication."""

    arguments_class = ReplicationRuleArgs
    destinations: Annotated[list[ReplicationDestination], Field(min_length=1, max_length=100)]
    repository_prefixes: Annotated[
        list[RepositoryStart],
        Field(max_length=100),
    ] = REPLICATION_DEFAULTS["repository_prefixes"]


class Credential(Section):
    """A user of an upstream registry."""

    username: NotEmpty = Field(description="Name of the user.")
    access_token_key: ConfigurationKey = Field(
        description="Configuration key of the user's access token; set it by `pulumi config set --secret <key>`."
    )


class PullThroughCache(Section):
    """One upstream registry whose images are kept here after the first pull."""

    arguments_class = PullThroughCacheArgs
    upstream_registry_url: HostName
    upstream_repository_prefix: Prefix | None = None
    credential: Credential | None = Field(
        None, description="User of the upstream registry, kept in a secret that is made. Defaults to none."
    )
    credential_arn: WholeSecretArn | None = None
    custom_role_arn: RoleArn | None = None


class CreationTemplate(Section):
    """A template for repositories that ECR creates itself."""

    arguments_class = CreationTemplateArgs
    applied_for: Annotated[list[AppliedFor], Field(min_length=1)] = TEMPLATE_DEFAULTS["applied_for"]
    description: Annotated[str, Text("", "text", max_length=256)] | None = None
    image_tag_mutability: TagMutability = TEMPLATE_DEFAULTS["image_tag_mutability"]
    image_tag_mutability_exclusion_filters: ExclusionFilters = TEMPLATE_DEFAULTS[
        "image_tag_mutability_exclusion_filters"
    ]
    kms_key_arn: KeyArn | None = None
    custom_role_arn: RoleArn | None = None
    resource_tags: Tags = TEMPLATE_DEFAULTS["resource_tags"]
    release_tag_prefixes: list[TagStart] = TEMPLATE_DEFAULTS["release_tag_prefixes"]
    keep_releases: Count = TEMPLATE_DEFAULTS["keep_releases"]
    untagged_days: Count = TEMPLATE_DEFAULTS["untagged_days"]
    keep_images: Count = TEMPLATE_DEFAULTS["keep_images"]


class SigningRule(Section):
    """One rule by which ECR signs images."""

    arguments_class = SigningRuleArgs
    repository_filters: Annotated[list[SigningFilter], Field(max_length=100)] = SIGNING_DEFAULTS["repository_filters"]
    validity_months: Annotated[int, Field(ge=1, le=135)] = SIGNING_DEFAULTS["validity_months"]


class RegistryAccount(Section):
    """What the registry has once per account and region."""

    arguments_class = RegistryAccountArgs
    scanning: Scanning | None = None
    replication: Annotated[list[ReplicationRule], Field(max_length=25)] = []
    # "Amazon ECR service quotas", which AWS does not raise.
    pull_through_caches: dict[Prefix, PullThroughCache] = Field(default_factory=dict, max_length=50)
    creation_templates: dict[TemplatePrefix, CreationTemplate] = Field(default_factory=dict)
    replication_accounts: list[AccountId] = REGISTRY_ACCOUNT_DEFAULTS["replication_accounts"]
    pull_through_principals: list[Principal] = REGISTRY_ACCOUNT_DEFAULTS["pull_through_principals"]
    signing: Annotated[list[SigningRule], Field(max_length=10)] = []


class PublicRepository(Section):
    """One public image repository."""

    arguments_class = PublicRepositoryArgs
    description: Annotated[str, Text("", "text", max_length=1024)] | None = None
    about_text: Annotated[str, Text("", "text", max_length=25_600)] | None = None
    usage_text: Annotated[str, Text("", "text", max_length=25_600)] | None = None
    architectures: Annotated[list[PublicArchitecture], Field(min_length=1)] = PUBLIC_REPOSITORY_DEFAULTS[
        "architectures"
    ]
    operating_systems: Annotated[list[PublicOperatingSystem], Field(min_length=1)] = PUBLIC_REPOSITORY_DEFAULTS[
        "operating_systems"
    ]


class Registry(Section):
    """The image registry."""

    repositories: dict[RepositoryName, Repository] = Field(
        default_factory=dict, description="The repositories by name; the value `{}` means all defaults."
    )
    public_repositories: dict[PublicRepositoryName, PublicRepository] = Field(
        default_factory=dict, description="Repositories on Amazon ECR Public, by name. Everybody can pull from them."
    )
    account: RegistryAccount | None = Field(
        default=None,
        description="What the registry has once per account and region. Only one stack there may set this. Defaults to "
        "none: another stack, or nobody, owns it.",
    )
