"""Queues of this stack that cannot become what the settings say: SQS makes a queue fifo, or not, once and for all."""

from collections.abc import Iterable, Iterator
from typing import Final

import pulumi

import settings

from .state import Resource

_QUEUE: Final = "container-platform:index:QueueWorker$aws:sqs/queue:Queue"


def replaced(platform: settings.Platform, state: Iterable[Resource]) -> Iterator[settings.Problem]:
    """Find queues that would be replaced, and lose their messages; without protection it is only said."""
    there = {one.name: bool(one.outputs.get("fifoQueue")) for one in state if one.kind.endswith(_QUEUE)}
    for name, service in platform.services.items():
        if not isinstance(service, settings.QueueWorker) or name not in there:
            continue
        fifo = service.queue.fifo is not None
        if fifo is there[name]:
            continue
        advice = (
            f"{'is' if fifo else 'is gone, which is'} a change that SQS cannot make to a queue: the run replaces it, "
            "its URL changes, and what waits in it is lost. To change it without that, add a second queue worker with "
            "the change, and move the senders there: docs/queue-workers.md"
        )
        if platform.protect:
            yield settings.Problem(("services", name, "queue", "fifo"), {} if fifo else None, advice)
        else:
            pulumi.log.warn(f"services.{name}.queue.fifo {advice}")
