"""The contract with other projects: what is published of the cluster and its capacity."""

from collections.abc import Mapping
from typing import TypedDict

import pulumi


class CapacityOutputs(TypedDict):
    """What is published of the cluster and its capacity."""

    clusterName: pulumi.Input[str]
    """Name of the ECS cluster."""
    clusterArn: pulumi.Input[str]
    """ARN of the ECS cluster."""
    capacityProviders: pulumi.Input[Mapping[str, str]]
    """Name in ECS of each capacity provider by its name in the settings, FARGATE and FARGATE_SPOT among them."""
    autoScalingGroupNames: pulumi.Input[Mapping[str, str]]
    """Name in AWS of each Auto Scaling group by its name in the settings."""
    instanceSecurityGroupIds: pulumi.Input[Mapping[str, str]]
    """Id of the security group of each group of instances by its name in the settings: Auto Scaling groups and Managed
    Instances."""
    executeCommandLogGroupArn: pulumi.Input[str]
    """ARN of the log group that keeps sessions of ECS Exec on the cluster; empty without one."""
