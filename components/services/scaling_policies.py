"""The scaler that decides how many tasks a service runs."""

import pulumi
import pulumi_aws as aws

from .args import WorkerArgs
from .scaling_args import scales


def scaled(values: WorkerArgs) -> bool:
    """Return whether a scaler owns the number of this service's tasks."""
    return scales(int(values["min_tasks"]), int(values["max_tasks"]))


def scaling_target_arn(
    name: str, values: WorkerArgs, service: aws.ecs.Service, child: pulumi.ResourceOptions
) -> pulumi.Output[str]:
    """Make the scalable target and its policy if there is room to scale, and return its ARN, else an empty one."""
    if not scaled(values):
        return pulumi.Output.from_input("")
    # Without an image it holds the count at zero. Registering the limits raises the count to the least of them
    # (RegisterScalableTarget, Application Auto Scaling API), so the first image starts the service.
    least, greatest = (int(values["min_tasks"]), int(values["max_tasks"])) if "image" in values else (0, 0)
    target = aws.appautoscaling.Target(
        name,
        service_namespace="ecs",
        scalable_dimension="ecs:service:DesiredCount",
        resource_id=pulumi.Output.concat("service/", values["cluster_name"], "/", service.name),
        min_capacity=least,
        max_capacity=greatest,
        opts=child,
    )
    aws.appautoscaling.Policy(
        f"{name}-cpu",
        policy_type="TargetTrackingScaling",
        service_namespace=target.service_namespace,
        scalable_dimension=target.scalable_dimension,
        resource_id=target.resource_id,
        target_tracking_scaling_policy_configuration=aws.appautoscaling.PolicyTargetTrackingScalingPolicyConfigurationArgs(
            predefined_metric_specification=aws.appautoscaling.PolicyTargetTrackingScalingPolicyConfigurationPredefinedMetricSpecificationArgs(
                predefined_metric_type="ECSServiceAverageCPUUtilization"
            ),
            target_value=float(values["cpu_target"]),
            scale_in_cooldown=300,
            scale_out_cooldown=300,
        ),
        opts=child,
    )
    return target.arn
