"""Queues and topics by themselves."""

import json
from typing import Any

import pytest

import settings
from components import Queue, QueueArgs, Topic, TopicArgs
from wiring import living_queues
from wiring.state import Resource

from ..conftest import Run, mistakes, run_main, stack_config

KEY = "arn:aws:kms:us-east-1:123456789012:key/own"
SHOP = "arn:aws:sns:us-east-1:210987654321:shop"
QUEUE, QUEUE_POLICY, ALARM = "sqs/queue:Queue", "sqs/queuePolicy:QueuePolicy", "cloudwatch/metricAlarm:MetricAlarm"
TOPIC, TOPIC_POLICY = "sns/topic:Topic", "sns/topicPolicy:TopicPolicy"
SUBSCRIPTION = "sns/topicSubscription:TopicSubscription"


def queue(run: Run, **more: Any) -> Any:
    args: QueueArgs = {"prefix": "shop-dev-mails", **more}  # type: ignore[typeddict-item]
    return run(lambda: Queue("mails", args))


def topic(run: Run, **more: Any) -> Any:
    args: TopicArgs = {"prefix": "shop-dev-events", **more}  # type: ignore[typeddict-item]
    return run(lambda: Topic("events", args))


class TestQueue:
    def test_it_has_a_dead_letter_queue_that_only_it_uses(self, run: Run) -> None:
        engine = queue(run)
        made, dead = engine.one(QUEUE, "mails"), engine.one(QUEUE, "mails_dead-letters")
        assert (made["visibilityTimeoutSeconds"], made["messageRetentionSeconds"]) == (120, 4 * 86_400)
        assert json.loads(made["redrivePolicy"])["maxReceiveCount"] == 5
        assert dead["messageRetentionSeconds"] == 14 * 86_400
        assert made["sqsManagedSseEnabled"]
        (alarm,) = engine.find(ALARM)
        assert "What processes the queue mails could not process messages" in alarm["alarmDescription"]

    def test_it_is_reached_by_tls_only_and_by_its_topics(self, run: Run) -> None:
        engine = queue(run, subscriptions={"shop": {"topic_arn": SHOP}})
        tls, topics = json.loads(engine.one(QUEUE_POLICY, "mails")["policy"])["Statement"]
        assert tls["Effect"] == "Deny"
        assert topics["Condition"] == {"ArnEquals": {"aws:SourceArn": [SHOP]}}
        assert engine.one(SUBSCRIPTION)["topic"] == SHOP

    def test_what_a_worker_says_of_its_queue_it_says_too(self, run: Run) -> None:
        chosen = {"fifo": {"content_based_deduplication": True}, "kms_key_arn": KEY, "max_message_size_kib": 64}
        made = queue(run, **chosen, alarms={"oldest_message_seconds": 600}).one(QUEUE, "mails")
        assert (made["fifoQueue"], made["contentBasedDeduplication"]) == (True, True)
        assert (made["kmsMasterKeyId"], made["maxMessageSize"]) == (KEY, 65_536)

    @pytest.mark.parametrize("protect", [True, False])
    def test_with_protection_neither_of_them_is_deleted(self, run: Run, *, protect: bool) -> None:
        assert {one.protect for one in queue(run, protect=protect).all(QUEUE)} == {protect}


class TestTopic:
    def test_it_is_encrypted_and_reached_by_tls_only(self, run: Run) -> None:
        engine = topic(run)
        assert engine.one(TOPIC)["kmsMasterKeyId"] == "alias/aws/sns"
        (statement,) = json.loads(engine.one(TOPIC_POLICY)["policy"])["Statement"]
        assert (statement["Effect"], statement["Condition"]) == ("Deny", {"Bool": {"aws:SecureTransport": "false"}})

    def test_it_is_fifo_or_has_a_key_if_it_is_told(self, run: Run) -> None:
        made = topic(run, fifo={"content_based_deduplication": True}, kms_key_arn=KEY).one(TOPIC)
        assert (made["fifoTopic"], made["contentBasedDeduplication"]) == (True, True)
        assert made["kmsMasterKeyId"] == KEY

    @pytest.mark.parametrize("protect", [True, False])
    def test_with_protection_it_is_not_deleted(self, run: Run, *, protect: bool) -> None:
        (made,) = topic(run, protect=protect).all(TOPIC)
        assert made.protect is protect


def raw(storage: dict[str, Any], **services: Any) -> dict[str, Any]:
    found = {**stack_config("dev")[settings.KEY], "storage": storage}
    found["services"] = {**found["services"], **services}
    return found


@pytest.mark.parametrize(
    "storage",
    [
        {"queues": {"mails": {}}, "topics": {"events": {}}},
        {"queues": {"mails": {"subscriptions": {"events": {"topic": "events"}}}}, "topics": {"events": {}}},
        {
            "queues": {"mails": {"fifo": {}, "subscriptions": {"events": {"topic": "events"}}}},
            "topics": {"events": {"fifo": {}}},
        },
        {"queues": {"mails": {"subscriptions": {"shop": {"topicArn": SHOP, "filterPolicy": {"event": ["sold"]}}}}}},
    ],
)
def test_what_is_right_passes(storage: dict[str, Any]) -> None:
    assert mistakes(raw(storage), "us-east-1") == {}


@pytest.mark.parametrize(
    ("storage", "path", "advice"),
    [
        ({"queues": {"mails": {"maxReceives": 1}}}, "queues.mails.maxReceives", "maxReceiveCount"),
        ({"queues": {"mails": {"messageRetentionDays": 15}}}, "queues.mails.messageRetentionDays", "14"),
        (
            {"queues": {"mails": {"deadLetterRetentionDays": 3}}},
            "queues.mails.deadLetterRetentionDays",
            "is less than messageRetentionDays, 4",
        ),
        (
            {"queues": {"mails": {"subscriptions": {"shop": {}}}}},
            "queues.mails.subscriptions.shop",
            "has no topic. Set topic or topicArn.",
        ),
        (
            {"queues": {"mails": {"subscriptions": {"shop": {"topic": "shop"}}}}, "topics": {"events": {}}},
            "queues.mails.subscriptions.shop.topic",
            "is not in storage.topics, which has events. Add it there.",
        ),
        (
            {
                "queues": {"mails": {"fifo": {}, "subscriptions": {"shop": {"topic": "events"}}}},
                "topics": {"events": {}},
            },
            "queues.mails.subscriptions.shop.topic",
            "is a standard topic, which cannot send to a fifo queue",
        ),
        (
            {
                "queues": {"mails": {"subscriptions": {"aa": {"topic": "events"}, "bb": {"topic": "events"}}}},
                "topics": {"events": {}},
            },
            "queues.mails.subscriptions.bb.topic",
            "is subscribed to by aa already",
        ),
        ({"topics": {"events": {"fifo": True}}}, "topics.events.fifo", ""),
        ({"topics": {"events": {"kmsKeyArn": "alias/aws/sns"}}}, "topics.events.kmsKeyArn", "must be the ARN of a KMS"),
    ],
)
def test_a_mistake_in_queues_and_topics_is_named(storage: dict[str, Any], path: str, advice: str) -> None:
    found = mistakes(raw(storage), "us-east-1")
    assert list(found) == [f"storage.{path}"]
    assert advice in found[f"storage.{path}"]


def test_no_queue_has_the_name_of_a_worker() -> None:
    (advice,) = mistakes(raw({"queues": {"mails": {}}}, mails={"kind": "queueWorker", "repository": "web"})).values()
    assert advice == "is the name of a queueWorker too: a link could mean either. Name one of them otherwise."


def test_a_queue_gets_what_a_topic_of_the_stack_is_sent_and_a_worker_too() -> None:
    config = stack_config("dev")
    subscribed = {"events": {"topic": "events"}}
    storage = {"queues": {"mails": {"subscriptions": subscribed}}, "topics": {"events": {"kmsKeyArn": KEY}}}
    worker = {"kind": "queueWorker", "repository": "web", "subscriptions": subscribed}
    config[settings.KEY] = raw(storage, worker=worker)
    config[settings.KEY]["services"]["web"]["links"] = {"events": {"topic": "events"}, "mails": {"queue": "mails"}}
    made = run_main("dev", config)
    arn = made.outputs["topics"]["events"]["arn"]
    assert {one["topic"] for one in made.engine.find(SUBSCRIPTION)} == {arn}
    granted = json.loads(made.engine.one("iam/rolePolicy:RolePolicy", "web-links")["policy"])["Statement"]
    assert [one["Resource"] for one in granted] == [[arn], [KEY], [made.outputs["queues"]["mails"]["arn"]]]
    assert made.outputs["notificationTopicArn"], "alarms on the queue are told"


@pytest.mark.parametrize("fifo", [True, False])
@pytest.mark.parametrize(
    ("kind", "setting", "output"),
    [
        ("Queue$aws:sqs/queue:Queue", "queues", "fifoQueue"),
        ("Topic$aws:sns/topic:Topic", "topics", "fifoTopic"),
    ],
)
def test_what_becomes_fifo_or_no_longer_is_another_one(kind: str, setting: str, output: str, *, fifo: bool) -> None:
    platform = settings.parse(
        {**raw({setting: {"mails": {"fifo": {}} if fifo else {}}}), "protect": True, "cluster": {}}
    )
    state = [Resource(f"container-platform:index:{kind}", "mails", {output: not fifo})]
    (problem,) = living_queues.replaced(platform, state)
    assert settings.path_text(problem.path) == f"storage.{setting}.mails.fifo"
    assert list(living_queues.replaced(platform, [state[0]._replace(outputs={output: fifo})])) == []
