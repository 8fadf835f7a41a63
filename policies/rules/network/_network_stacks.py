"""Small networks for the examples of the network rules, before their ids are known and after."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from policies.framework import UNKNOWN, Res
from policies.rules.network._task_runs import STATE_MACHINE
from policies.rules.network._vpc import (
    ASSOCIATION,
    INTERNET_GATEWAY,
    ROUTE,
    ROUTE_TABLE,
    SUBNET,
    VPC,
)
from policies.rules.network._workloads import EACH

IPV4_HALVES = ("0.0.0.0/1", "128.0.0.0/1")
IPV6_HALVES = ("::/1", "8000::/1")


class Builder:
    """Resources as a first preview (`known=False`) or an update has them. Ids are `subnet-<name>`, `rtb-<name>`."""

    def __init__(self, known: bool) -> None:
        self._known = known

    def id(self, value: str) -> str:
        """An id of AWS, unknown at a first preview."""
        return value if self._known else UNKNOWN

    @property
    def vpc(self) -> Res:
        """A VPC `vpc`."""
        table = self.id("rtb-main")
        outputs = {"id": self.id("vpc-1"), "mainRouteTableId": table, "defaultRouteTableId": table}
        return Res(VPC[0], "vpc", {"cidrBlock": "10.0.0.0/16"}, outputs)

    @property
    def gateway(self) -> Res:
        """An internet gateway `igw` in it."""
        vpc = {"vpcId": self.id("vpc-1")}
        return Res(INTERNET_GATEWAY[0], "igw", vpc, {"id": self.id("igw-1")}, depends={"vpcId": ["vpc"]})

    def subnet(self, name: str, **inputs: Any) -> Res:
        """A subnet in `vpc`."""
        given = {"vpcId": self.id("vpc-1"), **inputs}
        return Res(SUBNET[0], name, given, {"id": self.id(f"subnet-{name}")}, depends={"vpcId": ["vpc"]})

    def table(self, name: str, routes: Any = None, behind: Sequence[str] = ()) -> Res:
        """A route table `<name>-rt`."""
        inputs: dict[str, Any] = {"vpcId": self.id("vpc-1")}
        if routes is not None:
            inputs["routes"] = routes
        depends = {"vpcId": ["vpc"], "routes": list(behind)}
        return Res(ROUTE_TABLE[0], f"{name}-rt", inputs, {"id": self.id(f"rtb-{name}")}, depends=depends)

    def association(self, name: str, table: str = "") -> Res:
        """The association `<name>-in` of a subnet with its (or another's) table."""
        inputs = {"subnetId": self.id(f"subnet-{name}"), "routeTableId": self.id(f"rtb-{table or name}")}
        depends = {"subnetId": [name], "routeTableId": [f"{table or name}-rt"]}
        return Res(ASSOCIATION[0], f"{name}-in", inputs, depends=depends)

    def route(self, table: str, destination: str = "0.0.0.0/0", **target: Any) -> Res:
        """A standalone route in a table, to `igw` unless another target is given."""
        prop = "destinationIpv6CidrBlock" if ":" in destination else "destinationCidrBlock"
        target = target or {"gatewayId": self.id("igw-1")}
        depends: Mapping[str, Sequence[str]] = {"routeTableId": [f"{table}-rt"]}
        if "gatewayId" in target:
            depends = {**depends, "gatewayId": ["igw"]}
        inputs = {"routeTableId": self.id(f"rtb-{table}"), prop: destination, **target}
        return Res(ROUTE[0], f"{table} {destination}", inputs, depends=depends)

    def private(self, name: str, **inputs: Any) -> list[Res]:
        """A subnet whose table leads to a NAT gateway."""
        route = self.route(name, natGatewayId=self.id("nat-1"))
        return [self.subnet(name, **inputs), self.table(name), self.association(name), route]

    def public(self, name: str, *destinations: str, **inputs: Any) -> list[Res]:
        """A subnet whose table leads to the internet gateway."""
        routes = [self.route(name, destination) for destination in destinations or ("0.0.0.0/0",)]
        return [self.subnet(name, **inputs), self.table(name), self.association(name), *routes]

    def zones(self) -> list[Res]:
        """A VPC with two private and two public subnets, each with a table of its own, as awsx makes them."""
        return [
            self.vpc,
            self.gateway,
            *(res for name in ("private-1", "private-2") for res in self.private(name, mapPublicIpOnLaunch=False)),
            *(res for name in ("public-1", "public-2") for res in self.public(name, mapPublicIpOnLaunch=True)),
        ]

    def using(self, type_: str, path: Sequence[str], *subnets: str, **depends: Sequence[str]) -> Res:
        """A workload `app` that names these subnets, at a path of its inputs."""
        ids = [self.id(f"subnet-{name}") for name in subnets]
        return naming(type_, path, ids[0] if path[-1] == "subnetId" else ids, depends or {path[0]: list(subnets)})


def naming(type_: str, path: Sequence[str], subnets: Any, depends: Mapping[str, Sequence[str]] | None = None) -> Res:
    """A workload `app` with a given value where its subnets stand."""
    value = subnets
    if type_ == STATE_MACHINE:
        value = UNKNOWN if UNKNOWN in (subnets, *subnets) else json.dumps(machine(subnets))
    for step in reversed(path):
        value = [value] if step == EACH else {step: value}
    return Res(type_, "app", value, depends=depends or {})


def machine(subnets: Any, **network: Any) -> dict[str, Any]:
    """The document of a state machine that runs a task in these subnets."""
    found = {"AwsvpcConfiguration": {"Subnets": subnets, **network}}
    state = {
        "Type": "Task",
        "Resource": "arn:aws:states:::ecs:runTask.sync",
        "Parameters": {"Cluster": "main", "TaskDefinition": "job", "NetworkConfiguration": found},
        "End": True,
    }
    return {"StartAt": "Run", "States": {"Run": state}}


PREVIEW, UPDATE = Builder(known=False), Builder(known=True)
ZONES = ("private-1", "private-2", "public-1", "public-2")
