"""Redirects that send clients round in a circle.

Pure functions: each redirect is followed from a request that it takes, through the rules in their order, as a client
would follow it.
"""

import itertools
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Final, NamedTuple

from .listener_rules import Conditions, pattern_matches
from .rule_args import RedirectTargetArgs

_MOST: Final = 20
"""Redirects in a row after which every browser gives up."""
_PORTS: Final = {"HTTP": 80, "HTTPS": 443}


class Rule(NamedTuple):
    """One rule of the listener."""

    name: str
    asked: Conditions
    to: RedirectTargetArgs | None = None
    """Where it sends a client; None if something answers there."""


class Url(NamedTuple):
    """What a client asks for."""

    protocol: str
    host: str
    port: int
    path: str

    def __str__(self) -> str:
        port = "" if self.port == _PORTS[self.protocol] else f":{self.port}"
        return f"{self.protocol.lower()}://{self.host}{port}{self.path}"


class Front(NamedTuple):
    """The listener that the rules are of."""

    protocol: str
    port: int
    names: Sequence[str] = ()
    """Host names that lead to the load balancer, besides those that rules ask for; `*.` before one is any."""


def loops(rules: Sequence[Rule], front: Front) -> Iterator[tuple[str, list[Url]]]:
    """Yield each redirect that leads back to where a client was, and what it would ask for one after the other.

    Args:
        rules: all rules of the listener, the first one first.
        front: the listener.
    """
    for rule in rules:
        if rule.to is None:
            continue
        for start in _samples(rule.asked, front):
            if (way := _followed(start, rule, rules, front)) is not None:
                yield rule.name, way
                break


def _samples(asked: Conditions, front: Front) -> Iterator[Url]:
    """Yield requests that meet the conditions."""
    hosts = asked.hosts or tuple(front.names[:1]) or ("www.example.com",)
    for host, path in itertools.product(hosts, asked.paths or ("/",)):
        yield Url(front.protocol, _sample(host), front.port, _sample(path))


def _sample(pattern: str) -> str:
    return pattern.replace("*", "x").replace("?", "x")


def _followed(start: Url, first: Rule, rules: Sequence[Rule], front: Front) -> list[Url] | None:
    """Return the way from a request if it never ends, else None."""
    sent = dict(first.asked.headers)
    way, at = [start], _rule_for(start, sent, rules)
    if at is not first:
        return None  # an earlier rule takes this request
    while at is not None and at.to is not None:
        url = moved(way[-1], at.to)
        if url == way[-1] or url in way or len(way) > _MOST:
            return [*way, url]
        way.append(url)
        if (arrived := _arrived(url, way[-2], rules, front)) is None:
            return None
        at = _rule_for(arrived, sent, rules)
    return None


def _arrived(url: Url, before: Url, rules: Sequence[Rule], front: Front) -> Url | None:
    """Return what the listener is asked for; None if the client leaves it."""
    if url.host != before.host and not _leads_here(url.host, rules, front):
        return None
    if (url.protocol, url.port) == (front.protocol, front.port):
        return url
    if front.protocol == "HTTPS" and (url.protocol, url.port) == ("HTTP", 80):
        return url._replace(protocol="HTTPS", port=443)  # port 80 sends every request on to port 443
    return None


def _leads_here(host: str, rules: Sequence[Rule], front: Front) -> bool:
    patterns = [*front.names, *(pattern for rule in rules for pattern in rule.asked.hosts)]
    return any(pattern_matches(pattern.lower(), host.lower()) for pattern in patterns)


def _rule_for(url: Url, sent: Mapping[str, Sequence[str]], rules: Sequence[Rule]) -> Rule | None:
    for rule in rules:
        hosts, paths, headers = rule.asked
        if (
            (not hosts or any(pattern_matches(one, url.host.lower()) for one in hosts))
            and (not paths or any(pattern_matches(one, url.path) for one in paths))
            and all(set(values) & set(sent.get(name, ())) for name, values in headers)
        ):
            return rule
    return None


def moved(url: Url, to: RedirectTargetArgs) -> Url:
    """Return where a redirect sends a request (Elastic Load Balancing API, RedirectActionConfig)."""
    known = {"protocol": url.protocol, "host": url.host, "port": str(url.port), "path": url.path.removeprefix("/")}

    def filled(text: str) -> str:
        return re.sub(r"#\{(protocol|host|port|path)\}", lambda found: known[found[1]], text).replace("#{query}", "")

    protocol = to.get("protocol")
    named = url.protocol if protocol is None else str(getattr(protocol, "value", protocol))
    port = to.get("port", url.port)
    return Url(named, filled(to.get("host", "#{host}")), port, filled(to.get("path", "/#{path}")))
