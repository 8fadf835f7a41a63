"""The network's choices on the real engine: what each makes, and what changing one touches."""

import ipaddress
import json
from pathlib import Path
from textwrap import dedent
from typing import Any

import pytest

from .conftest import ROOT, Local
from .test_platform import touched

ENDPOINT = "ec2/vpcEndpoint:VpcEndpoint"
EGRESS = "vpc/securityGroupEgressRule:SecurityGroupEgressRule"


def choose(project: Local, **values: Any) -> None:
    """Change settings of dev's network; None takes one out."""

    def change(platform: dict[str, Any]) -> None:
        for name, value in values.items():
            if value is None:
                platform["network"].pop(name, None)
            else:
                platform["network"][name] = value

    project.edit(change)


class TestWithoutNat:
    """Dev without a NAT gateway, with one, and without again."""

    def test_up_makes_every_endpoint_and_no_nat_gateway(self, project: Local) -> None:
        project.web(image="git-1")
        choose(project, natGateways="none", endpoints="private")
        printed = project.ok("up")
        assert "✗" not in printed
        assert project.find("ec2/natGateway:NatGateway") == []
        made = {
            item["inputs"]["serviceName"].removeprefix("com.amazonaws.us-east-1.") for item in project.find(ENDPOINT)
        }
        assert made == {"s3", "ecr.api", "ecr.dkr", "logs", "secretsmanager", "ssm", "ssmmessages"}

    def test_tasks_may_connect_to_the_endpoints_only(self, project: Local) -> None:
        (service,) = project.find("ecs/service:Service")
        (group,) = service["inputs"]["networkConfiguration"]["securityGroups"]
        rules = [item["inputs"] for item in project.find(EGRESS) if item["inputs"]["securityGroupId"] == group]
        (s3,) = [item for item in project.find(ENDPOINT) if item["inputs"]["vpcEndpointType"] == "Gateway"]
        (endpoints,) = {
            one
            for item in project.find(ENDPOINT)
            if item["inputs"]["vpcEndpointType"] == "Interface"
            for one in item["inputs"]["securityGroupIds"]
        }
        assert {rule.get("prefixListId") or rule["referencedSecurityGroupId"] for rule in rules} == {
            s3["outputs"]["prefixListId"],
            endpoints,
        }

    def test_the_gateway_endpoint_is_in_every_private_route_table(self, project: Local) -> None:
        (s3,) = [item for item in project.find(ENDPOINT) if item["inputs"]["vpcEndpointType"] == "Gateway"]
        tables = {item["id"] for item in project.find("ec2/routeTable:RouteTable")}
        assert set(s3["inputs"]["routeTableIds"]) == tables
        assert len(tables) == 4

    def test_a_second_up_changes_nothing(self, project: Local) -> None:
        project.unchanged()

    def test_a_nat_gateway_comes_with_its_routes_and_the_tasks_way_out(self, project: Local) -> None:
        choose(project, natGateways="single")
        assert touched(project.ok("up")) == {
            "+ create ec2.Eip network-1",
            "+ create ec2.NatGateway network-1",
            "+ create ec2.Route network-private-1",
            "+ create ec2.Route network-private-2",
            "+ create vpc.SecurityGroupEgressRule web-to-443-0.0.0.0/0",
        }

    def test_and_goes_with_them_again(self, project: Local) -> None:
        choose(project, natGateways="none")
        assert touched(project.ok("up")) == {
            "- delete ec2.Eip network-1",
            "- delete ec2.NatGateway network-1",
            "- delete ec2.Route network-private-1",
            "- delete ec2.Route network-private-2",
            "- delete vpc.SecurityGroupEgressRule web-to-443-0.0.0.0/0",
        }

    def test_without_endpoints_it_would_be_refused(self, project: Local) -> None:
        before = project.state()
        choose(project, endpoints=None)
        printed = project.fails("up")
        assert "choose single or perZone, or endpoints: private" in printed
        assert project.state() == before
        choose(project, endpoints="private")

    def test_down_leaves_nothing(self, project: Local) -> None:
        assert "nothing is left of dev" in project.ok("down")
        assert project.state() == []


POOR = dedent("""
    import pulumi
    import pulumi_aws as aws

    vpc = aws.ec2.Vpc("poor", cidr_block="10.0.0.0/16")
    gateway = aws.ec2.InternetGateway("igw", vpc_id=vpc.id)
    public = aws.ec2.Subnet("public", vpc_id=vpc.id, cidr_block="10.0.0.0/28", availability_zone="us-east-1a")
    table = aws.ec2.RouteTable("public", vpc_id=vpc.id, routes=[{"cidr_block": "0.0.0.0/0", "gateway_id": gateway.id}])
    aws.ec2.RouteTableAssociation("public", subnet_id=public.id, route_table_id=table.id)
    inner = aws.ec2.Subnet("inner", vpc_id=vpc.id, cidr_block="10.0.1.0/28", availability_zone="us-east-1a")
    pulumi.export("vpc", vpc.id)
    pulumi.export("public", public.id)
    pulumi.export("inner", inner.id)
""")


class TestExisting:
    """Dev in the VPC of another stack, which stays what it is."""

    def _live_in(self, project: Local, **existing: Any) -> None:
        project.edit(lambda platform: platform.update(network={"existing": existing}))

    def test_a_vpc_that_is_not_there_is_refused(self, project: Local) -> None:
        self._live_in(project, vpcId="vpc-0123456789abcdef0")
        assert "vpc-0123456789abcdef0 does not exist" in project.fails("up")

    def test_the_vpc_of_another_stack_is_enough(self, project: Local) -> None:
        project.ok("up", stack="prod")
        self._live_in(project, vpcId=json.loads(project.ok("outputs", "--json", stack="prod"))["vpcId"])
        project.web(image="git-1")
        printed = project.ok("up")
        assert "UNDECIDED" in printed, "the pack cannot see another stack's routes, and says so"
        theirs = json.loads(project.ok("outputs", "--json", stack="prod"))
        ours = json.loads(project.ok("outputs", "--json"))
        for name in ("vpcId", "publicSubnetIds", "privateSubnetIds"):
            assert sorted(ours[name]) == sorted(theirs[name]), name

    def test_nothing_of_the_network_is_ours(self, project: Local) -> None:
        kinds = {item["type"] for item in project.state()}
        assert not kinds & {
            f"aws:ec2/{kind}" for kind in ("vpc:Vpc", "subnet:Subnet", "route:Route", "flowLog:FlowLog")
        }
        assert "awsx:ec2:Vpc" not in kinds
        (service,) = project.find("ecs/service:Service")
        private = json.loads(project.ok("outputs", "--json", stack="prod"))["privateSubnetIds"]
        assert sorted(service["inputs"]["networkConfiguration"]["subnets"]) == sorted(private)

    def test_a_second_up_changes_nothing(self, project: Local) -> None:
        project.unchanged()

    def test_subnets_on_the_wrong_side_are_named(self, project: Local) -> None:
        theirs = json.loads(project.ok("outputs", "--json", stack="prod"))
        public, private = theirs["publicSubnetIds"], theirs["privateSubnetIds"]
        self._live_in(project, vpcId=theirs["vpcId"], publicSubnetIds=private, privateSubnetIds=public)
        printed = project.fails("up")
        for subnet in private:
            assert f"{subnet} is named as public but has no default route to an internet gateway" in printed
        for subnet in public:
            assert f"{subnet} is named as private but has a route to an internet gateway" in printed
        self._live_in(project, vpcId=theirs["vpcId"])

    def test_down_leaves_the_other_stack_as_it_is(self, project: Local) -> None:
        assert "nothing is left of dev" in project.ok("down")
        project.unchanged("prod")
        project.ok("down", stack="prod")


@pytest.fixture(scope="class")
def poor(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project whose VPC lacks nearly everything."""
    root = tmp_path_factory.mktemp("poor")
    (root / "Pulumi.yaml").write_text("name: poor\nruntime: python\n")
    (root / "Pulumi.dev.yaml").write_text("config:\n  aws:region: us-east-1\n")
    (root / "__main__.py").write_text(POOR)
    return root


class TestPoorVpc:
    """A VPC that does not suffice, and the list of what it lacks."""

    def test_everything_missing_is_in_one_message_and_nothing_is_made(self, project: Local, poor: Path) -> None:
        home = str(project.root / ".local")
        elsewhere = ("--root", str(poor), "--home", home)
        Local(ROOT).ok("up", *elsewhere)
        made = json.loads(Local(ROOT).ok("outputs", "--json", *elsewhere))
        project.edit(lambda platform: platform.update(network={"existing": {"vpcId": made["vpc"]}}))
        printed = project.fails("up")
        for part in (
            f"{made['vpc']} lacks what the platform needs. Nothing was changed.",
            f"{made['vpc']} has DNS hostnames off",
            "public subnets (with a default route to an internet gateway) are needed in two zones: all that",
            "private subnets (without a route to an internet gateway) are needed in two zones",
            f"{made['inner']} has no way out",
            "these endpoints: ecr.api, ecr.dkr, logs, secretsmanager, ssm, ssmmessages, s3",
            "the private subnets have 11 addresses, but 20 are needed",
        ):
            assert part in printed, printed
        assert "DNS support off" not in printed, "that is on unless somebody turns it off"
        assert [item for item in project.state() if item["type"].startswith("aws:")] == []


class TestIpv6:
    """Dev gets IPv6, and loses it."""

    def test_it_comes_without_replacing_anything(self, project: Local) -> None:
        project.ok("up")
        choose(project, ipv6=True)
        done = touched(project.ok("up"))
        assert {step.split()[1] for step in done} == {"create", "update"}
        assert {step for step in done if step.startswith("~")} == {
            "~ update ec2.Vpc network",
            *(f"~ update ec2.Subnet network-{kind}-{zone}" for kind in ("public", "private") for zone in (1, 2)),
            "~ update lb.LoadBalancer load-balancer",
        }
        assert {step for step in done if step.startswith("+")} == {
            "+ create ec2.EgressOnlyInternetGateway network",
            *(f"+ create ec2.Route network-{kind}-{zone}-ipv6" for kind in ("public", "private") for zone in (1, 2)),
            "+ create vpc.SecurityGroupIngressRule load-balancer-80-ipv6--/0",
            "+ create vpc.SecurityGroupEgressRule web-to-443-ipv6",
        }

    def test_every_subnet_has_a_part_of_the_range(self, project: Local) -> None:
        (vpc,) = project.find("ec2/vpc:Vpc")
        whole = ipaddress.IPv6Network(vpc["outputs"]["ipv6CidrBlock"])
        parts = [ipaddress.IPv6Network(item["inputs"]["ipv6CidrBlock"]) for item in project.find("ec2/subnet:Subnet")]
        assert len(set(parts)) == 4
        assert all(part.prefixlen == 64 and part.subnet_of(whole) for part in parts)

    def test_no_private_subnet_leads_to_the_internet_gateway(self, project: Local) -> None:
        private = {
            item["inputs"]["routeTableId"]
            for item in project.find("ec2/route:Route")
            if item["inputs"].get("natGatewayId")
        }
        ipv6 = [
            item["inputs"] for item in project.find("ec2/route:Route") if "destinationIpv6CidrBlock" in item["inputs"]
        ]
        outward = {route["routeTableId"] for route in ipv6 if route.get("egressOnlyGatewayId")}
        inward = {route["routeTableId"] for route in ipv6 if route.get("gatewayId")}
        assert outward == private
        assert not inward & private
        assert len(inward) == 2

    def test_the_policies_are_kept_and_decided(self, project: Local) -> None:
        printed = project.ok("up")
        assert "Up: no changes" in printed
        assert "✗" not in printed
        assert "UNDECIDED" not in printed

    def test_it_stays_because_aws_takes_no_range_that_is_in_use(self, project: Local) -> None:
        choose(project, ipv6=None)
        printed = project.fails("preview")
        assert "network.ipv6 = false" in printed
        assert "make a second stack" in " ".join(printed.split())
        choose(project, ipv6=True)
        project.unchanged()

    def test_from_nothing_in_one_go_and_down(self, project: Local) -> None:
        project.ok("down")
        choose(project, ipv6=True, natGateways="none", endpoints="private")
        project.ok("up")
        project.unchanged()
        assert "nothing is left of dev" in project.ok("down")
