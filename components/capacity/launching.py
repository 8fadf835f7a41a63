"""Arguments of an Auto Scaling group and its launch template that are the same for every group, or follow by rule."""

from collections.abc import Sequence

import pulumi
import pulumi_aws as aws

from . import ec2_instances
from .ec2_instances import OperatingSystem

_TemplateOfPolicy = aws.autoscaling.GroupMixedInstancesPolicyLaunchTemplateLaunchTemplateSpecificationArgs


def mixed_policy(
    template_id: pulumi.Input[str],
    version: pulumi.Input[str],
    instance_types: Sequence[str],
    *,
    on_demand_base: int,
    on_demand_percentage: int,
) -> aws.autoscaling.GroupMixedInstancesPolicyArgs:
    """Let AWS choose among instance types, and buy some of the instances on demand and the others as Spot."""
    return aws.autoscaling.GroupMixedInstancesPolicyArgs(
        instances_distribution=aws.autoscaling.GroupMixedInstancesPolicyInstancesDistributionArgs(
            on_demand_allocation_strategy="prioritized",
            on_demand_base_capacity=on_demand_base,
            on_demand_percentage_above_base_capacity=on_demand_percentage,
            # What AWS recommends: few interruptions first, then the price.
            spot_allocation_strategy="price-capacity-optimized",
        ),
        launch_template=aws.autoscaling.GroupMixedInstancesPolicyLaunchTemplateArgs(
            launch_template_specification=_TemplateOfPolicy(launch_template_id=template_id, version=version),
            overrides=[
                aws.autoscaling.GroupMixedInstancesPolicyLaunchTemplateOverrideArgs(instance_type=instance_type)
                for instance_type in instance_types
            ],
        ),
    )


def refresh() -> aws.autoscaling.GroupInstanceRefreshArgs:
    """Replace the instances when their template changes: a new one first, then one old one drained."""
    return aws.autoscaling.GroupInstanceRefreshArgs(
        strategy="Rolling",
        preferences=aws.autoscaling.GroupInstanceRefreshPreferencesArgs(
            min_healthy_percentage=100,
            max_healthy_percentage=110,
            # Every instance with tasks is protected: without this the refresh would pass them over.
            scale_in_protected_instances="Refresh",
            standby_instances="Ignore",
        ),
    )


def volumes(
    system: OperatingSystem, size: int, kms_key_arn: str | None
) -> list[aws.ec2.LaunchTemplateBlockDeviceMappingArgs]:
    """Return an instance's volumes, all encrypted; the one that holds images and containers has the size in GiB."""
    data = ec2_instances.data_volume(system)
    return [
        aws.ec2.LaunchTemplateBlockDeviceMappingArgs(
            device_name=device,
            ebs=aws.ec2.LaunchTemplateBlockDeviceMappingEbsArgs(
                volume_type="gp3",
                # Bottlerocket's own volume keeps the size of its image.
                volume_size=size if device == data else None,
                encrypted="true",
                kms_key_id=kms_key_arn,
                delete_on_termination="true",
            ),
        )
        for device in sorted({"/dev/xvda", data})
    ]
