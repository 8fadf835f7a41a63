"""The network's choices on the real engine: what each makes, and what changing one touches."""

from typing import Any

from .conftest import Local
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
        assert "Up: no changes" in project.ok("up")

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
