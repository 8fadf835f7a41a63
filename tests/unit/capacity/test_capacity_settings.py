"""What a stack may say of its cluster: what is refused, by name, and what the program makes of the rest."""

import copy
from typing import Any

import pytest

import settings

from ..conftest import Program, run_main, stack_config

GROUP, TEMPLATE, PROVIDER = (
    "autoscaling/group:Group",
    "ec2/launchTemplate:LaunchTemplate",
    "ecs/capacityProvider:CapacityProvider",
)


def platform(stack: str = "dev", *, services: dict[str, Any] | None = None, **cluster: Any) -> dict[str, Any]:
    """Return a stack's settings with another cluster."""
    raw: dict[str, Any] = copy.deepcopy(stack_config(stack)[settings.KEY])
    raw["cluster"] = cluster
    raw["services"]["web"].update(services or {})
    return raw


def problems(raw: dict[str, Any]) -> dict[str, str]:
    try:
        settings.parse(raw)
    except settings.SettingsError as error:
        return {settings.path_text(problem.path): problem.advice for problem in error.problems}
    return {}


def strategy(*names: str, **values: Any) -> list[dict[str, Any]]:
    return [{"capacityProvider": name, **values} for name in names]


GROUPS: dict[str, Any] = {"apps": {}, "more": {}}
STRATEGY = "cluster.capacityProviderStrategy"


class TestRefusals:
    """Settings that AWS would refuse, or that nobody means, by name and before anything is made."""

    @pytest.mark.parametrize(
        ("items", "path", "said"),
        [
            (strategy("nothing"), f"{STRATEGY}[0].capacityProvider", "Use one of FARGATE, FARGATE_SPOT, apps, more"),
            (strategy("fargate"), f"{STRATEGY}[0].capacityProvider", "Did you mean FARGATE?"),
            (strategy("app"), f"{STRATEGY}[0].capacityProvider", "Did you mean apps?"),
            (strategy("FARGATE", "apps"), STRATEGY, "mixes Fargate and Auto Scaling groups"),
            (strategy("apps", "apps"), STRATEGY, "lists a capacity provider twice"),
            (strategy("apps", "more", base=1), STRATEGY, "several items with a base above 0"),
            (strategy("apps", "more", weight=0), STRATEGY, "at least one item with a weight above 0"),
        ],
    )
    def test_a_strategy(self, items: list[dict[str, Any]], path: str, said: str) -> None:
        found = problems(platform(autoScalingGroups=GROUPS, capacityProviderStrategy=items))
        assert said in found[path]
        of_service = problems(platform(autoScalingGroups=GROUPS, services={"capacityProviderStrategy": items}))
        assert said in of_service[path.replace("cluster", "services.web")]

    def test_all_three_kinds_at_once_are_named(self) -> None:
        raw = platform(
            autoScalingGroups={"apps": {}},
            managedInstances={"managed": {}},
            capacityProviderStrategy=strategy("FARGATE", "apps", "managed"),
        )
        assert "Fargate and Auto Scaling groups and Managed Instances" in problems(raw)[STRATEGY]

    @pytest.mark.parametrize(
        ("values", "path", "said"),
        [
            ({"minSize": 5, "desiredSize": 5, "maxSize": 2}, "minSize", "is above maxSize, 2"),
            ({"minSize": 4}, "minSize", "is above desiredSize, 3"),
            ({"desiredSize": 20}, "desiredSize", "is above maxSize, 10"),
            ({"onDemandBase": 11}, "onDemandBase", "is above maxSize, 10"),
            ({"minScalingStep": 4, "maxScalingStep": 2}, "minScalingStep", "is above maxScalingStep, 2"),
            ({"instanceTypes": ["t4g.medium"]}, "instanceTypes[0]", "architecture: ARM64"),
            ({"architecture": "ARM64"}, "instanceTypes[0]", "such as t4g.medium"),
            ({"instanceTypes": ["t3.small", "g5g.xlarge"]}, "instanceTypes[1]", "has ARM64 processors"),
            ({"instanceTypes": ["mac2.metal"]}, "instanceTypes[0]", "runs containers"),
            ({"instanceTypes": ["t3.small", "t3.small"]}, "instanceTypes[1]", "twice"),
            ({"instanceTypes": ["medium"]}, "instanceTypes[0]", "such as t3.medium"),
            ({"warmPool": {}, "onDemandPercentage": 50}, "warmPool", "cannot hold Spot"),
            ({"warmPool": {"minSize": 3, "maxPrepared": 2}}, "warmPool.minSize", "is above maxPrepared, 2"),
            ({"warmPool": {"reuse": True}}, "warmPool.reuse", "unknown key"),
            ({"targetCapacity": 101}, "targetCapacity", "100"),
            ({"egress": [{"port": 443, "cidrBlock": "10.0.0.1/8"}]}, "egress[0].cidrBlock", "10.0.0.0/8"),
        ],
    )
    def test_a_group(self, values: dict[str, Any], path: str, said: str) -> None:
        found = problems(platform(autoScalingGroups={"apps": values}))
        assert said in found[f"cluster.autoScalingGroups.apps.{path}"]

    def test_a_group_that_reads_like_fargate(self) -> None:
        found = problems(platform(autoScalingGroups={"fargate-spot": {}}))
        assert "another name" in found["cluster.autoScalingGroups.fargate-spot"]

    def test_a_group_that_is_wrong_itself_is_not_unknown_as_well(self) -> None:
        raw = platform(autoScalingGroups={"apps": 5}, capacityProviderStrategy=strategy("apps"))
        assert set(problems(raw)) == {"cluster.autoScalingGroups.apps"}

    @pytest.mark.parametrize(
        ("cluster", "path", "said"),
        [
            ({"capacityProviderStrategy": strategy("FARGATE_SPOT")}, STRATEGY, "Add FARGATE with a base"),
            (
                {"autoScalingGroups": {"apps": {"onDemandPercentage": 0}}},
                "cluster.autoScalingGroups.apps",
                "Give apps an onDemandBase",
            ),
            (
                {
                    "autoScalingGroups": {"apps": {"onDemandPercentage": 0}, "more": {}},
                    "capacityProviderStrategy": [
                        {"capacityProvider": "apps"},
                        {"capacityProvider": "more", "weight": 0},
                    ],
                },
                STRATEGY,
                "Give apps an onDemandBase",
            ),
            (
                {"managedInstances": {"managed": {"capacityOption": "SPOT"}}},
                "cluster.managedInstances.managed",
                "Add Managed Instances on demand",
            ),
        ],
    )
    def test_a_protected_stack_on_spot_alone_says_so(self, cluster: dict[str, Any], path: str, said: str) -> None:
        assert said in problems(platform("prod", **cluster))[path]
        assert problems(platform("prod", **cluster, spotOnly=True)) == {}
        assert path not in problems(platform("dev", **cluster)), "a stack that is not protected may"

    @pytest.mark.parametrize(
        "cluster",
        [
            {
                "capacityProviderStrategy": [
                    {"capacityProvider": "FARGATE", "base": 1, "weight": 0},
                    *strategy("FARGATE_SPOT"),
                ]
            },
            {"autoScalingGroups": {"apps": {"onDemandPercentage": 0, "onDemandBase": 2}}},
            {"autoScalingGroups": {"apps": {"onDemandPercentage": 20}}},
            {"autoScalingGroups": {"spot": {"onDemandPercentage": 0}, "more": {}}},
        ],
    )
    def test_a_little_on_demand_is_enough(self, cluster: dict[str, Any]) -> None:
        assert problems(platform("prod", **cluster)) == {}

    def test_instances_take_addresses_too(self) -> None:
        raw = platform(autoScalingGroups={"apps": {"maxSize": 100}})
        raw["network"]["cidrBlock"] = "10.10.0.0/23"
        assert "120 tasks and instances" in problems(raw)["network.cidrBlock"]

    def test_their_endpoints_are_there_already(self) -> None:
        raw = platform(autoScalingGroups={"apps": {}})
        raw["network"].update(endpoints="private", endpointServices=["monitoring"])
        assert "has an endpoint already" in problems(raw)["network.endpointServices[0]"]
        raw["cluster"] = {}
        assert problems(raw) == {}

    def test_instances_need_a_way_to_aws_even_without_services(self) -> None:
        raw = platform(autoScalingGroups={"apps": {}})
        raw.update(services={}, network={"natGateways": "none"})
        assert "choose single or perZone" in problems(raw)["network.natGateways"]

    def test_exec_logs_are_kept_for_days_that_cloudwatch_knows(self) -> None:
        found = problems(platform(executeCommandLogging={"logRetentionDays": 42}))
        assert set(found) == {"cluster.executeCommandLogging.logRetentionDays"}


def program(**cluster: Any) -> Program:
    """Run the real program for the dev stack with another cluster."""
    return run_main("dev", {**stack_config("dev"), settings.KEY: platform(**cluster)})


@pytest.fixture(scope="module")
def with_group() -> Program:
    """A run of the dev stack with one Auto Scaling group and defaults."""
    return program(autoScalingGroups={"apps": {}})


class TestTheProgram:
    """The real program with a group in its settings."""

    def test_names_and_roles_carry_the_stack(self, with_group: Program) -> None:
        engine = with_group.engine
        for kind in (GROUP, PROVIDER, TEMPLATE):
            (made,) = engine.all(kind)
            assert made.name == "container-platform-dev-apps"
        assert engine.one("iam/instanceProfile:InstanceProfile")["path"] == "/container-platform/dev/"
        tags = {item["key"]: item["value"] for item in engine.one(GROUP)["tags"]}
        assert tags.items() >= {"project": "container-platform", "environment": "dev"}.items()

    def test_services_follow_the_only_group(self, with_group: Program) -> None:
        (item,) = with_group.engine.one("ecs/service:Service")["capacityProviderStrategies"]
        assert item["capacityProvider"] == "container-platform-dev-apps-0abc123"
        published = with_group.outputs
        assert published["capacityProviders"]["apps"] == item["capacityProvider"]
        assert set(published["instanceSecurityGroupIds"]) == {"apps"}

    def test_dev_lets_its_instances_go_at_once(self, with_group: Program) -> None:
        assert with_group.engine.one(GROUP)["forceDelete"] is True

    def test_without_instances_nothing_of_them_is_made(self) -> None:
        made = program()
        assert made.engine.find(GROUP) == made.engine.find(PROVIDER) == made.engine.find(TEMPLATE) == []
        assert made.outputs["capacityProviders"] == {"FARGATE": "FARGATE", "FARGATE_SPOT": "FARGATE_SPOT"}
        task = made.engine.one("ecs/taskDefinition:TaskDefinition")
        assert (task["requiresCompatibilities"], task["networkMode"]) == (["FARGATE"], "awsvpc")
