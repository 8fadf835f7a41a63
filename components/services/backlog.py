"""How many tasks the messages in a queue ask for: metrics and steps as plain data.

Two policies share the work, and never have it at the same time. While a task runs, target tracking keeps the messages
for each task near the target. While none runs there is nothing to divide by: ECS sends no metrics of a service without
running tasks ("Amazon ECS CloudWatch metrics"), and target tracking does nothing where data is missing ("Target
tracking scaling policies", both Amazon ECS Developer Guide). Then an alarm starts the first tasks, by steps.
"""

from typing import Final, NamedTuple

MOST_STEPS: Final = 20
"""Steps that a policy can have ("Quotas for Application Auto Scaling")."""


class Metric(NamedTuple):
    """One metric that an expression uses; each is one number a minute."""

    id: str
    namespace: str
    name: str
    statistic: str


WAITING: Final = Metric("waiting", "AWS/SQS", "ApproximateNumberOfMessagesVisible", "Maximum")
"""Messages that no task has received."""
IN_FLIGHT: Final = Metric("inflight", "AWS/SQS", "ApproximateNumberOfMessagesNotVisible", "Maximum")
"""Messages that a task has received and not deleted yet."""
TASKS: Final = Metric("tasks", "ECS/ContainerInsights", "RunningTaskCount", "Average")
"""Tasks that run."""
METRICS: Final = (WAITING, IN_FLIGHT, TASKS)

# SQS may leave out the metric of messages in flight while there are none.
_MESSAGES: Final = "(waiting + FILL(inflight, 0))"


def per_task(target: int) -> str:
    """Return the expression for the messages for each task that runs.

    Messages in flight count, so that tasks which process the last ones are not stopped for having none waiting. Where
    tasks are meant to run and none does yet, they are counted on: the expression asks for no more of them, yet for none
    if there is no message.

    Args:
        target: messages for each task that scaling aims at.
    """
    return f"IF(tasks > 0, {_MESSAGES} / tasks, IF({_MESSAGES} > {target}, {target}, {_MESSAGES}))"


WITHOUT_TASKS: Final = "IF(FILL(tasks, 0) > 0, 0, IF(FILL(inflight, 0) > 0, 0, waiting))"
"""Messages that wait while nobody processes any, else 0.

Metrics of ECS come late, so that the last minutes can look as if no task ran. Messages in flight, which come with those
that wait, then tell that one does.
"""

MINUTES: Final = 3
"""For how many minutes messages must wait without a task: longer than metrics of ECS are late."""


class Step(NamedTuple):
    """How many tasks to run from a number of messages on, up to another."""

    least: int
    """Messages, at least, above none."""
    most: int | None
    """Messages, fewer than these; none in the last step."""
    tasks: int


def first_tasks(messages_per_task: int, max_tasks: int) -> list[Step]:
    """Return how many tasks to start with: as many as the messages ask for, rounded down to a power of two.

    Args:
        messages_per_task: messages for each task that scaling aims at.
        max_tasks: greatest number of tasks.
    """
    counts = [2**power for power in range(max_tasks.bit_length())]
    bounds = [0, *(count * messages_per_task for count in counts[1:])]
    return [Step(least, most, count) for least, most, count in zip(bounds, [*bounds[1:], None], counts, strict=True)]
