"""A task that is run to its end: against the stand-in's own API, with the real boto3."""

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from components.tasks import one_off
from components.tasks.one_off import OneOffTask, TaskFailedError, run
from local.standin.account import Account, Resources
from local.standin.api import answer
from local.standin.behaviour import Refused
from local.standin.memory import Memory
from local.standin.place import Place
from local.standin.services import ecs

PLACE = "arn:aws:ecs:eu-west-1:123456789012:"
FARGATE: list[tuple[str, int, int]] = []


@pytest.fixture(autouse=True)
def account(monkeypatch: pytest.MonkeyPatch) -> Iterator[Resources]:
    """An account with a cluster and a log group, to which boto3 is led."""
    resources = Resources()
    resources.made("aws:ecs/cluster:Cluster", f"{PLACE}cluster/main", {"arn": f"{PLACE}cluster/main", "name": "main"})
    group = "arn:aws:logs:eu-west-1:123456789012:log-group:/ecs/web"
    resources.made("aws:cloudwatch/logGroup:LogGroup", "/ecs/web", {"arn": group, "name": "/ecs/web"})
    monkeypatch.setattr(one_off, "SECONDS", 0.02)
    monkeypatch.setattr(one_off, "_PAUSE", 0.02)
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    monkeypatch.setattr(ecs, "_tasks", {})
    for name in ("AWS_PROFILE", "AWS_SESSION_TOKEN"):
        monkeypatch.delenv(name, raising=False)
    with answer(Memory(), resources) as environment:
        for name, value in environment.items():
            monkeypatch.setenv(name, value)
        yield resources


@pytest.fixture
def task(account: Resources) -> Callable[..., OneOffTask]:
    """Return a task that runs a command."""

    def make(*command: str, image: str = "web:1", revision: int = 1, seconds: int = 5, **values: Any) -> OneOffTask:
        arn = f"{PLACE}task-definition/web-migration:{revision}"
        container = {"name": "web", "image": image, "command": [*command]}
        definition = {"arn": arn, "networkMode": "awsvpc", "containerDefinitions": json.dumps([container])}
        account.made("aws:ecs/taskDefinition:TaskDefinition", "web-migration", definition)
        given: dict[str, Any] = {"subnet_ids": ["subnet-1"], "capacity_providers": FARGATE, **values}
        return OneOffTask(
            cluster_arn=f"{PLACE}cluster/main",
            task_definition_arn=arn,
            container="web",
            log_group="/ecs/web",
            security_group_ids=["sg-1"],
            timeout_seconds=seconds,
            **given,
        )

    return make


Make = Callable[..., OneOffTask]


def test_a_task_that_ends_well_is_waited_for(task: Make) -> None:
    assert run(task("./migrate")).startswith(f"{PLACE}task/main/")
    (made,) = ecs._tasks.values()
    assert made["startedBy"] == "container-platform"


def test_an_exit_code_is_told_with_the_end_of_the_log(task: Make) -> None:
    with pytest.raises(TaskFailedError, match="exit code 3 ") as caught:
        run(task("sh", "-c", "exit 3"))
    lines = str(caught.value).splitlines()
    assert lines[0] == "it ended with exit code 3 (Essential container in task exited)"
    assert lines[1].startswith("The end of its log (/ecs/web, stream ecs/web/")
    assert lines[2].startswith("    a line of ecs/web/")


def test_a_task_that_does_not_start_is_told_with_its_reason(task: Make) -> None:
    with pytest.raises(TaskFailedError, match="it did not start: CannotPullContainerError") as caught:
        run(task("./migrate", image=f"web@{ecs.CRASHING}"))
    assert "It wrote no log (/ecs/web, stream ecs/web/" in str(caught.value)
    assert len(ecs._tasks) == 1, "an image that cannot be pulled is not tried again"


def test_one_that_takes_too_long_is_stopped(task: Make) -> None:
    with pytest.raises(TaskFailedError, match=r"took more than 1 minutes and was stopped.*raise timeoutMinutes"):
        run(task("sleep infinity", seconds=0))
    (made,) = ecs._tasks.values()
    assert made["lastStatus"] == "STOPPED"
    assert made["stoppedReason"] == "It took more than 1 minutes"


def test_one_that_never_ran_for_a_reason_that_passes_is_started_again(
    task: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A role that was made a moment ago is not known everywhere yet."""
    call, tries = ecs.call_run_task, []

    def slow(arguments: Any, account: Any) -> Any:
        answer = call(arguments, account)
        tries.append(arguments)
        if len(tries) < 3:
            reason = "ResourceInitializationError: unable to pull secrets: AccessDeniedException"
            answer["tasks"][0] |= {"stopCode": "TaskFailedToStart", "stoppedReason": reason}
            answer["tasks"][0]["containers"] = [{"name": "web"}]
        return answer

    monkeypatch.setattr(ecs, "call_run_task", slow)
    run(task("./migrate"))
    assert len(tries) == 3


@pytest.mark.parametrize("tries", [2, 9])
def test_a_role_that_ecs_cannot_assume_yet_is_tried_again(
    task: Make, monkeypatch: pytest.MonkeyPatch, tries: int
) -> None:
    call, made = ecs.call_run_task, []

    def slow(arguments: Any, account: Any) -> Any:
        made.append(arguments)
        if len(made) < tries:
            raise Refused("ClientException: ECS was unable to assume the role 'x'")
        return call(arguments, account)

    monkeypatch.setattr(ecs, "call_run_task", slow)
    if tries < 5:
        run(task("./migrate"))
    else:
        with pytest.raises(TaskFailedError, match=r"ECS did not start it: .*unable to assume the role"):
            run(task("./migrate"))
        assert len(made) == 4


def test_what_ecs_refuses_is_told(task: Make) -> None:
    with pytest.raises(TaskFailedError, match=r"AWS refused: .*Network Configuration must be provided"):
        run(task("./migrate", subnet_ids=[]))


def test_without_room_ecs_gives_a_reason(task: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    failures = {"tasks": [], "failures": [{"reason": "AGENT"}]}
    monkeypatch.setattr(ecs, "call_run_task", lambda *_: failures)
    with pytest.raises(TaskFailedError, match="ECS did not start it: AGENT"):
        run(task("./migrate"))


@pytest.mark.parametrize(("revision", "tasks"), [(1, 1), (2, 2)])
def test_a_task_that_an_interrupted_run_left_is_waited_for(
    task: Make, account: Resources, monkeypatch: pytest.MonkeyPatch, revision: int, tasks: int
) -> None:
    """Two at a time would be two migrations at once: of the same revision the one that runs is enough."""
    network = {"networkConfiguration": {"awsvpcConfiguration": {"subnets": ["subnet-1"]}}}
    left = {"taskDefinition": task("sleep infinity").task_definition_arn, "cluster": "main", **network}
    ecs.call_run_task(left, Account(Place("eu-west-1"), Memory(), account))
    (earlier,) = ecs._tasks.values()
    end = {"lastStatus": "STOPPED", "desiredStatus": "STOPPED", "containers": [{"name": "web", "exitCode": 0}]}
    describe, looks = ecs.call_describe_tasks, []

    def later(arguments: Any, around: Any) -> Any:
        looks.append(arguments)
        if len(looks) == 4:
            earlier.update(end)
        return describe(arguments, around)

    monkeypatch.setattr(ecs, "call_describe_tasks", later)
    run(task("./migrate", revision=revision))
    assert len(looks) >= 4
    assert len(ecs._tasks) == tasks


def test_instances_get_the_strategy_and_fargate_no_spot(task: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    call, asked = ecs.call_run_task, []

    def noted(arguments: Any, account: Any) -> Any:
        asked.append(arguments)
        return call(arguments, account)

    monkeypatch.setattr(ecs, "call_run_task", noted)
    run(task("./migrate"))
    run(task("./migrate", capacity_providers=[("group", 1, 0)]))
    assert asked[0]["launchType"] == "FARGATE"
    assert "capacityProviderStrategy" not in asked[0]
    assert asked[1]["capacityProviderStrategy"] == [{"capacityProvider": "group", "weight": 1, "base": 0}]
    assert asked[0]["networkConfiguration"]["awsvpcConfiguration"] == {
        "subnets": ["subnet-1"],
        "securityGroups": ["sg-1"],
        "assignPublicIp": "DISABLED",
    }


def test_a_person_who_may_not_run_tasks_is_told_what_to_read(task: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    def denied(*_: Any) -> Any:
        raise Refused("AccessDeniedException: User is not authorized to perform: ecs:RunTask")

    monkeypatch.setattr(ecs, "call_run_task", denied)
    with pytest.raises(TaskFailedError, match=r"AWS refused: .*ecs:RunTask\. docs/migrations\.md says"):
        run(task("./migrate"))


def test_without_a_way_to_aws_the_region_is_told(task: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:9")
    monkeypatch.setenv("AWS_MAX_ATTEMPTS", "1")
    with pytest.raises(TaskFailedError, match="AWS in eu-west-1 was not reached"):
        run(task("./migrate"))
