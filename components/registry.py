"""The image registry: one private ECR repository for each configured name."""

from enum import Enum
from typing import Final, NotRequired, TypedDict, cast

import pulumi
import pulumi_aws as aws

from . import _lifecycle


class TagMutability(str, Enum):
    """Whether a tag can be moved to another image."""

    IMMUTABLE = "IMMUTABLE"
    MUTABLE = "MUTABLE"


class RepositoryArgs(TypedDict):
    """What one repository is made from."""

    scan_on_push: NotRequired[bool]
    """Scan each image for known vulnerabilities when it is pushed (Security Hub ECR.1). Defaults to true."""
    image_tag_mutability: NotRequired[TagMutability]
    """Whether tags can be overwritten (Security Hub ECR.2). Defaults to IMMUTABLE."""
    kms_key_arn: NotRequired[str]
    """ARN of the KMS key that encrypts the images; changing it replaces the repository. Defaults to none: AES256 with a
    key of ECR's own."""
    release_tag_prefixes: NotRequired[list[str]]
    """Tags that start so mark releases, which are kept before all others. Defaults to prod."""
    keep_releases: NotRequired[int]
    """How many of the newest images with each release prefix to keep. Defaults to 10."""
    untagged_days: NotRequired[int]
    """Days after which an untagged image expires. Defaults to 1."""
    keep_images: NotRequired[int]
    """How many other images to keep, newest first. ECR does not know what runs: keep more than you deploy back to.
    Defaults to 100."""


class RegistryArgs(TypedDict):
    """What a Registry is made from."""

    name_prefix: str
    """Start of every repository's name: `<name_prefix>/<repository>`."""
    repositories: dict[str, RepositoryArgs]
    """The repositories by name."""
    protect: NotRequired[bool]
    """Refuse to delete the repositories, and to delete one that holds images. Defaults to true."""


REPOSITORY_DEFAULTS: Final = {
    "scan_on_push": True,
    "image_tag_mutability": TagMutability.IMMUTABLE,
    "release_tag_prefixes": ["prod"],
    "keep_releases": 10,
    "untagged_days": 1,
    "keep_images": 100,
}


class Registry(pulumi.ComponentResource):
    """`container-platform:index:Registry`: private image repositories.

    Creates: for each name an `aws:ecr/repository:Repository` and its `aws:ecr/lifecyclePolicy:LifecyclePolicy`.
    Optional: a KMS key of your own for each.
    Needs: nothing.
    """

    repository_urls: pulumi.Output[dict[str, str]]
    """URL of each repository by its configured name: `docker push <url>:<tag>`."""
    repository_arns: pulumi.Output[dict[str, str]]
    """ARN of each repository by its configured name."""

    def __init__(self, name: str, args: RegistryArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("container-platform:index:Registry", name, {}, opts)
        protect = bool(args.get("protect", True))
        repositories = {
            repository: self._repository(f"{args['name_prefix']}/{repository}", repository, values, protect)
            for repository, values in args["repositories"].items()
        }
        self.repository_urls = pulumi.Output.all(**{key: item.repository_url for key, item in repositories.items()})
        self.repository_arns = pulumi.Output.all(**{key: item.arn for key, item in repositories.items()})
        self.register_outputs({"repository_urls": self.repository_urls, "repository_arns": self.repository_arns})

    def _repository(self, full_name: str, name: str, args: RepositoryArgs, protect: bool) -> aws.ecr.Repository:
        values = cast(RepositoryArgs, {**REPOSITORY_DEFAULTS, **args})
        kms_key = values.get("kms_key_arn")
        repository = aws.ecr.Repository(
            name,
            name=full_name,
            image_scanning_configuration=aws.ecr.RepositoryImageScanningConfigurationArgs(
                scan_on_push=values["scan_on_push"]
            ),
            image_tag_mutability=TagMutability(values["image_tag_mutability"]).value,
            encryption_configurations=[
                aws.ecr.RepositoryEncryptionConfigurationArgs(
                    encryption_type="KMS" if kms_key else "AES256", kms_key=kms_key
                )
            ],
            force_delete=not protect,
            opts=pulumi.ResourceOptions(parent=self, protect=protect),
        )
        aws.ecr.LifecyclePolicy(
            name,
            repository=repository.name,
            policy=_lifecycle.policy(
                release_tag_prefixes=values["release_tag_prefixes"],
                keep_releases=int(values["keep_releases"]),
                untagged_days=int(values["untagged_days"]),
                keep_images=int(values["keep_images"]),
            ),
            opts=pulumi.ResourceOptions(parent=self),
        )
        return repository
