"""References to container images."""

import re
from typing import Final, NamedTuple

# "Amazon ECR endpoints and quotas", AWS General Reference.
_ECR_HOST: Final = re.compile(
    r"([0-9]{12})[.]dkr(?:[.]ecr(?:-fips)?|-ecr(?:-fips)?)[.]([a-z0-9-]+)[.](?:amazonaws[.]com(?:[.]cn)?|on[.]aws)"
)


class EcrRepository(NamedTuple):
    """A private repository of ECR."""

    account_id: str
    region: str
    name: str


def reference(repository_url: str, image: str) -> str:
    """Return the reference that a container definition needs.

    Args:
        repository_url: URL of the repository that a tag or digest belongs to.
        image: a tag, a digest (`sha256:...`), or a whole reference, which is returned unchanged.
    """
    if "/" in image:
        return image
    separator = "@" if image.startswith("sha256:") else ":"
    return f"{repository_url}{separator}{image}"


def ecr_repository(image: str) -> EcrRepository | None:
    """Return the repository that a whole reference to a private registry of ECR names; None if it is something else."""
    host, _, rest = image.partition("/")
    name = rest.partition("@")[0].partition(":")[0]
    registry = _ECR_HOST.fullmatch(host)
    return EcrRepository(registry[1], registry[2], name) if registry and name else None


def is_foreign(image: str) -> bool:
    """Return whether an image is a whole reference to a registry other than a private one of ECR."""
    return "/" in image and ecr_repository(image) is None
