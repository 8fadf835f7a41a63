"""The components under mocks: what a user relies on, with exact permissions and exact openings."""

import json
from typing import Any, cast

import pytest

from components import LoadBalancer, Network, Registry
from components.balancing.args import LoadBalancerArgs
from components.network.args import NatGateways, NetworkArgs, VpcEndpoints

from ..conftest import ACCOUNT, REGION, Engine, Run


def statements(engine: Engine, name: str) -> dict[str, dict[str, Any]]:
    document = json.loads(engine.one("iam/rolePolicy:RolePolicy", name)["policy"])
    return {statement["Sid"]: statement for statement in document["Statement"]}


def test_repositories_scan_keep_releases_and_refuse_to_move_tags(run: Run) -> None:
    engine = run(lambda: Registry("registry", {"name_prefix": "platform/dev", "repositories": {"web": {}}}))
    repository = engine.one("ecr/repository:Repository")
    assert repository["name"] == "platform/dev/web"
    assert repository["imageScanningConfiguration"] == {"scanOnPush": True}
    assert repository["imageTagMutability"] == "IMMUTABLE"
    assert repository["encryptionConfigurations"] == [{"encryptionType": "AES256"}]
    assert repository["forceDelete"] is False
    rules = json.loads(engine.one("ecr/lifecyclePolicy:LifecyclePolicy")["policy"])["rules"]
    assert [rule["selection"]["tagStatus"] for rule in rules] == ["tagged", "untagged", "any"]
    assert rules[0]["selection"]["tagPrefixList"] == ["prod"]
    assert rules[0]["selection"]["countNumber"] == 10
    assert (rules[1]["selection"]["countNumber"], rules[1]["selection"]["countUnit"]) == (1, "days")


def test_a_key_of_ones_own_encrypts_the_images(run: Run) -> None:
    key = f"arn:aws:kms:{REGION}:{ACCOUNT}:key/1"
    engine = run(lambda: Registry("r", {"name_prefix": "p", "repositories": {"web": {"kms_key_arn": key}}}))
    assert engine.one("ecr/repository:Repository")["encryptionConfigurations"] == [
        {"encryptionType": "KMS", "kmsKey": key}
    ]


def balancer(**changes: Any) -> LoadBalancer:
    arguments = {"vpc_id": "vpc-0abc", "subnet_ids": ["subnet-a", "subnet-b"]}
    return LoadBalancer("balancer", cast(LoadBalancerArgs, {**arguments, **changes}))


def test_without_a_certificate_port_80_serves_and_answers_404(run: Run) -> None:
    engine = run(balancer)
    listener = engine.one("lb/listener:Listener")
    assert (listener["port"], listener["protocol"]) == (80, "HTTP")
    assert listener["defaultActions"][0]["fixedResponse"]["statusCode"] == "404"
    assert engine.one("vpc/securityGroupIngressRule:SecurityGroupIngressRule")["fromPort"] == 80


def test_with_a_certificate_port_443_serves_and_port_80_redirects(run: Run) -> None:
    certificate = f"arn:aws:acm:{REGION}:{ACCOUNT}:certificate/1"
    engine = run(lambda: balancer(certificate_arns=[certificate]))
    listeners = {item["port"]: item for item in engine.find("lb/listener:Listener")}
    assert listeners[80]["defaultActions"][0]["redirect"] == {
        "port": "443",
        "protocol": "HTTPS",
        "statusCode": "HTTP_301",
    }
    assert listeners[443]["certificateArn"] == certificate
    assert listeners[443]["sslPolicy"] == "ELBSecurityPolicy-TLS13-1-2-Res-PQ-2025-09"
    ports = {item["fromPort"] for item in engine.find("vpc/securityGroupIngressRule:SecurityGroupIngressRule")}
    assert ports == {80, 443}


def test_only_the_ranges_named_may_connect(run: Run) -> None:
    engine = run(lambda: balancer(allowed_cidr_blocks=["192.0.2.0/24"]))
    ingress = engine.one("vpc/securityGroupIngressRule:SecurityGroupIngressRule")
    assert ingress["cidrIpv4"] == "192.0.2.0/24"
    assert engine.find("vpc/securityGroupEgressRule:SecurityGroupEgressRule") == [], "services add theirs"


@pytest.mark.parametrize(
    ("strategy", "expected"),
    [(NatGateways.NONE, "None"), (NatGateways.SINGLE, "Single"), (NatGateways.PER_ZONE, "OnePerAz")],
)
def test_nat_gateways_are_a_choice(run: Run, strategy: NatGateways, expected: str) -> None:
    engine = run(lambda: Network("network", {"name_prefix": "/p", "nat_gateways": strategy}))
    (vpc,) = [item for item in engine.resources if item.type == "awsx:ec2:Vpc"]
    assert vpc.inputs["natGateways"] == {"strategy": expected}


def test_a_third_zone_moves_no_subnet(run: Run) -> None:
    def layout(zones: int) -> dict[str, Any]:
        arguments = NetworkArgs(name_prefix="/p", availability_zone_count=zones)
        engine = run(lambda: Network("network", arguments))
        (vpc,) = [item for item in engine.resources if item.type == "awsx:ec2:Vpc"]
        return vpc.inputs

    two, three = layout(2), layout(3)
    assert two["availabilityZoneNames"] == [f"{REGION}a", f"{REGION}b"]
    assert three["availabilityZoneNames"][:2] == two["availabilityZoneNames"]
    for key in ("availabilityZoneCidrMask", "subnetSpecs", "subnetStrategy", "cidrBlock"):
        assert two[key] == three[key], key


def test_the_default_security_group_is_emptied_and_traffic_is_logged(run: Run) -> None:
    engine = run(lambda: Network("network", {"name_prefix": "/platform/dev"}))
    group = engine.one("ec2/defaultSecurityGroup:DefaultSecurityGroup")
    assert group.get("ingress", []) == []
    assert group.get("egress", []) == []
    log = engine.one("ec2/flowLog:FlowLog")
    assert (log["trafficType"], log["vpcId"]) == ("ALL", "vpc-0abc")
    (statement,) = statements(engine, "network-flow-logs").values()
    assert statement["Resource"] == [f"arn:aws:logs:{REGION}:{ACCOUNT}:log-group:/platform/dev/flow-logs:*"]
    assert all("*" not in action for action in statement["Action"])


def test_flow_logs_can_have_a_key_that_encrypts_them_and_nothing_else(run: Run) -> None:
    arguments = NetworkArgs(name_prefix="/platform/dev", encrypt_flow_logs=True)
    engine = run(lambda: Network("network", arguments))
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


def test_flow_logs_can_have_a_key_of_ones_own(run: Run) -> None:
    key = f"arn:aws:kms:{REGION}:{ACCOUNT}:key/1"
    engine = run(lambda: Network("network", {"name_prefix": "/p", "flow_log_kms_key_arn": key}))
    assert engine.one("cloudwatch/logGroup:LogGroup")["kmsKeyId"] == key
    assert engine.find("kms/key:Key") == []


ENDPOINT = "ec2/vpcEndpoint:VpcEndpoint"
# What AWS documents for a Fargate task in a VPC without a way out: see docs/network.md.
NEEDED = {"s3", "ecr.api", "ecr.dkr", "logs", "secretsmanager", "ssm", "ssmmessages"}


def endpoints_of(engine: Engine) -> dict[str, dict[str, Any]]:
    """Return the endpoints by the service that they lead to."""
    return {item["serviceName"].removeprefix(f"com.amazonaws.{REGION}."): item for item in engine.find(ENDPOINT)}


def test_a_network_has_the_free_way_to_s3_and_no_endpoint_that_costs(run: Run) -> None:
    engine = run(lambda: Network("network", {"name_prefix": "/p"}))
    (s3,) = endpoints_of(engine).values()
    assert s3["vpcEndpointType"] == "Gateway"
    assert sorted(s3["routeTableIds"]) == ["rtb-private-a", "rtb-private-b", "rtb-public-a", "rtb-public-b"]
    assert engine.find("ec2/securityGroup:SecurityGroup") == []


def test_endpoints_can_be_left_out(run: Run) -> None:
    engine = run(lambda: Network("network", {"name_prefix": "/p", "endpoints": VpcEndpoints.NONE}))
    assert engine.find(ENDPOINT) == []


def test_a_private_network_has_every_endpoint_that_a_fargate_task_needs(run: Run) -> None:
    arguments = NetworkArgs(name_prefix="/p", endpoints=VpcEndpoints.PRIVATE, endpoint_services=["sqs"])
    engine = run(lambda: Network("network", arguments))
    made = endpoints_of(engine)
    assert set(made) == {*NEEDED, "sqs"}
    for service in {*made} - {"s3"}:
        assert made[service]["vpcEndpointType"] == "Interface"
        assert made[service]["privateDnsEnabled"] is True, "else the SDKs' own host names lead out of the VPC"
        assert made[service]["subnetIds"] == ["subnet-private-a", "subnet-private-b"]
        assert made[service]["securityGroupIds"] == ["network-id"]


def test_the_endpoints_group_lets_nobody_in_unasked(run: Run) -> None:
    engine = run(lambda: Network("network", {"name_prefix": "/p", "endpoints": VpcEndpoints.PRIVATE}))
    group = engine.one("ec2/securityGroup:SecurityGroup")
    assert "ingress" not in group
    assert "egress" not in group
    assert engine.find("vpc/securityGroupIngressRule:SecurityGroupIngressRule") == []


def test_endpoints_refuse_the_credentials_of_other_accounts(run: Run) -> None:
    engine = run(lambda: Network("network", {"name_prefix": "/p", "endpoints": VpcEndpoints.PRIVATE}))
    for service, endpoint in endpoints_of(engine).items():
        for statement in json.loads(endpoint["policy"])["Statement"]:
            limited = statement.get("Condition") == {"StringEquals": {"aws:PrincipalAccount": ACCOUNT}}
            # Image layers come by addresses that ECR signed: S3 sees no principal of this account.
            assert limited or (service, statement["Action"]) == ("s3", "s3:GetObject")


def test_s3_can_be_narrowed_to_buckets_and_image_layers_still_come(run: Run) -> None:
    arguments = NetworkArgs(name_prefix="/p", endpoint_bucket_arns=["arn:aws:s3:::uploads"])
    (s3,) = endpoints_of(run(lambda: Network("network", arguments))).values()
    layers, own = json.loads(s3["policy"])["Statement"]
    assert layers["Resource"] == f"arn:aws:s3:::prod-{REGION}-starport-layer-bucket/*"
    assert "Condition" not in layers
    assert own["Resource"] == ["arn:aws:s3:::uploads", "arn:aws:s3:::uploads/*"]


def test_ipv6_leaves_private_subnets_by_a_gateway_that_lets_nobody_in(run: Run) -> None:
    engine = run(lambda: Network("network", {"name_prefix": "/p", "ipv6": True}))
    (vpc,) = [item for item in engine.resources if item.type == "awsx:ec2:Vpc"]
    assert vpc.inputs["assignGeneratedIpv6CidrBlock"] is True
    assert [spec["assignIpv6AddressOnCreation"] for spec in vpc.inputs["subnetSpecs"]] == [True, True]
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


def test_without_ipv6_nothing_of_it_is_there(run: Run) -> None:
    engine = run(lambda: Network("network", {"name_prefix": "/p"}))
    (vpc,) = [item for item in engine.resources if item.type == "awsx:ec2:Vpc"]
    assert "assignGeneratedIpv6CidrBlock" not in vpc.inputs
    assert all("assignIpv6AddressOnCreation" not in spec for spec in vpc.inputs["subnetSpecs"])
    assert engine.find("ec2/egressOnlyInternetGateway:EgressOnlyInternetGateway") == []
    assert engine.find("ec2/route:Route") == []


@pytest.mark.parametrize(
    ("changes", "admitted"),
    [
        ({}, ["::/0"]),
        ({"allowed_cidr_blocks": ["192.0.2.0/24"]}, []),
        ({"allowed_cidr_blocks": ["192.0.2.0/24"], "allowed_ipv6_cidr_blocks": ["2001:db8::/32"]}, ["2001:db8::/32"]),
        ({"allowed_ipv6_cidr_blocks": []}, []),
    ],
)
def test_ipv6_opens_no_door_that_ipv4_has_closed(run: Run, changes: dict[str, Any], admitted: list[str]) -> None:
    engine = run(lambda: balancer(ipv6=True, **changes))
    assert engine.one("lb/loadBalancer:LoadBalancer")["ipAddressType"] == "dualstack"
    rules = engine.find("vpc/securityGroupIngressRule:SecurityGroupIngressRule")
    assert [rule["cidrIpv6"] for rule in rules if "cidrIpv6" in rule] == admitted


def test_a_load_balancer_without_ipv6_is_as_it_was(run: Run) -> None:
    engine = run(balancer)
    assert "ipAddressType" not in engine.one("lb/loadBalancer:LoadBalancer")
    rules = engine.find("vpc/securityGroupIngressRule:SecurityGroupIngressRule")
    assert [rule for rule in rules if "cidrIpv6" in rule] == []
