"""What a service says of the requests that reach it."""

from enum import Enum
from typing import Final, TypedDict

from ..tasks.args import PortChoices


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


class RoutingChoices(PortChoices, total=False):
    """What a person chooses of the way from a load balancer to the tasks."""

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


ROUTING_DEFAULTS: Final[RoutingChoices] = {"hosts": [], "paths": [], "headers": {}}


TARGET_PORT: Final = 80
"""Port of every target group. It has no effect: ECS registers each task with its container's port. A group whose port
followed the container's would be replaced, and get requests before any task is in it."""
