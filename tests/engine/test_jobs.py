"""Jobs on the real engine: from the first `up` without an image to one that is taken out."""

import json
from typing import Any

from .conftest import Local
from .test_platform import touched

A, B = (f"sha256:{letter * 64}" for letter in "ab")
JOBS: dict[str, Any] = {
    "nightly": {"repository": "web", "schedule": "cron(30 4 * * ? *)", "timeZone": "Europe/Berlin"},
    "once": {"repository": "web"},
}
SCHEDULE = "~ update scheduler.Schedule nightly"


def revised(name: str) -> set[str]:
    """Return what a new revision of a job shows."""
    return {f"+ create replacement ecs.TaskDefinition {name}", f"· keep in AWS ecs.TaskDefinition {name}"}


def schedule(project: Local) -> dict[str, Any]:
    """Return the only schedule as it was asked for."""
    (found,) = project.find("scheduler/schedule:Schedule")
    inputs: dict[str, Any] = found["inputs"]
    return inputs


def images(project: Local) -> dict[str, str]:
    """Return what the newest revision of each job and service runs."""
    return {
        str(item["urn"]).rpartition("::")[2]: json.loads(item["inputs"]["containerDefinitions"])[0]["image"]
        for item in project.find("ecs/taskDefinition:TaskDefinition")
    }


class TestJobs:
    """A dev stack with a scheduled job and one that somebody starts."""

    def test_the_first_up_makes_a_schedule_that_is_off_and_a_place_for_failures(self, project: Local) -> None:
        project.edit(lambda platform: platform.update(jobs=JOBS))
        printed = project.ok("up")
        assert "policies kept" in printed
        assert schedule(project)["state"] == "DISABLED"
        published = json.loads(project.ok("outputs", "--json"))
        assert published["jobs"]["nightly"]["running"] is False
        assert published["jobs"]["nightly"]["deadLetterQueueUrl"].startswith("https://sqs.")
        assert published["jobs"]["once"]["scheduleName"] == ""
        assert published["jobs"]["once"]["runCommand"].startswith("aws ecs run-task")
        assert published["notificationTopicArn"]
        assert {"web", "nightly", "once"} == set(published["nextSteps"])

    def test_a_second_up_and_a_refresh_change_nothing(self, project: Local) -> None:
        project.unchanged()
        assert "Refresh: no changes" in project.ok("refresh")

    def test_the_first_release_switches_the_schedule_on_and_touches_nothing_else(self, project: Local) -> None:
        assert project.release("set", "nightly", A).returncode == 0
        project.edit(lambda platform: platform["network"].update(flowLogRetentionDays=14))
        done = project.release("deploy", "nightly")
        assert done.returncode == 0, done.stdout + done.stderr
        assert touched(done.stdout) == {*revised("nightly"), SCHEDULE}
        assert schedule(project)["state"] == "ENABLED"
        project.edit(lambda platform: platform["network"].update(flowLogRetentionDays=7))
        project.unchanged()

    def test_a_release_is_a_new_revision_of_the_family_that_the_schedule_names(self, project: Local) -> None:
        assert project.release("set", "nightly", B).returncode == 0
        assert touched(project.ok("preview")) == revised("nightly")
        assert touched(project.ok("up")) == revised("nightly")
        assert images(project)["nightly"].endswith(B)
        target = schedule(project)["target"]["ecsParameters"]["taskDefinitionArn"]
        assert target.endswith("task-definition/container-platform_dev_nightly-task")

    def test_going_back_is_a_newer_revision_still(self, project: Local) -> None:
        assert project.release("rollback", "nightly").returncode == 0
        done = project.release("deploy", "nightly")
        assert touched(done.stdout) == revised("nightly")
        assert images(project)["nightly"].endswith(A)

    def test_a_job_that_somebody_starts_is_released_the_same_way(self, project: Local) -> None:
        assert project.release("set", "once", A).returncode == 0
        done = project.release("deploy", "once")
        assert done.returncode == 0, done.stdout + done.stderr
        assert touched(done.stdout) == revised("once")

    def test_another_time_zone_and_a_pause_change_the_schedule_alone(self, project: Local) -> None:
        project.edit(lambda platform: platform["jobs"]["nightly"].update(timeZone="America/New_York"))
        assert touched(project.ok("up")) == {SCHEDULE}
        project.edit(lambda platform: platform["jobs"]["nightly"].update(enabled=False))
        assert touched(project.ok("up")) == {SCHEDULE}
        assert schedule(project)["state"] == "DISABLED"

    def test_a_wrong_schedule_changes_nothing(self, project: Local) -> None:
        project.edit(lambda platform: platform["jobs"]["nightly"].update(schedule="cron(30 4 * * *)"))
        said = project.fails("up")
        assert "jobs.nightly.schedule" in said
        assert "has 5 fields, but AWS takes six" in said
        project.edit(lambda platform: platform["jobs"]["nightly"].update(schedule=JOBS["nightly"]["schedule"]))

    def test_a_job_does_not_become_a_service_in_one_run(self, project: Local) -> None:
        service = {"kind": "worker", "repository": "web"}
        project.edit(lambda platform: platform["services"].update(once=service) or platform["jobs"].pop("once"))
        said = project.fails("up")
        assert "services.once" in said
        assert "is a job of the running stack" in said
        project.edit(lambda platform: platform["jobs"].update(once=platform["services"].pop("once") and JOBS["once"]))
        project.unchanged()

    def test_a_job_that_is_taken_out_leaves_nothing_but_its_revisions(self, project: Local) -> None:
        project.edit(lambda platform: platform.pop("jobs"))
        printed = project.ok("up")
        assert "jobs.nightly is gone from the settings" in printed
        assert "services.nightly" not in printed
        for kind in ("scheduler/schedule:Schedule", "scheduler/scheduleGroup:ScheduleGroup", "sqs/queue:Queue"):
            assert project.find(kind) == []
        assert "nothing is left of dev" in project.ok("down")
