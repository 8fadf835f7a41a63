"""The ECS service itself: where its tasks are placed, and how a new revision replaces the old one."""

from collections.abc import Sequence
from typing import NamedTuple

import pulumi
import pulumi_aws as aws

from ..capacity.providers import completed
from ..tasks import running
from ..tasks.args import Compatibility, NetworkMode, is_bridge
from . import activation, placement, scaling_policies
from .args import KeptArgs
from .migrations import Migration
from .placement import ConstraintType, PlacementStrategyArgs, StrategyType


class Targets(NamedTuple):
    """Where a load balancer finds the tasks."""

    group_arn: pulumi.Input[str]
    """ARN of the target group."""
    container: str
    """Name of the container that gets the requests."""
    port: int
    """Its port."""


def make(
    name: str,
    values: KeptArgs,
    definition: aws.ecs.TaskDefinition,
    security_group_id: pulumi.Input[str],
    parent: pulumi.Resource,
    depends_on: list[pulumi.Resource],
    targets: Sequence[Targets],
    grace_seconds: int | None,
    migration: Migration | None,
) -> aws.ecs.Service:
    """Make the service, which keeps tasks of a definition running, behind target groups if there are any."""
    has_image = "image" in values
    capacity = Compatibility(values["compatibility"])
    return aws.ecs.Service(
        name,
        name=values["service_name"],
        cluster=values["cluster_arn"],
        task_definition=definition.arn,
        desired_count=int(values["min_tasks"]) if has_image else 0,
        # Never a launch type: switching between the two would replace the service.
        capacity_provider_strategies=[
            aws.ecs.ServiceCapacityProviderStrategyArgs(
                capacity_provider=running.provider_name(item["capacity_provider"], values),
                weight=item["weight"],
                base=item["base"],
            )
            for item in completed(values["capacity_provider_strategy"])
        ],
        # ECS requires it when a strategy changes; without a change nothing is deployed.
        force_new_deployment=True,
        network_configuration=None
        if is_bridge(values)
        else aws.ecs.ServiceNetworkConfigurationArgs(
            subnets=values["subnet_ids"], security_groups=[security_group_id], assign_public_ip=False
        ),
        load_balancers=[
            aws.ecs.ServiceLoadBalancerArgs(
                target_group_arn=one.group_arn, container_name=one.container, container_port=one.port
            )
            for one in targets
        ]
        or None,
        deployment_circuit_breaker=aws.ecs.ServiceDeploymentCircuitBreakerArgs(enable=True, rollback=True),
        deployment_maximum_percent=int(values["max_healthy_percent"]),
        deployment_minimum_healthy_percent=int(values["min_healthy_percent"]),
        health_check_grace_period_seconds=grace_seconds,
        # Only on Auto Scaling groups; elsewhere AWS places the tasks.
        placement_constraints=_constraints(values) if capacity is Compatibility.EC2 else None,
        ordered_placement_strategies=_strategies(values) if capacity is Compatibility.EC2 else None,
        availability_zone_rebalancing="ENABLED" if _rebalances(values) else "DISABLED",
        enable_ecs_managed_tags=True,
        propagate_tags="SERVICE",
        enable_execute_command=values["execute_command"] or None,
        wait_for_steady_state=has_image,
        opts=pulumi.ResourceOptions(
            parent=parent,
            depends_on=depends_on,
            # Its name is fixed, so the old one must be gone before a new one can be made.
            delete_before_replace=True,
            # An update cannot remove the network configuration, which AWS refuses in bridge mode.
            replacement_trigger=NetworkMode(values["network_mode"]).value,
            hooks=pulumi.ResourceHookBinding.merge(
                activation.retried(name) if capacity is Compatibility.MANAGED_INSTANCES else None,
                # Without an image nothing of the application runs yet.
                migration.hooks() if migration and has_image else None,
            ),
            # A scaler owns the count, and a pipeline that was given it the revision.
            ignore_changes=[
                *(["desired_count"] if scaling_policies.scaled(values) and not values["first_release"] else []),
                *(["task_definition"] if values["released_by_pipeline"] else []),
            ],
        ),
    )


def _constraints(values: KeptArgs) -> list[aws.ecs.ServicePlacementConstraintArgs]:
    return [
        aws.ecs.ServicePlacementConstraintArgs(
            type=ConstraintType(item["type"]).value, expression=item.get("expression")
        )
        for item in values["placement_constraints"]
    ]


def _strategies(values: KeptArgs) -> list[aws.ecs.ServiceOrderedPlacementStrategyArgs]:
    return [
        aws.ecs.ServiceOrderedPlacementStrategyArgs(type=StrategyType(item["type"]).value, field=item.get("field"))
        for item in _chosen(values)
    ]


def _chosen(values: KeptArgs) -> list[PlacementStrategyArgs]:
    return values.get("placement_strategies", placement.SPREAD_AND_PACK)


def _rebalances(values: KeptArgs) -> bool:
    """Return whether ECS moves tasks to even out the zones, for which it starts one before it stops another."""
    if int(values["max_healthy_percent"]) <= 100:
        return False
    if Compatibility(values["compatibility"]) is not Compatibility.EC2:
        return True
    return placement.rebalances(values["placement_constraints"], _chosen(values))
