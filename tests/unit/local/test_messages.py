"""What the stand-in's SQS, SNS and alarms refuse, as AWS does."""

import json
from typing import Any

import pytest

from local.standin import documents, services
from local.standin.account import Account
from local.standin.behaviour import Refused

QUEUE, TOPIC, ALARM = "aws:sqs/queue:Queue", "aws:sns/topic:Topic", "aws:cloudwatch/metricAlarm:MetricAlarm"
SUBSCRIPTION = "aws:sns/topicSubscription:TopicSubscription"


def faults(token: str, inputs: dict[str, Any]) -> list[str]:
    behaviour = services.behaviour(token)
    return [name for name, _ in [*documents.faults(behaviour.documents, inputs), *behaviour.faults(inputs)]]


@pytest.mark.parametrize(
    ("token", "inputs", "at"),
    [
        (QUEUE, {"messageRetentionSeconds": 1_209_601}, "messageRetentionSeconds"),
        (QUEUE, {"visibilityTimeoutSeconds": 43_201}, "visibilityTimeoutSeconds"),
        (QUEUE, {"sqsManagedSseEnabled": True, "kmsMasterKeyId": "key"}, "sqsManagedSseEnabled"),
        (QUEUE, {"name": "a" * 81}, "name"),
        (QUEUE, {"redrivePolicy": json.dumps({"deadLetterTargetArn": "arn", "maxReceiveCount": 0})}, "redrivePolicy"),
        (QUEUE, {"redrivePolicy": json.dumps({"maxReceiveCount": 3})}, "redrivePolicy"),
        (QUEUE, {"redriveAllowPolicy": json.dumps({"redrivePermission": "byQueue"})}, "redriveAllowPolicy"),
        (QUEUE, {"redriveAllowPolicy": json.dumps({"redrivePermission": "some"})}, "redriveAllowPolicy"),
        (SUBSCRIPTION, {"protocol": "mail", "endpoint": "a@b.org"}, "protocol"),
        (SUBSCRIPTION, {"protocol": "email", "endpoint": "team"}, "endpoint"),
        (ALARM, {"metricName": "x", "statistic": "Sum", "namespace": "n", "period": 60}, "comparisonOperator"),
        (ALARM, {"metricQueries": [{}], "treatMissingData": "fine"}, "treatMissingData"),
        (ALARM, {"metricQueries": [{}], "period": 90}, "period"),
        (ALARM, {}, "metricName"),
    ],
)
def test_what_aws_refuses_is_refused(token: str, inputs: dict[str, Any], at: str) -> None:
    assert at in faults(token, inputs)


def test_a_dead_letter_queue_must_exist(account: Account) -> None:
    behaviour = services.behaviour(QUEUE)
    url, dead = behaviour.create({"name": "dead"}, account)
    assert url == "https://sqs.eu-west-1.amazonaws.com/123456789012/dead"
    policy = {"name": "work", "redrivePolicy": json.dumps({"deadLetterTargetArn": dead["arn"], "maxReceiveCount": 3})}
    with pytest.raises(Refused, match="Dead letter target does not exist"):
        behaviour.create(policy, account)
    account.resources.made(QUEUE, url, dead)
    assert behaviour.create(policy, account)[1]["arn"].endswith(":work")


def test_an_address_must_confirm_its_subscription_to_a_topic_that_exists(account: Account) -> None:
    arn, made = services.behaviour(TOPIC).create({"name": "alerts"}, account)
    inputs = {"topic": arn, "protocol": "email", "endpoint": "a@b.org"}
    with pytest.raises(Refused, match="Topic does not exist"):
        services.behaviour(SUBSCRIPTION).create(inputs, account)
    account.resources.made(TOPIC, arn, made)
    assert services.behaviour(SUBSCRIPTION).create(inputs, account)[1]["pendingConfirmation"] is True
