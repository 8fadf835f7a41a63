"""What can be wrong between fields of a service's settings that are each well-formed."""

from collections.abc import Iterator

from components.network.args import NatGateways
from components.tasks import container_definitions

from ...platform import Platform
from ...problems import Path, Problem
from ...sections.services import Service
from ..logs import retention_problems
from ..network import cidr_problems


def service_problems(path: Path, service: Service, platform: Platform) -> Iterator[Problem]:
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
    if (
        service.image
        and platform.network.nat_gateways is NatGateways.NONE
        and container_definitions.is_foreign(service.image)
    ):
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
