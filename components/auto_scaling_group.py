"""EC2 instances that a cluster scales by itself: an Auto Scaling group and its capacity provider."""

from enum import Enum
from typing import Final, NotRequired, TypedDict, cast

import pulumi
import pulumi_aws as aws

from .service import Architecture, EgressRuleArgs


class OperatingSystem(str, Enum):
    """What the instances run; both are images that AWS makes for ECS."""

    AMAZON_LINUX_2023 = "amazonLinux2023"
    BOTTLEROCKET = "bottlerocket"


class WarmPoolState(str, Enum):
    """What the instances of a warm pool do while they wait."""

    STOPPED = "Stopped"
    RUNNING = "Running"


class WarmPoolArgs(TypedDict):
    """Instances that are started beforehand and wait ("Warm pools", Amazon EC2 Auto Scaling User Guide)."""

    min_size: NotRequired[int]
    """How many wait at least. Defaults to 0."""
    max_prepared: NotRequired[int]
    """How many there may be, waiting and in use together. Defaults to the group's greatest size."""
    state: NotRequired[WarmPoolState]
    """What they do while they wait; stopped ones cost only their volumes. Defaults to Stopped."""
    reuse: NotRequired[bool]
    """Send instances back to the pool when the group shrinks, instead of terminating them. Defaults to false."""


class AutoScalingGroupArgs(TypedDict):
    """What an AutoScalingGroup is made from."""

    cluster_name: NotRequired[pulumi.Input[str]]
    """Name of the cluster that the instances join. The Cluster that a group is given to fills it in."""
    vpc_id: NotRequired[pulumi.Input[str]]
    """Id of the VPC. Needed."""
    subnet_ids: NotRequired[pulumi.Input[list[str]]]
    """Ids of the private subnets that the instances stand in. Needed."""
    instance_types: NotRequired[list[str]]
    """Instance types, the preferred one first. More than one makes a mixed instances policy. Defaults to t3.medium."""
    architecture: NotRequired[Architecture]
    """Processor architecture of the instances and of the tasks on them. Defaults to X86_64."""
    operating_system: NotRequired[OperatingSystem]
    """Operating system: amazonLinux2023 or bottlerocket. Defaults to amazonLinux2023."""
    min_size: NotRequired[int]
    """Least number of instances. Defaults to 1."""
    desired_size: NotRequired[int]
    """Number of instances at creation; ECS owns it afterwards. Defaults to 3."""
    max_size: NotRequired[int]
    """Greatest number of instances. Defaults to 10."""
    on_demand_base: NotRequired[int]
    """How many instances are on demand before the percentage counts. Defaults to 0."""
    on_demand_percentage: NotRequired[int]
    """How many percent of the instances beyond that are on demand; the others are Spot. Defaults to 100."""
    target_capacity: NotRequired[int]
    """How many percent of the instances ECS keeps in use; the rest is room for new tasks. Defaults to 80."""
    min_scaling_step: NotRequired[int]
    """How many instances ECS adds at once at least. Defaults to 1."""
    max_scaling_step: NotRequired[int]
    """How many instances ECS adds at once at most. Defaults to 10."""
    bridge_tasks: NotRequired[bool]
    """Take tasks in bridge mode: the load balancer reaches ports 32768 to 65535 of the instances, and the instance
    metadata answers containers (hop limit 2). Defaults to false."""
    root_volume_size: NotRequired[int]
    """Size in GiB of the encrypted volume that holds images and containers. Defaults to 30."""
    root_volume_kms_key_arn: NotRequired[str]
    """ARN of the KMS key of your own that encrypts it. Defaults to the account's own key for EBS."""
    warm_pool: NotRequired[WarmPoolArgs]
    """Instances that wait beforehand. Defaults to none."""
    egress: NotRequired[list[EgressRuleArgs]]
    """What the instances, and tasks in bridge mode, may connect to beside VPC endpoints. Defaults to port 443 anywhere;
    a stack that has endpoints and no NAT gateway defaults to nothing."""


DEFAULTS: Final = {
    "instance_types": ["t3.medium"],
    "architecture": Architecture.X86_64,
    "operating_system": OperatingSystem.AMAZON_LINUX_2023,
    "min_size": 1,
    "desired_size": 3,
    "max_size": 10,
    "on_demand_base": 0,
    "on_demand_percentage": 100,
    "target_capacity": 80,
    "min_scaling_step": 1,
    "max_scaling_step": 10,
    "bridge_tasks": False,
    "root_volume_size": 30,
    "egress": [EgressRuleArgs(port=443, cidr_block="0.0.0.0/0")],
}

WARM_POOL_DEFAULTS: Final = {"min_size": 0, "state": WarmPoolState.STOPPED, "reuse": False}


class AutoScalingGroup(pulumi.ComponentResource):
    """`container-platform:index:AutoScalingGroup`: EC2 instances of a cluster, as many as its tasks need."""

    capacity_provider_name: pulumi.Output[str]
    """Name of the capacity provider in ECS."""
    security_group_id: pulumi.Output[str]
    """Id of the instances' security group."""

    def __init__(self, name: str, args: AutoScalingGroupArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("container-platform:index:AutoScalingGroup", name, {}, opts)
        values = cast(AutoScalingGroupArgs, {**DEFAULTS, **args})
        security_group = aws.ec2.SecurityGroup(name, vpc_id=values["vpc_id"], opts=pulumi.ResourceOptions(parent=self))
        self.capacity_provider_name = pulumi.Output.from_input(name)  # filled in by the capacity branch
        self.security_group_id = security_group.id
        self.register_outputs(
            {"capacity_provider_name": self.capacity_provider_name, "security_group_id": self.security_group_id}
        )
