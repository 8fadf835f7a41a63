"""Openings to prefix lists, for `network-restricted-ingress`."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from policies.framework import UNKNOWN, Example, Expect, Res
from policies.rules.network._group_stacks import ANY4, ANY6
from policies.rules.network._ingress import GROUP, INGRESS_RULE, RULE
from policies.rules.network._prefix_lists import ENTRY, PREFIX_LIST

_LISTS = "https://docs.aws.amazon.com/vpc/latest/userguide/managed-prefix-lists.html"


def _opened(type_: str, *cidrs: Any, port: int = 22, known: bool = True, apart: bool = False) -> list[Res]:
    """An opening to a prefix list, whose entries are its own or resources apart."""
    id_ = "pl-1" if known else UNKNOWN
    entries = [] if apart else [{"cidr": cidr} for cidr in cidrs]
    ports = {"fromPort": port, "toPort": port}
    written: dict[str, tuple[dict[str, Any], str]] = {
        GROUP: ({"ingress": [{"protocol": "tcp", **ports, "prefixListIds": [id_]}]}, "ingress"),
        RULE: (
            {"type": "ingress", "securityGroupId": "sg-1", "protocol": "tcp", **ports, "prefixListIds": [id_]},
            "prefixListIds",
        ),
        INGRESS_RULE: ({"securityGroupId": "sg-1", "ipProtocol": "tcp", **ports, "prefixListId": id_}, "prefixListId"),
    }
    inputs, prop = written[type_]
    return [
        Res(PREFIX_LIST, "list", {"name": "list", "entries": entries}, {"id": id_}),
        *(
            Res(ENTRY, f"entry-{cidr}", {"cidr": cidr, "prefixListId": id_}, depends={"prefixListId": ["list"]})
            for cidr in (cidrs if apart else ())
        ),
        Res(type_, "app", inputs, depends={prop: ["list"]}),
    ]


def listed() -> Sequence[Example]:
    """What is in a prefix list is let in."""
    found = Expect("Ingress::tcp/22", "app", [f"the internet ({ANY4} of the prefix list list)"])
    return (
        *(
            Example(
                f"SSH for a prefix list with everybody in it, in {type_}{', first preview' * (not known)}",
                _opened(type_, "10.0.0.0/8", ANY4, known=known, apart=apart),
                [found],
                source=_LISTS,
            )
            for type_ in (GROUP, RULE, INGRESS_RULE)
            for known in (True, False)
            for apart in (type_ == RULE,)
        ),
        Example("SSH for the addresses of an office", _opened(INGRESS_RULE, "203.0.113.0/24", "2001:db8::/32")),
        Example("HTTPS for a prefix list with everybody in it", _opened(GROUP, ANY4, ANY6, port=443)),
        Example("SSH for a prefix list of another stack", [replace(_opened(GROUP, ANY4)[-1], depends={})]),
        Example(
            "an entry that nobody knows yet",
            _opened(GROUP, UNKNOWN),
            undecided=[Expect("Undecided::the entries of list", "app")],
        ),
        Example(
            "an entry that is no range, and one that is everybody",
            _opened(GROUP, "all", ANY4),
            [Expect("Malformed::entries[0].cidr", "list"), found],
        ),
    )
