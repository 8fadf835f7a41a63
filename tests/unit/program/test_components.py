"""The components under mocks: what a user relies on, with exact permissions and exact openings."""

import json
from typing import Any, cast

import pytest

from components import Cluster, LoadBalancer, Network, Registry, Service
from components.balancing.args import LoadBalancerArgs
from components.network.args import NatGateways, NetworkArgs, VpcEndpoints
from components.services.args import ServiceArgs

from ..conftest import ACCOUNT, REGION, Engine, Run

REPOSITORY = f"arn:aws:ecr:{REGION}:{ACCOUNT}:repository/dev/web"
URL = f"{ACCOUNT}.dkr.ecr.{REGION}.amazonaws.com/dev/web"


def service(**changes: Any) -> Service:
    arguments = {
        "service_name": "dev-web",
        "cluster_arn": f"arn:aws:ecs:{REGION}:{ACCOUNT}:cluster/main",
        "cluster_name": "main",
        "vpc_id": "vpc-0abc",
        "subnet_ids": ["subnet-private-a"],
        "listener_arn": "arn:aws:elasticloadbalancing:eu-west-1:123456789012:listener/app/x/1/2",
        "load_balancer_security_group_id": "sg-balancer",
        "repository_url": URL,
        "repository_arn": REPOSITORY,
        "image": "git-1",
    }
    return Service("web", cast(ServiceArgs, {**arguments, **changes}))


def container(engine: Engine) -> dict[str, Any]:
    (only,) = json.loads(engine.one("ecs/taskDefinition:TaskDefinition")["containerDefinitions"])
    return cast(dict[str, Any], only)


def statements(engine: Engine, name: str) -> dict[str, dict[str, Any]]:
    document = json.loads(engine.one("iam/rolePolicy:RolePolicy", name)["policy"])
    return {statement["Sid"]: statement for statement in document["Statement"]}


def test_every_child_belongs_to_its_component(run: Run) -> None:
    engine = run(lambda: service(generated_secret={"environment_variable": "PASSWORD"}))
    strays = [item.name for item in engine.resources if item.type.startswith("aws:") and "Service" not in item.parent]
    assert strays == []


def test_the_execution_role_can_read_exactly_its_image_its_log_and_its_secrets(run: Run) -> None:
    secret = f"arn:aws:secretsmanager:{REGION}:{ACCOUNT}:secret:db-AbCdEf"
    parameter = f"arn:aws:ssm:{REGION}:{ACCOUNT}:parameter/key"
    key = f"arn:aws:kms:{REGION}:{ACCOUNT}:key/1"
    engine = run(lambda: service(secrets={"A": f"{secret}:url::", "B": parameter}, secret_kms_key_arns=[key]))
    granted = {sid: (item["Action"], item["Resource"]) for sid, item in statements(engine, "web-execution").items()}
    assert granted == {
        "LogInToRegistry": (["ecr:GetAuthorizationToken"], ["*"]),
        "PullImages": (
            ["ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"],
            [REPOSITORY],
        ),
        "WriteLogs": (
            ["logs:CreateLogStream", "logs:PutLogEvents"],
            [f"arn:aws:logs:{REGION}:{ACCOUNT}:log-group:/ecs/dev-web:*"],
        ),
        "ReadSecrets": (["secretsmanager:GetSecretValue"], [secret]),
        "ReadParameters": (["ssm:GetParameters"], [parameter]),
        "DecryptSecrets": (["kms:Decrypt"], [key]),
    }


def test_the_roles_are_apart_and_only_this_accounts_tasks_get_them(run: Run) -> None:
    engine = run(service)
    task = engine.one("ecs/taskDefinition:TaskDefinition")
    assert task["executionRoleArn"] != task["taskRoleArn"]
    for name in ("web-execution", "web-task"):
        (statement,) = json.loads(engine.one("iam/role:Role", name)["assumeRolePolicy"])["Statement"]
        assert statement["Principal"] == {"Service": "ecs-tasks.amazonaws.com"}
        assert statement["Condition"] == {
            "StringEquals": {"aws:SourceAccount": ACCOUNT},
            "ArnLike": {"aws:SourceArn": f"arn:aws:ecs:{REGION}:{ACCOUNT}:*"},
        }
    assert engine.find("iam/rolePolicy:RolePolicy", "web-task") == [], "the application has no permission unasked"


def test_only_the_load_balancer_reaches_the_tasks(run: Run) -> None:
    engine = run(lambda: service(container_port=8080))
    ingress = engine.one("vpc/securityGroupIngressRule:SecurityGroupIngressRule")
    assert ingress["referencedSecurityGroupId"] == "sg-balancer"
    assert (ingress["fromPort"], ingress["toPort"]) == (8080, 8080)
    assert "cidrIpv4" not in ingress
    egress = {
        item["securityGroupId"]: (item["fromPort"], item.get("cidrIpv4"))
        for item in engine.find("vpc/securityGroupEgressRule:SecurityGroupEgressRule")
    }
    assert egress["sg-balancer"] == (8080, None)
    assert set(egress.values()) == {(8080, None), (443, "0.0.0.0/0")}
    group = engine.one("ec2/securityGroup:SecurityGroup")
    assert "ingress" not in group
    assert "egress" not in group


def test_tasks_have_private_subnets_and_no_public_address(run: Run) -> None:
    configuration = run(service).one("ecs/service:Service")["networkConfiguration"]
    assert configuration["subnets"] == ["subnet-private-a"]
    assert configuration["assignPublicIp"] is False


def test_a_failed_deployment_is_rolled_back_to_a_revision_that_is_kept(run: Run) -> None:
    engine = run(service)
    deployed = engine.one("ecs/service:Service")
    assert deployed["deploymentCircuitBreaker"] == {"enable": True, "rollback": True}
    assert (deployed["deploymentMaximumPercent"], deployed["deploymentMinimumHealthyPercent"]) == (200, 50)
    assert engine.one("ecs/taskDefinition:TaskDefinition")["skipDestroy"] is True


def test_capacity_is_a_strategy_never_a_launch_type(run: Run) -> None:
    deployed = run(service).one("ecs/service:Service")
    assert deployed["capacityProviderStrategies"] == [{"capacityProvider": "FARGATE", "weight": 1, "base": 0}]
    assert deployed["forceNewDeployment"] is True
    assert "launchType" not in deployed


def test_the_service_waits_for_its_rule_and_its_permissions(run: Run) -> None:
    engine = run(service)
    (registered,) = engine.all("ecs/service:Service")
    needed = {urn.rpartition("::")[2] for urn in registered.depends_on}
    kinds = {urn.split("::")[2].rpartition("$")[2] for urn in registered.depends_on}
    assert "web-execution" in needed
    assert {"aws:lb/listenerRule:ListenerRule", "aws:iam/rolePolicy:RolePolicy"} <= kinds


def test_the_container_is_hardened(run: Run) -> None:
    definition = container(run(service))
    assert definition["readonlyRootFilesystem"] is True
    assert definition["user"] == "1000:1000"
    assert definition["linuxParameters"]["capabilities"]["drop"] == ["ALL"]
    assert definition["linuxParameters"]["initProcessEnabled"] is True
    assert "privileged" not in definition


def test_a_user_other_than_root_can_listen_on_the_default_port(run: Run) -> None:
    assert container(run(service))["systemControls"] == [
        {"namespace": "net.ipv4.ip_unprivileged_port_start", "value": "0"}
    ]


def test_the_generated_secret_reaches_the_container_and_is_drawn_once(run: Run) -> None:
    engine = run(lambda: service(generated_secret={"environment_variable": "PASSWORD"}))
    (version,) = engine.all("secretsmanager/secretVersion:SecretVersion")
    assert version.ignore_changes == ["secretString"]
    assert json.loads(version.inputs["secretString"]) == {"username": "admin", "password": "drawn-by-aws"}
    assert container(engine)["secrets"][0]["valueFrom"].endswith(":password::")
    resource = statements(engine, "web-execution")["ReadSecrets"]["Resource"]
    assert not resource[0].endswith("::"), "IAM knows the secret, not its JSON key"


def test_the_target_groups_name_leaves_room_for_the_engines_suffix(run: Run) -> None:
    def program() -> None:
        Service("a-service-with-a-very-long-name", _long_arguments())

    (group,) = run(program).all("lb/targetGroup:TargetGroup")
    assert len(group.name) <= 24
    assert not group.name.endswith("-")
    assert "name" not in group.inputs


def _long_arguments() -> ServiceArgs:
    return cast(
        ServiceArgs,
        {
            "service_name": "x",
            "cluster_arn": f"arn:aws:ecs:{REGION}:{ACCOUNT}:cluster/main",
            "cluster_name": "main",
            "vpc_id": "vpc-0abc",
            "subnet_ids": [],
            "listener_arn": "arn",
            "load_balancer_security_group_id": "sg",
            "repository_url": URL,
            "repository_arn": REPOSITORY,
        },
    )


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


def test_the_cluster_has_both_kinds_of_capacity(run: Run) -> None:
    engine = run(lambda: Cluster("cluster", {"cluster_name": "main"}))
    associated = engine.one("ecs/clusterCapacityProviders:ClusterCapacityProviders")
    assert associated["capacityProviders"] == ["FARGATE", "FARGATE_SPOT"]
    assert associated["defaultCapacityProviderStrategies"] == [{"capacityProvider": "FARGATE", "weight": 1, "base": 0}]
    assert engine.one("ecs/cluster:Cluster")["settings"] == [{"name": "containerInsights", "value": "enabled"}]


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


def test_outputs_can_feed_another_component(run: Run) -> None:
    def program() -> None:
        cluster = Cluster("cluster", {"cluster_name": "main"})
        network = Network("network", {"name_prefix": "/p"})
        service(
            cluster_arn=cluster.cluster_arn,
            cluster_name=cluster.cluster_name,
            vpc_id=network.vpc_id,
            subnet_ids=network.private_subnet_ids,
        )

    engine = run(program)
    deployed = engine.one("ecs/service:Service")
    assert deployed["networkConfiguration"]["subnets"] == ["subnet-private-a", "subnet-private-b"]
    (registered,) = engine.all("ecs/service:Service")
    kinds = {urn.split("::")[2].rpartition("$")[2] for urn in registered.depends_on}
    assert "aws:ecs/clusterCapacityProviders:ClusterCapacityProviders" in kinds, "capacity comes first and goes last"


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


def test_tasks_behind_endpoints_reach_those_and_s3_and_nothing_else(run: Run) -> None:
    engine = run(lambda: service(egress=[], endpoint_security_group_id="sg-endpoints", s3_prefix_list_id="pl-s3"))
    egress = engine.find("vpc/securityGroupEgressRule:SecurityGroupEgressRule")
    ours = [rule for rule in egress if rule["securityGroupId"] != "sg-balancer"]
    assert sorted(rule.get("referencedSecurityGroupId") or rule["prefixListId"] for rule in ours) == [
        "pl-s3",
        "sg-endpoints",
    ]
    assert all((rule["fromPort"], rule["toPort"]) == (443, 443) for rule in ours)
    (entrance,) = [
        rule
        for rule in engine.find("vpc/securityGroupIngressRule:SecurityGroupIngressRule")
        if rule["securityGroupId"] == "sg-endpoints"
    ]
    assert entrance["referencedSecurityGroupId"] == "web-id"
    assert (entrance["fromPort"], entrance["toPort"]) == (443, 443)
    (registered,) = engine.all("ecs/service:Service")
    waited = {urn.rpartition("::")[2] for urn in registered.depends_on}
    assert {"web-to-endpoints", "web-to-s3"} <= waited, "a task that starts earlier cannot pull its image"


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


def test_tasks_reach_ipv6_addresses_where_they_reach_every_ipv4_address(run: Run) -> None:
    egress = [{"port": 443, "cidr_block": "0.0.0.0/0"}, {"port": 5432, "cidr_block": "10.0.0.0/16"}]
    engine = run(lambda: service(ipv6=True, egress=egress))
    rules = engine.find("vpc/securityGroupEgressRule:SecurityGroupEgressRule")
    assert [(rule["fromPort"], rule["cidrIpv6"]) for rule in rules if "cidrIpv6" in rule] == [(443, "::/0")]
