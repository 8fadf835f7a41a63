"""Mistakes in what a service says of the number of its tasks."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from pydantic.alias_generators import to_camel

from components.capacity.args import ContainerInsights
from components.jobs import schedules
from components.services import metrics, steps
from components.services.metrics import MetricArgs, MetricSourceChoices, MetricTargetArgs
from components.services.scaling_args import MOST_POLICIES, MOST_SCHEDULES, NO_TARGET, ScalingActivity
from components.services.steps import AdjustmentType, StepArgs, StepScalingArgs

from ...platform import Platform
from ...problems import Path, Problem
from ...sections.scaling import Counted, MetricSource, Scaled, StepScaling
from ...sections.services import Service, WebService

_TARGETS: Final = {"memory_target", "requests_target", "metric_targets"}
_TARGETS_OR_CPU: Final = {"cpu_target", *_TARGETS}
_OF_TARGETS: Final = {"scale_in_cooldown_seconds", "scale_out_cooldown_seconds", "disable_scale_in"}
_OF_METRICS: Final = {*_TARGETS_OR_CPU, "step_scaling", *_OF_TARGETS}
_PREDEFINED: Final = {"cpu_target": "CPUUtilization", "memory_target": "MemoryUtilization"}
_SAME: Final = "has no effect while minTasks and maxTasks are the same and there are no schedules. "
_DAY, _WEEK, _HOUR = 86_400, 604_800, 3600


def scaling_problems(path: Path, service: Service, platform: Platform) -> Iterator[Problem]:
    """Find what is wrong with the scaling of one service."""
    for check in (_limit_problems, _suspended_problems, _zero_problems, _schedule_problems):
        yield from check(path, service)
    if isinstance(service, Scaled):
        for look in (_unused_problems, _metric_problems, _twin_problems, _step_problems, _quota_problems):
            yield from look(path, service)
        yield from _insights_problems(path, service, platform)
    if isinstance(service, WebService) and service.requests_target and service.network_listener:
        advice = (
            "needs an Application Load Balancer, which counts requests. A networkListener passes connections on. "
            "Remove it, or scale on cpuTarget or on one of metricTargets."
        )
        yield Problem((*path, "requestsTarget"), service.requests_target, advice, ((*path, "networkListener"),))


def _limit_problems(path: Path, service: Counted) -> Iterator[Problem]:
    if service.min_tasks > service.max_tasks:
        yield Problem(
            (*path, "minTasks"),
            service.min_tasks,
            f"is above maxTasks, {service.max_tasks}. Lower it, or raise maxTasks.",
            ((*path, "maxTasks"),),
        )
    for name in service.scheduled_scaling:
        at, (least, greatest) = (*path, "scheduledScaling", name), service.limits[name]
        if least > greatest and service.min_tasks <= service.max_tasks:
            given = service.scheduled_scaling[name]
            whose = "" if given.max_tasks is not None else " of the service"
            key = "minTasks" if given.min_tasks is not None else "maxTasks"
            value = given.min_tasks if given.min_tasks is not None else given.max_tasks
            advice = f"is above maxTasks{whose}, {greatest}. Lower it, or set maxTasks here."
            if key == "maxTasks":
                advice = f"is below minTasks of the service, {least}. Set minTasks here, too: {greatest} or less."
            yield Problem((*at, key), value, advice, ((*path, "minTasks"), (*path, "maxTasks"), at))


def _said(service: Scaled, keys: set[str]) -> list[str]:
    """Return which of these settings the service makes, in their order."""
    return [
        key
        for key in type(service).model_fields
        if key in keys & service.model_fields_set and getattr(service, key) not in ({}, [], None, False)
    ]


def _unused_problems(path: Path, service: Scaled) -> Iterator[Problem]:
    """Find settings that nothing reads."""
    limits = ((*path, "minTasks"), (*path, "maxTasks"), (*path, "scheduledScaling"))
    if service.min_tasks > service.max_tasks:
        return
    if not service.scales:
        advice = f"{_SAME}Remove it, or raise maxTasks."
        yield from (_left_over(path, service, key, advice, limits) for key in _said(service, _OF_METRICS))
        return
    if not service.has_room:
        advice = "has no effect: minTasks and maxTasks are always the same. Remove it, or raise maxTasks, here or in "
        keys = _said(service, _OF_METRICS)
        yield from (_left_over(path, service, key, f"{advice}scheduledScaling.", limits) for key in keys)
    tracked = service.cpu_target != NO_TARGET or bool(_said(service, _TARGETS))
    if not tracked:
        others = tuple((*path, to_camel(key)) for key in sorted(_TARGETS_OR_CPU))
        for key in _said(service, _OF_TARGETS):
            advice = (
                "has no effect without a target: steps have cooldownSeconds of their own. Remove it, or add a target."
            )
            yield _left_over(path, service, key, advice, others)
    elif service.disable_scale_in:
        advice = "has no effect with disableScaleIn, because targets remove no tasks. Remove one of the two."
        for key in _said(service, {"scale_in_cooldown_seconds"}):
            yield _left_over(path, service, key, advice, ((*path, "disableScaleIn"),))
    yield from _idle_problems(path, service, tracked=tracked)


def _suspended_problems(path: Path, service: Counted) -> Iterator[Problem]:
    at, suspended = (*path, "scalingSuspended"), service.scaling_suspended
    if suspended and not service.scales and service.min_tasks <= service.max_tasks:
        advice = f"{_SAME}Remove it, or raise maxTasks."
        others = ((*path, "minTasks"), (*path, "maxTasks"), (*path, "scheduledScaling"))
        yield Problem(at, [one.value for one in suspended], advice, others)
    elif ScalingActivity.SCHEDULED in suspended and not service.scheduled_scaling:
        advice = "has no effect without scheduledScaling. Remove scheduled from the list."
        where = (*at, suspended.index(ScalingActivity.SCHEDULED))
        yield Problem(where, ScalingActivity.SCHEDULED.value, advice, ((*path, "scheduledScaling"),))
    for index, activity in enumerate(suspended):
        if activity in suspended[:index]:
            yield Problem((*at, index), activity.value, "is listed twice; remove one")


def _idle_problems(path: Path, service: Scaled, *, tracked: bool) -> Iterator[Problem]:
    """Find a scaler that nothing moves."""
    if tracked or service.step_scaling or service.scheduled_scaling:
        return
    advice = (
        "leaves nothing to scale on. Set a percentage, or memoryTarget, metricTargets or stepScaling; or set minTasks "
        "and maxTasks to the same number."
    )
    keys = ("minTasks", "maxTasks", "memoryTarget", "metricTargets", "stepScaling", "scheduledScaling")
    yield Problem((*path, "cpuTarget"), "none", advice, tuple((*path, key) for key in keys))


def _left_over(path: Path, service: Scaled, key: str, advice: str, others: tuple[Path, ...]) -> Problem:
    value = getattr(service, key)
    shown = sorted(value) if isinstance(value, dict) else "none" if key == "cpu_target" and value == 0 else value
    return Problem((*path, to_camel(key)), shown, advice, others)


def _zero_problems(path: Path, service: Counted) -> Iterator[Problem]:
    """Find services that would stop and never start again."""
    steps_of = service.step_scaling if isinstance(service, Scaled) else {}
    starts = service.has_scaling_of_its_kind or any(map(_starts, steps_of.values()))
    back = [one for name, one in service.scheduled_scaling.items() if service.limits[name][0] > 0]
    others = ((*path, "stepScaling"), (*path, "scheduledScaling"), (*path, "maxTasks"))
    if service.min_tasks == 0 and service.max_tasks > 0:
        if isinstance(service, WebService):
            advice = "would leave requests without an answer. Set 1 or more, and use scheduledScaling for the night."
            yield Problem((*path, "minTasks"), 0, advice)
        elif not starts and not back:
            advice = (
                "would stop the tasks for good: targets have nothing to go by while none runs. Set 1 or more, or add "
                "stepScaling on a metric that is there without tasks, or scheduledScaling with minTasks of 1 or more."
            )
            yield Problem((*path, "minTasks"), 0, advice, others)
    for name, one in service.scheduled_scaling.items():
        at, (least, greatest) = (*path, "scheduledScaling", name), service.limits[name]
        after = [other for other in back if _recurs(other.schedule) or not _recurs(one.schedule)]
        if greatest == 0 and not after:
            again = "that comes again " if _recurs(one.schedule) and back else ""
            advice = (
                f"stops the tasks, and nothing starts them again. Add a schedule {again}with minTasks of 1 or more."
            )
            yield Problem((*at, "maxTasks"), 0, advice, ((*path, "scheduledScaling"),))
        elif least == 0 < greatest and not (starts or after) and one.min_tasks == 0:
            advice = (
                "lets targets remove the last task, which they cannot bring back. Set 1 or more; or, to stop the "
                "tasks, maxTasks: 0, and a schedule that starts them again."
            )
            yield Problem((*at, "minTasks"), 0, advice, others)


def _recurs(schedule: str) -> bool:
    return not schedule.startswith("at(")


def _starts(scaling: StepScaling) -> bool:
    """Return whether steps can add tasks where none runs."""
    given = scaling.given(StepScalingArgs)
    adds = any(step.change > 0 for step in scaling.steps)
    counts = scaling.adjustment is not AdjustmentType.PERCENT or bool(scaling.min_adjustment)
    namespaces = {one["namespace"] for one in _metrics_of(given).values()}
    return adds and counts and not namespaces <= set(metrics.NO_DATA_AT_ZERO)


def _metrics_of(source: MetricSourceChoices) -> Mapping[str, MetricArgs]:
    """Return the metrics of a source, as far as it names them."""
    return metrics.of(source) if not list(metrics.faults(source)) else {}


def _sources(service: Scaled) -> Iterator[tuple[tuple[str, str], MetricSource, MetricSourceChoices]]:
    for name, target in service.metric_targets.items():
        yield ("metricTargets", name), target, target.given(MetricTargetArgs)
    for name, scaling in service.step_scaling.items():
        yield ("stepScaling", name), scaling, scaling.given(StepScalingArgs)


def _metric_problems(path: Path, service: Scaled) -> Iterator[Problem]:
    for where, section, source in _sources(service):
        for key, advice in metrics.faults(source):
            value = section.model_dump(mode="json", by_alias=True, exclude_none=True).get(to_camel(key))
            yield Problem((*path, *where, to_camel(key)), value, advice, ((*path, *where),))
        for id_, metric in _metrics_of(source).items():
            at = (*path, *where, "metrics", id_) if id_ else (*path, *where)
            counted = isinstance(service, WebService) and not service.network_listener
            if metric["namespace"] == metrics.BALANCER and "dimensions" not in metric and not counted:
                advice = (
                    "is missing. Without an Application Load Balancer the service has no metrics of its own in "
                    "AWS/ApplicationELB; say whose these are, such as LoadBalancer: app/main/0123456789abcdef."
                )
                yield Problem((*at, "dimensions"), None, advice, ((*path, "networkListener"),))


def _twin_problems(path: Path, service: Scaled) -> Iterator[Problem]:
    """Find a metric with two targets, of which AWS takes one."""
    seen: dict[str, str] = {}
    for name, target in service.metric_targets.items():
        at, source = (*path, "metricTargets", name), target.given(MetricTargetArgs)
        plain: dict[str, Any] = {key: value for key, value in source.items() if key != "target"}
        other = seen.setdefault(repr(sorted(plain.items(), key=str)), name)
        if other != name:
            advice = f"has the same metric as {other}; a metric can have one target. Remove one of the two."
            yield Problem(at, None, advice, ((*path, "metricTargets", other),))
        for key, metric in _PREDEFINED.items():
            own = source.get("namespace") == metrics.ECS and "dimensions" not in source
            if own and source.get("metric_name") == metric and plain.get("statistic") == "Average":
                told = getattr(service, key)
                if told:
                    advice = f"is what {to_camel(key)} aims at already. Remove one of the two."
                    yield Problem(at, metric, advice, ((*path, to_camel(key)),))


def _insights_problems(path: Path, service: Scaled, platform: Platform) -> Iterator[Problem]:
    """Find metrics that nobody collects."""
    if platform.cluster.container_insights is not ContainerInsights.DISABLED:
        return
    for where, _, source in _sources(service):
        for id_, metric in _metrics_of(source).items():
            if metric["namespace"] == metrics.INSIGHTS and "dimensions" not in metric:
                at = (*path, *where, *(("metrics", id_) if id_ else ()), "namespace")
                advice = "has no values while cluster.containerInsights is disabled. Enable it, or use AWS/ECS."
                yield Problem(at, metrics.INSIGHTS, advice, (("cluster", "containerInsights"),))


def _step_problems(path: Path, service: Scaled) -> Iterator[Problem]:
    most = service.most_tasks
    for name, scaling in service.step_scaling.items():
        at = (*path, "stepScaling", name)
        given: list[StepArgs] = [step.given(StepArgs) for step in scaling.steps]
        for number, key, advice in steps.faults(given, scaling.adjustment):
            value: Any = given[number].get(key) if key else None
            where = (*at, "steps", number, key) if key else (*at, "steps")
            yield Problem(where, value, advice, ((*at, "steps"), (*at, "adjustment")))
        if scaling.min_adjustment is not None and scaling.adjustment is not AdjustmentType.PERCENT:
            advice = "has no effect without adjustment: percent. Remove it, or set that."
            yield Problem((*at, "minAdjustment"), scaling.min_adjustment, advice, ((*at, "adjustment"),))
        for number, step in enumerate(scaling.steps):
            if scaling.adjustment is AdjustmentType.EXACTLY and step.change > most:
                advice = f"is above maxTasks, {most}. Lower it, or raise maxTasks."
                yield Problem((*at, "steps", number, "change"), step.change, advice, ((*path, "maxTasks"),))
        if len(scaling.steps) > steps.MOST_STEPS:
            advice = f"are {len(scaling.steps)}, but a policy has at most {steps.MOST_STEPS}. Merge some."
            yield Problem((*at, "steps"), None, advice)
        whole, longest = scaling.period_seconds * scaling.evaluation_periods, _DAY
        if scaling.period_seconds >= _HOUR:
            longest = _WEEK
        if whole > longest:
            advice = (
                f"makes {whole:,} seconds with periodSeconds, {scaling.period_seconds:,}, but CloudWatch looks back "
                f"for at most {longest:,}. Set {longest // scaling.period_seconds} or less."
            )
            where = (*at, "evaluationPeriods")
            yield Problem(where, scaling.evaluation_periods, advice, ((*at, "periodSeconds"),))


def _schedule_problems(path: Path, service: Counted) -> Iterator[Problem]:
    seen: dict[tuple[str, str], str] = {}
    if len(service.scheduled_scaling) > MOST_SCHEDULES:
        advice = f"has {len(service.scheduled_scaling)} schedules, but a service has at most {MOST_SCHEDULES}."
        yield Problem((*path, "scheduledScaling"), None, f"{advice} Remove some.")
    for name, one in service.scheduled_scaling.items():
        at = (*path, "scheduledScaling", name)
        if schedules.is_rate(one.schedule) and one.time_zone != "UTC":
            advice = "has no effect on rate(...), which counts from when it was set. Remove it, or write cron(...)."
            yield Problem((*at, "timeZone"), one.time_zone, advice, ((*at, "schedule"),))
        other = seen.setdefault((one.schedule, one.time_zone), name)
        if other != name:
            advice = f"is the same time as {other}, and which of the two holds is open. Remove one of the two."
            yield Problem((*at, "schedule"), one.schedule, advice, ((*path, "scheduledScaling", other),))


def _quota_problems(path: Path, service: Scaled) -> Iterator[Problem]:
    targets = sum(bool(getattr(service, key, None)) for key in ("cpu_target", "memory_target", "requests_target"))
    policies = targets + len(service.metric_targets) + len(service.step_scaling)
    if policies > MOST_POLICIES:
        advice = (
            f"makes {policies} policies with the other targets and steps, but a service has at most {MOST_POLICIES}."
        )
        yield Problem((*path, "metricTargets"), None, f"{advice} Remove some.", ((*path, "stepScaling"),))
