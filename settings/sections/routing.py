"""The sections of the settings for the requests that reach a service."""

from typing import Annotated, ClassVar

from pydantic import Field

from components.services.routing_args import (
    NETWORK_LISTENER_DEFAULTS,
    SERVICE_ROUTING_DEFAULTS,
    WAY_IN_DEFAULTS,
    HealthCheck,
    ListenerProtocol,
    NetworkListenerArgs,
    RouteArgs,
    RoutingChoices,
    WayInChoices,
    health_check_path,
)
from components.services.target_args import Algorithm, HealthCheckArgs, ProtocolVersion, StickySessionsArgs
from components.tasks.args import PORT_DEFAULTS

from ..arns import CertificateArn
from ..kinds import CookieName, HealthCodes, HealthPath, HostPattern, Name, PathPattern, Port, PortOrName
from ..section import Section
from .login import Authentication
from .rules import Headers, Priority


class NetworkListener(Section):
    """A service's own listener on the network load balancer."""

    arguments_class = NetworkListenerArgs
    port: Port
    protocol: ListenerProtocol = NETWORK_LISTENER_DEFAULTS["protocol"]
    certificate_arn: CertificateArn | None = None
    health_check: HealthCheck = NETWORK_LISTENER_DEFAULTS["health_check"]
    preserve_client_ip: bool = NETWORK_LISTENER_DEFAULTS["preserve_client_ip"]
    # Elastic Load Balancing API, ListenerAttribute.
    idle_timeout_seconds: Annotated[int, Field(ge=60, le=6000)] = NETWORK_LISTENER_DEFAULTS["idle_timeout_seconds"]


class TargetHealthCheck(Section):
    """How the load balancer checks a task; the ranges are those of CreateTargetGroup (Elastic Load Balancing API)."""

    arguments_class = HealthCheckArgs
    interval_seconds: Annotated[int, Field(ge=5, le=300)] | None = None
    timeout_seconds: Annotated[int, Field(ge=2, le=120)] | None = None
    healthy_threshold: Annotated[int, Field(ge=2, le=10)] | None = None
    unhealthy_threshold: Annotated[int, Field(ge=2, le=10)] | None = None
    matcher: HealthCodes | None = None
    port: Port | None = None


class StickySessions(Section):
    """How a client stays with one task."""

    arguments_class = StickySessionsArgs
    cookie_seconds: Annotated[int, Field(ge=1, le=604_800)] | None = None
    cookie_name: CookieName | None = None


class WayIn(Section):
    """One way from a load balancer to the tasks."""

    arguments_class: ClassVar[type | None] = WayInChoices
    hosts: list[HostPattern] = WAY_IN_DEFAULTS["hosts"]
    paths: list[PathPattern] = WAY_IN_DEFAULTS["paths"]
    headers: Headers = WAY_IN_DEFAULTS["headers"]
    network_listener: NetworkListener | None = None
    priority: Priority | None = None
    health_check_path: HealthPath | None = None
    protocol_version: ProtocolVersion = WAY_IN_DEFAULTS["protocol_version"]
    health_check: TargetHealthCheck = TargetHealthCheck()
    # Elastic Load Balancing API, TargetGroupAttribute.
    deregistration_delay_seconds: Annotated[int, Field(ge=0, le=3600)] = WAY_IN_DEFAULTS["deregistration_delay_seconds"]
    sticky_sessions: StickySessions | None = None
    algorithm: Algorithm = WAY_IN_DEFAULTS["algorithm"]
    slow_start_seconds: Annotated[int, Field(ge=0, le=900)] = WAY_IN_DEFAULTS["slow_start_seconds"]
    authentication: Authentication | None = None

    @property
    def checked_path(self) -> str:
        """Path that the load balancer checks."""
        return health_check_path(self.health_check_path, self.protocol_version)


class Route(WayIn):
    """A further way in to a service."""

    arguments_class: ClassVar[type | None] = RouteArgs
    port: PortOrName | None = None


class Routed(WayIn):
    """Which requests reach a service, and where its tasks answer them."""

    arguments_class: ClassVar[type | None] = RoutingChoices
    container_port: Port = PORT_DEFAULTS["container_port"]
    # Amazon ECS API, CreateService.
    health_check_grace_period_seconds: Annotated[int, Field(ge=0, le=2_147_483_647)] = SERVICE_ROUTING_DEFAULTS[
        "health_check_grace_period_seconds"
    ]
    routes: Annotated[
        dict[Name, Route], Field(description="Further ways in by name, at most four. Defaults to none.")
    ] = {}

    @property
    def ways_in(self) -> dict[str, WayIn]:
        """Every way in: by its name among the routes, the service's own by an empty one."""
        return {"": self, **self.routes}
