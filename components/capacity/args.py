"""What the cluster and its capacity are made from."""

from enum import Enum
from typing import Final, TypedDict

import pulumi

from ..common.architecture import Architecture
from ..common.args import HTTPS_ANYWHERE, EgressLinks, EgressRuleArgs
from .ec2_instances import OperatingSystem
from .providers import CapacityProviderStrategyArgs


class WarmPoolState(str, Enum):
    """What the instances of a warm pool do while they wait."""

    STOPPED = "Stopped"
    RUNNING = "Running"


class WarmPoolArgs(TypedDict, total=False):
    """Instances that are started in advance and wait ("Warm pools", Amazon EC2 Auto Scaling User Guide)."""

    min_size: int
    """Least number of waiting instances. Defaults to 0."""
    max_prepared: int
    """Greatest number of instances, waiting and in use together. Defaults to the group's greatest size."""
    state: WarmPoolState
    """State in which they wait. Stopped instances cost only their volumes. Defaults to Stopped."""


WARM_POOL_DEFAULTS: Final[WarmPoolArgs] = {"min_size": 0, "state": WarmPoolState.STOPPED}


class AutoScalingGroupChoices(TypedDict, total=False):
    """What a person chooses of an AutoScalingGroup."""

    instance_types: list[str]
    """Instance types, the preferred one first. AWS chooses among several, and among one if it is Spot. All must have
    the group's architecture. Defaults to t3.medium."""
    architecture: Architecture
    """Processor architecture of the instances and of the tasks on them. Defaults to X86_64."""
    operating_system: OperatingSystem
    """Operating system: amazonLinux2023 or bottlerocket, each from the image that AWS makes for ECS. Defaults to
    amazonLinux2023."""
    image_version: str
    """Version of that image, as in the path of AWS's public parameter: 1.50.0 for Bottlerocket,
    al2023-ami-ecs-hvm-2023.0.20251108-kernel-6.1-x86_64 for Amazon Linux. Changing it replaces the instances. Defaults
    to the newest version when an instance is launched."""
    min_size: int
    """Least number of instances. Defaults to 1."""
    desired_size: int
    """Number of instances at creation. ECS changes it afterwards. Defaults to 3."""
    max_size: int
    """Greatest number of instances. Defaults to 10."""
    on_demand_base: int
    """Number of instances that are on demand before the percentage applies. Defaults to 0."""
    on_demand_percentage: int
    """Percentage of the instances beyond that base that are on demand; the others are Spot. Defaults to 100."""
    target_capacity: int
    """Percentage of the instances that ECS keeps in use. The rest is room for new tasks. Defaults to 80."""
    min_scaling_step: int
    """Least number of instances that ECS adds at once. Defaults to 1."""
    max_scaling_step: int
    """Greatest number of instances that ECS adds at once. Defaults to 10."""
    bridge_tasks: bool
    """Accept tasks in bridge mode. The load balancer then reaches ports 32768 to 65535 of the instances, and
    containers reach the instance metadata (hop limit 2 instead of 1). Defaults to false."""
    root_volume_size: int
    """Size in GiB of the encrypted volume that holds images and containers. Defaults to 30."""
    root_volume_kms_key_arn: str
    """ARN of a KMS key of your own that encrypts the volumes. Its policy must let the service-linked role of EC2 Auto
    Scaling use it. Defaults to the account's key for EBS."""
    warm_pool: WarmPoolArgs
    """Instances that are started in advance and wait. Not available with Spot. Defaults to none."""
    egress: list[EgressRuleArgs]
    """What the instances, and tasks in bridge mode, may connect to besides VPC endpoints. Tasks in awsvpc mode have
    their own rules. Defaults to port 443 anywhere; to nothing in a stack with endpoints and no NAT gateway."""


class AutoScalingGroupLinks(EgressLinks, total=False):
    """What ties an AutoScalingGroup to the rest of a platform."""

    name_prefix: str
    """Start of the names that group, instances and capacity provider have in AWS. Defaults to the component's name; a
    Cluster sets it for its own groups."""
    load_balancer_security_group_id: pulumi.Input[str]
    """Id of the load balancer's security group, which reaches tasks in bridge mode. Defaults to none."""
    tags: dict[str, str]
    """Tags of group, instances, volumes and network interfaces, which the provider's default tags do not reach.
    Defaults to none besides Name."""
    role_path: str
    """Path of the instances' role and profile, which deployers' permissions can be limited to. Defaults to /."""
    protect: bool
    """Wait on deletion until every instance has stopped its tasks, instead of ending them at once. Defaults to true."""


class ClusterGroupArgs(AutoScalingGroupChoices, AutoScalingGroupLinks):
    """What a Cluster makes an Auto Scaling group of its own from."""

    vpc_id: pulumi.Input[str]
    """Id of the VPC."""
    subnet_ids: pulumi.Input[list[str]]
    """Ids of the private subnets that the instances are in."""


class AutoScalingGroupArgs(ClusterGroupArgs):
    """What an AutoScalingGroup is made from."""

    cluster_name: pulumi.Input[str]
    """Name of the cluster that the instances join."""


AUTO_SCALING_GROUP_DEFAULTS: Final[AutoScalingGroupChoices] = {
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
    "egress": HTTPS_ANYWHERE,
}
AUTO_SCALING_GROUP_LINK_DEFAULTS: Final[AutoScalingGroupLinks] = {
    "ipv6": False,
    "tags": {},
    "role_path": "/",
    "protect": True,
}


class ContainerInsights(str, Enum):
    """How much CloudWatch Container Insights collects."""

    DISABLED = "disabled"
    ENABLED = "enabled"
    ENHANCED = "enhanced"


class AccountSettingsArgs(TypedDict, total=False):
    """What ECS has once for an account and region (PutAccountSettingDefault, ECS API)."""

    awsvpc_trunking: bool
    """Let an EC2 instance run more tasks in awsvpc mode than it has network interfaces, if its type can. Instances
    launched before keep their limit. Defaults to true."""
    container_insights: ContainerInsights
    """Container Insights of clusters that do not set it themselves. Defaults to enabled."""


ACCOUNT_DEFAULTS: Final[AccountSettingsArgs] = {
    "awsvpc_trunking": True,
    "container_insights": ContainerInsights.ENABLED,
}


class ExecuteCommandLoggingArgs(TypedDict, total=False):
    """Where the input and output of ECS Exec sessions are kept."""

    log_retention_days: int
    """Days to keep them. Defaults to 90."""
    kms_key_arn: str
    """ARN of a KMS key of your own that encrypts the session and its log. Its policy must let CloudWatch Logs use it,
    and the tasks' roles need kms:Decrypt on it. Defaults to none: AWS encrypts both."""


EXECUTE_COMMAND_DEFAULTS: Final[ExecuteCommandLoggingArgs] = {"log_retention_days": 90}


class ClusterChoices(TypedDict, total=False):
    """What a person chooses of a Cluster."""

    container_insights: ContainerInsights
    """Container Insights (Security Hub ECS.12). Defaults to enabled."""
    capacity_provider_strategy: list[CapacityProviderStrategyArgs]
    """Where tasks run that have no strategy of their own. Defaults to the only Auto Scaling group or Managed Instances
    with weight 1; to FARGATE if there is none, or more than one."""
    auto_scaling_groups: dict[str, ClusterGroupArgs]
    """Auto Scaling groups of EC2 instances, by the name that strategies use. Defaults to none."""
    execute_command_logging: ExecuteCommandLoggingArgs
    """Keep what people do in ECS Exec in a log group of its own. Defaults to none: it goes to the container's log."""
    storage_kms_key_arn: str
    """ARN of a KMS key of your own, a single-region one, that encrypts the ephemeral storage of Fargate tasks and the
    EBS volumes that ECS attaches. Its policy must let Fargate use it. Defaults to none: AWS encrypts both."""
    account_settings: AccountSettingsArgs
    """What ECS has once for the account and region. Defaults to none: another stack, or nobody, owns it."""


class ClusterLinks(TypedDict, total=False):
    """What ties a Cluster to the rest of a platform."""

    log_group_prefix: str
    """Start of the name of ECS Exec's log group, `<log_group_prefix>/execute-command`. Defaults to /ecs."""


class ClusterArgs(ClusterChoices, ClusterLinks):
    """What a Cluster is made from."""

    cluster_name: str
    """Name of the cluster."""


CLUSTER_DEFAULTS: Final[ClusterChoices] = {"container_insights": ContainerInsights.ENABLED, "auto_scaling_groups": {}}
CLUSTER_LINK_DEFAULTS: Final[ClusterLinks] = {"log_group_prefix": "/ecs"}


class CapacityOption(str, Enum):
    """How the instances are bought."""

    ON_DEMAND = "ON_DEMAND"
    SPOT = "SPOT"


class ManagedInstancesChoices(TypedDict, total=False):
    """What a person chooses of ManagedInstances."""

    architecture: Architecture
    """Processor architecture of the instances and of the tasks on them. Defaults to X86_64."""
    instance_types: list[str]
    """Instance types that AWS chooses from. `*` stands for any characters: m7g.*. Defaults to every current one."""
    min_vcpus: int
    """Least number of vCPUs of an instance. Defaults to 1."""
    max_vcpus: int
    """Greatest number of vCPUs of an instance. Defaults to any."""
    min_memory: int
    """Least memory of an instance in MiB. Defaults to 1024."""
    max_memory: int
    """Greatest memory of an instance in MiB. Defaults to any."""
    capacity_option: CapacityOption
    """How the instances are bought: ON_DEMAND, or SPOT, which AWS takes back with two minutes' notice. Changing it
    replaces the capacity provider, and services move to the new one. Defaults to ON_DEMAND."""
    storage_size: int
    """Size in GiB of an instance's volume for images and containers. Defaults to 80."""
    detailed_monitoring: bool
    """Have metrics of the instances every minute instead of every five, at a charge. Defaults to false."""
    scale_in_seconds: int
    """Seconds that an idle or hardly used instance stays, 0 to 3600; -1 for ever. Defaults to what AWS considers
    best."""
    egress: list[EgressRuleArgs]
    """What the instances may connect to besides VPC endpoints. Tasks have their own rules. Defaults to port 443
    anywhere; to nothing in a stack with endpoints and no NAT gateway."""


class ManagedInstancesLinks(EgressLinks, total=False):
    """What ties ManagedInstances to the rest of a platform."""

    name_prefix: str
    """Start of the capacity provider's name. Defaults to the component's name."""
    role_path: str
    """Path of the roles, which deployers' permissions can be limited to. Defaults to /."""


class ManagedInstancesArgs(ManagedInstancesChoices, ManagedInstancesLinks):
    """What ManagedInstances are made from."""

    cluster_name: pulumi.Input[str]
    """Name of the cluster, the only one that they serve."""
    vpc_id: pulumi.Input[str]
    """Id of the VPC."""
    subnet_ids: pulumi.Input[list[str]]
    """Ids of the private subnets that the instances are in."""


MANAGED_INSTANCES_DEFAULTS: Final[ManagedInstancesChoices] = {
    "architecture": Architecture.X86_64,
    "instance_types": [],
    "min_vcpus": 1,
    "min_memory": 1024,
    "capacity_option": CapacityOption.ON_DEMAND,
    "storage_size": 80,
    "detailed_monitoring": False,
    "egress": HTTPS_ANYWHERE,
}
MANAGED_INSTANCES_LINK_DEFAULTS: Final[ManagedInstancesLinks] = {"ipv6": False, "role_path": "/"}
