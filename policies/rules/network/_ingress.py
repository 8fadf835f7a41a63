"""What a security group lets in, however it is written: in the group, or as a rule of either kind."""

import ipaddress
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any, NamedTuple

from policies.framework import Malformed, Report, Resource, Unknown, elements, peek, plain

GROUP = "aws:ec2/securityGroup:SecurityGroup"
INGRESS_RULE = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule"
RULE = "aws:ec2/securityGroupRule:SecurityGroupRule"

_PROTOCOLS = {
    **dict.fromkeys(("-1", "all"), "all"),
    **dict.fromkeys(("6", "tcp"), "tcp"),
    **dict.fromkeys(("17", "udp"), "udp"),
    **dict.fromkeys(("1", "icmp"), "icmp"),
    **dict.fromkeys(("58", "icmpv6", "ipv6-icmp"), "icmpv6"),
}
"""The names of protocols that AWS takes by number too."""

_WIDEST = {4: 8, 6: 16}
"""Prefix lengths below which a public range is nobody's own: registries give out no wider ones than these to anyone, so
a wider one is the internet or, like 0.0.0.0/1, a good part of it."""

_LAST = 65535


class Ingress(NamedTuple):
    """One permission as its resource writes it; unknown parts are `Unknown`.

    :ivar where: the way to it, with the dot that follows; empty for a resource that is one.
    :ivar lists: the prefix lists that may come in, beside the ranges.
    """

    where: str
    protocol: Any
    from_port: Any
    to_port: Any
    ranges: list[tuple[str, Any]]
    lists: list[tuple[str, Any]]

    @property
    def name(self) -> str | Unknown:
        """The protocol's name, whether AWS got a name in any case or a number."""
        value = self.protocol
        if isinstance(value, Unknown):
            return Unknown(f"{self.where}protocol")
        text = str(int(value)) if isinstance(value, float) and value.is_integer() else str(value).lower()
        return _PROTOCOLS.get(text, text)

    @property
    def ports(self) -> range | Unknown | None:
        """The ports of TCP or UDP, `None` where none are given, which is all of them.

        :raises Malformed: they are no ports.
        """
        given = {"fromPort": self.from_port, "toPort": self.to_port}
        for prop, value in given.items():
            if isinstance(value, Unknown):
                return Unknown(f"{self.where}{prop}")
        if None in given.values():
            return None
        low, high = (port(value, f"{self.where}{prop}") for prop, value in given.items())
        if low > high:
            raise Malformed(f"{self.where}fromPort", "must not be above toPort")
        return range(low, high + 1)

    @property
    def message(self) -> tuple[int | None, int | None] | Unknown:
        """The type and the code of ICMP, which stand where the ports of others do; -1 is any.

        :raises Malformed: they are no numbers.
        """
        given = {"fromPort": self.from_port, "toPort": self.to_port}
        for prop, value in given.items():
            if isinstance(value, Unknown):
                return Unknown(f"{self.where}{prop}")
        kind, code = (
            None if value is None else _number(value, f"{self.where}{prop}", "a type or code of ICMP")
            for prop, value in given.items()
        )
        return kind, code

    @property
    def unknown_range(self) -> str | None:
        """A range that is not known yet."""
        return next((path for path, value in self.ranges if isinstance(value, Unknown)), None)

    def described(self) -> str:
        """The ports as a finding's id has them: `tcp/22`, `udp/0-65535`, `all`."""
        name, ports = str(self.name), self.ports if self.name in ("tcp", "udp") else None
        if name not in ("tcp", "udp") or isinstance(ports, Unknown):
            return name
        if ports is None:
            return f"{name}/all"
        return f"{name}/{ports[0]}" if len(ports) == 1 else f"{name}/{ports[0]}-{ports[-1]}"


def permissions(resource: Resource, report: Report) -> Iterator[Ingress]:
    """What a group or a rule lets in."""
    inputs = resource.inputs
    if resource.type == INGRESS_RULE:
        ranges = [(prop, value) for prop in ("cidrIpv4", "cidrIpv6") if (value := peek(inputs, prop)) not in (None, "")]
        lists = [("prefixListId", peek(inputs, "prefixListId"))]
        ports = peek(inputs, "fromPort"), peek(inputs, "toPort")
        yield Ingress("", peek(inputs, "ipProtocol"), *ports, ranges, [*filter(_is_set, lists)])
    elif resource.type == RULE:
        direction = peek(inputs, "type")
        if isinstance(direction, Unknown):
            report.undecided(resource, "type")
        elif direction != "egress":
            yield _written(plain(inputs), "")
    else:
        ingress = peek(inputs, "ingress")
        if isinstance(ingress, Unknown):
            report.undecided(resource, "ingress")
            return
        elements(ingress, "ingress")
        # A group may have hundreds of rules, and each step into what the engine hands over is a call.
        for index, rule in enumerate(plain(ingress or [])):
            where = f"ingress[{index}]"
            if isinstance(rule, Unknown):
                report.undecided(resource, where)
                continue
            with report.guard(resource):  # one that cannot be read hides none of the others
                yield _written(rule, where)


def port(value: object, path: str) -> int:
    """A port, which may be written as text; -1, which some write for every port, stays what it is.

    :raises Malformed: it is none.
    """
    number = _number(value, path, "a port number")
    if not -1 <= number <= _LAST:
        raise Malformed(path, f"must be a port number from 0 to {_LAST}")
    return number


def _number(value: object, path: str, what: str) -> int:
    try:
        number = float(str(value))
    except ValueError:
        raise Malformed(path, f"must be {what}") from None
    if not number.is_integer():  # infinite and no number at all, too
        raise Malformed(path, f"must be {what}")
    return int(number)


def _written(rule: object, where: str) -> Ingress:
    """A permission with its ranges in lists."""
    if not isinstance(rule, Mapping):
        raise Malformed(where, "must be an object")
    where = f"{where}." if where else ""
    ranges: list[tuple[str, Any]] = []
    for prop in ("cidrBlocks", "ipv6CidrBlocks"):
        value, name = rule.get(prop), f"{where}{prop}"
        if isinstance(value, Unknown):
            ranges.append((name, value))
        else:
            ranges += [(f"{name}[{index}]", item) for index, item in enumerate(elements(value, name))]
    lists, name = rule.get("prefixListIds"), f"{where}prefixListIds"
    values = [lists] if isinstance(lists, Unknown) else elements(lists, name)
    ports = rule.get("fromPort"), rule.get("toPort")
    return Ingress(where, rule.get("protocol"), *ports, ranges, [(name, value) for value in values])


def _is_set(given: tuple[str, Any]) -> bool:
    return given[1] not in (None, "")


def is_internet(text: str, path: str) -> bool:
    """Whether a range is the internet or too much of it to be anybody's own.

    :raises Malformed: it is no range.
    """
    found = _widest(text)
    if found is None:
        raise Malformed(path, "must be a CIDR block")
    return found


@lru_cache(maxsize=4096)
def _widest(text: str) -> bool | None:
    try:
        network = ipaddress.ip_network(text.strip(), strict=False)
    except ValueError:
        return None
    return network.prefixlen < _WIDEST[network.version] and not network.is_private
