"""What a stack may say of queue workers and subscriptions: each mistake named with path and value, and a remedy."""

from typing import Any

import pytest

import settings

from ..conftest import stack_config
from ..settings.test_settings import problems

TOPIC = "arn:aws:sns:eu-west-1:210987654321:shop"


def platform(queue: dict[str, Any] | None = None, topic: dict[str, Any] | None = None, **orders: Any) -> dict[str, Any]:
    """Return the dev stack's settings with the queue worker `orders`."""
    raw: dict[str, Any] = stack_config("dev")[settings.KEY]
    raw["services"]["orders"] = {"kind": "queueWorker", "repository": "web", **orders}
    if queue is not None:
        raw["services"]["orders"]["queue"] = queue
    if topic is not None:
        raw["services"]["orders"]["subscriptions"] = {"shop": {"topicArn": TOPIC, **topic}}
    return raw


@pytest.mark.parametrize(
    ("queue", "topic", "orders"),
    [
        ({}, None, {}),
        ({"fifo": {}}, {"topicArn": f"{TOPIC}.fifo"}, {}),
        ({}, {"topicArn": f"{TOPIC}.fifo"}, {}),
        ({"messageRetentionDays": 14, "maxMessageSizeKib": 1024, "delaySeconds": 900}, None, {}),
        ({"fifo": {}, "messageRetentionDays": 14, "deadLetterRetentionDays": 1}, None, {}),
        ({}, {"filterPolicy": {"a": ["x", 1, True, None, {"anything-but": ["y"]}, {"exists": False}]}}, {}),
        ({}, {"filterPolicy": {"a": [{"numeric": [">", 0, "<=", 1.5]}], "b": [{"anything-but": {"prefix": "y"}}]}}, {}),
        ({}, {"filterPolicy": {"$or": [{"a": ["x"]}, {"b": ["y"]}]}}, {}),
        ({}, {"filterPolicy": {"a": {"b": {"c": ["x"]}}}, "filterPolicyScope": "MessageBody"}, {}),
        ({}, None, {"minTasks": 2, "maxTasks": 2}),
        ({"visibilityTimeoutSeconds": 10}, None, {"stopTimeoutSeconds": 5}),
    ],
)
def test_what_can_be_is_accepted(queue: dict[str, Any], topic: dict[str, Any] | None, orders: dict[str, Any]) -> None:
    assert settings.parse(platform(queue, topic, **orders)).reports


def test_defaults_scale_to_zero() -> None:
    found = settings.parse(platform()).services["orders"]
    assert isinstance(found, settings.QueueWorker)
    assert (found.min_tasks, found.max_tasks, found.messages_per_task) == (0, 10, 100)
    assert (found.queue.max_receive_count, found.queue.dead_letter_retention_days) == (5, 14)


@pytest.mark.parametrize(
    ("orders", "path", "advice"),
    [
        ({"environment": {"QUEUE_URL": "x"}}, "environment.QUEUE_URL", "is set by the platform"),
        (
            {"generatedSecret": {"environmentVariable": "QUEUE_URL"}},
            "generatedSecret.environmentVariable",
            "is set by the platform",
        ),
        (
            {"secrets": {"QUEUE_URL": "arn:aws:ssm:eu-west-1:123456789012:parameter/a"}},
            "secrets.QUEUE_URL",
            "is set by the platform",
        ),
        (
            {"stopTimeoutSeconds": 90, "queue": {"visibilityTimeoutSeconds": 60}},
            "queue.visibilityTimeoutSeconds",
            "less than the 90 seconds",
        ),
        ({"minTasks": 11}, "minTasks", "above maxTasks, 10"),
        ({"minTasks": -1}, "minTasks", "0 or more"),
        ({"maxTasks": 0}, "maxTasks", "1 or more"),
        ({"messagesPerTask": 0}, "messagesPerTask", "1 or more"),
        ({"minTasks": 2, "maxTasks": 2, "messagesPerTask": 5}, "messagesPerTask", "raise maxTasks"),
        ({"cpuTarget": 50}, "cpuTarget", "no meaning for kind: queueWorker"),
        ({"hosts": ["a.org"]}, "hosts", "choose kind: web"),
        ({"kind": "queueworker"}, "kind", "'queueWorker'"),
        ({"kind": "worker", "queue": {}}, "queue", "choose kind: queueWorker"),
        ({"kind": "worker", "subscriptions": {}}, "subscriptions", "choose kind: queueWorker"),
        ({"subscriptions": {"A": {"topicArn": TOPIC}}}, "subscriptions.A", "lower-case letters"),
        ({"subscriptions": {"shop": {}}}, "subscriptions.shop", "has no topic. Set topic or topicArn."),
        (
            {"subscriptions": {"shop": {"topic": "shop", "topicArn": TOPIC}}},
            "subscriptions.shop",
            "has topic and topicArn. Keep one of them.",
        ),
        ({"subscriptions": {"shop": {"topic": "shop"}}}, "subscriptions.shop.topic", "is not in storage.topics"),
        (
            {"subscriptions": {"shop": {"topicArn": TOPIC}, "again": {"topicArn": TOPIC}}},
            "subscriptions.again.topicArn",
            "is subscribed to by shop already",
        ),
        (
            {"subscriptions": {f"topic{number}": {"topicArn": f"{TOPIC}-{number:0>200}"} for number in range(40)}},
            "subscriptions",
            "SQS takes 8192",
        ),
    ],
)
def test_a_mistake_in_a_queue_worker_is_named(orders: dict[str, Any], path: str, advice: str) -> None:
    found = problems(platform(**orders))
    assert list(found) == [f"services.orders.{path}"]
    assert advice in found[f"services.orders.{path}"]


@pytest.mark.parametrize(
    ("queue", "path", "advice"),
    [
        ({"visibilityTimeoutSeconds": 20}, "visibilityTimeoutSeconds", "Set 30 or more"),
        ({"visibilityTimeoutSeconds": 43_201}, "visibilityTimeoutSeconds", "43200 or less"),
        ({"visibilityTimeoutSeconds": 43_200, "maxReceiveCount": 9}, "maxReceiveCount", "would be lost before"),
        ({"maxReceiveCount": 0}, "maxReceiveCount", "1 or more"),
        ({"messageRetentionDays": 15}, "messageRetentionDays", "14 or less"),
        ({"deadLetterRetentionDays": 3}, "deadLetterRetentionDays", "Set 4 or more"),
        ({"delaySeconds": 901}, "delaySeconds", "900 or less"),
        ({"maxMessageSizeKib": 1025}, "maxMessageSizeKib", "1024 or less"),
        ({"fifo": False}, "fifo", "must be a map of settings"),
        ({"fifo": True}, "fifo", "{} means all defaults"),
        ({"contentBasedDeduplication": True}, "contentBasedDeduplication", "unknown key"),
        ({"kmsKeyArn": "alias/orders"}, "kmsKeyArn", "not of an alias"),
        ({"alarms": {"oldestMessageSeconds": 345_600}}, "alarms.oldestMessageSeconds", "is never reached"),
        ({"alarms": {"oldestMessageSeconds": 59}}, "alarms.oldestMessageSeconds", "60 or more"),
    ],
)
def test_a_mistake_in_a_queue_is_named(queue: dict[str, Any], path: str, advice: str) -> None:
    found = problems(platform(queue))
    assert list(found) == [f"services.orders.queue.{path}"]
    assert advice in found[f"services.orders.queue.{path}"]


FILTER = "filterPolicy"


@pytest.mark.parametrize(
    ("topic", "path", "advice"),
    [
        ({"topicArn": "shop"}, "topicArn", "the ARN of an SNS topic"),
        ({"topicArn": f"{TOPIC}.fifos"}, "topicArn", "the ARN of an SNS topic"),
        ({"filterPolicyScope": "MessageBody"}, "filterPolicyScope", "no effect without filterPolicy"),
        ({"filterPolicyScope": "Body"}, "filterPolicyScope", "'MessageAttributes' or 'MessageBody'"),
        ({FILTER: {}}, FILTER, "Remove it: the queue then gets every message"),
        ({FILTER: {"a": "x"}}, f"{FILTER}.a", "a list of at least one value: [x]"),
        ({FILTER: {"a": []}}, f"{FILTER}.a", "a list of at least one value"),
        ({FILTER: {"a": {"prefix": "x"}}}, f"{FILTER}.a", 'at least one condition: [{prefix: "x"}]'),
        ({FILTER: {"a": [{"prefx": "x"}]}}, f"{FILTER}.a[0]", "or one of anything-but, cidr"),
        ({FILTER: {"a": [["x"]]}}, f"{FILTER}.a[0]", "must be a value"),
        ({FILTER: {"a": [{"prefix": 1}]}}, f"{FILTER}.a[0].prefix", "what values begin with"),
        ({FILTER: {"a": [{"exists": "yes"}]}}, f"{FILTER}.a[0].exists", "true or false"),
        ({FILTER: {"a": [{"numeric": [">="]}]}}, f"{FILTER}.a[0].numeric", "a comparison, or two"),
        ({FILTER: {"a": [{"anything-but": {"cidr": "x"}}]}}, f"{FILTER}.a[0].anything-but", "a list of values"),
        ({FILTER: {"a": {"b": ["x"]}}}, FILTER, "set filterPolicyScope: MessageBody"),
        ({FILTER: {key: ["x"] for key in "abcdef"}}, FILTER, "has 6 attributes"),
        ({FILTER: {"a": list(range(16)), "b": list(range(10))}}, FILTER, "has 160 combinations"),
        (
            {FILTER: {"a": {"b": {"c": list("wxyz")}}, "d": {"e": [1, 2, 3]}, "f": [1, 2, 3]},
             "filterPolicyScope": "MessageBody"},
            FILTER,
            "has 216 combinations",  # the example of the SNS Developer Guide
        ),
    ],
)  # fmt: skip
def test_a_mistake_in_a_subscription_is_named(topic: dict[str, Any], path: str, advice: str) -> None:
    found = problems(platform(topic=topic))
    assert list(found) == [f"services.orders.subscriptions.shop.{path}"]
    assert advice in found[f"services.orders.subscriptions.shop.{path}"]


def test_a_fifo_queue_takes_fifo_topics_only() -> None:
    (advice,) = problems(platform({"fifo": {}}, {})).values()
    assert "Subscribe to a fifo topic, or remove fifo" in advice


def test_a_topic_of_another_region_is_refused() -> None:
    with pytest.raises(settings.SettingsError, match="must be in us-east-1"):
        settings.parse(platform(topic={}), settings.Surroundings(region="us-east-1"))


def test_without_a_nat_gateway_the_queue_needs_its_endpoint() -> None:
    raw = platform()
    raw["network"] |= {"natGateways": "none", "endpoints": "private"}
    found = problems(raw)
    assert list(found) == ["network.endpointServices"]
    assert "leave orders no way to its queue" in found["network.endpointServices"]
    raw["network"]["endpointServices"] = ["sqs"]
    assert settings.parse(raw)


def test_without_container_insights_there_is_nothing_to_scale_on() -> None:
    raw = platform()
    raw["cluster"] = {"containerInsights": "disabled"}
    found = problems(raw)
    assert list(found) == ["cluster.containerInsights"]
    assert "leaves orders without the number of its running tasks" in found["cluster.containerInsights"]
    raw["services"]["orders"] |= {"minTasks": 1, "maxTasks": 1}
    assert settings.parse(raw), "a fixed number needs none"


def test_five_mistakes_of_one_queue_worker_are_told_together() -> None:
    raw = platform(
        {"visibilityTimeoutSeconds": 5, "deadLetterRetentionDays": 1},
        {"filterPolicy": {"a": "x"}},
        environment={"QUEUE_URL": "x"},
        cpuTarget=5,
    )
    assert len(problems(raw)) == 5
