"""The scaler that decides how many tasks a service runs.

Its target holds the limits. Each kind of service has policies of its own; here each kind of policy is one function. Of
several, the one that asks for the most tasks decides, and tasks go only when all agree (Application Auto Scaling User
Guide, "Multiple target tracking scaling policies").
"""

from collections.abc import Callable, Mapping
from typing import Any, Final, NamedTuple, TypedDict

import pulumi
import pulumi_aws as aws

from ..tasks.args import default_family
from . import metrics, steps
from .args import KeptArgs, ServiceArgs, WorkerArgs
from .metrics import MetricArgs, MetricChoices, MetricSourceChoices, Statistic, Unit
from .scaling_args import NO_TARGET, SCHEDULED_SCALING_DEFAULTS, ScalingActivity, has_room, limits, scales, told
from .steps import API_ADJUSTMENTS, STEP_SCALING_DEFAULTS, AdjustmentType, MissingData, StepScalingArgs

_AGGREGATIONS: Final = (Statistic.MINIMUM, Statistic.MAXIMUM)


Policies = Callable[[aws.appautoscaling.Target, aws.ecs.Service], None]
"""Makes the policies of a scalable target, which is a service's."""


class Scaled(TypedDict):
    """What a policy or schedule says of the target that it changes."""

    service_namespace: pulumi.Output[str]
    scalable_dimension: pulumi.Output[str]
    resource_id: pulumi.Output[str]


def of(target: aws.appautoscaling.Target) -> Scaled:
    """Return what a policy or schedule of a scalable target says of it."""
    return {
        "service_namespace": target.service_namespace,
        "scalable_dimension": target.scalable_dimension,
        "resource_id": target.resource_id,
    }


class Reached(NamedTuple):
    """What requests come through, as CloudWatch names it."""

    load_balancer: pulumi.Output[str]
    """Last part of the load balancer's ARN, from `app/` on."""
    target_group: pulumi.Output[str]
    """Last part of the target group's ARN, from `targetgroup/` on."""

    @classmethod
    def through(cls, listener_arn: pulumi.Input[str], target_group: aws.lb.TargetGroup) -> "Reached":
        """Return the way through a listener of an Application Load Balancer, whose ARN has the load balancer's in it:
        `listener/app/<name>/<id>/<listener>`."""
        balancer = pulumi.Output.from_input(listener_arn).apply(
            lambda arn: "/".join(arn.partition(":listener/")[2].split("/")[:3])
        )
        return cls(balancer, target_group.arn.apply(lambda arn: arn.rpartition(":")[2]))


class Scaler(NamedTuple):
    """A service's scaler, which policies are added to."""

    name: str
    """Name of the service's resources, or the start of it."""
    values: WorkerArgs | ServiceArgs
    service: aws.ecs.Service
    target: aws.appautoscaling.Target
    child: pulumi.ResourceOptions
    reached: Reached | None
    """None where no load balancer counts requests."""

    def dimensions(self, metric: MetricArgs) -> dict[str, pulumi.Input[str]]:
        """Return what a metric is published with: what was said, or else this service's own."""
        if "dimensions" in metric:
            return dict(metric["dimensions"])
        if metric["namespace"] in metrics.NO_DATA_AT_ZERO:
            return {"ClusterName": self.values["cluster_name"], "ServiceName": self.service.name}
        if metric["namespace"] == metrics.BALANCER and self.reached:
            return {"LoadBalancer": self.reached.load_balancer, "TargetGroup": self.reached.target_group}
        return {}

    def track(self, policy: str, target: float, **metric: Any) -> None:
        """Add a policy that keeps a metric at a value."""
        aws.appautoscaling.Policy(
            f"{self.name}-{policy}",
            policy_type="TargetTrackingScaling",
            **of(self.target),
            target_tracking_scaling_policy_configuration=aws.appautoscaling.PolicyTargetTrackingScalingPolicyConfigurationArgs(
                target_value=float(target),
                scale_in_cooldown=int(self.values["scale_in_cooldown_seconds"]),
                scale_out_cooldown=int(self.values["scale_out_cooldown_seconds"]),
                disable_scale_in=self.values["disable_scale_in"],
                **metric,
            ),
            opts=self.child,
        )


def limits_of(values: KeptArgs) -> str:
    """Return the limits that a run sets if it does not keep them, in words; empty where nothing scales."""
    if not scaled(values):
        return ""
    return told(int(values["min_tasks"]), int(values["max_tasks"])) if "image" in values else told(0, 0)


def scaled(values: KeptArgs) -> bool:
    """Return whether a scaler owns the number of this service's tasks."""
    return scales(int(values["min_tasks"]), int(values["max_tasks"]), values["scheduled_scaling"])


def scaling_target_arn(
    name: str, values: KeptArgs, service: aws.ecs.Service, policies: Policies, child: pulumi.ResourceOptions
) -> pulumi.Output[str]:
    """Make the scalable target, its policies if there is room to scale, and its schedules; return its ARN.

    It is empty where nothing scales.
    """
    if not scaled(values):
        return pulumi.Output.from_input("")
    target = _target(name, values, service, child)
    if has_room(int(values["min_tasks"]), int(values["max_tasks"]), values["scheduled_scaling"]):
        policies(target, service)
    # Before the first image a schedule would start tasks that have none.
    if "image" in values:
        _schedules(name, values, target, child)
    return target.arn


def on_metrics(
    name: str,
    values: WorkerArgs | ServiceArgs,
    child: pulumi.ResourceOptions,
    reached: Reached | None = None,
    requests: int | None = None,
) -> Policies:
    """Return what makes the policies on what tasks use, on any metric, and on requests where something counts them.

    Args:
        name: name of the resources, or the start of it.
        values: the service's arguments, completed.
        child: options of the resources.
        reached: what requests come through; none where no load balancer counts them.
        requests: requests a minute for each task.
    """

    def make(target: aws.appautoscaling.Target, service: aws.ecs.Service) -> None:
        scaler = Scaler(name, values, service, target, child, reached)
        for add in (_cpu, _memory, _metrics, _steps):
            add(scaler)
        _requests(scaler, requests)

    return make


def _target(
    name: str, values: KeptArgs, service: aws.ecs.Service, child: pulumi.ResourceOptions
) -> aws.appautoscaling.Target:
    # Without an image it holds the count at zero. Registering the limits raises the count to the least of them
    # (RegisterScalableTarget, Application Auto Scaling API), so the first image starts the service.
    least, greatest = (int(values["min_tasks"]), int(values["max_tasks"])) if "image" in values else (0, 0)
    suspended = [ScalingActivity(one) for one in values["scaling_suspended"]]
    # Schedules change the limits, and a run that has read them must not take them back.
    kept = pulumi.ResourceOptions(ignore_changes=["min_capacity", "max_capacity"] if values["keeps_limits"] else None)
    return aws.appautoscaling.Target(
        name,
        service_namespace="ecs",
        scalable_dimension="ecs:service:DesiredCount",
        resource_id=pulumi.Output.concat("service/", values["cluster_name"], "/", service.name),
        min_capacity=least,
        max_capacity=greatest,
        # Said where nothing is suspended, too: what is only left out would stay suspended.
        suspended_state={
            "dynamic_scaling_in_suspended": ScalingActivity.IN in suspended,
            "dynamic_scaling_out_suspended": ScalingActivity.OUT in suspended,
            "scheduled_scaling_suspended": ScalingActivity.SCHEDULED in suspended,
        },
        opts=pulumi.ResourceOptions.merge(child, kept),
    )


def _cpu(scaler: Scaler) -> None:
    if (target := int(scaler.values["cpu_target"])) != NO_TARGET:
        scaler.track("cpu", target, predefined_metric_specification=_predefined("ECSServiceAverageCPUUtilization"))


def _memory(scaler: Scaler) -> None:
    if target := scaler.values.get("memory_target"):
        kind = "ECSServiceAverageMemoryUtilization"
        scaler.track("memory", int(target), predefined_metric_specification=_predefined(kind))


def _predefined(kind: str) -> Mapping[str, Any]:
    return {"predefined_metric_type": kind}


def _requests(scaler: Scaler, target: int | None) -> None:
    if target and scaler.reached:
        label = pulumi.Output.concat(scaler.reached.load_balancer, "/", scaler.reached.target_group)
        metric = {"predefined_metric_type": "ALBRequestCountPerTarget", "resource_label": label}
        scaler.track("requests", target, predefined_metric_specification=metric)


def _metrics(scaler: Scaler) -> None:
    for name, source in sorted(scaler.values["metric_targets"].items()):
        scaler.track(f"metric-{name}", source["target"], customized_metric_specification=_customized(scaler, source))


def _customized(scaler: Scaler, source: MetricSourceChoices) -> Mapping[str, Any]:
    if metric := metrics.single(source):
        return _given(**_named(scaler, metric), statistic=_statistic(metric), unit=_unit(metric))
    measured = [
        {
            "id": id_,
            "metric_stat": _given(metric=_named(scaler, one), stat=_statistic(one), unit=_unit(one)),
            "return_data": False,
        }
        for id_, one in sorted(source["metrics"].items())
    ]
    return {"metrics": [*measured, {"id": metrics.RESULT, "expression": source["expression"], "return_data": True}]}


def _named(scaler: Scaler, metric: MetricArgs) -> dict[str, Any]:
    dimensions = [{"name": name, "value": value} for name, value in sorted(scaler.dimensions(metric).items())]
    return _given(namespace=metric["namespace"], metric_name=metric["metric_name"], dimensions=dimensions or None)


def _given(**values: Any) -> dict[str, Any]:
    """Leave out what is not said."""
    return {key: value for key, value in values.items() if value is not None}


def _unit(metric: MetricChoices) -> str | None:
    return Unit(metric["unit"]).value if "unit" in metric else None


def _statistic(metric: MetricChoices) -> str:
    return Statistic(metric.get("statistic", Statistic.AVERAGE)).value


def _steps(scaler: Scaler) -> None:
    for name, given in sorted(scaler.values["step_scaling"].items()):
        chosen: StepScalingArgs = {**STEP_SCALING_DEFAULTS, **given}
        policy = aws.appautoscaling.Policy(
            f"{scaler.name}-step-{name}",
            policy_type="StepScaling",
            **of(scaler.target),
            step_scaling_policy_configuration=aws.appautoscaling.PolicyStepScalingPolicyConfigurationArgs(
                adjustment_type=API_ADJUSTMENTS[AdjustmentType(chosen["adjustment"])],
                min_adjustment_magnitude=chosen.get("min_adjustment"),
                cooldown=int(chosen["cooldown_seconds"]),
                metric_aggregation_type=_aggregation(chosen),
                step_adjustments=[
                    aws.appautoscaling.PolicyStepScalingPolicyConfigurationStepAdjustmentArgs(
                        metric_interval_lower_bound=one.lower,
                        metric_interval_upper_bound=one.upper,
                        scaling_adjustment=one.change,
                    )
                    for one in steps.bounds(chosen["steps"])
                ],
            ),
            opts=scaler.child,
        )
        _alarm(scaler, name, chosen, policy)


def _aggregation(source: MetricChoices) -> str:
    """Return how values of several periods become one (MetricAggregationType takes three of the statistics)."""
    statistic = Statistic(source.get("statistic", Statistic.AVERAGE))
    return statistic.value if statistic in _AGGREGATIONS else Statistic.AVERAGE.value


def _alarm(scaler: Scaler, name: str, chosen: StepScalingArgs, policy: aws.appautoscaling.Policy) -> None:
    values = scaler.values
    begins = steps.alarm(chosen["steps"])
    aws.cloudwatch.MetricAlarm(
        f"{scaler.name}-step-{name}",
        # With the project's and the stack's name in it, so that rights to it can be scoped.
        name=f"{values.get('family', default_family(values['service_name'])).removesuffix('-task')}_step_{name}",
        alarm_description=f"Begins the steps {name} of {values['service_name']}",
        comparison_operator=begins.comparison,
        threshold=begins.threshold,
        evaluation_periods=int(chosen["evaluation_periods"]),
        treat_missing_data=MissingData(chosen["treat_missing_data"]).value,
        alarm_actions=[policy.arn],
        opts=scaler.child,
        **_observed(scaler, chosen),
    )


def _observed(scaler: Scaler, chosen: StepScalingArgs) -> dict[str, Any]:
    """Return what an alarm looks at."""
    period = int(chosen["period_seconds"])
    if metric := metrics.single(chosen):
        return _given(**_watched(scaler, metric), statistic=_statistic(metric), period=period)
    measured = [
        {
            "id": id_,
            "metric": _given(**_watched(scaler, one), stat=_statistic(one), period=period),
            "return_data": False,
        }
        for id_, one in sorted(chosen["metrics"].items())
    ]
    result = {"id": metrics.RESULT, "expression": chosen["expression"], "label": metrics.RESULT, "return_data": True}
    return {"metric_queries": [*measured, result]}


def _watched(scaler: Scaler, metric: MetricArgs) -> dict[str, Any]:
    dimensions = scaler.dimensions(metric) or None
    return {
        "namespace": metric["namespace"],
        "metric_name": metric["metric_name"],
        "dimensions": dimensions,
        "unit": _unit(metric),
    }


def _schedules(name: str, values: KeptArgs, target: aws.appautoscaling.Target, child: pulumi.ResourceOptions) -> None:
    scheduled = values["scheduled_scaling"]
    within = limits(int(values["min_tasks"]), int(values["max_tasks"]), scheduled)
    for key, given in sorted(scheduled.items()):
        least, greatest = within[key]
        aws.appautoscaling.ScheduledAction(
            f"{name}-schedule-{key}",
            **of(target),
            schedule=given["schedule"],
            timezone=given.get("time_zone", SCHEDULED_SCALING_DEFAULTS["time_zone"]),
            # Both: a least number above the greatest one of another schedule would be refused when it is time.
            scalable_target_action={"min_capacity": least, "max_capacity": greatest},
            opts=child,
        )
