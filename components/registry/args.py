"""What the registry's components are made from."""

from enum import Enum
from typing import Any, Final, NotRequired, TypedDict

import pulumi


class TagMutability(str, Enum):
    """Whether a tag can be moved to another image."""

    IMMUTABLE = "IMMUTABLE"
    IMMUTABLE_WITH_EXCLUSION = "IMMUTABLE_WITH_EXCLUSION"
    MUTABLE = "MUTABLE"
    MUTABLE_WITH_EXCLUSION = "MUTABLE_WITH_EXCLUSION"


class EncryptionType(str, Enum):
    """What encrypts the images."""

    AES256 = "AES256"
    KMS = "KMS"


class LifecycleRuleArgs(TypedDict):
    """One more rule of a repository's lifecycle. It has either `keep_images` or `expire_days`."""

    tag_patterns: list[str]
    """Tags that an image has, all of them, `*` standing for any characters: `pr-*`."""
    keep_images: NotRequired[int]
    """How many of the newest such images to keep."""
    expire_days: NotRequired[int]
    """Days after its push at which such an image expires."""


class RepositoryArgs(TypedDict):
    """What one repository is made from."""

    scan_on_push: NotRequired[bool]
    """Scan each image for known vulnerabilities when it is pushed (Security Hub ECR.1). Defaults to true."""
    image_tag_mutability: NotRequired[TagMutability]
    """Whether tags can be overwritten (Security Hub ECR.2). Defaults to IMMUTABLE."""
    image_tag_mutability_exclusion_filters: NotRequired[list[str]]
    """Tags that are the exception with IMMUTABLE_WITH_EXCLUSION or MUTABLE_WITH_EXCLUSION, `*` standing for any
    characters: `latest`, `promoted-*`. The policy ecr-immutable-tags allows those of its setting only. Defaults to
    none."""
    encryption_type: NotRequired[EncryptionType]
    """AES256, with a key of ECR's own, or KMS, with `kms_key_arn` or else a key that is made for the registry and
    rotated; changing it replaces the repository. Defaults to KMS where `kms_key_arn` is given, else AES256."""
    kms_key_arn: NotRequired[str]
    """ARN of the KMS key that encrypts the images; changing it replaces the repository. Defaults to none."""
    release_tag_prefixes: NotRequired[list[str]]
    """Tags that start so mark releases, which are kept before all others. Defaults to prod."""
    keep_releases: NotRequired[int]
    """How many of the newest images with each release prefix to keep. Defaults to 10."""
    untagged_days: NotRequired[int]
    """Days after which an untagged image expires. Defaults to 1."""
    keep_images: NotRequired[int]
    """How many other images to keep, newest first. ECR does not know what runs: keep more than you deploy back to.
    Defaults to 100."""
    lifecycle_rules: NotRequired[list[LifecycleRuleArgs]]
    """Further rules, after those for releases and before those for untagged and other images. Defaults to none."""
    pull_principals: NotRequired[list[str]]
    """Who may pull beside this account's own: account ids, or ARNs of roles, such as the node role of an EKS cluster in
    another account. They need the permission in their own account too. Defaults to none."""
    pull_organizations: NotRequired[list[str]]
    """Ids of organisations (o-...) whose accounts may pull. Defaults to none."""
    pull_lambda_accounts: NotRequired[list[str]]
    """Ids of accounts whose Lambda functions, in this region, may be made from the images. Defaults to none."""
    push_principals: NotRequired[list[str]]
    """Who may push beside this account's own: account ids, or ARNs of roles, such as a pipeline's. Defaults to none."""


class RegistryArgs(TypedDict):
    """What a Registry is made from."""

    name_prefix: str
    """Start of every repository's name: `<name_prefix>/<repository>`."""
    repositories: dict[str, RepositoryArgs]
    """The repositories by name."""
    protect: NotRequired[bool]
    """Refuse to delete the repositories and the key, keep them where Pulumi forgets them, and refuse to delete a
    repository that holds images. Defaults to true."""


REPOSITORY_DEFAULTS: Final = {
    "scan_on_push": True,
    "image_tag_mutability": TagMutability.IMMUTABLE,
    "image_tag_mutability_exclusion_filters": [],
    "release_tag_prefixes": ["prod"],
    "keep_releases": 10,
    "untagged_days": 1,
    "keep_images": 100,
    "lifecycle_rules": [],
    "pull_principals": [],
    "pull_organizations": [],
    "pull_lambda_accounts": [],
    "push_principals": [],
}


class ScanType(str, Enum):
    """Who looks for known vulnerabilities."""

    BASIC = "BASIC"
    ENHANCED = "ENHANCED"


class ScanningArgs(TypedDict):
    """What is scanned, and when."""

    scan_type: NotRequired[ScanType]
    """BASIC, by ECR, or ENHANCED, by Amazon Inspector, which costs by image. Defaults to BASIC."""
    scan_on_push: NotRequired[list[str]]
    """Repositories whose images are scanned when they are pushed: part of the name, or the whole name with `*` for any
    characters. Defaults to all, `*`."""
    continuous: NotRequired[list[str]]
    """Repositories whose images are scanned again when a new vulnerability becomes known; ENHANCED only. Defaults to
    none."""


class ReplicationDestinationArgs(TypedDict):
    """Where images are copied to."""

    region: str
    """Region of the registry."""
    registry_id: NotRequired[str]
    """Id of the account that has it, whose registry policy must allow it. Defaults to this account."""


class ReplicationRuleArgs(TypedDict):
    """One rule of the replication: from then on, each image that is pushed is copied."""

    destinations: list[ReplicationDestinationArgs]
    """Where to."""
    repository_prefixes: NotRequired[list[str]]
    """Start of the names of the repositories that are copied. Defaults to every repository."""


class CredentialArgs(TypedDict):
    """A user of an upstream registry."""

    username: str
    """Name of the user."""
    access_token: pulumi.Input[str]
    """The user's access token, a secret."""


class PullThroughCacheArgs(TypedDict):
    """One upstream registry whose images are kept here once they were pulled."""

    upstream_registry_url: str
    """Host name of the upstream registry, such as public.ecr.aws or registry-1.docker.io."""
    upstream_repository_prefix: NotRequired[str]
    """Start of the upstream's repository names that the prefix stands for. Defaults to all of them."""
    credential: NotRequired[CredentialArgs]
    """User for the upstream, kept in a secret that is made. Defaults to none."""
    credential_arn: NotRequired[str]
    """ARN of a secret of yours with such a user; its name begins with ecr-pullthroughcache/. Defaults to none."""
    custom_role_arn: NotRequired[str]
    """ARN of the role that pulls from an upstream ECR registry of another account. Defaults to none."""


class AppliedFor(str, Enum):
    """What makes a repository from a template."""

    PULL_THROUGH_CACHE = "PULL_THROUGH_CACHE"
    REPLICATION = "REPLICATION"
    CREATE_ON_PUSH = "CREATE_ON_PUSH"


class CreationTemplateArgs(TypedDict):
    """What repositories are like that ECR makes by itself."""

    applied_for: NotRequired[list[AppliedFor]]
    """What makes repositories from it. Defaults to PULL_THROUGH_CACHE and REPLICATION."""
    description: NotRequired[str]
    """What the template is for. Defaults to none."""
    image_tag_mutability: NotRequired[TagMutability]
    """Whether tags can be overwritten; a cache cannot follow an upstream tag that is immutable here. Defaults to
    IMMUTABLE."""
    image_tag_mutability_exclusion_filters: NotRequired[list[str]]
    """Tags that are the exception, as with a repository. Defaults to none."""
    kms_key_arn: NotRequired[str]
    """ARN of the KMS key that encrypts the images; needs `custom_role_arn`. Defaults to none: AES256."""
    custom_role_arn: NotRequired[str]
    """ARN of the role with which ECR makes the repositories. Defaults to none, ECR's own."""
    resource_tags: NotRequired[dict[str, str]]
    """Tags of the repositories; needs `custom_role_arn`. Defaults to none."""
    release_tag_prefixes: NotRequired[list[str]]
    """Tags that mark releases, as with a repository. Defaults to prod."""
    keep_releases: NotRequired[int]
    """How many of the newest images with each release prefix to keep. Defaults to 10."""
    untagged_days: NotRequired[int]
    """Days after which an untagged image expires. Defaults to 1."""
    keep_images: NotRequired[int]
    """How many other images to keep. Defaults to 100."""


class SigningRuleArgs(TypedDict):
    """One rule by which ECR signs images when they are pushed, with a signing profile that is made."""

    repository_filters: NotRequired[list[str]]
    """Names of the repositories whose images are signed, `*` for any characters. Defaults to every repository."""
    validity_months: NotRequired[int]
    """Months that a signature is valid. Defaults to 135, AWS Signer's own."""


class RegistryAccountArgs(TypedDict):
    """What a RegistryAccount is made from."""

    name_prefix: str
    """Start of the names of secrets and signing profiles."""
    scanning: NotRequired[ScanningArgs]
    """Scanning of the whole registry. Defaults to none: each repository by itself."""
    replication: NotRequired[list[ReplicationRuleArgs]]
    """Replication into other regions and accounts. Defaults to none."""
    pull_through_caches: NotRequired[dict[str, PullThroughCacheArgs]]
    """Upstream registries by the prefix that their images have here, or ROOT for none. Defaults to none."""
    creation_templates: NotRequired[dict[str, CreationTemplateArgs]]
    """Templates of repositories by the prefix of their names, or ROOT for all without another one. Defaults to none."""
    replication_accounts: NotRequired[list[str]]
    """Ids of accounts that may replicate into this registry. Defaults to none."""
    pull_through_principals: NotRequired[list[str]]
    """Accounts or ARNs of roles that may have images fetched through the caches. Defaults to none: whom IAM allows."""
    signing: NotRequired[list[SigningRuleArgs]]
    """Which images ECR signs when they are pushed. Defaults to none."""
    protect: NotRequired[bool]
    """Give the secrets of upstream users a recovery window. Defaults to true."""


SCANNING_DEFAULTS: Final = {"scan_type": ScanType.BASIC, "scan_on_push": ["*"], "continuous": []}


REPLICATION_DEFAULTS: Final[dict[str, Any]] = {"repository_prefixes": []}


TEMPLATE_DEFAULTS: Final = {
    "applied_for": [AppliedFor.PULL_THROUGH_CACHE, AppliedFor.REPLICATION],
    "image_tag_mutability": TagMutability.IMMUTABLE,
    "image_tag_mutability_exclusion_filters": [],
    "resource_tags": {},
    **{key: REPOSITORY_DEFAULTS[key] for key in ("release_tag_prefixes", "keep_releases")},
    **{key: REPOSITORY_DEFAULTS[key] for key in ("untagged_days", "keep_images")},
}


SIGNING_DEFAULTS: Final = {"repository_filters": [], "validity_months": 135}


REGISTRY_ACCOUNT_DEFAULTS: Final[dict[str, Any]] = {
    "replication": [],
    "pull_through_caches": {},
    "creation_templates": {},
    "replication_accounts": [],
    "pull_through_principals": [],
    "signing": [],
    "protect": True,
}


SECRET_PREFIX: Final = "ecr-pullthroughcache/"  # noqa: S105 the start of a name
"""How the name of a secret begins that ECR reads for a pull-through cache."""


class PublicArchitecture(str, Enum):
    """Processor architectures that the public gallery can name."""

    ARM = "ARM"
    ARM_64 = "ARM 64"
    X86 = "x86"
    X86_64 = "x86-64"


class PublicOperatingSystem(str, Enum):
    """Operating systems that the public gallery can name."""

    LINUX = "Linux"
    WINDOWS = "Windows"


class PublicRepositoryArgs(TypedDict):
    """What one public repository shows of itself in the gallery."""

    description: NotRequired[str]
    """One line, shown in search results. Defaults to none."""
    about_text: NotRequired[str]
    """What the image is, in Markdown. Defaults to none."""
    usage_text: NotRequired[str]
    """How it is used, in Markdown. Defaults to none."""
    architectures: NotRequired[list[PublicArchitecture]]
    """Processor architectures that there are images for. Defaults to x86-64."""
    operating_systems: NotRequired[list[PublicOperatingSystem]]
    """Operating systems that there are images for. Defaults to Linux."""


class PublicRegistryArgs(TypedDict):
    """What a PublicRegistry is made from."""

    name_prefix: str
    """Start of every repository's name: `<name_prefix>/<repository>`."""
    repositories: dict[str, PublicRepositoryArgs]
    """The repositories by name."""
    tags: NotRequired[dict[str, str]]
    """Tags of the repositories; those of the default provider do not reach them. Defaults to none."""
    protect: NotRequired[bool]
    """Refuse to delete the repositories, and to delete one that holds images. Defaults to true."""


PUBLIC_REPOSITORY_DEFAULTS: Final = {
    "architectures": [PublicArchitecture.X86_64],
    "operating_systems": [PublicOperatingSystem.LINUX],
}
