"""Services on instances under mocks: how tasks are placed and reached, and what nothing else may share."""

import asyncio
import functools
from typing import Any

import pulumi
import pytest
from hypothesis import given
from hypothesis import strategies as st

from components.capacity.providers import Capacity
from components.services import activation, placement
from components.services.args import COMPATIBILITIES, Compatibility, NetworkMode

from ..conftest import Engine, Run, run_program
from ..program.test_components import container, service

SERVICE, TASK, GROUP = "ecs/service:Service", "ecs/taskDefinition:TaskDefinition", "lb/targetGroup:TargetGroup"
ZONES = {"type": "spread", "field": "attribute:ecs.availability-zone"}
RULES = ("vpc/securityGroupIngressRule:SecurityGroupIngressRule", "vpc/securityGroupEgressRule:SecurityGroupEgressRule")


def bridge(**changes: Any) -> Any:
    given_ = {
        "compatibility": Compatibility.EC2,
        "network_mode": NetworkMode.BRIDGE,
        "instance_security_group_id": "sg-instances",
        **changes,
    }
    return service(**given_)


def test_every_kind_of_capacity_has_its_compatibility() -> None:
    assert set(COMPATIBILITIES) == set(Capacity)
    assert set(COMPATIBILITIES.values()) == set(Compatibility)


@pytest.mark.parametrize("compatibility", Compatibility)
def test_a_task_definition_is_checked_for_what_it_runs_on(run: Run, compatibility: Compatibility) -> None:
    task = run(lambda: service(compatibility=compatibility)).one(TASK)
    assert task["requiresCompatibilities"] == [compatibility.value]
    assert task["networkMode"] == "awsvpc"


def test_bridge_tasks_take_any_free_port_of_their_instance(run: Run) -> None:
    engine = run(lambda: bridge(container_port=8080))
    assert container(engine)["portMappings"] == [{"containerPort": 8080, "hostPort": 0, "protocol": "tcp"}]
    assert engine.one(TASK)["networkMode"] == "bridge"
    assert engine.one(GROUP)["targetType"] == "instance"
    assert "networkConfiguration" not in engine.one(SERVICE)
    assert engine.one(SERVICE)["loadBalancers"][0]["containerPort"] == 8080


def test_bridge_tasks_keep_the_hardening_and_the_way_to_low_ports(run: Run) -> None:
    low = container(run(bridge))
    assert low["linuxParameters"] == {"capabilities": {"add": [], "drop": ["ALL"]}, "initProcessEnabled": True}
    assert low["systemControls"] == [{"namespace": "net.ipv4.ip_unprivileged_port_start", "value": "0"}]


def test_bridge_tasks_have_no_security_group_of_their_own_and_make_no_rule_in_anothers(run: Run) -> None:
    engine = run(lambda: bridge(endpoint_security_group_id="sg-endpoints"))
    assert engine.find("ec2/securityGroup:SecurityGroup") == []
    assert [item for kind in RULES for item in engine.find(kind)] == [], "two services would make the same rule"
    known: list[str] = []
    run_program(lambda: bridge().security_group_id.apply(known.append))
    assert known == ["sg-instances"], "who admits the service admits where its tasks connect from"


@pytest.mark.parametrize(
    "changes",
    [
        {"compatibility": Compatibility.FARGATE},
        {"compatibility": Compatibility.MANAGED_INSTANCES},
    ],
    ids=["fargate", "managed instances"],
)
def test_bridge_mode_elsewhere_is_refused_before_anything_is_made(changes: dict[str, Any]) -> None:
    engine = Engine()
    with pytest.raises(ValueError, match="network_mode bridge needs compatibility EC2"):
        run_program(lambda: bridge(**changes), engine=engine)
    assert [item for item in engine.resources if item.type.startswith("aws:")] == []


def test_bridge_mode_needs_the_instances_group() -> None:
    with pytest.raises(ValueError, match="instance_security_group_id"):
        run_program(lambda: service(compatibility="EC2", network_mode="bridge"))


def test_on_groups_tasks_spread_over_zones_and_fill_few_instances(run: Run) -> None:
    made = run(lambda: service(compatibility=Compatibility.EC2)).one(SERVICE)
    assert made["orderedPlacementStrategies"] == [ZONES, {"type": "binpack", "field": "memory"}]
    assert made["placementConstraints"] == []
    assert made["availabilityZoneRebalancing"] == "ENABLED"


@pytest.mark.parametrize("compatibility", [Compatibility.FARGATE, Compatibility.MANAGED_INSTANCES])
def test_elsewhere_aws_places_the_tasks(run: Run, compatibility: Compatibility) -> None:
    made = run(lambda: service(compatibility=compatibility)).one(SERVICE)
    assert not {"orderedPlacementStrategies", "placementConstraints"} & set(made)
    assert made["availabilityZoneRebalancing"] == "ENABLED"


def test_placement_is_a_choice_in_order(run: Run) -> None:
    constraints = [{"type": "distinctInstance"}, {"type": "memberOf", "expression": "attribute:x == y"}]
    strategies = [{"type": "binpack", "field": "cpu"}, {"type": "random"}]
    made = run(
        lambda: service(
            compatibility=Compatibility.EC2, placement_constraints=constraints, placement_strategies=strategies
        )
    ).one(SERVICE)
    assert made["placementConstraints"] == constraints
    assert made["orderedPlacementStrategies"] == strategies
    assert made["availabilityZoneRebalancing"] == "DISABLED", "AWS refuses both together"


@pytest.mark.parametrize(
    ("constraints", "strategies", "expected"),
    [
        ([], [], True),
        ([], placement.SPREAD_AND_PACK, True),
        ([{"type": "distinctInstance"}], [ZONES], True),
        ([], [{"type": "spread", "field": "instanceId"}], False),
        ([], [{"type": "binpack", "field": "memory"}, ZONES], False),
        ([], [{"type": "random"}], False),
        ([{"type": "memberOf", "expression": "attribute:ecs.availability-zone == eu-west-1a"}], [ZONES], False),
    ],
)
def test_zones_are_evened_out_only_where_placement_aims_at_that(
    constraints: list[Any], strategies: list[Any], *, expected: bool
) -> None:
    assert placement.rebalances(constraints, strategies) is expected


NOT_READY = "InvalidParameterException: The specified capacity provider 'a' is not in an ACTIVE state. Specify a valid"


def failed(*errors: str) -> pulumi.ErrorHookArgs:
    return pulumi.ErrorHookArgs("urn", "", "web", "aws:ecs/service:Service", errors=list(errors))


def tried_again(args: pulumi.ErrorHookArgs) -> bool:
    """Ask on a loop of its own: asyncio.run would take the thread's away."""
    loop = asyncio.new_event_loop()
    try:
        return loop.run_until_complete(activation.try_again(args))
    finally:
        loop.close()


@pytest.fixture
def pauses(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """Every pause that was asked for; none of them lasts."""
    asked: list[float] = []

    async def sleep(seconds: float) -> None:
        asked.append(seconds)

    monkeypatch.setattr("components.services.activation.asyncio.sleep", sleep)
    return asked


def test_a_service_waits_for_its_capacity_provider_two_minutes_at_most(pauses: list[float]) -> None:
    for attempt in range(1, 40):
        if not tried_again(failed(*[NOT_READY] * attempt)):
            break
    assert sum(pauses) == 120


@given(st.lists(st.text(), max_size=3))
def test_no_other_failure_is_tried_again(errors: list[str]) -> None:
    assert tried_again(failed(*errors)) is False


def test_only_a_service_on_managed_instances_is_tried_again(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    original = activation.retried

    def retried(name: str) -> pulumi.ResourceHookBinding:
        asked.append(name)
        return original(name)

    monkeypatch.setattr(activation, "retried", retried)
    for compatibility in Compatibility:
        run_program(functools.partial(service, compatibility=compatibility))
    assert asked == ["web"]
