"""A queue for an application's messages."""

import pulumi

from ..common.arguments import complete
from ..common.waiting import after
from . import queues
from .queue_args import QUEUE_LINK_DEFAULTS, SUBSCRIBED_DEFAULTS, QueueArgs, QueueChoices, WorkersQueueArgs


class Queue(pulumi.ComponentResource):
    """`container-platform:index:Queue`: a queue that whatever is linked to it sends to or processes.

    Creates: an encrypted `aws:sqs/queue:Queue` and its dead-letter queue, by TLS only; an alarm on messages that could
    not be processed.
    Optional: subscriptions of SNS topics; a fifo queue; a KMS key; an alarm on the age of messages.
    Needs: nothing.
    """

    url: pulumi.Output[str]
    """URL of the queue."""
    arn: pulumi.Output[str]
    """ARN of the queue, for links and permissions."""
    dead_letter_url: pulumi.Output[str]
    """URL of the queue for what could not be processed."""

    def __init__(self, name: str, args: QueueArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        values = complete(QueueArgs, args, SUBSCRIBED_DEFAULTS, QUEUE_LINK_DEFAULTS)
        super().__init__("container-platform:index:Queue", name, {}, opts)
        chosen: WorkersQueueArgs = {key: values[key] for key in QueueChoices.__annotations__ if key in values}  # type: ignore[assignment, literal-required]
        owner = queues.Owner(
            f"What processes the queue {name}",
            values["prefix"],
            bool(values["protect"]),
            values.get("notification_topic_arn"),
        )
        made = queues.queues(name, chosen, values["subscriptions"], owner, self)
        # Whoever sends to it waits for the policy that closes it.
        self.url, self.arn = (after(one, made.queue.policy) for one in (made.queue.queue.url, made.queue.queue.arn))
        self.dead_letter_url = made.dead_letters.queue.url
        self.register_outputs({"url": self.url, "arn": self.arn, "dead_letter_url": self.dead_letter_url})
