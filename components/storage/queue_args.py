"""What queues and topics are made from."""

from collections.abc import Mapping
from enum import Enum
from typing import Any, Final, TypedDict

import pulumi

DAY: Final = 24 * 60 * 60
"""Seconds of a day."""


class FifoChoices(TypedDict, total=False):
    """What a person chooses of a first-in-first-out queue."""

    content_based_deduplication: bool
    """Take two messages with the same content for one, if they come within five minutes. Without it each sender gives
    a deduplication id. Defaults to false."""
    high_throughput: bool
    """Order and deduplicate messages within their message group only, which lets SQS take more of them: up to thousands
    a second instead of 300. Defaults to false."""


class FifoArgs(FifoChoices):
    """A queue that hands out the messages of each message group in their order, each once."""


class QueueAlarmChoices(TypedDict, total=False):
    """What a person chooses of the alarms on a queue."""

    oldest_message_seconds: int
    """Report when a message has waited for this long, in seconds. Defaults to none: only messages that could not be
    processed are reported."""


class QueueAlarmArgs(QueueAlarmChoices):
    """What is reported of a queue."""


class QueueChoices(TypedDict, total=False):
    """What a person chooses of a queue."""

    visibility_timeout_seconds: int
    """For how many seconds a message that a task received is hidden from the other tasks. Longer than a message takes:
    another task gets one that is not deleted by then. Defaults to 120."""
    message_retention_days: int
    """Days for which a message waits at most, 1 to 14; then it is lost. Defaults to 4."""
    max_receive_count: int
    """How many times a message is tried, before it goes to the dead-letter queue. Defaults to 5."""
    dead_letter_retention_days: int
    """Days for which the dead-letter queue keeps a message, 1 to 14. Of a queue that is not fifo they count from when
    the message was sent. Defaults to 14."""
    delay_seconds: int
    """For how many seconds every new message is hidden, 0 to 900. Defaults to 0."""
    max_message_size_kib: int
    """Size of a message in KiB at most, 1 to 1024. Defaults to 256."""
    fifo: FifoArgs
    """A first-in-first-out queue; an empty map means all defaults. Changing it replaces the queue, and what waits in
    the old one is lost; a protected stack refuses that. Defaults to none: a standard queue."""
    kms_key_arn: str
    """ARN of an existing KMS key that encrypts the messages. Its policy must let those use it that send. Defaults to
    none: SQS encrypts them with keys of its own, at no cost."""
    alarms: QueueAlarmArgs
    """What is reported beside messages in the dead-letter queue."""


class WorkersQueueArgs(QueueChoices):
    """The queue of a queue worker."""


class FilterScope(str, Enum):
    """What a filter policy looks at."""

    MESSAGE_ATTRIBUTES = "MessageAttributes"
    MESSAGE_BODY = "MessageBody"


class SubscriptionChoices(TypedDict, total=False):
    """What a person chooses of a subscription."""

    filter_policy: Mapping[str, Any]
    """Which messages of the topic the queue gets (SNS Developer Guide, "Amazon SNS message filtering"): `{event:
    [created, {prefix: changed-}]}`. Defaults to all."""
    filter_policy_scope: FilterScope
    """What the filter policy looks at: MessageAttributes, or a MessageBody of JSON. Defaults to MessageAttributes."""
    raw_message_delivery: bool
    """Put messages into the queue as they were published, instead of in an envelope of JSON. Defaults to true."""


class SubscriptionArgs(SubscriptionChoices):
    """What a topic of SNS puts into the queue."""

    topic_arn: pulumi.Input[str]
    """ARN of an SNS topic in the same region. The policy of another account's topic must let this one subscribe. A fifo
    queue takes fifo topics only."""


FIFO_DEFAULTS: Final[FifoChoices] = {"content_based_deduplication": False, "high_throughput": False}
QUEUE_DEFAULTS: Final[QueueChoices] = {
    "visibility_timeout_seconds": 120,
    "message_retention_days": 4,
    "max_receive_count": 5,
    "dead_letter_retention_days": 14,
    "delay_seconds": 0,
    "max_message_size_kib": 256,
}
SUBSCRIPTION_DEFAULTS: Final[SubscriptionChoices] = {
    "filter_policy_scope": FilterScope.MESSAGE_ATTRIBUTES,
    "raw_message_delivery": True,
}


class SubscribedChoices(QueueChoices, total=False):
    """What a person chooses of a Queue."""

    subscriptions: Mapping[str, SubscriptionArgs]
    """Topics of SNS whose messages come into the queue, each by a name of your own. Defaults to none."""


class QueueLinks(TypedDict, total=False):
    """What ties a Queue to the rest of a platform."""

    notification_topic_arn: pulumi.Input[str]
    """ARN of an SNS topic to which alarms on the queue are sent. Defaults to none: they are only shown."""
    protect: bool
    """Refuse to delete the queue, with what is in it. Defaults to true."""


class QueueArgs(SubscribedChoices, QueueLinks):
    """What a Queue is made from."""

    prefix: str
    """Start of the names of the queue and its dead-letter queue, to which SQS's own is added. Changing it replaces
    both."""


class FifoTopicChoices(TypedDict, total=False):
    """What a person chooses of a first-in-first-out topic."""

    content_based_deduplication: bool
    """Take two messages with the same content for one, if they come within five minutes. Defaults to false."""


class FifoTopicArgs(FifoTopicChoices):
    """A topic that delivers the messages of each message group in their order, to fifo queues."""


class TopicChoices(TypedDict, total=False):
    """What a person chooses of a Topic."""

    fifo: FifoTopicArgs
    """A first-in-first-out topic; an empty map means all defaults. Changing it replaces the topic, and its
    subscriptions end. Defaults to none: a standard topic."""
    kms_key_arn: str
    """ARN of the KMS key that encrypts the messages (Security Hub SNS.1). What is linked to the topic may use it.
    Defaults to the account's own key for SNS, which other accounts and services of AWS cannot use."""


class TopicLinks(TypedDict, total=False):
    """What ties a Topic to the rest of a platform."""

    protect: bool
    """Refuse to delete the topic. Defaults to true."""


class TopicArgs(TopicChoices, TopicLinks):
    """What a Topic is made from."""

    prefix: str
    """Start of the topic's name, to which the provider adds what makes it the only one. Changing it replaces the
    topic."""


SUBSCRIBED_DEFAULTS: Final[SubscribedChoices] = {**QUEUE_DEFAULTS, "subscriptions": {}}
QUEUE_LINK_DEFAULTS: Final[QueueLinks] = {"protect": True}
FIFO_TOPIC_DEFAULTS: Final[FifoTopicChoices] = {"content_based_deduplication": False}
TOPIC_LINK_DEFAULTS: Final[TopicLinks] = {"protect": True}
