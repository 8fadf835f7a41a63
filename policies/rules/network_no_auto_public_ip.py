"""The subnets of the stack that workloads run in give nothing a public address by themselves."""

from typing import Any

from policies.framework import (
    UNKNOWN,
    Example,
    Expect,
    Report,
    Res,
    Resource,
    Rule,
    Severity,
    Stack,
    Unknown,
    peek,
)
from policies.rules._stacks import PREVIEW, UPDATE, ZONES, Builder, naming
from policies.rules._vpc import SUBNET, Exposure, Ids
from policies.rules._workloads import SUBNETS, exposed, used_subnets

_SETTINGS = {
    "mapPublicIpOnLaunch": "public IPv4 address",
    "assignIpv6AddressOnCreation": "IPv6 address, which is a public one",
}


def _check_stack(stack: Stack, report: Report) -> None:
    """A stack check: load balancers' subnets may give addresses, so it matters who uses a subnet."""
    ids = Ids(stack, SUBNET)

    def exposure(subnet: Resource) -> Exposure:
        return _gives_addresses(subnet, allow_ipv6=report.settings["allow_ipv6"])

    for workload in stack.of_type(*SUBNETS):
        with report.guard(workload):
            public, undecided = exposed(used_subnets(workload, ids), exposure)
            prop = ".".join(SUBNETS[workload.type])
            if public:
                report.fail(
                    workload,
                    f"AutoPublicIp::{workload.name}",
                    f"names subnets that give public addresses: {'; '.join(public)}",
                    prop=prop,
                )
            elif undecided and stack.of_type(*SUBNET):
                report.undecided(workload, prop, "; ".join(undecided))


def _gives_addresses(subnet: Resource, *, allow_ipv6: bool) -> Exposure:
    unknown = Exposure(False)
    for prop, address in _SETTINGS.items():
        value = peek(subnet.inputs, prop)
        if value is None and subnet.type == SUBNET[1]:  # AWS makes default subnets so, unless the program says no
            value = prop == "mapPublicIpOnLaunch"
        if allow_ipv6 and prop == "assignIpv6AddressOnCreation":
            continue
        if isinstance(value, Unknown):
            unknown = Exposure(None, f"{prop} is not known yet")
        elif value is True or value == "true":
            return Exposure(True, f"{prop} is true: each network interface made in it gets a {address}")
    return unknown


_SERVICE = "aws:ecs/service:Service"
_PATH = SUBNETS[_SERVICE]
_UNDECIDED = "Undecided::networkConfiguration.subnets"
_GIVES = Expect("AutoPublicIp::app", "app", ["networkConfiguration.subnets", "mapPublicIpOnLaunch is true", "Fix: "])


def _in(world: Builder, **inputs: Any) -> list[Res]:
    """A service in a privately routed subnet with these inputs."""
    return [world.vpc, world.gateway, *world.private("a", **inputs), world.using(_SERVICE, _PATH, "a")]


RULE = Rule(
    name="network-no-auto-public-ip",
    title="Workloads' subnets give no public addresses",
    description="Subnets of the stack that tasks, Auto Scaling groups and data stores use assign no public addresses.",
    severity=Severity.MEDIUM,
    controls=("EC2.15", "EFS.6", "CKV_AWS_130", "AWS-0164", "AwsSolutions-VPCSubnetAutoAssignPublicIpDisabled"),
    remedy="name other subnets, or set mapPublicIpOnLaunch and assignIpv6AddressOnCreation of these to false",
    url="https://docs.aws.amazon.com/vpc/latest/userguide/subnet-public-ip.html",
    types=(*SUBNET, *SUBNETS),
    settings={
        "allow_ipv6": {
            "type": "boolean",
            "default": False,
            "description": "Allow assignIpv6AddressOnCreation, for subnets whose IPv6 leaves through an egress-only "
            "internet gateway.",
        },
    },
    check_stack=_check_stack,
    examples=(
        Example("private subnets beside public ones", [*UPDATE.zones(), UPDATE.using(_SERVICE, _PATH, "private-1")]),
        Example("the same at first preview", [*PREVIEW.zones(), PREVIEW.using(_SERVICE, _PATH, "private-1")]),
        Example("nothing is set", _in(PREVIEW)),
        Example(
            "a load balancer's subnets may",
            [*PREVIEW.zones(), PREVIEW.using("aws:lb/loadBalancer:LoadBalancer", ("subnets",), "public-1")],
        ),
        Example("subnets of another stack are not this rule's", [naming(_SERVICE, _PATH, ["subnet-1"])]),
        Example(
            "IPv6 addresses by setting",
            _in(PREVIEW, assignIpv6AddressOnCreation=True),
            settings={"allow_ipv6": True},
        ),
        Example(
            "a default subnet that was told not to",
            [
                Res(SUBNET[1], "default-a", {"mapPublicIpOnLaunch": False}, {"id": "subnet-a"}),
                naming(_SERVICE, _PATH, ["subnet-a"]),
            ],
        ),
        Example("IPv4 addresses, first preview", _in(PREVIEW, mapPublicIpOnLaunch=True), [_GIVES]),
        Example("IPv4 addresses, update", _in(UPDATE, mapPublicIpOnLaunch=True), [_GIVES]),
        Example("the text true, which the provider reads as true", _in(UPDATE, mapPublicIpOnLaunch="true"), [_GIVES]),
        Example(
            "IPv6 addresses",
            _in(PREVIEW, assignIpv6AddressOnCreation=True),
            [Expect("AutoPublicIp::app", "app", ["assignIpv6AddressOnCreation is true"])],
        ),
        Example(
            "a default subnet",
            [Res(SUBNET[1], "default-a", {}, {"id": "subnet-a"}), naming(_SERVICE, _PATH, ["subnet-a"])],
            [_GIVES],
        ),
        *(
            Example(
                f"{type_} in a subnet that gives addresses",
                [*PREVIEW.zones(), PREVIEW.using(type_, path, "public-1")],
                [Expect("AutoPublicIp::app", "app", [".".join(path), "public-1"])],
            )
            for type_, path in SUBNETS.items()
        ),
        Example(
            "subnets that are no list",
            [*UPDATE.zones(), naming(_SERVICE, _PATH, "subnet-public-1")],
            [Expect("Malformed::networkConfiguration.subnets", "app")],
        ),
        Example(
            "a list from every subnet of a Vpc component",
            [*PREVIEW.zones(), naming(_SERVICE, _PATH, UNKNOWN, {_PATH[0]: ZONES})],
            undecided=[Expect(_UNDECIDED, "app", ["public subnets (public-1, public-2)"])],
        ),
        Example(
            "whether the subnet gives addresses is unknown",
            _in(PREVIEW, mapPublicIpOnLaunch=UNKNOWN),
            undecided=[Expect(_UNDECIDED, "app", ["mapPublicIpOnLaunch is not known yet"])],
        ),
    ),
)
