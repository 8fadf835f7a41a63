"""Containers beside the application on the real provider: what AWS has of them, and that nothing changes afterwards."""

from typing import Any

import yaml

from tests.engine.conftest import ROOT
from tests.integration.conftest import Deployment, Emulator

EXAMPLE = ROOT / "examples" / "settings" / "containers.yaml"


def definition(emulator: Emulator) -> dict[str, Any]:
    """Return the revision that the service runs."""
    ecs = emulator.client("ecs")
    (service,) = ecs.describe_services(cluster="container-platform-dev", services=["dev-web"])["services"]
    found: dict[str, Any] = ecs.describe_task_definition(taskDefinition=service["taskDefinition"])["taskDefinition"]
    return found


class TestContainers:
    """One stack whose service is that of the example."""

    STACK = "dev"

    def test_it_comes_up(self, deployment: Deployment) -> None:
        web = yaml.safe_load(EXAMPLE.read_text())["config"]["container-platform:platform"]["services"]["web"]
        deployment.set(**{**web, "image": "git-1"})
        assert {step.split()[0] for step in deployment.run("up").steps} == {"create"}

    def test_nothing_changes_afterwards_and_nothing_has_drifted(self, deployment: Deployment) -> None:
        assert deployment.run("preview").steps == []
        deployment.run("refresh", expect_no_changes=True)

    def test_aws_has_what_the_settings_say(self, emulator: Emulator) -> None:
        web, cache, setup = definition(emulator)["containerDefinitions"]
        assert [one["name"] for one in (web, cache, setup)] == ["dev-web", "cache", "database-is-there"]
        assert web["command"] == ["--max-old-space-size=384", "server.js"]
        assert [file["value"] for file in web["environmentFiles"]] == [
            "arn:aws:s3:::example-configuration/web/common.env"
        ]
        assert {one["containerName"]: one["condition"] for one in web["dependsOn"]} == {
            "cache": "HEALTHY",
            "database-is-there": "SUCCESS",
        }
        assert web["stopTimeout"] == 60
        assert web["ulimits"] == [{"name": "nofile", "softLimit": 65536, "hardLimit": 65536}]
        assert [(port["containerPort"], port.get("name")) for port in web["portMappings"]] == [
            (8080, None),
            (9090, "metrics"),
        ]
        assert [one["essential"] for one in (web, cache, setup)] == [True, True, False]
        assert (cache["restartPolicy"]["enabled"], cache["healthCheck"]["interval"]) == (True, 5)
        assert setup["startTimeout"] == 120

    def test_only_the_execution_role_reads_the_file(self, emulator: Emulator) -> None:
        role = definition(emulator)["executionRoleArn"].rpartition("/")[2]
        iam = emulator.client("iam")
        (name,) = iam.list_role_policies(RoleName=role)["PolicyNames"]
        statements = iam.get_role_policy(RoleName=role, PolicyName=name)["PolicyDocument"]["Statement"]
        granted = {one["Sid"]: (one["Action"], one["Resource"]) for one in statements}
        file = "arn:aws:s3:::example-configuration/web/common.env"
        assert granted["ReadEnvironmentFiles"] == (["s3:GetObject"], [file])
        assert granted["LocateBuckets"] == (["s3:GetBucketLocation"], [file.partition("/")[0]])

    def test_another_order_in_the_settings_changes_nothing(self, deployment: Deployment) -> None:
        def turn(platform: dict[str, Any]) -> None:
            web = platform["services"]["web"]
            web["containers"] = dict(reversed(web["containers"].items()))
            web["dependsOn"] = dict(reversed(web["dependsOn"].items()))

        deployment.edit(turn)
        assert deployment.run("preview").steps == []

    def test_a_container_less_is_a_new_revision_and_the_service_stays(self, deployment: Deployment) -> None:
        def remove(platform: dict[str, Any]) -> None:
            web = platform["services"]["web"]
            del web["containers"]["database-is-there"], web["dependsOn"]["database-is-there"]

        deployment.edit(remove)
        planned = deployment.run("preview").steps
        assert "replace ecs/taskDefinition:TaskDefinition web" in planned
        assert [step for step in planned if "ecs/service" in step] == ["update ecs/service:Service web"]

    def test_down_leaves_nothing(self, deployment: Deployment, emulator: Emulator) -> None:
        deployment.run("destroy")
        assert emulator.lacking() == []
