"""What can be wrong between fields of the settings that are each well-formed."""

from collections.abc import Iterator

from ..platform import Platform
from ..problems import Path, Problem
from ..surroundings import Surroundings
from .balancing import balancer_problems, network_load_balancer_problems
from .capacity import capacity_problems
from .documents import document_problems
from .names import name_problems
from .network import allowed_problems, network_problems
from .pipelines import pipeline_problems
from .quotas import quota_problems
from .registry import registry_problems
from .services.capacity import capacity_of, ec2_service_problems
from .services.containers import container_problems
from .services.keys import key_problems
from .services.network_listeners import network_listener_problems
from .services.routing import routing_problems
from .services.scaling import scaling_problems
from .services.service import service_problems


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
        yield from service_problems(path, service, platform)
        yield from ec2_service_problems(path, service, platform)
        yield from container_problems(path, service, capacity_of(service, platform), platform, surroundings)
        yield from key_problems(path, service, surroundings)
        yield from scaling_problems(path, service, platform)
    yield from routing_problems(platform.web_services)
    yield from network_listener_problems(platform)
    for name, pipeline in platform.pipelines.items():
        yield from pipeline_problems(("pipelines", name), pipeline, platform)
    yield from name_problems(platform, surroundings)
    yield from quota_problems(platform)
    yield from document_problems(platform, surroundings)
