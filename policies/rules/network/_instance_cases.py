"""Instances behind Network Load Balancers, for `network-restricted-ingress`."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from policies.framework import UNKNOWN, Example, Expect, Res
from policies.rules.network._listener_cases import tasks_behind
from policies.rules.network._listeners import ATTACHMENT, FLEET, FLEET_ATTACHMENT, INSTANCE, TEMPLATE

_TARGETS = "https://docs.aws.amazon.com/elasticloadbalancing/latest/network/target-group-register-targets.html"
_INSTANCES = "https://repost.aws/knowledge-center/security-group-load-balancer"
_GROUPS_OF = "vpcSecurityGroupIds"


def _instances(*, known: bool = True, port: Any = None, **balancer: Any) -> list[Res]:
    """An instance behind a Network Load Balancer without a security group: its group lets the clients in."""

    def id_(value: str) -> str:
        return value if known else UNKNOWN

    attachment = {"targetGroupArn": id_("arn-t"), "targetId": id_("i-1"), "port": port}
    return [
        *tasks_behind(known=known, **balancer)[:-1],
        Res(
            INSTANCE, "app", {"vpcSecurityGroupIds": [id_("sg-1")]}, {"id": id_("i-1")}, depends={_GROUPS_OF: ["group"]}
        ),
        Res(ATTACHMENT, "behind", attachment, depends={"targetGroupArn": ["targets"], "targetId": ["app"]}),
    ]


def _fleet(*, known: bool = True, attached: bool = False, interfaces: bool = False, mixed: bool = False) -> list[Res]:
    """The same with an Auto Scaling group."""

    def id_(value: str) -> str:
        return value if known else UNKNOWN

    groups = [id_("sg-1")]
    top = "networkInterfaces" if interfaces else _GROUPS_OF
    template = {top: [{"securityGroups": groups}] if interfaces else groups}
    of: str = "launchTemplate"
    launch: dict[str, Any] = {"id": id_("lt-1")}
    if mixed:
        launch = {"launchTemplate": {"launchTemplateSpecification": {"launchTemplateId": id_("lt-1")}}}
        of = "mixedInstancesPolicy"
    fleet: dict[str, Any] = {of: launch}
    attachment = {"autoscalingGroupName": id_("app"), "lbTargetGroupArn": id_("arn-t")}
    depends = {"autoscalingGroupName": ["app"], "lbTargetGroupArn": ["targets"]}
    if not attached:
        fleet["targetGroupArns"] = [id_("arn-t")]
    return [
        *tasks_behind(known=known)[:-1],
        Res(TEMPLATE, "template", template, {"id": id_("lt-1")}, depends={top: ["group"]}),
        Res(FLEET, "app", fleet, {"id": id_("app")}, depends={of: ["template"], "targetGroupArns": ["targets"]}),
        *([Res(FLEET_ATTACHMENT, "behind", attachment, depends=depends)] if attached else []),
    ]


def instances() -> Sequence[Example]:
    """Instances behind a network load balancer that has no security group."""
    open_7000 = [Expect("Ingress::udp/7000", "group", ["allowed_udp_ports"])]
    made_by: dict[str, Callable[..., list[Res]]] = {
        "an instance whose load balancer has no group": _instances,
        "such an Auto Scaling group": _fleet,
        "such an Auto Scaling group, attached": partial(_fleet, attached=True),
        "one with network interfaces in its template": partial(_fleet, interfaces=True),
        "one with a mixed instances policy": partial(_fleet, mixed=True),
    }
    return (
        *(
            Example(f"{what}{when}", made(known=known), source=_INSTANCES)
            for when, known in (("", True), (", first preview", False))
            for what, made in made_by.items()
        ),
        Example("such an instance, at a port of its own", _instances(port=7001), open_7000),
        Example(
            "such an instance, at a port that nobody knows yet",
            _instances(port=UNKNOWN),
            undecided=[Expect("Undecided::the port of behind", "group")],
        ),
        Example("such an instance that is attached to nothing", _instances()[:-1], open_7000),
        Example("such an instance behind an internal one", _instances(internal=True), open_7000),
        Example(
            "an instance whose load balancer has a group",
            _instances(securityGroups=["sg-2"]),
            open_7000,
            source=_TARGETS,
        ),
    )
