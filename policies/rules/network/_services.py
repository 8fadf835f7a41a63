"""A service in a small network, for the examples of `network-private-subnets`."""

from collections.abc import Mapping, Sequence
from typing import Any

from policies.framework import UNKNOWN, Expect, Res
from policies.rules.network._network_stacks import PREVIEW, ZONES, Builder, naming
from policies.rules.network._vpc import DEFAULT_ROUTE_TABLE, MAIN_ASSOCIATION, ROUTE
from policies.rules.network._workloads import SUBNETS

SERVICE = "aws:ecs/service:Service"
PATH = SUBNETS[SERVICE]
PUBLIC = Expect("PublicSubnets::app", "app", ["networkConfiguration.subnets", "0.0.0.0/0", "Fix: "])
UNDECIDED = "Undecided::networkConfiguration.subnets"


def service(world: Builder, *subnets: str) -> Res:
    """A service `app` in these subnets."""
    return world.using(SERVICE, PATH, *subnets)


def one(world: Builder, *resources: Res) -> list[Res]:
    """A service in the subnet `a`, with what is given around it."""
    return [world.vpc, world.gateway, *resources, service(world, "a")]


def inline(world: Builder, *routes: Mapping[str, Any], behind: Sequence[str] = ("igw",)) -> list[Res]:
    """A service in a subnet whose route table carries its routes itself."""
    return one(world, world.subnet("a"), world.table("a", list(routes), behind), world.association("a"))


def awsx(count: int = 0) -> list[Res]:
    """A service at first preview fed by a Vpc component: its list (or as many elements) comes from every subnet."""
    value = [UNKNOWN] * count if count else UNKNOWN
    return [*PREVIEW.zones(), naming(SERVICE, PATH, value, {PATH[0]: ZONES})]


def in_main_table(world: Builder, *resources: Res) -> list[Res]:
    """A service in a subnet without association."""
    return one(world, world.subnet("a"), *resources)


def default_table(world: Builder, *routes: Mapping[str, Any]) -> Res:
    """The default route table of the VPC, which carries its routes itself."""
    depends = {"defaultRouteTableId": ["vpc"], "routes": ["igw"] if routes else []}
    inputs = {"defaultRouteTableId": world.id("rtb-main"), "routes": list(routes)}
    return Res(DEFAULT_ROUTE_TABLE[0], "default", inputs, {"id": world.id("rtb-main")}, depends=depends)


def main_association(world: Builder, table: str) -> Res:
    """Makes another route table the main one of the VPC."""
    inputs = {"vpcId": world.id("vpc-1"), "routeTableId": world.id(f"rtb-{table}")}
    depends = {"vpcId": ["vpc"], "routeTableId": [f"{table}-rt"]}
    return Res(MAIN_ASSOCIATION[0], "main", inputs, depends=depends)


def to_main(world: Builder, gateway: str = "igw-1") -> Res:
    """A standalone route in the main table, which the VPC names."""
    inputs = {
        "routeTableId": world.id("rtb-main"),
        "destinationCidrBlock": "0.0.0.0/0",
        "gatewayId": world.id(gateway),
    }
    return Res(ROUTE[0], "default-route", inputs, depends={"routeTableId": ["vpc"], "gatewayId": ["igw"]})


def outside(*subnets: str, **settings: Any) -> dict[str, Any]:
    """A service in subnets of another stack, and settings about these."""
    return {"resources": [naming(SERVICE, PATH, list(subnets))], "settings": settings}


def member(type_: str, **inputs: Any) -> Res:
    """A data store or another workload `app`."""
    return Res(type_, "app", inputs)


IGW = {"gatewayId": "igw-1"}
OUT = {"cidrBlock": "0.0.0.0/0", **IGW}
UNKNOWN_GATEWAY = {"cidrBlock": "0.0.0.0/0", "gatewayId": UNKNOWN}
