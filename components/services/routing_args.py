"""What a service says of the requests that reach it."""

from enum import Enum
from typing import Final, TypedDict

from ..tasks.args import PortChoices
from .login_args import AuthenticationArgs
from .target_args import GRPC_HEALTH_PATH, TARGET_DEFAULTS, ProtocolVersion, TargetChoices


class ListenerProtocol(str, Enum):
    """What the load balancer does with a connection."""

    TCP = "TCP"
    TLS = "TLS"
    UDP = "UDP"
    TCP_UDP = "TCP_UDP"


DATAGRAMS: Final = (ListenerProtocol.UDP, ListenerProtocol.TCP_UDP)
"""Protocols with which datagrams come in."""


class HealthCheck(str, Enum):
    """How the load balancer checks whether a task is healthy."""

    HTTP = "HTTP"
    TCP = "TCP"


class NetworkListenerChoices(TypedDict, total=False):
    """What a person chooses of a service's own listener."""

    protocol: ListenerProtocol
    """TCP forwards connections unchanged. TLS ends them, and the task gets their plain content. UDP forwards datagrams,
    TCP_UDP both on one port. Defaults to TCP."""
    certificate_arn: str
    """ARN of the ACM certificate for TLS, in the same region. Defaults to none."""
    health_check: HealthCheck
    """HTTP requests the health check path; TCP checks only that the port answers. There is no check over UDP. Defaults
    to HTTP."""
    preserve_client_ip: bool
    """Let tasks see the client's address instead of the load balancer's. A task then cannot connect to itself through
    the load balancer. With UDP they always do. Defaults to false."""
    idle_timeout_seconds: int
    """Seconds after which the load balancer forgets a TCP connection over which nothing comes, 60 to 6000. Not for the
    other protocols: AWS keeps 350 seconds for TLS and 120 for UDP. Defaults to 350."""


class NetworkListenerArgs(NetworkListenerChoices):
    """A service's own listener on the Network Load Balancer."""

    port: int
    """Port that clients connect to."""


NETWORK_LISTENER_DEFAULTS: Final[NetworkListenerChoices] = {
    "protocol": ListenerProtocol.TCP,
    "health_check": HealthCheck.HTTP,
    "preserve_client_ip": False,
    "idle_timeout_seconds": 350,
}


class WayInChoices(TargetChoices, total=False):
    """What a person chooses of one way from a load balancer to the tasks."""

    network_listener: NetworkListenerArgs
    """A listener of its own on a Network Load Balancer, instead of a rule. Defaults to none."""
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
    authentication: AuthenticationArgs
    """A login that the load balancer asks for first; needs HTTPS. Defaults to none."""


class RouteArgs(WayInChoices, total=False):
    """A further way in to a service."""

    port: int | str
    """Port of the task that it leads to: a number, or the name of one of the task's `ports`. Defaults to the service's
    `container_port`."""
    health_check_path: str
    """Path that answers 200 if the application is healthy, on that port. Defaults to /health, and for gRPC to
    /grpc.health.v1.Health/Check."""


class RoutingChoices(PortChoices, WayInChoices, total=False):
    """What a person chooses of the ways from load balancers to the tasks."""

    health_check_grace_period_seconds: int
    """Seconds after its start for which a task is not replaced although it fails its health checks. Defaults to 60."""
    routes: dict[str, RouteArgs]
    """Further ways in by name, besides the one that the service itself says; at most four. Defaults to none."""


WAY_IN_DEFAULTS: Final[WayInChoices] = {
    "hosts": [],
    "paths": [],
    "headers": {},
    "protocol_version": TARGET_DEFAULTS["protocol_version"],
    "health_check": TARGET_DEFAULTS["health_check"],
    "deregistration_delay_seconds": TARGET_DEFAULTS["deregistration_delay_seconds"],
    "algorithm": TARGET_DEFAULTS["algorithm"],
    "slow_start_seconds": TARGET_DEFAULTS["slow_start_seconds"],
}
SERVICE_ROUTING_DEFAULTS: Final[RoutingChoices] = {"health_check_grace_period_seconds": 60, "routes": {}}

HEALTH_CHECK_PATH: Final = "/health"

MOST_TARGET_GROUPS: Final = 5
"""Target groups of a service ("Registering multiple target groups with an Amazon ECS service")."""


def health_check_path(chosen: str | None, version: ProtocolVersion) -> str:
    """Return the path that the load balancer checks."""
    return chosen or (GRPC_HEALTH_PATH if version is ProtocolVersion.GRPC else HEALTH_CHECK_PATH)


TARGET_PORT: Final = 80
"""Port of every target group. It has no effect: ECS registers each task with its container's port. A group whose port
followed the container's would be replaced, and get requests before any task is in it."""
