"""The priority of a rule among the rules of a shared listener, and the requests that it matches."""

import hashlib
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final, NamedTuple

import pulumi

LAST_PRIORITY: Final = 50_000
"""The highest priority number of a listener rule (Elastic Load Balancing API, CreateRule)."""

MOST_VALUES: Final = 5
"""Values that the conditions of one rule may have together (quotas for Application Load Balancers)."""

MOST_WILDCARDS: Final = 6
"""Wildcards, `*` and `?`, that they may have together (same page)."""

_GAP: Final = 5

# Number of kinds of conditions → priorities of such rules: more conditions come first, every request comes last.
_BANDS: Final = {
    3: range(1, 16_001),
    2: range(16_001, 32_001),
    1: range(32_001, 48_001),
    0: range(48_001, LAST_PRIORITY + 1),
}


class Conditions(NamedTuple):
    """What a request must have for a rule to match it: one value of each kind, and of every header."""

    hosts: tuple[str, ...] = ()
    paths: tuple[str, ...] = ()
    headers: tuple[tuple[str, tuple[str, ...]], ...] = ()

    @property
    def kinds(self) -> int:
        """How many kinds there are: hosts, paths, headers. A path that every request has does not count."""
        return sum(map(bool, (self.hosts, self.paths, self.headers)))

    def cover(self, others: "Conditions") -> bool:
        """Return whether every request that meets the other conditions certainly meets these."""
        theirs = dict(others.headers)
        return (
            _cover(self.hosts, others.hosts)
            and _cover(self.paths, others.paths)
            and all(name in theirs and _cover(values, theirs[name]) for name, values in self.headers)
        )


def conditions(
    hosts: Iterable[str] = (), paths: Iterable[str] = (), headers: Mapping[str, Sequence[str]] | None = None
) -> Conditions:
    """Return conditions in one form: only paths keep their case, order never matters, and `/*` is no condition."""
    asked = sorted(set(paths))
    return Conditions(
        hosts=tuple(sorted({host.lower() for host in hosts})),
        paths=() if {"*", "/*"} & set(asked) else tuple(asked),
        headers=tuple(
            sorted(
                (name.lower(), tuple(sorted({value.lower() for value in values})))
                for name, values in (headers or {}).items()
            )
        ),
    )


def priority(name: str, asked: Conditions, chosen: int | None) -> int:
    """Return the priority of a service's rule, or of another of that name: the chosen one, else a stable one."""
    return int(chosen) if chosen else stable_priority(name, asked)


def stable_priority(name: str, asked: Conditions) -> int:
    """Return the priority of a rule that sets none, which depends only on its name and conditions.

    So services never move each other's rules, a service for every request does not take those of others, and the gaps
    leave room for rules placed by hand.
    """
    band = _BANDS[asked.kinds]
    slots = len(band) // _GAP
    digest = hashlib.sha256(name.encode()).digest()
    return band.start - 1 + (int.from_bytes(digest[:8], "big") % slots + 1) * _GAP


def api_conditions(hosts: Sequence[str], paths: Sequence[str], headers: Mapping[str, Sequence[str]]) -> list[Any]:
    """Return the conditions in the form of the API, which needs at least one."""
    made: list[dict[str, Any]] = []
    if hosts:
        made.append({"host_header": {"values": sorted(hosts)}})
    if paths or not (hosts or headers):
        made.append({"path_pattern": {"values": sorted(paths) or ["/*"]}})
    made += [
        {"http_header": {"http_header_name": name, "values": sorted(values)}}
        for name, values in sorted(headers.items())
    ]
    return made


def alias(component: str, name: str) -> str:
    """Return the URN of a rule of that name below another component, which gives its priority up.

    Of two resources that trade one priority, AWS would refuse the new one while the old one is there.
    """
    kind = f"container-platform:index:{component}$aws:lb/listenerRule:ListenerRule"
    return f"urn:pulumi:{pulumi.get_stack()}::{pulumi.get_project()}::{kind}::{name}"


def pattern_matches(pattern: str, text: str) -> bool:
    """Return whether a pattern matches a text: `*` any characters, `?` one."""
    parts = {"*": ".*", "?": "."}
    return re.fullmatch("".join(parts.get(char) or re.escape(char) for char in pattern), text, re.DOTALL) is not None


def pattern_covers(pattern: str, other: str) -> bool:
    """Return whether a pattern certainly matches all that another matches.

    The other's wildcards count as characters that only a wildcard of the pattern matches, `*` only a `*`. False is not
    certain: `a*` and `*` together cover `?*`, which this does not find.
    """
    parts = {"*": ".*", "?": "[^*]"}
    return re.fullmatch("".join(parts.get(char) or re.escape(char) for char in pattern), other, re.DOTALL) is not None


def _cover(patterns: Sequence[str], others: Sequence[str]) -> bool:
    if not patterns:
        return True
    return bool(others) and all(any(pattern_covers(pattern, other) for pattern in patterns) for other in others)
