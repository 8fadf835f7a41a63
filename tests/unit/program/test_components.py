"""The components under mocks: what a user relies on, with exact permissions and exact openings."""

from typing import Any, cast

import pytest

from components import LoadBalancer
from components.balancing.args import LoadBalancerArgs

from ..conftest import ACCOUNT, REGION, Run


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
