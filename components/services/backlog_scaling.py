"""The scaler of a queue worker: as many tasks as the messages in its queue ask for."""

import pulumi
import pulumi_aws as aws
from pulumi_aws import appautoscaling as scaling

from . import backlog, scaling_policies
from .args import QueueWorkerArgs
from .scaling_args import limits

_SCALE_OUT_COOLDOWN = 120
"""Seconds until new tasks run and count (Application Auto Scaling API)."""
_SCALE_IN_COOLDOWN = 300


def on_backlog(
    name: str, values: QueueWorkerArgs, queue: aws.sqs.Queue, child: pulumi.ResourceOptions
) -> scaling_policies.Policies:
    """Return what makes the policy that follows the messages for each task.

    For a worker that may have no task it makes another, which starts some.
    """

    def make(target: scaling.Target, service: aws.ecs.Service) -> None:
        _follow(name, values, target, _dimensions(values, queue, service), child)

    return make


_Dimensions = dict[str, dict[str, pulumi.Input[str]]]
"""What the metrics of each namespace are of."""


def _dimensions(values: QueueWorkerArgs, queue: aws.sqs.Queue, service: aws.ecs.Service) -> _Dimensions:
    return {
        "AWS/SQS": {"QueueName": queue.name},
        "ECS/ContainerInsights": {"ClusterName": values["cluster_name"], "ServiceName": service.name},
    }


def _follow(
    name: str, values: QueueWorkerArgs, target: scaling.Target, dimensions: _Dimensions, child: pulumi.ResourceOptions
) -> None:
    aim = int(values["messages_per_task"])
    scaling.Policy(
        f"{name}-backlog",
        policy_type="TargetTrackingScaling",
        **scaling_policies.of(target),
        target_tracking_scaling_policy_configuration=scaling.PolicyTargetTrackingScalingPolicyConfigurationArgs(
            customized_metric_specification=scaling.PolicyTargetTrackingScalingPolicyConfigurationCustomizedMetricSpecificationArgs(
                metrics=[*(_measured(one, dimensions[one.namespace]) for one in backlog.METRICS), _ratio(aim)]
            ),
            target_value=float(aim),
            scale_in_cooldown=_SCALE_IN_COOLDOWN,
            scale_out_cooldown=_SCALE_OUT_COOLDOWN,
        ),
        opts=child,
    )
    within = limits(int(values["min_tasks"]), int(values["max_tasks"]), values["scheduled_scaling"])
    if any(least == 0 < greatest for least, greatest in within.values()):
        _start(name, values, target, dimensions, child)


def _measured(
    metric: backlog.Metric, dimensions: dict[str, pulumi.Input[str]]
) -> "scaling.PolicyTargetTrackingScalingPolicyConfigurationCustomizedMetricSpecificationMetricArgs":
    kind = scaling.PolicyTargetTrackingScalingPolicyConfigurationCustomizedMetricSpecificationMetricMetricStatArgs
    return scaling.PolicyTargetTrackingScalingPolicyConfigurationCustomizedMetricSpecificationMetricArgs(
        id=metric.id,
        metric_stat=kind(
            metric=scaling.PolicyTargetTrackingScalingPolicyConfigurationCustomizedMetricSpecificationMetricMetricStatMetricArgs(
                namespace=metric.namespace,
                metric_name=metric.name,
                dimensions=[
                    scaling.PolicyTargetTrackingScalingPolicyConfigurationCustomizedMetricSpecificationMetricMetricStatMetricDimensionArgs(
                        name=key, value=value
                    )
                    for key, value in sorted(dimensions.items())
                ],
            ),
            stat=metric.statistic,
        ),
        return_data=False,
    )


def _ratio(aim: int) -> "scaling.PolicyTargetTrackingScalingPolicyConfigurationCustomizedMetricSpecificationMetricArgs":
    return scaling.PolicyTargetTrackingScalingPolicyConfigurationCustomizedMetricSpecificationMetricArgs(
        id="backlog", label="Messages for each task", expression=backlog.per_task(aim), return_data=True
    )


def _start(
    name: str,
    values: QueueWorkerArgs,
    target: scaling.Target,
    dimensions: _Dimensions,
    child: pulumi.ResourceOptions,
) -> None:
    steps = backlog.first_tasks(int(values["messages_per_task"]), int(values["max_tasks"]))
    policy = scaling.Policy(
        f"{name}-from-zero",
        policy_type="StepScaling",
        **scaling_policies.of(target),
        step_scaling_policy_configuration=scaling.PolicyStepScalingPolicyConfigurationArgs(
            # Repeated while the first tasks start, it asks for the same again.
            adjustment_type="ExactCapacity",
            metric_aggregation_type="Maximum",
            cooldown=60,
            step_adjustments=[
                scaling.PolicyStepScalingPolicyConfigurationStepAdjustmentArgs(
                    metric_interval_lower_bound=str(step.least),
                    metric_interval_upper_bound=None if step.most is None else str(step.most),
                    scaling_adjustment=step.tasks,
                )
                for step in steps
            ],
        ),
        opts=child,
    )
    aws.cloudwatch.MetricAlarm(
        f"{name}-from-zero",
        alarm_description=f"Starts tasks of {values['service_name']} when messages wait and none runs.",
        metric_queries=[
            *(
                aws.cloudwatch.MetricAlarmMetricQueryArgs(
                    id=metric.id,
                    metric=aws.cloudwatch.MetricAlarmMetricQueryMetricArgs(
                        namespace=metric.namespace,
                        metric_name=metric.name,
                        dimensions=dimensions[metric.namespace],
                        stat=metric.statistic,
                        period=60,
                    ),
                    return_data=False,
                )
                for metric in backlog.METRICS
            ),
            aws.cloudwatch.MetricAlarmMetricQueryArgs(
                id="unprocessed", label="Messages without a task", expression=backlog.WITHOUT_TASKS, return_data=True
            ),
        ],
        comparison_operator="GreaterThanThreshold",
        threshold=0,
        evaluation_periods=backlog.MINUTES,
        datapoints_to_alarm=backlog.MINUTES,
        treat_missing_data="notBreaching",
        alarm_actions=[policy.arn],
        opts=child,
    )
