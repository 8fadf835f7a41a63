"""Jobs on the real provider: what is made of them, read back from the emulated API, and what a change updates."""

import json
from typing import Any

from tests.integration.conftest import Deployment, Emulator

JOBS: dict[str, Any] = {
    "nightly": {
        "repository": "web",
        "image": "git-1",
        "schedule": "cron(30 4 * * ? *)",
        "timeZone": "Europe/Berlin",
        "retries": 0,
        "flexibleWindowMinutes": 15,
    },
    "once": {"repository": "web"},
}
SCHEDULE, DEFINITION = "scheduler/schedule:Schedule", "ecs/taskDefinition:TaskDefinition"
GROUP = "container-platform-dev"


class TestJobs:
    """One stack with a scheduled job and one that somebody starts."""

    STACK = "dev"

    def test_it_comes_up(self, deployment: Deployment) -> None:
        notifications = {"emails": ["team@example.org"]}
        deployment.edit(lambda platform: platform.update(jobs=JOBS, notifications=notifications))
        done = deployment.run("up")
        assert {step.split()[0] for step in done.steps} == {"create"}
        assert done.outputs["jobs"]["nightly"]["running"] is True
        assert done.outputs["jobs"]["once"]["scheduleName"] == ""

    def test_nothing_changes_afterwards_and_nothing_has_drifted(self, deployment: Deployment) -> None:
        assert deployment.run("preview").steps == []
        deployment.run("refresh", expect_no_changes=True)

    def test_scheduler_runs_the_family_on_the_cluster_in_private_subnets(self, emulator: Emulator) -> None:
        schedule = self._schedule(emulator)
        assert (schedule["State"], schedule["ScheduleExpressionTimezone"]) == ("ENABLED", "Europe/Berlin")
        assert schedule["FlexibleTimeWindow"] == {"MaximumWindowInMinutes": 15, "Mode": "FLEXIBLE"}
        target = schedule["Target"]
        assert target["RetryPolicy"] == {"MaximumEventAgeInSeconds": 3600, "MaximumRetryAttempts": 0}
        parameters = target["EcsParameters"]
        assert parameters["TaskDefinitionArn"].endswith(":task-definition/container-platform_dev_nightly-task")
        network = parameters["NetworkConfiguration"]["awsvpcConfiguration"]
        assert network["AssignPublicIp"] == "DISABLED"
        assert len(network["SecurityGroups"]) == 1
        assert parameters["CapacityProviderStrategy"][0]["capacityProvider"].startswith("FARGATE")

    def test_its_role_and_its_queue_are_closed(self, emulator: Emulator) -> None:
        target = self._schedule(emulator)["Target"]
        role = target["RoleArn"].rpartition("/")[2]
        trust = emulator.client("iam").get_role(RoleName=role)["Role"]["AssumeRolePolicyDocument"]
        source = trust["Statement"][0]["Condition"]["ArnLike"]["aws:SourceArn"]
        assert source.endswith(f":schedule-group/{GROUP}")
        sqs = emulator.client("sqs")
        url = sqs.get_queue_url(QueueName=target["DeadLetterConfig"]["Arn"].rpartition(":")[2])["QueueUrl"]
        attributes = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["All"])["Attributes"]
        assert attributes["MessageRetentionPeriod"] == str(14 * 86_400)
        assert attributes["SqsManagedSseEnabled"] == "true"
        assert json.loads(attributes["Policy"])["Statement"][0]["Sid"] == "TlsOnly"

    def test_failures_go_to_an_encrypted_topic(self, emulator: Emulator) -> None:
        sns, events = emulator.client("sns"), emulator.client("events")
        (topic,) = [one["TopicArn"] for one in sns.list_topics()["Topics"] if ":notifications-" in one["TopicArn"]]
        assert ":key/" in sns.get_topic_attributes(TopicArn=topic)["Attributes"]["KmsMasterKeyId"]
        (subscription,) = sns.list_subscriptions_by_topic(TopicArn=topic)["Subscriptions"]
        assert (subscription["Protocol"], subscription["Endpoint"]) == ("email", "team@example.org")
        rules = [one for one in events.list_rules()["Rules"] if "-job-failed-" in one["Name"]]
        assert len(rules) == 2
        for rule in rules:
            (target,) = events.list_targets_by_rule(Rule=rule["Name"])["Targets"]
            assert target["Arn"] == topic
            assert "<reason>" in target["InputTransformer"]["InputTemplate"]
        alarms = emulator.client("cloudwatch").describe_alarms()["MetricAlarms"]
        (alarm,) = [one for one in alarms if "-job-undelivered-" in one["AlarmName"]]
        assert (alarm["AlarmActions"], alarm["TreatMissingData"]) == ([topic], "ignore")

    def test_a_release_makes_a_revision_and_another_zone_updates_the_schedule(self, deployment: Deployment) -> None:
        nightly = JOBS["nightly"]
        deployment.edit(lambda platform: platform["jobs"].update(nightly={**nightly, "image": "git-2"}))
        steps = deployment.run("preview").steps
        assert {step.split()[1] for step in steps} == {DEFINITION}
        changed = {**nightly, "timeZone": "America/New_York", "enabled": False}
        deployment.edit(lambda platform: platform["jobs"].update(nightly=changed))
        assert deployment.run("up").steps == [f"update {SCHEDULE} nightly"]
        assert deployment.run("preview").steps == []

    def test_down_leaves_nothing(self, deployment: Deployment, emulator: Emulator) -> None:
        deployment.run("destroy")
        assert emulator.client("scheduler").list_schedules()["Schedules"] == []
        groups = emulator.client("scheduler").list_schedule_groups()["ScheduleGroups"]
        assert [group["Name"] for group in groups] == ["default"]
        left = emulator.client("sqs").list_queues().get("QueueUrls", [])
        assert [url for url in left if "-job-undelivered-" in url] == []

    @staticmethod
    def _schedule(emulator: Emulator) -> dict[str, Any]:
        scheduler = emulator.client("scheduler")
        (found,) = scheduler.list_schedules(GroupName=GROUP)["Schedules"]
        schedule: dict[str, Any] = scheduler.get_schedule(GroupName=GROUP, Name=found["Name"])
        return schedule
