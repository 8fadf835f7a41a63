"""Mistakes in the queues of queue workers, in how they scale, and in the topics that fill them."""

from collections.abc import Iterator
from typing import Final

from components.capacity.args import ContainerInsights
from components.common import iam
from components.network.args import NatGateways, VpcEndpoints
from components.services import queue_documents
from components.services.queue_args import DAY, QUEUE_VARIABLE, FilterScope

from ...platform import Platform
from ...problems import Path, Problem
from ...sections.queues import Queue, Subscription
from ...sections.services import QueueWorker
from .filter_policies import filter_policy_problems

_FIFO: Final = ".fifo"
_STOP_TIMEOUT: Final = 30
"""Seconds that ECS gives a container to stop unless it says otherwise (ECS API, ContainerDefinition)."""
_LONGEST_QUEUE_ARN: Final = f"arn:aws-us-gov:sqs:us-gov-west-1:123456789012:{'q' * 80}"


def queue_problems(path: Path, service: QueueWorker, platform: Platform) -> Iterator[Problem]:
    """Find what is wrong with a queue worker, beyond its tasks."""
    yield from _variable_problems(path, service)
    yield from _stop_problems(path, service)
    yield from _time_problems((*path, "queue"), service.queue)
    yield from _scaling_problems(path, service, platform)
    yield from _way_problems(path, platform)
    yield from _subscriptions_problems(path, service)


def _variable_problems(path: Path, service: QueueWorker) -> Iterator[Problem]:
    advice = f"is set by the platform, to the URL of the queue. Remove it, and read {QUEUE_VARIABLE}."
    for key, names in (("environment", service.environment), ("secrets", service.secrets)):
        if QUEUE_VARIABLE in names:
            yield Problem((*path, key, QUEUE_VARIABLE), names[QUEUE_VARIABLE], advice)
    if service.generated_secret and service.generated_secret.environment_variable == QUEUE_VARIABLE:
        yield Problem((*path, "generatedSecret", "environmentVariable"), QUEUE_VARIABLE, advice)


def _stop_problems(path: Path, service: QueueWorker) -> Iterator[Problem]:
    said, hidden = service.stop_timeout_seconds, service.queue.visibility_timeout_seconds
    stop_timeout = _STOP_TIMEOUT if said is None else said
    if hidden < stop_timeout:
        advice = (
            f"is less than the {stop_timeout} seconds that a task has to finish its message when it is stopped: "
            f"another task would get the same message. Set {stop_timeout} or more, or lower stopTimeoutSeconds."
        )
        at = (*path, "queue", "visibilityTimeoutSeconds")
        yield Problem(at, hidden, advice, ((*path, "stopTimeoutSeconds"),))


def _time_problems(path: Path, queue: Queue) -> Iterator[Problem]:
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


def _scaling_problems(path: Path, service: QueueWorker, platform: Platform) -> Iterator[Problem]:
    if not service.has_room:
        if "messages_per_task" in service.model_fields_set:
            advice = "has no effect while minTasks and maxTasks are the same. Remove it, or raise maxTasks."
            others = ((*path, "minTasks"), (*path, "maxTasks"))
            yield Problem((*path, "messagesPerTask"), service.messages_per_task, advice, others)
        return
    if platform.cluster.container_insights is ContainerInsights.DISABLED:
        advice = (
            f"leaves {path[-1]} without the number of its running tasks, by which it scales on its queue. Set enabled "
            "or enhanced, or give it the same minTasks and maxTasks."
        )
        at = ("cluster", "containerInsights")
        yield Problem(at, platform.cluster.container_insights.value, advice, (path,))


def _way_problems(path: Path, platform: Platform) -> Iterator[Problem]:
    network = platform.network
    alone = network.nat_gateways is NatGateways.NONE and network.endpoints is VpcEndpoints.PRIVATE
    if network.existing or not alone or "sqs" in network.endpoint_services:
        return
    advice = f"leave {path[-1]} no way to its queue, because there is no NAT gateway. Add sqs to them."
    at = ("network", "endpointServices")
    yield Problem(at, network.endpoint_services, advice, (path, ("network", "natGateways"), ("network", "endpoints")))


def _subscriptions_problems(path: Path, service: QueueWorker) -> Iterator[Problem]:
    topics: dict[str, str] = {}
    for name, one in service.subscriptions.items():
        at = (*path, "subscriptions", name)
        yield from _subscription_problems(at, one, path, service.queue)
        other = topics.setdefault(one.topic_arn, name)
        if other != name:
            advice = (
                f"is subscribed to by {other} already; SNS subscribes a queue to a topic once. Remove one, and join "
                "their filter policies."
            )
            yield Problem((*at, "topicArn"), one.topic_arn, advice, ((*path, "subscriptions", other),))
    statements = queue_documents.topics_statements(_LONGEST_QUEUE_ARN, topics)
    if (length := len(iam.document(statements))) > queue_documents.LONGEST_POLICY - 300:
        advice = (
            f"make a policy of {length} characters for the queue, but SQS takes {queue_documents.LONGEST_POLICY}. "
            "Subscribe to fewer topics, or spread them over several queue workers."
        )
        yield Problem((*path, "subscriptions"), None, advice)


def _subscription_problems(at: Path, one: Subscription, path: Path, queue: Queue) -> Iterator[Problem]:
    if queue.fifo and not one.topic_arn.endswith(_FIFO):
        advice = "is a standard topic, which cannot send to a fifo queue. Subscribe to a fifo topic, or remove fifo."
        yield Problem((*at, "topicArn"), one.topic_arn, advice, ((*path, "queue", "fifo"),))
    if one.filter_policy is not None:
        yield from filter_policy_problems((*at, "filterPolicy"), one.filter_policy, one.filter_policy_scope)
    elif "filter_policy_scope" in one.model_fields_set:
        advice = "has no effect without filterPolicy. Remove it, or add one."
        yield Problem((*at, "filterPolicyScope"), FilterScope(one.filter_policy_scope).value, advice)
