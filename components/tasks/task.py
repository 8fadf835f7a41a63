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


def task(
    name: str,
    values: TaskArgs,
    parent: pulumi.Resource,
    answers: PortChoices | None = None,
    told: Mapping[str, pulumi.Input[str]] | None = None,
) -> Task:
    """Make a task definition and what its tasks need.

    Args:
        name: name of the resources, or the start of it.
        values: the arguments, completed.
        parent: the component that the resources belong to.
        answers: where the container answers requests; none for one that gets none.
        told: environment variables that the platform sets; none by default.
    """
    _check(values)
    containers.check(values, answers)
    log_group = aws.cloudwatch.LogGroup(
        name,
        name=values.get("log_group_name", f"/ecs/{values['service_name']}"),
        retention_in_days=int(values["log_retention_days"]),
        opts=pulumi.ResourceOptions(parent=parent),
    )
    found = secrets.sources(name, values, parent)
    made = roles(name, values, log_group, found.values(), parent)
    return Task(_definition(name, values, log_group, found, made, parent, answers, told or {}), log_group, made)


def _definition(
    name: str,
    values: TaskArgs,
    log_group: aws.cloudwatch.LogGroup,
    found: Mapping[str, pulumi.Input[str]],
    made: Roles,
    parent: pulumi.Resource,
    answers: PortChoices | None,
    told: Mapping[str, pulumi.Input[str]],
) -> aws.ecs.TaskDefinition:
    definitions = pulumi.Output.all(
        repository_url=values.get("repository_url", ""),
        region=pulumi.Output.from_input(values["cluster_arn"]).apply(lambda arn: parse(arn).region),
        log_group=log_group.name,
        secrets=dict(found),
        told=dict(told),
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
        volumes=[aws.ecs.TaskDefinitionVolumeArgs(name=volume) for volume in containers.volumes(values)] or None,
        ephemeral_storage=aws.ecs.TaskDefinitionEphemeralStorageArgs(size_in_gib=int(values["ephemeral_storage_gib"]))
        if "ephemeral_storage_gib" in values
        else None,
        enable_fault_injection=values["fault_injection"] or None,
        # A rollback, by ECS or by hand, needs the revision that ran before.
        skip_destroy=True,
        opts=pulumi.ResourceOptions(parent=parent),
    )


def _check(values: TaskArgs) -> None:
    """Refuse arguments that do not go together, before anything of the tasks is registered."""
    own = "repository_url" in values and "repository_arn" in values
    if not own and "/" not in values.get("image", ""):
        raise ValueError(
            "repository_url and repository_arn are missing: tasks need them, or an image that is a whole reference"
        )
    if values["execute_command"] and "execute_command_log_group_arn" not in values:
        raise ValueError("execute_command needs execute_command_log_group_arn, which keeps the sessions")
