"""What the kinds of services are made from."""

from collections.abc import Mapping
from typing import Final

import pulumi

from ..capacity.providers import FARGATE_PROVIDERS, CapacityProviderStrategyArgs
from ..common.args import HTTPS_ANYWHERE, EgressLinks, EgressRuleArgs
from ..tasks.args import PORT_DEFAULTS, TASK_DEFAULTS, TASK_LINK_DEFAULTS, NetworkMode, TaskArgs, TaskChoices
from .placement import PlacementConstraintArgs, PlacementStrategyArgs
from .routing_args import ROUTING_DEFAULTS, RoutingChoices
from .scaling_args import SCALING_DEFAULTS, RequestScalingChoices, ScalingChoices


class KeptChoices(ScalingChoices, total=False):
    """What a person chooses of how tasks are kept running, whatever kind of service they are of."""

    capacity_provider_strategy: list[CapacityProviderStrategyArgs]
    """Where the tasks run. Defaults to FARGATE with weight 1."""
    placement_constraints: list[PlacementConstraintArgs]
    """Which instances the tasks may run on, for Auto Scaling groups. Defaults to all."""
    placement_strategies: list[PlacementStrategyArgs]
    """Which of these instances gets a task, for Auto Scaling groups; the first strategy counts most. Defaults to
    spreading over the zones, then filling the memory of the fewest instances."""
    egress: list[EgressRuleArgs]
    """What the tasks may connect to besides VPC endpoints. Defaults to port 443 anywhere, which image pulls, logs and
    secrets need; to nothing in a stack with endpoints for those and no NAT gateway."""


class WorkerChoices(TaskChoices, KeptChoices, total=False):
    """What a person chooses of a Worker."""


class ServiceChoices(TaskChoices, KeptChoices, RoutingChoices, RequestScalingChoices, total=False):
    """What a person chooses of a Service."""


class WorkerLinks(EgressLinks, total=False):
    """What ties a service to the rest of a platform, beyond its tasks."""

    image_parameter: str
    """Name of a Parameter Store parameter to make for the image that is meant to run. Releases write it; the program
    reads it and passes it on as `image`. Defaults to none."""
    capacity_providers: pulumi.Input[Mapping[str, str]]
    """Name of each capacity provider in the strategy → its name in ECS, an output of Cluster. Defaults to the same."""
    instance_security_group_id: pulumi.Input[str]
    """Id of the security group of the instances, which tasks in bridge mode share. Needed for those."""
    min_healthy_percent: int
    """How many of its tasks a deployment keeps running, in percent, rounded up. Defaults to 50, which starts a new
    revision in half the room; 100 never serves with less."""
    first_release: bool
    """Start the least number of tasks with this deployment, although a scaler owns their number: the service has had an
    image for the first time, so nothing runs yet. Defaults to false."""
    keeps_limits: bool
    """Leave the least and the greatest number of tasks as `scheduled_scaling` has set them, since the last deployment
    had the same. Defaults to false."""
    released_by_pipeline: bool
    """Leave the running revision to CodePipeline's ECS action, which makes its own. Defaults to false: the program owns
    it."""


class ServiceLinks(WorkerLinks, total=False):
    """What ties a service to the rest of a platform, if requests reach it."""

    listener_arn: pulumi.Input[str]
    """ARN of the Application Load Balancer's listener that gets the service's rule. Needed without
    `network_listener`."""
    network_load_balancer_arn: pulumi.Input[str]
    """ARN of the Network Load Balancer that gets the service's listener. Needed with `network_listener`."""
    entrance_name: str
    """Name of the listener rule or listener as a resource of the program. One that says its priority or port lets
    a service take that over from another. Defaults to the component's name."""
    checked_path: str
    """Path that the load balancer goes on asking for while tasks run that may not answer `health_check_path`. Defaults
    to that path."""


class WorkerArgs(TaskArgs, WorkerChoices, WorkerLinks):
    """What a Worker is made from."""

    cluster_name: pulumi.Input[str]
    """Name of the same cluster."""
    vpc_id: pulumi.Input[str]
    """Id of the VPC."""
    subnet_ids: pulumi.Input[list[str]]
    """Ids of the private subnets that the tasks run in."""


class ServiceArgs(WorkerArgs, ServiceChoices, ServiceLinks):
    """What a Service is made from."""

    load_balancer_security_group_id: pulumi.Input[str]
    """Id of the security group of the load balancer in front. Only its members reach the tasks."""


KEPT_DEFAULTS: Final[KeptChoices] = {
    "capacity_provider_strategy": [CapacityProviderStrategyArgs(capacity_provider=FARGATE_PROVIDERS[0])],
    "placement_constraints": [],
    "egress": HTTPS_ANYWHERE,
}
WORKER_LINK_DEFAULTS: Final[WorkerLinks] = {
    "ipv6": False,
    "min_healthy_percent": 50,
    "first_release": False,
    "keeps_limits": False,
    "released_by_pipeline": False,
}
WORKER_DEFAULTS: Final[tuple[Mapping[str, object], ...]] = (
    TASK_DEFAULTS,
    TASK_LINK_DEFAULTS,
    SCALING_DEFAULTS,
    KEPT_DEFAULTS,
    WORKER_LINK_DEFAULTS,
)
SERVICE_DEFAULTS: Final[tuple[Mapping[str, object], ...]] = (*WORKER_DEFAULTS, PORT_DEFAULTS, ROUTING_DEFAULTS)


NO_IMAGE: Final = "none"
"""Value of the image parameter before the first image: Parameter Store keeps no empty values."""


KINDS: Final = ("Service", "Worker")
"""The components that keep tasks running. One that becomes another keeps its resources: each has the types of the
others as aliases."""


def target_type(mode: NetworkMode) -> str:
    """Return what the target group of tasks in a network mode has: their instances, or their own addresses."""
    return "instance" if mode is NetworkMode.BRIDGE else "ip"
