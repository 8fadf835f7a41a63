"""How requests reach a service: a target group behind a rule of a shared listener, or behind a listener of its own."""

from typing import NamedTuple

import pulumi
import pulumi_aws as aws

from ..tasks.args import NetworkMode
from . import listener_rules, network_listeners
from .args import ServiceArgs, target_type
from .routing_args import TARGET_PORT


class Entrance(NamedTuple):
    """The way in to a service."""

    target_group: aws.lb.TargetGroup
    listener: aws.lb.ListenerRule | aws.lb.Listener
    """Without it the target group has no load balancer, and ECS refuses the service."""


def entrance(name: str, values: ServiceArgs, child: pulumi.ResourceOptions) -> Entrance:
    """Make the service's target group with its listener on a Network Load Balancer, or with its listener rule."""
    # Without a fixed name, so that a replacement can be made before the old one is deleted. AWS allows 32 characters,
    # and the engine adds eight.
    target_name = name[:24].rstrip("-")
    of_targets = pulumi.ResourceOptions(parent=child.parent, ignore_changes=["port"])
    entrance_name = values.get("entrance_name", name)
    opts = pulumi.ResourceOptions(
        parent=child.parent, aliases=[pulumi.Alias(name=name)] if entrance_name != name else None
    )
    if "network_listener" in values:
        targets = network_listeners.target_group(target_name, values["network_listener"], values, of_targets)
        arn = values["network_load_balancer_arn"]
        listener = network_listeners.listener(entrance_name, arn, values["network_listener"], targets, opts)
        return Entrance(targets, listener)
    targets = _target_group(target_name, values, of_targets)
    rule = aws.lb.ListenerRule(
        entrance_name,
        listener_arn=values["listener_arn"],
        priority=listener_rules.priority(name, _conditions(values), values.get("priority")),
        conditions=listener_rules.api_conditions(values["hosts"], values["paths"], values["headers"]),
        actions=[aws.lb.ListenerRuleActionArgs(type="forward", target_group_arn=targets.arn)],
        opts=opts,
    )
    return Entrance(targets, rule)


def _target_group(name: str, values: ServiceArgs, opts: pulumi.ResourceOptions) -> aws.lb.TargetGroup:
    return aws.lb.TargetGroup(
        name,
        port=TARGET_PORT,
        protocol="HTTP",
        target_type=target_type(NetworkMode(values["network_mode"])),
        vpc_id=values["vpc_id"],
        deregistration_delay=60,
        health_check=aws.lb.TargetGroupHealthCheckArgs(
            path=values.get("checked_path", values["health_check_path"]),
            interval=30,
            timeout=5,
            healthy_threshold=2,
            unhealthy_threshold=3,
            matcher="200",
        ),
        opts=opts,
    )


def _conditions(values: ServiceArgs) -> listener_rules.Conditions:
    return listener_rules.conditions(values["hosts"], values["paths"], values["headers"])
