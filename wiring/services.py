"""The services on the cluster, behind its load balancers."""

from collections.abc import Mapping
from typing import NamedTuple, TypedDict

import pulumi

import outputs
import release
import settings
from components import QueueWorker, QueueWorkerArgs, Service, ServiceArgs, Worker, WorkerArgs
from components.common.architecture import DOCKER_PLATFORMS
from components.pipelines.args import DeployKind
from components.services.args import KeptArgs, KeptChoices
from components.services.queue_args import ProcessingChoices
from components.services.scaling_args import RequestScalingChoices, ScalingChoices, told
from components.tasks.args import SessionLinks
from outputs.services import RouteOutputs, ServicesOutputs
from release import names

from . import routing
from .balancing import Balancers
from .capacity import Capacities
from .found import Found
from .jobs import Run
from .network import AnyNetwork
from .observability import Reports, reported
from .place import Place
from .registry import Registries
from .running import runs_in
from .scalers import Scaler
from .storage import Stored, WorkersQueue, subscriptions


class Served(NamedTuple):
    """A service, and what the program knows of it besides the component."""

    service: Service | Worker | QueueWorker
    image: str | None
    """The image that is meant to run; none before the first one."""
    target_group_arn: pulumi.Input[str]
    """Empty for a service that gets no requests."""
    network_endpoint: pulumi.Input[str]
    """Name and port on the network load balancer; empty where it has none."""
    routes: Mapping[str, RouteOutputs]
    """The same of its further ways in."""


def services(
    platform: settings.Platform,
    place: Place,
    found: Found,
    network: AnyNetwork,
    registries: Registries,
    balancers: Balancers,
    capacities: Capacities,
    reports: Reports,
    stored: Stored,
) -> Mapping[str, Served]:
    """Add the services of the settings."""
    images = {name: one.image or found.released.get(name) for name, one in platform.services.items()}
    # All is asked for before the first service is registered: a run that cannot read it makes none.
    free = routing.free_priorities(platform)
    routings = {name: routing.routing(name, service) for name, service in platform.web_services.items()}
    moving = {
        name: routing.ways_that_move(name, ways, found.services.get(name), free, protect=place.protect)
        for name, (_, ways) in routings.items()
    }
    waiting = [
        name for name, service in platform.services.items() if images[name] and _is_idle(name, service, place, found)
    ]

    for name in sorted(found.released.keys() - platform.names_that_run - found.earlier.jobs):
        pulumi.log.warn(
            f"services.{name} is gone from the settings: its tasks stop at the end of this run. A service of another "
            "name starts from nothing; to rename one, see docs/leaving.md first."
        )

    added: dict[str, Served] = {}

    def shared(name: str, service: settings.Service) -> KeptArgs:
        """Return what every kind of service is made from."""
        args: KeptArgs = {
            **service.given(KeptChoices),
            **runs_in(name, service, platform, place, network, registries, capacities, stored, queues(platform, added)),
            **_sessions(service, platform, capacities),
            "service_name": names.ecs_service(place.stack, name),
            "cluster_name": capacities.cluster.cluster_name,
            "first_release": name in waiting,
            "keeps_limits": bool(images[name]) and _keeps_limits(name, service, found),
            "released_by_pipeline": _released_by_pipeline(name, platform),
        }
        if image := images[name]:
            args["image"] = image
        return args

    def add(name: str, service: settings.AnyService) -> Served:
        if isinstance(service, settings.QueueWorker):
            processor: QueueWorkerArgs = {
                **shared(name, service),
                **service.given(ProcessingChoices),
                "subscriptions": subscriptions(service.subscriptions, stored.topics),
                **reported(reports),
                "queue_prefix": f"{place.name}-{name}",
            }
            return Served(QueueWorker(name, processor), images[name], "", "", {})
        if isinstance(service, settings.Worker):
            worker: WorkerArgs = {**shared(name, service), **service.given(ScalingChoices)}
            return Served(Worker(name, worker), images[name], "", "", {})
        chosen, ways = routings[name]
        there = None if _released_by_pipeline(name, platform) else found.services.get(name)
        args: ServiceArgs = {
            **shared(name, service),
            **service.given(ScalingChoices),
            **service.given(RequestScalingChoices),
            **chosen,
            **routing.links(ways, balancers),
            "checked": routing.checks_of_earlier_tasks(name, ways, service, there, lambda: _revision(name, place)),
            "moving": moving[name],
        }
        made = Service(name, args)
        endpoint, routes = routing.endpoint(ways[0], balancers), routing.outputs(made, ways, balancers)
        return Served(made, images[name], made.target_group_arn, endpoint, routes)

    for name in platform.services_by_queues:
        added[name] = add(name, platform.services[name])
    return {name: added[name] for name in platform.services}


def queues(platform: settings.Platform, served: Mapping[str, Served]) -> dict[str, WorkersQueue]:
    """Return the queues that links may lead to, by the names of their workers."""
    found = {}
    for name, one in served.items():
        service = platform.services[name]
        if isinstance(one.service, QueueWorker) and isinstance(service, settings.QueueWorker):
            found[name] = WorkersQueue(one.service.queue_arn, service.queue.kms_key_arn)
    return found


def _is_idle(name: str, service: settings.Service, place: Place, found: Found) -> bool:
    """Return whether a scaler owns the number of tasks, and ECS runs none although it never was to stop them all."""
    if not service.scales or service.min_tasks == 0 or found.scalers.get(name, Scaler()).scheduled:
        return False
    now = _now(name, place)
    return now is None or now.tasks == 0


def _keeps_limits(name: str, service: settings.Service, found: Found) -> bool:
    """Return whether schedules own the limits: the settings have set these already, and no others since."""
    there = found.scalers.get(name, Scaler())
    same = there.limits == told(service.min_tasks, service.max_tasks)
    return bool(service.scheduled_scaling) and there.scheduled and same


def _now(name: str, place: Place) -> release.Running | None:
    """Ask AWS what runs of a service."""
    return release.running(names.cluster(place.project, place.stack), names.ecs_service(place.stack, name))


def _revision(name: str, place: Place) -> str | None:
    now = _now(name, place)
    return now.revision if now else None


def _released_by_pipeline(name: str, platform: settings.Platform) -> bool:
    """Return whether the running revision is not this program's."""
    return name in platform.pipelines and platform.pipelines[name].deploy is DeployKind.ECS


def _sessions(service: settings.Service, platform: settings.Platform, capacities: Capacities) -> SessionLinks:
    """Return where the sessions of ECS Exec are logged, if there are any."""
    logging = platform.cluster.execute_command_logging
    if not (service.execute_command and logging):
        return {}
    sessions: SessionLinks = {
        "execute_command": True,
        "execute_command_log_group_arn": capacities.cluster.execute_command_log_group_arn,
    }
    if logging.kms_key_arn:
        sessions["execute_command_kms_key_arn"] = logging.kms_key_arn
    return sessions


class _QueueOutputs(TypedDict):
    queueUrl: pulumi.Input[str]
    queueArn: pulumi.Input[str]
    deadLetterQueueUrl: pulumi.Input[str]


def _queue_outputs(service: pulumi.ComponentResource) -> _QueueOutputs:
    if not isinstance(service, QueueWorker):
        return {"queueUrl": "", "queueArn": "", "deadLetterQueueUrl": ""}
    return {
        "queueUrl": service.queue_url,
        "queueArn": service.queue_arn,
        "deadLetterQueueUrl": service.dead_letter_queue_url,
    }


def services_outputs(
    platform: settings.Platform, registries: Registries, served: Mapping[str, Served], jobs: Mapping[str, Run]
) -> ServicesOutputs:
    """Return what is published of the services, and what is to do for those, and jobs, that have no image yet."""
    images = {**{name: one.image for name, one in served.items()}, **{name: one.image for name, one in jobs.items()}}
    return {
        "services": {
            name: {
                "name": one.service.name,
                "taskDefinitionArn": one.service.task_definition_arn,
                "targetGroupArn": one.target_group_arn,
                "networkEndpoint": one.network_endpoint,
                "routes": one.routes,
                "logGroupName": one.service.log_group_name,
                "securityGroupId": one.service.security_group_id,
                "taskRoleName": one.service.task_role_name,
                "imageParameter": one.service.image_parameter,
                **_queue_outputs(one.service),
                "running": one.image is not None,
            }
            for name, one in served.items()
        },
        "nextSteps": {
            name: outputs.push_commands(
                registries.private.repository_urls[runs.repository], name, DOCKER_PLATFORMS[runs.architecture]
            )
            for name, runs in {**platform.services, **platform.jobs}.items()
            if images[name] is None and runs.repository
        },
    }
