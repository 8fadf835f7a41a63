"""What the kinds of services are made from."""

from collections.abc import Mapping
from typing import Final, TypedDict

import pulumi

from ..tasks.args import PORT_DEFAULTS, TASK_DEFAULTS, TASK_LINK_DEFAULTS, NetworkMode, TaskArgs, TaskChoices
from ..tasks.run_args import RUN_DEFAULTS, RUN_LINK_DEFAULTS, RunArgs, RunChoices, RunLinks
from .migration_args import MigrationArgs
from .placement import PlacementConstraintArgs, PlacementStrategyArgs
from .queue_args import PROCESSING_DEFAULTS, ProcessingChoices
from .routing_args import SERVICE_ROUTING_DEFAULTS, WAY_IN_DEFAULTS, RoutingChoices
from .scaling_args import COUNT_DEFAULTS, SCALING_DEFAULTS, CountChoices, RequestScalingChoices, ScalingChoices
from .target_args import ProtocolVersion


class KeptChoices(TaskChoices, CountChoices, RunChoices, total=False):
    """What a person chooses of tasks that are kept running, whatever kind of service they are of."""

    placement_constraints: list[PlacementConstraintArgs]
    """Which instances the tasks may run on, for Auto Scaling groups. Defaults to all."""
    placement_strategies: list[PlacementStrategyArgs]
    """Which of these instances gets a task, for Auto Scaling groups; the first strategy counts most. Defaults to
    spreading over the zones, then filling the memory of the fewest instances."""
    min_healthy_percent: int
    """How many of its tasks a deployment keeps running, in percent, rounded up; 0 to 100. Defaults to 100, which never
    serves with less."""
    max_healthy_percent: int
    """How many tasks a deployment may run together with those that it replaces, in percent, rounded down; 100 to 200.
    At 100 tasks are stopped before new ones start, and ECS does not even out the zones. Defaults to 200."""
    migration: MigrationArgs
    """A task that must end well before a new revision takes traffic, such as a migration of a database. Defaults to
    none."""
    restart_on_rotation: bool
    """Start new tasks when one of the secrets changes. Defaults to false: tasks keep the values they began with."""


class WorkerChoices(KeptChoices, ScalingChoices, total=False):
    """What a person chooses of a Worker."""


class QueueWorkerChoices(KeptChoices, ProcessingChoices, total=False):
    """What a person chooses of a QueueWorker."""


class ServiceChoices(KeptChoices, ScalingChoices, RequestScalingChoices, RoutingChoices, total=False):
    """What a person chooses of a Service."""


class WorkerLinks(RunLinks, total=False):
    """What ties a service to the rest of a platform, beyond its tasks."""

    first_release: bool
    """Start the least number of tasks with this deployment, although a scaler owns their number: the service has had an
    image for the first time, so nothing runs yet. Defaults to false."""
    keeps_limits: bool
    """Leave the least and the greatest number of tasks as `scheduled_scaling` has set them, since the last deployment
    had the same. Defaults to false."""
    released_by_pipeline: bool
    """Leave the running revision to CodePipeline's ECS action, which makes its own. Defaults to false: the program owns
    it."""


class QueueWorkerLinks(WorkerLinks, total=False):
    """What ties a service to the rest of a platform, if it processes a queue."""

    queue_prefix: str
    """Start of the names of its queues, to which SQS's own is added. Defaults to the service's name."""
    notification_topic_arn: pulumi.Input[str]
    """ARN of an SNS topic to which alarms on the queues are sent. Defaults to none: they are only shown."""


class MovingChoices(TypedDict, total=False):
    """What may be said of a way in that requests take only when tasks are there."""

    earlier_version: ProtocolVersion
    """What is spoken with the tasks that serve. Defaults to none: the way in is new."""


class MovingArgs(MovingChoices):
    """A way in that requests take only when tasks are there. Until then a rule that no request matches has it."""

    priority: int
    """Priority of that rule."""


class ServiceLinks(WorkerLinks, total=False):
    """What ties a service to the rest of a platform, if requests reach it."""

    listener_arn: pulumi.Input[str]
    """ARN of the Application Load Balancer's listener that gets the service's rules. Needed unless every way in has a
    `network_listener`."""
    network_load_balancer_arn: pulumi.Input[str]
    """ARN of the Network Load Balancer that gets the service's listeners. Needed with `network_listener`."""
    network_load_balancer_security_group_id: pulumi.Input[str]
    """Id of its security group. Defaults to `load_balancer_security_group_id`."""
    named_by_entrance: bool
    """Name each listener rule and listener as a resource of the program by its priority or port, so that another
    service can take that over. Defaults to false: by the component's name."""
    checked: dict[str, tuple[str, str, int]]
    """Route, or an empty text for the service's own way in, to the path, matcher and port that the load balancer goes
    on asking for while tasks run that may not answer otherwise. Defaults to what is chosen."""
    moving: dict[str, MovingArgs]
    """Route, or an empty text, to how it moves: its requests go on to the tasks that serve until new ones do. Defaults
    to none."""


class KeptArgs(TaskArgs, RunArgs, KeptChoices, WorkerLinks):
    """What every kind of service is made from."""

    cluster_name: pulumi.Input[str]
    """Name of the same cluster."""


class WorkerArgs(KeptArgs, WorkerChoices):
    """What a Worker is made from."""


class QueueWorkerArgs(KeptArgs, QueueWorkerChoices, QueueWorkerLinks):
    """What a QueueWorker is made from."""


class ServiceArgs(KeptArgs, ServiceChoices, ServiceLinks):
    """What a Service is made from."""

    load_balancer_security_group_id: pulumi.Input[str]
    """Id of the security group of the load balancer in front. Only its members reach the tasks."""


KEPT_DEFAULTS: Final[KeptChoices] = {
    "placement_constraints": [],
    "min_healthy_percent": 100,
    "max_healthy_percent": 200,
    "restart_on_rotation": False,
}
WORKER_LINK_DEFAULTS: Final[WorkerLinks] = {
    "first_release": False,
    "keeps_limits": False,
    "released_by_pipeline": False,
}
SERVICE_LINK_DEFAULTS: Final[ServiceLinks] = {"named_by_entrance": False, "checked": {}, "moving": {}}
_ALL_DEFAULTS: Final[tuple[Mapping[str, object], ...]] = (
    TASK_DEFAULTS,
    TASK_LINK_DEFAULTS,
    RUN_DEFAULTS,
    RUN_LINK_DEFAULTS,
    COUNT_DEFAULTS,
    KEPT_DEFAULTS,
    WORKER_LINK_DEFAULTS,
)
WORKER_DEFAULTS: Final[tuple[Mapping[str, object], ...]] = (*_ALL_DEFAULTS, SCALING_DEFAULTS)
QUEUE_WORKER_DEFAULTS: Final[tuple[Mapping[str, object], ...]] = (*_ALL_DEFAULTS, PROCESSING_DEFAULTS)
SERVICE_DEFAULTS: Final[tuple[Mapping[str, object], ...]] = (
    *WORKER_DEFAULTS,
    PORT_DEFAULTS,
    WAY_IN_DEFAULTS,
    SERVICE_ROUTING_DEFAULTS,
    SERVICE_LINK_DEFAULTS,
)


KINDS: Final = ("Service", "Worker", "QueueWorker")
"""The components that keep tasks running. One that becomes another keeps its resources: each has the types of the
others as aliases."""


def target_type(mode: NetworkMode) -> str:
    """Return what the target group of tasks in a network mode has: their instances, or their own addresses."""
    return "instance" if mode is NetworkMode.BRIDGE else "ip"
