"""The scaler of a service under mocks: its policies, alarms and schedules as AWS gets them."""

from typing import Any

import pytest

from components import Worker
from components.services.scaling_args import ScalingActivity
from components.services.steps import AdjustmentType

from ..conftest import Engine, Run
from .example import NEEDED, service

TARGET, POLICY, ACTION = (
    "appautoscaling/target:Target",
    "appautoscaling/policy:Policy",
    "appautoscaling/scheduledAction:ScheduledAction",
)
ALARM = "cloudwatch/metricAlarm:MetricAlarm"


def tracked(engine: Engine) -> dict[str, dict[str, Any]]:
    """Return the configuration of every target tracking policy, by the resource's name."""
    return {
        item.name: item.inputs["targetTrackingScalingPolicyConfiguration"]
        for item in engine.all(POLICY)
        if item.inputs["policyType"] == "TargetTrackingScaling"
    }


def test_scaling_is_on_the_cpu_unless_something_else_is_said(run: Run) -> None:
    engine = run(service)
    assert tracked(engine) == {
        "web-cpu": {
            "predefinedMetricSpecification": {"predefinedMetricType": "ECSServiceAverageCPUUtilization"},
            "targetValue": 70.0,
            "scaleInCooldown": 300,
            "scaleOutCooldown": 300,
            "disableScaleIn": False,
        }
    }
    assert set(engine.one(TARGET)["suspendedState"].values()) == {False}, "said, so that it can be taken back"
    (target,) = engine.all(TARGET)
    assert target.ignore_changes == []


def test_every_target_has_a_policy_of_its_own_and_all_have_the_cooldowns(run: Run) -> None:
    engine = run(
        lambda: service(
            cpu_target=0,
            memory_target=80,
            requests_target=500,
            metric_targets={"open": {"namespace": "Shop", "metric_name": "Open", "target": 2.5}},
            scale_in_cooldown_seconds=600,
            scale_out_cooldown_seconds=0,
            disable_scale_in=True,
        )
    )
    policies = tracked(engine)
    assert set(policies) == {"web-memory", "web-requests", "web-metric-open"}
    for policy in policies.values():
        assert (policy["scaleInCooldown"], policy["scaleOutCooldown"], policy["disableScaleIn"]) == (600, 0, True)
    assert policies["web-metric-open"]["customizedMetricSpecification"] == {
        "namespace": "Shop",
        "metricName": "Open",
        "statistic": "Average",
    }
    assert policies["web-metric-open"]["targetValue"] == 2.5


def test_requests_are_those_through_the_listeners_load_balancer(run: Run) -> None:
    engine = run(lambda: service(requests_target=500))
    metric = tracked(engine)["web-requests"]["predefinedMetricSpecification"]
    assert metric["predefinedMetricType"] == "ALBRequestCountPerTarget"
    assert metric.get("resourceLabel", "app/x/1/").startswith("app/x/1/"), "unknown at a preview"


def test_an_expression_has_its_metrics_with_the_services_own_dimensions(run: Run) -> None:
    engine = run(
        lambda: service(
            metric_targets={
                "ratio": {
                    "expression": "waiting / tasks",
                    "metrics": {
                        "waiting": {"namespace": "Shop", "metric_name": "Waiting", "dimensions": {"Queue": "a"}},
                        "tasks": {"namespace": "ECS/ContainerInsights", "metric_name": "RunningTaskCount"},
                    },
                    "target": 5,
                }
            }
        )
    )
    *measured, result = tracked(engine)["web-metric-ratio"]["customizedMetricSpecification"]["metrics"]
    assert result == {"id": "result", "expression": "waiting / tasks", "returnData": True}
    assert [one["id"] for one in measured] == ["tasks", "waiting"]
    assert {one["returnData"] for one in measured} == {False}
    own = [one["name"] for one in measured[0]["metricStat"]["metric"]["dimensions"]]
    assert own == ["ClusterName", "ServiceName"]
    assert measured[1]["metricStat"]["metric"]["dimensions"] == [{"name": "Queue", "value": "a"}]


@pytest.mark.parametrize("low", [False, True])
def test_steps_begin_with_an_alarm_of_their_own(run: Run, low: bool) -> None:
    high_steps: Any = [{"lower": 0.5, "upper": 2, "change": 20}, {"lower": 2, "change": 100}]
    low_steps: Any = [{"upper": 0.5, "change": -20}]
    engine = run(
        lambda: service(
            step_scaling={
                "slow": {
                    "namespace": "AWS/ApplicationELB",
                    "metric_name": "TargetResponseTime",
                    "steps": low_steps if low else high_steps,
                    "adjustment": AdjustmentType.PERCENT,
                    "min_adjustment": 2,
                    "cooldown_seconds": 60,
                }
            }
        )
    )
    (policy,) = [one for one in engine.find(POLICY) if one["policyType"] == "StepScaling"]
    configuration = policy["stepScalingPolicyConfiguration"]
    assert configuration["adjustmentType"] == "PercentChangeInCapacity"
    assert (configuration["cooldown"], configuration["minAdjustmentMagnitude"]) == (60, 2)
    alarm = engine.one(ALARM)
    assert alarm["name"] == "dev-web_step_slow"
    if low:
        assert (alarm["comparisonOperator"], alarm["threshold"]) == ("LessThanOrEqualToThreshold", 0.5)
        assert configuration["stepAdjustments"] == [{"metricIntervalUpperBound": "0", "scalingAdjustment": -20}]
    else:
        assert (alarm["comparisonOperator"], alarm["threshold"]) == ("GreaterThanOrEqualToThreshold", 0.5)
        assert configuration["stepAdjustments"] == [
            {"metricIntervalLowerBound": "0", "metricIntervalUpperBound": "1.5", "scalingAdjustment": 20},
            {"metricIntervalLowerBound": "1.5", "scalingAdjustment": 100},
        ]


def test_a_fixed_number_with_schedules_has_a_scaler_without_policies(run: Run) -> None:
    engine = run(
        lambda: service(
            min_tasks=1,
            max_tasks=1,
            scheduled_scaling={
                "evening": {"schedule": "cron(0 19 ? * * *)", "min_tasks": 0, "max_tasks": 0},
                "morning": {"schedule": "cron(0 7 ? * * *)", "time_zone": "Europe/Berlin"},
            },
        )
    )
    assert engine.all(POLICY) == []
    actions = {item.name: item.inputs for item in engine.all(ACTION)}
    limits = {
        name: (one["scalableTargetAction"]["minCapacity"], one["scalableTargetAction"]["maxCapacity"], one["timezone"])
        for name, one in actions.items()
    }
    assert {name: (int(least), int(most), zone) for name, (least, most, zone) in limits.items()} == {
        "web-schedule-evening": (0, 0, "UTC"),
        "web-schedule-morning": (1, 1, "Europe/Berlin"),
    }
    (deployed,) = engine.all("ecs/service:Service")
    assert deployed.ignore_changes == ["desiredCount"]


def test_limits_that_schedules_own_are_kept_if_the_program_says_so(run: Run) -> None:
    scheduled: Any = {"day": {"schedule": "cron(0 7 ? * * *)", "max_tasks": 30}}
    (target,) = run(lambda: service(scheduled_scaling=scheduled)).all(TARGET)
    assert target.ignore_changes == []
    (target,) = run(lambda: service(scheduled_scaling=scheduled, keeps_limits=True)).all(TARGET)
    assert target.ignore_changes == ["minCapacity", "maxCapacity"]


def test_scaling_can_be_suspended_each_way(run: Run) -> None:
    suspended = run(lambda: service(scaling_suspended=[ScalingActivity.IN])).one(TARGET)["suspendedState"]
    assert suspended == {
        "dynamicScalingInSuspended": True,
        "dynamicScalingOutSuspended": False,
        "scheduledScalingSuspended": False,
    }


def test_before_the_first_image_nothing_starts_tasks(run: Run) -> None:
    args: Any = {key: value for key, value in NEEDED.items() if "load_balancer" not in key}
    args["scheduled_scaling"] = {"day": {"schedule": "rate(1 day)", "max_tasks": 30}}
    engine = run(lambda: Worker("jobs", args))
    assert engine.all(ACTION) == []
    assert (engine.one(TARGET)["minCapacity"], engine.one(TARGET)["maxCapacity"]) == (0, 0)
