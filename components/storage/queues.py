"""A queue, its dead-letter queue, and what is reported of them."""

from collections.abc import Mapping
from typing import NamedTuple

import pulumi
import pulumi_aws as aws

from ..common import iam
from ..common.arguments import complete
from ..common.closed_queue import ClosedQueue, Delivery, alarm_on_messages, closed_queue
from . import queue_documents
from .queue_args import (
    FIFO_DEFAULTS,
    QUEUE_DEFAULTS,
    SUBSCRIPTION_DEFAULTS,
    FifoArgs,
    FilterScope,
    SubscriptionArgs,
    WorkersQueueArgs,
)

_LONG_POLL = 20
"""Seconds for which a receiver waits for a message: the longest, which asks least often (SQS API)."""


class Queues(NamedTuple):
    """A queue, and the one for what could not be processed."""

    queue: ClosedQueue
    dead_letters: ClosedQueue


class Owner(NamedTuple):
    """What a queue is for."""

    processor: str
    """Who processes it, as the beginning of a sentence."""
    prefix: str
    """Start of the names of its queues."""
    protect: bool
    topic_arn: pulumi.Input[str] | None
    """Where alarms are sent."""


def queues(
    name: str,
    chosen: WorkersQueueArgs,
    subscribed: Mapping[str, SubscriptionArgs],
    owner: Owner,
    parent: pulumi.Resource,
) -> Queues:
    """Make the queue and its dead-letter queue, which takes messages from this one and its topics only.

    Names have an underscore before what is made beside the queue: nothing of the settings has one in its name, so that
    none of them is another's.

    Args:
        name: start of the resources' names.
        chosen: what the queue is made from.
        subscribed: the topics whose messages come into it.
        owner: what it is for.
        parent: the component it belongs to.
    """
    chosen = complete(WorkersQueueArgs, chosen, QUEUE_DEFAULTS)
    fifo = complete(FifoArgs, chosen["fifo"], FIFO_DEFAULTS) if "fifo" in chosen else None
    topics = pulumi.Output.all(*(one["topic_arn"] for one in subscribed.values()))
    delivery = Delivery(
        visibility_timeout=int(chosen["visibility_timeout_seconds"]),
        receive_wait=_LONG_POLL,
        delay=int(chosen["delay_seconds"]),
        max_bytes=int(chosen["max_message_size_kib"]) * 1024,
        fifo=fifo is not None,
        by_content=bool(fifo and fifo["content_based_deduplication"]),
        by_group=bool(fifo and fifo["high_throughput"]),
    )

    def allowing(arn: pulumi.Output[str]) -> pulumi.Output[list[iam.Statement]]:
        return pulumi.Output.all(arn, topics).apply(lambda known: queue_documents.topics_statements(*known))

    dead_letters = closed_queue(
        f"{name}_dead-letters",
        days=int(chosen["dead_letter_retention_days"]),
        kms_key_arn=chosen.get("kms_key_arn"),
        prefix=f"{owner.prefix[:42]}-dead",
        # What a message was, it must be here too.
        delivery=Delivery(max_bytes=delivery.max_bytes, fifo=delivery.fifo, by_group=delivery.by_group),
        protect=owner.protect,
        allowing=allowing,
        parent=parent,
    )
    queue = closed_queue(
        name,
        days=int(chosen["message_retention_days"]),
        kms_key_arn=chosen.get("kms_key_arn"),
        prefix=owner.prefix,
        delivery=delivery,
        redrive_policy=dead_letters.queue.arn.apply(
            lambda arn: queue_documents.redrive_policy(arn, int(chosen["max_receive_count"]))
        ),
        protect=owner.protect,
        allowing=allowing,
        parent=parent,
    )
    aws.sqs.RedriveAllowPolicy(
        f"{name}_dead-letters",
        queue_url=dead_letters.queue.url,
        redrive_allow_policy=queue.queue.arn.apply(queue_documents.redrive_allow_policy),
        opts=pulumi.ResourceOptions(parent=parent),
    )
    made = Queues(queue, dead_letters)
    _alarms(name, chosen, made, owner, parent)
    _subscribe(name, subscribed, made, parent)
    return made


def _alarms(name: str, chosen: WorkersQueueArgs, made: Queues, owner: Owner, parent: pulumi.Resource) -> None:
    alarm_on_messages(
        f"{name}_dead-letters",
        made.dead_letters.queue,
        f"{owner.processor} could not process messages, which are in its dead-letter queue. Mend what fails, then move "
        "them back: aws sqs start-message-move-task.",
        owner.topic_arn,
        parent,
    )
    longest = chosen.get("alarms", {}).get("oldest_message_seconds")
    if longest is None:
        return
    aws.cloudwatch.MetricAlarm(
        f"{name}_oldest-message",
        alarm_description=f"{owner.processor} let a message wait for more than {int(longest)} seconds. Look "
        "whether tasks run and keep up.",
        namespace="AWS/SQS",
        metric_name="ApproximateAgeOfOldestMessage",
        dimensions={"QueueName": made.queue.queue.name},
        statistic="Maximum",
        period=60,
        evaluation_periods=3,
        comparison_operator="GreaterThanThreshold",
        threshold=int(longest),
        # SQS sends the age only while there is a message.
        treat_missing_data="notBreaching",
        alarm_actions=[owner.topic_arn] if owner.topic_arn is not None else None,
        opts=pulumi.ResourceOptions(parent=parent),
    )


def _subscribe(name: str, subscribed: Mapping[str, SubscriptionArgs], made: Queues, parent: pulumi.Resource) -> None:
    """Subscribe the queue to its topics. What a topic cannot deliver goes to the dead-letter queue."""
    for label, given in subscribed.items():
        one = complete(SubscriptionArgs, given, SUBSCRIPTION_DEFAULTS)
        policy = one.get("filter_policy")
        aws.sns.TopicSubscription(
            f"{name}_{label}",
            topic=one["topic_arn"],
            protocol="sqs",
            endpoint=made.queue.queue.arn,
            filter_policy=queue_documents.filter_policy(policy) if policy is not None else None,
            filter_policy_scope=FilterScope(one["filter_policy_scope"]).value if policy is not None else None,
            raw_message_delivery=one["raw_message_delivery"],
            redrive_policy=made.dead_letters.queue.arn.apply(queue_documents.undelivered_policy),
            # The topic cannot send before the policies let it.
            opts=pulumi.ResourceOptions(parent=parent, depends_on=[made.queue.policy, made.dead_letters.policy]),
        )
