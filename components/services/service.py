"""A web service on the cluster: tasks behind a load balancer."""

import pulumi
import pulumi_aws as aws

from ..common.arguments import complete
from ..tasks.args import TASK_DEFAULTS, TASK_LINK_DEFAULTS, Compatibility, is_bridge
from ..tasks.task import task
from . import ecs_service, routing, scaling_policies, security_rules
from .args import NO_IMAGE, SERVICE_DEFAULTS, SERVICE_LINK_DEFAULTS, ServiceArgs


class Service(pulumi.ComponentResource):
    """`container-platform:index:Service`: a web service, reached through its own rule of a listener, or through its own
    listener on a Network Load Balancer.

    Creates: an `aws:ecs/service:Service` with its `aws:ecs/taskDefinition:TaskDefinition` (kept when replaced, for
    rollbacks), execution role, task role, log group, security group with its rules, target group and listener rule or
    listener; if there is room to scale, an `aws:appautoscaling/target:Target` and a CPU policy.
    Optional: a generated secret; instances instead of Fargate; bridge mode, in which tasks share the instances'
    security group and none is made.
    Needs: a cluster, private subnets, a listener or a Network Load Balancer, a repository.
    """

    name: pulumi.Output[str]
    """Name of the ECS service."""
    task_definition_arn: pulumi.Output[str]
    """ARN of the task definition's revision."""
    target_group_arn: pulumi.Output[str]
    """ARN of the target group."""
    log_group_name: pulumi.Output[str]
    """Name of the log group."""
    security_group_id: pulumi.Output[str]
    """Id of the security group that the tasks connect from, for others to admit. In bridge mode the instances'."""
    task_role_name: pulumi.Output[str]
    """Name of the application's role, for grants."""
    role_arns: pulumi.Output[list[str]]
    """ARNs of the roles that tasks are started with, for others that start them."""
    scaling_target_arn: pulumi.Output[str]
    """ARN of the scalable target; empty if least and greatest number of tasks are the same."""
    image_parameter: pulumi.Output[str]
    """Name of the parameter for the image that is meant to run; empty without one."""

    def __init__(self, name: str, args: ServiceArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        values = complete(ServiceArgs, args, TASK_DEFAULTS, TASK_LINK_DEFAULTS, SERVICE_DEFAULTS, SERVICE_LINK_DEFAULTS)
        _check(values)
        super().__init__("container-platform:index:Service", name, {}, opts)
        child = pulumi.ResourceOptions(parent=self)
        runs = task(name, values, self)
        group_id, group_rules = security_rules.tasks_group(name, values, child)
        entrance = routing.entrance(name, values, child)
        needed = [entrance.listener, runs.roles.execution_policy, *group_rules]
        service = ecs_service.make(name, values, runs.definition, group_id, entrance.target_group, self, needed)
        self.scaling_target_arn = scaling_policies.scaling_target_arn(name, values, service, child)
        self.image_parameter = self._image_parameter(name, values)
        self.name = service.name
        self.task_definition_arn = runs.definition.arn
        self.target_group_arn = entrance.target_group.arn
        self.log_group_name = runs.log_group.name
        self.security_group_id = pulumi.Output.from_input(group_id)
        self.task_role_name = runs.roles.task.name
        self.role_arns = pulumi.Output.all(runs.roles.execution.arn, runs.roles.task.arn)
        self.register_outputs(
            {
                "name": self.name,
                "task_definition_arn": self.task_definition_arn,
                "target_group_arn": self.target_group_arn,
                "log_group_name": self.log_group_name,
                "security_group_id": self.security_group_id,
                "task_role_name": self.task_role_name,
                "role_arns": self.role_arns,
                "scaling_target_arn": self.scaling_target_arn,
                "image_parameter": self.image_parameter,
            }
        )

    def _image_parameter(self, name: str, values: ServiceArgs) -> pulumi.Output[str]:
        if "image_parameter" not in values:
            return pulumi.Output.from_input("")
        parameter = aws.ssm.Parameter(
            f"{name}-image",
            name=values["image_parameter"],
            type=aws.ssm.ParameterType.STRING,
            description=f"The image that {values['service_name']} is meant to run, a digest or none",
            value=NO_IMAGE,
            # Releases write it from here on.
            opts=pulumi.ResourceOptions(parent=self, ignore_changes=["value"], protect=values["protect"]),
        )
        return parameter.name


def _check(values: ServiceArgs) -> None:
    """Refuse arguments that do not go together, before anything is registered."""
    if is_bridge(values):
        on_groups = Compatibility(values["compatibility"]) is Compatibility.EC2
        if not ("instance_security_group_id" in values and on_groups):
            raise ValueError("network_mode bridge needs compatibility EC2, and instance_security_group_id")
        if "network_listener" in values:
            raise ValueError("network_mode bridge and network_listener exclude each other")
    if "network_listener" in values and "network_load_balancer_arn" not in values:
        raise ValueError("network_listener needs network_load_balancer_arn")
    if "network_listener" not in values and "listener_arn" not in values:
        raise ValueError("listener_arn is missing: a service needs it, or a network_listener")
