"""The network load balancer and the listeners on it: addresses, openings, targets, and what is refused."""

from typing import Any, cast

import pulumi
import pytest

import settings
from components import NetworkLoadBalancer
from components.balancing.args import NetworkLoadBalancerArgs

from ..conftest import Run, run_main, run_program, stack_config
from ..program.test_components import service
from ..services.test_ec2_service_settings import platform as on_instances
from ..settings.test_settings import platform, problems

ARN = "arn:aws:elasticloadbalancing:eu-west-1:123456789012:loadbalancer/net/x/1"
CERTIFICATE = "arn:aws:acm:eu-west-1:123456789012:certificate/1"


def balancer(**changes: Any) -> NetworkLoadBalancer:
    arguments = {"vpc_id": "vpc-0abc", "subnet_ids": ["subnet-a", "subnet-b"], "subnet_count": 2}
    return NetworkLoadBalancer("net", cast(NetworkLoadBalancerArgs, {**arguments, **changes}))


def behind(**listener: Any) -> Any:
    """Return a program with a service whose listener is on the network load balancer."""
    return lambda: service(network_load_balancer_arn=ARN, network_listener={"port": 5000, **listener})


def stack(balancer: dict[str, Any] | None = None, **listener: Any) -> dict[str, Any]:
    """Return the dev stack's settings with `web` behind a network load balancer."""
    raw = platform(networkListener={"port": 443, **listener})
    return {**raw, "networkLoadBalancer": {} if balancer is None else balancer}


def test_each_subnet_gets_an_address_that_is_kept(run: Run) -> None:
    engine = run(lambda: balancer(static_addresses=True))
    addresses = engine.all("ec2/eip:Eip")
    assert [(item.name, item.protect, item.inputs["domain"]) for item in addresses] == [
        ("net-1", True, "vpc"),
        ("net-2", True, "vpc"),
    ]
    (made,) = engine.all("lb/loadBalancer:LoadBalancer")
    assert made.inputs["enableDeletionProtection"] is True
    assert all("loadBalancer" not in str(item.depends_on) for item in addresses)


def test_the_load_balancer_answers_at_them_in_the_order_of_the_subnets() -> None:
    published: list[Any] = []

    def program() -> None:
        pulumi.Output.from_input(balancer(static_addresses=True).addresses).apply(published.append)

    engine = run_program(program)
    assert published == [["203.0.113.1", "203.0.113.2"]]
    assert engine.one("lb/loadBalancer:LoadBalancer")["subnetMappings"] == [
        {"subnetId": "subnet-a", "allocationId": "net-1-id"},
        {"subnetId": "subnet-b", "allocationId": "net-2-id"},
    ]


def test_other_subnets_than_were_counted_are_refused() -> None:
    with pytest.raises(pulumi.RunError, match="2 static addresses for 3 subnets"):
        run_program(lambda: balancer(static_addresses=True, subnet_ids=["subnet-a", "subnet-b", "subnet-c"]))


def test_without_static_addresses_there_are_none(run: Run) -> None:
    engine = run(balancer)
    assert engine.find("ec2/eip:Eip") == []
    inputs = engine.one("lb/loadBalancer:LoadBalancer")
    assert inputs["subnetMappings"] == [{"subnetId": "subnet-a"}, {"subnetId": "subnet-b"}]
    assert (inputs["loadBalancerType"], inputs["internal"]) == ("network", False)
    assert inputs["enableCrossZoneLoadBalancing"] is True


@pytest.mark.parametrize(
    ("changes", "ranges"),
    [
        ({}, ["0.0.0.0/0"]),
        ({"allowed_cidr_blocks": ["203.0.113.0/24"]}, ["203.0.113.0/24"]),
        ({"internal": True}, ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16"]),
        ({"internal": True, "allowed_cidr_blocks": ["10.1.0.0/16"]}, ["10.1.0.0/16"]),
    ],
)
def test_it_is_open_at_the_ports_of_listeners_only(run: Run, changes: dict[str, Any], ranges: list[str]) -> None:
    engine = run(lambda: balancer(ports=[5000, 443], **changes))
    rules = engine.find("vpc/securityGroupIngressRule:SecurityGroupIngressRule")
    expected = [("tcp", port, port, block) for port in (443, 5000) for block in ranges]
    assert [(r["ipProtocol"], r["fromPort"], r["toPort"], r["cidrIpv4"]) for r in rules] == expected
    assert {rule["securityGroupId"] for rule in rules} <= {"net-id"}
    assert engine.find("vpc/securityGroupEgressRule:SecurityGroupEgressRule") == []
    assert len(engine.one("lb/loadBalancer:LoadBalancer")["securityGroups"]) == 1


def test_a_listener_takes_the_place_of_the_rule(run: Run) -> None:
    engine = run(behind())
    assert engine.find("lb/listenerRule:ListenerRule") == []
    listener = engine.one("lb/listener:Listener")
    assert (listener["loadBalancerArn"], listener["port"], listener["protocol"]) == (ARN, 5000, "TCP")
    assert "sslPolicy" not in listener
    (made,) = engine.all("ecs/service:Service")
    assert any("lb/listener:Listener" in urn for urn in made.depends_on)


def test_tls_ends_at_the_load_balancer_with_the_current_policy(run: Run) -> None:
    listener = run(behind(protocol="TLS", certificate_arn=CERTIFICATE)).one("lb/listener:Listener")
    assert (listener["protocol"], listener["certificateArn"]) == ("TLS", CERTIFICATE)
    assert listener["sslPolicy"] == "ELBSecurityPolicy-TLS13-1-2-Res-PQ-2025-09"


@pytest.mark.parametrize(
    ("listener", "check"),
    [
        ({}, {"protocol": "HTTP", "path": "/health", "matcher": "200"}),
        ({"health_check": "TCP"}, {"protocol": "TCP"}),
    ],
)
def test_targets_are_checked_by_http_or_by_connecting(run: Run, listener: Any, check: dict[str, str]) -> None:
    group = run(behind(**listener)).one("lb/targetGroup:TargetGroup")
    times = {"interval": 30, "timeout": 5, "healthyThreshold": 2, "unhealthyThreshold": 3}
    assert group["healthCheck"] == {**check, **times}
    assert (group["protocol"], group["targetType"], group["port"]) == ("TCP", "ip", 80)
    assert group["connectionTermination"] is True


@pytest.mark.parametrize(("wanted", "given"), [(True, "true"), (False, "false")])
def test_clients_addresses_are_kept_by_setting(run: Run, wanted: bool, given: str) -> None:
    group = run(behind(preserve_client_ip=wanted)).one("lb/targetGroup:TargetGroup")
    assert group["preserveClientIp"] == given


def test_only_the_network_load_balancer_reaches_the_tasks(run: Run) -> None:
    engine = run(behind())
    (entrance,) = engine.all("vpc/securityGroupIngressRule:SecurityGroupIngressRule")
    assert entrance.name == "web-from-network-load-balancer", "of another name than the other load balancer's"
    assert entrance.inputs["referencedSecurityGroupId"] == "sg-balancer"
    assert (entrance.inputs["fromPort"], entrance.inputs["toPort"]) == (80, 80)
    (way,) = engine.find("vpc/securityGroupEgressRule:SecurityGroupEgressRule", "web-from-network-load-balancer")
    assert way["securityGroupId"] == "sg-balancer"


@pytest.mark.parametrize(
    ("changes", "path", "advice"),
    [
        ({"hosts": ["a.org"]}, "hosts", "every connection to its port"),
        ({"paths": ["/a"]}, "paths", "every connection to its port"),
        ({"headers": {"A": ["1"]}}, "headers", "every connection to its port"),
        ({"priority": 5}, "priority", "every connection to its port"),
        ({"networkListener": {"port": 443, "protocol": "TLS"}}, "networkListener.certificateArn", "is missing"),
        (
            {"networkListener": {"port": 443, "certificateArn": CERTIFICATE}},
            "networkListener.certificateArn",
            "belongs to protocol: TLS",
        ),
        ({"networkListener": {"port": 443, "protocol": "UDP"}}, "networkListener.protocol", "'TCP' or 'TLS'"),
        ({"networkListener": {"port": 70000}}, "networkListener.port", "65535"),
        ({"networkListener": {}}, "networkListener.port", "is missing"),
    ],
)
def test_a_listener_that_cannot_be_is_refused(changes: dict[str, Any], path: str, advice: str) -> None:
    raw = stack()
    raw["services"]["web"].update(changes)
    found = problems(raw)
    assert list(found) == [f"services.web.{path}"]
    assert advice in found[f"services.web.{path}"]


def test_a_listener_needs_its_load_balancer() -> None:
    raw = stack()
    del raw["networkLoadBalancer"]
    (advice,) = problems(raw).values()
    assert "add `networkLoadBalancer: {}`" in advice


def test_tasks_in_bridge_mode_have_none() -> None:
    raw = on_instances("other", networkMode="bridge", networkListener={"port": 7000})
    found = problems({**raw, "networkLoadBalancer": {}})
    assert list(found) == ["services.web.networkListener"]
    assert "take networkMode out" in found["services.web.networkListener"]


def test_a_port_has_one_service() -> None:
    raw = stack()
    raw["services"]["mail"] = {"repository": "web", "networkListener": {"port": 443}}
    found = problems(raw)
    assert list(found) == ["services.mail.networkListener.port"]
    assert "web listens there" in found["services.mail.networkListener.port"]


@pytest.mark.parametrize(
    ("balancer", "path", "advice"),
    [
        ({"staticAddresses": True, "internal": True}, "staticAddresses", "keep one of the two"),
        ({"allowedCidrBlocks": []}, "allowedCidrBlocks", "at least 1"),
        ({"allowedCidrBlocks": ["10.0.0.1/8"]}, "allowedCidrBlocks[0]", "the range is 10.0.0.0/8"),
        ({"allowedCidrBlocks": ["10.0.0.0/8", "10.1.0.0/16"]}, "allowedCidrBlocks[1]", "remove it"),
    ],
)
def test_a_load_balancer_that_cannot_be_is_refused(balancer: dict[str, Any], path: str, advice: str) -> None:
    found = problems(stack(balancer))
    assert list(found) == [f"networkLoadBalancer.{path}"]
    assert advice in found[f"networkLoadBalancer.{path}"]


def test_static_addresses_in_an_existing_vpc_need_its_subnets_by_name() -> None:
    raw = stack({"staticAddresses": True})
    raw["network"] = {"existing": {"vpcId": "vpc-0abc"}}
    found = problems(raw)
    assert "publicSubnetIds" in found["networkLoadBalancer.staticAddresses"]
    raw["network"]["existing"]["publicSubnetIds"] = ["subnet-1", "subnet-2"]
    assert settings.parse(raw)


def test_services_behind_it_are_left_out_of_the_rules_order() -> None:
    """Each would take every request, were it a rule."""
    raw = stack()
    raw["services"] |= {"all": {"repository": "web"}, "tcp": {"repository": "web", "networkListener": {"port": 80}}}
    assert settings.parse(raw)


def test_the_program_wires_it_and_publishes_where_it_answers() -> None:
    config = stack_config("dev")
    config[settings.KEY] = stack({"staticAddresses": True}, port=5000)
    program = run_main("dev", config)
    listener = program.engine.one("lb/listener:Listener", "web")
    (net,) = program.engine.all("lb/loadBalancer:LoadBalancer", "network-load-balancer")
    assert net.inputs["enableDeletionProtection"] is False, "dev protects nothing"
    assert listener["loadBalancerArn"].endswith(":network-load-balancer")
    name = program.outputs["networkLoadBalancerDnsName"]
    assert program.outputs["services"]["web"]["networkEndpoint"] == f"{name}:5000"
    assert program.outputs["networkLoadBalancerAddresses"] == ["203.0.113.1", "203.0.113.2"]
    assert program.engine.find("lb/listenerRule:ListenerRule") == []


def test_an_internal_one_stands_in_the_private_subnets() -> None:
    config = stack_config("dev")
    config[settings.KEY] = stack({"internal": True})
    engine = run_main("dev", config).engine
    (net,) = engine.find("lb/loadBalancer:LoadBalancer", "network-load-balancer")
    assert [mapping["subnetId"] for mapping in net["subnetMappings"]] == ["subnet-private-a", "subnet-private-b"]


def test_without_it_its_outputs_are_empty() -> None:
    published = run_main("dev", stack_config("dev")).outputs
    for name in ("Arn", "DnsName", "ZoneId", "SecurityGroupId"):
        assert published[f"networkLoadBalancer{name}"] == ""
    assert published["networkLoadBalancerAddresses"] == []
    assert published["services"]["web"]["networkEndpoint"] == ""
