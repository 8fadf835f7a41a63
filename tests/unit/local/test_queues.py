"""What the stand-in's fifo queues, subscriptions of queues, scaling policies and metric math refuse, as AWS does."""

import json
from typing import Any

import pytest

from local.standin import documents, services
from local.standin.account import Account
from local.standin.behaviour import Refused

QUEUE, ALLOW = "aws:sqs/queue:Queue", "aws:sqs/redriveAllowPolicy:RedriveAllowPolicy"
SUBSCRIPTION, ALARM = "aws:sns/topicSubscription:TopicSubscription", "aws:cloudwatch/metricAlarm:MetricAlarm"
POLICY, TARGET = "aws:appautoscaling/policy:Policy", "aws:appautoscaling/target:Target"
TOPIC = "arn:aws:sns:eu-west-1:210987654321:orders"
WORK = "arn:aws:sqs:eu-west-1:123456789012:work"


def faults(token: str, inputs: dict[str, Any]) -> list[str]:
    behaviour = services.behaviour(token)
    return [name for name, _ in [*documents.faults(behaviour.documents, inputs), *behaviour.faults(inputs)]]


def subscribed(**changes: Any) -> dict[str, Any]:
    return {"topic": TOPIC, "protocol": "sqs", "endpoint": WORK, **changes}


def steps(*bounds: tuple[str | None, str | None]) -> dict[str, Any]:
    adjustments = [
        {"metricIntervalLowerBound": low, "metricIntervalUpperBound": high, "scalingAdjustment": 1}
        for low, high in bounds
    ]
    return {"stepScalingPolicyConfiguration": {"adjustmentType": "ExactCapacity", "stepAdjustments": adjustments}}


def tracking(*metrics: dict[str, Any], target: float = 10) -> dict[str, Any]:
    of = {"customizedMetricSpecification": {"metrics": list(metrics)}, "targetValue": target}
    return {"policyType": "TargetTrackingScaling", "targetTrackingScalingPolicyConfiguration": of}


MEASURED = {"id": "m", "metricStat": {"stat": "Sum"}, "returnData": False}
RATIO = {"id": "e", "expression": "IF(m > 0, FILL(m, 0) / 2, 1)", "returnData": True}
STEPS, TRACKING = "stepScalingPolicyConfiguration.stepAdjustments", "targetTrackingScalingPolicyConfiguration"


@pytest.mark.parametrize(
    ("token", "inputs", "at"),
    [
        (QUEUE, {"name": "work.fifo"}, "name"),
        (QUEUE, {"name": "work", "fifoQueue": True}, "name"),
        (QUEUE, {"contentBasedDeduplication": True}, "contentBasedDeduplication"),
        (QUEUE, {"fifoQueue": True, "fifoThroughputLimit": "perMessageGroupId"}, "fifoThroughputLimit"),
        (
            ALLOW,
            {"redriveAllowPolicy": json.dumps({"redrivePermission": "byQueue", "sourceQueueArns": [WORK] * 11})},
            "redriveAllowPolicy",
        ),
        (SUBSCRIPTION, subscribed(endpoint=f"{WORK}.fifo"), "endpoint"),
        (SUBSCRIPTION, subscribed(filterPolicyScope="MessageBody"), "filterPolicyScope"),
        (SUBSCRIPTION, subscribed(filterPolicy="{"), "filterPolicy"),
        (SUBSCRIPTION, subscribed(filterPolicy=json.dumps({"a": "b"})), "filterPolicy"),
        (SUBSCRIPTION, subscribed(filterPolicy=json.dumps({"a": []})), "filterPolicy"),
        (SUBSCRIPTION, subscribed(filterPolicy=json.dumps({key: [1] for key in "abcdef"})), "filterPolicy"),
        (SUBSCRIPTION, subscribed(filterPolicy=json.dumps({"a": [0] * 151})), "filterPolicy"),
        (
            SUBSCRIPTION,
            subscribed(filterPolicy=json.dumps({"a": {"b": [1]}}), filterPolicyScope="MessageAttributes"),
            "filterPolicy",
        ),
        (TARGET, {"minCapacity": 3, "maxCapacity": 2}, "minCapacity"),
        (POLICY, {"policyType": "StepScaling"}, "stepScalingPolicyConfiguration"),
        (POLICY, {"policyType": "TargetTrackingScaling"}, TRACKING),
        (POLICY, steps(), STEPS),
        (POLICY, steps(("0", "10"), ("5", None)), STEPS),
        (POLICY, steps(("0", "10"), ("11", None)), STEPS),
        (POLICY, steps(("10", "0")), STEPS),
        (POLICY, steps(*((str(at), str(at + 1)) for at in range(21))), STEPS),
        (POLICY, tracking(MEASURED), TRACKING),
        (POLICY, tracking(MEASURED, RATIO, {**RATIO, "id": "e2"}), TRACKING),
        (POLICY, tracking(MEASURED, {**MEASURED, "returnData": True}), TRACKING),
        (POLICY, tracking({**MEASURED, "id": "Messages", "returnData": True}), TRACKING),
        (POLICY, tracking(RATIO), TRACKING),
        (POLICY, tracking(MEASURED, RATIO, target=0), TRACKING),
        (ALARM, {"metricQueries": [{"id": "a", "metric": {}, "expression": "b", "returnData": True}]}, "metricQueries"),
        (ALARM, {"metricQueries": [{"id": "a", "metric": {}}]}, "metricQueries"),
        (ALARM, {"metricName": "m", "evaluationPeriods": 2, "datapointsToAlarm": 3}, "datapointsToAlarm"),
    ],
)
def test_what_aws_refuses_is_refused(token: str, inputs: dict[str, Any], at: str) -> None:
    assert at in faults(token, inputs)


@pytest.mark.parametrize(
    ("token", "inputs"),
    [
        (QUEUE, {"name": "work.fifo", "fifoQueue": True, "contentBasedDeduplication": True}),
        (SUBSCRIPTION, subscribed(topic=f"{TOPIC}.fifo", endpoint=f"{WORK}.fifo")),
        (SUBSCRIPTION, subscribed(filterPolicy=json.dumps({"a": {"b": [1]}}), filterPolicyScope="MessageBody")),
        (POLICY, steps(("0", "10"), ("10", None))),
        (POLICY, tracking(MEASURED, RATIO)),
    ],
)
def test_what_aws_takes_is_taken(token: str, inputs: dict[str, Any]) -> None:
    assert faults(token, inputs) == []


def test_a_name_made_for_a_fifo_queue_ends_as_it_must(account: Account) -> None:
    _, made = services.behaviour(QUEUE).create({"namePrefix": "work-", "fifoQueue": True}, account)
    assert made["name"].startswith("work-")
    assert made["name"].endswith(".fifo")


def test_the_queue_of_a_redrive_allow_policy_must_exist(account: Account) -> None:
    with pytest.raises(Refused, match="does not exist"):
        services.behaviour(ALLOW).create({"queueUrl": "https://sqs/gone", "redriveAllowPolicy": "{}"}, account)


def test_a_queue_is_subscribed_to_a_topic_once(account: Account) -> None:
    behaviour = services.behaviour(SUBSCRIPTION)
    arn, made = behaviour.create(subscribed(), account)
    account.resources.made(SUBSCRIPTION, arn, {**subscribed(), **made})
    with pytest.raises(Refused, match="already exists with different attributes"):
        behaviour.refuse_twins(None, subscribed(rawMessageDelivery=True), account)


def test_a_policy_needs_its_target(account: Account) -> None:
    inputs = {"name": "p", "serviceNamespace": "ecs", "resourceId": "service/a/b", "scalableDimension": "d"}
    with pytest.raises(Refused, match="No scalable target registered"):
        services.behaviour(POLICY).create(inputs, account)
