"""What can be wrong between fields of a pipeline's settings that are each well-formed."""

from collections.abc import Iterator

from components.pipelines.args import DeployKind

from ..platform import Platform
from ..problems import Path, Problem
from ..sections.pipelines import Pipeline, Source
from .logs import retention_problems


def pipeline_problems(path: Path, pipeline: Pipeline, platform: Platform) -> Iterator[Problem]:
    name = str(path[-1])
    if name not in platform.services:
        known = ", ".join(platform.services) or "none yet"
        yield Problem(
            path, None, f"names no service (there: {known}): a pipeline has its service's name", (("services",),)
        )
    elif platform.services[name].image is not None:
        yield Problem(
            ("services", name, "image"),
            platform.services[name].image,
            "pins the service, so its pipeline could deploy nothing: take it out, or the pipeline",
            (path,),
        )
    yield from _source_problems((*path, "source"), pipeline.source)
    if pipeline.program_source:
        yield from _source_problems((*path, "programSource"), pipeline.program_source)
    yield from retention_problems((*path, "logRetentionDays"), pipeline.log_retention_days)
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
                yield Problem((*path, key), value, "belongs to deploy: pulumi; with deploy: ecs take it out", at)
    elif pipeline.backend_url is None:
        advice = "is missing: deploy: pulumi needs to know where the state is, s3://<bucket>?region=<region>"
        yield Problem((*path, "backendUrl"), None, advice, at)
    elif pipeline.backend_url.startswith("https://") and pipeline.access_token_secret_arn is None:
        advice = "is missing: Pulumi Cloud needs an access token; name the secret that holds it"
        yield Problem((*path, "accessTokenSecretArn"), None, advice, ((*path, "backendUrl"),))


def _source_problems(path: Path, source: Source) -> Iterator[Problem]:
    connected = source.connection_arn is not None or source.connection_provider is not None
    if source.connection_arn is not None and source.connection_provider is not None:
        yield Problem(
            (*path, "connectionProvider"),
            source.connection_provider.value,
            "makes a connection, and connectionArn names one that is there: keep one of the two",
            ((*path, "connectionArn"),),
        )
    if connected is not ("/" in source.repository):
        advice = (
            "must be owner/name: it is fetched through a connection"
            if connected
            else "must be the name of a CodeCommit repository; for owner/name set connectionProvider or connectionArn"
        )
        yield Problem((*path, "repository"), source.repository, advice)
