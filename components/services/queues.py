"""A worker's queue, its dead-letter queue, and what is reported of them."""

from typing import NamedTuple

import pulumi
import pulumi_aws as aws

from ..common import iam
from ..common.arguments import complete
from ..common.closed_queue import ClosedQueue, Delivery, alarm_on_messages, closed_queue
from . import queue_documents
from .args import QueueWorkerArgs
from .queue_args import (
    FIFO_DEFAULTS,
    QUEUE_DEFAULTS,
    SUBSCRIPTION_DEFAULTS,
    FifoArgs,
    FilterScope,
    QueueArgs,
    SubscriptionArgs,
)

_LONG_POLL = 20
"""Seconds for which a receiver waits for a message: the longest, which asks least often (SQS API)."""


class Queues(NamedTuple):
    """A worker's queue, and the one for what it could not process."""

    queue: ClosedQueue
    dead_letters: ClosedQueue


def queues(name: str, values: QueueWorkerArgs, parent: pulumi.Resource) -> Queues:
    """Make the queue and its dead-letter queue, which takes messages from this one and its topics only.

    Names have an underscore before what is made beside the queue: no service has one in its name, so that none of them
    is another's.
    """
    chosen = complete(QueueArgs, values["queue"], QUEUE_DEFAULTS)
    fifo = complete(FifoArgs, chosen["fifo"], FIFO_DEFAULTS) if "fifo" in chosen else None
    topics = [one["topic_arn"] for one in values["subscriptions"].values()]
    delivery = Delivery(
        visibility_timeout=int(chosen["visibility_timeout_seconds"]),
        receive_wait=_LONG_POLL,
        delay=int(chosen["delay_seconds"]),
        max_bytes=int(chosen["max_message_size_kib"]) * 1024,
        fifo=fifo is not None,
        by_content=bool(fifo and fifo["content_based_deduplication"]),
        by_group=bool(fifo and fifo["high_throughput"]),
    )
    prefix = values.get("queue_prefix", values["service_name"])

    def allowing(arn: pulumi.Output[str]) -> pulumi.Output[list[iam.Statement]]:
        return arn.apply(lambda known: queue_documents.topics_statements(known, topics))

    dead_letters = closed_queue(
        f"{name}_dead-letters",
        days=int(chosen["dead_letter_retention_days"]),
        kms_key_arn=chosen.get("kms_key_arn"),
        prefix=f"{prefix[:42]}-dead",
        # What a message was, it must be here too.
        delivery=Delivery(max_bytes=delivery.max_bytes, fifo=delivery.fifo, by_group=delivery.by_group),
        protect=values["protect"],
        allowing=allowing,
        parent=parent,
    )
    queue = closed_queue(
        name,
        days=int(chosen["message_retention_days"]),
        kms_key_arn=chosen.get("kms_key_arn"),
        prefix=prefix,
        delivery=delivery,
        redrive_policy=dead_letters.queue.arn.apply(
            lambda arn: queue_documents.redrive_policy(arn, int(chosen["max_receive_count"]))
        ),
        protect=values["protect"],
        allowing=allowing,
        parent=parent,
    )
    aws.sqs.RedriveAllowPolicy(
        f"{name}_dead-letters",
        queue_url=dead_letters.queue.url,
        redrive_allow_policy=queue.queue.arn.apply(queue_documents.redrive_allow_policy),
        opts=pulumi.ResourceOptions(parent=parent),
    )
    _alarms(name, values, chosen, Queues(queue, dead_letters), parent)
    return Queues(queue, dead_letters)


def _alarms(name: str, values: QueueWorkerArgs, chosen: QueueArgs, made: Queues, parent: pulumi.Resource) -> None:
    service, topic = values["service_name"], values.get("notification_topic_arn")
    alarm_on_messages(
        f"{name}_dead-letters",
        made.dead_letters.queue,
        f"{service} could not process messages, which are in its dead-letter queue. Mend what fails, then move them "
        "back: aws sqs start-message-move-task.",
        topic,
        parent,
    )
    longest = chosen.get("alarms", {}).get("oldest_message_seconds")
    if longest is None:
        return
    aws.cloudwatch.MetricAlarm(
        f"{name}_oldest-message",
        alarm_description=f"A message of {service} has waited for more than {int(longest)} seconds. Look whether its "
        "tasks run and keep up.",
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
        alarm_actions=[topic] if topic is not None else None,
        opts=pulumi.ResourceOptions(parent=parent),
    )


def subscriptions(name: str, values: QueueWorkerArgs, made: Queues, parent: pulumi.Resource) -> None:
    """Subscribe the queue to its topics. What a topic cannot deliver goes to the dead-letter queue."""
    for label, given in values["subscriptions"].items():
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
