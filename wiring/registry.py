"""Image registries."""

from typing import NamedTuple, cast

import settings
from components import (
    PublicRegistry,
    PublicRegistryArgs,
    Registry,
    RegistryAccount,
    RegistryAccountArgs,
    RegistryArgs,
)
from outputs.registry import RegistryOutputs
from release import names

from .place import Place


class Registries(NamedTuple):
    """Where images are kept."""

    private: Registry
    account: RegistryAccount | None
    """What the registry has once for the account and region, where this stack owns it."""
    public: PublicRegistry | None


def registry(platform: settings.Platform, place: Place) -> Registries:
    """Make the repositories."""
    prefix = names.repository_prefix(place.project, place.stack)
    private = Registry(
        "registry",
        cast(
            RegistryArgs,
            {
                "repositories": platform.registry.arguments()["repositories"],
                "name_prefix": prefix,
                "protect": place.protect,
            },
        ),
    )
    account = _account(platform.registry.account, prefix, place) if platform.registry.account else None
    public = (
        PublicRegistry(
            "public-registry",
            cast(
                PublicRegistryArgs,
                {
                    "repositories": platform.registry.arguments()["public_repositories"],
                    "name_prefix": prefix,
                    "tags": place.tags,
                    "protect": place.protect,
                },
            ),
        )
        if platform.registry.public_repositories
        else None
    )
    return Registries(private, account, public)


def _account(account: settings.RegistryAccount, prefix: str, place: Place) -> RegistryAccount:
    arguments = account.arguments()
    for cache in arguments["pull_through_caches"].values():
        if credential := cache.get("credential"):
            credential["access_token"] = settings.secret(credential.pop("access_token_key"))
    own = {"name_prefix": prefix, "protect": place.protect}
    return RegistryAccount("registry-account", cast(RegistryAccountArgs, {**arguments, **own}))


def registry_outputs(registries: Registries) -> RegistryOutputs:
    """Return what is published of the registries."""
    account, public = registries.account, registries.public
    return {
        "repositoryUrls": registries.private.repository_urls,
        "repositoryArns": registries.private.repository_arns,
        "publicRepositoryUris": public.repository_uris if public else {},
        "signingProfileArns": account.signing_profile_arns if account else [],
    }
