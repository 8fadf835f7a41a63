"""The ways in to a service: the one that it says itself, and its further routes.

Pure functions: each way in is a target group behind a rule of the shared listener, or behind a listener of its own.
"""

import hashlib
import json
from collections.abc import Iterator, Mapping
from typing import Any, Final, NamedTuple, cast

from ..balancing import listener_rules
from ..common.arguments import complete
from .routing_args import (
    DATAGRAMS,
    NETWORK_LISTENER_DEFAULTS,
    WAY_IN_DEFAULTS,
    HealthCheck,
    ListenerProtocol,
    NetworkListenerArgs,
    RouteArgs,
    RoutingChoices,
    WayInChoices,
    health_check_path,
)
from .target_args import ProtocolVersion, matcher

MAIN: Final = ""
"""Key of the way in that the service itself says, among its routes."""

_LONGEST_NAME: Final = 24
"""Characters of a target group's name: AWS allows 32, and the engine adds eight."""

HEALTH_CHECKS_LABEL: Final = "container-platform.health-checks"
"""Label of a container that says with which health checks it was deployed, where a path alone does not say it."""


class Check(NamedTuple):
    """What a load balancer asks a task for, and what it takes for healthy."""

    path: str
    """Empty where only the port is connected to."""
    matcher: str
    port: int = 0
    """0 is the port for requests."""


class WayIn(NamedTuple):
    """One way in."""

    route: str
    """Its key among the service's routes; `MAIN` for the service's own."""
    name: str
    """Name of the service, with that of the route after a dot."""
    port: int | str
    chosen: WayInChoices
    """What is chosen of it, completed."""
    check: Check

    @property
    def listener(self) -> NetworkListenerArgs | None:
        """Its listener on a Network Load Balancer, completed; none for a rule."""
        given = self.chosen.get("network_listener")
        return complete(NetworkListenerArgs, given, NETWORK_LISTENER_DEFAULTS) if given else None

    @property
    def version(self) -> ProtocolVersion:
        """What is spoken with the tasks."""
        return ProtocolVersion(self.chosen["protocol_version"])

    @property
    def priority(self) -> int:
        """Priority of its rule."""
        return listener_rules.priority(self.name, self.asked, self.chosen.get("priority"))

    @property
    def asked(self) -> listener_rules.Conditions:
        """The requests that its rule takes."""
        return listener_rules.conditions(self.chosen["hosts"], self.chosen["paths"], self.chosen["headers"])

    @property
    def entrance_name(self) -> str:
        """Name that its rule or listener has as a resource if another service may take it over."""
        listener = self.listener
        return f"port-{int(listener['port'])}" if listener else f"priority-{self.priority}"

    @property
    def group_protocol(self) -> str:
        """Protocol of its target group."""
        listener = self.listener
        if listener is None:
            return "HTTP"
        protocol = ListenerProtocol(listener["protocol"])
        return "TCP" if protocol is ListenerProtocol.TLS else protocol.value

    @property
    def transports(self) -> tuple[str, ...]:
        """By which of tcp and udp requests come."""
        return {"UDP": ("udp",), "TCP_UDP": ("tcp", "udp")}.get(self.group_protocol, ("tcp",))

    @property
    def target_group_name(self) -> str:
        """Name of its target group as a resource. One for another protocol version stands beside the earlier one."""
        return target_group_name(self.name, self.version)


def target_group_name(name: str, version: ProtocolVersion) -> str:
    """Return the name of a target group, whose start it is in AWS too.

    The end of any but the plain one keeps it from being that of a service of another name.
    """
    if "." not in name and version is ProtocolVersion.HTTP1:
        return name[:_LONGEST_NAME].rstrip("-")
    whole = name if version is ProtocolVersion.HTTP1 else f"{name}.{version.value.lower()}"
    start = whole.replace(".", "-")[: _LONGEST_NAME - 7].rstrip("-")
    return f"{start}-{hashlib.sha256(whole.encode()).hexdigest()[:6]}"


def ways_in(name: str, values: RoutingChoices) -> list[WayIn]:
    """Return every way in, the service's own first.

    Args:
        name: name of the component.
        values: its arguments, completed.
    """
    port, said = values["container_port"], cast(Mapping[str, Any], values)
    own: Any = {**{key: said[key] for key in RouteArgs.__annotations__ if key in said}, "port": port}
    routes = values["routes"]
    further = [_way_in(route, f"{name}.{route}", routes[route], port) for route in sorted(routes)]
    return [_way_in(MAIN, name, own, port), *further]


def _way_in(route: str, name: str, given: RouteArgs, port: int) -> WayIn:
    chosen = complete(RouteArgs, given, WAY_IN_DEFAULTS)
    version = ProtocolVersion(chosen["protocol_version"])
    listener = chosen.get("network_listener")
    by_http = listener is None or HealthCheck(listener.get("health_check", HealthCheck.HTTP)) is HealthCheck.HTTP
    check = chosen["health_check"]
    path = health_check_path(chosen.get("health_check_path"), version) if by_http else ""
    asked = Check(path, matcher(check, version) if by_http else "", int(check.get("port", 0)))
    return WayIn(route, name, chosen.get("port", port), chosen, asked)


class Opening(NamedTuple):
    """A port of the tasks that a load balancer reaches."""

    network: bool
    """Whether it is the Network Load Balancer."""
    port: int
    transport: str


def openings(ways: list[WayIn], ports: Mapping[int | str, int]) -> Iterator[Opening]:
    """Yield each port of the tasks that a load balancer must reach, once.

    Args:
        ways: the ways in.
        ports: number of each port that they name.
    """
    found: dict[Opening, None] = {}
    for way in ways:
        network = way.listener is not None
        for transport in way.transports:
            found[Opening(network, ports[way.port], transport)] = None
        if way.check.port or "tcp" not in way.transports:
            found[Opening(network, way.check.port or ports[way.port], "tcp")] = None
    yield from found


def labels(ways: list[WayIn]) -> dict[str, str]:
    """Return the label that says with which health checks a task was deployed; none where its path alone says it."""
    if len(ways) == 1 and ways[0].check[1:] in (("200", 0), ("", 0)):
        return {}
    return {HEALTH_CHECKS_LABEL: json.dumps({way.route: list(way.check) for way in ways}, sort_keys=True)}


def datagrams(way: WayIn) -> bool:
    """Return whether datagrams come in."""
    listener = way.listener
    return listener is not None and ListenerProtocol(listener["protocol"]) in DATAGRAMS
