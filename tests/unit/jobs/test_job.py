"""A job: what it makes, how it is started, and how its failures are told."""

import itertools
import json
import shlex
from typing import Any, Final, Unpack

import pulumi
import pytest

from components import Job, JobArgs, ScheduleGroup
from components.jobs import commands, failures, role_documents
from components.jobs.args import JobChoices, JobLinks
from components.tasks.args import Compatibility, NetworkMode

from ..conftest import ACCOUNT, REGION, Engine, Run

CLUSTER: Final = f"arn:aws:ecs:{REGION}:{ACCOUNT}:cluster/main"
FAMILY: Final = f"arn:aws:ecs:{REGION}:{ACCOUNT}:task-definition/report-task"
TOPIC: Final = f"arn:aws:sns:{REGION}:{ACCOUNT}:alerts"
NIGHTLY: Final = "cron(30 4 * * ? *)"


class Changes(JobChoices, JobLinks, total=False):
    """What a test may change."""


NEEDED: Final[JobArgs] = {
    "job_name": "report",
    "cluster_arn": CLUSTER,
    "vpc_id": "vpc-0abc",
    "subnet_ids": ["subnet-private-a"],
    "repository_url": f"{ACCOUNT}.dkr.ecr.{REGION}.amazonaws.com/dev/report",
    "repository_arn": f"arn:aws:ecr:{REGION}:{ACCOUNT}:repository/dev/report",
}


def job(**changes: Unpack[Changes]) -> Job:
    """Make a job with an image, and no schedule unless the changes say so."""
    return Job("report", {**NEEDED, "image": "git-1", **changes})


def schedule(engine: Engine) -> dict[str, Any]:
    """Return the only schedule."""
    return engine.one("scheduler/schedule:Schedule")


class TestOnce:
    def test_a_job_without_a_schedule_is_a_task_definition_that_somebody_runs(self, run: Run) -> None:
        engine = run(job)
        for kind in ("scheduler/schedule:Schedule", "sqs/queue:Queue", "cloudwatch/eventRule:EventRule"):
            assert engine.find(kind) == []
        (container,) = json.loads(engine.one("ecs/taskDefinition:TaskDefinition")["containerDefinitions"])
        assert container["portMappings"] == []
        assert container["name"] == "report"
        assert engine.one("ec2/securityGroup:SecurityGroup")["description"] == "Tasks of the job report"
        assert engine.find("vpc/securityGroupIngressRule:SecurityGroupIngressRule") == []

    def test_its_command_runs_the_newest_revision_in_private_subnets(self, run: Run) -> None:
        seen: list[str] = []
        run(lambda: job(task_count=2).run_command.apply(seen.append))
        words = shlex.split(seen[0])
        assert words[:3] == ["aws", "ecs", "run-task"]
        said = dict(itertools.pairwise(words))
        assert (said["--cluster"], said["--task-definition"], said["--count"]) == ("main", "report-task", "2")
        assert said["--capacity-provider-strategy"] == "capacityProvider=FARGATE,weight=1,base=0"
        network = json.loads(said["--network-configuration"])["awsvpcConfiguration"]
        assert network["subnets"] == ["subnet-private-a"]
        assert network["assignPublicIp"] == "DISABLED"

    def test_tasks_in_bridge_mode_have_no_network_of_their_own(self) -> None:
        words = commands.run_task(CLUSTER, "report-task", [{"capacity_provider": "apps"}], [], None, 1)
        assert "--network-configuration" not in words

    def test_its_outputs_say_that_it_has_no_schedule(self, run: Run) -> None:
        seen: list[Any] = []

        def program() -> None:
            made = job(image_parameter="/main/report/image")
            pulumi.Output.all(made.schedule_name, made.dead_letter_queue_url, made.family, made.image_parameter).apply(
                seen.append
            )

        engine = run(program)
        assert seen == [["", "", "report-task", "/main/report/image"]]
        assert engine.one("ssm/parameter:Parameter")["value"] == "none"


class TestSchedule:
    def test_it_runs_the_newest_revision_at_its_time(self, run: Run) -> None:
        engine = run(lambda: job(schedule=NIGHTLY, time_zone="Europe/Berlin", capacity_providers={}))
        made = schedule(engine)
        assert (made["scheduleExpression"], made["scheduleExpressionTimezone"]) == (NIGHTLY, "Europe/Berlin")
        assert (made["state"], made["flexibleTimeWindow"], made["groupName"]) == ("ENABLED", {"mode": "OFF"}, "default")
        assert made["target"]["arn"] == CLUSTER
        parameters = made["target"]["ecsParameters"]
        assert parameters["taskDefinitionArn"] == FAMILY
        assert parameters["networkConfiguration"]["assignPublicIp"] is False
        assert parameters["capacityProviderStrategies"] == [{"capacityProvider": "FARGATE", "weight": 1, "base": 0}]
        # Three more within the hour, not AWS's 185 within a day.
        assert made["target"]["retryPolicy"] == {"maximumRetryAttempts": 3, "maximumEventAgeInSeconds": 3600}

    def test_a_window_spreads_the_start(self, run: Run) -> None:
        made = schedule(run(lambda: job(schedule=NIGHTLY, flexible_window_minutes=15)))
        assert made["flexibleTimeWindow"] == {"mode": "FLEXIBLE", "maximumWindowInMinutes": 15}

    def test_it_is_off_before_the_first_image_and_if_somebody_says_so(self, run: Run) -> None:
        assert schedule(run(lambda: Job("report", {**NEEDED, "schedule": NIGHTLY})))["state"] == "DISABLED"
        assert schedule(run(lambda: job(schedule=NIGHTLY, enabled=False)))["state"] == "DISABLED"

    def test_two_schedules_never_run_the_job_side_by_side(self, run: Run) -> None:
        (made,) = run(lambda: job(schedule=NIGHTLY)).all("scheduler/schedule:Schedule")
        assert made.deleted_first

    def test_it_waits_for_all_that_a_run_needs(self, run: Run) -> None:
        engine = run(lambda: job(schedule=NIGHTLY))
        (made,) = engine.all("scheduler/schedule:Schedule")
        needed = [
            *engine.all("iam/rolePolicy:RolePolicy"),
            *engine.all("sqs/queuePolicy:QueuePolicy"),
            *engine.all("vpc/securityGroupEgressRule:SecurityGroupEgressRule"),
        ]
        assert len(needed) == 4
        assert {one.urn for one in needed} <= set(made.depends_on)

    def test_its_role_may_start_this_job_on_this_cluster_only(self) -> None:
        roles = [f"arn:aws:iam::{ACCOUNT}:role/{name}" for name in ("execution", "task")]
        queue = f"arn:aws:sqs:{REGION}:{ACCOUNT}:dead"
        start, tag, give, keep = json.loads(role_documents.scheduler_permissions(CLUSTER, FAMILY, roles, queue))[
            "Statement"
        ]
        # ECS judges the revision that it finds, older rules of IAM the family as it was asked for.
        assert start["Resource"] == [FAMILY, f"{FAMILY}:*"]
        assert start["Condition"] == {"ArnEquals": {"ecs:cluster": CLUSTER}}
        assert tag["Resource"] == [f"arn:aws:ecs:{REGION}:{ACCOUNT}:task/main/*"]
        assert tag["Condition"] == {"StringEquals": {"ecs:CreateAction": "RunTask"}}
        assert give["Resource"] == roles
        assert give["Condition"] == {"StringEquals": {"iam:PassedToService": "ecs-tasks.amazonaws.com"}}
        assert (keep["Action"], keep["Resource"]) == (["sqs:SendMessage"], [queue])

    def test_only_schedules_of_its_group_in_this_account_use_the_role(self) -> None:
        (statement,) = json.loads(role_documents.scheduler_trust(CLUSTER, "main"))["Statement"]
        assert statement["Principal"] == {"Service": "scheduler.amazonaws.com"}
        assert statement["Condition"] == {
            "StringEquals": {"aws:SourceAccount": ACCOUNT},
            "ArnLike": {"aws:SourceArn": f"arn:aws:scheduler:{REGION}:{ACCOUNT}:schedule-group/main"},
        }

    def test_what_could_not_be_started_is_kept_and_told(self, run: Run) -> None:
        engine = run(lambda: job(schedule=NIGHTLY, notification_topic_arn=TOPIC))
        target = schedule(engine)["target"]
        assert target["deadLetterConfig"]["arn"].endswith(":report-job-undelivered")
        alarm = engine.one("cloudwatch/metricAlarm:MetricAlarm")
        assert alarm["alarmActions"] == [TOPIC]
        assert "docs/scheduled-tasks.md" in alarm["alarmDescription"]

    def test_tasks_on_instances_take_their_names_and_may_share_their_group(self, run: Run) -> None:
        engine = run(
            lambda: job(
                schedule=NIGHTLY,
                capacity_provider_strategy=[{"capacity_provider": "apps", "base": 1}],
                capacity_providers={"apps": "apps-0abc"},
                compatibility=Compatibility.EC2,
                network_mode=NetworkMode.BRIDGE,
                instance_security_group_id="sg-instances",
            )
        )
        parameters = schedule(engine)["target"]["ecsParameters"]
        assert parameters["capacityProviderStrategies"] == [{"capacityProvider": "apps-0abc", "weight": 1, "base": 1}]
        assert "networkConfiguration" not in parameters
        assert engine.find("ec2/securityGroup:SecurityGroup") == []

    def test_a_group_of_schedules_has_the_name_that_permissions_say(self, run: Run) -> None:
        engine = run(lambda: ScheduleGroup("schedules", {"group_name": "platform-dev"}))
        assert engine.one("scheduler/scheduleGroup:ScheduleGroup")["name"] == "platform-dev"


class TestFailures:
    def matches(self, **detail: Any) -> bool:
        """Judge an event of a stopped task as EventBridge does, for the operators that the pattern uses."""
        event = {
            "source": "aws.ecs",
            "detail-type": "ECS Task State Change",
            "detail": {
                "clusterArn": CLUSTER,
                "group": "family:report-task",
                "lastStatus": "STOPPED",
                "stopCode": "EssentialContainerExited",
                "containers": [{"name": "report", "exitCode": 0}],
                **detail,
            },
        }
        return _matches(json.loads(failures.pattern(CLUSTER, "report-task", "report")), event)

    def test_a_run_that_ended_well_is_none(self) -> None:
        assert not self.matches()
        assert not self.matches(containers=[{"name": "proxy", "exitCode": 137}, {"name": "report", "exitCode": 0}])

    @pytest.mark.parametrize(
        "detail",
        [
            {"containers": [{"name": "report", "exitCode": 1}]},
            {"containers": [{"name": "proxy", "exitCode": 0}, {"name": "report", "exitCode": 137}]},
            {"containers": [{"name": "report"}]},
            {"stopCode": "TaskFailedToStart", "containers": [{"name": "report"}]},
            {"stopCode": "SpotInterruption"},
            {"stopCode": "TerminationNotice"},
        ],
    )
    def test_a_run_that_did_not_is(self, detail: dict[str, Any]) -> None:
        assert self.matches(**detail)

    @pytest.mark.parametrize(
        "detail",
        [
            {"stopCode": "UserInitiated", "containers": [{"name": "report", "exitCode": 143}]},
            {"stopCode": "UserInitiated", "containers": [{"name": "report"}]},
            {"lastStatus": "RUNNING", "containers": [{"name": "report"}]},
            {"group": "service:web", "containers": [{"name": "report", "exitCode": 1}]},
            {"clusterArn": "other", "containers": [{"name": "report", "exitCode": 1}]},
        ],
    )
    def test_what_somebody_stopped_or_is_of_others_is_not_told(self, detail: dict[str, Any]) -> None:
        assert not self.matches(**detail)

    def test_the_message_says_what_to_look_at(self, run: Run) -> None:
        engine = run(lambda: job(notification_topic_arn=TOPIC))
        target = engine.one("cloudwatch/eventTarget:EventTarget")
        assert target["arn"] == TOPIC
        lines = target["inputTransformer"]["inputTemplate"].split("\n")
        assert all(line.startswith('"') and line.endswith('"') for line in lines)
        text = "\n".join(lines)
        for part in ("The job report failed on main", "exit code <exit>", "aws logs tail /ecs/report", "<reason>"):
            assert part in text
        assert set(target["inputTransformer"]["inputPaths"]) == {"task", "code", "reason", "container", "exit"} | {
            "details",
            "started",
            "stopped",
        }


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"schedule": "cron(30 4 * * *)"}, "schedule 'cron.*has 5 fields"),
        ({"network_mode": NetworkMode.BRIDGE}, "needs compatibility EC2"),
    ],
)
def test_arguments_that_are_wrong_are_refused_before_anything_is_made(run: Run, changes: Changes, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        run(lambda: job(**changes))


def _matches(pattern: dict[str, Any], event: dict[str, Any]) -> bool:
    alternatives = pattern.get("$or", [{}])
    rest = {name: one for name, one in pattern.items() if name != "$or"}
    return all(_field(rest[name], event, name) for name in rest) and any(
        all(_field(one[name], event, name) for name in one) for one in alternatives
    )


def _field(wanted: Any, event: dict[str, Any], name: str) -> bool:
    there = event.get(name)
    if isinstance(wanted, dict):
        # Of a list, one item must have all that is asked of it.
        return any(_matches(wanted, one) for one in (there if isinstance(there, list) else [there or {}]))
    return any(_value(one, there, exists=name in event) for one in wanted)


def _value(wanted: Any, there: Any, *, exists: bool) -> bool:
    if isinstance(wanted, dict):
        ((operator, operand),) = wanted.items()
        return exists is operand if operator == "exists" else exists and there not in operand
    return exists and bool(there == wanted)
