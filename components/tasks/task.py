"""A task definition with all that its tasks need: log group, secrets, roles, container definitions."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import NamedTuple

import pulumi
import pulumi_aws as aws

from ..common.architecture import Architecture
from ..common.arn import parse
from . import containers, links, secrets
from .args import AnsweringArgs, Compatibility, NetworkMode, TaskArgs, default_family
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


def task(
    name: str,
    values: TaskArgs,
    parent: pulumi.Resource,
    answers: AnsweringArgs | None = None,
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
    define = partial(_definition, name, values, log_group, found, made, parent, answers, told or {})
    return Task(define(), log_group, made, [*found.values(), *containers.secrets_beside(values)], define)


def _definition(
    name: str,
    values: TaskArgs,
    log_group: aws.cloudwatch.LogGroup,
    found: Mapping[str, pulumi.Input[str]],
    made: Roles,
    parent: pulumi.Resource,
    answers: AnsweringArgs | None,
    told: Mapping[str, pulumi.Input[str]],
    variant: Variant | None = None,
) -> aws.ecs.TaskDefinition:
    definitions = pulumi.Output.all(
        repository_url=values.get("repository_url", ""),
        region=pulumi.Output.from_input(values["cluster_arn"]).apply(lambda arn: parse(arn).region),
        log_group=log_group.name,
        secrets=dict(found),
        told=pulumi.Output.all(links.environment(values["links"]), dict(told)).apply(lambda both: both[0] | both[1]),
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
