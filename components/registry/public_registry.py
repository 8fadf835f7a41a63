"""The public registry: images that everybody may pull, on Amazon ECR Public."""

from enum import Enum
from typing import Final, NotRequired, TypedDict, cast

import pulumi
import pulumi_aws as aws


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


REPOSITORY_DEFAULTS: Final = {
    "architectures": [PublicArchitecture.X86_64],
    "operating_systems": [PublicOperatingSystem.LINUX],
}

_REGION: Final = "us-east-1"
"""Where the API of ECR Public is; the images are everywhere."""


class PublicRegistry(pulumi.ComponentResource):
    """`container-platform:index:PublicRegistry`: public image repositories.

    Creates: a provider for us-east-1, where ECR Public is, and for each name an `aws:ecrpublic/repository:Repository`.
    Needs: nothing.
    """

    repository_uris: pulumi.Output[dict[str, str]]
    """URI of each repository by its configured name: `docker pull <uri>:<tag>` works without an account."""

    def __init__(self, name: str, args: PublicRegistryArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("container-platform:index:PublicRegistry", name, {}, opts)
        protect = bool(args.get("protect", True))
        provider = aws.Provider(
            f"{name}-{_REGION}",
            region=_REGION,
            default_tags=aws.ProviderDefaultTagsArgs(tags=args.get("tags", {})),
            opts=pulumi.ResourceOptions(parent=self),
        )
        repositories = {}
        for repository, given in args["repositories"].items():
            values = cast(PublicRepositoryArgs, {**REPOSITORY_DEFAULTS, **given})
            repositories[repository] = aws.ecrpublic.Repository(
                repository,
                repository_name=f"{args['name_prefix']}/{repository}",
                catalog_data=aws.ecrpublic.RepositoryCatalogDataArgs(
                    description=values.get("description"),
                    about_text=values.get("about_text"),
                    usage_text=values.get("usage_text"),
                    architectures=[PublicArchitecture(item).value for item in values["architectures"]],
                    operating_systems=[PublicOperatingSystem(item).value for item in values["operating_systems"]],
                ),
                force_destroy=not protect,
                opts=pulumi.ResourceOptions(parent=self, provider=provider, protect=protect, retain_on_delete=protect),
            )
        self.repository_uris = pulumi.Output.all(**{key: item.repository_uri for key, item in repositories.items()})
        self.register_outputs({"repository_uris": self.repository_uris})
