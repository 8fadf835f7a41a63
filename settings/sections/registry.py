"""The registry's sections of the settings."""

from typing import Annotated

from pydantic import Field, StringConstraints

from components.registry.args import (
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

from ..kinds import (
    HOST,
    JSON_KEY,
    NAME_START,
    ORGANIZATION,
    REGION,
    SIGNING_FILTER,
    AccountId,
    Arn,
    Count,
    ExclusionFilters,
    Prefix,
    Principal,
    RepositoryName,
    ScanFilters,
    TagPattern,
    TagStart,
    TemplatePrefix,
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
    pull_organizations: list[Annotated[str, StringConstraints(pattern=ORGANIZATION)]] = []
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
    region: Annotated[str, StringConstraints(pattern=REGION)]
    registry_id: AccountId | None = None


class ReplicationRule(Section):
    """One rule of the replication."""

    arguments_class = ReplicationRuleArgs
    destinations: Annotated[list[ReplicationDestination], Field(min_length=1, max_length=100)]
    repository_prefixes: Annotated[
        list[Annotated[str, StringConstraints(pattern=NAME_START, min_length=2, max_length=256)]],
        Field(max_length=100),
    ] = []


class Credential(Section):
    """A user of an upstream registry."""

    username: Annotated[str, StringConstraints(min_length=1)] = Field(description="Name of the user.")
    access_token_key: Annotated[str, StringConstraints(pattern=JSON_KEY)] = Field(
        description="Configuration key that holds the user's access token, made by `pulumi config set --secret <key>`."
    )


class PullThroughCache(Section):
    """One upstream registry whose images are kept here."""

    arguments_class = PullThroughCacheArgs
    upstream_registry_url: Annotated[str, StringConstraints(pattern=HOST)]
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
        list[Annotated[str, StringConstraints(pattern=SIGNING_FILTER, max_length=256)]], Field(max_length=100)
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
