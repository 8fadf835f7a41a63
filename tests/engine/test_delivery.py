"""From a commit to running tasks on the real engine: the pipeline, releases, and a deployment of one service."""

import json
from typing import Any

from local.standin.services.ecs import CRASHING

from .conftest import Local
from .test_platform import touched

A, B = (f"sha256:{letter * 64}" for letter in "ab")
PIPELINE: dict[str, Any] = {
    "source": {"repository": "team/app", "connectionProvider": "GitHub"},
    "directory": "examples/app",
    "testStage": "test",
    "backendUrl": "s3://state-bucket?region=us-east-1",
    "approval": True,
    "notificationEmails": ["team@example.org"],
}
DEPLOYED = {
    "~ update ecs.Service web",
    "+ create replacement ecs.TaskDefinition web",
    "· keep in AWS ecs.TaskDefinition web",
}


def image(project: Local) -> str:
    """Return what the service's revision runs."""
    (task,) = project.find("ecs/taskDefinition:TaskDefinition")
    (container,) = json.loads(task["inputs"]["containerDefinitions"])
    return str(container["image"])


class TestDelivery:
    """A dev stack with a pipeline, from its first `up` to a release that is taken back."""

    def test_the_first_up_has_no_image_to_read_and_makes_the_pipeline(self, project: Local) -> None:
        project.edit(lambda platform: platform.update(pipelines={"web": PIPELINE}, publishOutputs=True))
        printed = project.ok("up")
        assert "codepipeline.Pipeline  web" in printed
        published = json.loads(project.ok("outputs", "--json"))
        assert published["pipelines"]["web"]["connectionStatus"] == "PENDING"
        assert "settings/connections" in published["pipelines"]["web"]["nextStep"]
        assert published["services"]["web"]["imageParameter"] == "/container-platform/dev/web/image"
        assert published["services"]["web"]["running"] is False

    def test_a_second_up_changes_nothing(self, project: Local) -> None:
        project.unchanged()

    def test_a_release_is_deployed_alone(self, project: Local) -> None:
        assert project.release("set", "web", A).returncode == 0
        project.edit(lambda platform: platform["network"].update(flowLogRetentionDays=14))
        done = project.release("deploy", "web")
        assert done.returncode == 0, done.stdout + done.stderr
        assert touched(done.stdout) == {*DEPLOYED, "~ update appautoscaling.Target web"}
        assert image(project).endswith(f"@{A}")

    def test_an_up_from_anywhere_deploys_what_is_meant_to_run(self, project: Local) -> None:
        project.edit(lambda platform: platform["network"].update(flowLogRetentionDays=7))
        project.unchanged()
        assert project.release("set", "web", B).returncode == 0
        assert touched(project.ok("up")) == DEPLOYED
        assert image(project).endswith(f"@{B}")

    def test_going_back_is_one_command_and_a_deployment(self, project: Local) -> None:
        done = project.release("rollback", "web")
        assert done.returncode == 0
        assert f"web is meant to run {A} in dev" in done.stdout
        assert project.release("deploy", "web").returncode == 0
        assert image(project).endswith(f"@{A}")

    def test_a_deployment_that_ecs_rolls_back_fails_its_run_and_the_next_run_deploys_again(
        self, project: Local
    ) -> None:
        assert project.release("set", "web", CRASHING).returncode == 0
        for again in (project.release("deploy", "web"), project.run("up")):
            assert again.returncode == 1
            assert "(service dev-web) deployment failed: tasks failed to start" in again.stdout + again.stderr
        (service,) = project.find("ecs/service:Service")
        revisions = {
            item["outputs"]["arn"]: item["inputs"]["containerDefinitions"]
            for item in project.find("ecs/taskDefinition:TaskDefinition")
        }
        assert A in revisions[service["inputs"]["taskDefinition"]], "ECS went back to the one before"
        assert project.release("rollback", "web").returncode == 0
        assert project.release("deploy", "web").returncode == 0
        assert image(project).endswith(f"@{A}")

    def test_a_service_that_nothing_scales_is_deployed_alone_too(self, project: Local) -> None:
        project.web(minTasks=2, maxTasks=2)
        assert "- delete   appautoscaling.Target  web" in project.ok("up")
        assert project.release("set", "web", B).returncode == 0
        done = project.release("deploy", "web")
        assert done.returncode == 0, done.stdout + done.stderr
        assert touched(done.stdout) == DEPLOYED
        assert project.release("rollback", "web").returncode == 0
        project.ok("up")

    def test_a_service_that_is_not_there_is_named(self, project: Local) -> None:
        assert "dev has no service wbe\n  → did you mean web?" in project.fails("up", "--service", "wbe")

    def test_taking_the_pipeline_away_keeps_the_service_as_it_runs(self, project: Local) -> None:
        project.edit(lambda platform: (platform.pop("pipelines"), platform.pop("publishOutputs")))
        gone = touched(project.ok("up"))
        assert gone
        assert {line.split()[0] for line in gone} == {"-"}
        assert image(project).endswith(f"@{A}")

    def test_down_forgets_the_releases_too(self, project: Local) -> None:
        assert "nothing is left of dev" in project.ok("down")
        assert "bring the stack up first" in project.release("rollback", "web").stderr
