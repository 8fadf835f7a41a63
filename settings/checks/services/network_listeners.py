"""What can be wrong with the network load balancer and the listeners that services have on it."""

from collections.abc import Iterator

from components.services.args import ListenerProtocol, NetworkMode

from ...platform import Platform
from ...problems import Path, Problem
from ...sections.balancing import NetworkListener
from ...sections.services import Service
from ..network import range_list_problems

_BALANCER = ("networkLoadBalancer",)


def network_listener_problems(platform: Platform) -> Iterator[Problem]:
    """Find what is wrong with the network load balancer, and between it and the services behind it."""
    yield from _balancer_problems(platform)
    taken: dict[int, str] = {}
    for name, service in platform.services.items():
        if (listener := service.network_listener) is None:
            continue
        path = ("services", name, "networkListener")
        if platform.network_load_balancer is None:
            advice = "needs a load balancer: add `networkLoadBalancer: {}` beside services"
            yield Problem(path, None, advice, (_BALANCER,))
        yield from _listener_problems(path, listener)
        if service.network_mode is NetworkMode.BRIDGE:
            advice = "has tasks of its own address only: bridge tasks are reached through their instances, which admit "
            advice += "the other load balancer; take networkMode out, or this"
            yield Problem(path, None, advice, (("services", name, "networkMode"),))
        yield from _rule_left_over(("services", name), service)
        other = taken.setdefault(listener.port, name)
        if other != name:
            advice = f"{other} listens there: a port of the network load balancer has one service"
            yield Problem((*path, "port"), listener.port, advice, (("services", other, "networkListener"),))


def _balancer_problems(platform: Platform) -> Iterator[Problem]:
    balancer = platform.network_load_balancer
    if balancer is None:
        return
    yield from range_list_problems((*_BALANCER, "allowedCidrBlocks"), balancer.allowed_cidr_blocks or [])
    if not balancer.static_addresses:
        return
    path = (*_BALANCER, "staticAddresses")
    if balancer.internal:
        advice = "are addresses of the internet, which an internal load balancer has none of: keep one of the two"
        yield Problem(path, True, advice, ((*_BALANCER, "internal"),))
    elif (existing := platform.network.existing) and not existing.public_subnet_ids:
        advice = "belong to subnets, one to each in their order: name them in network.existing.publicSubnetIds"
        yield Problem(path, True, advice, (("network", "existing"),))


def _listener_problems(path: Path, listener: NetworkListener) -> Iterator[Problem]:
    at = (*path, "certificateArn")
    ends_tls = listener.protocol is ListenerProtocol.TLS
    if ends_tls and listener.certificate_arn is None:
        yield Problem(at, None, "is missing: protocol: TLS needs a certificate", ((*path, "protocol"),))
    if not ends_tls and listener.certificate_arn is not None:
        advice = "belongs to protocol: TLS; with TCP the task has the certificate: take it out here"
        yield Problem(at, listener.certificate_arn, advice, ((*path, "protocol"),))


def _rule_left_over(path: Path, service: Service) -> Iterator[Problem]:
    advice = "is for a rule on the other load balancer: a networkListener takes every connection to its port"
    rule = {"hosts": service.hosts, "paths": service.paths, "headers": service.headers, "priority": service.priority}
    for key, value in rule.items():
        if value:
            yield Problem((*path, key), value, advice, ((*path, "networkListener"),))
