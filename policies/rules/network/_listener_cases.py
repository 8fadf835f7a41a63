"""Ports that load balancers listen at, for `network-restricted-ingress`."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from policies.framework import UNKNOWN, Example, Expect, Res
from policies.rules.network._group_stacks import ANY4, ANY6, allow, standalone
from policies.rules.network._ingress import GROUP, RULE
from policies.rules.network._listeners import (
    CLASSIC,
    LISTENER,
    LOAD_BALANCER,
    SERVICE,
    TARGET_GROUP,
)


def balanced_by(
    *, known: bool = True, opened: Any = 7000, port: Any = 7000, internal: Any = False, protocol: Any = "TCP", **_: Any
) -> list[Res]:
    """A load balancer with its group, an opening of that group to everybody, and a listener."""

    def id_(value: str) -> str:
        return value if known else UNKNOWN

    group = {"securityGroupId": id_("sg-1")}
    rule = standalone("tcp", opened, opened, ANY4, **group)
    balancer = {"loadBalancerType": "network", "internal": internal, "securityGroups": [id_("sg-1")]}
    listener = {"loadBalancerArn": id_("arn-1"), "port": port, "protocol": protocol}
    return [
        Res(GROUP, "group", {"description": "front"}, {"id": id_("sg-1")}),
        replace(rule, depends={"securityGroupId": ["group"]}),
        Res(LOAD_BALANCER, "front", balancer, {"id": id_("arn-1")}, depends={"securityGroups": ["group"]}),
        Res(LISTENER, "listener", listener, depends={"loadBalancerArn": ["front"]}),
    ]


def _behind(kind: str, *, known: bool = True, **given: Any) -> list[Res]:
    """The same with the opening written in another way: within the group, or as a rule of the older kind."""
    group, rule, *others = balanced_by(known=known, **given)
    port = given.get("opened", 7000)
    opening = allow(given.get("transport", "tcp"), port, port, ANY4)
    if kind == "within the group":
        return [replace(group, inputs={**group.inputs, "ingress": [opening]}), *others]
    inputs = {"type": "ingress", "securityGroupId": rule.inputs["securityGroupId"], **opening}
    return [group, replace(rule, type=RULE, inputs=inputs), *others]


def _classic(*, internal: Any = False, opened: Any = 7000, listeners: Any = None, known: bool = True) -> list[Res]:
    """A Classic Load Balancer, whose listeners are its own."""
    group, rule, balancer, _ = balanced_by(known=known, opened=opened, internal=internal)
    if listeners is None:
        listeners = [{"lbPort": 7000, "lbProtocol": "tcp", "instancePort": 80, "instanceProtocol": "http"}]
    inputs = {"internal": internal, "listeners": listeners, "securityGroups": balancer.inputs["securityGroups"]}
    return [group, rule, replace(balancer, type=CLASSIC, inputs=inputs)]


def _ranged(low: int, high: int, *ports: Any) -> list[Res]:
    """An opening of several ports, and listeners at some."""
    group, rule, balancer, listener = balanced_by()
    rule = replace(rule, inputs={**rule.inputs, "fromPort": low, "toPort": high})
    made = [replace(listener, name=f"listener-{port}", inputs={**listener.inputs, "port": port}) for port in ports]
    return [group, rule, balancer, *made]


def tasks_behind(*, known: bool = True, protocol: str = "UDP", transport: str = "udp", **balancer: Any) -> list[Res]:
    """Tasks behind a Network Load Balancer without a security group: their group lets the clients in."""

    def id_(value: str) -> str:
        return value if known else UNKNOWN

    front = {"loadBalancerType": "network", **balancer}
    actions = [{"type": "forward", "targetGroupArn": id_("arn-t")}]
    listener = {"loadBalancerArn": id_("arn-1"), "port": 7000, "protocol": protocol, "defaultActions": actions}
    entries = [{"targetGroupArn": id_("arn-t"), "containerName": "app", "containerPort": 7000}]
    service = {"loadBalancers": entries, "networkConfiguration": {"securityGroups": [id_("sg-1")]}}
    return [
        Res(GROUP, "group", {"ingress": [allow(transport, 7000, 7000, ANY4)]}, {"id": id_("sg-1")}),
        Res(LOAD_BALANCER, "front", front, {"id": id_("arn-1")}),
        Res(TARGET_GROUP, "targets", {"port": 7000, "protocol": protocol}, {"id": id_("arn-t")}),
        Res(LISTENER, "listener", listener, depends={"loadBalancerArn": ["front"], "defaultActions": ["targets"]}),
        Res(SERVICE, "app", service, depends={"loadBalancers": ["targets"], "networkConfiguration": ["group"]}),
    ]


_NLB = "https://docs.aws.amazon.com/elasticloadbalancing/latest/network/load-balancer-listeners.html"
_EC2_19 = "https://docs.aws.amazon.com/securityhub/latest/userguide/ec2-controls.html#ec2-19"
_CLASSIC = "https://docs.aws.amazon.com/elasticloadbalancing/latest/classic/elb-listener-config.html"
_TARGETS = "https://docs.aws.amazon.com/elasticloadbalancing/latest/network/target-group-register-targets.html"


def spelt() -> Sequence[Example]:
    """The same opening and the same listener, however they are written."""
    return (
        *(
            Example(f"a listener's port, opened {kind}, {when}", _behind(kind, known=known))
            for kind in ("within the group", "by a rule of the older kind")
            for when, known in (("update", True), ("first preview", False))
        ),
        *(
            Example(
                f"another port than the listener's, opened {kind}",
                _behind(kind, opened=7001),
                [Expect("Ingress::tcp/7001", "group" if kind == "within the group" else "rule")],
            )
            for kind in ("within the group", "by a rule of the older kind")
        ),
        Example(
            "the port of an internal load balancer, opened within the group",
            _behind("within the group", internal=True),
            [Expect("Ingress::tcp/7000", "group")],
        ),
        Example(
            "SSH within a load balancer's group, beside the listener's port",
            [
                replace(res, inputs={**res.inputs, "ingress": [allow("tcp", port, port, ANY4) for port in (22, 7000)]})
                if res.type == GROUP
                else res
                for res in _behind("within the group")
            ],
            [Expect("Ingress::tcp/22", "group", ["ingress[0]"])],
        ),
        Example("a Classic Load Balancer", _classic(), source=_CLASSIC),
        Example("a Classic Load Balancer, first preview", _classic(known=False)),
        Example("an internal Classic one", _classic(internal=True), [Expect("Ingress::tcp/7000", "rule")]),
        Example("another port of a Classic one", _classic(opened=7001), [Expect("Ingress::tcp/7001", "rule")]),
        Example(
            "a Classic one whose listeners nobody knows yet",
            _classic(listeners=UNKNOWN),
            undecided=[Expect("Undecided::the listeners of front", "rule")],
        ),
        Example(
            "a group of another stack that a load balancer of this one has",
            [replace(res, depends={}) for res in balanced_by() if res.type != GROUP],
        ),
        *(
            Example(
                f"the load balancer by the name of {module}",
                [replace(res, type=res.type.replace("aws:lb/", f"aws:{module}/")) for res in balanced_by()],
            )
            for module in ("alb", "applicationloadbalancing", "elasticloadbalancingv2")
        ),
        Example(
            "a listener under one name and its load balancer under another",
            [
                replace(res, type=res.type.replace("aws:lb/listener", "aws:alb/listener"))
                for res in _behind("within the group", known=False)
            ],
        ),
        Example(
            "a Classic one by its other name",
            [replace(res, type=res.type.replace("aws:elb/", "aws:elasticloadbalancing/")) for res in _classic()],
        ),
        Example("a range of listeners' ports only", _ranged(7000, 7002, 7000, 7001, 7002)),
        Example("a range of listeners' and allowed ports", _ranged(80, 81, 81)),
        Example(
            "a range with a port that has no listener",
            _ranged(7000, 7002, 7000, 7002),
            [Expect("Ingress::tcp/7000-7002", "rule")],
        ),
        Example(
            "a range with a database's port",
            _ranged(5431, 5432, 5431, 5432),
            [Expect("Ingress::tcp/5431-5432", "rule")],
        ),
    )


def protocols() -> Sequence[Example]:
    """What comes in at listeners of each protocol."""
    return (
        *(
            Example(
                f"{transport} where {protocol} is listened to",
                _behind("within the group", protocol=protocol, transport=transport),
                [] if fits else [Expect(f"Ingress::{transport}/7000", "group", [_SETTING[transport]])],
                source=_NLB,
            )
            for protocol, transports in {
                "UDP": ["udp"],
                "TCP_UDP": ["tcp", "udp"],
                "QUIC": ["udp"],
                "TCP_QUIC": ["tcp", "udp"],
                "TLS": ["tcp"],
                "GENEVE": [],
            }.items()
            for transport in ("tcp", "udp")
            for fits in (transport in transports,)
        ),
        *(
            Example(
                f"port {port}, at which the load balancer answers {protocol or 'by default'}",
                [
                    replace(res, inputs={**res.inputs, "loadBalancerType": "application"})
                    if res.type == LOAD_BALANCER
                    else res
                    for res in balanced_by(opened=port, port=port, protocol=protocol)
                ],
                source=_EC2_19,
            )
            for port, protocol in ((8080, "HTTP"), (8080, None), (8443, "HTTPS"), (8888, "HTTPS"), (3000, "HTTP"))
        ),
        *(
            Example(
                f"port {port}, where it passes on whatever comes by {protocol}",
                balanced_by(opened=port, port=port, protocol=protocol),
                [Expect(f"Ingress::tcp/{port}", "rule")],
                source=_EC2_19,
            )
            for port, protocol in ((8080, "TCP"), (3000, "TLS"))
        ),
        Example(
            "a search engine's port, by HTTP",
            balanced_by(opened=9200, port=9200, protocol="HTTP"),
            [Expect("Ingress::tcp/9200", "rule")],
            source=_EC2_19,
        ),
        Example(
            "a protocol that nobody knows yet",
            balanced_by(protocol=UNKNOWN),
            undecided=[Expect("Undecided::the protocol of listener", "rule")],
        ),
        Example("tasks whose load balancer has no group", tasks_behind(), source=_TARGETS),
        Example("such tasks, first preview", tasks_behind(known=False), source=_TARGETS),
        Example(
            "such tasks, by another protocol",
            tasks_behind(protocol="TCP"),
            [Expect("Ingress::udp/7000", "group", ["allowed_udp_ports"])],
        ),
        Example(
            "such tasks behind an internal one",
            tasks_behind(internal=True),
            [Expect("Ingress::udp/7000", "group")],
        ),
        Example(
            "tasks whose load balancer has a group of its own: theirs may name that",
            tasks_behind(securityGroups=["sg-2"]),
            [Expect("Ingress::udp/7000", "group")],
            source=_TARGETS,
        ),
    )


def malformed() -> Sequence[Example]:
    """A load balancer that cannot be read takes nothing from the others."""
    fine = balanced_by()
    return (
        Example(
            "a listener's port that is none, and a fine one",
            [*fine, replace(fine[3], name="bad", inputs={**fine[3].inputs, "port": "http"})],
            [Expect("Malformed::port", "bad", ["must be a port number"])],
        ),
        Example(
            "security groups that are no list, and a fine load balancer",
            [*fine, replace(fine[2], name="bad", inputs={"securityGroups": "sg-1"}, outputs={"id": "arn-2"})],
            [Expect("Malformed::securityGroups", "bad", ["must be a list"])],
        ),
        Example(
            "a Classic listener without a form, and another",
            _classic(listeners=[{"lbPort": 7000, "lbProtocol": "tcp"}, "http"]),
            [Expect("Malformed::listeners[1]", "front")],
        ),
    )


_SETTING = {"tcp": "allowed_ports", "udp": "allowed_udp_ports"}


def balanced() -> Sequence[Example]:
    """What a load balancer makes right, and what it does not."""
    return (
        Example("a port at which the group's load balancer listens", balanced_by()),
        Example("the same before anything is made", balanced_by(known=False)),
        Example("a port at which it ends TLS", balanced_by(protocol="TLS")),
        Example(
            "a port at which its load balancer does not listen",
            balanced_by(opened=7001),
            [Expect("Ingress::tcp/7001", "rule")],
        ),
        Example(
            "the same, not made yet",
            balanced_by(known=False, opened=7001),
            [Expect("Ingress::tcp/7001", "rule")],
        ),
        Example(
            "a listener's port, which the setting does not let pass",
            balanced_by(),
            [Expect("Ingress::tcp/7000", "rule")],
            settings={"allow_listeners": False},
        ),
        Example(
            "HTTP, which the setting leaves out, though a load balancer listens there",
            balanced_by(opened=80, port=80),
            [Expect("Ingress::tcp/80", "rule")],
            settings={"allowed_ports": [443]},
        ),
        Example(
            "a port of an internal load balancer", balanced_by(internal=True), [Expect("Ingress::tcp/7000", "rule")]
        ),
        Example(
            "a TCP port where UDP is listened to", balanced_by(protocol="UDP"), [Expect("Ingress::tcp/7000", "rule")]
        ),
        Example(
            "a database's port, though a load balancer listens there",
            balanced_by(opened=5432, port=5432),
            [Expect("Ingress::tcp/5432", "rule")],
        ),
        Example(
            "a load balancer that listens to the port for another group",
            [replace(res, depends={}) if res.type == LOAD_BALANCER else res for res in balanced_by(known=False)],
            [Expect("Ingress::tcp/7000", "rule")],
        ),
        Example(
            "a port of no load balancer", [standalone("tcp", 7000, 7000, ANY6)], [Expect("Ingress::tcp/7000", "rule")]
        ),
        Example(
            "a listener's unknown port",
            balanced_by(port=UNKNOWN),
            undecided=[Expect("Undecided::the port of listener", "rule")],
        ),
        Example(
            "a load balancer of which nobody knows yet whether it is internal",
            balanced_by(internal=UNKNOWN),
            undecided=[Expect("Undecided::internal of front", "rule")],
        ),
    )
