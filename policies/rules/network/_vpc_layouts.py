"""VPCs as people lay them out, for `network-private-subnets`."""

from collections.abc import Iterator, Sequence
from typing import Any

from policies.framework import Example, Expect, Res
from policies.rules.network._network_stacks import PREVIEW, UPDATE, Builder
from policies.rules.network._services import PUBLIC, default_table, main_association, service
from policies.rules.network._vpc import ASSOCIATION, SUBNET, VPC

_WHEN = {"first preview": PREVIEW, "update": UPDATE}
_TYPES = "https://docs.aws.amazon.com/vpc/latest/userguide/configure-subnets.html#subnet-types"
_FIREWALL = "https://docs.aws.amazon.com/network-firewall/latest/developerguide/arch-igw-ngw.html"
_CARRIER = "https://docs.aws.amazon.com/vpc/latest/userguide/Carrier_Gateway.html"
_EDGE = "https://docs.aws.amazon.com/vpc/latest/userguide/gateway-route-tables.html"


def layouts() -> Iterator[Example]:
    """Private, protected and isolated subnets beside the public ones that every such VPC has."""
    for when, world in _WHEN.items():
        yield from _tiers(when, world)
        yield from _targets(when, world)
        yield from _firewall(when, world)
        yield from _default_vpc(when, world)
    for name, main, findings in (
        ("the main table leads out, and tasks have their own", "public", ()),
        ("tasks have the main table, which leads out", "own", (PUBLIC,)),
    ):
        world = UPDATE
        mine = world.private("a") if main == "public" else [world.subnet("a")]
        outer = [world.table("outer"), world.route("outer"), main_association(world, "outer")]
        yield Example(name, [world.vpc, world.gateway, *outer, *mine, service(world, "a")], findings)


def _tiers(when: str, world: Builder) -> Sequence[Example]:
    """Public subnets with NAT gateways, private ones, and isolated ones for data; one table for all private ones."""
    shared = [
        *(world.subnet(f"private-{zone}") for zone in "bc"),
        *(world.association(f"private-{zone}", "private-a") for zone in "bc"),
    ]
    isolated = [world.subnet("isolated"), world.table("isolated"), world.association("isolated")]
    network = [
        *(world.vpc, world.gateway, *world.public("public-a"), *world.private("private-a")),
        *(*shared, *isolated, world.subnet("forgotten")),
    ]
    return (
        Example(f"three tiers, {when}", [*network, service(world, "private-a", "private-b", "private-c")]),
        Example(
            f"isolated subnets, with a table of theirs and without, {when}",
            [*network, service(world, "isolated", "forgotten")],
        ),
        Example(f"the public tier, {when}", [*network, service(world, "public-a")], [PUBLIC]),
    )


def _targets(when: str, world: Builder) -> Iterator[Example]:
    """Default routes that lead elsewhere than to the internet, in a VPC that has an internet gateway."""
    targets: dict[str, dict[str, Any]] = {
        "a transit gateway": {"transitGatewayId": world.id("tgw-1")},
        "another VPC": {"vpcPeeringConnectionId": world.id("pcx-1")},
        "a cloud WAN": {"coreNetworkArn": world.id("arn:aws:networkmanager::123456789012:core-network/x")},
        "a NAT instance": {"networkInterfaceId": world.id("eni-1")},
        "a firewall": {"vpcEndpointId": world.id("vpce-1")},
        "a carrier gateway": {"carrierGatewayId": world.id("cagw-1")},
        "an Outpost": {"localGatewayId": world.id("lgw-1")},
    }
    for name, target in targets.items():
        own = [world.subnet("a"), world.table("a"), world.association("a"), world.route("a", **target)]
        yield Example(
            f"a default route to {name}, {when}",
            [world.vpc, world.gateway, *world.public("public"), *own, service(world, "a")],
            source=_CARRIER if "carrierGatewayId" in target else _TYPES,
        )
    out = world.route("a", "::/0", egressOnlyGatewayId=world.id("eigw-1"))
    dual = [world.vpc, world.gateway, *world.public("public", "0.0.0.0/0", "::/0"), *world.private("a"), out]
    yield Example(f"both families, IPv6 by an egress-only gateway, {when}", [*dual, service(world, "a")])


def _firewall(when: str, world: Builder) -> Sequence[Example]:
    """An inspected VPC: the gateway's own table leads to the firewall, whose subnet alone leads out."""
    edge = Res(
        ASSOCIATION[0],
        "edge-in",
        {"gatewayId": world.id("igw-1"), "routeTableId": world.id("rtb-edge")},
        depends={"gatewayId": ["igw"], "routeTableId": ["edge-rt"]},
    )
    back = {"cidrBlock": "10.0.1.0/24", "vpcEndpointId": world.id("vpce-1")}
    protected = [world.subnet("balancers"), world.table("balancers"), world.association("balancers")]
    network = [
        *(world.vpc, world.gateway, *world.public("firewall"), world.table("edge", [back]), edge),
        *(*protected, world.route("balancers", vpcEndpointId=world.id("vpce-1")), *world.private("tasks")),
    ]
    return (
        Example(f"tasks behind a firewall, {when}", [*network, service(world, "tasks")], source=_FIREWALL),
        Example(f"tasks beside the firewall, {when}", [*network, service(world, "firewall")], [PUBLIC], source=_EDGE),
    )


def _default_vpc(when: str, world: Builder) -> Sequence[Example]:
    """The VPC that AWS makes, and what a program may have changed of it."""
    outputs = {"id": world.id("vpc-1"), "mainRouteTableId": world.id("rtb-main")}
    vpc = Res(VPC[1], "vpc", {}, {**outputs, "defaultRouteTableId": world.id("rtb-main")})
    subnet = Res(SUBNET[1], "a", {"availabilityZone": "us-east-1a"}, {"id": world.id("subnet-a")})
    own = [world.table("a"), world.association("a"), world.route("a", natGatewayId=world.id("nat-1"))]
    public = Expect("PublicSubnets::app", "app", ["it is in the default VPC"])
    return (
        Example(f"the default VPC as it is, {when}", [vpc, subnet, service(world, "a")], [public]),
        Example(f"a subnet of the default VPC with a private table, {when}", [vpc, subnet, *own, service(world, "a")]),
        Example(
            f"the default VPC without its way out, {when}", [vpc, subnet, default_table(world), service(world, "a")]
        ),
    )
