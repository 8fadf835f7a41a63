"""Image registries."""

from typing import NamedTuple, TypedDict

import pulumi

import settings
from components import (
    PublicRegistry,
    PublicRegistryArgs,
    Registry,
    RegistryAccount,
    RegistryAccountArgs,
    RegistryArgs,
)
from components.registry.args import (
    PublicRepositoryArgs,
    PullThroughCacheArgs,
    RegistryAccountChoices,
    RepositoryArgs,
)
from outputs.registry import RegistryOutputs
from release import names
from settings.sections.registry import PullThroughCache

from .found import Found
from .place import Place


class Registries(NamedTuple):
    """Where images are kept."""

    private: Registry
    account: RegistryAccount | None
    """What the registry has once per account and region, if this stack owns it."""
    public: PublicRegistry | None


class OwnRepository(TypedDict, total=False):
    """The repository of a service or job."""

    repository_url: pulumi.Input[str]
    repository_arn: pulumi.Input[str]


def own_repository(runs: settings.Service | settings.Job, registries: Registries) -> OwnRepository:
    """Return the stack's repository of a service or job, if it has one: its image may be from elsewhere."""
    if runs.repository is None:
        return {}
    return {
        "repository_url": registries.private.repository_urls[runs.repository],
        "repository_arn": registries.private.repository_arns[runs.repository],
    }


def registry(platform: settings.Platform, place: Place, found: Found) -> Registries:
    """Make the repositories, or take over those that are there."""
    prefix = names.repository_prefix(place.project, place.stack)
    _warn_of_leaving(found.repositories.leaving, place)
    private: RegistryArgs = {
        "repositories": {name: one.given(RepositoryArgs) for name, one in platform.registry.repositories.items()},
        "name_prefix": prefix,
        "protect": place.protect,
        "existing": found.repositories.existing,
    }
    public: PublicRegistryArgs = {
        "repositories": {
            name: one.given(PublicRepositoryArgs) for name, one in platform.registry.public_repositories.items()
        },
        "name_prefix": prefix,
        "tags": place.tags,
        "protect": place.protect,
    }
    account = platform.registry.account
    return Registries(
        Registry("registry", private),
        RegistryAccount("registry-account", _account(account, prefix, place)) if account else None,
        PublicRegistry("public-registry", public) if public["repositories"] else None,
    )


def _warn_of_leaving(repositories: list[str], place: Place) -> None:
    """Say what happens to images. A protected stack needs no warning: the engine deletes none of its repositories."""
    if not place.protect:
        for name in repositories:
            pulumi.log.warn(
                f"registry.repositories.{name} is gone from the settings: the repository is deleted with all its "
                "images. To rename it, see docs/leaving.md first."
            )


def _account(account: settings.RegistryAccount, prefix: str, place: Place) -> RegistryAccountArgs:
    return {
        **account.given(RegistryAccountChoices),
        "pull_through_caches": {start: _cache(cache) for start, cache in account.pull_through_caches.items()},
        "name_prefix": prefix,
        "protect": place.protect,
    }


def _cache(cache: PullThroughCache) -> PullThroughCacheArgs:
    args = cache.given(PullThroughCacheArgs)
    if user := cache.credential:
        # The settings name the configuration key of the token; the component takes the token.
        args["credential"] = {"username": user.username, "access_token": settings.secret(user.access_token_key)}
    return args


def registry_outputs(registries: Registries) -> RegistryOutputs:
    """Return what is published of the registries."""
    account, public = registries.account, registries.public
    return {
        "repositoryUrls": registries.private.repository_urls,
        "repositoryArns": registries.private.repository_arns,
        "publicRepositoryUris": public.repository_uris if public else {},
        "signingProfileArns": account.signing_profile_arns if account else [],
    }
