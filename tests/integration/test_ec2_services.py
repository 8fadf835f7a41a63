"""Services on instances on the real provider: moved between kinds of capacity, and what it holds for a replacement."""

from typing import Any

from tests.engine.test_ec2_services import ARM, on
from tests.integration.conftest import Deployment, Emulator, Run


def _of(run: Run, *kinds: str) -> set[str]:
    return {step for step in run.steps if step.split()[1] in kinds}


class TestServicesOnInstances:
    """One stack with a group, Managed Instances, and a service that moves between them."""

    STACK = "dev"

    def test_it_comes_up(self, deployment: Deployment) -> None:
        def change(platform: dict[str, Any]) -> None:
            platform["cluster"] = {
                "autoScalingGroups": {"arm": ARM},
                "managedInstances": {"large": {"architecture": "ARM64"}},
            }
            web = {**platform["services"]["web"], "image": "git-1", "architecture": "ARM64"}
            bridged = {**web, "networkMode": "bridge", "paths": ["/b/*"], "capacityProviderStrategy": on("arm")}
            platform["services"] = {"web": {**web, "capacityProviderStrategy": on("FARGATE")}, "bridged": bridged}

        deployment.edit(change)
        assert {step.split()[0] for step in deployment.run("up").steps} == {"create"}

    def test_nothing_changes_afterwards_and_nothing_has_drifted(self, deployment: Deployment) -> None:
        assert deployment.run("preview").steps == []
        deployment.run("refresh", expect_no_changes=True)

    def test_a_bridge_service_is_registered_by_instance_and_has_no_network_of_its_own(
        self, deployment: Deployment, emulator: Emulator
    ) -> None:
        (service,) = self._services(emulator, "dev-bridged")
        assert "networkConfiguration" not in service
        task = emulator.client("ecs").describe_task_definition(taskDefinition=service["taskDefinition"])
        assert task["taskDefinition"]["networkMode"] == "bridge"
        (mapping,) = task["taskDefinition"]["containerDefinitions"][0]["portMappings"]
        assert mapping.get("hostPort", 0) == 0
        arn = service["loadBalancers"][0]["targetGroupArn"]
        (group,) = emulator.client("elbv2").describe_target_groups(TargetGroupArns=[arn])["TargetGroups"]
        assert group["TargetType"] == "instance"

    def test_a_service_moves_to_managed_instances_and_stays_the_same_service(self, deployment: Deployment) -> None:
        deployment.set(capacityProviderStrategy=on("large"))
        run = deployment.run("up")
        assert _of(run, "ecs/service:Service") == {"update ecs/service:Service web"}
        assert deployment.run("preview").steps == []

    def test_what_the_provider_replaces_is_what_the_stand_in_replaces(self, deployment: Deployment) -> None:
        kind = "ecs/capacityProvider:CapacityProvider"
        name = "container-platform-dev-large"

        def instances(**values: Any) -> set[str]:
            managed = {"large": {"architecture": "ARM64", **values}}
            deployment.edit(lambda platform: platform["cluster"].update(managedInstances=managed))
            return _of(deployment.run("preview"), kind)

        assert instances(minVcpus=2, storageSize=100) == {f"update {kind} {name}"}
        assert f"replace {kind} {name}" in instances(capacityOption="SPOT")
        assert instances() == set()

    def test_another_network_mode_makes_the_service_anew(self, deployment: Deployment) -> None:
        deployment.set(capacityProviderStrategy=on("arm"), networkMode="bridge")
        steps = _of(deployment.run("preview"), "ecs/service:Service", "lb/targetGroup:TargetGroup")
        assert "replace ecs/service:Service web" in steps
        assert "replace lb/targetGroup:TargetGroup web" in steps
        deployment.set(capacityProviderStrategy=on("large"), networkMode="awsvpc")

    def test_down_leaves_nothing(self, deployment: Deployment, emulator: Emulator) -> None:
        deployment.run("destroy")
        assert self._services(emulator, "dev-web") == []
        assert emulator.lacking() == []

    def _services(self, emulator: Emulator, name: str) -> list[Any]:
        found = emulator.client("ecs").describe_services(cluster="container-platform-dev", services=[name])["services"]
        return [service for service in found if service["status"] != "INACTIVE"]
