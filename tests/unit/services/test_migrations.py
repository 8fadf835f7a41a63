"""Migrations under mocks: what they are made from, when the hook runs one, and what it asks for."""

import asyncio
import json
from typing import Any

import pulumi
import pytest

from components.services import migrations
from components.services.migrations import Migration, MigrationFailedError
from components.tasks import one_off
from components.tasks.args import Compatibility
from components.tasks.one_off import OneOffTask, TaskFailedError

from ..conftest import ACCOUNT, REGION, Engine, Run, run_program
from .example import service, worker

SECRET = f"arn:aws:secretsmanager:{REGION}:{ACCOUNT}:secret:db-a1B2c3"
REVISIONS = f"arn:aws:ecs:{REGION}:{ACCOUNT}:task-definition/web-task"


def migrated() -> None:
    """Make a service with a migration."""
    service(
        secrets={"DATABASE_URL": SECRET},
        environment={"LOG_LEVEL": "info"},
        migration={"command": ["./migrate", "--all"], "environment": {"LOG_LEVEL": "debug", "LOCK": "1"}},
    )


@pytest.fixture(scope="module", params=[False, True], ids=["update", "preview"])
def made(request: pytest.FixtureRequest) -> Engine:
    """What `migrated()` registers, in an update and in a preview."""
    return run_program(migrated, preview=request.param)


def definition(engine: Engine, name: str = "web.migration") -> dict[str, Any]:
    """Return a task definition."""
    return engine.one("ecs/taskDefinition:TaskDefinition", name)


def container(engine: Engine, name: str = "web.migration") -> dict[str, Any]:
    """Return its only container."""
    (only,) = json.loads(definition(engine, name)["containerDefinitions"])
    found: dict[str, Any] = only
    return found


def test_it_is_the_services_container_with_another_command(made: Engine) -> None:
    own, of_service = container(made), container(made, "web")
    assert own["command"] == ["./migrate", "--all"]
    same = ("name", "image", "secrets", "user", "readonlyRootFilesystem", "logConfiguration", "linuxParameters")
    assert {key: own[key] for key in same} == {key: of_service[key] for key in same}


def test_it_adds_to_the_environment_in_the_order_of_names(made: Engine) -> None:
    found = {one["name"]: one["value"] for one in container(made)["environment"]}
    assert found == {"LOCK": "1", "LOG_LEVEL": "debug", "NODE_ENV": "production", "PORT": "80"}
    assert [one["name"] for one in container(made)["environment"]] == sorted(found)


def test_it_answers_nobody_and_is_not_checked_or_restarted(made: Engine) -> None:
    own = container(made)
    assert own["portMappings"] == []
    assert not {"healthCheck", "dependsOn", "restartPolicy"} & own.keys()


def test_it_has_the_services_roles_size_and_place_and_a_family_of_its_own(made: Engine) -> None:
    own, of_service = definition(made), definition(made, "web")
    differing = {key for key in own if own[key] != of_service.get(key)}
    assert differing == {"family", "containerDefinitions"}
    assert own["family"] == f"{of_service['family']}-migration"


def test_its_size_can_be_another(run: Run) -> None:
    engine = run(lambda: service(migration={"command": ["a"], "cpu": 1024, "memory": 4096}))
    assert (definition(engine)["cpu"], definition(engine)["memory"]) == ("1024", "4096")
    assert (definition(engine, "web")["cpu"], definition(engine, "web")["memory"]) == ("256", "512")


def test_further_containers_stay_out_of_it() -> None:
    text = json.dumps(
        [
            {"name": "proxy", "environment": [], "essential": True},
            {
                "name": "web",
                "environment": [],
                "essential": False,
                "dependsOn": [{"containerName": "proxy", "condition": "START"}],
                "restartPolicy": {"enabled": True},
            },
        ]
    )
    (only,) = json.loads(migrations.container(text, "web", ["a"], {}))
    assert only == {"name": "web", "environment": [], "essential": True, "command": ["a"], "portMappings": []}


def test_the_service_waits_for_its_definition(made: Engine) -> None:
    (registered,) = made.all("ecs/service:Service")
    assert any(urn.endswith("TaskDefinition::web.migration") for urn in registered.depends_on)


def test_a_worker_has_one_too(run: Run) -> None:
    engine = run(lambda: worker(migration={"command": ["./migrate"]}))
    assert container(engine, "emails.migration")["command"] == ["./migrate"]


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"comand": ["a"]}, "migration.comand is unknown; did you mean command?"),
        ({}, "migration.command is missing"),
    ],
)
def test_a_component_refuses_a_migration_of_another_form(given: Any, message: str) -> None:
    with pytest.raises(TypeError, match=message):
        run_program(lambda: service(migration=given))


# When the hook runs one, and with what


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[OneOffTask]:
    """Every task that was asked for; each ends well."""
    found: list[OneOffTask] = []

    def run(task: OneOffTask) -> str:
        found.append(task)
        return "arn"

    monkeypatch.setattr(one_off, "run", run)
    monkeypatch.setattr(pulumi.log, "info", lambda *_, **__: None)
    return found


@pytest.fixture
def hook(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Return a function that makes a service, and runs its hook with what the engine would tell."""

    def call(args: pulumi.ResourceHookArgs, **changes: Any) -> None:
        seen: list[Migration] = []
        original = Migration.hooks

        def noted(self: Migration) -> pulumi.ResourceHookBinding:
            seen.append(self)
            return original(self)

        with monkeypatch.context() as patch:
            patch.setattr(Migration, "hooks", noted)
            run_program(lambda: service(**{"migration": {"command": ["./migrate"]}, **changes}))
        if not seen:
            raise LookupError("no hook")
        loop = asyncio.new_event_loop()
        try:
            loop.run_until_complete(seen[0]._run(args))
        finally:
            loop.close()

    return call


INPUTS: dict[str, Any] = {
    "cluster": f"arn:aws:ecs:{REGION}:{ACCOUNT}:cluster/main",
    "taskDefinition": f"{REVISIONS}:2",
    "networkConfiguration": {"subnets": ["subnet-a"], "securityGroups": ["sg-1"]},
    "capacityProviderStrategies": [{"capacityProvider": "FARGATE_SPOT", "weight": 1}],
}


def told(old: str | None = None, **inputs: Any) -> pulumi.ResourceHookArgs:
    """Return what the engine tells of a service that gets revision 2."""
    before = {"taskDefinition": f"{REVISIONS}:{old}"} if old else None
    return pulumi.ResourceHookArgs(
        "urn", "", "web", "aws:ecs/service:Service", {**INPUTS, **inputs}, before, old_outputs=before
    )


def test_before_another_revision_it_runs(hook: Any, asked: list[OneOffTask]) -> None:
    hook(told("1"))
    (task,) = asked
    assert task.container == "dev-web"
    assert task.task_definition_arn.endswith("web.migration")
    assert task.log_group == "/ecs/dev-web"
    assert (task.subnet_ids, task.security_group_ids) == (["subnet-a"], ["sg-1"])
    assert task.timeout_seconds == 15 * 60
    assert task.capacity_providers == (), "on Fargate without Spot"


def test_before_the_service_is_made_it_runs(hook: Any, asked: list[OneOffTask]) -> None:
    hook(told())
    assert len(asked) == 1


def test_with_the_same_revision_it_does_not(hook: Any, asked: list[OneOffTask]) -> None:
    hook(told("2"))
    assert asked == []


def test_after_a_rollback_by_ecs_it_runs_again(hook: Any, asked: list[OneOffTask]) -> None:
    """What the service was found to run counts, not what it was asked for before."""
    args = told("2")
    args.old_outputs = {"taskDefinition": f"{REVISIONS}:1"}
    hook(args)
    assert len(asked) == 1


def test_without_an_image_there_is_no_hook(asked: list[OneOffTask], monkeypatch: pytest.MonkeyPatch) -> None:
    bound: list[object] = []
    monkeypatch.setattr(Migration, "hooks", lambda self: bound.append(self))
    needed = {"migration": {"command": ["a"]}}

    def without() -> None:
        from components import Service

        from .example import LISTENER, NEEDED

        args: Any = {**NEEDED, "listener_arn": LISTENER, **needed}
        Service("web", args)

    run_program(without)
    assert bound == []


def test_on_instances_it_uses_the_services_strategy_and_in_bridge_mode_their_network(
    hook: Any, asked: list[OneOffTask]
) -> None:
    strategy = [{"capacityProvider": "general-1", "weight": 1, "base": 2}]
    args = told("1", capacityProviderStrategies=strategy, networkConfiguration=None)
    hook(args, compatibility=Compatibility.EC2)
    (task,) = asked
    assert task.capacity_providers == [("general-1", 1, 2)]
    assert task.subnet_ids == ()


def test_a_failure_says_what_it_means(hook: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(task: OneOffTask) -> str:
        raise TaskFailedError("it ended with exit code 1")

    monkeypatch.setattr(one_off, "run", fails)
    monkeypatch.setattr(pulumi.log, "info", lambda *_, **__: None)
    with pytest.raises(
        MigrationFailedError, match="web: the migration failed, so nothing of it was deployed"
    ) as caught:
        hook(told("1"))
    assert str(caught.value).endswith("the old tasks go on: it ended with exit code 1")
