"""The stand-in's API: what boto3 asks, answered as AWS would, and what it refuses of restarts."""

import json
from collections.abc import Iterator
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError

from local.standin import services
from local.standin.account import Account, Resources
from local.standin.api import answer
from local.standin.behaviour import Refused
from local.standin.memory import Memory
from local.standin.place import Place
from local.standin.services import cloudwatch, sfn

ARN = "arn:aws:ecs:eu-west-1:123456789012:"


@pytest.fixture
def ecs(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """boto3's client of ECS, which asks the stand-in."""
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    with answer(Memory(), Resources()) as environment:
        for name, value in environment.items():
            monkeypatch.setenv(name, value)
        yield boto3.client("ecs", region_name="eu-west-1")


def test_what_it_does_not_know_is_refused_as_aws_would(ecs: Any) -> None:
    with pytest.raises(ClientError, match="the stand-in does not answer ecs ListClusters"):
        ecs.list_clusters()


def test_a_definition_that_is_not_there_is_not_found(ecs: Any) -> None:
    with pytest.raises(ClientError, match=r"\(ClientException\).*TaskDefinition not found"):
        ecs.run_task(taskDefinition=f"{ARN}task-definition/x:1")


def test_a_task_that_is_not_there_is_missing(ecs: Any) -> None:
    found = ecs.describe_tasks(cluster="main", tasks=[f"{ARN}task/main/1"])
    assert (found["tasks"], found["failures"][0]["reason"]) == ([], "MISSING")


def account() -> Account:
    return Account(Place("eu-west-1"), Memory(), Resources())


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        ({}, "it has no States"),
        ({"StartAt": "A", "States": {}}, "it has no States"),
        ({"StartAt": "B", "States": {"A": {"Type": "Succeed"}}}, "StartAt names no state"),
        ({"StartAt": "A", "States": {"A": {"Type": "Pass"}}}, "A has neither Next nor End"),
        ({"StartAt": "A", "States": {"A": {"Type": "Pass", "Next": "B"}}}, "A leads to B"),
        ({"StartAt": "A", "States": {"A": {"Type": "Choice", "Default": "B"}}}, "A leads to B"),
    ],
)
def test_a_state_machine_must_lead_somewhere(content: dict[str, Any], fault: str) -> None:
    assert any(fault in text for text in sfn._definition(content))


def test_a_state_machine_needs_a_role_for_step_functions() -> None:
    here = account()
    role = {"arn": "arn:aws:iam::123456789012:role/a", "assumeRolePolicy": "ecs-tasks.amazonaws.com"}
    here.resources.made("aws:iam/role:Role", "a", role)
    machine = services.behaviour("aws:sfn/stateMachine:StateMachine")
    with pytest.raises(Refused, match=r"states\.amazonaws\.com"):
        machine.create({"name": "x", "roleArn": role["arn"]}, here)
    with pytest.raises(Refused, match="InvalidName"):
        machine.create({"name": "a b", "roleArn": "other"}, here)
    id_, made = machine.create({"name": "x", "roleArn": "other"}, here)
    assert id_ == made["arn"] == "arn:aws:states:eu-west-1:123456789012:stateMachine:x"


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        ({"source": "aws.ecs"}, '"source" must be an object or an array'),
        ({"detail": {"state": []}}, '"detail.state" must be an object or an array'),
        ({"resources": ["x" * 2048]}, "more than 2048 characters"),
        ([], "Filter is not an object"),
    ],
)
def test_an_event_pattern_has_lists_and_is_short(content: Any, fault: str) -> None:
    assert any(fault in text for text in cloudwatch._event_pattern(content))
    assert not list(cloudwatch._event_pattern({"source": ["aws.ecs"], "detail": {"state": [{"prefix": "a"}]}}))


def test_a_target_needs_its_rule_and_a_role_where_aws_asks_for_one() -> None:
    here = account()
    target = services.behaviour("aws:cloudwatch/eventTarget:EventTarget")
    inputs = {"rule": "r", "arn": "arn:aws:states:eu-west-1:123456789012:stateMachine:x"}
    with pytest.raises(Refused, match="Rule r does not exist"):
        target.create(inputs, here)
    here.resources.made("aws:cloudwatch/eventRule:EventRule", "r", {"name": "r", "arn": "arn:aws:events:eu-west-1::"})
    with pytest.raises(Refused, match="RoleArn is required"):
        target.create(inputs, here)
    assert target.create({**inputs, "roleArn": "role"}, here)[0].startswith("r-")
    assert (
        json.dumps(target.create({**inputs, "roleArn": "role", "targetId": "t"}, here)) == '["r-t", {"targetId": "t"}]'
    )
