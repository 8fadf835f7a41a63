"""A service that processes the messages of a queue of its own."""

import pulumi
import pulumi_aws as aws

from ..common.arguments import complete
from ..storage import queues
from ..tasks import running
from ..tasks.task import task
from . import backlog_scaling, keeping, queue_documents
from .args import QUEUE_WORKER_DEFAULTS, QueueWorkerArgs
from .queue_args import QUEUE_VARIABLE


class QueueWorker(keeping.Kept):
    """`container-platform:index:QueueWorker`: a service without a load balancer that processes a queue. Its containers
    find the queue's URL in `QUEUE_URL`.

    Creates: what a Worker does; an encrypted `aws:sqs/queue:Queue` and its dead-letter queue, with the rights to
    process it and to protect a task that has a message; an alarm on messages that could not be processed; if there is
    room to scale, an `aws:appautoscaling/target:Target` with a policy on the messages for each task, and with no task
    as the least, an alarm and a policy that start the first ones.
    Optional: subscriptions of SNS topics; a fifo queue; a KMS key; an alarm on the age of messages.
    Needs: a cluster with Container Insights if it scales, private subnets, a repository.
    """

    queue_url: pulumi.Output[str]
    """URL of the queue."""
    queue_arn: pulumi.Output[str]
    """ARN of the queue, for the permissions of those who send to it."""
    dead_letter_queue_url: pulumi.Output[str]
    """URL of the queue for what could not be processed."""

    def __init__(self, name: str, args: QueueWorkerArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        values = complete(QueueWorkerArgs, args, *QUEUE_WORKER_DEFAULTS)
        running.check_network_mode(values)
        super().__init__("QueueWorker", name, opts, values["tags"])
        child = pulumi.ResourceOptions(parent=self)
        owner = queues.Owner(
            values["service_name"],
            values.get("queue_prefix", values["service_name"]),
            bool(values["protect"]),
            values.get("notification_topic_arn"),
        )
        made = queues.queues(name, values["queue"], values["subscriptions"], owner, self)
        queue = made.queue.queue
        runs = task(name, values, self, told={QUEUE_VARIABLE: queue.url})
        # A queue that becomes fifo is another one. Tasks keep their rights to the old one until the new tasks run.
        label = f"{name}-fifo-queue" if "fifo" in values["queue"] else f"{name}-queue"
        permitted = aws.iam.RolePolicy(
            label,
            role=runs.roles.task.name,
            policy=pulumi.Output.all(queue.arn, values["cluster_arn"], values["queue"].get("kms_key_arn")).apply(
                lambda known: queue_documents.worker_permissions(*known)
            ),
            opts=child,
        )
        group_id, ways_out = running.tasks_group(name, f"the service {values['service_name']}", values, child)
        scaling = backlog_scaling.on_backlog(name, values, queue, child)
        outputs = self.keep(name, values, runs, group_id, [permitted, *ways_out], scaling)
        self.queue_url, self.queue_arn = queue.url, queue.arn
        self.dead_letter_queue_url = made.dead_letters.queue.url
        own = {output: getattr(self, output) for output in QueueWorker.__annotations__}
        self.register_outputs({**outputs, **own})
