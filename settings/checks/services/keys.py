"""Keys of the secrets of a service or job: each is where a secret is."""

from collections.abc import Iterator

from components.common.arn import parse

from ...problems import Path, Problem
from ...sections.tasks import Tasks
from ...surroundings import Surroundings


def key_problems(path: Path, tasks: Tasks, surroundings: Surroundings) -> Iterator[Problem]:
    """Find keys in a region in which the tasks have no secret: a key encrypts what is in its own region.

    The region of a bucket, whose environment files a key may encrypt, is not known.
    """
    beside = tasks.containers.values()
    if surroundings.region is None or tasks.environment_files or any(one.environment_files for one in beside):
        return
    secrets = [*tasks.secrets.values(), *(arn for one in beside for arn in one.secrets.values())]
    regions = {surroundings.region, *(parse(arn).region for arn in secrets)}
    for index, arn in enumerate(tasks.secret_kms_key_arns):
        if (region := parse(arn).region) not in regions:
            advice = f"is in {region}, but the service's secrets are in {' and '.join(sorted(regions))}"
            yield Problem((*path, "secretKmsKeyArns", index), arn, advice, ((*path, "secrets"), (*path, "containers")))
