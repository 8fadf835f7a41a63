"""The contract with other projects: what is published of the image registries."""

from collections.abc import Mapping, Sequence
from typing import TypedDict

import pulumi


class RegistryOutputs(TypedDict):
    """What is published of the image registries."""

    repositoryUrls: pulumi.Input[Mapping[str, str]]
    """URL of each image repository by its name in the settings."""
    repositoryArns: pulumi.Input[Mapping[str, str]]
    """ARN of each image repository by its name in the settings."""
    publicRepositoryUris: pulumi.Input[Mapping[str, str]]
    """URI of each public image repository by its name in the settings."""
    signingProfileArns: pulumi.Input[Sequence[str]]
    """ARNs of the profiles that ECR signs pushed images with, where this stack owns the registry and it does."""
