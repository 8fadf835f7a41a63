"""Who may send to a queue, as plain documents."""

import json
from collections.abc import Iterable, Mapping
from typing import Any, Final

from ..common import iam

LONGEST_POLICY: Final = 8192
"""Characters of a queue's policy ("Amazon SQS policy quotas", SQS Developer Guide)."""


def redrive_policy(dead_letters_arn: str, max_receive_count: int) -> str:
    """Return where messages go that were received too often (SQS API, RedrivePolicy)."""
    return json.dumps({"deadLetterTargetArn": dead_letters_arn, "maxReceiveCount": max_receive_count})


def redrive_allow_policy(queue_arn: str) -> str:
    """Return which queue may send to its dead-letter queue: that one only (SQS API, RedriveAllowPolicy)."""
    return json.dumps({"redrivePermission": "byQueue", "sourceQueueArns": [queue_arn]})


def topics_statements(queue_arn: str, topic_arns: Iterable[str]) -> list[iam.Statement]:
    """Return what lets exactly these topics send to a queue; nothing without any.

    SNS sends for whoever subscribed, so the topic is named ("Subscribing an Amazon SQS queue to an Amazon SNS topic",
    SNS Developer Guide).
    """
    topics = sorted(set(topic_arns))
    if not topics:
        return []
    source = {"ArnEquals": {"aws:SourceArn": topics}}
    return [iam.allow_service("TopicsSend", "sns.amazonaws.com", "sqs:SendMessage", queue_arn, source)]


def undelivered_policy(dead_letters_arn: str) -> str:
    """Return where messages go that a topic could not deliver (SNS API, Subscribe: RedrivePolicy)."""
    return json.dumps({"deadLetterTargetArn": dead_letters_arn})


def filter_policy(policy: Mapping[str, Any]) -> str:
    """Return a filter policy as SNS keeps it, the same text for the same policy."""
    return json.dumps(policy, sort_keys=True)
