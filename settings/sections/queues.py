"""The sections of the settings for queues, and the topics that fill them."""

from typing import Annotated, Any, ClassVar

from pydantic import Field

from components.services.queue_args import BACKLOG_DEFAULTS, BacklogChoices
from components.storage.queue_args import (
    FIFO_DEFAULTS,
    FIFO_TOPIC_DEFAULTS,
    QUEUE_DEFAULTS,
    SUBSCRIPTION_DEFAULTS,
    FifoArgs,
    FifoTopicArgs,
    FilterScope,
    QueueAlarmArgs,
    QueueArgs,
    SubscriptionArgs,
    TopicArgs,
    WorkersQueueArgs,
)

from ..arns import AnyTopicArn, KeyArn
from ..kinds import Count, Name
from ..section import Section
from .scaling import Counted

_Days = Annotated[int, Field(ge=1, le=14)]


class Fifo(Section):
    """What a first-in-first-out queue says."""

    arguments_class = FifoArgs
    content_based_deduplication: bool = FIFO_DEFAULTS["content_based_deduplication"]
    high_throughput: bool = FIFO_DEFAULTS["high_throughput"]


class QueueAlarms(Section):
    """What is reported of a queue."""

    arguments_class = QueueAlarmArgs
    oldest_message_seconds: Annotated[int, Field(ge=60, le=1_209_600)] | None = None


class WorkersQueue(Section):
    """The queue of a queue worker."""

    arguments_class: ClassVar[type | None] = WorkersQueueArgs
    visibility_timeout_seconds: Annotated[int, Field(ge=1, le=43_200)] = QUEUE_DEFAULTS["visibility_timeout_seconds"]
    message_retention_days: _Days = QUEUE_DEFAULTS["message_retention_days"]
    max_receive_count: Count = QUEUE_DEFAULTS["max_receive_count"]
    dead_letter_retention_days: _Days = QUEUE_DEFAULTS["dead_letter_retention_days"]
    delay_seconds: Annotated[int, Field(ge=0, le=900)] = QUEUE_DEFAULTS["delay_seconds"]
    max_message_size_kib: Annotated[int, Field(ge=1, le=1024)] = QUEUE_DEFAULTS["max_message_size_kib"]
    fifo: Fifo | None = None
    kms_key_arn: KeyArn | None = None
    alarms: QueueAlarms | None = None


class Subscription(Section):
    """One topic whose messages come into the queue."""

    arguments_class = SubscriptionArgs
    topic: Name | None = Field(None, description="Name of a topic of this stack, under storage.topics.")
    topic_arn: AnyTopicArn | None = Field(
        None,
        description="ARN of an SNS topic in the same region, instead of a topic of this stack. The policy of another "
        "account's topic must let this one subscribe. A fifo queue takes fifo topics only.",
    )
    filter_policy: dict[str, Any] | None = None
    filter_policy_scope: FilterScope = SUBSCRIPTION_DEFAULTS["filter_policy_scope"]
    raw_message_delivery: bool = SUBSCRIPTION_DEFAULTS["raw_message_delivery"]


class Queue(WorkersQueue):
    """A queue by itself."""

    arguments_class = QueueArgs
    subscriptions: dict[Name, Subscription] = {}


class FifoTopic(Section):
    """What a first-in-first-out topic says."""

    arguments_class = FifoTopicArgs
    content_based_deduplication: bool = FIFO_TOPIC_DEFAULTS["content_based_deduplication"]


class Topic(Section):
    """A topic for an application's messages."""

    arguments_class = TopicArgs
    fifo: FifoTopic | None = None
    kms_key_arn: KeyArn | None = None


class Backlog(Counted):
    """How many tasks a queue worker runs by what is in its queue."""

    arguments_class: ClassVar[type | None] = BacklogChoices
    has_scaling_of_its_kind = True
    min_tasks: Annotated[int, Field(ge=0, le=1000)] = BACKLOG_DEFAULTS["min_tasks"]
    max_tasks: Count = BACKLOG_DEFAULTS["max_tasks"]
    messages_per_task: Annotated[int, Field(ge=1, le=1_000_000)] = BACKLOG_DEFAULTS["messages_per_task"]
