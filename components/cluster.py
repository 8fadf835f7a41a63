"""The ECS cluster and the capacity its tasks run on."""

from enum import Enum
from typing import Final, NotRequired, TypedDict, cast

import pulumi
import pulumi_aws as aws


class CapacityProvider(str, Enum):
    """The kinds of Fargate capacity."""

    FARGATE = "FARGATE"
    FARGATE_SPOT = "FARGATE_SPOT"


class ContainerInsights(str, Enum):
    """How much CloudWatch Container Insights collects."""

    DISABLED = "disabled"
    ENABLED = "enabled"
    ENHANCED = "enhanced"


class CapacityProviderStrategyArgs(TypedDict):
    """One item of a capacity provider strategy (ECS API, CapacityProviderStrategyItem)."""

    capacity_provider: CapacityProvider
    """The capacity provider."""
    weight: NotRequired[int]
    """Its share of the tasks beyond every base, 0 to 1000. Defaults to 1."""
    base: NotRequired[int]
    """How many tasks it runs at least; only one item of a strategy may have one above 0. Defaults to 0."""


class ClusterArgs(TypedDict):
    """What a Cluster is made from."""

    cluster_name: str
    """Name of the cluster."""
    container_insights: NotRequired[ContainerInsights]
    """Container Insights (Security Hub ECS.12). Defaults to enabled."""
    capacity_provider_strategy: NotRequired[list[CapacityProviderStrategyArgs]]
    """Where tasks run that name no strategy of their own. Defaults to FARGATE with weight 1."""


DEFAULTS: Final = {
    "container_insights": ContainerInsights.ENABLED,
    "capacity_provider_strategy": [CapacityProviderStrategyArgs(capacity_provider=CapacityProvider.FARGATE)],
}

STRATEGY_DEFAULTS: Final = {"weight": 1, "base": 0}


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
        providers = aws.ecs.ClusterCapacityProviders(
            name,
            cluster_name=cluster.name,
            capacity_providers=[provider.value for provider in CapacityProvider],
            default_capacity_provider_strategies=[
                aws.ecs.ClusterCapacityProvidersDefaultCapacityProviderStrategyArgs(
                    capacity_provider=CapacityProvider(item["capacity_provider"]).value,
                    weight=int(item.get("weight", STRATEGY_DEFAULTS["weight"])),
                    base=int(item.get("base", STRATEGY_DEFAULTS["base"])),
                )
                for item in values["capacity_provider_strategy"]
            ],
            opts=child,
        )
        # A service must be gone before its capacity provider is, and cannot start before it: whoever uses the cluster
        # depends on the association too.
        self.cluster_name = pulumi.Output.all(cluster.name, providers.id).apply(lambda known: str(known[0]))
        self.cluster_arn = pulumi.Output.all(cluster.arn, providers.id).apply(lambda known: str(known[0]))
        self.register_outputs({"cluster_name": self.cluster_name, "cluster_arn": self.cluster_arn})
