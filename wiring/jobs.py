"""The jobs: tasks that run on a schedule, or when somebody starts them."""

from collections.abc import Mapping
from typing import NamedTuple, TypedDict

import pulumi

import settings
from components import Job, JobArgs, ScheduleGroup
from components.jobs.args import JobChoices
from outputs.jobs import JobsOutputs
from release import names

from .capacity import Capacities
from .found import Found
from .network import AnyNetwork
from .observability import Reports, reported
from .place import Place
from .registry import Registries
from .running import runs_in
from .storage import Stored, WorkersQueue


class Run(NamedTuple):
    """A job, and what the program knows of it besides the component."""

    job: Job
    image: str | None
    """The image that is meant to run; none before the first one."""


def jobs(
    platform: settings.Platform,
    place: Place,
    found: Found,
    network: AnyNetwork,
    registries: Registries,
    capacities: Capacities,
    reports: Reports,
    stored: Stored,
    queues: Mapping[str, WorkersQueue],
) -> Mapping[str, Run]:
    """Add the jobs of the settings, their schedules in a group of the stack."""
    for name in sorted(found.earlier.jobs - platform.jobs.keys()):
        pulumi.log.warn(
            f"jobs.{name} is gone from the settings: nothing starts it any more, and its logs go with it. A job of "
            "another name starts from nothing."
        )
    if not platform.jobs:
        return {}
    grouped = _grouped(platform, place)

    def add(name: str, job: settings.Job) -> Run:
        image = job.image or found.released.get(name)
        args: JobArgs = {
            **job.given(JobChoices),
            **runs_in(name, job, platform, place, network, registries, capacities, stored, queues),
            **reported(reports),
            **grouped,
            "job_name": names.ecs_service(place.stack, name),
        }
        if image:
            args["image"] = image
        return Run(Job(name, args), image)

    return {name: add(name, job) for name, job in platform.jobs.items()}


class _Grouped(TypedDict, total=False):
    schedule_group_name: pulumi.Input[str]


def _grouped(platform: settings.Platform, place: Place) -> _Grouped:
    """Make the group of the jobs' schedules, if there are any."""
    if not any(job.schedule for job in platform.jobs.values()):
        return {}
    group = ScheduleGroup("schedules", {"group_name": names.schedule_group(place.project, place.stack)})
    return {"schedule_group_name": group.name}


def jobs_outputs(made: Mapping[str, Run]) -> JobsOutputs:
    """Return what is published of the jobs."""
    return {
        "jobs": {
            name: {
                "name": one.job.name,
                "taskDefinitionArn": one.job.task_definition_arn,
                "family": one.job.family,
                "scheduleName": one.job.schedule_name,
                "logGroupName": one.job.log_group_name,
                "securityGroupId": one.job.security_group_id,
                "taskRoleName": one.job.task_role_name,
                "deadLetterQueueUrl": one.job.dead_letter_queue_url,
                "imageParameter": one.job.image_parameter,
                "running": one.image is not None,
                "runCommand": one.job.run_command,
            }
            for name, one in made.items()
        }
    }
