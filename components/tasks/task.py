"""A task definition with all that its tasks need: log group, secrets, roles, container definitions."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import NamedTuple

import pulumi
import pulumi_aws as aws

from ..common.architecture import Architecture
from ..common.arn import parse
from . import containers, secrets
from .args import Compatibility, NetworkMode, PortChoices, TaskArgs, default_family
from .roles import Roles, roles


class Variant(NamedTuple):
    """What differs in a further task definition of the same application."""

    label: str
    """End of its family, and of its name as a resource behind a dot."""
    cpu: int
    memory: int
    containers: Callable[[str], str]
    """From the application's container definitions to its own."""


class Task(NamedTuple):
    """What runs, for a service to keep running."""

    definition: aws.ecs.TaskDefinition
    log_group: aws.cloudwatch.LogGroup
    roles: Roles
    secrets: Sequence[pulumi.Input[str]]
    """`valueFrom` of every secret of its containers."""
    variant: Callable[[Variant], aws.ecs.TaskDefinition]
    """Makes a further task definition."""


def task(name: str, values: TaskArgs, parent: pulumi.Resource, answers: PortChoices | None = None) -> Task:
    """Make a task definition and what its tasks need.

    Args:
        name: name of the resources, or the start of it.
        values: the arguments, completed.
        parent: the component that the resources belong to.
        answers: where the container answers requests; none for one that gets none.
    """
    containers.check(values, answers)
    log_group = aws.cloudwatch.LogGroup(
        name,
        name=values.get("log_group_name", f"/ecs/{values['service_name']}"),
        retention_in_days=int(values["log_retention_days"]),
        opts=pulumi.ResourceOptions(parent=parent),
    )
    found = secrets.sources(name, values, parent)
    made = roles(name, values, log_group, found.values(), parent)
    define = partial(_definition, name, values, log_group, found, made, parent, answers)
    return Task(define(), log_group, made, [*found.values(), *containers.secrets_beside(values)], define)


def _definition(
    name: str,
    values: TaskArgs,
    log_group: aws.cloudwatch.LogGroup,
    found: Mapping[str, pulumi.Input[str]],
    made: Roles,
    parent: pulumi.Resource,
    answers: PortChoices | None,
    variant: Variant | None = None,
) -> aws.ecs.TaskDefinition:
    definitions = pulumi.Output.all(
        repository_url=values["repository_url"],
        region=pulumi.Output.from_input(values["cluster_arn"]).apply(lambda arn: parse(arn).region),
        log_group=log_group.name,
        secrets=dict(found),
    ).apply(lambda known: containers.containers(values, answers, **known))
    family = values.get("family", default_family(values["service_name"]))
    if variant:
        name, family, definitions = (
            f"{name}.{variant.label}",  # no service can be called so
            f"{family}-{variant.label}",
            definitions.apply(variant.containers),
        )
    return aws.ecs.TaskDefinition(
        name,
        family=family,
        requires_compatibilities=[Compatibility(values["compatibility"]).value],
        network_mode=NetworkMode(values["network_mode"]).value,
        cpu=str(int(variant.cpu if variant else values["cpu"])),
        memory=str(int(variant.memory if variant else values["memory"])),
        runtime_platform=aws.ecs.TaskDefinitionRuntimePlatformArgs(
            operating_system_family="LINUX", cpu_architecture=Architecture(values["architecture"]).value
        ),
        execution_role_arn=made.execution.arn,
        task_role_arn=made.task.arn,
        container_definitions=definitions,
        # A rollback, by ECS or by hand, needs the revision that ran before.
        skip_destroy=True,
        opts=pulumi.ResourceOptions(parent=parent),
    )
