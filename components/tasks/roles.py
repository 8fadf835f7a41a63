"""The roles of tasks: one for ECS, which starts them, and one for the application in them."""

from collections.abc import Iterable
from typing import NamedTuple

import pulumi
import pulumi_aws as aws

from . import containers, exec_documents, links, permissions, role_documents
from .args import TaskArgs


class Roles(NamedTuple):
    """The roles that tasks are started with."""

    execution: aws.iam.Role
    execution_policy: aws.iam.RolePolicy
    """Without it no task starts."""
    task: aws.iam.Role
    task_policy: aws.iam.RolePolicy | None
    """What the application may do; none if that is nothing."""
    links_policy: aws.iam.RolePolicy | None
    """What the application may do with what it is linked to; none without links."""
    session_policy: aws.iam.RolePolicy | None
    """Without it nobody can open a session in a task; none where nobody may."""


def roles(
    name: str,
    values: TaskArgs,
    log_group: aws.cloudwatch.LogGroup,
    secrets: Iterable[pulumi.Input[str]],
    parent: pulumi.Resource,
) -> Roles:
    """Make the roles; the application's own has the permissions of the arguments, and those of sessions in its
    containers."""
    registries = containers.registries(values)
    execution = _role(name, "execution", "What ECS needs to start the tasks: image, logs, secrets", values, parent)
    document = pulumi.Output.all(
        repository_arn=values.get("repository_arn", ""),
        log_group_arn=log_group.arn,
        secrets=[*secrets, *containers.secrets_beside(values), *(one["secret_arn"] for one in registries)],
        keys=[*values["secret_kms_key_arns"], *(one["kms_key_arn"] for one in registries if "kms_key_arn" in one)],
        images_of_containers=[values.get("image", ""), *containers.images_beside(values)],
        files=containers.environment_files(values),
    ).apply(lambda known: role_documents.execution_permissions(**known))
    policy = aws.iam.RolePolicy(
        f"{name}-execution",
        role=execution.name,
        policy=document,
        # What the tasks that serve were started with stays allowed until the new ones serve, or are rolled back.
        opts=pulumi.ResourceOptions(parent=parent, replace_on_changes=["policy"]),
    )
    task = _role(name, "task", "What the application itself may do", values, parent)
    return Roles(
        execution,
        policy,
        task,
        _granted(name, task, values, parent),
        _linked(name, task, values, parent),
        _session_policy(name, values, task, parent),
    )


def _session_policy(
    name: str, values: TaskArgs, task: aws.iam.Role, parent: pulumi.Resource
) -> aws.iam.RolePolicy | None:
    if not values["execute_command"]:
        return None
    document = pulumi.Output.all(
        log_group_arn=values["execute_command_log_group_arn"], kms_key_arn=values.get("execute_command_kms_key_arn", "")
    ).apply(lambda known: exec_documents.permissions(**known))
    return aws.iam.RolePolicy(
        f"{name}-sessions", role=task.name, policy=document, opts=pulumi.ResourceOptions(parent=parent)
    )


def _granted(name: str, task: aws.iam.Role, values: TaskArgs, parent: pulumi.Resource) -> aws.iam.RolePolicy | None:
    """Make the policy of the application's role.

    Other permissions are another policy: it is there before the tasks that need it, and the one before goes when those
    that needed it have gone.
    """
    if not values["permissions"]:
        return None
    digest = permissions.digest(values["permissions"])
    return aws.iam.RolePolicy(
        f"{name}-task-{digest}" if digest else f"{name}-task",
        role=task.name,
        policy=pulumi.Output.from_input(values["permissions"]).apply(permissions.document),
        opts=pulumi.ResourceOptions(parent=parent),
    )


def _linked(name: str, task: aws.iam.Role, values: TaskArgs, parent: pulumi.Resource) -> aws.iam.RolePolicy | None:
    """Make the policy for what the application is linked to; what tasks that serve use stays allowed until they go."""
    if not values["links"]:
        return None
    return aws.iam.RolePolicy(
        f"{name}-links",
        role=task.name,
        policy=links.policy(values["links"]),
        opts=pulumi.ResourceOptions(parent=parent, replace_on_changes=["policy"]),
    )


def _role(name: str, purpose: str, description: str, values: TaskArgs, parent: pulumi.Resource) -> aws.iam.Role:
    return aws.iam.Role(
        f"{name}-{purpose}",
        path=values["role_path"],
        description=f"{description} ({values['service_name']})",
        permissions_boundary=values.get("permissions_boundary_arn"),
        assume_role_policy=pulumi.Output.from_input(values["cluster_arn"]).apply(role_documents.tasks_trust),
        opts=pulumi.ResourceOptions(parent=parent),
    )
