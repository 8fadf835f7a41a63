"""The load balancer never asks for a path that the running tasks do not answer."""

import json
from typing import Any

import pulumi
import pytest

from components.common.arguments import complete
from components.services.routing_args import SERVICE_ROUTING_DEFAULTS, WAY_IN_DEFAULTS, RoutingChoices
from components.services.target_args import ProtocolVersion
from components.services.ways_in import Check, WayIn, labels, target_group_name, ways_in
from components.tasks.args import HEALTH_CHECK_LABEL, PORT_DEFAULTS
from wiring.checked_paths import checked, earlier, moving
from wiring.state import Resource

from ..conftest import Engine, run_main, stack_config

SERVICE = "container-platform:index:Service"
ARN = "arn:group"


def state(
    *,
    deployed: str | None = "/health",
    path: str = "/health",
    waits: bool = True,
    protocol: str = "HTTP",
    labels: dict[str, str] | None = None,
    name: str = "web",
) -> Any:
    found = labels or ({HEALTH_CHECK_LABEL: deployed} if deployed else {})
    check = {"path": path, "matcher": "200", "port": "traffic-port"} if path else {"protocol": "TCP"}
    kind, action = ("lb/listenerRule:ListenerRule", "actions")
    if protocol != "HTTP":
        kind, action = ("lb/listener:Listener", "defaultActions")
    return [
        Resource(f"{SERVICE}$aws:ecs/service:Service", "web", {"waitForSteadyState": waits}),
        Resource(
            f"{SERVICE}$aws:lb/targetGroup:TargetGroup",
            name,
            {"healthCheck": check, "protocol": protocol, "targetType": "ip", "arn": ARN},
        ),
        Resource(f"{SERVICE}$aws:{kind}", "priority-1", {action: [{"type": "forward", "targetGroupArn": ARN}]}),
        Resource(
            f"{SERVICE}$aws:ecs/taskDefinition:TaskDefinition",
            "web",
            {
                "arn": "web:1",
                "networkMode": "awsvpc",
                "containerDefinitions": json.dumps([{"dockerLabels": found}]),
            },
        ),
    ]


def ways(**said: Any) -> list[WayIn]:
    """Return the ways in of a service."""
    chosen: Any = said
    return ways_in("web", complete(RoutingChoices, chosen, PORT_DEFAULTS, WAY_IN_DEFAULTS, SERVICE_ROUTING_DEFAULTS))


@pytest.mark.parametrize(
    ("there", "goes_on"),
    [
        ({}, "/health"),
        ({"deployed": "/ready"}, None),
        ({"deployed": "/ready", "now": "web:0"}, "/health"),
        ({"deployed": "/ready", "now": None}, "/health"),
        ({"deployed": None}, "/health"),
        ({"path": "/ready"}, None),
        ({"waits": False}, None),
    ],
    ids=[
        "not deployed",
        "deployed",
        "rolled back",
        "no longer there",
        "by an older version",
        "asked for already",
        "nothing runs",
    ],
)
def test_another_path_is_asked_for_when_tasks_with_it_run(there: Any, goes_on: str | None) -> None:
    now = there.pop("now", "web:1")
    (way,) = ways(health_check_path="/ready")
    found = earlier(checked(state(**there)).get("web"), way, "ip", lambda: now)
    assert (found.path if found else None) == goes_on


@pytest.mark.parametrize("check", [{"matcher": "200-299"}, {"port": 9000}])
def test_another_matcher_or_port_waits_likewise(check: Any) -> None:
    (way,) = ways(health_check=check)
    there = checked(state())["web"]
    assert earlier(there, way, "ip", lambda: "web:1") == Check("/health", "200")
    deployed = checked(state(labels=labels([way])))["web"]
    assert earlier(deployed, way, "ip", lambda: "web:1") is None


def test_another_target_group_has_new_tasks_only() -> None:
    (way,) = ways(health_check_path="/ready")
    there = checked(state())["web"]
    assert earlier(there, way, "ip", lambda: None) == Check("/health", "200")
    assert earlier(there, way, "instance", lambda: None) is None
    (moved,) = ways(health_check_path="/ready", network_listener={"port": 1})
    assert earlier(there, moved, "ip", lambda: None) is None


def test_a_service_whose_connections_are_checked_waits_for_tasks_that_answer() -> None:
    there = checked(state(path="", protocol="TCP", deployed=None))["web"]
    (way,) = ways(network_listener={"port": 1})
    assert earlier(there, way, "ip", lambda: "web:1") == Check("", "")
    (connected,) = ways(network_listener={"port": 1, "health_check": "TCP"})
    assert earlier(checked(state(protocol="TCP"))["web"], connected, "ip", lambda: "web:1") is None


@pytest.mark.parametrize("version", ["HTTP2", "GRPC"])
def test_another_protocol_version_leaves_the_requests_where_they_are_answered(version: str) -> None:
    (way,) = ways(protocol_version=version)
    there = checked(state())["web"]
    assert moving(there, [way], iter([49_999])) == {"": {"earlier_version": ProtocolVersion.HTTP1, "priority": 49_999}}
    if version == "GRPC":
        assert earlier(there, way, "ip", lambda: "web:1") == Check("/health", "200")
    after = checked(state(name=target_group_name("web", ProtocolVersion(version))))["web"]
    assert moving(after, [way], iter([])) == {}
    (back,) = ways()
    assert moving(after, [back], iter([1]))[""]["earlier_version"] == version


def test_a_rule_that_no_request_matches_leads_nowhere() -> None:
    there = state()
    conditions = [{"hostHeader": {"values": ["web.admin.invalid"]}}]
    there[2] = there[2]._replace(outputs={**there[2].outputs, "conditions": conditions})
    assert checked(there)["web"].groups["web"].led_to is False


def test_a_further_way_in_waits_for_tasks_that_have_it() -> None:
    both = ways(routes={"admin": {"paths": ["/admin"]}})
    assert moving(checked(state())["web"], both, iter([7])) == {"admin": {"priority": 7}}
    assert moving(None, both, iter([])) == {}, "nothing serves yet"
    at_the_other = ways(routes={"admin": {"network_listener": {"port": 1}}})
    assert moving(checked(state())["web"], at_the_other, iter([])) == {}, "nobody uses that port yet"


@pytest.mark.parametrize("listener", [None, {"port": 7000}])
def test_the_program_goes_on_asking_for_the_earlier_path_and_says_so(
    monkeypatch: pytest.MonkeyPatch, listener: Any
) -> None:
    said: list[str] = []
    monkeypatch.setattr("pulumi.log.warn", said.append)
    engine, protocol = Engine(), "TCP" if listener else "HTTP"
    for kind, name, outputs in state(protocol=protocol):
        engine.state[f"urn:pulumi:dev::container-platform::{kind}::{name}"] = {"outputs": outputs}
    config = stack_config("dev")
    platform = config["container-platform:platform"]
    platform["services"]["web"] |= {"healthCheckPath": "/ready", "networkListener": listener}
    platform["networkLoadBalancer"] = {}
    run_main("dev", config, engine=engine)
    assert engine.one("lb/targetGroup:TargetGroup")["healthCheck"]["path"] == "/health"
    assert len([line for line in said if "goes on asking for /health" in line and "/ready" in line]) == 1
    (container,) = json.loads(engine.one("ecs/taskDefinition:TaskDefinition")["containerDefinitions"])
    assert container["dockerLabels"] == {HEALTH_CHECK_LABEL: "/ready"}


@pytest.mark.parametrize("protect", [True, False])
def test_another_protocol_of_a_port_is_refused_where_it_would_interrupt_a_protected_service(
    monkeypatch: pytest.MonkeyPatch, *, protect: bool
) -> None:
    said: list[str] = []
    monkeypatch.setattr("pulumi.log.warn", said.append)
    engine = Engine()
    for kind, name, outputs in state(protocol="TCP"):
        engine.state[f"urn:pulumi:dev::container-platform::{kind}::{name}"] = {"outputs": outputs}
    config = stack_config("dev")
    platform = config["container-platform:platform"]
    platform["networkLoadBalancer"], platform["protect"] = {}, protect
    platform["cluster"] = {}
    listener = {"port": 7000, "protocol": "UDP"}
    platform["services"]["web"] |= {"networkListener": listener, "healthCheck": {"port": 8080}}
    if protect:
        with pytest.raises(pulumi.RunError, match=r"networkListener.protocol = .UDP.\n +gives the port another target"):
            run_main("dev", config, engine=engine)
    else:
        run_main("dev", config, engine=engine)
        assert any("services.web.networkListener.protocol: UDP gives the port" in line for line in said)


@pytest.mark.parametrize("protect", [True, False])
def test_another_network_mode_is_refused_where_it_would_interrupt_a_protected_service(
    monkeypatch: pytest.MonkeyPatch, *, protect: bool
) -> None:
    said: list[str] = []
    monkeypatch.setattr("pulumi.log.warn", said.append)
    engine = Engine()
    for kind, name, outputs in state():
        engine.state[f"urn:pulumi:dev::container-platform::{kind}::{name}"] = {"outputs": outputs}
    config = stack_config("dev")
    platform = config["container-platform:platform"]
    platform["cluster"] = {"autoScalingGroups": {"apps": {"bridgeTasks": True}}}
    platform["services"]["web"]["networkMode"] = "bridge"
    platform["protect"] = protect
    if protect:
        with pytest.raises(pulumi.RunError, match=r"services.web.networkMode = .bridge.\n +replaces the service"):
            run_main("dev", config, engine=engine)
    else:
        run_main("dev", config, engine=engine)
        assert "services.web.networkMode: bridge replaces the service" in said[0]
