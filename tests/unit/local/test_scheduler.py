"""What the stand-in's Scheduler and EventBridge refuse, as AWS does."""

import json
from typing import Any, Final

import pytest

from components.jobs import failures
from local.standin import documents, services
from local.standin.account import Account
from local.standin.behaviour import Refused

SCHEDULE: Final = "aws:scheduler/schedule:Schedule"
GROUP: Final = "aws:scheduler/scheduleGroup:ScheduleGroup"
ROLE: Final = "aws:iam/role:Role"
RULE, TARGET = "aws:cloudwatch/eventRule:EventRule", "aws:cloudwatch/eventTarget:EventTarget"
RIGHT: Final[dict[str, Any]] = {
    "name": "nightly",
    "groupName": "platform-dev",
    "scheduleExpression": "cron(30 4 * * ? *)",
    "scheduleExpressionTimezone": "Europe/Berlin",
    "flexibleTimeWindow": {"mode": "OFF"},
    "target": {"roleArn": "arn:role", "ecsParameters": {"taskCount": 1}},
}


def trust(service: str) -> str:
    return json.dumps({"Statement": [{"Principal": {"Service": service}}]})


def faults(token: str, inputs: dict[str, Any]) -> list[str]:
    behaviour = services.behaviour(token)
    return [name for name, _ in [*documents.faults(behaviour.documents, inputs), *behaviour.faults(inputs)]]


def test_what_is_right_is_taken(account: Account) -> None:
    assert faults(SCHEDULE, RIGHT) == []
    account.resources.made(GROUP, "platform-dev", {"name": "platform-dev"})
    account.resources.made(ROLE, "r", {"arn": "arn:role", "assumeRolePolicy": trust("scheduler.amazonaws.com")})
    id_, made = services.behaviour(SCHEDULE).create(RIGHT, account)
    assert id_ == "platform-dev/nightly"
    assert made["arn"] == "arn:aws:scheduler:eu-west-1:123456789012:schedule/platform-dev/nightly"


@pytest.mark.parametrize(
    ("changes", "at"),
    [
        ({"scheduleExpression": "cron(30 4 * * *)"}, "scheduleExpression"),
        ({"scheduleExpressionTimezone": "Europe/Bern"}, "scheduleExpressionTimezone"),
        ({"state": "OFF"}, "state"),
        ({"flexibleTimeWindow": {"mode": "FLEXIBLE"}}, "flexibleTimeWindow"),
        ({"flexibleTimeWindow": {"mode": "OFF", "maximumWindowInMinutes": 5}}, "flexibleTimeWindow"),
        ({"target": {"ecsParameters": {"taskCount": 11}}}, "target.ecsParameters.taskCount"),
        ({"target": {"retryPolicy": {"maximumRetryAttempts": 186}}}, "target.retryPolicy.maximumRetryAttempts"),
        ({"target": {"retryPolicy": {"maximumEventAgeInSeconds": 59}}}, "target.retryPolicy.maximumEventAgeInSeconds"),
        (
            {"target": {"ecsParameters": {"capacityProviderStrategies": [{}] * 7}}},
            "target.ecsParameters.capacityProviderStrategies",
        ),
    ],
)
def test_what_aws_refuses_is_refused(changes: dict[str, Any], at: str) -> None:
    assert faults(SCHEDULE, {**RIGHT, **changes}) == [at]


def test_the_group_must_exist_and_the_role_must_trust_scheduler(account: Account) -> None:
    behaviour = services.behaviour(SCHEDULE)
    with pytest.raises(Refused, match="Schedule group platform-dev does not exist"):
        behaviour.create(RIGHT, account)
    account.resources.made(GROUP, "platform-dev", {"name": "platform-dev"})
    account.resources.made(ROLE, "r", {"arn": "arn:role", "assumeRolePolicy": trust("events.amazonaws.com")})
    with pytest.raises(Refused, match="must allow AWS EventBridge Scheduler to assume the role"):
        behaviour.create(RIGHT, account)
    with pytest.raises(Refused, match="must allow AWS EventBridge Scheduler"):
        behaviour.update("id", RIGHT, {**RIGHT, "state": "DISABLED"}, account)


@pytest.mark.parametrize(
    "pattern",
    [
        {},
        {"source": "aws.ecs"},
        {"detail": {"group": []}},
        {"detail": {"stopCode": [{"not": ["x"]}]}},
        {"detail": {"$or": [{"stopCode": ["x"]}]}},
        {"detail": {"$or": [{"stopCode": ["x"]}, {"stopCode": "y"}]}},
    ],
)
def test_a_pattern_that_aws_does_not_take_is_refused(pattern: dict[str, Any]) -> None:
    assert faults(RULE, {"eventPattern": json.dumps(pattern)}) == ["eventPattern"]


def test_the_pattern_of_failed_runs_is_taken() -> None:
    assert faults(RULE, {"eventPattern": failures.pattern("arn:aws:ecs:eu-west-1:1:cluster/x", "f", "c")}) == []


@pytest.mark.parametrize("template", ["It failed: <reason>", '"It failed: <other>"', '"' + "x" * 8192 + '"'])
def test_a_message_that_aws_does_not_take_is_refused(template: str) -> None:
    inputs = {"inputTransformer": {"inputPaths": {"reason": "$.detail.stoppedReason"}, "inputTemplate": template}}
    assert faults(TARGET, inputs) == ["inputTransformer"]


def test_a_target_needs_its_rule_which_has_five_at_most(account: Account) -> None:
    behaviour = services.behaviour(TARGET)
    with pytest.raises(Refused, match="Rule failed does not exist"):
        behaviour.create({"rule": "failed"}, account)
    account.resources.made(RULE, "failed", {"name": "failed"})
    for number in range(5):
        id_, made = behaviour.create({"rule": "failed", "targetId": str(number)}, account)
        account.resources.made(TARGET, id_, {"rule": "failed", **made})
    with pytest.raises(Refused, match="LimitExceededException"):
        behaviour.create({"rule": "failed"}, account)
