"""What a service needs of the load balancers in front of it."""

from collections.abc import Callable, Iterator, Mapping
from operator import itemgetter
from typing import Any, NamedTuple, NotRequired, TypedDict

import pulumi

import settings
from components import Service
from components.balancing import listener_rules
from components.common.arguments import complete
from components.services.args import MovingArgs, target_type
from components.services.routing_args import (
    MOST_TARGET_GROUPS,
    SERVICE_ROUTING_DEFAULTS,
    WAY_IN_DEFAULTS,
    RoutingChoices,
)
from components.services.ways_in import WayIn, ways_in
from components.tasks.args import PORT_DEFAULTS
from outputs.services import RouteOutputs
from settings.problems import Path
from settings.rules import rules

from .balancing import Balancers
from .checked_paths import Checked, cut_off, earlier, moving


class Routing(NamedTuple):
    """The ways in to a service."""

    chosen: RoutingChoices
    ways: list[WayIn]


class Links(TypedDict):
    """What ties the ways in to the load balancers."""

    named_by_entrance: bool
    load_balancer_security_group_id: pulumi.Input[str]
    listener_arn: NotRequired[pulumi.Input[str]]
    network_load_balancer_arn: NotRequired[pulumi.Input[str]]
    network_load_balancer_security_group_id: NotRequired[pulumi.Input[str]]


def routing(name: str, service: settings.WebService) -> Routing:
    """Return what the settings say of the ways in to a service."""
    chosen = service.given(RoutingChoices)
    # The settings name the configuration keys of secrets; the component takes the secrets.
    for way in (chosen, *chosen["routes"].values()):
        login: Any = way.get("authentication", {}).get("oidc")
        if login:
            login["client_secret"] = settings.secret(login.pop("client_secret_key"))
    return Routing(chosen, ways_in(name, complete(RoutingChoices, chosen, *_DEFAULTS)))


_DEFAULTS: tuple[Mapping[str, object], ...] = (PORT_DEFAULTS, WAY_IN_DEFAULTS, SERVICE_ROUTING_DEFAULTS)


def links(ways: list[WayIn], balancers: Balancers) -> Links:
    """Return the load balancers that the ways in are at."""
    of_requests, connections = balancers.requests, balancers.connections
    found: Links = {
        "named_by_entrance": True,
        "load_balancer_security_group_id": of_requests.security_group_id,
    }
    if any(way.listener is None for way in ways):
        found["listener_arn"] = of_requests.listener_arn
    if connections and any(way.listener for way in ways):
        found["network_load_balancer_arn"] = connections.arn
        found["network_load_balancer_security_group_id"] = connections.security_group_id
    return found


def checks_of_earlier_tasks(
    name: str,
    ways: list[WayIn],
    service: settings.WebService,
    there: Checked | None,
    runs: Callable[[], str | None],
) -> dict[str, tuple[str, str, int]]:
    """Return what the load balancer goes on asking tasks for, and say so."""
    found: dict[str, tuple[str, str, int]] = {}
    for way in ways:
        asked = earlier(there, way, target_type(service.network_mode), runs)
        if asked is None:
            continue
        found[way.route] = asked
        if asked.path != way.check.path:
            setting, now, then = "healthCheckPath", asked.path or "a connection", way.check.path
        else:
            setting, now, then = "healthCheck", _shown(asked), _shown(way.check)
        pulumi.log.warn(
            f"services.{name}.{f'routes.{way.route}.' if way.route else ''}{setting}: the load balancer goes on asking "
            f"for {now}, which the running tasks answer. New ones must answer it and {then}; once they run, the next "
            "run asks for that."
        )
    return found


def _shown(check: Any) -> str:
    port = f" on port {check.port}" if check.port else ""
    return f"{check.path or 'a connection'}{port} with {check.matcher or 'any answer'}"


def free_priorities(platform: settings.Platform) -> Iterator[int]:
    """Yield priorities that no rule has, the last ones first."""
    used = {rule.priority for rule in rules(platform)}
    yield from (number for number in range(listener_rules.LAST_PRIORITY - 1, 0, -1) if number not in used)


def ways_that_move(
    name: str, ways: list[WayIn], there: Checked | None, free: Iterator[int], *, protect: bool
) -> dict[str, MovingArgs]:
    """Return the ways in whose requests must wait for new tasks, and say so.

    Raises:
        pulumi.RunError: for the time being there would be too many target groups, or a port would serve nobody.
    """
    path: Path
    for way in cut_off(there, ways):
        path = ("services", name, *(("routes", way.route) if way.route else ()), "networkListener", "protocol")
        advice = (
            "gives the port another target group, and nothing answers there until new tasks run. To change it without "
            "that, add a route with a networkListener of another port, and remove this one later."
        )
        if protect:
            raise settings.refusal([settings.Problem(path, way.group_protocol, advice)])
        pulumi.log.warn(f"{'.'.join(map(str, path))}: {way.group_protocol} {advice}")
    found = moving(there, ways, free)
    extra = [route for route, one in found.items() if "earlier_version" in one]
    if len(ways) + len(extra) > MOST_TARGET_GROUPS:
        advice = (
            f"needs a target group beside the earlier one while tasks move, and ECS takes {MOST_TARGET_GROUPS} for a "
            "service. Change one way in at a time, or remove a route first."
        )
        path = ("services", name, *(("routes", extra[-1]) if extra[-1] else ()), "protocolVersion")
        raise settings.refusal([settings.Problem(path, None, advice)])
    for route, one in found.items():
        at = f"services.{name}{f'.routes.{route}' if route else ''}"
        if "earlier_version" in one:
            earlier_version = one["earlier_version"].value
            pulumi.log.warn(
                f"{at}.protocolVersion: requests go to the running tasks until new ones serve, which must answer the "
                f"health checks of {earlier_version} too. The next run takes the earlier target group away."
            )
        else:
            pulumi.log.warn(
                f"{at}: requests go there once tasks serve that have it. The next run takes the rule away that waits "
                "for them."
            )
    return found


def endpoint(way: WayIn, balancers: Balancers) -> pulumi.Input[str]:
    """Return name and port on the network load balancer; empty for a way in that is not there."""
    if not (way.listener and balancers.connections):
        return ""
    return pulumi.Output.concat(balancers.connections.dns_name, ":", str(way.listener["port"]))


def outputs(made: Service, ways: list[WayIn], balancers: Balancers) -> Mapping[str, RouteOutputs]:
    """Return what is published of the further ways in to a service."""
    return {
        way.route: {
            "targetGroupArn": made.target_group_arns.apply(itemgetter(way.route)),
            "networkEndpoint": endpoint(way, balancers),
        }
        for way in ways
        if way.route
    }
