"""EC2 capacity on the real engine: what a group makes, what each change touches, and in which order things go."""

import base64
import json
from typing import Any

import pytest

from .conftest import Local
from .test_platform import touched

GROUP, PROVIDER = "autoscaling/group:Group", "ecs/capacityProvider:CapacityProvider"
ASSOCIATION = "ecs/clusterCapacityProviders:ClusterCapacityProviders"
TEMPLATE = "ec2/launchTemplate:LaunchTemplate"
APPS = "container-platform-dev-apps"

REVISION = {"+ create replacement ecs.TaskDefinition web", "· keep in AWS ecs.TaskDefinition web"}


def cluster(project: Local, **values: Any) -> None:
    """Change settings of dev's cluster; None takes one out."""

    def change(platform: dict[str, Any]) -> None:
        section = platform.setdefault("cluster", {})
        for name, value in values.items():
            if value is None:
                section.pop(name, None)
            else:
                section[name] = value

    project.edit(change)


def group(project: Local, **values: Any) -> None:
    """Change settings of the group `apps`."""
    project.edit(lambda platform: platform["cluster"]["autoScalingGroups"]["apps"].update(values))


def strategy(*names: str) -> list[dict[str, Any]]:
    return [{"capacityProvider": name} for name in names]


def of_service(project: Local) -> list[str]:
    """Return the capacity providers of the service `web`."""
    (service,) = project.find("ecs/service:Service")
    return [item["capacityProvider"] for item in service["inputs"]["capacityProviderStrategies"]]


class TestGroup:
    """Dev with an Auto Scaling group: it comes, services move there and back, it goes."""

    def test_a_group_comes_and_touches_no_service(self, project: Local) -> None:
        project.web(image="git-1")
        project.ok("up")
        cluster(project, autoScalingGroups={"apps": {}})
        printed = project.ok("up")
        assert "✗" not in printed
        operations = touched(printed)
        assert "~ update ecs.ClusterCapacityProviders cluster" in operations
        others = {one for one in operations if not one.startswith("+ create ")}
        assert others == {"~ update ecs.ClusterCapacityProviders cluster"}
        assert f"+ create ecs.CapacityProvider {APPS}" in operations
        assert f"+ create autoscaling.Group {APPS}" in operations

    def test_the_instances_join_this_cluster(self, project: Local) -> None:
        (template,) = project.find(TEMPLATE)
        script = base64.b64decode(template["inputs"]["userData"]).decode()
        assert "ECS_CLUSTER=container-platform-dev\n" in script
        (association,), (provider,) = project.find(ASSOCIATION), project.find(PROVIDER)
        name = provider["outputs"]["name"]
        assert association["inputs"]["capacityProviders"] == ["FARGATE", "FARGATE_SPOT", name]
        published = json.loads(project.ok("outputs", "--json"))
        assert published["capacityProviders"]["apps"] == name
        assert published["autoScalingGroupNames"] == {"apps": project.find(GROUP)[0]["outputs"]["name"]}

    def test_a_second_up_changes_nothing(self, project: Local) -> None:
        project.unchanged()

    def test_a_refresh_finds_nothing_else(self, project: Local) -> None:
        assert "Refresh: no changes" in project.ok("refresh")

    def test_services_move_to_the_only_group_in_place(self, project: Local) -> None:
        (before,) = project.find("ecs/service:Service")
        cluster(project, capacityProviderStrategy=None)
        assert touched(project.ok("up")) == {
            "~ update ecs.ClusterCapacityProviders cluster",
            "~ update ecs.Service web",
            *REVISION,
        }
        (after,) = project.find("ecs/service:Service")
        assert (before["id"], before["created"]) == (after["id"], after["created"])
        assert of_service(project) == [project.find(PROVIDER)[0]["outputs"]["name"]]
        project.unchanged()

    def test_another_instance_type_replaces_instances_and_nothing_else(self, project: Local) -> None:
        group(project, instanceTypes=["t3.large"])
        assert touched(project.ok("up")) == {
            f"~ update ec2.LaunchTemplate {APPS}",
            f"~ update autoscaling.Group {APPS}",
        }
        (made,) = project.find(GROUP)
        assert made["inputs"]["launchTemplate"]["version"] == "2"
        project.unchanged()

    @pytest.mark.parametrize(
        ("setting", "value", "changed"),
        [
            ("targetCapacity", 90, f"~ update ecs.CapacityProvider {APPS}"),
            ("maxSize", 5, f"~ update autoscaling.Group {APPS}"),
            ("instanceTypes", ["t3.large", "t3a.large"], None),
        ],
    )
    def test_a_change_touches_what_it_is_about(
        self, project: Local, setting: str, value: object, changed: str | None
    ) -> None:
        group(project, **{setting: value})
        both = {f"~ update ec2.LaunchTemplate {APPS}", f"~ update autoscaling.Group {APPS}"}
        assert touched(project.ok("up")) == ({changed} if changed else both)

    def test_another_desired_size_changes_nothing_since_ecs_owns_it(self, project: Local) -> None:
        group(project, desiredSize=4)
        project.unchanged()

    def test_a_group_that_services_use_is_not_let_go(self, project: Local) -> None:
        (before,) = project.find(PROVIDER)
        cluster(project, autoScalingGroups=None)
        printed = project.fails("up")
        assert "is in use by service dev-web and cannot be removed" in printed
        assert project.find(PROVIDER) == [before], "it is still there, and so is its group"
        assert of_service(project) == [before["outputs"]["name"]]

    def test_first_the_services_move_away(self, project: Local) -> None:
        cluster(project, autoScalingGroups={"apps": {}}, capacityProviderStrategy=strategy("FARGATE"))
        operations = touched(project.ok("up"))
        assert {"~ update ecs.Service web", *REVISION} <= operations
        assert not any("replac" in one for one in operations - REVISION)
        assert of_service(project) == ["FARGATE"]

    def test_then_the_group_goes_with_all_that_belongs_to_it(self, project: Local) -> None:
        cluster(project, autoScalingGroups=None)
        operations = touched(project.ok("up"))
        others = {one for one in operations if not one.startswith("- delete ")}
        assert others == {"~ update ecs.ClusterCapacityProviders cluster"}
        assert (
            project.find(GROUP) == project.find(TEMPLATE) == project.find("iam/instanceProfile:InstanceProfile") == []
        )

    def test_a_stack_with_running_instances_is_taken_down_in_order(self, project: Local) -> None:
        cluster(project, autoScalingGroups={"apps": {}}, capacityProviderStrategy=None)
        project.ok("up")
        printed = project.ok("down")
        assert "nothing is left of dev" in printed
        lines = [" ".join(line.split()) for line in printed.splitlines()]
        order = [
            lines.index(f"- delete {one}")
            for one in (
                "ecs.Service web",
                "ecs.ClusterCapacityProviders cluster",
                f"ecs.CapacityProvider {APPS}",
                f"autoscaling.Group {APPS}",
                "ecs.Cluster cluster",
            )
        ]
        assert order == sorted(order)
        assert project.state() == []


class TestEveryOption:
    """Dev without a NAT gateway, on Spot and in a warm pool, for bridge tasks, with the account's settings."""

    def test_it_comes_up_under_all_packs(self, project: Local) -> None:
        project.edit(lambda platform: platform["network"].update(natGateways="none", endpoints="private", ipv6=True))
        cluster(
            project,
            autoScalingGroups={
                "spot": {
                    "architecture": "ARM64",
                    "instanceTypes": ["m7g.large", "m6g.large"],
                    "onDemandPercentage": 0,
                    "bridgeTasks": True,
                },
                "warm": {"operatingSystem": "bottlerocket", "imageVersion": "1.50.0", "warmPool": {"minSize": 1}},
            },
            executeCommandLogging={},
            accountSettings={},
        )
        assert "✗" not in project.ok("up")
        groups = {item["outputs"]["name"].rpartition("-")[0]: item["inputs"] for item in project.find(GROUP)}
        assert set(groups) == {"container-platform-dev-spot", "container-platform-dev-warm"}
        assert groups["container-platform-dev-warm"]["warmPool"]["minSize"] == 1
        assert groups["container-platform-dev-spot"]["mixedInstancesPolicy"]["launchTemplate"]["overrides"] == [
            {"instanceType": "m7g.large"},
            {"instanceType": "m6g.large"},
        ]

    def test_instances_reach_aws_through_endpoints_only(self, project: Local) -> None:
        made = {
            item["inputs"]["serviceName"].rpartition("us-east-1.")[2]
            for item in project.find("ec2/vpcEndpoint:VpcEndpoint")
        }
        assert {"ecs", "ecs-agent", "ecs-telemetry", "monitoring"} <= made
        ids = set(json.loads(project.ok("outputs", "--json"))["instanceSecurityGroupIds"].values())
        assert len(ids) == 2
        ways_out = [
            item["inputs"]
            for item in project.find("vpc/securityGroupEgressRule:SecurityGroupEgressRule")
            if item["inputs"]["securityGroupId"] in ids
        ]
        assert len(ways_out) == 4
        assert not any("cidrIpv4" in rule or "cidrIpv6" in rule for rule in ways_out)

    def test_a_second_up_changes_nothing(self, project: Local) -> None:
        project.unchanged()

    def test_down_leaves_nothing(self, project: Local) -> None:
        assert "nothing is left of dev" in project.ok("down")
