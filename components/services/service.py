"""A web service on the cluster: tasks behind a load balancer."""

import pulumi
import pulumi_aws as aws

from ..common.arguments import complete
from ..tasks.args import is_bridge
from ..tasks.task import task
from . import ecs_service, keeping, routing, scaling_policies, security_rules
from .args import SERVICE_DEFAULTS, ServiceArgs


class Service(keeping.Kept):
    """`container-platform:index:Service`: a web service, reached through its own rule of a listener, or through its own
    listener on a Network Load Balancer.

    Creates: an `aws:ecs/service:Service` with its `aws:ecs/taskDefinition:TaskDefinition` (kept when replaced, for
    rollbacks), execution role, task role, log group, security group with its rules, target group and listener rule or
    listener; if there is room to scale, an `aws:appautoscaling/target:Target` and its policies.
    Optional: alarms for step scaling, scheduled actions; a generated secret; instances instead of Fargate; bridge mode,
    in which tasks share the instances' security group and none is made.
    Needs: a cluster, private subnets, a listener or a Network Load Balancer, a repository.
    """

    target_group_arn: pulumi.Output[str]
    """ARN of the target group."""

    def __init__(self, name: str, args: ServiceArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        values = complete(ServiceArgs, args, *SERVICE_DEFAULTS)
        _check(values)
        super().__init__("Service", name, opts, values["tags"])
        child = pulumi.ResourceOptions(parent=self)
        runs = task(name, values, self, values)
        group_id, ways_out = security_rules.tasks_group(name, values, child)
        ways_in = security_rules.from_load_balancer(name, values, group_id, child)
        entrance = routing.entrance(name, values, child)
        needed = [entrance.listener, *ways_in, *ways_out]
        targets = ecs_service.Targets(entrance.target_group.arn, int(values["container_port"]))
        reached = _reached(values, entrance.target_group)
        scaling = scaling_policies.on_metrics(name, values, child, reached, values.get("requests_target"))
        outputs = self.keep(name, values, runs, group_id, needed, scaling, targets)
        self.target_group_arn = entrance.target_group.arn
        self.register_outputs({**outputs, "target_group_arn": self.target_group_arn})


def _reached(values: ServiceArgs, target_group: aws.lb.TargetGroup) -> scaling_policies.Reached | None:
    """Return what requests come through; none on a Network Load Balancer, which counts no requests."""
    if "network_listener" in values:
        return None
    return scaling_policies.Reached.through(values["listener_arn"], target_group)


def _check(values: ServiceArgs) -> None:
    """Refuse arguments that do not go together, before anything is registered."""
    keeping.check_network_mode(values)
    if is_bridge(values) and "network_listener" in values:
        raise ValueError("network_mode bridge and network_listener exclude each other")
    if "network_listener" in values and "network_load_balancer_arn" not in values:
        raise ValueError("network_listener needs network_load_balancer_arn")
    if "network_listener" not in values and "listener_arn" not in values:
        raise ValueError("listener_arn is missing: a service needs it, or a network_listener")
