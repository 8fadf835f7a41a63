"""Services on instances, on the real engine: moved between kinds of capacity, placed otherwise, and taken down."""

import json
from typing import Any

import pytest

from components.services import activation

from .conftest import Local
from .test_platform import touched

SERVICE, TASK, GROUP = "ecs/service:Service", "ecs/taskDefinition:TaskDefinition", "lb/targetGroup:TargetGroup"
PROVIDER, RULE = "ecs/capacityProvider:CapacityProvider", "lb/listenerRule:ListenerRule"
REVISION = {"+ create replacement ecs.TaskDefinition web", "· keep in AWS ecs.TaskDefinition web"}


def on(*names: str) -> list[dict[str, str]]:
    """Return the strategy that uses these capacity providers alike."""
    return [{"capacityProvider": name} for name in names]


def cluster(project: Local, **values: Any) -> None:
    """Set what the stack says of its cluster."""
    project.edit(lambda platform: platform.update(cluster=values))


def provider_of(project: Local, service: str = "web") -> str:
    """Return the only capacity provider that a service uses."""
    made = {item["urn"].rpartition("::")[2]: item for item in project.find(SERVICE)}
    (item,) = made[service]["inputs"]["capacityProviderStrategies"]
    return str(item["capacityProvider"])


def position(printed: str, operation: str, resource: str) -> int:
    """Return where a run reports an operation on a resource."""
    lines = printed.splitlines()
    (line,) = [index for index, text in enumerate(lines) if f"{operation} " in text and resource in text]
    return line


class TestManagedInstances:
    """One dev stack whose service moves to Managed Instances and back."""

    def test_they_come_up_beside_fargate_and_keep_the_policies(self, project: Local) -> None:
        cluster(project, managedInstances={"large": {}})
        project.web(image="git-1", capacityProviderStrategy=on("FARGATE"))
        printed = project.ok("up")
        for rule in ("iam-no-broad-managed-policies", "iam-least-privilege", "iam-trust-policy"):
            assert f"✓ kept      {rule}" in printed
        (provider,) = project.find(PROVIDER)
        assert provider["inputs"]["cluster"] == "container-platform-dev"
        assert provider["outputs"]["arn"].endswith(f":capacity-provider/{provider['outputs']['name']}")
        assert provider_of(project) == "FARGATE"

    def test_a_second_up_and_a_refresh_change_nothing(self, project: Local) -> None:
        project.unchanged()
        assert "Refresh: no changes" in project.ok("refresh")

    def test_a_service_moves_there_and_stays_the_same_service(self, project: Local) -> None:
        project.web(capacityProviderStrategy=on("large"))
        assert touched(project.ok("up")) == {"~ update ecs.Service web", *REVISION}
        (provider,) = project.find(PROVIDER)
        assert provider_of(project) == provider["outputs"]["name"]
        (task,) = project.find(TASK)
        assert task["inputs"]["requiresCompatibilities"] == ["MANAGED_INSTANCES"]

    def test_other_requirements_change_the_provider_and_no_service(self, project: Local) -> None:
        cluster(project, managedInstances={"large": {"minVcpus": 2, "detailedMonitoring": True}})
        assert touched(project.ok("up")) == {"~ update ecs.CapacityProvider container-platform-dev-large"}

    def test_spot_is_another_provider_which_the_service_has_before_the_old_one_goes(self, project: Local) -> None:
        cluster(project, managedInstances={"large": {"capacityOption": "SPOT"}})
        printed = project.ok("up")
        made = position(printed, "create replacement", "ecs.CapacityProvider")
        moved = position(printed, "update", "ecs.Service  web")
        gone = position(printed, "delete replaced", "ecs.CapacityProvider")
        assert made < moved < gone
        assert not any("ecs.Service" in step for step in touched(printed) if "update" not in step)

    def test_back_on_fargate_the_provider_goes_after_the_service_has_left_it(self, project: Local) -> None:
        cluster(project)
        project.web(capacityProviderStrategy=on("FARGATE"))
        printed = project.ok("up")
        assert position(printed, "update", "ecs.Service  web") < position(printed, "delete", "ecs.CapacityProvider")
        assert project.find(PROVIDER) == []
        assert project.find("iam/instanceProfile:InstanceProfile") == []

    def test_without_trying_again_a_service_could_not_follow_its_provider_at_once(
        self, project: Local, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """It is refused as on AWS, where the provider does not wait either; the hook lets the next test pass."""
        cluster(project, managedInstances={"large": {}})
        project.web(capacityProviderStrategy=on("large"))
        with monkeypatch.context() as patch:
            patch.setattr(activation, "_ATTEMPTS", 0)
            assert "not in an ACTIVE state" in project.fails("up")
        cluster(project)
        project.web(capacityProviderStrategy=on("FARGATE"))
        project.ok("up")

    def test_down_ends_services_before_their_capacity_and_leaves_nothing(self, project: Local) -> None:
        cluster(project, managedInstances={"large": {}})
        project.edit(lambda platform: platform["services"]["web"].pop("capacityProviderStrategy"))
        project.ok("up")
        assert provider_of(project).startswith("container-platform-dev-large"), (
            "the only instances are where services run"
        )
        printed = project.ok("down")
        ends = ("ecs.Service ", "ecs.CapacityProvider ", "iam.RolePolicy  cluster-large-infrastructure")
        places = [position(printed, "delete", what) for what in ends]
        assert places == sorted(places), "ECS ends the instances with that role"
        assert places[1] < position(printed, "delete", "ecs.Cluster ")
        assert project.state() == []


ARM = {"architecture": "ARM64", "instanceTypes": ["t4g.medium"], "bridgeTasks": True}


class TestAutoScalingGroup:
    """One dev stack with a service of each network mode on one group."""

    def test_a_bridge_service_and_an_awsvpc_service_share_a_group(self, project: Local) -> None:
        def two(platform: dict[str, Any]) -> None:
            platform["cluster"] = {"autoScalingGroups": {"arm": ARM}}
            web = {**platform["services"]["web"], "image": "git-1", "architecture": "ARM64"}
            platform["services"] = {"web": web, "bridged": {**web, "networkMode": "bridge", "paths": ["/b/*"]}}

        project.edit(two)
        printed = project.ok("up")
        assert "✓ kept      network-restricted-ingress" in printed
        tasks = {item["urn"].rpartition("::")[2]: item["inputs"] for item in project.find(TASK)}
        groups = {item["urn"].rpartition("::")[2]: item["inputs"] for item in project.find(GROUP)}
        assert (tasks["web"]["networkMode"], groups["web"]["targetType"]) == ("awsvpc", "ip")
        assert (tasks["bridged"]["networkMode"], groups["bridged"]["targetType"]) == ("bridge", "instance")
        assert {task["runtimePlatform"]["cpuArchitecture"] for task in tasks.values()} == {"ARM64"}
        assert {item["requiresCompatibilities"][0] for item in tasks.values()} == {"EC2"}
        assert provider_of(project) == provider_of(project, "bridged")

    def test_whoever_admits_a_bridge_service_admits_its_instances(self, project: Local) -> None:
        published = json.loads(project.ok("outputs", "--json"))["services"]
        groups = {
            item["outputs"]["id"]: item["urn"].rpartition("::")[2]
            for item in project.find("ec2/securityGroup:SecurityGroup")
        }
        assert groups[published["web"]["securityGroupId"]] == "web"
        assert groups[published["bridged"]["securityGroupId"]] == "cluster-arm"

    def test_the_load_balancer_reaches_the_instances_by_one_rule_for_all_bridge_services(self, project: Local) -> None:
        rules = project.find("vpc/securityGroupIngressRule:SecurityGroupIngressRule")
        ranges = [item["inputs"] for item in rules if item["inputs"]["fromPort"] == 32768]
        assert [(item["fromPort"], item["toPort"]) for item in ranges] == [(32768, 65535)]
        (balancer,) = project.find("lb/loadBalancer:LoadBalancer")
        assert ranges[0]["referencedSecurityGroupId"] in balancer["inputs"]["securityGroups"]

    def test_a_second_up_and_a_refresh_change_nothing(self, project: Local) -> None:
        project.unchanged()
        assert "Refresh: no changes" in project.ok("refresh")

    def test_placement_changes_the_service_in_place(self, project: Local) -> None:
        one_each: dict[str, Any] = {
            "placementConstraints": [{"type": "distinctInstance"}],
            "placementStrategies": [{"type": "random"}],
        }
        project.web(**one_each)
        assert touched(project.ok("up")) == {"~ update ecs.Service web"}
        (service,) = [item for item in project.find(SERVICE) if item["urn"].endswith("::web")]
        assert service["inputs"]["availabilityZoneRebalancing"] == "DISABLED"

    def test_a_service_moves_to_fargate_and_back_and_stays_the_same_service(self, project: Local) -> None:
        (before,) = [item["id"] for item in project.find(SERVICE) if item["urn"].endswith("::web")]
        project.web(capacityProviderStrategy=on("FARGATE"), placementConstraints=[], placementStrategies=[])
        assert touched(project.ok("up")) == {"~ update ecs.Service web", *REVISION}
        assert provider_of(project) == "FARGATE"
        project.web(capacityProviderStrategy=on("arm"))
        assert touched(project.ok("up")) == {"~ update ecs.Service web", *REVISION}
        (after,) = [item["id"] for item in project.find(SERVICE) if item["urn"].endswith("::web")]
        assert after == before

    def test_another_network_mode_makes_target_group_and_service_anew_in_order(self, project: Local) -> None:
        project.web(networkMode="bridge")
        printed = project.ok("up")
        steps = [
            ("create replacement", "lb.TargetGroup"),
            ("update", "lb.ListenerRule"),
            ("create replacement", "ecs.Service "),
            ("delete replaced", "lb.TargetGroup"),
        ]
        places = [position(printed, *step) for step in steps]
        assert places == sorted(places)
        (rule,) = [item for item in project.find(RULE) if "::web" in item["parent"]]
        (group,) = [item for item in project.find(GROUP) if item["urn"].endswith("::web")]
        assert rule["inputs"]["actions"][0]["targetGroupArn"] == group["outputs"]["arn"]
        project.unchanged()

    def test_an_architecture_that_the_group_lacks_changes_nothing(self, project: Local) -> None:
        project.web(architecture="X86_64")
        assert "cannot run on arm, whose instances are ARM64" in project.fails("up")
        project.web(architecture="ARM64")

    def test_down_leaves_nothing(self, project: Local) -> None:
        printed = project.ok("down")
        assert position(printed, "delete", "ecs.Service  web") < position(printed, "delete", "ecs.CapacityProvider")
        assert project.state() == []
