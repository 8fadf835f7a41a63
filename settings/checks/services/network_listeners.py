"""Mistakes in the listeners that services have on the network load balancer."""

from collections.abc import Iterator

from components.services.routing_args import ListenerProtocol
from components.tasks.args import NetworkMode

from ...platform import Platform
from ...problems import Path, Problem
from ...sections.routing import NetworkListener
from ...sections.services import WebService

_BALANCER = ("networkLoadBalancer",)


def network_listener_problems(platform: Platform) -> Iterator[Problem]:
    """Find mistakes in these listeners, and between them and the services that they belong to."""
    taken: dict[int, str] = {}
    for name, service in platform.web_services.items():
        if (listener := service.network_listener) is None:
            continue
        path = ("services", name, "networkListener")
        if platform.network_load_balancer is None:
            advice = "needs a network load balancer. Add `networkLoadBalancer: {}` next to services."
            yield Problem(path, None, advice, (_BALANCER,))
        yield from _listener_problems(path, listener)
        if service.network_mode is NetworkMode.BRIDGE:
            advice = (
                "needs tasks with an address of their own. Bridge tasks are reached through their instances, which "
                "admit the other load balancer only. Remove networkMode or networkListener."
            )
            yield Problem(path, None, advice, (("services", name, "networkMode"),))
        yield from _rule_left_over(("services", name), service)
        other = taken.setdefault(listener.port, name)
        if other != name:
            advice = f"is used by {other}. Choose another port: each port of the network load balancer has one service."
            yield Problem((*path, "port"), listener.port, advice, (("services", other, "networkListener"),))


def _listener_problems(path: Path, listener: NetworkListener) -> Iterator[Problem]:
    at = (*path, "certificateArn")
    ends_tls = listener.protocol is ListenerProtocol.TLS
    if ends_tls and listener.certificate_arn is None:
        yield Problem(at, None, "is missing. protocol: TLS needs a certificate.", ((*path, "protocol"),))
    if not ends_tls and listener.certificate_arn is not None:
        advice = (
            "has no effect with protocol: TCP, where the task has the certificate. Remove it, or set protocol: TLS."
        )
        yield Problem(at, listener.certificate_arn, advice, ((*path, "protocol"),))


def _rule_left_over(path: Path, service: WebService) -> Iterator[Problem]:
    advice = (
        "applies to a rule on the other load balancer only. A networkListener takes every connection to its port. "
        "Remove one of the two."
    )
    rule = {"hosts": service.hosts, "paths": service.paths, "headers": service.headers, "priority": service.priority}
    for key, value in rule.items():
        if value:
            yield Problem((*path, key), value, advice, ((*path, "networkListener"),))
