"""Mistakes in the settings of jobs, each named with what would be right."""

from typing import Any

import pytest

import settings
from settings import Surroundings

from ..conftest import mistakes, stack_config

NIGHTLY = "cron(30 4 * * ? *)"
PARAMETER = "arn:aws:ssm:eu-west-1:123456789012:parameter/a"
STRATEGY = "capacityProviderStrategy"


def problems(job: dict[str, Any], **sections: Any) -> dict[str, str]:
    """Return the advice for every mistake in a job by its path."""
    raw = {
        **stack_config("dev")[settings.KEY],
        "jobs": {"report": {"repository": "web", **job}},
        **sections,
    }
    return mistakes(raw)


@pytest.mark.parametrize(
    "job",
    [
        {},
        {"schedule": NIGHTLY},
        {"schedule": "rate(1 day)", "enabled": False, "flexibleWindowMinutes": 1439},
        {"schedule": "at(2030-01-31T04:30:00)", "timeZone": "America/New_York", "retries": 185},
        {"schedule": "at(2020-01-31T04:30:00)"},
        {"schedule": NIGHTLY, "timeZone": "UTC", "flexibleWindowMinutes": 1440, "retryForSeconds": 86_400},
        {"taskCount": 10, "cpu": 1024, "memory": 4096, "egress": [{"port": 443, "cidrBlock": "0.0.0.0/0"}]},
        {"capacityProviderStrategy": [{"capacityProvider": "FARGATE_SPOT"}]},
    ],
)
def test_what_is_right_passes(job: dict[str, Any]) -> None:
    assert problems(job) == {}


@pytest.mark.parametrize(
    ("job", "path", "advice"),
    [
        # When.
        ({"schedule": "nightly"}, "schedule", "must be one of rate(12 hours), cron("),
        ({"schedule": "cron(30 4 * * *)"}, "schedule", "has 5 fields, but AWS takes six"),
        ({"schedule": "cron(30 4 * * * *)"}, "schedule", "Put ? into exactly one of them"),
        ({"schedule": "cron(61 4 * * ? *)"}, "schedule", "has 61 as minutes"),
        ({"schedule": "cron(0 4 31 2 ? *)"}, "schedule", "never comes"),
        ({"schedule": "rate(1 hours)"}, "schedule", "must be rate(1 hour)"),
        ({"schedule": "at(2030-02-30T04:30:00)"}, "schedule", "is no date and time"),
        ({"schedule": 5}, "schedule", "must be text"),
        ({"schedule": NIGHTLY, "timeZone": "europe/berlin"}, "timeZone", "Did you mean Europe/Berlin?"),
        ({"schedule": NIGHTLY, "timeZone": "New York"}, "timeZone", "the IANA name of a time zone"),
        ({"schedule": NIGHTLY, "timeZone": "+02:00"}, "timeZone", "not an offset"),
        ({"schedule": NIGHTLY, "timeZone": "localtime"}, "timeZone", "the IANA name"),
        ({"schedule": NIGHTLY, "timezone": "UTC"}, "timezone", "did you mean timeZone?"),
        ({"schedule": "rate(1 hour)", "timeZone": "UTC"}, "timeZone", "has no effect on an interval"),
        ({"schedule": "rate(1 hour)", "flexibleWindowMinutes": 60}, "flexibleWindowMinutes", "as long as the interval"),
        ({"schedule": NIGHTLY, "flexibleWindowMinutes": 1441}, "flexibleWindowMinutes", "must be 1440 or less"),
        ({"schedule": NIGHTLY, "retries": 186}, "retries", "must be 185 or less"),
        ({"schedule": NIGHTLY, "retryForSeconds": 59}, "retryForSeconds", "must be 60 or more"),
        ({"schedule": NIGHTLY, "retries": 0, "retryForSeconds": 60}, "retryForSeconds", "no effect with retries: 0"),
        # What has no effect on a job that somebody starts.
        ({"timeZone": "UTC"}, "timeZone", "Remove it, or set schedule."),
        ({"enabled": True}, "enabled", "has no effect on a job that somebody starts"),
        ({"retries": 3}, "retries", "has no effect on a job that somebody starts"),
        ({"retryForSeconds": 60}, "retryForSeconds", "has no effect on a job that somebody starts"),
        ({"flexibleWindowMinutes": 5}, "flexibleWindowMinutes", "has no effect on a job that somebody starts"),
        # What belongs to services.
        ({"containerPort": 80}, "containerPort", "unknown key"),
        ({"minTasks": 2}, "minTasks", "unknown key"),
        ({"taskCount": 0}, "taskCount", "must be 1 or more"),
        ({"taskCount": 11}, "taskCount", "must be 10 or less"),
        # What tasks of services are refused for too.
        ({"repository": "wbe"}, "repository", "is not in registry.repositories"),
        ({"cpu": 256, "memory": 4096}, "memory", "Fargate has"),
        ({"environment": {"A": "b"}, "secrets": {"A": PARAMETER}}, "environment.A", "is set twice"),
        ({"egress": [{"port": 443, "cidrBlock": "10.0.0.0/8"}]}, "egress", "leaves no way to ECR"),
        ({STRATEGY: [{"capacityProvider": "FARGTE"}]}, f"{STRATEGY}[0].capacityProvider", "Did you mean FARGATE?"),
        ({"networkMode": "bridge"}, "networkMode", "needs an Auto Scaling group"),
        ({"environment": {"A": "b" * 70_000}}, "environment", "ECS takes 65536"),
        ({"secretKmsKeyArns": ["arn:aws:kms:us-east-1:123456789012:key/a"]}, "secretKmsKeyArns[0]", "is in us-east-1"),
    ],
)  # fmt: skip
def test_every_mistake_is_named_with_what_would_be_right(job: dict[str, Any], path: str, advice: str) -> None:
    found = problems(job)
    assert list(found) == [f"jobs.report.{path}"]
    assert advice in found[f"jobs.report.{path}"]


def test_services_and_jobs_have_names_of_their_own() -> None:
    found = problems({}, services={"report": {"repository": "web"}})
    assert found == {
        "jobs.report": "is a service too. Both would have one image, family and log group. Rename one of them."
    }


def test_a_pipeline_is_for_a_service() -> None:
    pipeline = {"source": {"repository": "app"}, "backendUrl": "s3://state-bucket"}
    found = problems({}, pipelines={"report": pipeline})
    assert "is a job, and pipelines deploy services only" in found["pipelines.report"]


def test_a_schedule_takes_six_items_of_a_strategy() -> None:
    groups: dict[str, Any] = {f"group-{number}": {} for number in range(7)}
    strategy = [{"capacityProvider": name} for name in groups]
    job = {"schedule": NIGHTLY, "capacityProviderStrategy": strategy}
    found = problems(job, cluster={"autoScalingGroups": groups})
    assert "has 7 items, but a schedule takes 6" in found["jobs.report.capacityProviderStrategy"]
    cluster = {"autoScalingGroups": groups, "capacityProviderStrategy": strategy}
    shared = problems({"schedule": NIGHTLY}, cluster=cluster)
    assert "Give jobs.report a capacityProviderStrategy" in shared["cluster.capacityProviderStrategy"]
    assert problems({}, cluster=cluster) == {}


def test_several_mistakes_are_told_at_once() -> None:
    found = problems({"schedule": "daily", "cpu": 1, "taskCount": 0, "repository": "wbe"})
    assert set(found) == {f"jobs.report.{key}" for key in ("schedule", "cpu", "taskCount", "repository")}


def test_a_job_without_a_way_out_is_refused_by_the_network() -> None:
    found = problems({}, services={}, network={"natGateways": "none"})
    assert "cuts tasks off from ECR" in found["network.natGateways"]


def test_a_long_stack_makes_no_group_of_schedules() -> None:
    raw = {**stack_config("dev")[settings.KEY], "jobs": {"report": {"repository": "web", "schedule": NIGHTLY}}}
    with pytest.raises(settings.SettingsError) as refused:
        settings.parse(raw, Surroundings("eu-west-1", project="platform" * 4, stack="environment" * 4))
    assert any("a group of schedules has at most 64" in problem.advice for problem in refused.value.problems)
