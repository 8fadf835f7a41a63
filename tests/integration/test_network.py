"""The network's choices on the real provider: without a NAT gateway, over IPv6, and in a VPC that is there already."""

import json
from collections.abc import Iterator
from typing import Any, NamedTuple

import pytest

from tests.integration.conftest import Deployment, Emulator
from tests.integration.test_stacks import routes_of

_TASKS = {"ecr.api", "ecr.dkr", "logs", "secretsmanager", "ssm", "ssmmessages"}


class TestPrivate:
    """Dev without a NAT gateway, over IPv4 and IPv6."""

    STACK = "dev"

    def test_it_comes_up(self, deployment: Deployment) -> None:
        deployment.network(natGateways="none", endpoints="private", ipv6=True, encryptFlowLogs=True)
        done = deployment.run("up")
        assert {step.split()[0] for step in done.steps} == {"create"}

    def test_nothing_changes_afterwards_and_nothing_has_drifted(self, deployment: Deployment) -> None:
        deployment.unchanged()

    def test_every_endpoint_that_a_task_needs_is_there(self, deployment: Deployment, emulator: Emulator) -> None:
        ec2 = emulator.client("ec2")
        made = {_service(one): one for one in ec2.describe_vpc_endpoints()["VpcEndpoints"]}
        assert set(made) == {"s3", *_TASKS}
        private = {subnet for service in self._services(emulator) for subnet in _placed(service)["subnets"]}
        for service in _TASKS:
            assert made[service]["VpcEndpointType"] == "Interface"
            assert made[service]["PrivateDnsEnabled"] is True
            assert set(made[service]["SubnetIds"]) == private
        for subnet in private:
            table = ec2.describe_route_tables(Filters=[{"Name": "association.subnet-id", "Values": [subnet]}])
            assert table["RouteTables"][0]["RouteTableId"] in made["s3"]["RouteTableIds"]
        gateways = ec2.describe_nat_gateways()["NatGateways"]
        assert [gateway for gateway in gateways if gateway["State"] != "deleted"] == []

    def test_tasks_and_nobody_else_reach_the_endpoints(self, deployment: Deployment, emulator: Emulator) -> None:
        ec2 = emulator.client("ec2")
        (group,) = {
            one["GroupId"]
            for endpoint in ec2.describe_vpc_endpoints()["VpcEndpoints"]
            for one in endpoint.get("Groups", [])
        }
        (entrance,) = _rules(ec2, group)
        (tasks,) = _placed(self._services(emulator)[0])["securityGroups"]
        assert entrance["IsEgress"] is False
        assert entrance["ReferencedGroupInfo"]["GroupId"] == tasks
        assert (entrance["FromPort"], entrance["ToPort"]) == (443, 443)
        ways_out = [rule for rule in _rules(ec2, tasks) if rule["IsEgress"]]
        assert {rule.get("PrefixListId") or rule["ReferencedGroupInfo"]["GroupId"] for rule in ways_out} == {
            group,
            *(
                one["PrefixListId"]
                for one in ec2.describe_prefix_lists()["PrefixLists"]
                if one["PrefixListName"].endswith("s3")
            ),
        }

    def test_private_subnets_have_ipv6_and_lead_to_no_internet_gateway(
        self, deployment: Deployment, emulator: Emulator
    ) -> None:
        for subnet in _placed(self._services(emulator)[0])["subnets"]:
            (found,) = emulator.client("ec2").describe_subnets(SubnetIds=[subnet])["Subnets"]
            assert found["Ipv6CidrBlockAssociationSet"][0]["Ipv6CidrBlock"].endswith("/64")
            routes = json.dumps(routes_of(emulator, subnet), default=str)
            assert '"igw-' not in routes
            assert '"eigw-' in routes

    def test_flow_logs_are_encrypted_and_expire(self, deployment: Deployment, emulator: Emulator) -> None:
        name = "/container-platform/dev/network/flow-logs"
        (group,) = emulator.client("logs").describe_log_groups(logGroupNamePrefix=name)["logGroups"]
        assert group["retentionInDays"] == 7
        key = emulator.client("kms").describe_key(KeyId=group["kmsKeyId"])["KeyMetadata"]
        assert key["KeyState"] == "Enabled"
        assert emulator.client("kms").get_key_rotation_status(KeyId=group["kmsKeyId"])["KeyRotationEnabled"] is True

    def test_a_nat_gateway_touches_nothing_but_its_routes_and_the_tasks_rule(self, deployment: Deployment) -> None:
        deployment.network(natGateways="single")
        assert set(deployment.run("up").steps) == {
            "create ec2/eip:Eip network-1",
            "create ec2/natGateway:NatGateway network-1",
            "create ec2/route:Route network-private-1",
            "create ec2/route:Route network-private-2",
            "create vpc/securityGroupEgressRule:SecurityGroupEgressRule web-to-443-0.0.0.0/0",
            "create vpc/securityGroupEgressRule:SecurityGroupEgressRule web-to-443-ipv6",
        }

    def test_nothing_is_left(self, deployment: Deployment, emulator: Emulator) -> None:
        done = deployment.run("destroy")
        assert {step.split()[0] for step in done.steps} == {"delete"}
        ec2 = emulator.client("ec2")
        states = {one["State"] for one in ec2.describe_vpc_endpoints()["VpcEndpoints"]}
        assert states <= {"deleted"}
        assert [vpc for vpc in ec2.describe_vpcs()["Vpcs"] if not vpc["IsDefault"]] == []
        keys = emulator.client("kms")
        managed = [keys.describe_key(KeyId=one["KeyId"])["KeyMetadata"] for one in keys.list_keys()["Keys"]]
        ours = [key for key in managed if key["KeyManager"] == "CUSTOMER"]
        assert {key["KeyState"] for key in ours} <= {"PendingDeletion"}

    def test_the_emulator_lacked_nothing_that_is_not_listed(self, emulator: Emulator) -> None:
        assert emulator.lacking() == []

    def _services(self, emulator: Emulator) -> Any:
        cluster = f"container-platform-{self.STACK}"
        return emulator.client("ecs").describe_services(cluster=cluster, services=[f"{self.STACK}-web"])["services"]


class Elsewhere(NamedTuple):
    """A VPC that this program did not make.

    :ivar private: its private subnets, and the route table of both.
    """

    vpc: str
    private: list[str]
    public: list[str]
    table: str


@pytest.fixture(scope="class")
def elsewhere(emulator: Emulator) -> Iterator[Elsewhere]:
    """Two public and two private subnets; no way out yet."""
    ec2 = emulator.client("ec2")
    vpc = ec2.create_vpc(CidrBlock="10.50.0.0/16")["Vpc"]["VpcId"]
    gateway = ec2.create_internet_gateway()["InternetGateway"]["InternetGatewayId"]
    ec2.attach_internet_gateway(VpcId=vpc, InternetGatewayId=gateway)
    made: dict[str, list[str]] = {}
    associations: list[str] = []
    tables = {}
    for number, kind in enumerate(("public", "private")):
        tables[kind] = ec2.create_route_table(VpcId=vpc)["RouteTable"]["RouteTableId"]
        for place, zone in enumerate("ab"):
            block = f"10.50.{number * 2 + place}.0/24"
            subnet = ec2.create_subnet(VpcId=vpc, CidrBlock=block, AvailabilityZone=f"us-east-1{zone}")["Subnet"]
            joined = ec2.associate_route_table(RouteTableId=tables[kind], SubnetId=subnet["SubnetId"])
            associations.append(joined["AssociationId"])
            made.setdefault(kind, []).append(subnet["SubnetId"])
    ec2.create_route(RouteTableId=tables["public"], DestinationCidrBlock="0.0.0.0/0", GatewayId=gateway)
    yield Elsewhere(vpc, made["private"], made["public"], tables["private"])
    for nat in ec2.describe_nat_gateways(Filters=[{"Name": "vpc-id", "Values": [vpc]}])["NatGateways"]:
        ec2.delete_nat_gateway(NatGatewayId=nat["NatGatewayId"])
    for address in ec2.describe_addresses()["Addresses"]:
        ec2.release_address(AllocationId=address["AllocationId"])
    for association in associations:
        ec2.disassociate_route_table(AssociationId=association)
    for subnet in (*made["private"], *made["public"]):
        ec2.delete_subnet(SubnetId=subnet)
    for table in tables.values():
        ec2.delete_route_table(RouteTableId=table)
    ec2.detach_internet_gateway(VpcId=vpc, InternetGatewayId=gateway)
    ec2.delete_internet_gateway(InternetGatewayId=gateway)
    ec2.delete_vpc(VpcId=vpc)


class TestExisting:
    """Dev in a VPC that a client no part of ours made."""

    STACK = "dev"

    def test_what_it_lacks_is_listed_and_nothing_is_made(self, deployment: Deployment, elsewhere: Elsewhere) -> None:
        deployment.copy.edit(lambda platform: platform.update(network={"existing": {"vpcId": elsewhere.vpc}}))
        deployment.network()
        with pytest.raises(pytest.fail.Exception) as caught:
            deployment.run("up")
        said = str(caught.value)
        assert f"{elsewhere.vpc} has DNS hostnames off" in said
        for subnet in elsewhere.private:
            assert f"{subnet} has no way out" in said
        assert "these endpoints: ecr.api, ecr.dkr, logs" in said
        assert not {kind for kind in deployment.types if kind.startswith("aws:")}

    def test_with_that_mended_the_stack_lives_in_it(
        self, deployment: Deployment, elsewhere: Elsewhere, emulator: Emulator
    ) -> None:
        ec2 = emulator.client("ec2")
        ec2.modify_vpc_attribute(VpcId=elsewhere.vpc, EnableDnsHostnames={"Value": True})
        address = ec2.allocate_address(Domain="vpc")["AllocationId"]
        nat = ec2.create_nat_gateway(SubnetId=elsewhere.public[0], AllocationId=address)["NatGateway"]["NatGatewayId"]
        ec2.create_route(RouteTableId=elsewhere.table, DestinationCidrBlock="0.0.0.0/0", NatGatewayId=nat)
        done = deployment.run("up")
        assert {step.split()[0] for step in done.steps} == {"create"}
        assert not {"aws:ec2/vpc:Vpc", "aws:ec2/subnet:Subnet", "aws:ec2/flowLog:FlowLog"} & deployment.types
        assert sorted(done.outputs["privateSubnetIds"]) == sorted(elsewhere.private)
        assert sorted(done.outputs["publicSubnetIds"]) == sorted(elsewhere.public)
        (balancer,) = emulator.client("elbv2").describe_load_balancers()["LoadBalancers"]
        assert balancer["VpcId"] == elsewhere.vpc
        assert deployment.run("preview").steps == []

    def test_it_is_left_as_it_was(self, deployment: Deployment, elsewhere: Elsewhere, emulator: Emulator) -> None:
        deployment.run("destroy")
        found = emulator.client("ec2").describe_subnets(Filters=[{"Name": "vpc-id", "Values": [elsewhere.vpc]}])[
            "Subnets"
        ]
        assert {one["SubnetId"] for one in found} == {*elsewhere.public, *elsewhere.private}


def _service(endpoint: Any) -> str:
    return str(endpoint["ServiceName"].removeprefix("com.amazonaws.us-east-1."))


def _placed(service: Any) -> Any:
    return service["networkConfiguration"]["awsvpcConfiguration"]


def _rules(ec2: Any, group: str) -> list[Any]:
    filters = [{"Name": "group-id", "Values": [group]}]
    rules: list[Any] = ec2.describe_security_group_rules(Filters=filters)["SecurityGroupRules"]
    return rules
