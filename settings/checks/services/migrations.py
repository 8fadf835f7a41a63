"""Checks of what runs before a service's new revisions."""

from collections.abc import Iterator

from components.capacity.providers import Capacity, strategy_kind
from components.pipelines.args import DeployKind
from components.tasks import fargate

from ...platform import Platform
from ...problems import Path, Problem
from ...sections.services import Service


def migration_problems(path: Path, service: Service, platform: Platform) -> Iterator[Problem]:
    """Find migrations that could not run."""
    migration = service.migration
    if migration is None:
        return
    at, name = (*path, "migration"), str(path[-1])
    pipeline = platform.pipelines.get(name)
    if pipeline and pipeline.deploy is DeployKind.ECS:
        advice = (
            f"would not run: pipelines.{name} deploys by ecs, which makes revisions beside this program. Set deploy: "
            "pulumi there, or remove it."
        )
        yield Problem(at, None, advice, (("pipelines", name, "deploy"),))
    yield from _size_problems(path, service, platform)
    secret = {*service.secrets, *([service.generated_secret.environment_variable] if service.generated_secret else [])}
    for variable in sorted(secret & {*migration.environment}):
        advice = "is set twice, here and by a secret of the service; remove one"
        yield Problem((*at, "environment", variable), None, advice, ((*path, "secrets"), (*path, "generatedSecret")))
    for variable, value in migration.environment.items():
        if service.environment.get(variable) == value:
            advice = "has the same value in the service's environment, which the migration has too. Remove it here."
            yield Problem((*at, "environment", variable), value, advice, ((*path, "environment", variable),))


def _size_problems(path: Path, service: Service, platform: Platform) -> Iterator[Problem]:
    """Find sizes that Fargate lacks; those of the service itself are checked with it."""
    migration = service.migration
    if migration is None or (migration.cpu is None and migration.memory is None):
        return
    try:
        kind = strategy_kind(platform.strategy_of(service), platform.cluster.provider_kinds)
    except ValueError:
        return  # the strategy itself is wrong, which another check reports
    if kind is not Capacity.FARGATE:
        return
    cpu, memory = migration.cpu or service.cpu, migration.memory or service.memory
    if fault := fargate.size_problem(cpu, memory):
        key = "memory" if migration.memory is not None and cpu in fargate.CPU_VALUES else "cpu"
        value = migration.memory if key == "memory" else migration.cpu
        if value is None:
            key, value = "memory", migration.memory
        places = ((*path, "cpu"), (*path, "memory"), (*path, "migration", "cpu"), (*path, "migration", "memory"))
        yield Problem((*path, "migration", key), value, fault, places)
