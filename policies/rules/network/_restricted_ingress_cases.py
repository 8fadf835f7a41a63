"""What groups let in from the internet, for `network-restricted-ingress`."""

from collections.abc import Sequence

from policies.framework import UNKNOWN, Example, Expect, Res
from policies.rules.network._group_stacks import ANY4, ANY6, allow, inline, older, standalone
from policies.rules.network._ingress import GROUP, INGRESS_RULE

_SSH = Expect("Ingress::tcp/22", "group", ["ingress[0]", "tcp/22", ANY4, "Fix: "])


def closed() -> Sequence[Example]:
    """What is open to nobody, or to whom it may be."""
    return (
        Example("HTTP and HTTPS", [inline(allow("tcp", 80, 80, ANY4), allow("tcp", 443, 443, ANY4, ANY6))]),
        Example("a standalone rule for HTTPS", [standalone("tcp", 443, 443, ANY4)]),
        Example("HTTPS by the protocol's number", [standalone("6", 443, 443, ANY6)]),
        Example("the older kind of rule", [older("tcp", 443, 443, ANY4)]),
        Example("everything from one's own network", [inline(allow("-1", 0, 0, "10.0.0.0/8", "fc00::/7"))]),
        Example("SSH from one office", [inline(allow("tcp", 22, 22, "203.0.113.0/24"))]),
        Example("SSH from another group", [inline({"protocol": "tcp", "fromPort": 22, "toPort": 22, "self": True})]),
        Example(
            "a port from a referenced group whose id is unknown",
            [Res(INGRESS_RULE, "rule", {"ipProtocol": "tcp", "fromPort": 8080, "referencedSecurityGroupId": UNKNOWN})],
        ),
        Example("no ingress at all", [Res(GROUP, "group", {"description": "closed"})]),
        Example("egress to everywhere", [older("-1", 0, 0, ANY4, direction="egress")]),
        Example(
            "a port by setting",
            [standalone("tcp", 8443, 8443, ANY4)],
            settings={"allowed_ports": [8443]},
        ),
        Example("a range by setting", [standalone("tcp", 80, 81, ANY4)], settings={"allowed_ports": [80, 81]}),
        Example("HTTP/3 by setting", [standalone("udp", 443, 443, ANY4)], settings={"allowed_udp_ports": [443]}),
        Example("ping by setting", [standalone("icmp", 8, -1, ANY4)], settings={"allow_icmp": True}),
        Example("an unknown range, on a port for everybody", [standalone("tcp", 443, 443, UNKNOWN)]),
    )


def opened() -> Sequence[Example]:
    """What is open to everybody and must not be."""
    return (
        Example("SSH", [inline(allow("tcp", 22, 22, ANY4))], [_SSH]),
        Example(
            "SSH over IPv6",
            [inline(allow("tcp", 22, 22, ANY6))],
            [Expect("Ingress::tcp/22", "group", [ANY6])],
        ),
        Example(
            "the second rule",
            [inline(allow("tcp", 443, 443, ANY4), allow("tcp", 22, 22, ANY4))],
            [
                Expect("Ingress::tcp/22", "group", ["ingress[1]"]),
            ],
        ),
        Example("the second range", [inline(allow("tcp", 22, 22, "10.0.0.0/8", ANY4))], [_SSH]),
        Example("SSH, as a standalone rule", [standalone("tcp", 22, 22, ANY4)], [Expect("Ingress::tcp/22", "rule")]),
        Example("SSH, as an older rule", [older("tcp", 22, 22, ANY4)], [Expect("Ingress::tcp/22", "rule")]),
        Example(
            "a rule of unknown direction",
            [older("tcp", 22, 22, ANY4, direction=UNKNOWN)],
            undecided=[Expect("Undecided::type", "rule")],
        ),
        Example("everything", [inline(allow("-1", 0, 0, ANY4))], [Expect("Ingress::all", "group", ["in on all"])]),
        Example("everything, by name", [older("all", 0, 0, ANY4)], [Expect("Ingress::all", "rule")]),
        Example("everything, without ports", [standalone("-1", None, None, ANY6)], [Expect("Ingress::all", "rule")]),
        Example("a number that is no text", [standalone(-1, None, None, ANY4)], [Expect("Ingress::all", "rule")]),
        Example("upper case", [standalone("TCP", 22, 22, ANY4)], [Expect("Ingress::tcp/22", "rule")]),
        Example(
            "a protocol by its number",
            [
                standalone("6", 3389, 3389, ANY4),
            ],
            [Expect("Ingress::tcp/3389", "rule")],
        ),
        Example("every port", [inline(allow("tcp", 0, 65535, ANY4))], [Expect("Ingress::tcp/0-65535", "group")]),
        Example("from 0 to 0 is no port for everybody", [older("tcp", 0, 0, ANY4)], [Expect("Ingress::tcp/0", "rule")]),
        Example(
            "a range that holds 80 and 443 and all between",
            [inline(allow("tcp", 80, 443, ANY4))],
            [Expect("Ingress::tcp/80-443", "group")],
        ),
        Example("TCP without ports", [standalone("tcp", None, None, ANY4)], [Expect("Ingress::tcp/all", "rule")]),
        Example("HTTP/3", [standalone("udp", 443, 443, ANY4)], [Expect("Ingress::udp/443", "rule")]),
        Example("ping", [standalone("icmp", 8, -1, ANY4)], [Expect("Ingress::icmp", "rule")]),
        Example("another protocol", [standalone("47", None, None, ANY4)], [Expect("Ingress::47", "rule")]),
        Example(
            "the internet in halves",
            [inline(allow("tcp", 22, 22, "0.0.0.0/1", "128.0.0.0/1"))],
            [Expect("Ingress::tcp/22", "group", ["0.0.0.0/1, 128.0.0.0/1"])],
        ),
        Example(
            "the whole of IPv6 that is in use",
            [standalone("tcp", 22, 22, "2000::/3")],
            [Expect("Ingress::tcp/22", "rule")],
        ),
        Example(
            "HTTP, which the setting leaves out",
            [standalone("tcp", 80, 80, ANY4)],
            [Expect("Ingress::tcp/80", "rule")],
            settings={"allowed_ports": [443]},
        ),
        Example(
            "no range at all, and SSH beside it",
            [inline(allow("tcp", 22, 22, "everywhere"), allow("tcp", 22, 22, ANY4))],
            [Expect("Malformed::ingress[0].cidrBlocks[0]", "group"), Expect("Ingress::tcp/22", "group")],
        ),
        Example(
            "ingress that is no list",
            [Res(GROUP, "group", {"ingress": "all"})],
            [Expect("Malformed::ingress", "group", ["must be a list, not text"])],
        ),
        Example(
            "a port that is no number",
            [standalone("tcp", "ssh", "ssh", ANY4)],
            [Expect("Malformed::fromPort", "rule", ["must be a port number"])],
        ),
    )


def path_mtu() -> Sequence[Example]:
    """ICMP: what Path MTU discovery needs is right, and nothing else is."""
    return (
        *(
            Example(f"path MTU discovery, {name}", [rule], source=_PATH_MTU)
            for name, rule in {
                "within a group": inline(allow("icmp", 3, 4, ANY4)),
                "as a rule": standalone("icmp", 3, 4, ANY4),
                "by the protocol's number, as text": standalone("1", "3", "4", ANY4),
                "as a rule of the older kind": older("icmp", 3, 4, ANY4),
                "IPv6": standalone("icmpv6", 2, 0, ANY6),
                "IPv6, any code": older("ipv6-icmp", 2, -1, ANY6),
                "IPv6, by the protocol's number": standalone("58", 2, -1, ANY6),
            }.items()
        ),
        *(
            Example(
                f"ICMP type {kind} code {code}, {protocol}",
                [standalone(protocol, kind, code, ANY6 if protocol == "icmpv6" else ANY4)],
                [Expect(f"Ingress::{protocol}", "rule", ["allow_icmp", "path MTU discovery, which is allowed, is"])],
                source=_PATH_MTU,
            )
            for protocol, kind, code in (
                ("icmp", -1, -1),
                ("icmp", 3, -1),
                ("icmp", 3, 1),
                ("icmp", 5, 1),
                ("icmp", 8, 0),
                ("icmpv6", -1, -1),
                ("icmpv6", 128, 0),
            )
        ),
        Example(
            "ICMP of a type that nobody knows yet",
            [standalone("icmp", UNKNOWN, 4, ANY4)],
            undecided=[Expect("Undecided::fromPort", "rule")],
        ),
    )


def remedies() -> Sequence[Example]:
    """What to do fits what is wrong."""
    tcp = [f"{_NARROW}, or, if the port is for everybody, add it to the setting allowed_ports"]
    return (
        Example("TCP: its setting", [standalone("tcp", 9000, 9000, ANY4)], [Expect("Ingress::tcp/9000", "rule", tcp)]),
        Example(
            "UDP: its setting",
            [standalone("udp", 53, 53, ANY4)],
            [Expect("Ingress::udp/53", "rule", ["add it to the setting allowed_udp_ports"])],
        ),
        *(
            Example(
                f"a protocol that no setting opens: {protocol}",
                [standalone(protocol, None, None, ANY4)],
                [Expect(f"Ingress::{protocol}", "rule", ["no setting opens this protocol to everybody"])],
            )
            for protocol in ("50", "esp", "132")
        ),
        Example(
            "every protocol",
            [standalone("-1", None, None, ANY4)],
            [Expect("Ingress::all", "rule", ["open single ports instead of everything"])],
        ),
        Example(
            "a wide range",
            [standalone("udp", 1024, 65535, ANY4)],
            [Expect("Ingress::udp/1024-65535", "rule", ["open single ports instead of a range"])],
        ),
        *(
            Example(
                f"ports that are none: {low!r} to {high!r}",
                [inline(allow("tcp", low, high, ANY4), allow("tcp", 22, 22, ANY4))],
                [
                    Expect(f"Malformed::ingress[0].{prop}", "group", ["whole numbers, the lower one first"]),
                    Expect("Ingress::tcp/22", "group"),
                ],
            )
            for low, high, prop in (
                (443, 80, "fromPort"),
                ("https", 443, "fromPort"),
                (443, 65536, "toPort"),
                (443.5, 444, "fromPort"),
                (True, 443, "fromPort"),
            )
        ),
        Example(
            "a range that is none beside the internet",
            [inline(allow("tcp", 22, 22, "0.0.0.0/33", ANY4))],
            [
                Expect("Malformed::ingress[0].cidrBlocks[0]", "group", ["203.0.113.0/24"]),
                Expect("Ingress::tcp/22", "group"),
            ],
        ),
        Example(
            "a rule that is none, and SSH beside it",
            [inline("ssh", allow("tcp", 22, 22, ANY4))],
            [Expect("Malformed::ingress[0]", "group"), Expect("Ingress::tcp/22", "group")],
        ),
    )


_PATH_MTU = "https://docs.aws.amazon.com/vpc/latest/userguide/path_mtu_discovery.html"
_NARROW = "allow only the address ranges, the prefix list or the security group that need it"


def undecided() -> Sequence[Example]:
    """What only the update knows."""
    return (
        Example(
            "an unknown range",
            [standalone("tcp", 8080, 8080, UNKNOWN)],
            undecided=[Expect("Undecided::cidrIpv4", "rule")],
        ),
        Example(
            "an unknown range beside an open one",
            [inline(allow("tcp", 22, 22, UNKNOWN, ANY4))],
            [_SSH],
        ),
        Example(
            "an unknown port",
            [standalone("tcp", UNKNOWN, 443, ANY4)],
            undecided=[Expect("Undecided::fromPort", "rule")],
        ),
        Example(
            "an unknown protocol",
            [standalone(UNKNOWN, 443, 443, ANY4)],
            undecided=[Expect("Undecided::protocol", "rule")],
        ),
        Example(
            "unknown ingress",
            [Res(GROUP, "group", {"ingress": UNKNOWN})],
            undecided=[Expect("Undecided::ingress", "group")],
        ),
        Example(
            "an unknown rule beside an open one",
            [inline(UNKNOWN, allow("tcp", 22, 22, ANY4))],
            [Expect("Ingress::tcp/22", "group", ["ingress[1]"])],
            undecided=[Expect("Undecided::ingress[0]", "group")],
        ),
    )
