"""Mistakes in queue workers: how they scale, and how they reach their queue."""

from collections.abc import Iterator
from typing import Final

from components.capacity.args import ContainerInsights
from components.services.queue_args import QUEUE_VARIABLE

from ...platform import Platform
from ...problems import Path, Problem
from ...sections.services import QueueWorker
from ..network import no_way_problems
from ..queues import subscriptions_problems, time_problems

_STOP_TIMEOUT: Final = 30
"""Seconds that ECS gives a container to stop unless it says otherwise (ECS API, ContainerDefinition)."""


def queue_problems(path: Path, service: QueueWorker, platform: Platform) -> Iterator[Problem]:
    """Find what is wrong with a queue worker, beyond its tasks."""
    yield from _variable_problems(path, service)
    yield from _stop_problems(path, service)
    yield from time_problems((*path, "queue"), service.queue)
    yield from _scaling_problems(path, service, platform)
    yield from no_way_problems(path, "sqs", "its queue", platform)
    yield from subscriptions_problems(path, (*path, "queue"), service.queue, service.subscriptions, platform)


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
