"""What a target group is made from: how requests and connections are passed on to tasks, and how tasks are checked."""

from enum import Enum
from typing import Final, TypedDict


class ProtocolVersion(str, Enum):
    """What the load balancer speaks with the tasks."""

    HTTP1 = "HTTP1"
    HTTP2 = "HTTP2"
    GRPC = "GRPC"


class Algorithm(str, Enum):
    """Which task gets the next request."""

    ROUND_ROBIN = "round_robin"
    LEAST_OUTSTANDING_REQUESTS = "least_outstanding_requests"
    WEIGHTED_RANDOM = "weighted_random"


class HealthCheckArgs(TypedDict, total=False):
    """How the load balancer checks a task (Elastic Load Balancing API, CreateTargetGroup)."""

    interval_seconds: int
    """Seconds from one check to the next, 5 to 300. Defaults to 30."""
    timeout_seconds: int
    """Seconds that a task has to answer, 2 to 120, and less than the interval. Defaults to 5; with a shorter interval,
    to one less than that."""
    healthy_threshold: int
    """Checks in a row that a new task must pass before it gets requests, 2 to 10. Defaults to 2."""
    unhealthy_threshold: int
    """Checks in a row that a task must fail to be replaced, 2 to 10. Defaults to 3."""
    matcher: str
    """Answers that mean healthy: `200`, `200,204` or `200-299`; of gRPC its codes, 0 to 99. Like the path, it changes
    only when tasks that were deployed with it run. Defaults to 200, and to 0 for gRPC."""
    port: int
    """TCP port that is checked instead of the one for requests, for a way in whose own cannot be: UDP. Defaults to the
    same."""


class StickySessionsArgs(TypedDict, total=False):
    """How a client stays with one task. Behind a `network_listener` its address decides, and there is no cookie."""

    cookie_seconds: int
    """Seconds after a client's last request for which it is still sent to its task, 1 to 604800. Defaults to one day,
    86400."""
    cookie_name: str
    """Name of the application's own cookie: a client that has it stays, also with a cookie of the load balancer.
    Defaults to none: the load balancer's cookie alone decides."""


class TargetChoices(TypedDict, total=False):
    """What a person chooses of one way in to a service, whichever load balancer it is at."""

    protocol_version: ProtocolVersion
    """What the load balancer speaks with the tasks: HTTP1, HTTP2 (clients with HTTP/1.1 get errors) or GRPC. The last
    two need HTTPS. Defaults to HTTP1."""
    health_check: HealthCheckArgs
    """How the load balancer checks tasks. Defaults to the defaults of each."""
    deregistration_delay_seconds: int
    """Seconds that requests and connections which have begun get to end, after a task gets no new ones; 0 to 3600. ECS
    stops the task after that. Defaults to 60."""
    sticky_sessions: StickySessionsArgs
    """Keep each client at one task; `{}` takes every default. Defaults to none."""
    algorithm: Algorithm
    """Which task gets the next request: round_robin, least_outstanding_requests, or weighted_random. Defaults to
    round_robin."""
    slow_start_seconds: int
    """Seconds in which a new task gets a growing share of the requests, 30 to 900; 0 is none. Only with round_robin.
    Defaults to 0."""


TARGET_DEFAULTS: Final[TargetChoices] = {
    "protocol_version": ProtocolVersion.HTTP1,
    "health_check": {},
    "deregistration_delay_seconds": 60,
    "algorithm": Algorithm.ROUND_ROBIN,
    "slow_start_seconds": 0,
}

INTERVAL_SECONDS: Final = 30
TIMEOUT_SECONDS: Final = 5
HEALTHY_THRESHOLD: Final = 2
UNHEALTHY_THRESHOLD: Final = 3
COOKIE_SECONDS: Final = 86_400

GRPC_HEALTH_PATH: Final = "/grpc.health.v1.Health/Check"
"""The method of gRPC's own health checking protocol, which servers of every language offer."""


def timeout_seconds(check: HealthCheckArgs) -> int:
    """Return how long a task has to answer a check."""
    interval = check.get("interval_seconds", INTERVAL_SECONDS)
    return check.get("timeout_seconds", min(TIMEOUT_SECONDS, interval - 1))


def matcher(check: HealthCheckArgs, version: ProtocolVersion) -> str:
    """Return which answers mean healthy."""
    return check.get("matcher", "0" if version is ProtocolVersion.GRPC else "200")
