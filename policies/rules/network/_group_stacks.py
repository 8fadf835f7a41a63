"""Security groups and their rules, for the examples of `network-restricted-ingress`."""

from typing import Any

from policies.framework import UNKNOWN, Res
from policies.rules.network._ingress import GROUP, INGRESS_RULE, RULE

ANY4, ANY6 = "0.0.0.0/0", "::/0"


def inline(*rules: Any, name: str = "group") -> Res:
    """A group that carries its rules itself."""
    return Res(GROUP, name, {"ingress": list(rules)})


def allow(protocol: Any, low: Any, high: Any, *ranges: Any) -> dict[str, Any]:
    """A rule inside of a group."""
    rule = {"protocol": protocol, "fromPort": low, "toPort": high}
    ipv4 = [range_ for range_ in ranges if range_ == UNKNOWN or ":" not in range_]
    ipv6 = [range_ for range_ in ranges if range_ not in ipv4]
    return {**rule, "cidrBlocks": ipv4, "ipv6CidrBlocks": ipv6}


def standalone(protocol: Any, low: Any, high: Any, range_: Any, **inputs: Any) -> Res:
    """A rule of the kind that AWS recommends."""
    ports = {} if low is None else {"fromPort": low, "toPort": high}
    prop = "cidrIpv6" if ":" in range_ else "cidrIpv4"
    return Res(INGRESS_RULE, "rule", {"ipProtocol": protocol, prop: range_, **ports, **inputs})


def older(protocol: Any, low: Any, high: Any, *ranges: str, direction: Any = "ingress") -> Res:
    """A rule of the older kind."""
    return Res(RULE, "rule", {"type": direction, **allow(protocol, low, high, *ranges)})
