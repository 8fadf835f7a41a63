"""What a service is made from."""

from collections.abc import Mapping
from enum import Enum
from typing import Final, TypedDict

import pulumi

from ..capacity.providers import FARGATE_PROVIDERS, CapacityProviderStrategyArgs
from ..common.args import HTTPS_ANYWHERE, EgressLinks, EgressRuleArgs
from ..tasks.args import NetworkMode, TaskArgs
from .placement import PlacementConstraintArgs, PlacementStrategyArgs


class ListenerProtocol(str, Enum):
    """What the load balancer does with a connection."""

    TCP = "TCP"
    TLS = "TLS"


class HealthCheck(str, Enum):
    """How the load balancer checks whether a task is healthy."""

    HTTP = "HTTP"
    TCP = "TCP"


class NetworkListenerChoices(TypedDict, total=False):
    """What a person chooses of a service's own listener."""

    protocol: ListenerProtocol
    """TCP forwards connections unchanged. TLS ends them, and the task gets their plain content. Defaults to TCP."""
    certificate_arn: str
    """ARN of the ACM certificate for TLS, in the same region. Defaults to none."""
    health_check: HealthCheck
    """HTTP requests the health check path; TCP checks only that the port answers. Defaults to HTTP."""
    preserve_client_ip: bool
    """Let tasks see the client's address instead of the load balancer's. A task then cannot connect to itself through
    the load balancer. Defaults to false."""


class NetworkListenerArgs(NetworkListenerChoices):
    """A service's own listener on the Network Load Balancer."""

    port: int
    """Port that clients connect to."""


NETWORK_LISTENER_DEFAULTS: Final[NetworkListenerChoices] = {
    "protocol": ListenerProtocol.TCP,
    "health_check": HealthCheck.HTTP,
    "preserve_client_ip": False,
}


class ServiceChoices(TypedDict, total=False):
    """What a person chooses of a Service, beyond its tasks."""

    network_listener: NetworkListenerArgs
    """The service's own listener on a Network Load Balancer, instead of a rule. Defaults to none."""
    hosts: list[str]
    """Host names that the listener rule matches. Defaults to every host."""
    paths: list[str]
    """Path patterns that the listener rule matches. Defaults to every path."""
    headers: dict[str, list[str]]
    """Request header to the values that the listener rule matches, with `*` and `?` as wildcards. A request must have
    one of the values for each header. Defaults to none."""
    priority: int
    """Priority of the listener rule, 1 to 50000; the lowest number is asked first. Defaults to a stable one made from
    the component's name: rules with more of hosts, paths and headers come before those with fewer, and a rule for every
    request comes last."""
    min_tasks: int
    """Least number of tasks. Defaults to 2."""
    max_tasks: int
    """Greatest number of tasks. The same number as the least turns scaling off. Defaults to 10."""
    cpu_target: int
    """Average CPU utilisation in percent that scaling aims at. Defaults to 70."""
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


class ServiceLinks(EgressLinks, total=False):
    """What ties a Service to the rest of a platform, beyond its tasks."""

    listener_arn: pulumi.Input[str]
    """ARN of the Application Load Balancer's listener that gets the service's rule. Needed without
    `network_listener`."""
    network_load_balancer_arn: pulumi.Input[str]
    """ARN of the Network Load Balancer that gets the service's listener. Needed with `network_listener`."""
    image_parameter: str
    """Name of a Parameter Store parameter to make for the image that is meant to run. Releases write it; the program
    reads it and passes it on as `image`. Defaults to none."""
    capacity_providers: pulumi.Input[Mapping[str, str]]
    """Name of each capacity provider in the strategy → its name in ECS, an output of Cluster. Defaults to the same."""
    instance_security_group_id: pulumi.Input[str]
    """Id of the security group of the instances, which tasks in bridge mode share. Needed for those."""
    entrance_name: str
    """Name of the listener rule or listener as a resource of the program. One that says its priority or port lets
    a service take that over from another. Defaults to the component's name."""
    checked_path: str
    """Path that the load balancer goes on asking for while tasks run that may not answer `health_check_path`. Defaults
    to that path."""
    min_healthy_percent: int
    """How many of its tasks a deployment keeps running, in percent, rounded up. Defaults to 50, which starts a new
    revision in half the room; 100 never serves with less."""
    first_release: bool
    """Start the least number of tasks with this deployment, although a scaler owns their number: the service has had an
    image for the first time, so nothing runs yet. Defaults to false."""
    released_by_pipeline: bool
    """Leave the running revision to CodePipeline's ECS action, which makes its own. Defaults to false: the program owns
    it."""


class ServiceArgs(TaskArgs, ServiceChoices, ServiceLinks):
    """What a Service is made from."""

    cluster_name: pulumi.Input[str]
    """Name of the same cluster."""
    vpc_id: pulumi.Input[str]
    """Id of the VPC."""
    subnet_ids: pulumi.Input[list[str]]
    """Ids of the private subnets that the tasks run in."""
    load_balancer_security_group_id: pulumi.Input[str]
    """Id of the security group of the load balancer in front. Only its members reach the tasks."""


SERVICE_DEFAULTS: Final[ServiceChoices] = {
    "hosts": [],
    "paths": [],
    "headers": {},
    "min_tasks": 2,
    "max_tasks": 10,
    "cpu_target": 70,
    "capacity_provider_strategy": [CapacityProviderStrategyArgs(capacity_provider=FARGATE_PROVIDERS[0])],
    "placement_constraints": [],
    "egress": HTTPS_ANYWHERE,
}
SERVICE_LINK_DEFAULTS: Final[ServiceLinks] = {
    "ipv6": False,
    "min_healthy_percent": 50,
    "first_release": False,
    "released_by_pipeline": False,
}


NO_IMAGE: Final = "none"
"""Value of the image parameter before the first image: Parameter Store keeps no empty values."""


TARGET_PORT: Final = 80
"""Port of every target group. It has no effect: ECS registers each task with its container's port. A group whose port
followed the container's would be replaced, and get requests before any task is in it."""


def target_type(mode: NetworkMode) -> str:
    """Return what the target group of tasks in a network mode has: their instances, or their own addresses."""
    return "instance" if mode is NetworkMode.BRIDGE else "ip"


def scales(min_tasks: int, max_tasks: int) -> bool:
    """Return whether a scaler owns the number of tasks, because the least and the greatest number differ."""
    return min_tasks < max_tasks
