"""What can be wrong between fields of the settings that are each well-formed."""

from collections.abc import Iterator

from ..platform import Platform
from ..problems import Path, Problem
from ..sections.services import QueueWorker
from ..surroundings import Surroundings
from .balancing import balancer_problems, network_load_balancer_problems
from .capacity import capacity_problems
from .documents import document_problems
from .jobs import job_problems
from .links import circle_problems, link_problems
from .names import name_problems
from .network import allowed_problems, network_problems
from .observability import notification_problems
from .permissions import permission_problems
from .pipelines import pipeline_problems
from .quotas import quota_problems
from .registry import registry_problems
from .services.capacity import capacity_of, placement_problems, task_capacity_problems
from .services.containers import container_problems
from .services.deployments import deployment_problems
from .services.keys import key_problems
from .services.migrations import migration_problems
from .services.queues import queue_problems
from .services.routing import routing_problems
from .services.runtime import runtime_problems, session_problems
from .services.scaling import scaling_problems
from .services.secrets import generated_secret_problems, restart_problems
from .services.service import task_problems
from .services.ways_in import way_in_problems
from .storage import storage_problems


def cross_checks(platform: Platform, surroundings: Surroundings) -> Iterator[Problem]:
    """Find what is wrong between fields that are each well-formed."""
    yield from network_problems(platform)
    yield from registry_problems(platform.registry, surroundings)
    yield from capacity_problems(platform)
    yield from allowed_problems(platform)
    yield from balancer_problems(platform)
    yield from network_load_balancer_problems(platform)
    for name, service in platform.services.items():
        path: Path = ("services", name)
        yield from scaling_problems(path, service, platform)
        yield from placement_problems(path, service, platform)
        yield from deployment_problems(path, service)
        yield from session_problems(path, service, platform)
        if isinstance(service, QueueWorker):
            yield from queue_problems(path, service, platform)
        yield from restart_problems(path, service, surroundings)
        yield from migration_problems(path, service, platform)
    for path, runs in platform.runs.items():
        yield from task_problems(path, runs, platform)
        yield from task_capacity_problems(path, runs, platform)
        yield from container_problems(path, runs, capacity_of(runs, platform), platform, surroundings)
        yield from runtime_problems(path, runs, capacity_of(runs, platform), surroundings)
        yield from key_problems(path, runs, surroundings)
        yield from generated_secret_problems(path, runs)
        yield from link_problems(path, runs, platform)
        yield from permission_problems((*path, "permissions"), runs.permissions, surroundings)
    yield from circle_problems(platform)
    for name, job in platform.jobs.items():
        yield from job_problems(("jobs", name), job, platform)
    yield from routing_problems(platform)
    yield from way_in_problems(platform, surroundings)
    for name, pipeline in platform.pipelines.items():
        yield from pipeline_problems(("pipelines", name), pipeline, platform)
    yield from storage_problems(platform)
    yield from notification_problems(platform)
    yield from name_problems(platform, surroundings)
    yield from quota_problems(platform)
    yield from document_problems(platform, surroundings)
