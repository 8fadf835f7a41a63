"""What queue workers are made from, beside their queue: how they scale on it, and the topics that fill it."""

from collections.abc import Mapping
from typing import Final

from ..storage.queue_args import SubscriptionArgs, WorkersQueueArgs
from .scaling_args import CountChoices

QUEUE_VARIABLE: Final = "QUEUE_URL"
"""Environment variable in which a queue worker finds the URL of its queue."""


class BacklogChoices(CountChoices, total=False):
    """What a person chooses of the number of a queue worker's tasks."""

    messages_per_task: int
    """How many messages there are to be for each task, waiting or being processed: more start more tasks. As many as a
    task can process in the time that a message may wait. Defaults to 100."""


class ProcessingChoices(BacklogChoices, total=False):
    """What a person chooses of the messages that a QueueWorker processes."""

    queue: WorkersQueueArgs
    """The queue; an empty map means all defaults, which is the default."""
    subscriptions: Mapping[str, SubscriptionArgs]
    """Topics of SNS whose messages come into the queue, each by a name of your own. Defaults to none."""


BACKLOG_DEFAULTS: Final[BacklogChoices] = {"min_tasks": 0, "max_tasks": 10, "messages_per_task": 100}
PROCESSING_DEFAULTS: Final[ProcessingChoices] = {**BACKLOG_DEFAULTS, "queue": {}, "subscriptions": {}}
