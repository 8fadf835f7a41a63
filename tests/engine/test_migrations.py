"""Migrations on the real engine: what runs before a new revision, and what a failure leaves."""

from typing import Any

from local.standin.services.ecs import CRASHING

from .conftest import Local
from .test_platform import touched

SERVICE, TASK = "ecs/service:Service", "ecs/taskDefinition:TaskDefinition"
A = f"sha256:{'a' * 64}"


def runs(project: Local, service: str = "web") -> str:
    """Return the revision that a service has."""
    found = {item["urn"].rpartition("::")[2]: item for item in project.find(SERVICE)}
    return str(found[service]["outputs"]["taskDefinition"]).rpartition("/")[2]


def migration(project: Local, *command: str, **values: Any) -> None:
    """Set the migration of the service `web`."""
    project.web(migration={"command": [*command], **values})


class TestMigration:
    """One dev stack from a migration that waits for an image to its end."""

    def test_without_an_image_there_is_nothing_to_migrate_for(self, project: Local) -> None:
        migration(project, "sh", "-c", "exit 1")
        project.ok("up")
        assert runs(project) == "container-platform_dev_web-task:1"

    def test_before_the_first_image_it_must_end_well_too(self, project: Local) -> None:
        project.web(image="git-1")
        printed = project.fails("up")
        assert "web: the migration failed" in printed
        assert "it ended with exit code 1 (Essential container in task exited)" in printed
        assert "The end of its log (/ecs/container-platform/dev/web, stream ecs/dev-web/" in printed
        assert runs(project) == "container-platform_dev_web-task:1"

    def test_the_next_run_tries_again(self, project: Local) -> None:
        migration(project, "./migrate")
        printed = project.ok("up")
        assert "~ update ecs.Service web" in touched(printed)
        assert runs(project) == "container-platform_dev_web-task:2"
        project.unchanged()
        assert "Refresh: no changes" in project.ok("refresh")

    def test_a_preview_runs_nothing(self, project: Local) -> None:
        migration(project, "sh", "-c", "exit 1")
        project.web(environment={"A": "1"})
        assert "ecs.Service  web" in project.ok("preview")

    def test_a_failure_leaves_the_service_as_it_is(self, project: Local) -> None:
        printed = project.fails("up")
        assert "exit code 1" in printed
        assert "~ update ecs.Service web" not in touched(printed)
        assert runs(project) == "container-platform_dev_web-task:2"

    def test_an_image_that_does_not_start_stops_at_the_migration(self, project: Local) -> None:
        migration(project, "./migrate")
        project.web(image=CRASHING)
        printed = project.fails("up")
        assert "it did not start: CannotPullContainerError" in printed
        assert "It wrote no log" in printed
        assert runs(project) == "container-platform_dev_web-task:2"

    def test_what_is_not_of_the_tasks_needs_none(self, project: Local) -> None:
        """It would fail: so nothing of these changes runs it."""
        project.web(image="git-2")
        project.ok("up")
        migration(project, "sh", "-c", "exit 1")
        project.web(minTasks=3, maxTasks=12, cpuTarget=50)
        printed = project.ok("up")
        assert "+ create replacement ecs.TaskDefinition web.migration" in touched(printed)
        assert "+ create replacement ecs.TaskDefinition web" not in touched(printed)

    def test_a_release_of_one_service_migrates_first(self, project: Local) -> None:
        project.edit(lambda platform: platform["services"]["web"].pop("image"))
        assert project.release("set", "web", A).returncode == 0
        before = runs(project)
        done = project.release("deploy", "web")
        assert done.returncode == 1
        assert "exit code 1" in done.stdout + done.stderr
        assert runs(project) == before
        migration(project, "./migrate")
        done = project.release("deploy", "web")
        assert done.returncode == 0, done.stdout + done.stderr
        assert runs(project) != before
        (made,) = [item for item in project.find(TASK) if item["urn"].endswith("::web.migration")]
        assert A in made["inputs"]["containerDefinitions"]
        project.unchanged()

    def test_a_worker_has_one_too(self, project: Local) -> None:
        migration(project, "sh", "-c", "exit 1")
        project.web(kind="worker")
        project.edit(lambda platform: platform["services"]["web"].pop("containerPort"))
        assert "exit code 1" in project.fails("up")
        migration(project, "./migrate")
        project.ok("up")
        project.unchanged()

    def test_without_it_the_definition_goes(self, project: Local) -> None:
        project.edit(lambda platform: platform["services"]["web"].pop("migration"))
        assert touched(project.ok("up")) == {"· keep in AWS ecs.TaskDefinition web.migration"}

    def test_down_leaves_nothing(self, project: Local) -> None:
        migration(project, "./migrate")
        project.web(environment={"A": "2"})
        project.ok("up")
        assert "nothing is left of dev" in project.ok("down")
        assert project.state() == []


class TestFirstDeployment:
    """A stack whose first `up` has an image already."""

    def test_a_service_is_not_made_before_its_migration_ended_well(self, project: Local) -> None:
        migration(project, "sh", "-c", "exit 7")
        project.web(image="git-1")
        printed = project.fails("up")
        assert "exit code 7" in printed
        assert project.find(SERVICE) == []
        assert project.find("iam/rolePolicy:RolePolicy"), "what it needs is there"
        migration(project, "./migrate")
        project.ok("up")
        assert project.find(SERVICE)
        project.unchanged()
        project.ok("down")
