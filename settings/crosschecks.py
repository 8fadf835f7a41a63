"""What can be wrong between fields of the settings that are each well-formed."""

from collections.abc import Iterator

from components import _containers
from components.network import NatGateways
from components.pipeline import DeployKind

from .balancer_checks import balancer_problems
from .capacity_checks import capacity_problems
from .ec2_service_checks import ec2_service_problems, managed_instances_problems
from .log_checks import retention_problems
from .model import Pipeline, Platform, Service, Source
from .network_listener_checks import network_listener_problems
from .networkchecks import allowed_problems, cidr_problems, network_problems
from .problems import Path, Problem
from .registry_checks import Surroundings, registry_problems
from .routing_checks import routing_problems


def cross_checks(platform: Platform, surroundings: Surroundings) -> Iterator[Problem]:
    """Find what is wrong between fields that are each well-formed."""
    yield from network_problems(platform)
    yield from retention_problems(("network", "flowLogRetentionDays"), platform.network.flow_log_retention_days)
    yield from registry_problems(platform.registry, surroundings)
    yield from capacity_problems(platform)
    if logging := platform.cluster.execute_command_logging:
        path: Path = ("cluster", "executeCommandLogging", "logRetentionDays")
        yield from retention_problems(path, logging.log_retention_days)
    yield from managed_instances_problems(platform)
    yield from allowed_problems(platform)
    yield from balancer_problems(platform, surroundings)
    for name, service in platform.services.items():
        path = ("services", name)
        yield from _service_problems(path, service, platform)
        yield from ec2_service_problems(path, service, platform)
    yield from routing_problems(platform.services)
    yield from network_listener_problems(platform)
    for name, pipeline in platform.pipelines.items():
        yield from _pipeline_problems(("pipelines", name), pipeline, platform)


def _service_problems(path: Path, service: Service, platform: Platform) -> Iterator[Problem]:
    if service.min_tasks > service.max_tasks:
        yield Problem(
            (*path, "minTasks"),
            service.min_tasks,
            f"is above maxTasks, {service.max_tasks}: lower it or raise maxTasks",
            ((*path, "maxTasks"),),
        )
    if service.repository not in platform.registry.repositories:
        known = ", ".join(platform.registry.repositories) or "none yet"
        yield Problem(
            (*path, "repository"),
            service.repository,
            f"is not under registry.repositories (there: {known}): add it there, `{service.repository}: {{}}`",
            (("registry", "repositories"),),
        )
    variables = [
        *service.secrets,
        *([service.generated_secret.environment_variable] if service.generated_secret else []),
    ]
    for variable in sorted({name for name in variables if name in service.environment or variables.count(name) > 1}):
        yield Problem((*path, "environment", variable), None, "is set twice, here and by a secret: keep one")
    if service.image and platform.network.nat_gateways is NatGateways.NONE and _containers.is_foreign(service.image):
        yield Problem(
            (*path, "image"),
            service.image,
            "cannot be pulled without a NAT gateway, only images of ECR can: push it to a repository, or choose "
            "natGateways: single",
            (("network", "natGateways"),),
        )
    yield from retention_problems((*path, "logRetentionDays"), service.log_retention_days)
    egress = service.egress or []
    for index, rule in enumerate(egress):
        yield from cidr_problems((*path, "egress", index, "cidrBlock"), rule.cidr_block)
        if rule in egress[:index]:
            yield Problem((*path, "egress", index), rule.model_dump(), "stands there twice")


def _pipeline_problems(path: Path, pipeline: Pipeline, platform: Platform) -> Iterator[Problem]:
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
