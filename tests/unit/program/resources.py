"""What identifies every resource of a stack to Pulumi; `python -m tests.unit.program.resources` writes the snapshots.

A URN, a parent or an alias that changes makes Pulumi replace a resource that is running; a protection or an ignored
change that goes lets it be deleted or overwritten.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import yaml
from pulumi.runtime.mocks import MockCallArgs

from ..conftest import REGION, Engine, Registered, run_main, stack_config

STACKS: Final = ("dev", "prod", "everything", "existing")
_STACK: Final = "pulumi:pulumi:Stack"
_HERE: Final = Path(__file__).parent


class _InExistingNetwork(Engine):
    """Answers what is read of a VPC and a load balancer that exist already."""

    def call(self, args: MockCallArgs) -> tuple[dict[Any, Any], list[tuple[str, str]] | None]:
        subnets = {f"subnet-0{letter}": number for number, letter in enumerate("abcd")}
        answers: dict[str, dict[str, Any]] = {
            "ec2/getVpc:getVpc": {"enableDnsSupport": True, "enableDnsHostnames": True, "cidrBlock": "10.0.0.0/16"},
            "ec2/getSubnets:getSubnets": {"ids": list(subnets)},
            "ec2/getRouteTables:getRouteTables": {"ids": ["rtb-public", "rtb-private"]},
            "lb/getListener:getListener": {
                "loadBalancerArn": "arn:aws:elasticloadbalancing:eu-west-1:123456789012:loadbalancer/app/shared/0a",
                "port": 443,
                "protocol": "HTTPS",
                "defaultActions": [{"type": "fixed-response"}],
            },
            "lb/getLoadBalancer:getLoadBalancer": {
                "loadBalancerType": "application",
                "vpcId": "vpc-0abc",
                "securityGroups": ["sg-0def"],
                "dnsName": f"shared.{REGION}.elb.amazonaws.com",
                "zoneId": "Z32O12XQLNTSW2",
            },
            "ec2/getVpcEndpoint:getVpcEndpoint": {
                "privateDnsEnabled": True,
                "securityGroupIds": ["sg-0abc"],
                "prefixListId": "pl-0abc",
                "routeTableIds": ["rtb-private"],
            },
        }
        if args.token == "aws:ec2/getSubnet:getSubnet":
            number = subnets[args.args["id"]]
            place = {"cidrBlock": f"10.0.{number}.0/24", "availabilityZone": f"{REGION}{'ab'[number % 2]}"}
            return {**place, "availableIpAddressCount": 200}, []
        if args.token == "aws:ec2/getRouteTable:getRouteTable":
            public = args.args["routeTableId"] == "rtb-public"
            own = list(subnets)[:2] if public else list(subnets)[2:]
            way_out = {"gatewayId": "igw-1"} if public else {"natGatewayId": "nat-1"}
            return {
                "routes": [{"cidrBlock": "0.0.0.0/0", **way_out}],
                "associations": [{"subnetId": subnet, "main": False} for subnet in own],
            }, []
        found = answers.get(args.token.removeprefix("aws:"))
        return super().call(args) if found is None else (found, [])


def register(stack: str) -> Engine:
    """Run the program for a committed stack, or for one of the stacks beside this file."""
    own = _HERE / "stacks" / f"{stack}.yaml"
    config = yaml.safe_load(own.read_text()) if own.exists() else stack_config(stack)
    engine = _InExistingNetwork() if stack == "existing" else Engine()
    return run_main(stack, config, engine=engine).engine


def lines(engine: Engine) -> Iterator[str]:
    """Describe each resource: its URN without stack and project, then what else decides its fate, a line each."""
    by_urn = {resource.urn: resource for resource in engine.resources}

    def types(resource: Registered) -> list[str]:
        parent = by_urn.get(resource.parent)
        above = types(parent) if parent and parent.type != _STACK else []
        return [*above, resource.type]

    described = []
    for resource in engine.resources:
        parent = by_urn.get(resource.parent)
        lines_of_one = [f"{'$'.join(types(resource))}::{resource.name}"]
        if parent and parent.type != _STACK:
            lines_of_one.append(f"    parent {parent.name}")
        described.append("\n".join([*lines_of_one, *(f"    {text}" for text in _fate(resource))]))
    for one in sorted(described):
        yield from one.splitlines()


def _fate(resource: Registered) -> Iterator[str]:
    yield from (f"alias {alias}" for alias in resource.aliases)
    yield from (f"ignores {name}" for name in sorted(resource.ignore_changes))
    if resource.protect:
        yield "protected"
    if resource.retained:
        yield "retained when deleted"
    if resource.deleted_first:
        yield "deleted before it is replaced"


def snapshot(stack: str) -> Path:
    """Return the file that holds what a stack is made of."""
    return _HERE / "snapshots" / f"{stack}.txt"


if __name__ == "__main__":
    for name in STACKS:
        snapshot(name).write_text("\n".join(lines(register(name))) + "\n")
