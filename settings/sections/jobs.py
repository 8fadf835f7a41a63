"""The section of the settings for jobs: tasks that run and end."""

from typing import Annotated, ClassVar

from pydantic import Field

from components.jobs.args import SCHEDULE_DEFAULTS, JobArgs

from ..section import Section
from ..times import Schedule, TimeZone
from .capacity import EgressRule, Strategy
from .tasks import Tasks


class Scheduled(Section):
    """When a job runs."""

    arguments_class: ClassVar[type | None] = JobArgs
    schedule: Schedule | None = None
    time_zone: TimeZone = SCHEDULE_DEFAULTS["time_zone"]
    enabled: bool = SCHEDULE_DEFAULTS["enabled"]
    task_count: Annotated[int, Field(ge=1, le=10)] = SCHEDULE_DEFAULTS["task_count"]
    retries: Annotated[int, Field(ge=0, le=185)] = SCHEDULE_DEFAULTS["retries"]
    retry_for_seconds: Annotated[int, Field(ge=60, le=86_400)] = SCHEDULE_DEFAULTS["retry_for_seconds"]
    flexible_window_minutes: Annotated[int, Field(ge=0, le=1440)] = SCHEDULE_DEFAULTS["flexible_window_minutes"]


class Job(Tasks, Scheduled):
    """A task that runs and ends: on a schedule, or when somebody starts it."""

    arguments_class = JobArgs
    component: ClassVar[str] = "Job"
    """The component that a job is."""
    capacity_provider_strategy: Strategy | None = Field(
        None, description="Where the tasks run. Defaults to the cluster's strategy."
    )
    egress: list[EgressRule] | None = None
