"""The sections of the settings for the requests that reach a service."""

from typing import Annotated, ClassVar

from pydantic import Field

from components.services import listener_rules
from components.services.routing_args import (
    NETWORK_LISTENER_DEFAULTS,
    ROUTING_DEFAULTS,
    HealthCheck,
    ListenerProtocol,
    NetworkListenerArgs,
    RoutingChoices,
)
from components.tasks.args import PORT_DEFAULTS

from ..arns import CertificateArn
from ..kinds import HeaderName, HeaderValue, HealthPath, HostPattern, PathPattern, Port
from ..section import Section


class NetworkListener(Section):
    """A service's own listener on the network load balancer."""

    arguments_class = NetworkListenerArgs
    port: Port
    protocol: ListenerProtocol = NETWORK_LISTENER_DEFAULTS["protocol"]
    certificate_arn: CertificateArn | None = None
    health_check: HealthCheck = NETWORK_LISTENER_DEFAULTS["health_check"]
    preserve_client_ip: bool = NETWORK_LISTENER_DEFAULTS["preserve_client_ip"]


class Routed(Section):
    """Which requests reach a service, and where its tasks answer them."""

    arguments_class: ClassVar[type | None] = RoutingChoices
    container_port: Port = PORT_DEFAULTS["container_port"]
    health_check_path: HealthPath = PORT_DEFAULTS["health_check_path"]
    hosts: list[HostPattern] = ROUTING_DEFAULTS["hosts"]
    paths: list[PathPattern] = ROUTING_DEFAULTS["paths"]
    headers: dict[HeaderName, Annotated[list[HeaderValue], Field(min_length=1)]] = ROUTING_DEFAULTS["headers"]
    network_listener: NetworkListener | None = None
    priority: Annotated[int, Field(ge=1, le=listener_rules.LAST_PRIORITY)] | None = None
