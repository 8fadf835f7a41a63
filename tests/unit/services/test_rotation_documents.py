"""What restarts a service when a secret changes: which events are matched, and what the state machine may do."""

import json

import pytest

from components.services import rotation_documents as documents

PLACE = "arn:aws:secretsmanager:eu-west-1:123456789012:secret"
DB, KEYS = f"{PLACE}:db-a1B2c3", f"{PLACE}:team/keys-d4E5f6"
PARAMETER = "arn:aws:ssm:eu-west-1:123456789012:parameter/shop/url"
SERVICE = "arn:aws:ecs:eu-west-1:123456789012:service/main/web"


def matched(*secrets: str) -> list[dict[str, object]]:
    """Return the event patterns, read."""
    return [json.loads(text) for text in documents.patterns(secrets)]


def test_the_keys_of_one_secret_are_one_secret_by_its_whole_arn() -> None:
    (pattern,) = matched(f"{DB}:user::", f"{DB}:password::", KEYS)
    assert pattern == {
        "source": ["aws.secretsmanager"],
        "detail-type": ["Secret Label Updated"],
        "resources": [DB, KEYS],
        "detail": {"labelUpdated": ["AWSCURRENT"]},
    }


def test_a_parameter_is_told_by_parameter_store() -> None:
    parameter, secret = matched(PARAMETER, DB)
    assert (parameter["source"], parameter["detail-type"]) == (["aws.ssm"], ["Parameter Store Change"])
    assert parameter["resources"] == [PARAMETER]
    assert parameter["detail"] == {"operation": ["Create", "Update"]}
    assert secret["resources"] == [DB]


def test_a_version_by_its_label_is_watched_by_that_and_one_by_its_id_not_at_all() -> None:
    (pattern,) = matched(f"{DB}:key:BLUE:", f"{KEYS}:::{'a' * 32}")
    assert pattern["resources"] == [DB]
    assert pattern["detail"] == {"labelUpdated": ["BLUE"]}
    assert matched(f"{KEYS}:::{'a' * 32}") == []


@pytest.mark.parametrize("length", [1, 100, 480])
def test_no_pattern_is_longer_than_eventbridge_takes(length: int) -> None:
    secrets = [f"{PLACE}:{'n' * length}{number:02}-a1B2c3" for number in range(40)]
    patterns = documents.patterns(secrets)
    assert all(len(text) <= documents.MOST for text in patterns)
    found = [arn for text in patterns for arn in json.loads(text)["resources"]]
    assert sorted(found) == sorted(secrets)


def test_the_same_secrets_in_another_order_are_the_same_patterns() -> None:
    assert documents.patterns([KEYS, PARAMETER, DB]) == documents.patterns([DB, KEYS, PARAMETER])


def test_the_machine_may_look_at_one_service_and_restart_it() -> None:
    (statement,) = json.loads(documents.machine_permissions(SERVICE))["Statement"]
    assert statement["Action"] == ["ecs:DescribeServices", "ecs:UpdateService"]
    assert statement["Resource"] == [SERVICE]


def test_the_machine_changes_nothing_but_the_tasks() -> None:
    """Without a revision, ECS goes on with the one that runs, a pipeline's too."""
    states = json.loads(documents.state_machine(SERVICE))["States"]
    assert states["Start new tasks"]["Arguments"] == {
        "Cluster": "arn:aws:ecs:eu-west-1:123456789012:cluster/main",
        "Service": SERVICE,
        "ForceNewDeployment": True,
    }
    calls = {state["Resource"].rpartition(":")[2] for state in states.values() if state["Type"] == "Task"}
    assert calls == {"describeServices", "updateService"}
    assert all(state["Retry"] for state in states.values() if state["Type"] == "Task")


def test_in_another_partition_the_calls_are_of_that() -> None:
    text = documents.state_machine(SERVICE.replace("arn:aws:", "arn:aws-cn:"))
    assert "arn:aws-cn:states:::aws-sdk:ecs:updateService" in text
    assert "arn:aws:" not in text


def test_only_these_rules_start_the_machine() -> None:
    rules = [f"arn:aws:events:eu-west-1:123456789012:rule/{name}" for name in ("b", "a")]
    (trust,) = json.loads(documents.rule_trust(rules))["Statement"]
    assert trust["Principal"] == {"Service": "events.amazonaws.com"}
    assert trust["Condition"]["ArnLike"] == {"aws:SourceArn": sorted(rules)}
    assert trust["Condition"]["StringEquals"] == {"aws:SourceAccount": "123456789012"}
