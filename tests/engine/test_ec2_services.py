"""Services on instances, on the real engine: moved between kinds of capacity, placed otherwise, and taken down."""

from typing import Any

from .conftest import Local
from .test_platform import touched

SERVICE, TASK, GROUP = "ecs/service:Service", "ecs/taskDefinition:TaskDefinition", "lb/targetGroup:TargetGroup"
PROVIDER, RULE = "ecs/capacityProvider:CapacityProvider", "lb/listenerRule:ListenerRule"
REVISION = {"+ create replacement ecs.TaskDefinition web", "- delete replaced ecs.TaskDefinition web"}


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
        assert "Up: no changes" in project.ok("up")
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
