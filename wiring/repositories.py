"""Repositories that come back with their images, and those that leave with them."""

from collections.abc import Iterable
from typing import Final, NamedTuple

import pulumi
import pulumi_aws as aws

import settings
from release import names

from .state import Resource

_REPOSITORY: Final = "container-platform:index:Registry$aws:ecr/repository:Repository"


class Repositories(NamedTuple):
    """Names of repositories, as the settings have them."""

    existing: list[str]
    """New to this stack, and in ECR already: left by it before, or made by a run that was killed."""
    leaving: list[str]
    """In the state, and no longer in the settings."""


def known_repositories(platform: settings.Platform, state: Iterable[Resource]) -> Repositories:
    """Compare the settings with the state; only of what is new, ECR is asked."""
    known = {one.name for one in state if one.kind == _REPOSITORY}
    prefix = names.repository_prefix(pulumi.get_project(), pulumi.get_stack())
    wanted = platform.registry.repositories
    return Repositories(
        [name for name in wanted if name not in known and _exists(f"{prefix}/{name}")], sorted(known - wanted.keys())
    )


def _exists(name: str) -> bool:
    try:
        aws.ecr.get_repository(name=name)
    except Exception as error:
        # The provider's message for an unknown repository. Any other error is raised as it is.
        if "couldn't find resource" in str(error):
            return False
        raise
    return True
