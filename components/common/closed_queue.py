"""Queues of SQS: encrypted, TLS only, for one account; and queues for what could not be delivered, with their alarm."""

from collections.abc import Callable
from typing import Final, NamedTuple

import pulumi
import pulumi_aws as aws

from . import iam

LONGEST_RETENTION_DAYS: Final = 14
"""Days that SQS keeps a message at most (SQS API, MessageRetentionPeriod)."""
_DAY: Final = 24 * 60 * 60


class Delivery(NamedTuple):
    """How a queue hands out its messages; where AWS's default stays, it says nothing."""

    visibility_timeout: int | None = None
    """Seconds for which a message that somebody received is hidden; 30 by default."""
    receive_wait: int | None = None
    """Seconds for which a receiver waits for a message; none by default."""
    delay: int | None = None
    """Seconds for which a new message is hidden; none by default."""
    max_bytes: int | None = None
    """Size of a message at most; 256 KiB by default."""
    fifo: bool = False
    """In the order of their message groups, each message once."""
    by_content: bool = False
    """Of a fifo queue: messages of the same content are the same."""
    by_group: bool = False
    """Of a fifo queue: limits and duplicates count for each message group."""


class ClosedQueue(NamedTuple):
    """A queue, and the policy that whoever sends to it must wait for."""

    queue: aws.sqs.Queue
    policy: aws.sqs.QueuePolicy


def closed_queue(
    name: str,
    *,
    days: int = LONGEST_RETENTION_DAYS,
    kms_key_arn: pulumi.Input[str] | None = None,
    prefix: str | None = None,
    delivery: Delivery = Delivery(),  # noqa: B008 it never changes
    redrive_policy: pulumi.Input[str] | None = None,
    redrive_allow_policy: pulumi.Input[str] | None = None,
    protect: bool = False,
    allowing: Callable[[pulumi.Output[str]], pulumi.Output[list[iam.Statement]]] | None = None,
    parent: pulumi.Resource,
) -> ClosedQueue:
    """Make a queue with everything that keeps it closed (Security Hub SQS.1, SQS.3).

    Args:
        name: the resources' name.
        days: for how many a message is kept, 14 at most.
        kms_key_arn: key of KMS that encrypts the messages; without one SQS does with its own, at no cost.
        prefix: begins the queue's name in AWS, of which no two are the same; by default the resource's name does.
        delivery: how it hands out messages.
        redrive_policy: JSON text that names the dead-letter queue (SQS API, RedrivePolicy).
        redrive_allow_policy: JSON text that says which queues may name this one as theirs (RedriveAllowPolicy).
        protect: refuse to delete it, with what is in it.
        allowing: from the queue's ARN, what its policy allows beside what IAM policies of the account do; nothing by
            default.
        parent: the component it belongs to.
    """
    queue = aws.sqs.Queue(
        name,
        # The provider takes 26 characters for itself, and .fifo, of 80.
        name_prefix=f"{prefix[:48]}-" if prefix else None,
        message_retention_seconds=days * _DAY,
        kms_master_key_id=kms_key_arn,
        # The two exclude each other, and AWS turns this one off by itself.
        sqs_managed_sse_enabled=True if kms_key_arn is None else None,
        visibility_timeout_seconds=delivery.visibility_timeout,
        receive_wait_time_seconds=delivery.receive_wait,
        delay_seconds=delivery.delay,
        max_message_size=delivery.max_bytes,
        fifo_queue=delivery.fifo or None,
        content_based_deduplication=delivery.by_content if delivery.fifo else None,
        deduplication_scope=("messageGroup" if delivery.by_group else "queue") if delivery.fifo else None,
        fifo_throughput_limit=("perMessageGroupId" if delivery.by_group else "perQueue") if delivery.fifo else None,
        redrive_policy=redrive_policy,
        redrive_allow_policy=redrive_allow_policy,
        opts=pulumi.ResourceOptions(parent=parent, protect=protect or None),
    )
    policy = aws.sqs.QueuePolicy(
        name,
        queue_url=queue.url,
        policy=pulumi.Output.all(queue.arn, allowing(queue.arn) if allowing else []).apply(
            lambda known: iam.document([iam.tls_only("sqs:*", known[0]), *known[1]])
        ),
        opts=pulumi.ResourceOptions(parent=parent),
    )
    return ClosedQueue(queue, policy)


def alarm_on_messages(
    name: str,
    queue: aws.sqs.Queue,
    description: str,
    topic_arn: pulumi.Input[str] | None,
    parent: pulumi.Resource,
) -> aws.cloudwatch.MetricAlarm:
    """Make an alarm that tells of any message in a queue, such as one for what could not be delivered.

    Args:
        name: the alarm's name as a resource.
        queue: the queue.
        description: what it means if there is a message, and what to do: it is in the notification.
        topic_arn: SNS topic to notify; without one the alarm is only shown.
        parent: the component it belongs to.
    """
    return aws.cloudwatch.MetricAlarm(
        name,
        alarm_description=description,
        namespace="AWS/SQS",
        metric_name="ApproximateNumberOfMessagesVisible",
        dimensions={"QueueName": queue.name},
        statistic="Maximum",
        period=300,
        evaluation_periods=1,
        comparison_operator="GreaterThanThreshold",
        threshold=0,
        # SQS stops sending metrics of a queue that nobody has used for hours, whether or not something is in it.
        treat_missing_data="ignore",
        alarm_actions=[topic_arn] if topic_arn is not None else None,
        opts=pulumi.ResourceOptions(parent=parent),
    )
