"""Checks of the rules by which the shared load balancer chooses a service."""

from collections.abc import Iterator, Mapping

from components.services import listener_rules as _rule

from ...problems import Path, Problem
from ...sections.services import WebService


def routing_problems(services: Mapping[str, WebService]) -> Iterator[Problem]:
    """Find what is wrong with each service's rule, and between the rules."""
    ruled = {name: service for name, service in services.items() if service.network_listener is None}
    for name, service in ruled.items():
        yield from _rule_problems(("services", name), service)
    yield from _order_problems(ruled)


def _rule_problems(path: Path, service: WebService) -> Iterator[Problem]:
    given: dict[str, list[str]] = {
        "hosts": service.hosts,
        "paths": service.paths,
        "headers": [one for header in service.headers.values() for one in header],
    }
    wildcards = {key: sum(value.count("*") + value.count("?") for value in values) for key, values in given.items()}
    counts = {key: len(values) for key, values in given.items()}
    for found, what, of_them, most in (
        (counts, "hosts, paths and values of headers", "of them", _rule.MOST_VALUES),
        (wildcards, "wildcards (* and ?) in hosts, paths and headers", "wildcards", _rule.MOST_WILDCARDS),
    ):
        if (total := sum(found.values())) > most:
            at = max(found, key=lambda key: found[key])  # where most of them are
            value = {"hosts": service.hosts, "paths": service.paths, "headers": service.headers}[at]
            advice = f"makes {total} {what}; a listener rule can have at most {most} {of_them} together"
            yield Problem((*path, at), value, advice, _routing(str(path[-1])))
    seen: dict[str, str] = {}
    for header in service.headers:
        if header.lower() == "host":
            yield Problem((*path, "headers", header), None, "must be given as hosts. Move the names there.")
        first = seen.setdefault(header.lower(), header)
        if first != header:
            yield Problem(
                (*path, "headers", header),
                None,
                f"is the same header as {first}, because case does not matter. Merge the two.",
            )


def _order_problems(services: Mapping[str, WebService]) -> Iterator[Problem]:
    """Find rules with the same priority, and rules that no request can reach."""
    taken: dict[int, str] = {}
    priorities = {name: _priority(name, service) for name, service in services.items()}
    for name, priority in priorities.items():
        other = taken.setdefault(priority, name)
        if other != name:
            written = services[name].priority
            advice = _same_priority(priority, other, services, {*priorities.values()}, written=written is not None)
            yield Problem(("services", name, "priority"), written, advice, (*_routing(name), *_routing(other)))
    asked = {name: _asked(services[name]) for name in taken.values()}
    in_order = [(priority, taken[priority]) for priority in sorted(taken)]
    for index, (_, name) in enumerate(in_order):
        for priority, first in in_order[:index]:
            if asked[first].cover(asked[name]):
                yield _unreachable(name, first, priority, same=asked[first] == asked[name])
                break


def _same_priority(
    priority: int, other: str, services: Mapping[str, WebService], used: set[int], *, written: bool
) -> str:
    theirs = "" if services[other].priority else ", which comes from its name"
    last = _rule.LAST_PRIORITY
    if written:
        return f"is also the priority of {other}{theirs}. Give one another number from 1 to {last}."
    free = next((number for number in range(priority, last) if number not in used), 1)
    return (
        f"is not set, so the priority comes from the service's name and is {priority}. {other} has the same{theirs}. "
        f"Set it to another number from 1 to {last}, such as {free}."
    )


def _unreachable(name: str, first: str, priority: int, *, same: bool) -> Problem:
    advice = f"gets no request: {first} comes first, with priority {priority}, and "
    if same:
        advice += "has the same hosts, paths and headers. Change those of one."
    else:
        advice += f"takes every request that {name} would. Give {name} a priority below {priority}."
    return Problem(("services", name), None, advice, (*_routing(name), *_routing(first)))


def _routing(name: str) -> tuple[Path, ...]:
    """Return the paths of all that decides which requests a service gets."""
    return tuple(("services", name, key) for key in ("hosts", "paths", "headers", "priority", "networkListener"))


def _asked(service: WebService) -> _rule.Conditions:
    return _rule.conditions(service.hosts, service.paths, service.headers)


def _priority(name: str, service: WebService) -> int:
    return _rule.priority(name, _asked(service), service.priority)
