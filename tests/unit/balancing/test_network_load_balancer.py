"""The network load balancer: its addresses and openings, and what is refused."""

from collections.abc import Sequence
from typing import Any, Unpack

import pulumi
import pytest

import settings
from components import NetworkLoadBalancer
from components.balancing.args import (
    NetworkLoadBalancerArgs,
    NetworkLoadBalancerChoices,
    NetworkLoadBalancerLinks,
)

from ..conftest import Run, run_main, run_program, stack_config
from ..settings.test_settings import platform, problems


class Changes(NetworkLoadBalancerChoices, NetworkLoadBalancerLinks):
    """Every argument that has a default."""


def balancer(subnets: Sequence[str] = ("subnet-a", "subnet-b"), **changes: Unpack[Changes]) -> NetworkLoadBalancer:
    args: NetworkLoadBalancerArgs = {"vpc_id": "vpc-0abc", "subnet_ids": list(subnets), "subnet_count": 2, **changes}
    return NetworkLoadBalancer("net", args)


def stack(balancer: dict[str, Any] | None = None, **listener: Any) -> dict[str, Any]:
    """Return the dev stack's settings with `web` behind a network load balancer."""
    raw = platform(networkListener={"port": 443, **listener})
    return {**raw, "networkLoadBalancer": {} if balancer is None else balancer}


def test_each_subnet_gets_an_address_that_is_kept(run: Run) -> None:
    engine = run(lambda: balancer(static_addresses=True))
    addresses = engine.all("ec2/eip:Eip")
    assert {(item.name, item.protect, item.inputs["domain"]) for item in addresses} == {
        ("net-1", True, "vpc"),
        ("net-2", True, "vpc"),
    }
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
        run_program(lambda: balancer(["subnet-a", "subnet-b", "subnet-c"], static_addresses=True))


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
def test_it_is_open_at_the_ports_of_listeners_only(run: Run, changes: Changes, ranges: list[str]) -> None:
    arguments: Changes = {**changes, "ports": [5000, 443]}
    engine = run(lambda: balancer(**arguments))
    rules = engine.find("vpc/securityGroupIngressRule:SecurityGroupIngressRule")
    expected = [("tcp", port, port, block) for port in (443, 5000) for block in ranges]
    made = [(rule["ipProtocol"], rule["fromPort"], rule["toPort"], rule["cidrIpv4"]) for rule in rules]
    assert sorted(made) == expected
    assert {rule["securityGroupId"] for rule in rules} <= {"net-id"}
    assert engine.find("vpc/securityGroupEgressRule:SecurityGroupEgressRule") == []
    assert len(engine.one("lb/loadBalancer:LoadBalancer")["securityGroups"]) == 1


@pytest.mark.parametrize(
    ("balancer", "path", "advice"),
    [
        ({"staticAddresses": True, "internal": True}, "staticAddresses", "Remove staticAddresses or internal"),
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


def test_the_program_wires_it_and_publishes_where_it_answers() -> None:
    config = stack_config("dev")
    config[settings.KEY] = stack({"staticAddresses": True}, port=5000)
    program = run_main("dev", config)
    listener = program.engine.one("lb/listener:Listener", "port-5000")
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
