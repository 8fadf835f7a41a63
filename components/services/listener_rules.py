"""Where a service's rule stands among the rules of a shared listener, and which requests it takes."""

import hashlib
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final, NamedTuple

LAST_PRIORITY: Final = 50_000
"""The highest priority number of a listener rule (Elastic Load Balancing API, CreateRule)."""

MOST_VALUES: Final = 5
"""Values that the conditions of one rule may have in all (quotas for Application Load Balancers)."""

MOST_WILDCARDS: Final = 6
"""Wildcards, `*` and `?`, that they may have in all (same page)."""

_GAP: Final = 5

# Number of kinds of conditions → where such rules stand: who asks for more is asked first, who takes everything last.
_BANDS: Final = {
    3: range(1, 16_001),
    2: range(16_001, 32_001),
    1: range(32_001, 48_001),
    0: range(48_001, LAST_PRIORITY + 1),
}


class Conditions(NamedTuple):
    """What a request must have for a rule to take it; of each kind one, and of every header one value."""

    hosts: tuple[str, ...] = ()
    paths: tuple[str, ...] = ()
    headers: tuple[tuple[str, tuple[str, ...]], ...] = ()

    @property
    def kinds(self) -> int:
        """Of how many kinds they are: hosts, paths, headers; a path of every request counts for nothing."""
        return sum(map(bool, (self.hosts, self.paths, self.headers)))

    def cover(self, others: "Conditions") -> bool:
        """Tell whether every request that meets the other conditions certainly meets these."""
        theirs = dict(others.headers)
        return (
            _cover(self.hosts, others.hosts)
            and _cover(self.paths, others.paths)
            and all(name in theirs and _cover(values, theirs[name]) for name, values in self.headers)
        )


def conditions(
    hosts: Iterable[str] = (), paths: Iterable[str] = (), headers: Mapping[str, Sequence[str]] | None = None
) -> Conditions:
    """Return conditions in one form: case matters in paths only, order nowhere, and a path of every request is none."""
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


def stable_priority(service: str, asked: Conditions) -> int:
    """Return the priority of a service that names none, which depends on nothing but its own name and conditions.

    Services that come and go never move each other's rules, one that takes every request leaves the others theirs, and
    the gaps leave room for rules placed by hand.
    """
    band = _BANDS[asked.kinds]
    slots = len(band) // _GAP
    digest = hashlib.sha256(service.encode()).digest()
    return band.start - 1 + (int.from_bytes(digest[:8], "big") % slots + 1) * _GAP


def api_conditions(hosts: Sequence[str], paths: Sequence[str], headers: Mapping[str, Sequence[str]]) -> list[Any]:
    """Return the conditions as a rule has them, which must be one at least."""
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


def pattern_covers(pattern: str, other: str) -> bool:
    """Tell whether a pattern certainly matches all that another matches.

    The other's wildcards are taken as characters that only a wildcard of the pattern matches, `*` only a `*`. So no is
    not certain: `a*` and `*` together cover `?*`, which this does not see.
    """
    parts = {"*": ".*", "?": "[^*]"}
    return re.fullmatch("".join(parts.get(char) or re.escape(char) for char in pattern), other, re.DOTALL) is not None


def _cover(patterns: Sequence[str], others: Sequence[str]) -> bool:
    if not patterns:
        return True
    return bool(others) and all(any(pattern_covers(pattern, other) for pattern in patterns) for other in others)
