"""Checks of the rules by which the shared load balancer chooses a service, or answers itself."""

from collections.abc import Iterator, Sequence

from components.balancing import listener_rules as _rule
from components.balancing import redirect_loops

from ...platform import Platform
from ...problems import Path, Problem
from ...rules import Rule, rules


def routing_problems(platform: Platform) -> Iterator[Problem]:
    """Find what is wrong with each rule, and between the rules."""
    ruled = rules(platform)
    for rule in ruled:
        yield from _rule_problems(rule)
    yield from _answer_problems(platform)
    yield from _order_problems(ruled)
    yield from _loop_problems(ruled, platform)


def _rule_problems(rule: Rule) -> Iterator[Problem]:
    section, path = rule.section, rule.path
    given: dict[str, list[str]] = {
        "hosts": section.hosts,
        "paths": section.paths,
        "headers": [one for header in section.headers.values() for one in header],
    }
    wildcards = {key: sum(value.count("*") + value.count("?") for value in values) for key, values in given.items()}
    counts = {key: len(values) for key, values in given.items()}
    for found, what, of_them, most in (
        (counts, "hosts, paths and values of headers", "of them", _rule.MOST_VALUES),
        (wildcards, "wildcards (* and ?) in hosts, paths and headers", "wildcards", _rule.MOST_WILDCARDS),
    ):
        if (total := sum(found.values())) > most:
            at = max(found, key=lambda key: found[key])  # where most of them are
            value = {"hosts": section.hosts, "paths": section.paths, "headers": section.headers}[at]
            advice = f"makes {total} {what}; a listener rule can have at most {most} {of_them} together"
            yield Problem((*path, at), value, advice, _routing(rule))
    seen: dict[str, str] = {}
    for header in section.headers:
        if header.lower() == "host":
            yield Problem((*path, "headers", header), None, "must be given as hosts. Move the names there.")
        first = seen.setdefault(header.lower(), header)
        if first != header:
            yield Problem(
                (*path, "headers", header),
                None,
                f"is the same header as {first}, because case does not matter. Merge the two.",
            )


def _answer_problems(platform: Platform) -> Iterator[Problem]:
    for name, redirect in platform.load_balancer.redirects.items():
        to = redirect.to
        if not (to.protocol or to.host or to.port or to.path):
            advice = "changes nothing of the address, so the client would come back. Set host, path, protocol or port."
            yield Problem(("loadBalancer", "redirects", name, "to"), None, advice)
    for name, answer in platform.load_balancer.fixed_responses.items():
        if 300 <= answer.status_code < 400:
            advice = "is a redirect's. Use redirects, or a status from 200 to 299 or from 400 to 599."
            yield Problem(("loadBalancer", "fixedResponses", name, "statusCode"), answer.status_code, advice)


def _order_problems(ruled: Sequence[Rule]) -> Iterator[Problem]:
    """Find rules with the same priority, and rules that no request can reach."""
    taken: dict[int, Rule] = {}
    used = {rule.priority for rule in ruled}
    for rule in ruled:
        other = taken.setdefault(rule.priority, rule)
        if other is not rule:
            advice = _same_priority(rule, other, used)
            others = (*_routing(rule), *_routing(other))
            yield Problem((*rule.path, "priority"), rule.section.priority, advice, others)
    in_order = [taken[priority] for priority in sorted(taken)]
    for index, rule in enumerate(in_order):
        for first in in_order[:index]:
            if first.asked.cover(rule.asked):
                yield _unreachable(rule, first)
                break


def _same_priority(rule: Rule, other: Rule, used: set[int]) -> str:
    theirs = "" if other.section.priority else ", which comes from its name"
    last = _rule.LAST_PRIORITY
    if rule.section.priority is not None:
        return f"is also the priority of {other.label}{theirs}. Give one another number from 1 to {last}."
    whose = "the service's name" if len(rule.path) == 2 else "its name"
    free = next((number for number in range(rule.priority, last) if number not in used), 1)
    return (
        f"is not set, so the priority comes from {whose} and is {rule.priority}. {other.label} has the same{theirs}. "
        f"Set it to another number from 1 to {last}, such as {free}."
    )


def _unreachable(rule: Rule, first: Rule) -> Problem:
    advice = f"gets no request: {first.label} comes first, with priority {first.priority}, and "
    if first.asked == rule.asked:
        advice += "has the same hosts, paths and headers. Change those of one."
    else:
        advice += f"takes every request that {rule.label} would. Give {rule.label} a priority below {first.priority}."
    return Problem(rule.path, None, advice, (*_routing(rule), *_routing(first)))


def _loop_problems(ruled: Sequence[Rule], platform: Platform) -> Iterator[Problem]:
    """Find redirects that lead a client back to where it was."""
    balancer = platform.load_balancer
    https = bool(balancer.domain or balancer.certificate_arns)
    front = redirect_loops.Front(
        "HTTPS" if https else "HTTP", 443 if https else 80, balancer.domain.names if balancer.domain else ()
    )
    in_order = sorted(ruled, key=lambda rule: rule.priority)
    by_name = {rule.name: rule for rule in ruled}
    # One that changes nothing is told already.
    said = [
        redirect_loops.Rule(rule.name, rule.asked, rule.to if set(rule.to or ()) - {"query"} else None)
        for rule in in_order
    ]
    for name, way in redirect_loops.loops(said, front):
        shown = " → ".join(map(str, way[:4])) + (" → ..." if len(way) > 4 else "")
        advice = f"leads clients round in a circle: {shown}. Send them to a host or path that no redirect takes."
        path = by_name[name].path
        yield Problem((*path, "to"), None, advice, tuple(one for rule in ruled for one in _routing(rule)))


def _routing(rule: Rule) -> tuple[Path, ...]:
    """Return the paths of all that decides which requests a rule gets."""
    keys = ("hosts", "paths", "headers", "priority", "networkListener", "to")
    return tuple((*rule.path, key) for key in keys)
