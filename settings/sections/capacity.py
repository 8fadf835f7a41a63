"""The sections of the settings for the cluster and its capacity."""

from typing import Annotated, Any, cast

from pydantic import Field, StringConstraints

from components.capacity.args import (
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
from components.capacity.providers import Capacity, CapacityProviderStrategyArgs, default_strategy, provider_kinds
from components.common.architecture import Architecture
from components.common.args import EgressRuleArgs

from ..kinds import (
    IMAGE_VERSION,
    CidrBlock,
    Count,
    InstanceCount,
    InstanceType,
    InstanceTypes,
    KeyArn,
    Memory,
    Name,
    Percentage,
    Port,
    RetentionDays,
)
from ..section import Section


class EgressRule(Section):
    """One thing that the tasks may connect to."""

    arguments_class = EgressRuleArgs
    port: Port
    cidr_block: CidrBlock


class StrategyItem(Section):
    """One item of a capacity provider strategy."""

    arguments_class = CapacityProviderStrategyArgs
    capacity_provider: Annotated[str, StringConstraints(min_length=1)]
    weight: Annotated[int, Field(ge=0, le=1000)] = 1
    base: Annotated[int, Field(ge=0, le=100_000)] = 0


Strategy = Annotated[list[StrategyItem], Field(min_length=1)]


class WarmPool(Section):
    """Instances that wait beforehand."""

    arguments_class = WarmPoolArgs
    min_size: InstanceCount = 0
    max_prepared: InstanceCount | None = None
    state: WarmPoolState = WarmPoolState.STOPPED


class AutoScalingGroup(Section):
    """One Auto Scaling group of EC2 instances."""

    arguments_class = AutoScalingGroupArgs
    instance_types: Annotated[list[InstanceType], Field(min_length=1, max_length=40)] = ["t3.medium"]
    architecture: Architecture = Architecture.X86_64
    operating_system: OperatingSystem = OperatingSystem.AMAZON_LINUX_2023
    image_version: Annotated[str, StringConstraints(pattern=IMAGE_VERSION)] | None = None
    min_size: InstanceCount = 1
    desired_size: InstanceCount = 3
    max_size: Annotated[int, Field(ge=1, le=1000)] = 10
    on_demand_base: InstanceCount = 0
    on_demand_percentage: Percentage = 100
    target_capacity: Annotated[int, Field(ge=1, le=100)] = 80
    min_scaling_step: Annotated[int, Field(ge=1, le=10_000)] = 1
    max_scaling_step: Annotated[int, Field(ge=1, le=10_000)] = 10
    bridge_tasks: bool = False
    root_volume_size: Annotated[int, Field(ge=30, le=16_384)] = 30
    root_volume_kms_key_arn: KeyArn | None = None
    warm_pool: WarmPool | None = None
    egress: list[EgressRule] | None = None


class ExecuteCommandLogging(Section):
    """Where what people do in ECS Exec is kept."""

    arguments_class = ExecuteCommandLoggingArgs
    log_retention_days: RetentionDays = 90
    kms_key_arn: KeyArn | None = None


class EcsAccountSettings(Section):
    """What ECS has once for an account and region."""

    arguments_class = AccountSettingsArgs
    awsvpc_trunking: bool = True
    container_insights: ContainerInsights = ContainerInsights.ENABLED


class ManagedInstances(Section):
    """EC2 instances that AWS chooses, patches and replaces."""

    arguments_class = ManagedInstancesArgs
    architecture: Architecture = Architecture.X86_64
    instance_types: Annotated[list[InstanceTypes], Field(max_length=400)] = []
    min_vcpus: Count = 1
    max_vcpus: Count | None = None
    min_memory: Memory = 1024
    max_memory: Memory | None = None
    capacity_option: CapacityOption = CapacityOption.ON_DEMAND
    storage_size: Annotated[int, Field(ge=30, le=16_384)] = 80
    detailed_monitoring: bool = False
    scale_in_seconds: Annotated[int, Field(ge=-1, le=3600)] | None = None
    egress: list[EgressRule] | None = None


class Cluster(Section):
    """The ECS cluster."""

    arguments_class = ClusterArgs
    container_insights: ContainerInsights = ContainerInsights.ENABLED
    capacity_provider_strategy: Strategy | None = None
    auto_scaling_groups: dict[Name, AutoScalingGroup] = Field(default_factory=dict)
    managed_instances: dict[Name, ManagedInstances] = Field(
        default_factory=dict,
        description="ECS Managed Instances, by the name that strategies call them. Defaults to none.",
    )
    execute_command_logging: ExecuteCommandLogging | None = None
    storage_kms_key_arn: KeyArn | None = None
    account_settings: EcsAccountSettings | None = Field(
        default=None,
        description="What ECS has once for an account and region. Only one stack of an account and region may have "
        "this. Defaults to none: another stack, or nobody, owns it.",
    )
    spot_only: bool = Field(
        default=False,
        description="Let a protected stack run nothing but Spot capacity, which AWS may take back at two minutes' "
        "notice, all of it at once. Defaults to false: with protect such a strategy is refused.",
    )

    @property
    def has_instances(self) -> bool:
        """Whether there are EC2 instances."""
        return bool(self.auto_scaling_groups or self.managed_instances)

    @property
    def provider_kinds(self) -> dict[str, Capacity]:
        """The capacity providers that a strategy may name, each with its kind."""
        return provider_kinds(self.auto_scaling_groups, self.managed_instances)

    @property
    def strategy(self) -> list[CapacityProviderStrategyArgs]:
        """Where tasks run that name no strategy of their own."""
        if self.capacity_provider_strategy:
            return [cast(CapacityProviderStrategyArgs, item.arguments()) for item in self.capacity_provider_strategy]
        return default_strategy(self.provider_kinds)

    def arguments(self) -> dict[str, Any]:
        """Return the values for the cluster itself: neither Managed Instances nor what is only checked."""
        apart = {"managed_instances", "spot_only"}
        return {name: value for name, value in super().arguments().items() if name not in apart}
