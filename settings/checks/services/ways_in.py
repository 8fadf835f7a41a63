"""Checks of the ways in to a service: its own and its further routes, and the target groups and logins of each."""

import re
from collections.abc import Iterator

from components.services import target_args
from components.services.routing_args import DATAGRAMS, MOST_TARGET_GROUPS, HealthCheck, ListenerProtocol
from components.services.target_args import Algorithm, HealthCheckArgs, ProtocolVersion
from components.tasks.args import NetworkMode

from ...platform import Platform
from ...problems import Path, Problem
from ...sections.balancing import LoadBalancer
from ...sections.login import Authentication
from ...sections.routing import NetworkListener, Route, WayIn
from ...sections.services import WebService
from ...surroundings import Surroundings

_BALANCER = ("networkLoadBalancer",)
_HTTPS: tuple[Path, ...] = (("loadBalancer", "domain"), ("loadBalancer", "certificateArns"))


def way_in_problems(platform: Platform, surroundings: Surroundings) -> Iterator[Problem]:
    """Find mistakes in every way in, and between them."""
    for name, service in platform.web_services.items():
        path: Path = ("services", name)
        if len(service.routes) >= MOST_TARGET_GROUPS:
            advice = (
                f"are {len(service.routes)}, but ECS takes {MOST_TARGET_GROUPS} target groups for a service, one of "
                "them its own: at most 4 routes. Remove one, or move some to another service."
            )
            yield Problem((*path, "routes"), None, advice)
        for route, way in service.ways_in.items():
            at = (*path, "routes", route) if route else path
            if isinstance(way, Route):
                yield from _port_problems(at, way, service)
            yield from _listener_problems(at, way, service, platform)
            yield from _check_problems(at, way)
            if way.health_check.port and service.network_mode is NetworkMode.BRIDGE:
                advice = (
                    "cannot be reached in bridge mode, where each port of a task is any free one of the instance. "
                    "Remove it, or choose networkMode: awsvpc."
                )
                mode = (("services", name, "networkMode"),)
                yield Problem((*at, "healthCheck", "port"), way.health_check.port, advice, mode)
            yield from _protocol_problems(at, way, platform.load_balancer)
            yield from _sticky_problems(at, way)
            if way.authentication:
                yield from _login_problems(at, way, way.authentication, platform, surroundings)
    yield from _shared_ports(platform)


def _port_problems(path: Path, way: Route, service: WebService) -> Iterator[Problem]:
    known = service.named_ports
    if isinstance(way.port, str) and way.port not in known:
        listed = ", ".join(known) or "none"
        advice = f"is not the name of a port; the task's ports have {listed}. Name one of them, or give its number."
        yield Problem((*path, "port"), way.port, advice, (("services", path[1], "ports"),))
    if isinstance(way.port, int) and way.port != service.container_port and way.port not in known.values():
        advice = (
            f"is no port of the task, which has {', '.join(map(str, [service.container_port, *known.values()]))}. Add "
            "it to ports, or name one of these."
        )
        yield Problem((*path, "port"), way.port, advice, (("services", path[1], "ports"),))


def _listener_problems(path: Path, way: WayIn, service: WebService, platform: Platform) -> Iterator[Problem]:
    listener, at = way.network_listener, (*path, "networkListener")
    if listener is None:
        return
    if platform.network_load_balancer is None:
        advice = "needs a network load balancer. Add `networkLoadBalancer: {}` next to services."
        yield Problem(at, None, advice, (_BALANCER,))
    yield from _encryption_problems(at, listener)
    yield from _datagram_problems(path, way, listener)
    if "idle_timeout_seconds" in listener.model_fields_set and listener.protocol is not ListenerProtocol.TCP:
        kept = {ListenerProtocol.TLS: "AWS keeps 350 seconds for TLS", ListenerProtocol.UDP: "AWS keeps 120 for UDP"}
        why = kept.get(listener.protocol, "the AWS provider sets it for TCP only (its issue 50100)")
        advice = f"applies to protocol: TCP only; {why}. Remove it."
        others = ((*at, "protocol"),)
        yield Problem((*at, "idleTimeoutSeconds"), listener.idle_timeout_seconds, advice, others)
    if service.network_mode is NetworkMode.BRIDGE:
        advice = (
            "needs tasks with an address of their own. Bridge tasks are reached through their instances, which "
            "admit the other load balancer only. Remove networkMode or networkListener."
        )
        yield Problem(at, None, advice, (("services", path[1], "networkMode"),))
    yield from _of_requests_left_over(path, way)


def _encryption_problems(path: Path, listener: NetworkListener) -> Iterator[Problem]:
    at, protocol = (*path, "certificateArn"), listener.protocol.value
    ends_tls = listener.protocol is ListenerProtocol.TLS
    if ends_tls and listener.certificate_arn is None:
        yield Problem(at, None, "is missing. protocol: TLS needs a certificate.", ((*path, "protocol"),))
    if not ends_tls and listener.certificate_arn is not None:
        whose = "where the task has the certificate" if listener.protocol is ListenerProtocol.TCP else "without TLS"
        advice = f"has no effect with protocol: {protocol}, {whose}. Remove it, or set protocol: TLS."
        yield Problem(at, listener.certificate_arn, advice, ((*path, "protocol"),))


def _datagram_problems(path: Path, way: WayIn, listener: NetworkListener) -> Iterator[Problem]:
    if listener.protocol not in DATAGRAMS:
        return
    at = (*path, "networkListener")
    if "preserve_client_ip" in listener.model_fields_set and not listener.preserve_client_ip:
        advice = "cannot be false with UDP, where tasks always see the client's address. Remove it."
        yield Problem((*at, "preserveClientIp"), False, advice, ((*at, "protocol"),))
    if listener.protocol is ListenerProtocol.UDP and way.health_check.port is None:
        advice = (
            "is missing. Nothing is checked over UDP: name a TCP port of the task that answers health checks; it may "
            "have the same number."
        )
        yield Problem((*path, "healthCheck", "port"), None, advice, ((*at, "protocol"),))


def _of_requests_left_over(path: Path, way: WayIn) -> Iterator[Problem]:
    """Find what only the other load balancer can do, which reads requests."""
    advice = (
        "applies to a rule on the other load balancer only. A networkListener takes every connection to its port. "
        "Remove one of the two."
    )
    of_rules = {"hosts": way.hosts, "paths": way.paths, "headers": way.headers, "priority": way.priority}
    of_requests = {
        "protocolVersion": None if way.protocol_version is ProtocolVersion.HTTP1 else way.protocol_version.value,
        "algorithm": None if way.algorithm is Algorithm.ROUND_ROBIN else way.algorithm.value,
        "slowStartSeconds": way.slow_start_seconds,
    }
    for key, value in {**of_rules, **of_requests}.items():
        if value:
            yield Problem((*path, key), value, advice, ((*path, "networkListener"),))
    if way.authentication:
        yield Problem((*path, "authentication"), None, advice, ((*path, "networkListener"),))


def _check_problems(path: Path, way: WayIn) -> Iterator[Problem]:
    given, at = way.health_check, (*path, "healthCheck")
    check = given.given(HealthCheckArgs)
    interval, timeout = check.get("interval_seconds", target_args.INTERVAL_SECONDS), target_args.timeout_seconds(check)
    others: tuple[Path, ...] = ((*at, "intervalSeconds"), (*at, "timeoutSeconds"))
    if timeout >= interval:
        advice = f"must be less than intervalSeconds, {interval}. Lower it, or raise intervalSeconds."
        yield Problem((*at, "timeoutSeconds"), timeout, advice, others)
    listener = way.network_listener
    by_http = listener is None or listener.health_check is HealthCheck.HTTP
    if given.matcher is not None:
        yield from _matcher_problems(path, way, given.matcher, by_http=by_http)
    if listener is not None and not by_http and way.health_check_path is not None and isinstance(way, Route):
        advice = "has no effect with healthCheck: TCP, which only connects. Remove it, or set healthCheck: HTTP."
        here = (*path, "networkListener", "healthCheck")
        yield Problem((*path, "healthCheckPath"), way.health_check_path, advice, (here,))
    grpc = way.protocol_version is ProtocolVersion.GRPC
    if grpc and way.health_check_path and not re.fullmatch(r"/[^/?]+/[^/?]+", way.health_check_path):
        advice = (
            "must be a method, /package.service/method, with protocolVersion: GRPC. Remove it to ask for "
            f"{target_args.GRPC_HEALTH_PATH}."
        )
        yield Problem((*path, "healthCheckPath"), way.health_check_path, advice, ((*path, "protocolVersion"),))


def _matcher_problems(path: Path, way: WayIn, matcher: str, *, by_http: bool) -> Iterator[Problem]:
    at = (*path, "healthCheck", "matcher")
    others: tuple[Path, ...] = ((*path, "protocolVersion"), (*path, "networkListener"))
    if not by_http:
        advice = "has no effect with healthCheck: TCP, which gets no answer. Remove it, or set healthCheck: HTTP."
        yield Problem(at, matcher, advice, others)
        return
    least, most, what = 200, 499, "an HTTP status from 200 to 499"
    if way.protocol_version is ProtocolVersion.GRPC:
        least, most, what = 0, 99, "a code of gRPC from 0 to 99"
    elif way.network_listener:
        most, what = 599, "an HTTP status from 200 to 599"
    for part in matcher.split(","):
        codes = [int(code) for code in part.split("-")]
        if not all(least <= code <= most for code in codes):
            yield Problem(at, matcher, f"has {part}, but each must be {what}. Change it.", others)
        elif codes != sorted(codes):
            yield Problem(at, matcher, f"has {part}, which ends before it begins. Swap the two.", others)


def _protocol_problems(path: Path, way: WayIn, balancer: LoadBalancer) -> Iterator[Problem]:
    if way.protocol_version is ProtocolVersion.HTTP1 or way.network_listener:
        return
    at, version = (*path, "protocolVersion"), way.protocol_version.value
    if not _may_be_https(balancer):
        advice = "needs HTTPS. Add loadBalancer.domain or certificateArns, or remove it."
        yield Problem(at, version, advice, (*_HTTPS, ("loadBalancer", "existing")))
    if way.authentication:
        advice = (
            f"conflicts with protocolVersion: {version}, with which a load balancer only passes requests on. Remove "
            "one of the two."
        )
        yield Problem((*path, "authentication"), None, advice, (at,))


def _may_be_https(balancer: LoadBalancer) -> bool:
    return bool(balancer.domain or balancer.certificate_arns or balancer.existing)


def _sticky_problems(path: Path, way: WayIn) -> Iterator[Problem]:
    at, sticky = (*path, "stickySessions"), way.sticky_sessions
    if way.slow_start_seconds and way.algorithm is not Algorithm.ROUND_ROBIN:
        advice = f"needs algorithm: round_robin, but it is {way.algorithm.value}. Remove one of the two."
        yield Problem((*path, "slowStartSeconds"), way.slow_start_seconds, advice, ((*path, "algorithm"),))
    if 0 < way.slow_start_seconds < 30:
        yield Problem((*path, "slowStartSeconds"), way.slow_start_seconds, "must be 0 for none, or from 30 to 900")
    if sticky is None or way.network_listener is None:
        return
    for key, value in (("cookieSeconds", sticky.cookie_seconds), ("cookieName", sticky.cookie_name)):
        if value is not None:
            advice = (
                "needs the other load balancer, which reads requests. At a networkListener the client's address "
                "decides: use `stickySessions: {}`."
            )
            yield Problem((*at, key), value, advice, ((*path, "networkListener"),))
    if way.network_listener.protocol is ListenerProtocol.TLS:
        advice = "is not offered with protocol: TLS. Remove it, or let the task end TLS, with protocol: TCP."
        yield Problem(at, None, advice, ((*path, "networkListener", "protocol"),))


def _login_problems(
    path: Path, way: WayIn, login: Authentication, platform: Platform, surroundings: Surroundings
) -> Iterator[Problem]:
    at, balancer = (*path, "authentication"), platform.load_balancer
    if (login.oidc is None) == (login.cognito is None):
        advice = "needs oidc or cognito. Add one." if login.oidc is None else "has oidc and cognito. Remove one."
        yield Problem(at, None, advice, ((*at, "oidc"), (*at, "cognito")))
    if not _may_be_https(balancer) and way.network_listener is None:
        advice = (
            "needs HTTPS, since a session over HTTP could be stolen. Add loadBalancer.domain or certificateArns, or "
            "remove it."
        )
        yield Problem(at, None, advice, _HTTPS)
    network = platform.network
    if balancer.internal and not network.existing and network.nat_gateways.value == "none":
        advice = (
            "lets the load balancer ask the identity provider, which an internal one can only through a NAT gateway. "
            "Choose natGateways: single, or remove it."
        )
        yield Problem(at, None, advice, (("network", "natGateways"), ("loadBalancer", "internal")))
    if login.oidc is None:
        return
    if surroundings.find_secret and surroundings.find_secret(login.oidc.client_secret_key) is None:
        key = login.oidc.client_secret_key
        advice = f"is not in the configuration. Run: pulumi config set --secret container-platform:{key}"
        yield Problem((*at, "oidc", "clientSecretKey"), key, advice)
    if "openid" not in login.oidc.scope.split():
        advice = "lacks openid, without which there is no login. Add it: openid email."
        yield Problem((*at, "oidc", "scope"), login.oidc.scope, advice)


def _shared_ports(platform: Platform) -> Iterator[Problem]:
    """Find ports of the network load balancer that two ways in would have."""
    taken: dict[int, tuple[str, Path]] = {}
    for name, service in platform.web_services.items():
        for route, way in service.ways_in.items():
            if (listener := way.network_listener) is None:
                continue
            path: Path = ("services", name, *(("routes", route) if route else ()), "networkListener")
            label, other = taken.setdefault(listener.port, (f"{name}'s route {route}" if route else name, path))
            if other != path:
                advice = (
                    f"is used by {label}. Choose another port: each port of the network load balancer has one service."
                )
                yield Problem((*path, "port"), listener.port, advice, (other,))
