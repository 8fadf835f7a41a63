"""The stand-in's Application Auto Scaling: what it refuses, and what schedules and scalers change."""

from pathlib import Path
from typing import Any

import pytest

from local.standin import services
from local.standin.account import Account
from local.standin.behaviour import UNKNOWN, Refused

from .test_services import account

TARGET, POLICY, SCHEDULED = (f"aws:appautoscaling/{kind}" for kind in (
    "target:Target", "policy:Policy", "scheduledAction:ScheduledAction",
))  # fmt: skip
SERVICE = "aws:ecs/service:Service"
PLACE = {"resourceId": "service/main/web", "serviceNamespace": "ecs", "scalableDimension": "ecs:service:DesiredCount"}
LABEL = "app/main/0123456789abcdef/targetgroup/web/0123456789abcdef"


def reasons(token: str, inputs: dict[str, Any]) -> str:
    return "; ".join(reason for _, reason in services.behaviour(token).faults(inputs))


def predefined(kind: str, **more: Any) -> dict[str, Any]:
    return {"predefinedMetricSpecification": {"predefinedMetricType": kind, **more}, "targetValue": 50}


def tracking(**configuration: Any) -> dict[str, Any]:
    return {"policyType": "TargetTrackingScaling", "targetTrackingScalingPolicyConfiguration": configuration}


def stepping(*bounds: tuple[str | None, str | None, int], **changes: Any) -> dict[str, Any]:
    adjustments = [
        {"metricIntervalLowerBound": lower, "metricIntervalUpperBound": upper, "scalingAdjustment": change}
        for lower, upper, change in bounds
    ]
    configuration = {"adjustmentType": "ChangeInCapacity", "stepAdjustments": adjustments, **changes}
    return {"policyType": "StepScaling", "stepScalingPolicyConfiguration": configuration}


@pytest.mark.parametrize(
    ("token", "inputs", "reason"),
    [
        (TARGET, {"minCapacity": 3, "maxCapacity": 2}, "Maximum capacity cannot be less"),
        (TARGET, {"minCapacity": -1, "maxCapacity": 2}, "must not be negative"),
        (POLICY, {"policyType": "StepScaling"}, "the configuration of a StepScaling policy is missing"),
        (POLICY, tracking(targetValue=50), "Exactly one of"),
        (POLICY, tracking(**predefined("ECSServiceAverageCPUUtilization"), scaleInCooldown=-1), "Cooldown"),
        (POLICY, tracking(**predefined("ALBRequestCountPerTarget")), "Resource label must be"),
        (POLICY, tracking(**predefined("ALBRequestCountPerTarget", resourceLabel="app/main")), "Resource label must"),
        (POLICY, tracking(**predefined("ECSServiceAverageCPUUtilization", resourceLabel=LABEL)), "not supported for"),
        (POLICY, tracking(customizedMetricSpecification={"metricName": "x"}), "namespace, statistic must be"),
        (
            POLICY,
            tracking(customizedMetricSpecification={"metrics": [{"id": "a", "expression": "b"}, {"id": "a"}]}),
            "each id must be there once",
        ),
        (
            POLICY,
            tracking(customizedMetricSpecification={"metrics": [{"id": "a"}]}),
            "needs either an expression or metricStat",
        ),
        (
            POLICY,
            tracking(customizedMetricSpecification={"metrics": [{"id": "a", "expression": "1", "returnData": False}]}),
            "exactly one metric can have returnData: true",
        ),
        (POLICY, stepping(("0", None, 1), adjustmentType=None), "AdjustmentType must be"),
        (POLICY, stepping(), "there must be 1 to 20"),
        (POLICY, stepping(("0", "5", 1), ("6", None, 2)), "a gap between 5 and 6"),
        (POLICY, stepping(("0", "5", 1), ("4", None, 2)), "an overlap between 5 and 4"),
        (POLICY, stepping((None, None, 1)), "cannot both be null"),
        (POLICY, stepping(("0", "5", 1)), "A positive upper bound needs"),
        (POLICY, stepping(("-5", "0", 1)), "A negative lower bound needs"),
        (POLICY, stepping(("0", None, -1), adjustmentType="ExactCapacity"), "must not be negative for ExactCapacity"),
        (POLICY, stepping(("0", None, 1), minAdjustmentMagnitude=2), "only supported for PercentChangeInCapacity"),
        (SCHEDULED, {"schedule": "cron(0 7 * * *)", "scalableTargetAction": {"minCapacity": 1}}, "takes six"),
        (
            SCHEDULED,
            {"schedule": "rate(1 day)", "timezone": "Mars/Base", "scalableTargetAction": {"minCapacity": 1}},
            "Invalid timezone: Mars/Base",
        ),
        (SCHEDULED, {"schedule": "rate(1 day)", "scalableTargetAction": {}}, "At least one of"),
        (SCHEDULED, {"schedule": "rate(1 day)", "scalableTargetAction": {"minCapacity": 3, "maxCapacity": 2}}, "less"),
    ],
)
def test_what_aws_refuses_is_refused(token: str, inputs: dict[str, Any], reason: str) -> None:
    assert reason in reasons(token, inputs)


@pytest.mark.parametrize(
    ("token", "inputs"),
    [
        (TARGET, {"minCapacity": 0, "maxCapacity": 0}),
        (TARGET, {"minCapacity": UNKNOWN, "maxCapacity": 2}),
        (POLICY, tracking(**predefined("ALBRequestCountPerTarget", resourceLabel=LABEL))),
        (POLICY, tracking(**predefined("ALBRequestCountPerTarget", resourceLabel=UNKNOWN))),
        (POLICY, stepping((None, "-5", -2), ("-5", "0", -1))),
        (SCHEDULED, {"schedule": "at(2027-01-31T18:00:00)", "scalableTargetAction": {"maxCapacity": 0}}),
    ],
)
def test_what_aws_takes_is_taken(token: str, inputs: dict[str, Any]) -> None:
    assert reasons(token, inputs) == ""


def made(token: str, here: Account, **inputs: Any) -> dict[str, Any]:
    """Make a resource as the stand-in's servicer does."""
    id_, outputs = services.behaviour(token).create(inputs, here)
    properties = {**outputs, **inputs, "id": id_}
    here.resources.made(token, id_, properties)
    return properties


def served(tasks: int = 2) -> Account:
    here = account()
    made(SERVICE, here, cluster="main", name="web", desiredCount=tasks)
    return here


def test_a_policy_needs_a_target_and_a_target_a_service() -> None:
    here = account()
    with pytest.raises(Refused, match="ECS service doesn't exist: service/main/web"):
        made(TARGET, here, **PLACE, minCapacity=1, maxCapacity=2)
    for token in (POLICY, SCHEDULED):
        with pytest.raises(Refused, match="No scalable target registered"):
            made(token, here, **PLACE, name="cpu")


def test_a_metric_is_tracked_once() -> None:
    here = served()
    made(TARGET, here, **PLACE, minCapacity=1, maxCapacity=2)
    cpu = tracking(**predefined("ECSServiceAverageCPUUtilization"))
    made(POLICY, here, **PLACE, name="one", **cpu)
    with pytest.raises(Refused, match="Only one TargetTrackingScaling policy for a given metric"):
        made(POLICY, here, **PLACE, name="two", **cpu)


def test_requests_are_counted_only_behind_the_load_balancer() -> None:
    here = served()
    made(TARGET, here, **PLACE, minCapacity=1, maxCapacity=2)
    group = made("aws:lb/targetGroup:TargetGroup", here, name="web")
    label = f"app/main/0123456789abcdef/{group['arnSuffix']}"
    requests = tracking(**predefined("ALBRequestCountPerTarget", resourceLabel=label))
    with pytest.raises(Refused, match="is not associated with the load balancer"):
        made(POLICY, here, **PLACE, name="requests", **requests)
    listener = "arn:aws:elasticloadbalancing:us-east-1:1:listener/app/main/0123456789abcdef/1"
    actions = [{"type": "forward", "targetGroupArn": group["arn"]}]
    made("aws:lb/listenerRule:ListenerRule", here, listenerArn=listener, priority=1, actions=actions)
    assert made(POLICY, here, **PLACE, name="requests", **requests)


def test_a_schedules_limits_and_a_scalers_count_are_drift_until_they_are_set_again() -> None:
    here = served()
    limits = {**PLACE, "minCapacity": 2, "maxCapacity": 10}
    target = made(TARGET, here, **limits)
    here.memory.set_scaled(target["id"], minCapacity=0, maxCapacity=0, desiredCount=0)
    target_of, service_of = services.behaviour(TARGET), services.behaviour(SERVICE)
    (service,) = here.of(SERVICE)
    assert target_of.drift(target["id"], here) == {"minCapacity": 0, "maxCapacity": 0}
    assert service_of.drift(service["id"], here) == {"desiredCount": 0}
    target_of.update(target["id"], limits, limits, here)
    assert target_of.drift(target["id"], here) == {}
    assert service_of.drift(service["id"], here) == {"desiredCount": 2}, "the least number of tasks runs"


def test_a_number_above_the_greatest_one_is_lowered_and_stays_when_the_scaler_goes() -> None:
    here = served(tasks=5)
    target = made(TARGET, here, **PLACE, minCapacity=1, maxCapacity=3)
    (service,) = here.of(SERVICE)
    behaviour = services.behaviour(SERVICE)
    assert behaviour.drift(service["id"], here) == {"desiredCount": 3}
    services.behaviour(TARGET).delete(target["id"], target, here)
    assert behaviour.drift(service["id"], here) == {"desiredCount": 3}
    behaviour.update(service["id"], service, {**service, "desiredCount": 4}, here)
    assert behaviour.drift(service["id"], here) == {}


def test_what_is_remembered_of_scaling_survives_the_process(tmp_path: Path) -> None:
    from local.standin.memory import Memory

    Memory(tmp_path / "memory.json").set_scaled("service/main/web", desiredCount=3)
    assert Memory(tmp_path / "memory.json").scaled("service/main/web") == {"desiredCount": 3}
