"""What every kind of service has: tasks that ECS keeps running, and as many of them as are needed."""

from collections.abc import Mapping, Sequence
from typing import Any

import pulumi

from ..common.tagging import tagged
from ..tasks import running
from ..tasks.task import Task
from . import ecs_service, rotation, scaling_policies
from .args import KINDS, KeptArgs
from .migrations import Migration


class Kept(pulumi.ComponentResource):
    """Tasks that ECS keeps running; the base of the kinds of services."""

    name: pulumi.Output[str]
    """Name of the ECS service."""
    task_definition_arn: pulumi.Output[str]
    """ARN of the task definition's revision."""
    log_group_name: pulumi.Output[str]
    """Name of the log group."""
    security_group_id: pulumi.Output[str]
    """Id of the security group that the tasks connect from, for others to admit. In bridge mode the instances'."""
    task_role_name: pulumi.Output[str]
    """Name of the application's role, for grants."""
    role_arns: pulumi.Output[list[str]]
    """ARNs of the roles that tasks are started with, for others that start them."""
    scaling_target_arn: pulumi.Output[str]
    """ARN of the scalable target; empty if least and greatest number of tasks are the same, and no schedules change
    them."""
    image_parameter: pulumi.Output[str]
    """Name of the parameter for the image that is meant to run; empty without one."""
    task_limits: pulumi.Output[str]
    """Least and greatest number of tasks that scaling has from this program, such as `2 to 10`, whatever schedules make
    of them; empty if nothing scales."""

    def __init__(self, kind: str, name: str, opts: pulumi.ResourceOptions | None, tags: Mapping[str, str]) -> None:
        """Register the component. One that was of another kind keeps its resources, so its tasks go on."""
        others = [pulumi.Alias(type_=type_of(other)) for other in KINDS if other != kind]
        own = pulumi.ResourceOptions.merge(pulumi.ResourceOptions(aliases=others), tagged(tags))
        super().__init__(type_of(kind), name, {}, pulumi.ResourceOptions.merge(opts, own))

    def keep(
        self,
        name: str,
        values: KeptArgs,
        runs: Task,
        security_group_id: pulumi.Input[str],
        needed: list[pulumi.Resource],
        policies: scaling_policies.Policies,
        targets: Sequence[ecs_service.Targets] = (),
        grace_seconds: int | None = None,
    ) -> dict[str, Any]:
        """Make the ECS service with its scaler and its image parameter, and return the outputs to register.

        Args:
            name: name of the resources, or the start of it.
            values: the arguments, completed.
            runs: what the tasks are.
            security_group_id: the group of the tasks.
            needed: without these no task can start, or be reached.
            policies: makes what decides the number of tasks, if there is room to scale.
            targets: where load balancers find the tasks; none for tasks that get no requests.
            grace_seconds: for how long failed health checks of a new task do not count; none without target groups.
        """
        needed = [runs.roles.execution_policy, *needed]
        own = (runs.roles.session_policy, runs.roles.task_policy, runs.roles.links_policy)
        needed += [policy for policy in own if policy]
        migration = Migration(name, values, runs) if "migration" in values else None
        if migration:
            needed.append(migration.definition)
        service = ecs_service.make(
            name, values, runs.definition, security_group_id, self, needed, targets, grace_seconds, migration
        )
        self.kept = service
        if values["restart_on_rotation"]:
            rotation.restart(name, service, runs.secrets, values, self)
        child = pulumi.ResourceOptions(parent=self)
        self.scaling_target_arn = scaling_policies.scaling_target_arn(name, values, service, policies, child)
        self.task_limits = pulumi.Output.from_input(scaling_policies.limits_of(values))
        self.image_parameter = running.image_parameter(name, values["service_name"], values, self)
        self.name = service.name
        self.task_definition_arn = runs.definition.arn
        self.log_group_name = runs.log_group.name
        self.security_group_id = pulumi.Output.from_input(security_group_id)
        self.task_role_name = runs.roles.task.name
        self.role_arns = pulumi.Output.all(runs.roles.execution.arn, runs.roles.task.arn)
        return {output: getattr(self, output) for output in Kept.__annotations__}


def type_of(kind: str) -> str:
    """Return the type of a kind's component."""
    return f"container-platform:index:{kind}"
