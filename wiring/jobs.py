"""The jobs: tasks that run on a schedule, or when somebody starts them."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple, TypedDict

import pulumi

import release
import settings
from components import Job, JobArgs, ScheduleGroup
from components.capacity.providers import CapacityProviderStrategyArgs, strategy_kind
from components.jobs.args import JobChoices
from components.tasks.args import COMPATIBILITIES, NetworkMode, SessionLinks
from outputs.jobs import JobsOutputs
from release import names

from .capacity import Capacities
from .found import Found
from .network import AnyNetwork, endpoints_to_reach
from .observability import Reports
from .place import Place
from .registry import Registries, own_repository


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
) -> Mapping[str, Run]:
    """Add the jobs of the settings, their schedules in a group of the stack."""
    for name in sorted(found.earlier.jobs - platform.jobs.keys()):
        pulumi.log.warn(
            f"jobs.{name} is gone from the settings: nothing starts it any more, and its logs go with it. A job of "
            "another name starts from nothing."
        )
    if not platform.jobs:
        return {}
    released = release.released_images(place.project, place.stack)
    shared = _shared(platform, place, reports)

    def add(name: str, job: settings.Job) -> Run:
        strategy, image = platform.strategy_of(job), job.image or released.get(name)
        args: JobArgs = {
            **job.given(JobChoices),
            **endpoints_to_reach(platform, network, says_egress=job.egress is not None),
            **_shared_group(job, strategy, capacities),
            **own_repository(job, registries),
            **SessionLinks(),  # nobody opens one in a task that ends
            **shared,
            "job_name": names.ecs_service(place.stack, name),
            "cluster_arn": capacities.cluster.cluster_arn,
            "capacity_provider_strategy": strategy,
            "capacity_providers": capacities.providers,
            "compatibility": COMPATIBILITIES[strategy_kind(strategy, platform.cluster.provider_kinds)],
            "vpc_id": network.vpc_id,
            "subnet_ids": network.private_subnet_ids,
            "ipv6": platform.network.ipv6,
            "family": names.task_family(place.project, place.stack, name),
            "log_group_name": names.log_group(place.project, place.stack, name),
            "image_parameter": names.image_parameter(place.project, place.stack, name),
            "role_path": place.role_path,
            "protect": place.protect,
        }
        if image:
            args["image"] = image
        return Run(Job(name, args), image)

    return {name: add(name, job) for name, job in platform.jobs.items()}


class _Shared(TypedDict, total=False):
    notification_topic_arn: pulumi.Input[str]
    schedule_group_name: pulumi.Input[str]


def _shared(platform: settings.Platform, place: Place, reports: Reports) -> _Shared:
    """Return what all jobs of the stack have; make the group of their schedules, if there are any."""
    shared: _Shared = {} if reports.topic_arn is None else {"notification_topic_arn": reports.topic_arn}
    if any(job.schedule for job in platform.jobs.values()):
        group = ScheduleGroup("schedules", {"group_name": names.schedule_group(place.project, place.stack)})
        shared["schedule_group_name"] = group.name
    return shared


class _SharedGroup(TypedDict, total=False):
    instance_security_group_id: pulumi.Input[str]


def _shared_group(
    job: settings.Job, strategy: Sequence[CapacityProviderStrategyArgs], capacities: Capacities
) -> _SharedGroup:
    """Return the security group that tasks in bridge mode share with their instances."""
    if job.network_mode is not NetworkMode.BRIDGE:
        return {}
    (group,) = strategy
    return {"instance_security_group_id": capacities.cluster.security_group_ids[group["capacity_provider"]]}


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
