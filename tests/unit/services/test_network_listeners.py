"""Services with a listener of their own on the network load balancer: openings, targets, and what is refused."""

from collections.abc import Callable
from typing import Any, Unpack

import pytest

import settings
from components import Service
from components.services.routing_args import ListenerProtocol, NetworkListenerChoices

from ..conftest import Run
from ..settings.test_settings import platform, problems
from .example import service
from .test_ec2_service_settings import platform as on_instances

ARN = "arn:aws:elasticloadbalancing:eu-west-1:123456789012:loadbalancer/net/x/1"
CERTIFICATE = "arn:aws:acm:eu-west-1:123456789012:certificate/1"


def behind(**listener: Unpack[NetworkListenerChoices]) -> Callable[[], Service]:
    """Return a program with a service whose listener is on the network load balancer."""
    return lambda: service(network_load_balancer_arn=ARN, network_listener={"port": 5000, **listener})


def stack() -> dict[str, Any]:
    """Return the dev stack's settings with `web` behind a network load balancer."""
    return {**platform(networkListener={"port": 443}), "networkLoadBalancer": {}}


def test_a_listener_takes_the_place_of_the_rule(run: Run) -> None:
    engine = run(behind())
    assert engine.find("lb/listenerRule:ListenerRule") == []
    listener = engine.one("lb/listener:Listener")
    assert (listener["loadBalancerArn"], listener["port"], listener["protocol"]) == (ARN, 5000, "TCP")
    assert "sslPolicy" not in listener
    (made,) = engine.all("ecs/service:Service")
    assert any("lb/listener:Listener" in urn for urn in made.depends_on)


def test_tls_ends_at_the_load_balancer_with_the_current_policy(run: Run) -> None:
    listener = run(behind(protocol=ListenerProtocol.TLS, certificate_arn=CERTIFICATE)).one("lb/listener:Listener")
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
    assert entrance.name == "web-from-network-load-balancer-80", "of another name than the other load balancer's"
    assert entrance.inputs["referencedSecurityGroupId"] == "sg-balancer"
    assert (entrance.inputs["fromPort"], entrance.inputs["toPort"]) == (80, 80)
    (way,) = engine.find("vpc/securityGroupEgressRule:SecurityGroupEgressRule", "web-from-network-load-balancer-80")
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
            "no effect with protocol: TCP",
        ),
        ({"networkListener": {"port": 443, "protocol": "QUIC"}}, "networkListener.protocol", "'TLS', 'UDP' or"),
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
    assert "Add `networkLoadBalancer: {}`" in advice


def test_tasks_in_bridge_mode_have_none() -> None:
    raw = on_instances("other", networkMode="bridge", networkListener={"port": 7000})
    found = problems({**raw, "networkLoadBalancer": {}})
    assert list(found) == ["services.web.networkListener"]
    assert "Remove networkMode or networkListener" in found["services.web.networkListener"]


def test_a_port_has_one_service() -> None:
    raw = stack()
    raw["services"]["mail"] = {"repository": "web", "networkListener": {"port": 443}}
    found = problems(raw)
    assert list(found) == ["services.mail.networkListener.port"]
    assert "is used by web" in found["services.mail.networkListener.port"]


def test_services_behind_it_are_left_out_of_the_rules_order() -> None:
    """Each would take every request, were it a rule."""
    raw = stack()
    raw["services"] |= {"all": {"repository": "web"}, "tcp": {"repository": "web", "networkListener": {"port": 80}}}
    assert settings.parse(raw)
