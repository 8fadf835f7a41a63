"""The public registry: images that everybody may pull, on Amazon ECR Public."""

from typing import Final, cast

import pulumi
import pulumi_aws as aws

from .args import (
    PUBLIC_REPOSITORY_DEFAULTS,
    PublicArchitecture,
    PublicOperatingSystem,
    PublicRegistryArgs,
    PublicRepositoryArgs,
)

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
            values = cast(PublicRepositoryArgs, {**PUBLIC_REPOSITORY_DEFAULTS, **given})
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
