"""What the registry's components are made from."""

from enum import Enum
from typing import Final, NotRequired, TypedDict

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
    KMS_DSSE = "KMS_DSSE"


class LifecycleRuleArgs(TypedDict):
    """One more rule of a repository's lifecycle. It has either `keep_images` or `expire_days`."""

    tag_patterns: list[str]
    """Tags that an image must have, all of them; `*` stands for any characters: `pr-*`."""
    keep_images: NotRequired[int]
    """How many of these images to keep, newest first."""
    expire_days: NotRequired[int]
    """Days after its push at which such an image expires."""


class LifecycleArgs(TypedDict, total=False):
    """Which images a repository keeps."""

    release_tag_prefixes: list[str]
    """Prefixes of tags that mark releases. Releases are kept before all other images. Defaults to prod."""
    keep_releases: int
    """How many images to keep for each release prefix, newest first. Defaults to 10."""
    untagged_days: int
    """Days after which an untagged image expires. Defaults to 1."""
    keep_images: int
    """How many other images to keep, newest first. ECR counts each platform of an image, and the list of them: an image
    for two platforms counts as three. It does not know which images run: keep more than you may roll back to. Defaults
    to 100."""


LIFECYCLE_DEFAULTS: Final[LifecycleArgs] = {
    "release_tag_prefixes": ["prod"],
    "keep_releases": 10,
    "untagged_days": 1,
    "keep_images": 100,
}


class RepositoryArgs(LifecycleArgs, total=False):
    """What one repository is made from."""

    scan_on_push: bool
    """Scan each image for known vulnerabilities when it is pushed (Security Hub ECR.1). Defaults to true."""
    image_tag_mutability: TagMutability
    """Whether tags can be overwritten (Security Hub ECR.2). Defaults to IMMUTABLE."""
    image_tag_mutability_exclusion_filters: list[str]
    """Tags that are the exception under IMMUTABLE_WITH_EXCLUSION or MUTABLE_WITH_EXCLUSION; `*` stands for any
    characters: `latest`, `promoted-*`. The policy ecr-immutable-tags allows only the tags in its own setting. Defaults
    to none."""
    encryption_type: EncryptionType
    """AES256 uses a key of ECR's own. KMS uses `kms_key_arn`, or a rotated key that is made for the registry; KMS_DSSE
    encrypts twice with it. Changing it replaces the repository. Defaults to KMS if `kms_key_arn` is given, else to
    AES256."""
    kms_key_arn: str
    """ARN of the KMS key that encrypts the images. Changing it replaces the repository. Defaults to none."""
    lifecycle_rules: list[LifecycleRuleArgs]
    """Further rules. They come after the rules for releases and before those for untagged and other images. Defaults to
    none."""
    pull_principals: list[str]
    """Who else may pull, besides this account: account ids, or ARNs of roles, such as the node role of an EKS cluster
    in another account. They need the permission in their own account too. Defaults to none."""
    pull_organizations: list[str]
    """Ids of organisations (o-...) whose accounts may pull. Defaults to none."""
    pull_lambda_accounts: list[str]
    """Ids of accounts whose Lambda functions, in this region, may use the images. Defaults to none."""
    push_principals: list[str]
    """Who else may push, besides this account: account ids, or ARNs of roles, such as a pipeline's. Defaults to
    none."""


REPOSITORY_DEFAULTS: Final[RepositoryArgs] = {
    "release_tag_prefixes": LIFECYCLE_DEFAULTS["release_tag_prefixes"],
    "keep_releases": LIFECYCLE_DEFAULTS["keep_releases"],
    "untagged_days": LIFECYCLE_DEFAULTS["untagged_days"],
    "keep_images": LIFECYCLE_DEFAULTS["keep_images"],
    "scan_on_push": True,
    "image_tag_mutability": TagMutability.IMMUTABLE,
    "image_tag_mutability_exclusion_filters": [],
    "lifecycle_rules": [],
    "pull_principals": [],
    "pull_organizations": [],
    "pull_lambda_accounts": [],
    "push_principals": [],
}


class RegistryLinks(TypedDict, total=False):
    """What ties a Registry to the rest of a platform."""

    protect: bool
    """Protect the repositories and the key from deletion, keep them if they leave the program, and never delete a
    repository that holds images. Defaults to true."""
    existing: list[str]
    """Names, under `repositories`, of those that ECR has already: one that left the program, or that a killed run made,
    is taken over with its images. Defaults to none."""


class RegistryArgs(RegistryLinks):
    """What a Registry is made from."""

    name_prefix: str
    """Start of every repository's name: `<name_prefix>/<repository>`."""
    repositories: dict[str, RepositoryArgs]
    """The repositories by name."""


REGISTRY_LINK_DEFAULTS: Final[RegistryLinks] = {"protect": True, "existing": []}


class ScanType(str, Enum):
    """Who looks for known vulnerabilities."""

    BASIC = "BASIC"
    ENHANCED = "ENHANCED"


class ScanningArgs(TypedDict, total=False):
    """What is scanned, and when."""

    scan_type: ScanType
    """BASIC scans with ECR; ENHANCED scans with Amazon Inspector, which charges by image. Defaults to BASIC."""
    scan_on_push: list[str]
    """Repositories whose images are scanned when they are pushed: part of a name, or a whole name with `*` for any
    characters. Defaults to all, `*`."""
    continuous: list[str]
    """Repositories whose images are scanned again when a new vulnerability becomes known. Needs ENHANCED. Defaults to
    none."""


SCANNING_DEFAULTS: Final[ScanningArgs] = {"scan_type": ScanType.BASIC, "scan_on_push": ["*"], "continuous": []}


class ReplicationDestinationArgs(TypedDict):
    """Where images are copied to."""

    region: str
    """Region of the registry."""
    registry_id: NotRequired[str]
    """Id of the account that owns it; its registry policy must allow the replication. Defaults to this account."""


class ReplicationRuleChoices(TypedDict, total=False):
    """What a person chooses of a rule of the replication."""

    repository_prefixes: list[str]
    """Prefixes of the names of the repositories to copy. Defaults to every repository."""


class ReplicationRuleArgs(ReplicationRuleChoices):
    """One rule of the replication. It copies each image that is pushed from then on."""

    destinations: list[ReplicationDestinationArgs]
    """Where to copy the images."""


REPLICATION_DEFAULTS: Final[ReplicationRuleChoices] = {"repository_prefixes": []}


class CredentialArgs(TypedDict):
    """A user of an upstream registry."""

    username: str
    """Name of the user."""
    access_token: pulumi.Input[str]
    """The user's access token, a secret."""


class PullThroughCacheArgs(TypedDict):
    """One upstream registry whose images are kept here after the first pull."""

    upstream_registry_url: str
    """Host name of the upstream registry, such as public.ecr.aws or registry-1.docker.io."""
    upstream_repository_prefix: NotRequired[str]
    """Start of the upstream's repository names that the prefix here replaces. Defaults to all of them."""
    credential: NotRequired[CredentialArgs]
    """User of the upstream registry, kept in a secret that is made. Defaults to none."""
    credential_arn: NotRequired[str]
    """ARN of a secret of your own that holds the user; its name begins with ecr-pullthroughcache/. Defaults to none."""
    custom_role_arn: NotRequired[str]
    """ARN of the role that pulls from an upstream ECR registry of another account. Defaults to none."""


class AppliedFor(str, Enum):
    """What makes a repository from a template."""

    PULL_THROUGH_CACHE = "PULL_THROUGH_CACHE"
    REPLICATION = "REPLICATION"
    CREATE_ON_PUSH = "CREATE_ON_PUSH"


class CreationTemplateArgs(LifecycleArgs, total=False):
    """A template for repositories that ECR creates itself."""

    applied_for: list[AppliedFor]
    """When ECR uses the template. Defaults to PULL_THROUGH_CACHE and REPLICATION."""
    description: str
    """What the template is for. Defaults to none."""
    image_tag_mutability: TagMutability
    """Whether tags can be overwritten. A cache cannot follow an upstream tag that is immutable here. Defaults to
    IMMUTABLE."""
    image_tag_mutability_exclusion_filters: list[str]
    """Tags that are the exception, as for a repository. Defaults to none."""
    kms_key_arn: str
    """ARN of the KMS key that encrypts the images. Needs `custom_role_arn`. Defaults to none: AES256."""
    custom_role_arn: str
    """ARN of the role with which ECR makes the repositories. Defaults to none: ECR's own role."""
    resource_tags: dict[str, str]
    """Tags of the repositories. Needs `custom_role_arn`. Defaults to none."""


TEMPLATE_DEFAULTS: Final[CreationTemplateArgs] = {
    "release_tag_prefixes": LIFECYCLE_DEFAULTS["release_tag_prefixes"],
    "keep_releases": LIFECYCLE_DEFAULTS["keep_releases"],
    "untagged_days": LIFECYCLE_DEFAULTS["untagged_days"],
    "keep_images": LIFECYCLE_DEFAULTS["keep_images"],
    "applied_for": [AppliedFor.PULL_THROUGH_CACHE, AppliedFor.REPLICATION],
    "image_tag_mutability": TagMutability.IMMUTABLE,
    "image_tag_mutability_exclusion_filters": [],
    "resource_tags": {},
}


class SigningRuleArgs(TypedDict, total=False):
    """One rule by which ECR signs images when they are pushed. A signing profile is made for it."""

    repository_filters: list[str]
    """Names of the repositories whose images are signed; `*` stands for any characters. Defaults to every
    repository."""
    validity_months: int
    """Months that a signature is valid. Defaults to 135, as in AWS Signer."""


SIGNING_DEFAULTS: Final[SigningRuleArgs] = {"repository_filters": [], "validity_months": 135}


class RegistryAccountChoices(TypedDict, total=False):
    """What a person chooses of a RegistryAccount."""

    scanning: ScanningArgs
    """Scanning of the whole registry. Defaults to none: each repository has its own setting."""
    replication: list[ReplicationRuleArgs]
    """Replication into other regions and accounts. Defaults to none."""
    pull_through_caches: dict[str, PullThroughCacheArgs]
    """Upstream registries, by the prefix that their images have here; ROOT means no prefix. Defaults to none."""
    creation_templates: dict[str, CreationTemplateArgs]
    """Templates for repositories, by the prefix of their names; ROOT covers those without another template. Defaults to
    none."""
    replication_accounts: list[str]
    """Ids of accounts that may replicate into this registry. Defaults to none."""
    pull_through_principals: list[str]
    """Accounts or ARNs of roles that may fetch images through the caches. Defaults to none: IAM alone decides."""
    signing: list[SigningRuleArgs]
    """Which images ECR signs when they are pushed. Defaults to none."""


class RegistryAccountLinks(TypedDict, total=False):
    """What ties a RegistryAccount to the rest of a platform."""

    protect: bool
    """Give the secrets of upstream users a recovery window. Defaults to true."""


class RegistryAccountArgs(RegistryAccountChoices, RegistryAccountLinks):
    """What a RegistryAccount is made from."""

    name_prefix: str
    """Start of the names of secrets and signing profiles."""


REGISTRY_ACCOUNT_DEFAULTS: Final[RegistryAccountChoices] = {
    "replication": [],
    "pull_through_caches": {},
    "creation_templates": {},
    "replication_accounts": [],
    "pull_through_principals": [],
    "signing": [],
}
REGISTRY_ACCOUNT_LINK_DEFAULTS: Final[RegistryAccountLinks] = {"protect": True}

SECRET_PREFIX: Final = "ecr-pullthroughcache/"  # noqa: S105 the start of a name
"""How the name of a secret must begin for ECR to read it for a pull-through cache."""


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


class PublicRepositoryArgs(TypedDict, total=False):
    """What one public repository shows in the gallery."""

    description: str
    """One line, shown in search results. Defaults to none."""
    about_text: str
    """What the image is, in Markdown. Defaults to none."""
    usage_text: str
    """How to use it, in Markdown. Defaults to none."""
    architectures: list[PublicArchitecture]
    """Processor architectures that there are images for. Defaults to x86-64."""
    operating_systems: list[PublicOperatingSystem]
    """Operating systems that there are images for. Defaults to Linux."""


PUBLIC_REPOSITORY_DEFAULTS: Final[PublicRepositoryArgs] = {
    "architectures": [PublicArchitecture.X86_64],
    "operating_systems": [PublicOperatingSystem.LINUX],
}


class PublicRegistryLinks(TypedDict, total=False):
    """What ties a PublicRegistry to the rest of a platform."""

    tags: dict[str, str]
    """Tags of the repositories. The default provider's tags do not reach them. Defaults to none."""
    protect: bool
    """Protect the repositories from deletion, and never delete one that holds images. Defaults to true."""


class PublicRegistryArgs(PublicRegistryLinks):
    """What a PublicRegistry is made from."""

    name_prefix: str
    """Start of every repository's name: `<name_prefix>/<repository>`."""
    repositories: dict[str, PublicRepositoryArgs]
    """The repositories by name."""


PUBLIC_REGISTRY_LINK_DEFAULTS: Final[PublicRegistryLinks] = {"tags": {}, "protect": True}
