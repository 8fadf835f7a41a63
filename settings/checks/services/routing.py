"""What can be wrong with the rules by which the shared load balancer chooses a service."""

from collections.abc import Iterator, Mapping

from components.services import listener_rules

from ...problems import Path, Problem
from ...sections.services import Service


def routing_problems(services: Mapping[str, Service]) -> Iterator[Problem]:
    """Find what is wrong with each service's rule, and between the rules."""
    ruled = {name: service for name, service in services.items() if service.network_listener is None}
    for name, service in ruled.items():
        yield from _rule_problems(("services", name), service)
    yield from _order_problems(ruled)


def _rule_problems(path: Path, service: Service) -> Iterator[Problem]:
    others = ((*path, "hosts"), (*path, "headers"))
    values = [*service.hosts, *service.paths, *(one for header in service.headers.values() for one in header)]
    wildcards = sum(value.count("*") + value.count("?") for value in values)
    if len(values) > listener_rules.MOST_VALUES:
        yield Problem(
            (*path, "paths"),
            service.paths,
            f"a listener rule takes at most {listener_rules.MOST_VALUES} hosts, paths and values of headers together, "
            f"not {len(values)}",
            others,
        )
    elif wildcards > listener_rules.MOST_WILDCARDS:
        yield Problem(
            (*path, "paths"),
            service.paths,
            f"a listener rule takes at most {listener_rules.MOST_WILDCARDS} wildcards (* and ?) in its hosts, paths "
            f"and headers together, not {wildcards}",
            others,
        )
    seen: dict[str, str] = {}
    for header in service.headers:
        if header.lower() == "host":
            yield Problem((*path, "headers", header), None, "is what hosts is for: put the names there")
        first = seen.setdefault(header.lower(), header)
        if first != header:
            yield Problem(
                (*path, "headers", header), None, f"is {first} again, case does not matter: put them together"
            )


def _order_problems(services: Mapping[str, Service]) -> Iterator[Problem]:
    """Find rules of one priority, and rules that no request can reach."""
    taken: dict[int, str] = {}
    for name, service in services.items():
        priority = _priority(name, service)
        other = taken.setdefault(priority, name)
        if other != name:
            yield Problem(
                ("services", name, "priority"),
                priority,
                f"{other} has the same: give one of them another number from 1 to {listener_rules.LAST_PRIORITY}",
                (("services", other, "priority"),),
            )
    asked = {name: _asked(services[name]) for name in taken.values()}
    in_order = [(priority, taken[priority]) for priority in sorted(taken)]
    for index, (_, name) in enumerate(in_order):
        for priority, first in in_order[:index]:
            if asked[first].cover(asked[name]):
                yield _unreachable(name, first, priority, same=asked[first] == asked[name])
                break


def _unreachable(name: str, first: str, priority: int, *, same: bool) -> Problem:
    advice = f"gets no request: {first} is asked before it, with priority {priority}, and "
    if same:
        advice += "has the same hosts, paths and headers: give one of them others"
    else:
        advice += f"takes every request that {name} would: give {name} a priority below {priority}"
    return Problem(("services", name), None, advice, (("services", first),))


def _asked(service: Service) -> listener_rules.Conditions:
    return listener_rules.conditions(service.hosts, service.paths, service.headers)


def _priority(name: str, service: Service) -> int:
    return service.priority or listener_rules.stable_priority(name, _asked(service))
