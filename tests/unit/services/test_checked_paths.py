"""The load balancer never asks for a path that the running tasks do not answer."""

import json
from typing import Any

import pulumi
import pytest

from components.tasks.args import HEALTH_CHECK_LABEL
from wiring.checked_paths import Checked, checked, earlier
from wiring.state import Resource

from ..conftest import Engine, run_main, stack_config

SERVICE = "container-platform:index:Service"
HTTP = ("HTTP", "ip")


def state(
    *,
    deployed: str | None = "/health",
    path: str = "/health",
    waits: bool = True,
    protocol: str = "HTTP",
) -> Any:
    labels = {HEALTH_CHECK_LABEL: deployed} if deployed else {}
    return [
        Resource(f"{SERVICE}$aws:ecs/service:Service", "web", {"waitForSteadyState": waits}),
        Resource(
            f"{SERVICE}$aws:lb/targetGroup:TargetGroup",
            "web",
            {"healthCheck": {"path": path}, "protocol": protocol, "targetType": "ip"},
        ),
        Resource(
            f"{SERVICE}$aws:ecs/taskDefinition:TaskDefinition",
            "web",
            {"arn": "web:1", "networkMode": "awsvpc", "containerDefinitions": json.dumps([{"dockerLabels": labels}])},
        ),
    ]


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
    assert earlier(checked(state(**there)).get("web"), "/ready", HTTP, lambda: now) == goes_on


def test_another_target_group_has_new_tasks_only() -> None:
    assert earlier(Checked("/health", HTTP, "/health"), "/ready", ("TCP", "ip"), lambda: None) is None


def test_a_service_whose_connections_are_checked_has_no_path() -> None:
    there = state()
    there[1] = there[1]._replace(outputs={"healthCheck": {"protocol": "TCP"}, "protocol": "TCP", "targetType": "ip"})
    assert checked(there) == {}


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
