"""What the rules on Amazon ECR share: resource types, and how ECR matches names."""

from policies.framework import wildcard_match

REPOSITORY = ("aws:ecr/repository:Repository",)
CREATION_TEMPLATE = ("aws:ecr/repositoryCreationTemplate:RepositoryCreationTemplate",)
REGISTRY_SCANNING = ("aws:ecr/registryScanningConfiguration:RegistryScanningConfiguration",)


def filter_matches(pattern: str, repository: str) -> bool:
    """Whether a scanning filter selects a repository name.

    A filter without a wildcard selects every name that contains it; in one with wildcards each `*` stands for zero
    or more characters and the whole name must match.
    https://docs.aws.amazon.com/AmazonECR/latest/userguide/image-scanning-filters.html
    """
    return wildcard_match(pattern, repository) if "*" in pattern else pattern in repository
