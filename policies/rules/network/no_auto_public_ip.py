"""The subnets of the stack that workloads run in give nothing a public address by themselves."""

from typing import Any

from policies.framework import (
    UNKNOWN,
    Example,
    Expect,
    Ids,
    Report,
    Res,
    Resource,
    Rule,
    Severity,
    Stack,
    Unknown,
    peek,
)
from policies.rules.network._network_stacks import PREVIEW, UPDATE, ZONES, Builder, naming
from policies.rules.network._vpc import (
    DEFAULT_ROUTE_TABLE,
    INTERNET_GATEWAY,
    MAIN_ASSOCIATION,
    NETWORK,
    SUBNET,
    VPC,
    VPN_GATEWAY,
    Exposure,
    Network,
    registered,
)
from policies.rules.network._workloads import SUBNETS, exposed, only_later, path_text, prop_of, used_subnets

_SETTINGS = {
    "mapPublicIpOnLaunch": "a public IPv4 address",
    "assignIpv6AddressOnCreation": "an IPv6 address, which is always public",
}


def _check_stack(stack: Stack, report: Report) -> None:
    """A stack check: load balancers' subnets may give addresses, so it matters who uses a subnet."""
    ids = Ids(stack, SUBNET)
    network = Network(stack, registered(report))

    def exposure(subnet: Resource) -> Exposure:
        given = _gives_addresses(subnet, "mapPublicIpOnLaunch")
        if given.public or report.settings["allow_ipv6"]:
            return given
        ipv6 = _gives_addresses(subnet, "assignIpv6AddressOnCreation")
        if ipv6.public:
            # There are no private IPv6 addresses: whether one is reached depends on the routes alone.
            routed = network.exposure(subnet)
            ipv6 = ipv6 if routed.public else routed
        return given if ipv6.public is False else ipv6

    for workload in stack.of_type(*SUBNETS):
        with report.guard(workload):
            public, undecided = exposed(used_subnets(workload, ids), exposure)
            prop = prop_of(workload)
            if public:
                report.fail(
                    workload,
                    f"AutoPublicIp::{workload.name}",
                    f"names subnets that assign public addresses: {'; '.join(public)}",
                    prop=prop,
                )
            elif undecided and stack.of_type(*SUBNET):
                report.undecided(workload, prop, "; ".join(undecided), later=only_later(undecided))


def _gives_addresses(subnet: Resource, prop: str) -> Exposure:
    value = peek(subnet.inputs, prop)
    if value is None and subnet.type == SUBNET[1]:  # AWS makes default subnets so, unless the program says no
        value = prop == "mapPublicIpOnLaunch"
    if isinstance(value, Unknown):
        return Exposure(None, f"{prop} is not known yet")
    if value is True or value == "true":
        return Exposure(True, f"{prop} is true: each network interface made in it gets {_SETTINGS[prop]}")
    return Exposure(False)


_SERVICE = "aws:ecs/service:Service"
_PATH = SUBNETS[_SERVICE]
_UNDECIDED = "Undecided::networkConfiguration.subnets"
_GIVES = Expect("AutoPublicIp::app", "app", ["networkConfiguration.subnets", "mapPublicIpOnLaunch is true", "Fix: "])


def _in(world: Builder, **inputs: Any) -> list[Res]:
    """A service in a privately routed subnet with these inputs."""
    return [world.vpc, world.gateway, *world.private("a", **inputs), world.using(_SERVICE, _PATH, "a")]


def _in_public(world: Builder, **inputs: Any) -> list[Res]:
    """A service in a publicly routed subnet with these inputs."""
    return [world.vpc, world.gateway, *world.public("a", **inputs), world.using(_SERVICE, _PATH, "a")]


def _ipv6_in(world: Builder, *resources: Res) -> list[Res]:
    """A service in a subnet that gives IPv6 addresses, with what decides its routes."""
    subnet = world.subnet("a", assignIpv6AddressOnCreation=True)
    return [world.vpc, subnet, *resources, world.using(_SERVICE, _PATH, "a")]


_OUT = {"ipv6CidrBlock": "::/0", "gatewayId": "igw-1"}
_DEFAULT_TABLE = Res(
    DEFAULT_ROUTE_TABLE[0], "default", {"defaultRouteTableId": "rtb-main", "routes": [_OUT]}, {"id": "rtb-main"}
)
_INNER_IS_MAIN = Res(MAIN_ASSOCIATION[0], "main", {"vpcId": "vpc-1", "routeTableId": "rtb-inner"})
_UNKNOWN_GATEWAY = [{"ipv6CidrBlock": "::/0", "gatewayId": UNKNOWN}]
_REACHED = Expect("AutoPublicIp::app", "app", ["assignIpv6AddressOnCreation is true"])

RULE = Rule(
    name="network-no-auto-public-ip",
    title="Subnets of workloads assign no public addresses",
    description="Subnets of the stack that tasks, Auto Scaling groups and data stores use assign no public addresses.",
    severity=Severity.MEDIUM,
    packs=("network",),
    controls=("EC2.15", "EFS.6", "CKV_AWS_130", "AWS-0164", "AwsSolutions-VPCSubnetAutoAssignPublicIpDisabled"),
    remedy="use other subnets, or set mapPublicIpOnLaunch and assignIpv6AddressOnCreation of these to false",
    url="https://docs.aws.amazon.com/vpc/latest/userguide/subnet-public-ip.html",
    types=(*NETWORK, *SUBNETS),
    settings={
        "allow_ipv6": {
            "type": "boolean",
            "default": False,
            "description": "Allow assignIpv6AddressOnCreation in subnets with a route to an internet gateway. In "
            "others it is always allowed, because nothing can come in.",
        },
    },
    check_stack=_check_stack,
    cases=lambda: (
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
            _in_public(PREVIEW, assignIpv6AddressOnCreation=True),
            settings={"allow_ipv6": True},
        ),
        Example("IPv6 addresses that nobody reaches, first preview", _in(PREVIEW, assignIpv6AddressOnCreation=True)),
        Example("IPv6 addresses that nobody reaches, update", _in(UPDATE, assignIpv6AddressOnCreation=True)),
        Example(
            "IPv6 addresses, and the main table leads nowhere",
            _ipv6_in(UPDATE, UPDATE.table("inner"), _INNER_IS_MAIN, _DEFAULT_TABLE),
        ),
        Example(
            "IPv6 addresses behind a virtual private gateway",
            _ipv6_in(
                PREVIEW,
                Res(VPN_GATEWAY[0], "vgw", {"vpcId": UNKNOWN}),
                PREVIEW.table("a", _UNKNOWN_GATEWAY, ["vgw"]),
                PREVIEW.association("a"),
            ),
        ),
        Example(
            "IPv6 addresses behind an egress-only internet gateway",
            [*_in(UPDATE, assignIpv6AddressOnCreation=True), UPDATE.route("a", "::/0", egressOnlyGatewayId="eigw-1")],
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
        *(
            Example(
                f"IPv6 addresses with a route to an internet gateway, {when}",
                _in_public(world, assignIpv6AddressOnCreation=True),
                [_REACHED],
            )
            for when, world in (("first preview", PREVIEW), ("update", UPDATE))
        ),
        Example("IPv6 addresses, and the main table is public", _ipv6_in(UPDATE, _DEFAULT_TABLE), [_REACHED]),
        Example(
            "IPv6 addresses behind a gateway attached apart",
            _ipv6_in(
                PREVIEW,
                Res(INTERNET_GATEWAY[1], "attachment", {"vpcId": UNKNOWN}),
                PREVIEW.table("a", _UNKNOWN_GATEWAY, ["attachment"]),
                PREVIEW.association("a"),
            ),
            [_REACHED],
        ),
        Example(
            "IPv6 addresses in the default VPC",
            [
                Res(VPC[1], "default-vpc", {}, {"id": "vpc-0"}),
                Res(SUBNET[0], "a", {"vpcId": "vpc-0", "assignIpv6AddressOnCreation": True}, {"id": "subnet-a"}),
                naming(_SERVICE, _PATH, ["subnet-a"]),
            ],
            [_REACHED],
        ),
        Example(
            "IPv6 addresses in a VPC of another stack, whose routes nobody sees",
            [
                Res(SUBNET[0], "a", {"vpcId": "vpc-9", "assignIpv6AddressOnCreation": True}, {"id": "subnet-a"}),
                naming(_SERVICE, _PATH, ["subnet-a"]),
            ],
            undecided=[Expect(_UNDECIDED, "app", ["main route table"])],
        ),
        Example(
            "whether it gives IPv6 addresses is unknown",
            _in_public(PREVIEW, assignIpv6AddressOnCreation=UNKNOWN),
            undecided=[Expect(_UNDECIDED, "app", ["assignIpv6AddressOnCreation is not known yet"])],
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
                [Expect("AutoPublicIp::app", "app", [path_text(path), "public-1"])],
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
