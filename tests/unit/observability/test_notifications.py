"""Where a stack reports what failed."""

import json
from typing import Any

import pulumi
import pytest

import settings
from components import Notifications
from components.common.arn import parse
from components.common.closed_queue import ClosedQueue, alarm_on_messages, closed_queue
from components.observability import topic_documents
from components.observability.args import NotificationsArgs
from settings import Surroundings

from ..conftest import ACCOUNT, REGION, Run, run_main, stack_config

TOPIC = f"arn:aws:sns:{REGION}:{ACCOUNT}:alerts"
KEY = f"arn:aws:kms:{REGION}:{ACCOUNT}:key/own"


class TestTopic:
    def test_it_is_encrypted_with_a_key_that_alarms_and_rules_can_use(self, run: Run) -> None:
        engine = run(lambda: Notifications("notifications", {"emails": ["team@example.org"]}))
        assert engine.one("sns/topic:Topic")["kmsMasterKeyId"].endswith(":notifications")
        key = engine.one("kms/key:Key")
        assert key["enableKeyRotation"] is True
        _, use = json.loads(key["policy"])["Statement"]
        assert use["Principal"] == {"Service": ["cloudwatch.amazonaws.com", "events.amazonaws.com"]}
        assert use["Action"] == ["kms:Decrypt", "kms:GenerateDataKey*"]
        # EventBridge sends KMS no key of a condition: with one, no failure would be reported.
        assert "Condition" not in use
        subscription = engine.one("sns/topicSubscription:TopicSubscription")
        assert (subscription["protocol"], subscription["endpoint"]) == ("email", "team@example.org")

    def test_only_alarms_and_rules_of_its_account_and_region_publish_by_tls(self) -> None:
        alarms, rules, tls = json.loads(topic_documents.topic_policy(TOPIC))["Statement"]
        like = [one["Condition"]["ArnLike"]["aws:SourceArn"] for one in (alarms, rules)]
        assert like == [
            f"arn:aws:{kind}:{REGION}:{ACCOUNT}:{name}"
            for kind, name in (("cloudwatch", "alarm:*"), ("events", "rule/*"))
        ]
        assert (tls["Effect"], tls["Condition"]) == ("Deny", {"Bool": {"aws:SecureTransport": "false"}})

    def test_the_account_manages_the_key(self) -> None:
        manage, _ = json.loads(topic_documents.key_policy(parse(f"arn:aws-us-gov:sts::{ACCOUNT}:x")))["Statement"]
        assert manage["Principal"] == {"AWS": f"arn:aws-us-gov:iam::{ACCOUNT}:root"}

    def test_a_key_of_your_own_is_used(self, run: Run) -> None:
        engine = run(lambda: Notifications("notifications", {"kms_key_arn": KEY}))
        assert engine.one("sns/topic:Topic")["kmsMasterKeyId"] == KEY
        assert engine.find("kms/key:Key") == []

    def test_an_existing_topic_is_used_as_it_is(self, run: Run) -> None:
        seen: list[str] = []
        engine = run(lambda: Notifications("notifications", {"topic_arn": TOPIC}).topic_arn.apply(seen.append))
        assert seen == [TOPIC]
        assert [one.type for one in engine.resources if one.type.startswith("aws:")] == []

    @pytest.mark.parametrize("more", [{"emails": ["a@example.org"]}, {"kms_key_arn": KEY}])
    def test_what_has_no_effect_on_an_existing_topic_is_refused(self, run: Run, more: NotificationsArgs) -> None:
        args: NotificationsArgs = {"topic_arn": TOPIC, **more}
        with pytest.raises(ValueError, match="existing topic"):
            run(lambda: Notifications("notifications", args))


class TestQueue:
    def queue(self, **changes: Any) -> ClosedQueue:
        return closed_queue("dead", parent=pulumi.ComponentResource("a:b:C", "parent"), **changes)

    def test_it_is_encrypted_and_tls_only_and_keeps_messages_as_long_as_it_can(self, run: Run) -> None:
        engine = run(self.queue)
        queue = engine.one("sqs/queue:Queue")
        assert (queue["sqsManagedSseEnabled"], queue["messageRetentionSeconds"]) == (True, 14 * 86_400)
        (statement,) = json.loads(engine.one("sqs/queuePolicy:QueuePolicy")["policy"])["Statement"]
        assert (statement["Effect"], statement["Action"], statement["Principal"]) == ("Deny", "sqs:*", "*")
        assert statement["Condition"] == {"Bool": {"aws:SecureTransport": "false"}}

    def test_a_key_of_your_own_takes_the_place_of_sqs_own(self, run: Run) -> None:
        queue = run(lambda: self.queue(kms_key_arn=KEY, protect=True)).all("sqs/queue:Queue")[0]
        assert queue.protect
        assert (queue.inputs["kmsMasterKeyId"], queue.inputs.get("sqsManagedSseEnabled")) == (KEY, None)

    def test_the_alarm_tells_of_any_message_and_does_not_end_by_itself(self, run: Run) -> None:
        def program() -> None:
            parent = pulumi.ComponentResource("a:b:C", "parent")
            alarm_on_messages("dead", closed_queue("dead", parent=parent).queue, "What to do", TOPIC, parent)

        alarm = run(program).one("cloudwatch/metricAlarm:MetricAlarm")
        assert (alarm["threshold"], alarm["comparisonOperator"]) == (0, "GreaterThanThreshold")
        assert (alarm["treatMissingData"], alarm["alarmActions"]) == ("ignore", [TOPIC])


class TestSettings:
    def problems(self, notifications: dict[str, Any]) -> dict[str, str]:
        raw = {**stack_config("dev")[settings.KEY], "notifications": notifications}
        try:
            settings.parse(raw, Surroundings(REGION))
        except settings.SettingsError as error:
            return {settings.path_text(problem.path): problem.advice for problem in error.problems}
        return {}

    @pytest.mark.parametrize("given", [{}, {"emails": ["a@b.org", "c@d.org"], "kmsKeyArn": KEY}, {"topicArn": TOPIC}])
    def test_what_is_right_passes(self, given: dict[str, Any]) -> None:
        assert self.problems(given) == {}

    @pytest.mark.parametrize(
        ("given", "path", "advice"),
        [
            ({"emails": ["team"]}, "emails[0]", "must be an e-mail address"),
            ({"emails": ["a@b.org", "a@b.org"]}, "emails[1]", "is listed twice; remove one"),
            ({"email": ["a@b.org"]}, "email", "did you mean emails?"),
            ({"topicArn": TOPIC, "emails": ["a@b.org"]}, "emails", "subscribe there, or remove topicArn"),
            ({"topicArn": TOPIC, "kmsKeyArn": KEY}, "kmsKeyArn", "Remove it, or topicArn."),
            ({"topicArn": TOPIC.replace(REGION, "us-east-1")}, "topicArn", "is in us-east-1, but must be in"),
            ({"topicArn": f"{TOPIC}.fifo"}, "topicArn", "the ARN of a standard SNS topic"),
            ({"topicArn": "alerts"}, "topicArn", "the ARN of a standard SNS topic"),
            ({"kmsKeyArn": "alias/alerts"}, "kmsKeyArn", "the ARN of a KMS key"),
        ],
    )
    def test_every_mistake_is_named_with_what_would_be_right(
        self, given: dict[str, Any], path: str, advice: str
    ) -> None:
        found = self.problems(given)
        assert list(found) == [f"notifications.{path}"]
        assert advice in found[f"notifications.{path}"]


class TestProgram:
    def test_a_stack_without_anything_to_report_has_no_topic(self) -> None:
        program = run_main("dev", stack_config("dev"))
        assert program.engine.find("sns/topic:Topic") == []
        assert program.outputs["notificationTopicArn"] == ""

    def test_the_section_makes_one(self) -> None:
        config = stack_config("dev")
        config[settings.KEY]["notifications"] = {}
        program = run_main("dev", config)
        assert program.outputs["notificationTopicArn"].endswith(":notifications")
