"""Mistakes between fields of a pipeline's settings, each of which is well-formed."""

from collections.abc import Iterator
from typing import Final

from components.pipelines.args import ConnectionProvider, DeployKind

from ..platform import Platform
from ..problems import Path, Problem, named
from ..sections.pipelines import Pipeline, Source

_TWO_PARTS: Final = (ConnectionProvider.GITHUB, ConnectionProvider.GITHUB_ENTERPRISE, ConnectionProvider.BITBUCKET)


def pipeline_problems(path: Path, pipeline: Pipeline, platform: Platform) -> Iterator[Problem]:
    """Find mistakes in a pipeline's settings, and between them and its service."""
    name = str(path[-1])
    if name in platform.jobs:
        advice = "is a job, and pipelines deploy services only. Release it by hand, as docs/scheduled-tasks.md tells."
        yield Problem(path, None, advice, named(("jobs",), name))
    elif name not in platform.services:
        known = ", ".join(platform.services) or "none yet"
        advice = f"has no service of that name. Give the pipeline the name of its service. Services: {known}."
        yield Problem(path, None, advice, named(("services",), name))
    elif platform.services[name].image is not None:
        yield Problem(
            ("services", name, "image"),
            platform.services[name].image,
            "pins the image, so the service's pipeline could deploy nothing. Remove image, or the pipeline.",
            named(("pipelines",), name),
        )
    yield from _source_problems((*path, "source"), pipeline.source)
    if pipeline.program_source:
        yield from _source_problems((*path, "programSource"), pipeline.program_source)
    by_pulumi = {
        "backendUrl": pipeline.backend_url,
        "secretsKeyArn": pipeline.secrets_key_arn,
        "accessTokenSecretArn": pipeline.access_token_secret_arn,
        "programSource": pipeline.program_source,
    }
    at = ((*path, "deploy"),)
    if pipeline.deploy is DeployKind.ECS:
        for key, value in by_pulumi.items():
            if value is not None:
                yield Problem(
                    (*path, key), value, "has no effect with deploy: ecs. Remove it, or set deploy: pulumi.", at
                )
    elif pipeline.backend_url is None:
        advice = "is missing. deploy: pulumi needs the place of its state, such as s3://<bucket>?region=<region>."
        yield Problem((*path, "backendUrl"), None, advice, at)
    elif pipeline.backend_url.startswith("https://") and pipeline.access_token_secret_arn is None:
        advice = "is missing. Pulumi Cloud needs an access token; set the ARN of the secret that holds it."
        yield Problem((*path, "accessTokenSecretArn"), None, advice, ((*path, "backendUrl"),))


def _source_problems(path: Path, source: Source) -> Iterator[Problem]:
    connected = source.connection_arn is not None or source.connection_provider is not None
    if source.connection_arn is not None and source.connection_provider is not None:
        yield Problem(
            (*path, "connectionProvider"),
            source.connection_provider.value,
            "makes a connection, but connectionArn names an existing one. Remove one of the two.",
            ((*path, "connectionArn"),),
        )
    if connected is not ("/" in source.repository):
        advice = (
            "must be owner/name, since it is fetched through a connection"
            if connected
            else "must be the name of a CodeCommit repository. For owner/name set connectionProvider or connectionArn."
        )
        others = ((*path, "connectionProvider"), (*path, "connectionArn"))
        yield Problem((*path, "repository"), source.repository, advice, others)
    elif source.connection_provider in _TWO_PARTS and source.repository.count("/") > 1:
        yield Problem((*path, "repository"), source.repository, "must be owner/name; only GitLab has groups in groups")
