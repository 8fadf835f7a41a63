"""Mistakes in queues, and in the topics that fill them."""

from collections.abc import Iterator, Mapping
from typing import Final

from components.common import iam
from components.storage import queue_documents
from components.storage.queue_args import DAY, FilterScope

from ..platform import Platform
from ..problems import Path, Problem, named
from ..sections.queues import Subscription, WorkersQueue
from .filter_policies import filter_policy_problems

_FIFO: Final = ".fifo"
_LONGEST_QUEUE_ARN: Final = f"arn:aws-us-gov:sqs:us-gov-west-1:123456789012:{'q' * 80}"
_LONGEST_TOPIC_ARN: Final = f"arn:aws-us-gov:sns:us-gov-west-1:123456789012:{'t' * 80}"


def queues_problems(platform: Platform) -> Iterator[Problem]:
    """Find what is wrong with queues by themselves."""
    for name, queue in platform.storage.queues.items():
        path: Path = ("storage", "queues", name)
        if name in platform.queue_workers:
            advice = "is the name of a queueWorker too: a link could mean either. Name one of them otherwise."
            yield Problem(path, None, advice, (("services", name),))
        yield from time_problems(path, queue)
        yield from subscriptions_problems(path, path, queue, queue.subscriptions, platform)


def time_problems(path: Path, queue: WorkersQueue) -> Iterator[Problem]:
    """Find times of a queue that do not fit each other."""
    hidden, tries, days = queue.visibility_timeout_seconds, queue.max_receive_count, queue.message_retention_days
    if hidden * tries > days * DAY:
        advice = (
            f"times visibilityTimeoutSeconds, {hidden}, is longer than messageRetentionDays, {days}: a message that "
            "cannot be processed would be lost before it gets to the dead-letter queue. Lower one of the two, or keep "
            "messages for longer."
        )
        others = ((*path, "visibilityTimeoutSeconds"), (*path, "messageRetentionDays"))
        yield Problem((*path, "maxReceiveCount"), tries, advice, others)
    if not queue.fifo and queue.dead_letter_retention_days < days:
        advice = (
            f"is less than messageRetentionDays, {days}, and counts from when a message was sent: one could be lost as "
            f"soon as it gets there. Set {days} or more."
        )
        yield Problem(
            (*path, "deadLetterRetentionDays"),
            queue.dead_letter_retention_days,
            advice,
            ((*path, "messageRetentionDays"),),
        )
    longest = queue.alarms.oldest_message_seconds if queue.alarms else None
    if longest is not None and longest >= days * DAY:
        advice = (
            f"is never reached, because messages are lost after {days} days. Lower it, or raise messageRetentionDays."
        )
        at = (*path, "alarms", "oldestMessageSeconds")
        yield Problem(at, longest, advice, ((*path, "messageRetentionDays"),))


def subscriptions_problems(
    path: Path, at: Path, queue: WorkersQueue, subscriptions: Mapping[str, Subscription], platform: Platform
) -> Iterator[Problem]:
    """Find what is wrong with the topics that fill a queue.

    Args:
        path: path to what has the subscriptions.
        at: path to the queue.
        queue: the queue.
        subscriptions: the topics.
        platform: the settings.
    """
    topics: dict[str, str] = {}
    for name, one in subscriptions.items():
        where = (*path, "subscriptions", name)
        if (one.topic is None) == (one.topic_arn is None):
            both = "has topic and topicArn. Keep one of them." if one.topic else "has no topic. Set topic or topicArn."
            yield Problem(where, None, both)
            continue
        yield from _subscription_problems(where, one, at, queue, platform)
        setting = "topic" if one.topic else "topicArn"
        topic = one.topic_arn or f"{_LONGEST_TOPIC_ARN}-{one.topic}"
        other = topics.setdefault(topic, name)
        if other != name:
            advice = (
                f"is subscribed to by {other} already; SNS subscribes a queue to a topic once. Remove one, and join "
                "their filter policies."
            )
            yield Problem((*where, setting), one.topic or one.topic_arn, advice, ((*path, "subscriptions", other),))
    statements = queue_documents.topics_statements(_LONGEST_QUEUE_ARN, topics)
    if (length := len(iam.document(statements))) > queue_documents.LONGEST_POLICY - 300:
        advice = (
            f"make a policy of {length} characters for the queue, but SQS takes {queue_documents.LONGEST_POLICY}. "
            "Subscribe to fewer topics, or spread them over several queues."
        )
        yield Problem((*path, "subscriptions"), None, advice)


def _subscription_problems(
    where: Path, one: Subscription, at: Path, queue: WorkersQueue, platform: Platform
) -> Iterator[Problem]:
    setting = "topic" if one.topic else "topicArn"
    topics = platform.storage.topics
    if one.topic and one.topic not in topics:
        advice = f"is not in storage.topics, which has {', '.join(topics) or 'none yet'}. Add it there."
        yield Problem((*where, setting), one.topic, advice, named(("storage", "topics"), one.topic))
        return
    fifo = topics[one.topic].fifo is not None if one.topic else str(one.topic_arn).endswith(_FIFO)
    others = [(*at, "fifo"), *([("storage", "topics", one.topic, "fifo")] if one.topic else [])]
    if queue.fifo and not fifo:
        advice = "is a standard topic, which cannot send to a fifo queue. Subscribe to a fifo topic, or remove fifo."
        yield Problem((*where, setting), one.topic or one.topic_arn, advice, tuple(others))
    if one.filter_policy is not None:
        yield from filter_policy_problems((*where, "filterPolicy"), one.filter_policy, one.filter_policy_scope)
    elif "filter_policy_scope" in one.model_fields_set:
        advice = "has no effect without filterPolicy. Remove it, or add one."
        yield Problem((*where, "filterPolicyScope"), FilterScope(one.filter_policy_scope).value, advice)
