"""The ECS cluster and the capacity its tasks run on."""

from enum import Enum
from typing import Final, NotRequired, TypedDict, cast

import pulumi
import pulumi_aws as aws

from .auto_scaling_group import AutoScalingGroup, AutoScalingGroupArgs
from .capacity import (
    FARGATE_PROVIDERS,
    STRATEGY_DEFAULTS,
    CapacityProviderStrategyArgs,
    default_strategy,
    provider_kinds,
)


class ContainerInsights(str, Enum):
    """How much CloudWatch Container Insights collects."""

    DISABLED = "disabled"
    ENABLED = "enabled"
    ENHANCED = "enhanced"


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


DEFAULTS: Final = {"container_insights": ContainerInsights.ENABLED, "auto_scaling_groups": {}}


class Cluster(pulumi.ComponentResource):
    """`container-platform:index:Cluster`: an ECS cluster with Fargate and Fargate Spot capacity.

    Creates: an `aws:ecs/cluster:Cluster`, and an `aws:ecs/clusterCapacityProviders:ClusterCapacityProviders` that
    associates FARGATE and FARGATE_SPOT with a default strategy.
    Optional: Container Insights.
    Needs: the ECS service-linked role, which ECS creates with an account's first cluster.
    """

    cluster_name: pulumi.Output[str]
    """Name of the cluster; known once its capacity providers are associated, so what uses it comes after them."""
    cluster_arn: pulumi.Output[str]
    """ARN of the cluster; known once its capacity providers are associated, so what uses it comes after them."""
    capacity_providers: pulumi.Output[dict[str, str]]
    """Name of each capacity provider as strategies call it → its name in ECS."""
    security_group_ids: pulumi.Output[dict[str, str]]
    """Name of each Auto Scaling group → id of its instances' security group."""

    def __init__(self, name: str, args: ClusterArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("container-platform:index:Cluster", name, {}, opts)
        values = cast(ClusterArgs, {**DEFAULTS, **args})
        child = pulumi.ResourceOptions(parent=self)
        cluster = aws.ecs.Cluster(
            name,
            name=values["cluster_name"],
            settings=[
                aws.ecs.ClusterSettingArgs(
                    name="containerInsights", value=ContainerInsights(values["container_insights"]).value
                )
            ],
            opts=child,
        )
        groups = {
            key: AutoScalingGroup(f"{name}-{key}", {**group, "cluster_name": cluster.name}, child)
            for key, group in values["auto_scaling_groups"].items()
        }
        made = {key: group.capacity_provider_name for key, group in groups.items()}
        strategy = values.get("capacity_provider_strategy", default_strategy(provider_kinds(groups)))
        providers = aws.ecs.ClusterCapacityProviders(
            name,
            cluster_name=cluster.name,
            capacity_providers=[*FARGATE_PROVIDERS, *made.values()],
            default_capacity_provider_strategies=[
                aws.ecs.ClusterCapacityProvidersDefaultCapacityProviderStrategyArgs(
                    capacity_provider=made.get(item["capacity_provider"], item["capacity_provider"]),
                    weight=int(item.get("weight", STRATEGY_DEFAULTS["weight"])),
                    base=int(item.get("base", STRATEGY_DEFAULTS["base"])),
                )
                for item in strategy
            ],
            opts=child,
        )
        # A service must be gone before its capacity provider is, and cannot start before it: whoever uses the cluster
        # depends on the association too.
        self.cluster_name = pulumi.Output.all(cluster.name, providers.id).apply(lambda known: str(known[0]))
        self.cluster_arn = pulumi.Output.all(cluster.arn, providers.id).apply(lambda known: str(known[0]))
        self.capacity_providers = pulumi.Output.all(**{key: key for key in FARGATE_PROVIDERS}, **made)
        self.security_group_ids = pulumi.Output.all(**{key: group.security_group_id for key, group in groups.items()})
        self.register_outputs(
            {
                "cluster_name": self.cluster_name,
                "cluster_arn": self.cluster_arn,
                "capacity_providers": self.capacity_providers,
                "security_group_ids": self.security_group_ids,
            }
        )
