"""Security groups let the whole internet in on the ports meant for it only."""

import ipaddress
from collections.abc import Iterator
from dataclasses import replace
from typing import Any, NamedTuple

from policies.framework import (
    UNKNOWN,
    Example,
    Expect,
    Malformed,
    Report,
    Res,
    Resource,
    Rule,
    Severity,
    Stack,
    Unknown,
    elements,
    is_known,
    peek,
)
from policies.rules.network._listeners import GROUP as _GROUP
from policies.rules.network._listeners import LISTENER, LOAD_BALANCER, Listeners

_INGRESS_RULE = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule"
_RULE = "aws:ec2/securityGroupRule:SecurityGroupRule"

_PROTOCOLS = {"-1": "all", "all": "all", "6": "tcp", "17": "udp", "1": "icmp", "58": "icmpv6", "ipv6-icmp": "icmpv6"}
"""The names of protocols that AWS takes by number too."""

_WIDEST = {4: 8, 6: 16}
"""Prefix lengths below which a public range is nobody's own: registries give out no wider ones than these to anyone, so
a wider one is the internet or, like 0.0.0.0/1, a good part of it."""

_BY_SETTING_ONLY = frozenset(
    {
        *(80, 443),
        # Security Hub EC2.19.
        *(20, 21, 22, 23, 25, 110, 135, 143, 445, 1433, 1434, 3000, 3306, 3389, 4333, 5000, 5432, 5500, 5601),
        *(8080, 8088, 8888, 9200, 9300),
    }
)
"""Ports that only the setting opens: those it has or has lost, and those that a listener does not make right."""


class _Ingress(NamedTuple):
    """One permission as its resource writes it; unknown parts are `Unknown`.

    :ivar where: the property that holds it, empty for a resource that is one.
    """

    where: str
    protocol: Any
    from_port: Any
    to_port: Any
    ranges: list[tuple[str, Any]]


def _check(resource: Resource, report: Report) -> None:
    if resource.type in (LISTENER, LOAD_BALANCER):
        return
    for ingress in _permissions(resource, report):
        with report.guard(resource):
            if not _may_be_a_listeners(resource, ingress):
                _judge(resource, ingress, report)


def _check_stack(stack: Stack, report: Report) -> None:
    """What opens one port is judged when it is known whether a load balancer for the public listens there."""
    listeners = Listeners(stack)
    # The engine hands over what this run is going to delete too; that was not registered.
    registered = {resource.urn for resource in report.seen(_INGRESS_RULE)}
    for rule in [rule for rule in stack.of_type(_INGRESS_RULE) if rule.urn in registered]:
        with report.guard(rule):
            for ingress in _permissions(rule, report):
                if not _may_be_a_listeners(rule, ingress):
                    continue
                port = _port(ingress.from_port, ingress.where)
                listens = report.settings["allow_listeners"] and listeners.listens(rule, port)
                if listens is not True:
                    _judge(rule, ingress, report, listens)


def _may_be_a_listeners(resource: Resource, ingress: _Ingress) -> bool:
    known = all(is_known(part) and part is not None for part in (ingress.protocol, ingress.from_port, ingress.to_port))
    if resource.type != _INGRESS_RULE or not known or _protocol(ingress.protocol) != "tcp":
        return False
    low, high = _port(ingress.from_port, ingress.where), _port(ingress.to_port, ingress.where)
    return low == high and low not in _BY_SETTING_ONLY


def _permissions(resource: Resource, report: Report) -> Iterator[_Ingress]:
    if resource.type == _INGRESS_RULE:
        yield _Ingress("", *_ports(resource.inputs, "ipProtocol"), _single(resource, "cidrIpv4", "cidrIpv6"))
    elif resource.type == _RULE:
        direction = peek(resource.inputs, "type")
        if isinstance(direction, Unknown):
            report.undecided(resource, "type")
        elif direction != "egress":
            yield _Ingress("", *_ports(resource.inputs, "protocol"), _listed(resource.inputs, ""))
    else:
        ingress = peek(resource.inputs, "ingress")
        if isinstance(ingress, Unknown):
            report.undecided(resource, "ingress")
            return
        for index, rule in enumerate(elements(ingress, "ingress")):
            where = f"ingress[{index}]"
            if isinstance(rule, Unknown):
                report.undecided(resource, where)
                continue
            with report.guard(resource):
                yield _Ingress(f"{where}.", *_ports(rule, "protocol"), _listed(rule, f"{where}."))


def _ports(rule: object, protocol: str) -> tuple[Any, Any, Any]:
    return peek(rule, protocol), peek(rule, "fromPort"), peek(rule, "toPort")


def _single(resource: Resource, *props: str) -> list[tuple[str, Any]]:
    return [(prop, value) for prop in props if (value := peek(resource.inputs, prop)) not in (None, "")]


def _listed(rule: object, where: str) -> list[tuple[str, Any]]:
    found: list[tuple[str, Any]] = []
    for prop in ("cidrBlocks", "ipv6CidrBlocks"):
        value = peek(rule, prop)
        if isinstance(value, Unknown):
            found.append((f"{where}{prop}", value))
        else:
            path = f"{where}{prop}"
            found += [(f"{path}[{index}]", item) for index, item in enumerate(elements(value, path))]
    return found


def _judge(resource: Resource, ingress: _Ingress, report: Report, listens: bool | Unknown = False) -> None:
    open_to = [str(range_) for path, range_ in ingress.ranges if is_known(range_) and _is_internet(str(range_), path)]
    unknown = next((path for path, range_ in ingress.ranges if isinstance(range_, Unknown)), None)
    if not open_to and unknown is None:
        return
    allowed = _is_allowed(ingress, report) or listens
    if allowed is True:
        return
    if isinstance(allowed, Unknown):
        report.undecided(resource, allowed.path)
    elif open_to:
        what = _described(ingress)
        report.fail(
            resource,
            f"Ingress::{what}",
            f"it lets the internet ({', '.join(open_to)}) in on {what}",
            prop=ingress.where.rstrip(".") or "the rule",
        )
    elif unknown is not None:
        report.undecided(resource, unknown)


def _is_allowed(ingress: _Ingress, report: Report) -> bool | Unknown:
    """Whether anybody may come in on these ports."""
    protocol = ingress.protocol
    if isinstance(protocol, Unknown):
        return Unknown(f"{ingress.where}protocol")
    name = _protocol(protocol)
    if name in ("icmp", "icmpv6"):
        return bool(report.settings["allow_icmp"])
    if name not in ("tcp", "udp"):
        return False
    for value, prop in ((ingress.from_port, "fromPort"), (ingress.to_port, "toPort")):
        if isinstance(value, Unknown):
            return Unknown(f"{ingress.where}{prop}")
    if ingress.from_port is None or ingress.to_port is None:
        return False
    low, high = _port(ingress.from_port, ingress.where), _port(ingress.to_port, ingress.where)
    ports = {int(port) for port in report.settings["allowed_ports" if name == "tcp" else "allowed_udp_ports"]}
    return low >= 0 and low <= high and all(port in ports for port in range(low, min(high, 65535) + 1))


def _described(ingress: _Ingress) -> str:
    """The ports as a finding's id has them: `tcp/22`, `udp/0-65535`, `all`."""
    name = _protocol(ingress.protocol)
    if name not in ("tcp", "udp"):
        return name
    if ingress.from_port is None or ingress.to_port is None:
        return f"{name}/all"
    low, high = _port(ingress.from_port, ingress.where), _port(ingress.to_port, ingress.where)
    return f"{name}/{low}" if low == high else f"{name}/{low}-{high}"


def _protocol(value: object) -> str:
    """A protocol's name, whether AWS got a name in any case or a number."""
    text = str(int(value)) if isinstance(value, float) else str(value).lower()
    return _PROTOCOLS.get(text, text)


def _port(value: object, where: str) -> int:
    try:
        return int(float(str(value)))
    except ValueError:
        raise Malformed(f"{where}fromPort", "must be a port number") from None


def _is_internet(text: str, path: str) -> bool:
    """Whether a range is the internet or too much of it to be anybody's own.

    :raises Malformed: it is no range.
    """
    try:
        network = ipaddress.ip_network(text.strip(), strict=False)
    except ValueError:
        raise Malformed(path, "must be a CIDR block") from None
    return network.prefixlen < _WIDEST[network.version] and not network.is_private


def _inline(*rules: Any, name: str = "group") -> Res:
    return Res(_GROUP, name, {"ingress": list(rules)})


def _allow(protocol: Any, low: Any, high: Any, *ranges: Any) -> dict[str, Any]:
    rule = {"protocol": protocol, "fromPort": low, "toPort": high}
    ipv4 = [range_ for range_ in ranges if range_ == UNKNOWN or ":" not in range_]
    ipv6 = [range_ for range_ in ranges if range_ not in ipv4]
    return {**rule, "cidrBlocks": ipv4, "ipv6CidrBlocks": ipv6}


def _standalone(protocol: Any, low: Any, high: Any, range_: Any, **inputs: Any) -> Res:
    ports = {} if low is None else {"fromPort": low, "toPort": high}
    prop = "cidrIpv6" if ":" in range_ else "cidrIpv4"
    return Res(_INGRESS_RULE, "rule", {"ipProtocol": protocol, prop: range_, **ports, **inputs})


def _balanced(
    *, known: bool = True, opened: Any = 7000, port: Any = 7000, internal: Any = False, protocol: str = "TCP"
) -> list[Res]:
    """A load balancer with its group, an opening of that group to everybody, and a listener."""

    def id_(value: str) -> str:
        return value if known else UNKNOWN

    group = {"securityGroupId": id_("sg-1")}
    rule = _standalone("tcp", opened, opened, _ANY4, **group)
    balancer = {"loadBalancerType": "network", "internal": internal, "securityGroups": [id_("sg-1")]}
    listener = {"loadBalancerArn": id_("arn-1"), "port": port, "protocol": protocol}
    return [
        Res(_GROUP, "group", {"description": "front"}, {"id": id_("sg-1")}),
        replace(rule, depends={"securityGroupId": ["group"]}),
        Res(LOAD_BALANCER, "front", balancer, {"id": id_("arn-1")}, depends={"securityGroups": ["group"]}),
        Res(LISTENER, "listener", listener, depends={"loadBalancerArn": ["front"]}),
    ]


def _older(protocol: Any, low: Any, high: Any, *ranges: str, direction: Any = "ingress") -> Res:
    return Res(_RULE, "rule", {"type": direction, **_allow(protocol, low, high, *ranges)})


_ANY4, _ANY6 = "0.0.0.0/0", "::/0"
_SSH = Expect("Ingress::tcp/22", "group", ["ingress[0]", "tcp/22", _ANY4, "Fix: "])

RULE = Rule(
    name="network-restricted-ingress",
    title="Few ports are open to the internet",
    description="Security groups open to the internet only the allowed ports, and those on which their load balancer "
    "listens.",
    severity=Severity.HIGH,
    packs=("network",),
    controls=(
        *("EC2.18", "EC2.19", "EC2.53", "EC2.54", "CKV_AWS_24", "CKV_AWS_25", "CKV_AWS_260", "CKV_AWS_277", "AWS-0107"),
        *("AwsSolutions-EC23", "CIS 5.2", "CIS 5.3"),
    ),
    remedy="allow only the address ranges, the prefix list or the security group that need it, or, if the port is for "
    "everybody, add it to the setting allowed_ports",
    url="https://docs.aws.amazon.com/vpc/latest/userguide/security-group-rules.html",
    types=(_GROUP, _INGRESS_RULE, _RULE, LOAD_BALANCER, LISTENER),
    settings={
        "allowed_ports": {
            "type": "array",
            "default": [80, 443],
            "items": {"type": "integer", "minimum": 0, "maximum": 65535},
            "description": "TCP ports that may be open to the internet.",
        },
        "allowed_udp_ports": {
            "type": "array",
            "default": [],
            "items": {"type": "integer", "minimum": 0, "maximum": 65535},
            "description": "UDP ports that may be open to the internet (443 for HTTP/3).",
        },
        "allow_listeners": {
            "type": "boolean",
            "default": True,
            "description": "Allow ports on which an internet-facing load balancer of the stack listens, except 80, 443 "
            "and the high-risk ports of EC2.19.",
        },
        "allow_icmp": {
            "type": "boolean",
            "default": False,
            "description": "Allow ICMP from the internet, such as ping.",
        },
    },
    check=_check,
    check_stack=_check_stack,
    cases=lambda: (
        Example("HTTP and HTTPS", [_inline(_allow("tcp", 80, 80, _ANY4), _allow("tcp", 443, 443, _ANY4, _ANY6))]),
        Example("a standalone rule for HTTPS", [_standalone("tcp", 443, 443, _ANY4)]),
        Example("HTTPS by the protocol's number", [_standalone("6", 443, 443, _ANY6)]),
        Example("the older kind of rule", [_older("tcp", 443, 443, _ANY4)]),
        Example("everything from one's own network", [_inline(_allow("-1", 0, 0, "10.0.0.0/8", "fc00::/7"))]),
        Example("SSH from one office", [_inline(_allow("tcp", 22, 22, "203.0.113.0/24"))]),
        Example("SSH from another group", [_inline({"protocol": "tcp", "fromPort": 22, "toPort": 22, "self": True})]),
        Example(
            "a port from a referenced group whose id is unknown",
            [Res(_INGRESS_RULE, "rule", {"ipProtocol": "tcp", "fromPort": 8080, "referencedSecurityGroupId": UNKNOWN})],
        ),
        Example("no ingress at all", [Res(_GROUP, "group", {"description": "closed"})]),
        Example("egress to everywhere", [_older("-1", 0, 0, _ANY4, direction="egress")]),
        Example(
            "a port by setting",
            [_standalone("tcp", 8443, 8443, _ANY4)],
            settings={"allowed_ports": [8443]},
        ),
        Example("a range by setting", [_standalone("tcp", 80, 81, _ANY4)], settings={"allowed_ports": [80, 81]}),
        Example("HTTP/3 by setting", [_standalone("udp", 443, 443, _ANY4)], settings={"allowed_udp_ports": [443]}),
        Example("ping by setting", [_standalone("icmp", 8, -1, _ANY4)], settings={"allow_icmp": True}),
        Example("a port at which the group's load balancer listens", _balanced()),
        Example("the same before anything is made", _balanced(known=False)),
        Example("a port at which it ends TLS", _balanced(protocol="TLS")),
        Example("an unknown range, on a port for everybody", [_standalone("tcp", 443, 443, UNKNOWN)]),
        Example(
            "a port at which its load balancer does not listen",
            _balanced(opened=7001),
            [Expect("Ingress::tcp/7001", "rule")],
        ),
        Example(
            "the same, not made yet",
            _balanced(known=False, opened=7001),
            [Expect("Ingress::tcp/7001", "rule")],
        ),
        Example(
            "a listener's port, which the setting does not let pass",
            _balanced(),
            [Expect("Ingress::tcp/7000", "rule")],
            settings={"allow_listeners": False},
        ),
        Example(
            "HTTP, which the setting leaves out, though a load balancer listens there",
            _balanced(opened=80, port=80),
            [Expect("Ingress::tcp/80", "rule")],
            settings={"allowed_ports": [443]},
        ),
        Example("a port of an internal load balancer", _balanced(internal=True), [Expect("Ingress::tcp/7000", "rule")]),
        Example(
            "a TCP port where UDP is listened to", _balanced(protocol="UDP"), [Expect("Ingress::tcp/7000", "rule")]
        ),
        Example(
            "a database's port, though a load balancer listens there",
            _balanced(opened=5432, port=5432),
            [Expect("Ingress::tcp/5432", "rule")],
        ),
        Example(
            "a load balancer that listens to the port for another group",
            [replace(res, depends={}) if res.type == LOAD_BALANCER else res for res in _balanced(known=False)],
            [Expect("Ingress::tcp/7000", "rule")],
        ),
        Example(
            "a port of no load balancer", [_standalone("tcp", 7000, 7000, _ANY6)], [Expect("Ingress::tcp/7000", "rule")]
        ),
        Example(
            "a listener's unknown port",
            _balanced(port=UNKNOWN),
            undecided=[Expect("Undecided::the port of listener", "rule")],
        ),
        Example(
            "a load balancer of which nobody knows yet whether it is internal",
            _balanced(internal=UNKNOWN),
            undecided=[Expect("Undecided::internal of front", "rule")],
        ),
        Example("SSH", [_inline(_allow("tcp", 22, 22, _ANY4))], [_SSH]),
        Example(
            "SSH over IPv6",
            [_inline(_allow("tcp", 22, 22, _ANY6))],
            [Expect("Ingress::tcp/22", "group", [_ANY6])],
        ),
        Example(
            "the second rule",
            [_inline(_allow("tcp", 443, 443, _ANY4), _allow("tcp", 22, 22, _ANY4))],
            [
                Expect("Ingress::tcp/22", "group", ["ingress[1]"]),
            ],
        ),
        Example("the second range", [_inline(_allow("tcp", 22, 22, "10.0.0.0/8", _ANY4))], [_SSH]),
        Example("SSH, as a standalone rule", [_standalone("tcp", 22, 22, _ANY4)], [Expect("Ingress::tcp/22", "rule")]),
        Example("SSH, as an older rule", [_older("tcp", 22, 22, _ANY4)], [Expect("Ingress::tcp/22", "rule")]),
        Example(
            "a rule of unknown direction",
            [_older("tcp", 22, 22, _ANY4, direction=UNKNOWN)],
            undecided=[Expect("Undecided::type", "rule")],
        ),
        Example("everything", [_inline(_allow("-1", 0, 0, _ANY4))], [Expect("Ingress::all", "group", ["in on all"])]),
        Example("everything, by name", [_older("all", 0, 0, _ANY4)], [Expect("Ingress::all", "rule")]),
        Example("everything, without ports", [_standalone("-1", None, None, _ANY6)], [Expect("Ingress::all", "rule")]),
        Example("a number that is no text", [_standalone(-1, None, None, _ANY4)], [Expect("Ingress::all", "rule")]),
        Example("upper case", [_standalone("TCP", 22, 22, _ANY4)], [Expect("Ingress::tcp/22", "rule")]),
        Example(
            "a protocol by its number",
            [
                _standalone("6", 3389, 3389, _ANY4),
            ],
            [Expect("Ingress::tcp/3389", "rule")],
        ),
        Example("every port", [_inline(_allow("tcp", 0, 65535, _ANY4))], [Expect("Ingress::tcp/0-65535", "group")]),
        Example(
            "from 0 to 0 is no port for everybody", [_older("tcp", 0, 0, _ANY4)], [Expect("Ingress::tcp/0", "rule")]
        ),
        Example(
            "a range that holds 80 and 443 and all between",
            [_inline(_allow("tcp", 80, 443, _ANY4))],
            [Expect("Ingress::tcp/80-443", "group")],
        ),
        Example("TCP without ports", [_standalone("tcp", None, None, _ANY4)], [Expect("Ingress::tcp/all", "rule")]),
        Example("HTTP/3", [_standalone("udp", 443, 443, _ANY4)], [Expect("Ingress::udp/443", "rule")]),
        Example("ping", [_standalone("icmp", 8, -1, _ANY4)], [Expect("Ingress::icmp", "rule")]),
        Example("another protocol", [_standalone("47", None, None, _ANY4)], [Expect("Ingress::47", "rule")]),
        Example(
            "the internet in halves",
            [_inline(_allow("tcp", 22, 22, "0.0.0.0/1", "128.0.0.0/1"))],
            [Expect("Ingress::tcp/22", "group", ["0.0.0.0/1, 128.0.0.0/1"])],
        ),
        Example(
            "the whole of IPv6 that is in use",
            [_standalone("tcp", 22, 22, "2000::/3")],
            [Expect("Ingress::tcp/22", "rule")],
        ),
        Example(
            "HTTP, which the setting leaves out",
            [_standalone("tcp", 80, 80, _ANY4)],
            [Expect("Ingress::tcp/80", "rule")],
            settings={"allowed_ports": [443]},
        ),
        Example(
            "no range at all, and SSH beside it",
            [_inline(_allow("tcp", 22, 22, "everywhere"), _allow("tcp", 22, 22, _ANY4))],
            [Expect("Malformed::ingress[0].cidrBlocks[0]", "group"), Expect("Ingress::tcp/22", "group")],
        ),
        Example(
            "ingress that is no list",
            [Res(_GROUP, "group", {"ingress": "all"})],
            [Expect("Malformed::ingress", "group", ["must be a list, not text"])],
        ),
        Example(
            "a port that is no number",
            [_standalone("tcp", "ssh", "ssh", _ANY4)],
            [Expect("Malformed::fromPort", "rule", ["must be a port number"])],
        ),
        Example(
            "an unknown range",
            [_standalone("tcp", 8080, 8080, UNKNOWN)],
            undecided=[Expect("Undecided::cidrIpv4", "rule")],
        ),
        Example(
            "an unknown range beside an open one",
            [_inline(_allow("tcp", 22, 22, UNKNOWN, _ANY4))],
            [_SSH],
        ),
        Example(
            "an unknown port",
            [_standalone("tcp", UNKNOWN, 443, _ANY4)],
            undecided=[Expect("Undecided::fromPort", "rule")],
        ),
        Example(
            "an unknown protocol",
            [_standalone(UNKNOWN, 443, 443, _ANY4)],
            undecided=[Expect("Undecided::protocol", "rule")],
        ),
        Example(
            "unknown ingress",
            [Res(_GROUP, "group", {"ingress": UNKNOWN})],
            undecided=[Expect("Undecided::ingress", "group")],
        ),
        Example(
            "an unknown rule beside an open one",
            [_inline(UNKNOWN, _allow("tcp", 22, 22, _ANY4))],
            [Expect("Ingress::tcp/22", "group", ["ingress[1]"])],
            undecided=[Expect("Undecided::ingress[0]", "group")],
        ),
    ),
)
