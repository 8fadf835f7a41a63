"""What running tasks need around them, whether a service keeps them running or a job starts them."""

import pulumi
import pulumi_aws as aws

from ..capacity.providers import FARGATE_PROVIDERS
from ..common import egress_rules
from . import links
from .args import Compatibility, is_bridge
from .run_args import NO_IMAGE, RunArgs


def check_network_mode(values: RunArgs) -> None:
    """Refuse bridge mode without what it needs, before anything is registered."""
    on_groups = Compatibility(values["compatibility"]) is Compatibility.EC2
    if is_bridge(values) and not ("instance_security_group_id" in values and on_groups):
        raise ValueError("network_mode bridge needs compatibility EC2, and instance_security_group_id")


def tasks_group(
    name: str, caller: str, values: RunArgs, child: pulumi.ResourceOptions
) -> tuple[pulumi.Input[str], list[pulumi.Resource]]:
    """Return the id of the tasks' security group, and the rules without which no task can start.

    In bridge mode the group is the instances', and no rule is added.

    Args:
        name: name of the group, and start of its rules' names.
        caller: what the tasks are of, such as `the service web`.
        values: the arguments, completed.
        child: options of the resources.
    """
    if is_bridge(values):
        return values["instance_security_group_id"], []
    group = aws.ec2.SecurityGroup(name, description=f"Tasks of {caller}", vpc_id=values["vpc_id"], opts=child)
    ways_out = egress_rules.to_ranges(name, group.id, values["egress"], child, ipv6=values["ipv6"])
    ways_out += egress_rules.to_endpoints(name, group.id, caller, values, child)
    return group.id, [*ways_out, *links.to_databases(name, group.id, caller, values["links"], child)]


def image_parameter(name: str, runs: str, values: RunArgs, parent: pulumi.Resource) -> pulumi.Output[str]:
    """Make the parameter for the image that is meant to run, and return its name; an empty one if none is asked for.

    Args:
        name: start of the resource's name.
        runs: name of the service or job in AWS.
        values: the arguments, completed.
        parent: the component that the parameter belongs to.
    """
    if "image_parameter" not in values:
        return pulumi.Output.from_input("")
    parameter = aws.ssm.Parameter(
        f"{name}-image",
        name=values["image_parameter"],
        type=aws.ssm.ParameterType.STRING,
        description=f"The image that {runs} is meant to run, a digest or none",
        value=NO_IMAGE,
        # Releases write it from here on.
        opts=pulumi.ResourceOptions(parent=parent, ignore_changes=["value"], protect=values["protect"]),
    )
    return parameter.name


def provider_name(provider: str, values: RunArgs) -> pulumi.Input[str]:
    """Return the name that ECS has for a capacity provider of the strategy."""
    if provider in FARGATE_PROVIDERS:
        return provider
    return pulumi.Output.from_input(values.get("capacity_providers", {})).apply(
        lambda known: known.get(provider, provider)
    )
