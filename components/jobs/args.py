"""What a job is made from: a task that runs and ends."""

from collections.abc import Mapping
from typing import Final, TypedDict

import pulumi

from ..tasks.args import TASK_DEFAULTS, TASK_LINK_DEFAULTS, TaskChoices, TaskLinks
from ..tasks.run_args import RUN_DEFAULTS, RUN_LINK_DEFAULTS, RunArgs, RunChoices, RunLinks


class ScheduleChoices(TypedDict, total=False):
    """What a person chooses of when a job runs."""

    schedule: str
    """When the job runs: rate(12 hours), cron(30 2 * * ? *) or at(2030-01-31T02:30:00) (EventBridge Scheduler User
    Guide, Schedule types). Defaults to none: it runs when somebody starts it."""
    time_zone: str
    """Time zone of the schedule by its IANA name, such as Europe/Berlin; daylight saving time is followed. Defaults to
    UTC."""
    enabled: bool
    """Run the job on its schedule. Defaults to true."""
    task_count: int
    """Number of tasks that each run starts, 1 to 10. Defaults to 1."""
    retries: int
    """How often to try again if AWS does not accept a run, 0 to 185. A task that started and failed is not run again,
    but reported. Defaults to 3."""
    retry_for_seconds: int
    """For how long to try again, 60 to 86400 seconds; after that a run is given up. Defaults to 3600."""
    flexible_window_minutes: int
    """Minutes within which a run may start, 1 to 1440, so that not all jobs of a full hour start at once. Defaults to
    0: it starts on time, within a minute."""


class JobChoices(TaskChoices, RunChoices, ScheduleChoices, total=False):
    """What a person chooses of a Job."""


class JobLinks(TaskLinks, RunLinks, total=False):
    """What ties a Job to the rest of a platform."""

    schedule_group_name: pulumi.Input[str]
    """Name of the schedule group that its schedule is in, an output of ScheduleGroup. Defaults to default,
    which every account has."""
    notification_topic_arn: pulumi.Input[str]
    """ARN of the SNS topic that is told of failed runs and undelivered ones, an output of Notifications. Defaults to
    none: undelivered runs raise an alarm that is only shown, and failed ones are in the logs."""


class JobArgs(RunArgs, JobChoices, JobLinks):
    """What a Job is made from."""

    job_name: str
    """Name of the job, and of its container."""


class ScheduleGroupArgs(TypedDict):
    """What a ScheduleGroup is made from."""

    group_name: str
    """Name of the group, unique in the account and region."""


SCHEDULE_DEFAULTS: Final[ScheduleChoices] = {
    "time_zone": "UTC",
    "enabled": True,
    "task_count": 1,
    "retries": 3,
    "retry_for_seconds": 3600,
    "flexible_window_minutes": 0,
}
JOB_LINK_DEFAULTS: Final[JobLinks] = {"schedule_group_name": "default"}
JOB_DEFAULTS: Final[tuple[Mapping[str, object], ...]] = (
    TASK_DEFAULTS,
    TASK_LINK_DEFAULTS,
    RUN_DEFAULTS,
    RUN_LINK_DEFAULTS,
    SCHEDULE_DEFAULTS,
    JOB_LINK_DEFAULTS,
)
