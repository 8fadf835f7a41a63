"""Services on instances on the real provider: what comes up, and what a change of theirs updates or makes anew."""

from typing import Any

from components.balancing import listener_rules
from tests.engine.test_ec2_services import ARM, on
from tests.integration.conftest import Deployment, Emulator

PROVIDER, SERVICE = "ecs/capacityProvider:CapacityProvider", "ecs/service:Service"
GROUP, RULE = "lb/targetGroup:TargetGroup", "lb/listenerRule:ListenerRule"
WEB = f"priority-{listener_rules.stable_priority('web', listener_rules.conditions())}"
LARGE = f"{PROVIDER} container-platform-dev-large"


def steps(deployment: Deployment, *kinds: str) -> set[str]:
    """Return what a preview would do to resources of some types."""
    return {step for step in deployment.run("preview").steps if step.split()[1] in kinds}


def instances(deployment: Deployment, **values: Any) -> None:
    """Set what the stack says of its Managed Instances."""
    managed = {"large": {"architecture": "ARM64", **values}}
    deployment.edit(lambda platform: platform["cluster"].update(managedInstances=managed))


class TestServicesOnInstances:
    """One stack with a service in bridge mode on a group, and one on Managed Instances."""

    STACK = "dev"

    def test_it_comes_up(self, deployment: Deployment) -> None:
        def change(platform: dict[str, Any]) -> None:
            platform["cluster"] = {"autoScalingGroups": {"arm": ARM}}
            web = {**platform["services"]["web"], "image": "git-1", "architecture": "ARM64"}
            bridged = {**web, "networkMode": "bridge", "paths": ["/b/*"], "capacityProviderStrategy": on("arm")}
            platform["services"] = {"web": {**web, "capacityProviderStrategy": on("large")}, "bridged": bridged}

        deployment.edit(change)
        instances(deployment)
        assert {step.split()[0] for step in deployment.run("up").steps} == {"create"}

    def test_nothing_changes_afterwards_and_nothing_has_drifted(self, deployment: Deployment) -> None:
        assert deployment.run("preview").steps == []
        deployment.run("refresh", expect_no_changes=True)

    def test_a_bridge_service_is_registered_by_instance_and_has_no_network_of_its_own(self, emulator: Emulator) -> None:
        (service,) = self._services(emulator, "dev-bridged")
        assert "networkConfiguration" not in service
        task = emulator.client("ecs").describe_task_definition(taskDefinition=service["taskDefinition"])
        assert task["taskDefinition"]["networkMode"] == "bridge"
        (mapping,) = task["taskDefinition"]["containerDefinitions"][0]["portMappings"]
        assert mapping.get("hostPort", 0) == 0
        arn = service["loadBalancers"][0]["targetGroupArn"]
        (group,) = emulator.client("elbv2").describe_target_groups(TargetGroupArns=[arn])["TargetGroups"]
        assert group["TargetType"] == "instance"

    def test_managed_instances_serve_the_cluster_by_being_made_for_it(self, emulator: Emulator) -> None:
        ecs = emulator.client("ecs")
        (service,) = self._services(emulator, "dev-web")
        (item,) = service["capacityProviderStrategy"]
        (provider,) = ecs.describe_capacity_providers(capacityProviders=[item["capacityProvider"]])["capacityProviders"]
        assert provider["cluster"] == "container-platform-dev"
        (cluster,) = ecs.describe_clusters(clusters=["container-platform-dev"])["clusters"]
        assert provider["name"] not in cluster["capacityProviders"], "AWS refuses it there"

    def test_a_move_updates_the_service_and_other_requirements_the_capacity_provider(
        self, deployment: Deployment
    ) -> None:
        deployment.set(capacityProviderStrategy=on("FARGATE"))
        instances(deployment, minVcpus=2, storageSize=100)
        assert steps(deployment, SERVICE, PROVIDER) == {f"update {SERVICE} web", f"update {LARGE}"}

    def test_spot_and_another_network_mode_make_what_they_must_anew(self, deployment: Deployment) -> None:
        """The stand-in says the same: tests/engine."""
        deployment.set(capacityProviderStrategy=on("arm"), networkMode="bridge")
        instances(deployment, capacityOption="SPOT")
        planned = steps(deployment, SERVICE, PROVIDER, GROUP, RULE)
        assert {f"replace {LARGE}", f"replace {SERVICE} web", f"replace {GROUP} web", f"update {RULE} {WEB}"} <= planned
        assert not any(step.endswith(" bridged") for step in planned)

    def test_down_leaves_nothing(self, deployment: Deployment, emulator: Emulator) -> None:
        deployment.run("destroy")
        assert self._services(emulator, "dev-web") == []
        assert emulator.lacking() == []

    def _services(self, emulator: Emulator, name: str) -> list[Any]:
        found = emulator.client("ecs").describe_services(cluster="container-platform-dev", services=[name])["services"]
        return [service for service in found if service["status"] != "INACTIVE"]
