"""What the cluster and its capacity are made from."""

from enum import Enum
from typing import Final, NotRequired, TypedDict

import pulumi

from ..common.architecture import Architecture
from ..common.args import EgressRuleArgs
from .ec2_instances import OperatingSystem
from .providers import (
    CapacityProviderStrategyArgs,
)


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


class AutoScalingGroupArgs(TypedDict):
    """What an AutoScalingGroup is made from."""

    vpc_id: pulumi.Input[str]
    """Id of the VPC."""
    subnet_ids: pulumi.Input[list[str]]
    """Ids of the private subnets that the instances stand in."""
    cluster_name: NotRequired[pulumi.Input[str]]
    """Name of the cluster that the instances join. Needed; a Cluster fills it in for its own groups."""
    name_prefix: NotRequired[str]
    """Start of the names that group, instances and capacity provider have in AWS. A Cluster fills it in for its own
    groups. Defaults to the component's name."""
    instance_types: NotRequired[list[str]]
    """Instance types, the preferred one first; with more than one, and with Spot, AWS chooses among them. All have the
    group's architecture. Defaults to t3.medium."""
    architecture: NotRequired[Architecture]
    """Processor architecture of the instances and of the tasks on them. Defaults to X86_64."""
    operating_system: NotRequired[OperatingSystem]
    """Operating system: amazonLinux2023 or bottlerocket, each in the image that AWS makes for ECS. Defaults to
    amazonLinux2023."""
    image_version: NotRequired[str]
    """One version of that image, as the path of AWS's public parameter names it: 1.50.0 for Bottlerocket,
    al2023-ami-ecs-hvm-2023.0.20251108-kernel-6.1-x86_64 for Amazon Linux. Another version replaces the instances.
    Defaults to the newest at each instance's launch."""
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
    """Take tasks in bridge mode: the load balancer reaches ports 32768 to 65535 of the instances, and containers reach
    the instance metadata (hop limit 2 instead of 1). Defaults to false."""
    load_balancer_security_group_id: NotRequired[pulumi.Input[str]]
    """Id of the load balancer's security group, which bridge tasks are reached from. Defaults to none."""
    root_volume_size: NotRequired[int]
    """Size in GiB of the encrypted volume that holds images and containers. Defaults to 30."""
    root_volume_kms_key_arn: NotRequired[str]
    """ARN of a KMS key of your own that encrypts the volumes; its policy lets the service-linked role of EC2 Auto
    Scaling use it. Defaults to the account's key for EBS."""
    warm_pool: NotRequired[WarmPoolArgs]
    """Instances that wait beforehand; not with Spot. Defaults to none."""
    egress: NotRequired[list[EgressRuleArgs]]
    """What the instances, and tasks in bridge mode, may connect to beside VPC endpoints; tasks in awsvpc mode have
    rules of their own. Defaults to port 443 anywhere; a stack that has endpoints and no NAT gateway defaults to
    nothing."""
    ipv6: NotRequired[bool]
    """Let a rule for every IPv4 address hold for every IPv6 address too. Defaults to false."""
    endpoint_security_group_id: NotRequired[pulumi.Input[str]]
    """Id of the security group of the VPC's interface endpoints, which then admits the instances. Defaults to none."""
    s3_prefix_list_id: NotRequired[pulumi.Input[str]]
    """Id of the prefix list of S3's addresses, which the instances may then connect to. Defaults to none."""
    tags: NotRequired[dict[str, str]]
    """Tags of group, instances, volumes and network interfaces, which the provider's default tags do not reach.
    Defaults to none beside Name."""
    role_path: NotRequired[str]
    """Path of the instances' role and profile, by which those who deploy can be limited to them. Defaults to /."""
    protect: NotRequired[bool]
    """Wait on deletion until every instance has stopped its tasks, instead of ending them at once. Defaults to true."""


AUTO_SCALING_GROUP_DEFAULTS: Final = {
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
    "ipv6": False,
    "tags": {},
    "role_path": "/",
    "protect": True,
}


WARM_POOL_DEFAULTS: Final = {"min_size": 0, "state": WarmPoolState.STOPPED}


class ContainerInsights(str, Enum):
    """How much CloudWatch Container Insights collects."""

    DISABLED = "disabled"
    ENABLED = "enabled"
    ENHANCED = "enhanced"


class AccountSettingsArgs(TypedDict):
    """What ECS has once for an account and region (PutAccountSettingDefault, ECS API)."""

    awsvpc_trunking: NotRequired[bool]
    """Let an EC2 instance hold more tasks in awsvpc mode than it has network interfaces of its own, where its type can;
    instances launched before keep their limit. Defaults to true."""
    container_insights: NotRequired[ContainerInsights]
    """Container Insights of clusters that say nothing of it. Defaults to enabled."""


class ExecuteCommandLoggingArgs(TypedDict):
    """Where what people type and see in ECS Exec is kept."""

    log_retention_days: NotRequired[int]
    """Days to keep it. Defaults to 90."""
    kms_key_arn: NotRequired[str]
    """ARN of a KMS key of your own that encrypts the session and its log; its policy lets CloudWatch Logs use it, and
    the tasks' roles need kms:Decrypt on it. Defaults to none: both are encrypted by AWS."""


class ClusterArgs(TypedDict):
    """What a Cluster is made from."""

    cluster_name: str
    """Name of the cluster."""
    container_insights: NotRequired[ContainerInsights]
    """Container Insights (Security Hub ECS.12). Defaults to enabled."""
    capacity_provider_strategy: NotRequired[list[CapacityProviderStrategyArgs]]
    """Where tasks run that name no strategy of their own. Defaults to the only Auto Scaling group or Managed Instances
    with weight 1, and to FARGATE where there is none or more than one."""
    auto_scaling_groups: NotRequired[dict[str, AutoScalingGroupArgs]]
    """Auto Scaling groups of EC2 instances, by the name that strategies call them. Defaults to none."""
    execute_command_logging: NotRequired[ExecuteCommandLoggingArgs]
    """Keep what people do in ECS Exec in a log group of its own. Defaults to none: it goes to the container's log."""
    log_group_prefix: NotRequired[str]
    """Start of that log group's name, `<log_group_prefix>/execute-command`. Defaults to /ecs."""
    storage_kms_key_arn: NotRequired[str]
    """ARN of a KMS key of your own, of this region only, that encrypts the ephemeral storage of Fargate tasks and the
    EBS volumes that ECS attaches; its policy lets Fargate use it. Defaults to none: AWS encrypts both."""
    account_settings: NotRequired[AccountSettingsArgs]
    """What ECS has once for the account and region. Defaults to none: another stack, or nobody, owns it."""


CLUSTER_DEFAULTS: Final = {
    "container_insights": ContainerInsights.ENABLED,
    "auto_scaling_groups": {},
    "log_group_prefix": "/ecs",
}


EXECUTE_COMMAND_DEFAULTS: Final = {"log_retention_days": 90}


ACCOUNT_DEFAULTS: Final = {"awsvpc_trunking": True, "container_insights": ContainerInsights.ENABLED}


class CapacityOption(str, Enum):
    """How the instances are bought."""

    ON_DEMAND = "ON_DEMAND"
    SPOT = "SPOT"


class ManagedInstancesArgs(TypedDict):
    """What ManagedInstances are made from."""

    cluster_name: pulumi.Input[str]
    """Name of the cluster, the only one that they serve."""
    name_prefix: NotRequired[str]
    """Start of the capacity provider's name. Defaults to the component's name."""
    vpc_id: pulumi.Input[str]
    """Id of the VPC."""
    subnet_ids: pulumi.Input[list[str]]
    """Ids of the private subnets that the instances stand in."""
    architecture: NotRequired[Architecture]
    """Processor architecture of the instances and of the tasks on them. Defaults to X86_64."""
    instance_types: NotRequired[list[str]]
    """Instance types that AWS chooses from, also with * for any characters: m7g.*. Defaults to every current one."""
    min_vcpus: NotRequired[int]
    """Least number of vCPUs of an instance. Defaults to 1."""
    max_vcpus: NotRequired[int]
    """Greatest number of vCPUs of an instance. Defaults to any."""
    min_memory: NotRequired[int]
    """Least memory of an instance in MiB. Defaults to 1024."""
    max_memory: NotRequired[int]
    """Greatest memory of an instance in MiB. Defaults to any."""
    capacity_option: NotRequired[CapacityOption]
    """How the instances are bought: ON_DEMAND, or SPOT, which AWS takes back with two minutes' notice. A change makes a
    capacity provider anew, and services move there. Defaults to ON_DEMAND."""
    storage_size: NotRequired[int]
    """Size in GiB of an instance's volume for images and containers. Defaults to 80."""
    detailed_monitoring: NotRequired[bool]
    """Have metrics of the instances every minute instead of every five, which costs. Defaults to false."""
    scale_in_seconds: NotRequired[int]
    """How long an instance that is idle or hardly used stays, 0 to 3600 seconds; -1 for ever. Defaults to what AWS
    holds to be best."""
    egress: NotRequired[list[EgressRuleArgs]]
    """What the instances may connect to beside VPC endpoints; tasks have rules of their own. Defaults to port 443
    anywhere; a stack that has endpoints and no NAT gateway defaults to nothing."""
    ipv6: NotRequired[bool]
    """Let a rule for every IPv4 address hold for every IPv6 address too. Defaults to false."""
    endpoint_security_group_id: NotRequired[pulumi.Input[str]]
    """Id of the security group of the VPC's interface endpoints, which then admits the instances. Defaults to none."""
    s3_prefix_list_id: NotRequired[pulumi.Input[str]]
    """Id of the prefix list of S3's addresses, which the instances may then connect to. Defaults to none."""
    role_path: NotRequired[str]
    """Path of the roles, by which those who deploy can be limited to them. Defaults to /."""


MANAGED_INSTANCES_DEFAULTS: Final = {
    "architecture": Architecture.X86_64,
    "instance_types": [],
    "min_vcpus": 1,
    "min_memory": 1024,
    "capacity_option": CapacityOption.ON_DEMAND,
    "storage_size": 80,
    "detailed_monitoring": False,
    "egress": [EgressRuleArgs(port=443, cidr_block="0.0.0.0/0")],
    "ipv6": False,
    "role_path": "/",
}
