"""The sections of the settings for the cluster and its capacity."""

from typing import Annotated

from pydantic import Field

from components.capacity.args import (
    ACCOUNT_DEFAULTS,
    AUTO_SCALING_GROUP_DEFAULTS,
    CLUSTER_DEFAULTS,
    EXECUTE_COMMAND_DEFAULTS,
    MANAGED_INSTANCES_DEFAULTS,
    WARM_POOL_DEFAULTS,
    AccountSettingsArgs,
    AutoScalingGroupArgs,
    CapacityOption,
    ClusterArgs,
    ContainerInsights,
    ExecuteCommandLoggingArgs,
    ManagedInstancesArgs,
    WarmPoolArgs,
    WarmPoolState,
)
from components.capacity.ec2_instances import OperatingSystem
from components.capacity.providers import (
    STRATEGY_DEFAULTS,
    Capacity,
    CapacityProviderStrategyArgs,
    default_strategy,
    provider_kinds,
)
from components.common.architecture import Architecture
from components.common.args import EgressRuleArgs

from ..arns import KeyArn
from ..kinds import (
    CidrBlock,
    Count,
    ImageVersion,
    InstanceCount,
    InstanceType,
    InstanceTypes,
    Memory,
    Name,
    NotEmpty,
    Percentage,
    Port,
    RetentionDays,
)
from ..section import Section


class EgressRule(Section):
    """One IPv4 range, and the port on it, that tasks or instances may connect to."""

    arguments_class = EgressRuleArgs
    port: Port
    cidr_block: CidrBlock


class StrategyItem(Section):
    """One item of a capacity provider strategy."""

    arguments_class = CapacityProviderStrategyArgs
    capacity_provider: NotEmpty
    weight: Annotated[int, Field(ge=0, le=1000)] = STRATEGY_DEFAULTS["weight"]
    base: Annotated[int, Field(ge=0, le=100_000)] = STRATEGY_DEFAULTS["base"]


Strategy = Annotated[list[StrategyItem], Field(min_length=1)]


class WarmPool(Section):
    """Instances that are started in advance and wait."""

    arguments_class = WarmPoolArgs
    min_size: InstanceCount = WARM_POOL_DEFAULTS["min_size"]
    max_prepared: InstanceCount | None = None
    state: WarmPoolState = WARM_POOL_DEFAULTS["state"]


class AutoScalingGroup(Section):
    """One Auto Scaling group of EC2 instances."""

    arguments_class = AutoScalingGroupArgs
    instance_types: Annotated[list[InstanceType], Field(min_length=1, max_length=40)] = AUTO_SCALING_GROUP_DEFAULTS[
        "instance_types"
    ]
    architecture: Architecture = AUTO_SCALING_GROUP_DEFAULTS["architecture"]
    operating_system: OperatingSystem = AUTO_SCALING_GROUP_DEFAULTS["operating_system"]
    image_version: ImageVersion | None = None
    min_size: InstanceCount = AUTO_SCALING_GROUP_DEFAULTS["min_size"]
    desired_size: InstanceCount = AUTO_SCALING_GROUP_DEFAULTS["desired_size"]
    max_size: Annotated[int, Field(ge=1, le=1000)] = AUTO_SCALING_GROUP_DEFAULTS["max_size"]
    on_demand_base: InstanceCount = AUTO_SCALING_GROUP_DEFAULTS["on_demand_base"]
    on_demand_percentage: Percentage = AUTO_SCALING_GROUP_DEFAULTS["on_demand_percentage"]
    target_capacity: Annotated[int, Field(ge=1, le=100)] = AUTO_SCALING_GROUP_DEFAULTS["target_capacity"]
    min_scaling_step: Annotated[int, Field(ge=1, le=10_000)] = AUTO_SCALING_GROUP_DEFAULTS["min_scaling_step"]
    max_scaling_step: Annotated[int, Field(ge=1, le=10_000)] = AUTO_SCALING_GROUP_DEFAULTS["max_scaling_step"]
    bridge_tasks: bool = AUTO_SCALING_GROUP_DEFAULTS["bridge_tasks"]
    root_volume_size: Annotated[int, Field(ge=30, le=16_384)] = AUTO_SCALING_GROUP_DEFAULTS["root_volume_size"]
    root_volume_kms_key_arn: KeyArn | None = None
    warm_pool: WarmPool | None = None
    egress: list[EgressRule] | None = None


class ExecuteCommandLogging(Section):
    """Where the input and output of ECS Exec sessions are kept."""

    arguments_class = ExecuteCommandLoggingArgs
    log_retention_days: RetentionDays = EXECUTE_COMMAND_DEFAULTS["log_retention_days"]
    kms_key_arn: KeyArn | None = None


class EcsAccountSettings(Section):
    """What ECS has once for an account and region."""

    arguments_class = AccountSettingsArgs
    awsvpc_trunking: bool = ACCOUNT_DEFAULTS["awsvpc_trunking"]
    container_insights: ContainerInsights = ACCOUNT_DEFAULTS["container_insights"]


class ManagedInstances(Section):
    """EC2 instances that AWS chooses, patches and replaces."""

    arguments_class = ManagedInstancesArgs
    architecture: Architecture = MANAGED_INSTANCES_DEFAULTS["architecture"]
    instance_types: Annotated[list[InstanceTypes], Field(max_length=400)] = MANAGED_INSTANCES_DEFAULTS["instance_types"]
    min_vcpus: Count = MANAGED_INSTANCES_DEFAULTS["min_vcpus"]
    max_vcpus: Count | None = None
    min_memory: Memory = MANAGED_INSTANCES_DEFAULTS["min_memory"]
    max_memory: Memory | None = None
    capacity_option: CapacityOption = MANAGED_INSTANCES_DEFAULTS["capacity_option"]
    storage_size: Annotated[int, Field(ge=30, le=16_384)] = MANAGED_INSTANCES_DEFAULTS["storage_size"]
    detailed_monitoring: bool = MANAGED_INSTANCES_DEFAULTS["detailed_monitoring"]
    scale_in_seconds: Annotated[int, Field(ge=-1, le=3600)] | None = None
    egress: list[EgressRule] | None = None


class Cluster(Section):
    """The ECS cluster."""

    arguments_class = ClusterArgs
    container_insights: ContainerInsights = CLUSTER_DEFAULTS["container_insights"]
    capacity_provider_strategy: Strategy | None = None
    auto_scaling_groups: dict[Name, AutoScalingGroup] = Field(default_factory=dict)
    managed_instances: dict[Name, ManagedInstances] = Field(
        default_factory=dict,
        description="ECS Managed Instances, by the name that strategies use. Defaults to none.",
    )
    execute_command_logging: ExecuteCommandLogging | None = None
    storage_kms_key_arn: KeyArn | None = None
    account_settings: EcsAccountSettings | None = Field(
        default=None,
        description="What ECS has once for an account and region. Only one stack of an account and region may set "
        "this. Defaults to none: another stack, or nobody, owns it.",
    )
    spot_only: bool = Field(
        default=False,
        description="Let a protected stack run on Spot capacity alone, which AWS may take back with two minutes' "
        "notice, all of it at once. Defaults to false: such a strategy is refused in a protected stack.",
    )

    @property
    def has_instances(self) -> bool:
        """Whether there are EC2 instances."""
        return bool(self.auto_scaling_groups or self.managed_instances)

    @property
    def provider_kinds(self) -> dict[str, Capacity]:
        """The capacity providers that a strategy may use, each with its kind."""
        return provider_kinds(self.auto_scaling_groups, self.managed_instances)

    @property
    def strategy(self) -> list[CapacityProviderStrategyArgs]:
        """Where tasks run that have no strategy of their own."""
        if self.capacity_provider_strategy:
            return [item.given(CapacityProviderStrategyArgs) for item in self.capacity_provider_strategy]
        return default_strategy(self.provider_kinds)
