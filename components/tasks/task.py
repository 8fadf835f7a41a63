"""A task definition with all that its tasks need: log group, secrets, roles, container definitions."""

from collections.abc import Mapping
from typing import Final, NamedTuple

import pulumi
import pulumi_aws as aws

from ..common import images
from ..common.architecture import Architecture
from ..common.arn import parse
from . import container_definitions, secrets
from .args import HEALTH_CHECK_LABEL, Compatibility, NetworkMode, TaskArgs, default_family, is_bridge
from .roles import Roles, roles

# A tag that nobody pushes: a task definition must name an image even before the first one exists.
_NO_IMAGE_YET: Final = "no-image-yet"


class Task(NamedTuple):
    """What runs, for a service to keep running."""

    definition: aws.ecs.TaskDefinition
    log_group: aws.cloudwatch.LogGroup
    roles: Roles


def task(name: str, values: TaskArgs, parent: pulumi.Resource) -> Task:
    """Make a task definition and what its tasks need.

    Args:
        name: name of the resources, or the start of it.
        values: the arguments, completed.
        parent: the component that the resources belong to.
    """
    log_group = aws.cloudwatch.LogGroup(
        name,
        name=values.get("log_group_name", f"/ecs/{values['service_name']}"),
        retention_in_days=int(values["log_retention_days"]),
        opts=pulumi.ResourceOptions(parent=parent),
    )
    found = secrets.sources(name, values, parent)
    made = roles(name, values, log_group, found.values(), parent)
    return Task(_definition(name, values, log_group, found, made, parent), log_group, made)


def _definition(
    name: str,
    values: TaskArgs,
    log_group: aws.cloudwatch.LogGroup,
    found: Mapping[str, pulumi.Input[str]],
    made: Roles,
    parent: pulumi.Resource,
) -> aws.ecs.TaskDefinition:
    containers = pulumi.Output.all(
        repository_url=values["repository_url"],
        cluster_arn=values["cluster_arn"],
        log_group=log_group.name,
        found=dict(found),
    ).apply(lambda known: _containers(values, **known))
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
        container_definitions=containers,
        # A rollback, by ECS or by hand, needs the revision that ran before.
        skip_destroy=True,
        opts=pulumi.ResourceOptions(parent=parent),
    )


def _containers(
    values: TaskArgs, repository_url: str, cluster_arn: str, log_group: str, found: Mapping[str, str]
) -> str:
    port = int(values["container_port"])
    return container_definitions.definitions(
        {
            "name": values["service_name"],
            "image": images.reference(repository_url, values.get("image", _NO_IMAGE_YET)),
            "port": port,
            "host_port": 0 if is_bridge(values) else port,
            "environment": values["environment"],
            "secrets": found,
            "health_check_command": values.get(
                "health_check_command", container_definitions.default_health_check(port, values["health_check_path"])
            ),
            "labels": {HEALTH_CHECK_LABEL: values["health_check_path"]},
            "readonly_root_filesystem": values["readonly_root_filesystem"],
            "user": values["user"],
            "log_group": log_group,
            "log_region": parse(cluster_arn).region,
        }
    )
