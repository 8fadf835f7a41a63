"""How tasks run on the real provider: what AWS has of it, and that nothing changes afterwards."""

import json
from typing import Any

import yaml

from tests.engine.conftest import ROOT
from tests.integration.conftest import Deployment, Emulator
from tests.integration.test_containers import definition

EXAMPLE = ROOT / "examples" / "settings" / "runtime.yaml"


def service(emulator: Emulator, name: str) -> dict[str, Any]:
    """Return an ECS service."""
    ecs = emulator.client("ecs")
    found: dict[str, Any] = ecs.describe_services(cluster="container-platform-dev", services=[name], include=["TAGS"])[
        "services"
    ][0]
    return found


class TestRuntime:
    """One stack with the services of the example."""

    STACK = "dev"

    def test_it_comes_up(self, deployment: Deployment) -> None:
        example = yaml.safe_load(EXAMPLE.read_text())["config"]["container-platform:platform"]

        def change(platform: dict[str, Any]) -> None:
            platform["cluster"].update(example["cluster"])
            platform["services"] = example["services"]
            platform["services"]["web"]["image"] = "git-1"

        deployment.edit(change)
        assert {step.split()[0] for step in deployment.run("up").steps} == {"create"}

    def test_nothing_changes_afterwards_and_nothing_has_drifted(self, deployment: Deployment) -> None:
        assert deployment.run("preview").steps == []
        deployment.run("refresh", expect_no_changes=True)

    def test_aws_has_what_the_settings_say_of_tasks(self, emulator: Emulator) -> None:
        task = definition(emulator)
        assert task["ephemeralStorage"] == {"sizeInGiB": 50}
        assert task["enableFaultInjection"] is True
        names = [volume["name"] for volume in task["volumes"]]
        assert sorted(names) == ["data", "var-lib-amazon", "var-log-amazon"]
        (web,) = task["containerDefinitions"]
        assert [one["containerPath"] for one in web["linuxParameters"]["tmpfs"]] == ["/tmp", "/var/cache/web"]
        assert {one["sourceVolume"] for one in web["mountPoints"]} == set(names)
        assert web["readonlyRootFilesystem"] is True

    def test_the_other_registry_is_logged_in_to(self, emulator: Emulator) -> None:
        ecs = emulator.client("ecs")
        revision = service(emulator, "dev-proxy")["taskDefinition"]
        task = ecs.describe_task_definition(taskDefinition=revision)["taskDefinition"]
        (proxy,) = task["containerDefinitions"]
        assert proxy["image"].startswith("registry.example.com/team/proxy:1.2@sha256:")
        secret = proxy["repositoryCredentials"]["credentialsParameter"]
        statements = self._policy(emulator, task["executionRoleArn"])
        assert statements["ReadSecrets"]["Resource"] == [secret]
        assert "PullImages" not in statements

    def test_sessions_are_on_where_they_are_asked_for_and_logged(self, emulator: Emulator) -> None:
        assert service(emulator, "dev-web")["enableExecuteCommand"] is True
        assert service(emulator, "dev-proxy").get("enableExecuteCommand", False) is False
        statements = self._policy(emulator, definition(emulator)["taskRoleArn"])
        (group,) = statements["WriteTheSessionLog"]["Resource"]
        assert group.endswith(":log-group:/container-platform/dev/cluster/execute-command:*")

    def test_all_of_a_service_has_its_tags(self, emulator: Emulator) -> None:
        found = service(emulator, "dev-web")
        wanted = {"team": "shop", "cost-center": "4711", "project": "container-platform", "environment": "dev"}
        assert {tag["key"]: tag["value"] for tag in found["tags"]} == wanted
        role = definition(emulator)["taskRoleArn"].rpartition("/")[2]
        tags = emulator.client("iam").list_role_tags(RoleName=role)["Tags"]
        assert {tag["Key"]: tag["Value"] for tag in tags} == wanted

    def test_switching_sessions_off_replaces_no_service(self, deployment: Deployment, emulator: Emulator) -> None:
        deployment.set(executeCommand=False)
        steps = deployment.run("up").steps
        assert "update ecs/service:Service web" in steps
        assert "delete iam/rolePolicy:RolePolicy web-sessions" in steps
        assert not [step for step in steps if "replace" in step and "TaskDefinition" not in step]
        assert service(emulator, "dev-web")["enableExecuteCommand"] is False
        deployment.unchanged()

    def test_down_leaves_nothing(self, deployment: Deployment, emulator: Emulator) -> None:
        deployment.run("destroy")
        assert emulator.lacking() == []

    def _policy(self, emulator: Emulator, role_arn: str) -> dict[str, Any]:
        iam, role = emulator.client("iam"), role_arn.rpartition("/")[2]
        (name,) = iam.list_role_policies(RoleName=role)["PolicyNames"]
        document = iam.get_role_policy(RoleName=role, PolicyName=name)["PolicyDocument"]
        found = document if isinstance(document, dict) else json.loads(document)
        return {one["Sid"]: one for one in found["Statement"]}
