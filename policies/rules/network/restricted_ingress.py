"""Security groups let the whole internet in on the ports meant for it only."""

from collections.abc import Iterator
from contextlib import contextmanager

from policies.framework import Malformed, Report, Resource, Rule, Severity, Stack, Unknown
from policies.rules.network._ingress import GROUP, INGRESS_RULE, Ingress, is_internet, permissions
from policies.rules.network._ingress import RULE as OLDER_RULE
from policies.rules.network._instance_cases import instances
from policies.rules.network._listener_cases import balanced, malformed, protocols, spelt
from policies.rules.network._listeners import BALANCING, Listeners
from policies.rules.network._prefix_list_cases import listed
from policies.rules.network._prefix_lists import ENTRY, PREFIX_LIST, PrefixLists
from policies.rules.network._restricted_ingress_cases import closed, opened, path_mtu, remedies, undecided

_OPENINGS = (GROUP, INGRESS_RULE, OLDER_RULE)

_NARROW = "allow only the address ranges, the prefix list or the security group that need it"

_SETTINGS = {"tcp": "allowed_ports", "udp": "allowed_udp_ports"}

_OTHER_HTTP = frozenset({3000, 5000, 8080, 8088, 8888})
"""The ports of EC2.19 at which development servers and proxies answer HTTP. A load balancer that does so was put there
on purpose; one that only passes TCP on may have any of them behind it."""

_BY_SETTING_ONLY = frozenset(
    {
        *(80, 443),
        # Security Hub EC2.19.
        *(20, 21, 22, 23, 25, 110, 135, 143, 445, 1433, 1434, 3306, 3389, 4333, 5432, 5500, 5601, 9200, 9300),
    }
)
"""TCP ports that only the setting opens: those it has or has lost, and those that a listener does not make right."""

_MOST = 100
"""How many ports a permission may open for listeners. Wider ones are judged at once: no load balancer has so many."""


def _check(resource: Resource, report: Report) -> None:
    if resource.type not in _OPENINGS:
        return
    waiting = _waiting(report)
    waiting.pop(resource.urn, None)
    for ingress in permissions(resource, report):
        with _reading(resource, report):
            open_to = _open_to(resource, ingress, report)
            if open_to or ingress.unknown_range is not None:
                allowed = _is_allowed(resource, ingress, report, None)
                if allowed is None:
                    waiting.setdefault(resource.urn, []).append((ingress, open_to))
                else:
                    _say(resource, ingress, open_to, allowed, report, ingress.unknown_range)
            elif ingress.lists:
                waiting.setdefault(resource.urn, []).append((ingress, []))


def _check_stack(stack: Stack, report: Report) -> None:
    """What may be open for a load balancer is judged when it is known whether one for the public listens there, and
    what is open to prefix lists when these are known."""
    # The engine hands over what this run is going to delete too; that was not registered, and does not wait.
    waiting = _waiting(report)
    listeners = Listeners(stack, report) if waiting else None
    lists = PrefixLists(stack, report) if waiting else None
    for resource in stack.of_type(*_OPENINGS):
        for ingress, ranges in waiting.get(resource.urn, ()):
            with _reading(resource, report):
                open_to, unknown = (ranges, None) if ranges or not lists else lists.open_by(resource, ingress)
                unknown = ingress.unknown_range or unknown
                if open_to or unknown:
                    allowed = _is_allowed(resource, ingress, report, listeners)
                    _say(resource, ingress, open_to, allowed or False, report, unknown)


def _waiting(report: Report) -> dict[str, list[tuple[Ingress, list[str]]]]:
    """By URN, what is open to ranges of the internet, and right only if a load balancer listens there, and what is open
    to prefix lists, in which such ranges may be."""
    found: dict[str, list[tuple[Ingress, list[str]]]] = report.kept.setdefault("waiting", {})
    return found


def _say(
    resource: Resource,
    ingress: Ingress,
    open_to: list[str],
    allowed: bool | Unknown,
    report: Report,
    unknown: str | None,
) -> None:
    if isinstance(allowed, Unknown):
        report.undecided(resource, allowed.path)
    elif not allowed and open_to:
        what = ingress.described()
        report.fail(
            resource,
            f"Ingress::{what}",
            f"it lets the internet ({', '.join(open_to)}) in on {what}",
            prop=ingress.where.rstrip(".") or "the rule",
            remedy=_remedy(ingress),
        )
    elif not allowed and unknown is not None:
        report.undecided(resource, unknown)


def _open_to(resource: Resource, ingress: Ingress, report: Report) -> list[str]:
    """The ranges that are the internet. One that is no range hides none of the others."""
    found = []
    for path, value in ingress.ranges:
        with _reading(resource, report):
            if not isinstance(value, Unknown) and is_internet(str(value), path):
                found.append(str(value))
    return found


def _is_allowed(
    resource: Resource, ingress: Ingress, report: Report, listeners: Listeners | None
) -> bool | Unknown | None:
    """Whether anybody may come in there; `None` if that depends on listeners, and none were given."""
    name = ingress.name
    if isinstance(name, Unknown):
        return name
    if name in ("icmp", "icmpv6"):
        return bool(report.settings["allow_icmp"]) or _is_path_mtu(name, ingress)
    ports = ingress.ports if name in _SETTINGS else None
    if ports is None or isinstance(ports, Unknown):
        return ports or False
    known = {int(port) for port in report.settings[_SETTINGS[name]]}
    missing = [port for port in ports if port not in known] if len(ports) <= _MOST + len(known) else ports
    if not missing:
        return True
    if not report.settings["allow_listeners"] or len(missing) > _MOST:
        return False
    if (name == "tcp" and not _BY_SETTING_ONLY.isdisjoint(missing)) or missing[0] < 1:
        return False
    if listeners is None:
        return None
    return listeners.listen(resource, name, missing, http=_OTHER_HTTP if name == "tcp" else frozenset())


def _is_path_mtu(name: str, ingress: Ingress) -> bool | Unknown:
    """Whether it is the message that tells a sender to send smaller packets, without which connections hang.

    https://docs.aws.amazon.com/vpc/latest/userguide/path_mtu_discovery.html
    """
    message = ingress.message
    if isinstance(message, Unknown):
        return message
    kind, code = message
    return (kind, code) == (3, 4) if name == "icmp" else kind == 2 and code in (None, -1, 0)


def _remedy(ingress: Ingress) -> str:
    """What to do: the setting that would allow it is named where there is one. Empty for the rule's own."""
    name, ports = ingress.name, ingress.ports if ingress.name in _SETTINGS else None
    if name in ("icmp", "icmpv6"):
        message = "type 3 with code 4 (fromPort 3, toPort 4)" if name == "icmp" else "type 2 (fromPort 2, toPort 0)"
        return f"{_NARROW}, or set allow_icmp to true; path MTU discovery, which is allowed, is {message}"
    if name == "all":
        return f"open single ports instead of everything, and {_NARROW}"
    if not isinstance(name, str) or name not in _SETTINGS:
        return f"{_NARROW}; no setting opens this protocol to everybody"
    if not isinstance(ports, range) or len(ports) > _MOST:
        return f"open single ports instead of a range, and {_NARROW}"
    return f"{_NARROW}, or, if the port is for everybody, add it to the setting {_SETTINGS[name]}"


@contextmanager
def _reading(resource: Resource, report: Report) -> Iterator[None]:
    """A guard that says how ports and ranges are written."""
    with report.guard(resource):
        try:
            yield
        except Malformed as wrong:
            how = "write fromPort and toPort as whole numbers, the lower one first"
            if not wrong.path.endswith("Port"):
                how = "write a range as 203.0.113.0/24 or 2001:db8::/32"
            report.fail(resource, f"Malformed::{wrong.path}", wrong.reason, prop=wrong.path, remedy=how)


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
    remedy=f"{_NARROW}, or, if the port is for everybody, add it to the setting allowed_ports",
    url="https://docs.aws.amazon.com/vpc/latest/userguide/security-group-rules.html",
    types=(*_OPENINGS, PREFIX_LIST, ENTRY, *BALANCING),
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
            "description": "Allow ports on which an internet-facing load balancer of the stack listens, except TCP 80 "
            "and 443 and the high-risk ports of EC2.19. Of these, 3000, 5000, 8080, 8088 and 8888 may be open where "
            "the listener's protocol is HTTP or HTTPS.",
        },
        "allow_icmp": {
            "type": "boolean",
            "default": False,
            "description": "Allow ICMP from the internet, such as ping. Path MTU discovery (type 3 code 4, and type 2 "
            "of ICMPv6) is always allowed.",
        },
    },
    check=_check,
    check_stack=_check_stack,
    cases=lambda: (
        *(*closed(), *opened(), *listed(), *path_mtu(), *remedies(), *undecided()),
        *(*balanced(), *spelt(), *protocols(), *instances(), *malformed()),
    ),
)
