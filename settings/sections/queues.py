"""The sections of the settings for the queues of queue workers, and the topics that fill them."""

from typing import Annotated, Any, ClassVar

from pydantic import Field

from components.services.queue_args import (
    BACKLOG_DEFAULTS,
    FIFO_DEFAULTS,
    QUEUE_DEFAULTS,
    SUBSCRIPTION_DEFAULTS,
    BacklogChoices,
    FifoArgs,
    FilterScope,
    QueueAlarmArgs,
    QueueArgs,
    SubscriptionArgs,
)

from ..arns import AnyTopicArn, KeyArn
from ..kinds import Count
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


class Queue(Section):
    """The queue of a queue worker."""

    arguments_class = QueueArgs
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
    topic_arn: AnyTopicArn
    filter_policy: dict[str, Any] | None = None
    filter_policy_scope: FilterScope = SUBSCRIPTION_DEFAULTS["filter_policy_scope"]
    raw_message_delivery: bool = SUBSCRIPTION_DEFAULTS["raw_message_delivery"]


class Backlog(Counted):
    """How many tasks a queue worker runs by what is in its queue."""

    arguments_class: ClassVar[type | None] = BacklogChoices
    has_scaling_of_its_kind = True
    min_tasks: Annotated[int, Field(ge=0, le=1000)] = BACKLOG_DEFAULTS["min_tasks"]
    max_tasks: Count = BACKLOG_DEFAULTS["max_tasks"]
    messages_per_task: Annotated[int, Field(ge=1, le=1_000_000)] = BACKLOG_DEFAULTS["messages_per_task"]
