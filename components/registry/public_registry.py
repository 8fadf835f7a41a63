"""The public registry: images on Amazon ECR Public that everybody may pull."""

from typing import Final

import pulumi
import pulumi_aws as aws

from ..common.arguments import complete
from .args import (
    PUBLIC_REGISTRY_LINK_DEFAULTS,
    PUBLIC_REPOSITORY_DEFAULTS,
    PublicArchitecture,
    PublicOperatingSystem,
    PublicRegistryArgs,
    PublicRepositoryArgs,
)

_REGION: Final = "us-east-1"
"""Region of the API of ECR Public. Images can be pulled everywhere."""


class PublicRegistry(pulumi.ComponentResource):
    """`container-platform:index:PublicRegistry`: public image repositories.

    Creates: a provider for us-east-1, the region of ECR Public, and for each name an
    `aws:ecrpublic/repository:Repository`.
    Needs: nothing.
    """

    repository_uris: pulumi.Output[dict[str, str]]
    """URI of each repository by its configured name. `docker pull <uri>:<tag>` needs no account."""

    def __init__(self, name: str, args: PublicRegistryArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        values = complete(PublicRegistryArgs, args, PUBLIC_REGISTRY_LINK_DEFAULTS)
        super().__init__("container-platform:index:PublicRegistry", name, {}, opts)
        protect = values["protect"]
        provider = aws.Provider(
            f"{name}-{_REGION}",
            region=_REGION,
            default_tags=aws.ProviderDefaultTagsArgs(tags=values["tags"]),
            opts=pulumi.ResourceOptions(parent=self),
        )
        repositories = {}
        for repository, given in values["repositories"].items():
            shown = complete(PublicRepositoryArgs, given, PUBLIC_REPOSITORY_DEFAULTS)
            repositories[repository] = aws.ecrpublic.Repository(
                repository,
                repository_name=f"{values['name_prefix']}/{repository}",
                catalog_data=aws.ecrpublic.RepositoryCatalogDataArgs(
                    description=shown.get("description"),
                    about_text=shown.get("about_text"),
                    usage_text=shown.get("usage_text"),
                    architectures=[PublicArchitecture(item).value for item in shown["architectures"]],
                    operating_systems=[PublicOperatingSystem(item).value for item in shown["operating_systems"]],
                ),
                force_destroy=not protect,
                opts=pulumi.ResourceOptions(parent=self, provider=provider, protect=protect, retain_on_delete=protect),
            )
        self.repository_uris = pulumi.Output.all(**{key: item.repository_uri for key, item in repositories.items()})
        self.register_outputs({"repository_uris": self.repository_uris})
