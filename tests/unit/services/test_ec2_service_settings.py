"""What a stack may say of services on instances: each mistake named with path and value, and what would be right."""

from typing import Any

import pytest

import settings

from ..conftest import Engine, run_main, stack_config
from ..settings.test_settings import problems

GROUPS: dict[str, Any] = {
    "arm": {"architecture": "ARM64", "instanceTypes": ["t4g.medium"], "bridgeTasks": True, "maxSize": 4},
    "plain": {},
    "other": {"bridgeTasks": True},
}


def platform(strategy: str | list[str] = "plain", managed: dict[str, Any] | None = None, **web: Any) -> dict[str, Any]:
    """Return the dev stack's settings with instances, and the service `web` on some of them."""
    raw: dict[str, Any] = stack_config("dev")[settings.KEY]
    raw["cluster"] = {"autoScalingGroups": GROUPS, "managedInstances": managed or {"large": {}}}
    names = [strategy] if isinstance(strategy, str) else strategy
    own = {"architecture": "X86_64", "capacityProviderStrategy": [{"capacityProvider": name} for name in names]}
    raw["services"]["web"].update({**own, **web})
    return raw


@pytest.mark.parametrize(
    ("strategy", "web"),
    [
        ("plain", {"cpu": 300, "memory": 700}),
        ("large", {"cpu": 128, "memory": 100}),
        ("arm", {"architecture": "ARM64", "networkMode": "bridge"}),
        (["plain", "other"], {"placementConstraints": [{"type": "distinctInstance"}]}),
        ("plain", {"placementStrategies": []}),
        ("plain", {"placementStrategies": [{"type": "spread", "field": "instanceId"}, {"type": "random"}]}),
    ],
)
def test_what_instances_can_is_accepted(strategy: str | list[str], web: dict[str, Any]) -> None:
    assert settings.parse(platform(strategy, **web))


EXPRESSION = "attribute:ecs.instance-type =~ t3.*"


@pytest.mark.parametrize(
    ("strategy", "web", "path", "advice"),
    [
        ("FARGATE", {"cpu": 300}, "cpu", "Choose one of 256, 512"),
        ("plain", {"cpu": 100}, "cpu", "128 or more"),
        ("plain", {"cpu": 200_000}, "cpu", "196608 or less"),
        ("plain", {"architecture": "ARM64"}, "architecture", "cannot run on plain, whose instances are X86_64"),
        ("arm", {}, "architecture", "cannot run on arm, whose instances are ARM64"),
        ("large", {"architecture": "ARM64"}, "architecture", "cannot run on large, whose instances are X86_64"),
        ("FARGATE", {"networkMode": "bridge"}, "networkMode", "On Fargate, choose awsvpc"),
        ("large", {"networkMode": "bridge"}, "networkMode", "On Managed Instances, choose awsvpc"),
        ("plain", {"networkMode": "bridge"}, "networkMode", "is not accepted by plain. Set bridgeTasks: true there"),
        ("plain", {"networkMode": "host"}, "networkMode", "awsvpc"),
        (
            "other",
            {"networkMode": "bridge", "egress": [{"port": 443, "cidrBlock": "0.0.0.0/0"}]},
            "egress",
            "Set egress on the Auto Scaling group instead",
        ),
        (
            "FARGATE",
            {"placementConstraints": [{"type": "distinctInstance"}]},
            "placementConstraints",
            "On Fargate, AWS places the tasks",
        ),
        ("large", {"placementStrategies": [{"type": "random"}]}, "placementStrategies", "On Managed Instances, AWS"),
        ("plain", {"placementConstraints": [{"type": "memberOf"}]}, "placementConstraints[0].expression", "is missing"),
        (
            "plain",
            {"placementConstraints": [{"type": "distinctInstance", "expression": EXPRESSION}]},
            "placementConstraints[0].expression",
            "belongs to memberOf",
        ),
        (
            "plain",
            {"placementConstraints": [{"type": "memberOf", "expression": EXPRESSION}] * 2},
            "placementConstraints[1]",
            "is listed twice",
        ),
        ("plain", {"placementStrategies": [{"type": "spread"}]}, "placementStrategies[0].field", "availability-zone"),
        (
            "plain",
            {"placementStrategies": [{"type": "spread", "field": "host"}]},
            "placementStrategies[0].field",
            "instanceId",
        ),
        (
            "plain",
            {"placementStrategies": [{"type": "binpack", "field": "disk"}]},
            "placementStrategies[0].field",
            "cpu or memory",
        ),
        (
            "plain",
            {"placementStrategies": [{"type": "random", "field": "cpu"}]},
            "placementStrategies[0].field",
            "remove it",
        ),
        ("plain", {"placementStrategies": [{"type": "random"}] * 6}, "placementStrategies", "at most 5"),
        ("plain", {"placementStrategies": [{"type": "pack"}]}, "placementStrategies[0].type", "binpack"),
        (
            "arm",
            {"architecture": "ARM64", "minTasks": 5, "placementConstraints": [{"type": "distinctInstance"}]},
            "minTasks",
            "needs 6 instances",
        ),
    ],
)
def test_what_does_not_go_with_the_capacity_is_named(
    strategy: str, web: dict[str, Any], path: str, advice: str
) -> None:
    found = problems(platform(strategy, **web))
    assert set(found) == {f"services.web.{path}"}
    assert advice in found[f"services.web.{path}"]


def test_bridge_tasks_on_several_groups_are_refused() -> None:
    raw = platform(["arm", "other"], networkMode="bridge")
    raw["cluster"]["autoScalingGroups"] = {**GROUPS, "arm": {"bridgeTasks": True}}
    assert "Choose one of arm and other" in problems(raw)["services.web.networkMode"]


@pytest.mark.parametrize(
    ("managed", "path", "advice"),
    [
        ({"minVcpus": 8, "maxVcpus": 4}, "minVcpus", "is above maxVcpus, 4"),
        ({"minMemory": 8192, "maxMemory": 4096}, "minMemory", "is above maxMemory, 4096"),
        ({"instanceTypes": ["M7G"]}, "instanceTypes[0]", "m7g.*"),
        ({"scaleInSeconds": 3601}, "scaleInSeconds", "3600 or less"),
        ({"capacityOption": "CHEAP"}, "capacityOption", "SPOT"),
        ({"storageSize": 8}, "storageSize", "30 or more"),
    ],
)
def test_mistakes_of_managed_instances_are_named(managed: dict[str, Any], path: str, advice: str) -> None:
    found = problems(platform("plain", {"large": managed}))
    assert set(found) == {f"cluster.managedInstances.large.{path}"}
    assert advice in found[f"cluster.managedInstances.large.{path}"]


def test_a_name_means_one_kind_of_instances() -> None:
    found = problems(platform("FARGATE", {"plain": {}}))
    assert "Rename one" in found["cluster.managedInstances.plain"]


def test_a_mistaken_strategy_is_told_once() -> None:
    found = problems(platform("nowhere", networkMode="bridge", placementStrategies=[{"type": "random"}]))
    assert all(path.startswith("services.web.capacityProviderStrategy") for path in found), found


def config(**cluster: Any) -> dict[str, Any]:
    found = stack_config("dev")
    found[settings.KEY]["cluster"] = cluster
    return found


@pytest.fixture(scope="module")
def on_managed_instances() -> Engine:
    """What the dev stack registers with Managed Instances as its only instances."""
    return run_main("dev", config(managedInstances={"large": {}})).engine


def test_the_only_instances_are_where_services_run(on_managed_instances: Engine) -> None:
    service = on_managed_instances.one("ecs/service:Service")
    provider = on_managed_instances.one("ecs/capacityProvider:CapacityProvider")
    assert [item["weight"] for item in service["capacityProviderStrategies"]] == [1]
    assert service["capacityProviderStrategies"][0]["capacityProvider"].startswith("container-platform-dev-large")
    assert provider["cluster"] == "container-platform-dev"
    task = on_managed_instances.one("ecs/taskDefinition:TaskDefinition")
    assert task["requiresCompatibilities"] == ["MANAGED_INSTANCES"]


def test_the_cluster_itself_is_told_nothing_of_managed_instances(on_managed_instances: Engine) -> None:
    """PutClusterCapacityProviders refuses them."""
    association = on_managed_instances.one("ecs/clusterCapacityProviders:ClusterCapacityProviders")
    assert sorted(association["capacityProviders"]) == ["FARGATE", "FARGATE_SPOT"]
    assert association["defaultCapacityProviderStrategies"] == []


def test_bridge_tasks_publish_the_group_of_their_instances() -> None:
    found = config(autoScalingGroups={"small": {"bridgeTasks": True}})
    found[settings.KEY]["services"]["web"]["networkMode"] = "bridge"
    program = run_main("dev", found)
    assert program.outputs["services"]["web"]["securityGroupId"] == "cluster-small-id"


def rules(*pairs: tuple[int, str]) -> list[dict[str, Any]]:
    return [{"port": port, "cidrBlock": block} for port, block in pairs]


DATABASE = (5432, "10.10.0.0/16")


class TestWayOut:
    """Egress that is listed replaces the default, without which nothing starts."""

    @pytest.mark.parametrize(
        "egress", [[], rules(DATABASE), rules((443, "10.10.0.0/16")), rules((80, "0.0.0.0/0"), (443, "192.168.0.0/17"))]
    )
    def test_without_one_it_is_refused_with_the_rule_to_add(self, egress: list[dict[str, Any]]) -> None:
        raw = platform("FARGATE", egress=egress)
        raw["cluster"]["autoScalingGroups"] = {**GROUPS, "apps": {"egress": egress}}
        raw["cluster"]["managedInstances"] = {"large": {"egress": egress}}
        found = problems(raw)
        assert set(found) == {
            "services.web.egress",
            "cluster.autoScalingGroups.apps.egress",
            "cluster.managedInstances.large.egress",
        }
        assert "no task could start" in found["services.web.egress"]
        for told in found.values():
            assert "Add {port: 443, cidrBlock: 0.0.0.0/0}" in told
            assert "endpoints: private" in told

    @pytest.mark.parametrize(
        "egress", [rules(DATABASE, (443, "0.0.0.0/0")), rules((443, "52.0.0.0/8")), rules((443, "0.0.0.0/1")), None]
    )
    def test_with_one_it_is_accepted(self, egress: list[dict[str, Any]] | None) -> None:
        raw = platform("FARGATE")
        if egress is not None:
            raw["services"]["web"]["egress"] = egress
        assert settings.parse(raw)

    def test_endpoints_are_one(self) -> None:
        raw = platform("FARGATE", egress=rules(DATABASE))
        raw["network"] |= {"endpoints": "private"}
        assert settings.parse(raw)

    @pytest.mark.parametrize("strategy", ["plain", "large"])
    def test_on_instances_the_agent_pulls_from_the_instances_own_address(self, strategy: str) -> None:
        assert settings.parse(platform(strategy, egress=rules(DATABASE)))

    def test_a_range_that_is_wrong_is_reported_alone(self) -> None:
        assert set(problems(platform("FARGATE", egress=rules((443, "10.0.0.1/8"))))) == {
            "services.web.egress[0].cidrBlock"
        }

    def test_an_existing_vpc_may_have_endpoints_of_its_own(self) -> None:
        raw = platform("FARGATE", egress=rules((443, "10.0.0.0/8")))
        raw["network"] = {"existing": {"vpcId": "vpc-0abc"}}
        assert settings.parse(raw)
        raw["services"]["web"]["egress"] = rules(DATABASE)
        assert "Add {port: 443" in problems(raw)["services.web.egress"]
        raw["network"]["existing"]["endpointSecurityGroupId"] = "sg-0abc"
        assert settings.parse(raw)
