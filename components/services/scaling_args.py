"""What a service says of the number of its tasks."""

from collections.abc import Mapping
from enum import Enum
from typing import Final, TypedDict

from .metrics import MetricTargetArgs
from .steps import StepScalingArgs


class ScalingActivity(str, Enum):
    """What scaling does, each of which can be stopped for a while."""

    IN = "in"
    OUT = "out"
    SCHEDULED = "scheduled"


class ScheduledScalingChoices(TypedDict, total=False):
    """What a person chooses of other limits at a certain time, beyond the time."""

    time_zone: str
    """Time zone of `schedule`, of the IANA database, such as Europe/Berlin. It follows daylight saving time. Defaults
    to UTC."""
    min_tasks: int
    """Least number of tasks from then on. Defaults to the service's."""
    max_tasks: int
    """Greatest number of tasks from then on; 0 stops them all. Defaults to the service's."""


class ScheduledScalingArgs(ScheduledScalingChoices):
    """Other limits from a certain time on, until the next such time."""

    schedule: str
    """When: `cron(0 20 ? * MON-FRI *)`, with minutes, hours, day of month, month, day of week and year; `rate(1 day)`;
    or once, `at(2027-01-31T18:00:00)`."""


class CountChoices(TypedDict, total=False):
    """What a person chooses of the number of tasks, whatever they scale on."""

    min_tasks: int
    """Least number of tasks. Defaults to 2; of a queue worker to 0, so that none runs while its queue is empty."""
    max_tasks: int
    """Greatest number of tasks. The same number as the least turns scaling off, unless there are schedules. Defaults to
    10."""
    scheduled_scaling: dict[str, ScheduledScalingArgs]
    """Other limits at certain times, by a name of your choice. With them, min_tasks and max_tasks hold from a change of
    theirs until the next such time. Defaults to none."""
    scaling_suspended: list[ScalingActivity]
    """What scaling is not to do for now: in, no removing; out, no adding; scheduled, no schedules. Defaults to
    nothing."""


class ScalingChoices(CountChoices, total=False):
    """What a person chooses of the number of tasks that scale on what they use, or on metrics."""

    cpu_target: int
    """Average CPU utilisation in percent that scaling aims at; none scales on other metrics only. Defaults to 70."""
    memory_target: int
    """Average memory utilisation in percent that scaling aims at, too. Defaults to none."""
    metric_targets: dict[str, MetricTargetArgs]
    """Metrics of CloudWatch that scaling keeps at a value, by a name of your choice. The metric that asks for the most
    tasks decides. Defaults to none."""
    step_scaling: dict[str, StepScalingArgs]
    """Tasks to add or remove by how far a metric has gone, by a name of your choice. Defaults to none."""
    scale_in_cooldown_seconds: int
    """Seconds between one removal of tasks for a target and the next. Defaults to 300."""
    scale_out_cooldown_seconds: int
    """Seconds in which tasks added for a target count as still to come. Defaults to 300."""
    disable_scale_in: bool
    """Let targets add tasks and never remove any; steps and schedules still do. Defaults to false."""


class RequestScalingChoices(TypedDict, total=False):
    """What a person chooses of the number of tasks, if requests reach them."""

    requests_target: int
    """Requests a minute for each task that scaling aims at, too. Defaults to none."""


NO_TARGET: Final = 0
"""CPU target of a service that is not scaled on it."""

SCHEDULED_SCALING_DEFAULTS: Final[ScheduledScalingChoices] = {"time_zone": "UTC"}
COUNT_DEFAULTS: Final[CountChoices] = {"scheduled_scaling": {}, "scaling_suspended": []}
SCALING_DEFAULTS: Final[ScalingChoices] = {
    "min_tasks": 2,
    "max_tasks": 10,
    "cpu_target": 70,
    "metric_targets": {},
    "step_scaling": {},
    "scale_in_cooldown_seconds": 300,
    "scale_out_cooldown_seconds": 300,
    "disable_scale_in": False,
}
MOST_POLICIES: Final = 50
MOST_SCHEDULES: Final = 200
"""Of a service ("Quotas for Application Auto Scaling")."""


def told(least: int, greatest: int) -> str:
    """Return limits in words."""
    return f"{least} to {greatest}"


def limits(
    min_tasks: int, max_tasks: int, scheduled: Mapping[str, ScheduledScalingChoices]
) -> Mapping[str, tuple[int, int]]:
    """Return least and greatest number of tasks: the service's own under an empty name, and each schedule's."""
    return {
        "": (min_tasks, max_tasks),
        **{
            name: (int(one.get("min_tasks", min_tasks)), int(one.get("max_tasks", max_tasks)))
            for name, one in scheduled.items()
        },
    }


def scales(min_tasks: int, max_tasks: int, scheduled: Mapping[str, object]) -> bool:
    """Return whether a scaler owns the number of tasks: limits differ, or schedules change them."""
    return min_tasks < max_tasks or bool(scheduled)


def has_room(min_tasks: int, max_tasks: int, scheduled: Mapping[str, ScheduledScalingChoices]) -> bool:
    """Return whether metrics can change the number of tasks, at any time."""
    return any(least < greatest for least, greatest in limits(min_tasks, max_tasks, scheduled).values())
