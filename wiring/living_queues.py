"""Queues and topics of this stack that cannot become what the settings say: AWS makes one fifo, or not, for good."""

from collections.abc import Iterable, Iterator
from typing import Final

import pulumi

import settings

from .state import Resource

_WORKERS: Final = "container-platform:index:QueueWorker$aws:sqs/queue:Queue"
_QUEUE: Final = "container-platform:index:Queue$aws:sqs/queue:Queue"
_TOPIC: Final = "container-platform:index:Topic$aws:sns/topic:Topic"

_QUEUE_ADVICE: Final = (
    "a change that SQS cannot make to a queue: the run replaces it, its URL changes, and what waits in it is lost. To "
    "change it without that, add a second queue with the change, and move the senders there: docs/queue-workers.md"
)
_TOPIC_ADVICE: Final = (
    "a change that SNS cannot make to a topic: the run replaces it, its ARN changes, and subscriptions of others end. "
    "To change it without that, add a second topic with the change, and move who publishes there."
)


def replaced(platform: settings.Platform, state: Iterable[Resource]) -> Iterator[settings.Problem]:
    """Find queues that would be replaced, and lose their messages, and topics; without protection it is only said."""
    there = {(one.kind, one.name): one.outputs for one in state}
    storage = platform.storage
    wanted: list[tuple[str, settings.Path, str, bool, str]] = [
        *(
            (_WORKERS, ("services", name, "queue"), name, one.queue.fifo is not None, _QUEUE_ADVICE)
            for name, one in platform.queue_workers.items()
        ),
        *(
            (_QUEUE, ("storage", "queues", name), name, one.fifo is not None, _QUEUE_ADVICE)
            for name, one in storage.queues.items()
        ),
        *(
            (_TOPIC, ("storage", "topics", name), name, one.fifo is not None, _TOPIC_ADVICE)
            for name, one in storage.topics.items()
        ),
    ]
    for kind, path, name, fifo, what in wanted:
        outputs = there.get((kind, name))
        if outputs is None or bool(outputs.get("fifoQueue") or outputs.get("fifoTopic")) is fifo:
            continue
        advice = f"{'is' if fifo else 'is gone, which is'} {what}"
        if platform.protect:
            yield settings.Problem((*path, "fifo"), {} if fifo else None, advice)
        else:
            pulumi.log.warn(f"{settings.path_text((*path, 'fifo'))} {advice}")
