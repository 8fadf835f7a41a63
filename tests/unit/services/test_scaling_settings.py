"""What a stack may say of scaling: each mistake named with path and value, and what would be right."""

from typing import Any

import pytest

import settings

from ..conftest import stack_config
from ..settings.test_settings import problems

WORKER: dict[str, Any] = {"kind": "worker", "repository": "web"}
WAITING: dict[str, Any] = {"namespace": "Shop", "metricName": "Waiting"}
FIRST: dict[str, Any] = {"lower": 1, "change": 1}
STEP: dict[str, Any] = {**WAITING, "steps": [FIRST]}
TARGET: dict[str, Any] = {**WAITING, "target": 5}
EVENING: dict[str, Any] = {"schedule": "cron(0 19 ? * * *)", "minTasks": 0, "maxTasks": 0}
MORNING: dict[str, Any] = {"schedule": "cron(0 7 ? * * *)"}
SUM: dict[str, Any] = {"expression": "a / b", "metrics": {"a": WAITING, "b": WAITING}, "target": 1}


def platform(**web: Any) -> dict[str, Any]:
    """Return the dev stack's settings with the service `web` scaled like this."""
    raw: dict[str, Any] = stack_config("dev")[settings.KEY]
    raw["services"]["web"].update(web)
    return raw


def worker(**changes: Any) -> dict[str, Any]:
    """Return the dev stack's settings with a worker `jobs` scaled like this."""
    raw: dict[str, Any] = stack_config("dev")[settings.KEY]
    raw["services"]["jobs"] = {**WORKER, **changes}
    return raw


@pytest.mark.parametrize(
    "web",
    [
        {"memoryTarget": 80, "requestsTarget": 500, "scaleInCooldownSeconds": 0, "disableScaleIn": False},
        {"cpuTarget": "none", "metricTargets": {"waiting": TARGET}},
        {"cpuTarget": "none", "metricTargets": {"ratio": SUM}},
        {"cpuTarget": "none", "stepScaling": {"waiting": STEP}},
        {"minTasks": 1, "maxTasks": 1, "scheduledScaling": {"evening": EVENING, "morning": MORNING}},
        {"minTasks": 2, "maxTasks": 2, "scheduledScaling": {"day": {**MORNING, "maxTasks": 9}}, "cpuTarget": 50},
        {"scheduledScaling": {"once": {"schedule": "at(2030-01-31T18:00:00)", "minTasks": 8, "maxTasks": 90}}},
        {"scalingSuspended": ["in", "out", "scheduled"], "scheduledScaling": {"day": {**MORNING, "maxTasks": 9}}},
        {"metricTargets": {"slow": {"namespace": "AWS/ApplicationELB", "metricName": "RequestCount", "target": 1}}},
    ],
)  # fmt: skip
def test_what_scaling_can_is_accepted(web: dict[str, Any]) -> None:
    assert settings.parse(platform(**web))


@pytest.mark.parametrize(
    "jobs",
    [
        {"minTasks": 0, "stepScaling": {"first": STEP}},
        {"minTasks": 0, "scheduledScaling": {"morning": {**MORNING, "minTasks": 1}}},
        {"scheduledScaling": {"evening": {**EVENING, "maxTasks": 10}}, "minTasks": 0, "stepScaling": {"first": STEP}},
    ],
)
def test_workers_that_can_start_again_may_stop(jobs: dict[str, Any]) -> None:
    assert settings.parse(worker(**jobs))


MISTAKES: list[tuple[dict[str, Any], str, str]] = [
    ({"minTasks": 5, "maxTasks": 4}, "minTasks", "is above maxTasks, 4"),
    ({"minTasks": 0}, "minTasks", "would leave requests without an answer"),
    ({"cpuTarget": 0}, "cpuTarget", "must be from 1 to 100, in percent; or none"),
    ({"cpuTarget": False}, "cpuTarget", "or none, not to scale on it"),
    ({"cpuTarget": "none"}, "cpuTarget", "leaves nothing to scale on. Set a percentage, or memoryTarget"),
    ({"memoryTarget": 101}, "memoryTarget", "must be 100 or less"),
    ({"requestsTarget": 0}, "requestsTarget", "must be 1 or more"),
    ({"scaleInCooldownSeconds": -1}, "scaleInCooldownSeconds", "must be 0 or more"),
    ({"minTasks": 2, "maxTasks": 2, "cpuTarget": 60}, "cpuTarget", "has no effect while minTasks and maxTasks are the"),
    ({"minTasks": 2, "maxTasks": 2, "memoryTarget": 60}, "memoryTarget", "has no effect while"),
    ({"minTasks": 2, "maxTasks": 2, "requestsTarget": 60}, "requestsTarget", "has no effect while"),
    ({"minTasks": 2, "maxTasks": 2, "metricTargets": {"one": TARGET}}, "metricTargets", "has no effect while"),
    ({"minTasks": 2, "maxTasks": 2, "stepScaling": {"one": STEP}}, "stepScaling", "has no effect while"),
    ({"minTasks": 2, "maxTasks": 2, "scalingSuspended": ["in"]}, "scalingSuspended", "has no effect while"),
    (
        {"minTasks": 1, "maxTasks": 1, "memoryTarget": 60, "scheduledScaling": {"one": EVENING, "two": MORNING}},
        "memoryTarget",
        "minTasks and maxTasks are always the same",
    ),
    (
        {"cpuTarget": "none", "stepScaling": {"one": STEP}, "scaleOutCooldownSeconds": 60},
        "scaleOutCooldownSeconds",
        "has no effect without a target",
    ),
    ({"disableScaleIn": True, "scaleInCooldownSeconds": 60}, "scaleInCooldownSeconds", "no effect with disableScaleIn"),
    ({"scalingSuspended": ["scheduled"]}, "scalingSuspended[0]", "has no effect without scheduledScaling"),
    ({"scalingSuspended": ["in", "in"]}, "scalingSuspended[1]", "is listed twice"),
    ({"scalingSuspended": ["all"]}, "scalingSuspended[0]", "must be 'in', 'out' or 'scheduled'"),
    # Metrics
    ({"metricTargets": {"one": {"target": 1}}}, "metricTargets.one.namespace", "is missing. Name one by namespace"),
    ({"metricTargets": {"one": {**WAITING, "target": 0}}}, "metricTargets.one.target", "must be more than 0"),
    ({"metricTargets": {"one": {**SUM, "namespace": "Shop"}}}, "metricTargets.one.namespace", "has no effect beside e"),
    ({"metricTargets": {"one": {"expression": "a", "target": 1}}}, "metricTargets.one.metrics", "is missing. expressi"),
    ({"metricTargets": {"one": {**TARGET, "metrics": {"a": WAITING}}}}, "metricTargets.one.metrics", "needs expressio"),
    ({"metricTargets": {"one": {**SUM, "expression": "a / c"}}}, "metricTargets.one.expression", "names c, but metric"),
    ({"metricTargets": {"one": {**SUM, "expression": "a"}}}, "metricTargets.one.metrics", "has b, which expression"),
    (
        {"metricTargets": {"one": {**SUM, "metrics": {"A": WAITING, "b": WAITING}}}},
        "metricTargets.one.metrics.A",
        "beginning with a lower-case letter",
    ),
    ({"metricTargets": {"one": {**TARGET, "unit": "Pieces"}}}, "metricTargets.one.unit", "'Seconds'"),
    ({"metricTargets": {"one": {**TARGET, "statistic": "p99"}}}, "metricTargets.one.statistic", "'Average'"),
    ({"metricTargets": {"one": TARGET, "two": {**TARGET, "target": 9}}}, "metricTargets.two", "has the same metric as"),
    (
        {"metricTargets": {"one": {"namespace": "AWS/ECS", "metricName": "CPUUtilization", "target": 50}}},
        "metricTargets.one",
        "is what cpuTarget aims at already",
    ),
    # Steps
    ({"stepScaling": {"one": {**WAITING, "steps": []}}}, "stepScaling.one.steps", "must have at least 1 item"),
    (
        {"stepScaling": {"one": {**STEP, "steps": [{**FIRST, "upper": 2}, {"lower": 3, "change": 2}]}}},
        "stepScaling.one.steps[1].lower",
        "leaves a gap after the step before, which ends at 2. Set 2.",
    ),
    (
        {"stepScaling": {"one": {**STEP, "steps": [{**FIRST, "upper": 4}, {"lower": 3, "change": 2}]}}},
        "stepScaling.one.steps[1].lower",
        "overlaps the step before",
    ),
    (
        {"stepScaling": {"one": {**WAITING, "steps": [{"lower": 1, "upper": 4, "change": 1}]}}},
        "stepScaling.one.steps[0].upper",
        "above it nothing would happen",
    ),
    ({"stepScaling": {"one": {**WAITING, "steps": [{"change": 1}]}}}, "stepScaling.one.steps", "no beginning and no e"),
    (
        {"stepScaling": {"one": {**WAITING, "steps": [{"lower": 1, "change": 0}]}}},
        "stepScaling.one.steps[0].change",
        "changes nothing",
    ),
    (
        {"stepScaling": {"one": {**STEP, "steps": [{"lower": 1, "change": 11}], "adjustment": "exactly"}}},
        "stepScaling.one.steps[0].change",
        "is above maxTasks, 10",
    ),
    ({"stepScaling": {"one": {**STEP, "minAdjustment": 2}}}, "stepScaling.one.minAdjustment", "adjustment: percent"),
    ({"stepScaling": {"one": {**STEP, "periodSeconds": 90}}}, "stepScaling.one.periodSeconds", "or a multiple of 60"),
    (
        {"stepScaling": {"one": {**STEP, "evaluationPeriods": 1441}}},
        "stepScaling.one.evaluationPeriods",
        "looks back for at most 86,400. Set 1440 or less",
    ),
    (
        {"stepScaling": {"one": {**WAITING, "steps": [
            *({"lower": number, "upper": number + 1, "change": 1} for number in range(20)), {"lower": 20, "change": 1},
        ]}}},
        "stepScaling.one.steps",
        "are 21, but a policy has at most 20",
    ),
    # Schedules
    ({"scheduledScaling": {"one": {"schedule": "0 7 * * *"}}}, "scheduledScaling.one.schedule", "be in parentheses"),
    (
        {"scheduledScaling": {"one": {**MORNING, "timeZone": "Europe/Berln"}}},
        "scheduledScaling.one.timeZone",
        "Did you mean Europe/Berlin?",
    ),
    (
        {"scheduledScaling": {"one": {"schedule": "rate(1 day)", "timeZone": "Europe/Berlin"}}},
        "scheduledScaling.one.timeZone",
        "has no effect on rate(...)",
    ),
    ({"scheduledScaling": {"one": {**MORNING, "minTasks": 11}}}, "scheduledScaling.one.minTasks", "of the service, 10"),
    ({"scheduledScaling": {"one": {**MORNING, "maxTasks": 1}}}, "scheduledScaling.one.maxTasks", "is below minTasks o"),
    (
        {"scheduledScaling": {"one": MORNING, "two": {**MORNING, "maxTasks": 20}}},
        "scheduledScaling.two.schedule",
        "is the same time as one",
    ),
    ({"scheduledScaling": {"one": EVENING}}, "scheduledScaling.one.maxTasks", "stops the tasks, and nothing starts th"),
    (
        {"scheduledScaling": {"one": EVENING, "two": {"schedule": "at(2030-01-31T18:00:00)"}}},
        "scheduledScaling.one.maxTasks",
        "Add a schedule that comes again with minTasks of 1 or more",
    ),
    (
        {"scheduledScaling": {"one": {**EVENING, "maxTasks": 5}}},
        "scheduledScaling.one.minTasks",
        "lets targets remove the last task",
    ),
    (
        {"scheduledScaling": {f"at-{day}": {"schedule": f"at({2000 + day}-01-01T00:00:00)"} for day in range(201)}},
        "scheduledScaling",
        "has 201 schedules, but a service has at most 200",
    ),
    (
        {"metricTargets": {f"metric-{number}": {**TARGET, "metricName": f"{number}"} for number in range(50)}},
        "metricTargets",
        "makes 51 policies",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("web", "path", "advice"), MISTAKES)
def test_a_mistake_is_named_with_what_would_be_right(web: dict[str, Any], path: str, advice: str) -> None:
    found = problems(platform(**web))
    assert list(found) == [f"services.web.{path}"]
    assert advice in found[f"services.web.{path}"]


@pytest.mark.parametrize(
    ("jobs", "path", "advice"),
    [
        ({"minTasks": 0}, "minTasks", "would stop the tasks for good"),
        (
            {"minTasks": 0, "metricTargets": {"one": TARGET}},
            "minTasks",
            "targets have nothing to go by while none runs",
        ),
        (
            {"minTasks": 0, "stepScaling": {"one": {**STEP, "namespace": "AWS/ECS"}}},
            "minTasks",
            "stepScaling on a metric that is there without tasks",
        ),
        ({"minTasks": 0, "stepScaling": {"one": {**STEP, "adjustment": "percent"}}}, "minTasks", "for good"),
        (
            {"stepScaling": {"one": {**STEP, "namespace": "AWS/ApplicationELB"}}},
            "stepScaling.one.dimensions",
            "is missing. Without an Application Load Balancer",
        ),
    ],
)
def test_a_worker_that_nothing_would_start_again_is_refused(jobs: dict[str, Any], path: str, advice: str) -> None:
    found = problems(worker(**jobs))
    assert list(found) == [f"services.jobs.{path}"]
    assert advice in found[f"services.jobs.{path}"]


def test_requests_are_not_counted_on_a_network_load_balancer() -> None:
    raw = platform(requestsTarget=100, networkListener={"port": 5000})
    raw["networkLoadBalancer"] = {}
    raw["services"]["web"].pop("hosts", None)
    found = problems(raw)
    assert list(found) == ["services.web.requestsTarget"]
    assert "needs an Application Load Balancer, which counts requests" in found["services.web.requestsTarget"]


def test_a_worker_gets_no_requests_to_scale_on() -> None:
    found = problems(worker(requestsTarget=100))
    assert list(found) == ["services.jobs.requestsTarget"]


def test_metrics_of_container_insights_need_it() -> None:
    raw = platform(metricTargets={"one": {**TARGET, "namespace": "ECS/ContainerInsights"}})
    raw["cluster"] = {"containerInsights": "disabled"}
    found = problems(raw)
    (advice,) = found.values()
    assert "has no values while cluster.containerInsights is disabled" in advice


def test_the_greatest_number_at_any_time_is_what_subnets_must_have_room_for() -> None:
    raw = platform(scheduledScaling={"sale": {**MORNING, "minTasks": 20, "maxTasks": 400}})
    plain = settings.parse(platform()).addresses_needed
    assert settings.parse(raw).addresses_needed - plain == 2 * (400 - 10)
