"""A task definition with all that its tasks need: log group, secrets, roles, container definitions."""

from collections.abc import Mapping
from typing import NamedTuple

import pulumi
import pulumi_aws as aws

from ..common.architecture import Architecture
from ..common.arn import parse
from . import containers, secrets
from .args import Compatibility, NetworkMode, PortChoices, TaskArgs, default_family
from .roles import Roles, roles


class Task(NamedTuple):
    """What runs, for a service to keep running."""

    definition: aws.ecs.TaskDefinition
    log_group: aws.cloudwatch.LogGroup
    roles: Roles


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
    return Task(_definition(name, values, log_group, found, made, parent, answers), log_group, made)


def _definition(
    name: str,
    values: TaskArgs,
    log_group: aws.cloudwatch.LogGroup,
    found: Mapping[str, pulumi.Input[str]],
    made: Roles,
    parent: pulumi.Resource,
    answers: PortChoices | None,
) -> aws.ecs.TaskDefinition:
    definitions = pulumi.Output.all(
        repository_url=values["repository_url"],
        region=pulumi.Output.from_input(values["cluster_arn"]).apply(lambda arn: parse(arn).region),
        log_group=log_group.name,
        secrets=dict(found),
    ).apply(lambda known: containers.containers(values, answers, **known))
    return aws.ecs.TaskDefinition(
        name,
        family=values.get("family", default_family(values["service_name"])),
        requires_compatibilities=[Compatibility(values["compatibility"]).value],
        network_mode=NetworkMode(values["network_mode"]).value,
        cpu=str(int(values["cpu"])),
        memory=str(int(values["memory"])),
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
