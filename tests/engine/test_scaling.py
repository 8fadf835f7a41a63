"""Scaling on the real engine: what a living service has of it, and who owns the number of its tasks and its limits."""

import json
from typing import Any

from local.standin.services.ecs import CRASHING

from .conftest import Local
from .test_platform import touched

A, B = (f"sha256:{letter * 64}" for letter in "ab")
SERVICE = "service/container-platform-dev/dev-web"
TARGET, ACTION = "appautoscaling/target:Target", "appautoscaling/scheduledAction:ScheduledAction"
NIGHT: dict[str, Any] = {
    "evening": {"schedule": "cron(0 19 ? * * *)", "minTasks": 0, "maxTasks": 0},
    "morning": {"schedule": "cron(0 7 ? * * *)", "timeZone": "Europe/Berlin"},
}
STEPS: dict[str, Any] = {
    "jump": {
        "namespace": "AWS/ECS",
        "metricName": "CPUUtilization",
        "steps": [{"lower": 85, "upper": 95, "change": 2}, {"lower": 95, "change": 4}],
    }
}


def later(project: Local, **values: int) -> None:
    """Let a scaler or a schedule set the limits or the number of the tasks of `web`."""
    (file,) = (project.root / ".local").glob("**/memory.json")
    known = json.loads(file.read_text())
    scaled = known["scaled"].get(SERVICE, {})
    file.write_text(json.dumps({**known, "scaled": {**known["scaled"], SERVICE: {**scaled, **values}}}))


def on_aws(project: Local) -> dict[str, int]:
    """Return what a scaler or a schedule has set since the program's last word."""
    (file,) = (project.root / ".local").glob("**/memory.json")
    found: dict[str, int] = json.loads(file.read_text())["scaled"].get(SERVICE, {})
    return found


def limits(project: Local) -> tuple[int, int]:
    """Return the limits of `web`, as the state has them."""
    (target,) = project.find(TARGET)
    return int(target["outputs"]["minCapacity"]), int(target["outputs"]["maxCapacity"])


def count(project: Local) -> int:
    """Return how many tasks `web` has, as the state has it."""
    (service,) = project.find("ecs/service:Service")
    return int(service["outputs"]["desiredCount"])


class TestPolicies:
    """What a living service is scaled on comes and goes, and its tasks stay."""

    def test_policies_of_every_kind_come_beside_the_first(self, project: Local) -> None:
        project.ok("up")
        assert project.release("set", "web", A).returncode == 0
        project.ok("up")
        project.web(memoryTarget=80, requestsTarget=500, stepScaling=STEPS)
        assert touched(project.ok("up")) == {
            "+ create appautoscaling.Policy web-memory",
            "+ create appautoscaling.Policy web-requests",
            "+ create appautoscaling.Policy web-step-jump",
            "+ create cloudwatch.MetricAlarm web-step-jump",
        }
        kinds = {item["urn"].rpartition("::")[2] for item in project.find("appautoscaling/policy:Policy")}
        assert kinds == {"web-cpu", "web-memory", "web-requests", "web-step-jump"}
        project.unchanged()

    def test_requests_are_those_of_the_services_own_target_group(self, project: Local) -> None:
        (policy,) = [item for item in project.find("appautoscaling/policy:Policy") if "requests" in item["urn"]]
        (balancer,), (group,) = project.find("lb/loadBalancer:LoadBalancer"), project.find("lb/targetGroup:TargetGroup")
        metric = policy["inputs"]["targetTrackingScalingPolicyConfiguration"]["predefinedMetricSpecification"]
        assert metric["resourceLabel"] == f"{balancer['outputs']['arnSuffix']}/{group['outputs']['arnSuffix']}"

    def test_an_alarm_begins_the_steps(self, project: Local) -> None:
        (alarm,) = [one for one in project.find("cloudwatch/metricAlarm:MetricAlarm") if "step-jump" in one["urn"]]
        (policy,) = [one for one in project.find("appautoscaling/policy:Policy") if "step-jump" in one["urn"]]
        assert alarm["inputs"]["alarmActions"] == [policy["outputs"]["arn"]]
        assert alarm["inputs"]["dimensions"] == {"ClusterName": "container-platform-dev", "ServiceName": "dev-web"}

    def test_scaling_is_suspended_and_resumed_in_place(self, project: Local) -> None:
        project.web(scalingSuspended=["in", "out"])
        assert touched(project.ok("up")) == {"~ update appautoscaling.Target web"}
        project.web(scalingSuspended=[])
        assert touched(project.ok("up")) == {"~ update appautoscaling.Target web"}
        (target,) = project.find(TARGET)
        assert set(target["inputs"]["suspendedState"].values()) == {False}

    def test_a_policy_of_another_name_is_made_before_the_old_one_goes(self, project: Local) -> None:
        project.web(stepScaling={"leap": STEPS["jump"]})
        done = project.ok("up")
        assert done.index("create   appautoscaling.Policy  web-step-leap") < done.index(
            "delete   appautoscaling.Policy  web"
        )
        project.unchanged()

    def test_scaling_never_touches_the_number_of_tasks(self, project: Local) -> None:
        later(project, desiredCount=7)
        project.unchanged()
        project.ok("refresh")
        project.unchanged()
        assert count(project) == 7

    def test_a_number_outside_new_limits_is_brought_within_by_aws(self, project: Local) -> None:
        project.web(maxTasks=5)
        assert touched(project.ok("up")) == {"~ update appautoscaling.Target web"}
        assert on_aws(project) == {"desiredCount": 5}


class TestOwner:
    """Who owns the number of tasks, as scaling goes off and on."""

    def test_switching_it_off_sets_the_number_in_the_settings(self, project: Local) -> None:
        project.ok("up")
        assert project.release("set", "web", A).returncode == 0
        project.ok("up")
        later(project, desiredCount=7)
        project.web(minTasks=2, maxTasks=2)
        done = touched(project.ok("up"))
        assert "~ update ecs.Service web" in done
        assert not project.find(TARGET)
        assert (count(project), on_aws(project)) == (2, {})
        project.unchanged()

    def test_a_fixed_number_is_changed_by_the_settings(self, project: Local) -> None:
        project.web(minTasks=3, maxTasks=3)
        assert touched(project.ok("up")) == {"~ update ecs.Service web"}
        assert count(project) == 3

    def test_switching_it_on_keeps_what_runs_within_the_limits(self, project: Local) -> None:
        project.web(minTasks=1, maxTasks=10)
        done = touched(project.ok("up"))
        assert not [step for step in done if "ecs." in step]
        assert (count(project), on_aws(project)) == (3, {})
        project.unchanged()


class TestSchedules:
    """The limits of a service that schedules change."""

    def test_there_are_none_before_the_first_image(self, project: Local) -> None:
        project.web(minTasks=2, maxTasks=6, scheduledScaling=NIGHT)
        project.ok("up")
        assert (limits(project), project.find(ACTION)) == ((0, 0), [])

    def test_the_first_image_sets_the_limits_and_makes_them(self, project: Local) -> None:
        assert project.release("set", "web", A).returncode == 0
        done = project.release("deploy", "web")
        assert done.returncode == 0, done.stdout + done.stderr
        assert limits(project) == (2, 6)
        project.ok("up")
        assert len(project.find(ACTION)) == 2
        project.unchanged()

    def test_a_run_at_night_starts_nothing(self, project: Local) -> None:
        later(project, minCapacity=0, maxCapacity=0, desiredCount=0)
        project.unchanged()
        project.ok("refresh")
        assert (limits(project), count(project)) == ((0, 0), 0)
        project.unchanged()

    def test_a_release_at_night_starts_nothing_either(self, project: Local) -> None:
        assert project.release("set", "web", B).returncode == 0
        assert "appautoscaling" not in str(touched(project.ok("up")))
        assert (limits(project), on_aws(project)["desiredCount"]) == ((0, 0), 0)
        project.unchanged()

    def test_other_limits_in_the_settings_hold_at_once_until_the_next_schedule(self, project: Local) -> None:
        project.web(maxTasks=8)
        done = touched(project.ok("up"))
        assert "~ update appautoscaling.Target web" in done
        assert not [step for step in done if "replace" in step or "Policy" in step]
        assert (limits(project), on_aws(project)) == ((2, 8), {"desiredCount": 2})
        later(project, minCapacity=0, maxCapacity=0, desiredCount=0)
        project.ok("refresh")
        project.unchanged()

    def test_a_schedule_is_changed_in_place(self, project: Local) -> None:
        project.web(scheduledScaling={**NIGHT, "evening": {**NIGHT["evening"], "schedule": "cron(0 21 ? * * *)"}})
        assert touched(project.ok("up")) == {"~ update appautoscaling.ScheduledAction web-schedule-evening"}

    def test_without_schedules_the_settings_limits_hold_again(self, project: Local) -> None:
        project.web(maxTasks=9)
        project.ok("up")
        later(project, minCapacity=0, maxCapacity=0, desiredCount=0)
        project.web(scheduledScaling={})
        done = touched(project.ok("up"))
        assert not [step for step in done if "ecs." in step or "replace" in step]
        assert not project.find(ACTION)
        assert (limits(project), on_aws(project)) == ((2, 9), {"desiredCount": 2})
        project.unchanged()

    def test_they_can_come_back_while_a_release_waits(self, project: Local) -> None:
        project.web(scheduledScaling=NIGHT)
        assert project.release("set", "web", A).returncode == 0
        done = project.release("deploy", "web")
        assert done.returncode == 0, done.stdout + done.stderr
        project.ok("up")
        assert len(project.find(ACTION)) == 2
        project.unchanged()

    def test_a_deployment_that_fails_leaves_the_limits(self, project: Local) -> None:
        assert project.release("set", "web", CRASHING).returncode == 0
        project.fails("up")
        assert limits(project) == (2, 9)
        assert project.release("rollback", "web").returncode == 0
        project.ok("up")

    def test_everything_goes(self, project: Local) -> None:
        assert "nothing is left of dev" in project.ok("down")
        assert project.state() == []
