"""The network under mocks: what a user relies on, with exact permissions and exact openings."""

import json
from typing import Any, Unpack

import pytest

from components import Network
from components.network.args import NatGateways, NetworkChoices, NetworkLinks, VpcEndpoints

from ..conftest import ACCOUNT, REGION, Engine, Run, run_program

ENDPOINT = "ec2/vpcEndpoint:VpcEndpoint"
# What AWS documents for a Fargate task in a VPC without a way out: see docs/network.md.
NEEDED = {"s3", "ecr.api", "ecr.dkr", "logs", "secretsmanager", "ssm", "ssmmessages"}


class Chosen(NetworkChoices, NetworkLinks):
    """What a test sets."""


def network(**choices: Unpack[Chosen]) -> Network:
    return Network("network", {**choices, "name_prefix": "/platform/dev"})


def vpc_of(engine: Engine) -> dict[str, Any]:
    """Return the inputs of the VPC."""
    (vpc,) = [item.inputs for item in engine.resources if item.type == "awsx:ec2:Vpc"]
    return vpc


def endpoints_of(engine: Engine) -> dict[str, dict[str, Any]]:
    """Return the endpoints by the service that they lead to."""
    return {item["serviceName"].removeprefix(f"com.amazonaws.{REGION}."): item for item in engine.find(ENDPOINT)}


@pytest.fixture(scope="module", params=[False, True], ids=["update", "preview"])
def plain(request: pytest.FixtureRequest) -> Engine:
    """Return a run with nothing chosen."""
    return run_program(network, preview=request.param)


@pytest.fixture(scope="module", params=[False, True], ids=["update", "preview"])
def private(request: pytest.FixtureRequest) -> Engine:
    """Return a run of a network whose tasks reach AWS through endpoints."""
    return run_program(
        lambda: network(endpoints=VpcEndpoints.PRIVATE, endpoint_services=["sqs"]), preview=request.param
    )


def test_the_default_security_group_has_no_rules(plain: Engine) -> None:
    group = plain.one("ec2/defaultSecurityGroup:DefaultSecurityGroup")
    assert group["vpcId"] == "vpc-0abc"
    assert group.get("ingress", []) == []
    assert group.get("egress", []) == []


def test_all_traffic_is_logged(plain: Engine) -> None:
    log = plain.one("ec2/flowLog:FlowLog")
    assert (log["trafficType"], log["vpcId"]) == ("ALL", "vpc-0abc")
    policy = json.loads(plain.one("iam/rolePolicy:RolePolicy", "network-flow-logs")["policy"])
    (statement,) = policy["Statement"]
    assert statement["Resource"] == [f"arn:aws:logs:{REGION}:{ACCOUNT}:log-group:/platform/dev/flow-logs:*"]
    assert all("*" not in action for action in statement["Action"])


def test_the_only_endpoint_is_the_free_one_for_s3(plain: Engine) -> None:
    (s3,) = endpoints_of(plain).values()
    assert s3["vpcEndpointType"] == "Gateway"
    assert sorted(s3["routeTableIds"]) == ["rtb-private-a", "rtb-private-b", "rtb-public-a", "rtb-public-b"]
    assert plain.find("ec2/securityGroup:SecurityGroup") == []


def test_by_default_there_is_no_ipv6(plain: Engine) -> None:
    vpc = vpc_of(plain)
    assert "assignGeneratedIpv6CidrBlock" not in vpc
    assert all("assignIpv6AddressOnCreation" not in spec for spec in vpc["subnetSpecs"])
    assert plain.find("ec2/egressOnlyInternetGateway:EgressOnlyInternetGateway") == []
    assert plain.find("ec2/route:Route") == []


@pytest.mark.parametrize(
    ("strategy", "expected"),
    [(NatGateways.NONE, "None"), (NatGateways.SINGLE, "Single"), (NatGateways.PER_ZONE, "OnePerAz")],
)
def test_nat_gateways_are_a_choice(strategy: NatGateways, expected: str) -> None:
    engine = run_program(lambda: network(nat_gateways=strategy))
    assert vpc_of(engine)["natGateways"] == {"strategy": expected}


def test_a_third_zone_moves_no_subnet() -> None:
    two = vpc_of(run_program(lambda: network(availability_zone_count=2)))
    three = vpc_of(run_program(lambda: network(availability_zone_count=3)))
    assert two["availabilityZoneNames"] == [f"{REGION}a", f"{REGION}b"]
    assert three["availabilityZoneNames"][:2] == two["availabilityZoneNames"]
    for key in ("availabilityZoneCidrMask", "subnetSpecs", "subnetStrategy", "cidrBlock"):
        assert two[key] == three[key], key


def test_flow_logs_can_have_a_key_that_encrypts_them_and_nothing_else(run: Run) -> None:
    engine = run(lambda: network(encrypt_flow_logs=True))
    (key,) = engine.all("kms/key:Key")
    assert key.inputs["enableKeyRotation"] is True
    assert key.protect
    assert key.inputs["deletionWindowInDays"] == 30
    account, logs = json.loads(key.inputs["policy"])["Statement"]
    assert account["Principal"] == {"AWS": f"arn:aws:iam::{ACCOUNT}:root"}, "else nobody could manage it"
    assert logs["Principal"] == {"Service": f"logs.{REGION}.amazonaws.com"}
    group = f"arn:aws:logs:{REGION}:{ACCOUNT}:log-group:/platform/dev/flow-logs"
    assert logs["Condition"] == {"ArnEquals": {"kms:EncryptionContext:aws:logs:arn": group}}
    log_group = engine.one("cloudwatch/logGroup:LogGroup")
    assert log_group["kmsKeyId"] == f"arn:aws:kms:{REGION}:{ACCOUNT}:network-flow-logs"


def test_flow_logs_can_have_a_key_of_ones_own() -> None:
    key = f"arn:aws:kms:{REGION}:{ACCOUNT}:key/1"
    engine = run_program(lambda: network(flow_log_kms_key_arn=key))
    assert engine.one("cloudwatch/logGroup:LogGroup")["kmsKeyId"] == key
    assert engine.find("kms/key:Key") == []


def test_endpoints_can_be_left_out() -> None:
    assert endpoints_of(run_program(lambda: network(endpoints=VpcEndpoints.NONE))) == {}


def test_a_private_network_has_every_endpoint_that_a_fargate_task_needs(private: Engine) -> None:
    made = endpoints_of(private)
    assert set(made) == {*NEEDED, "sqs"}
    for service in {*made} - {"s3"}:
        assert made[service]["vpcEndpointType"] == "Interface"
        assert made[service]["privateDnsEnabled"] is True, "else the SDKs' own host names lead out of the VPC"
        assert made[service]["subnetIds"] == ["subnet-private-a", "subnet-private-b"]
        assert made[service]["securityGroupIds"] == ["network-id"]


def test_the_endpoints_group_admits_nobody_unasked(private: Engine) -> None:
    group = private.one("ec2/securityGroup:SecurityGroup")
    assert "ingress" not in group
    assert "egress" not in group
    assert private.find("vpc/securityGroupIngressRule:SecurityGroupIngressRule") == []


def test_endpoints_refuse_the_credentials_of_other_accounts(private: Engine) -> None:
    for service, endpoint in endpoints_of(private).items():
        for statement in json.loads(endpoint["policy"])["Statement"]:
            limited = statement.get("Condition") == {"StringEquals": {"aws:PrincipalAccount": ACCOUNT}}
            # Image layers come by addresses that ECR signed: S3 sees no principal of this account.
            assert limited or (service, statement["Action"]) == ("s3", "s3:GetObject")


def test_s3_can_be_narrowed_to_buckets_and_image_layers_still_come() -> None:
    (s3,) = endpoints_of(run_program(lambda: network(endpoint_bucket_arns=["arn:aws:s3:::uploads"]))).values()
    layers, own = json.loads(s3["policy"])["Statement"]
    assert layers["Resource"] == f"arn:aws:s3:::prod-{REGION}-starport-layer-bucket/*"
    assert "Condition" not in layers
    assert own["Resource"] == ["arn:aws:s3:::uploads", "arn:aws:s3:::uploads/*"]


def test_ipv6_leaves_private_subnets_by_a_gateway_that_admits_nobody(run: Run) -> None:
    engine = run(lambda: network(ipv6=True))
    vpc = vpc_of(engine)
    assert vpc["assignGeneratedIpv6CidrBlock"] is True
    assert [spec["assignIpv6AddressOnCreation"] for spec in vpc["subnetSpecs"]] == [True, True]
    outward = engine.one("ec2/egressOnlyInternetGateway:EgressOnlyInternetGateway")
    assert outward["vpcId"] == "vpc-0abc"
    routes = {item["routeTableId"]: item for item in engine.find("ec2/route:Route")}
    assert set(routes) == {f"rtb-{kind}-{zone}" for kind in ("public", "private") for zone in "ab"}
    for table, route in routes.items():
        assert route["destinationIpv6CidrBlock"] == "::/0"
        if "private" in table:
            assert route["egressOnlyGatewayId"] == "network-id"
            assert "gatewayId" not in route
        else:
            assert route["gatewayId"] == "igw-0abc"


def test_a_range_that_cannot_be_divided_is_refused() -> None:
    with pytest.raises(ValueError, match="a load balancer needs a /27"):
        run_program(lambda: network(cidr_block="10.0.0.0/24"))
