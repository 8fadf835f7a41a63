"""Jobs in the whole program: what a stack with them makes, publishes and refuses."""

from typing import Any

import pulumi
import pytest

import settings
from release.project import Stack
from release.targets import targets
from wiring.earlier_runs import EarlierRuns, earlier_runs, renamed
from wiring.state import Resource

from ..conftest import Engine, run_main, stack_config

NIGHTLY: dict[str, Any] = {"repository": "web", "schedule": "cron(30 4 * * ? *)"}
IMAGE = "/container-platform/dev/report/image"


def config(jobs: dict[str, Any], **sections: Any) -> dict[str, Any]:
    """Return the configuration of dev with jobs."""
    whole = stack_config("dev")
    whole[settings.KEY] = {**whole[settings.KEY], "jobs": jobs, **sections}
    return whole


def test_a_job_without_an_image_is_made_and_its_schedule_is_off() -> None:
    program = run_main("dev", config({"report": NIGHTLY}))
    assert program.engine.one("scheduler/schedule:Schedule")["state"] == "DISABLED"
    published = program.outputs["jobs"]["report"]
    assert published["running"] is False
    assert published["imageParameter"] == IMAGE
    assert "release set report" in program.outputs["nextSteps"]["report"]


def test_its_first_release_switches_it_on() -> None:
    program = run_main("dev", config({"report": NIGHTLY}), parameters={IMAGE: f"sha256:{'a' * 64}"})
    assert program.engine.one("scheduler/schedule:Schedule")["state"] == "ENABLED"
    assert program.outputs["jobs"]["report"]["running"] is True
    assert "report" not in program.outputs["nextSteps"]


def test_schedules_are_in_a_group_of_the_stack_that_is_only_made_for_them() -> None:
    with_schedule = run_main("dev", config({"report": NIGHTLY}))
    without = run_main("dev", config({"report": {"repository": "web"}}))
    assert with_schedule.engine.one("scheduler/scheduleGroup:ScheduleGroup")["name"] == "container-platform-dev"
    assert with_schedule.engine.one("scheduler/schedule:Schedule")["groupName"] == "container-platform-dev"
    assert without.engine.find("scheduler/scheduleGroup:ScheduleGroup") == []


def test_failures_are_reported_to_the_stacks_topic_or_another_one() -> None:
    own = run_main("dev", config({"report": NIGHTLY}))
    assert own.engine.one("cloudwatch/eventTarget:EventTarget")["arn"] == own.outputs["notificationTopicArn"]
    topic = "arn:aws:sns:us-east-1:123456789012:alerts"
    other = run_main("dev", config({"report": NIGHTLY}, notifications={"topicArn": topic}))
    assert other.engine.one("cloudwatch/eventTarget:EventTarget")["arn"] == topic
    assert other.engine.find("sns/topic:Topic") == []


def resource(kind: str, name: str) -> Resource:
    return Resource(f"container-platform:index:{kind}$aws:ecs/taskDefinition:TaskDefinition", name, {})


def test_services_and_jobs_of_the_last_run_are_told_apart() -> None:
    state = [resource("Service", "web"), resource("Worker", "mails"), resource("Job", "report")]
    assert earlier_runs(state) == EarlierRuns(frozenset({"web", "mails"}), frozenset({"report"}))


@pytest.mark.parametrize(
    ("kind", "sections", "path"),
    [
        ("Worker", {"jobs": {"report": {"repository": "web"}}}, "jobs.report"),
        ("Job", {"services": {"report": {"repository": "web"}}}, "services.report"),
        ("Job", {"jobs": {"report": {"repository": "web"}}}, None),
    ],
)
def test_one_does_not_become_the_other_in_one_run(kind: str, sections: dict[str, Any], path: str | None) -> None:
    platform = settings.parse({**stack_config("dev")[settings.KEY], "services": {}, **sections})
    found = [settings.path_text(one.path) for one in renamed(platform, earlier_runs([resource(kind, "report")]))]
    assert found == ([path] if path else [])


def test_a_job_that_is_gone_is_told_as_a_job(monkeypatch: pytest.MonkeyPatch) -> None:
    said: list[str] = []
    monkeypatch.setattr(pulumi.log, "warn", lambda text, *_: said.append(text))

    engine = Engine({IMAGE: "none"})
    kind, name, outputs = resource("Job", "report")
    engine.state[f"urn:pulumi:dev::container-platform::{kind}::{name}"] = {"outputs": dict(outputs)}
    run_main("dev", stack_config("dev"), engine=engine)
    (text,) = [text for text in said if "report" in text]
    assert text.startswith("jobs.report is gone from the settings: nothing starts it any more")


@pytest.mark.parametrize(
    ("job", "kinds"),
    [
        (NIGHTLY, ["ecs/taskDefinition:TaskDefinition", "scheduler/schedule:Schedule"]),
        ({"repository": "web"}, ["ecs/taskDefinition:TaskDefinition"]),
    ],
)
def test_a_release_deploys_the_definition_and_the_schedule(job: dict[str, Any], kinds: list[str]) -> None:
    stack = Stack("container-platform", "dev", config({"report": job}))
    start = "urn:pulumi:dev::container-platform::container-platform:index:Job"
    assert targets(stack.target("report")) == [
        f"{start}::report",
        *(f"{start}$aws:{kind}::report" for kind in kinds),
    ]
