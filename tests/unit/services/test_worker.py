"""Workers under mocks: services that get no requests."""

import json

from ..conftest import Run
from .example import container, service, worker


def test_a_worker_has_nothing_of_a_load_balancer(run: Run) -> None:
    engine = run(worker)
    made = engine.one("ecs/service:Service")
    assert made.get("loadBalancers") in (None, [])
    assert "healthCheckGracePeriodSeconds" not in made
    kinds = {item.type.partition(":")[2].partition("/")[0] for item in engine.resources}
    assert kinds.isdisjoint({"lb", "alb"})
    assert engine.find("vpc/securityGroupIngressRule:SecurityGroupIngressRule") == []


def test_its_container_has_no_port_and_no_health_check_unless_it_says_one(run: Run) -> None:
    definition = container(run(worker))
    assert definition["portMappings"] == []
    assert [one["name"] for one in definition["environment"]] == ["NODE_ENV"]
    assert "healthCheck" not in definition
    checked = container(run(lambda: worker(health_check_command=["CMD", "alive"])))
    assert checked["healthCheck"]["command"] == ["CMD", "alive"]


def test_what_else_it_has_is_a_services(run: Run) -> None:
    of_worker, of_service = (run(make) for make in (worker, service))
    missing = {item.type for item in of_service.resources} - {item.type for item in of_worker.resources}
    assert {kind.rpartition(":")[2] for kind in missing} == {
        "Service",
        "TargetGroup",
        "ListenerRule",
        "SecurityGroupIngressRule",
    } | ({"Service"} & {kind.rpartition(":")[2] for kind in missing})
    assert (
        json.loads(of_worker.one("ecs/taskDefinition:TaskDefinition")["containerDefinitions"])[0]["user"] == "1000:1000"
    )
