"""Checks between a job's fields, and between a job and the rest of the stack."""

from collections.abc import Iterator
from typing import Final

from components.jobs import schedules

from ..platform import Platform
from ..problems import Path, Problem
from ..sections.jobs import Job

_OF_A_SCHEDULE: Final = ("time_zone", "enabled", "retries", "retry_for_seconds", "flexible_window_minutes")
_MOST_PROVIDERS: Final = 6
"""Items of a strategy that a schedule takes (EventBridge Scheduler API, EcsParameters)."""


def job_problems(path: Path, job: Job, platform: Platform) -> Iterator[Problem]:
    """Find what is wrong with when and where a job runs."""
    if path[-1] in platform.services:
        advice = "is a service too. Both would have one image, family and log group. Rename one of them."
        yield Problem(path, None, advice, (("services", path[-1]),))
    at = (*path, "schedule")
    if job.schedule is None:
        for name in sorted(job.model_fields_set.intersection(_OF_A_SCHEDULE)):
            advice = "has no effect on a job that somebody starts. Remove it, or set schedule."
            yield Problem((*path, _alias(name)), getattr(job, name), advice, (at,))
        return
    if schedules.is_rate(job.schedule) and "time_zone" in job.model_fields_set:
        advice = "has no effect on an interval. Remove it, or set schedule to cron(...) with a time of day."
        yield Problem((*path, "timeZone"), job.time_zone, advice, (at,))
    if job.retries == 0 and "retry_for_seconds" in job.model_fields_set:
        advice = "has no effect with retries: 0. Remove it, or set retries."
        yield Problem((*path, "retryForSeconds"), job.retry_for_seconds, advice, ((*path, "retries"),))
    if (minutes := schedules.minutes(job.schedule)) and job.flexible_window_minutes >= minutes:
        advice = f"is as long as the interval, {minutes} minutes, so runs would meet. Lower it, or make that longer."
        yield Problem((*path, "flexibleWindowMinutes"), job.flexible_window_minutes, advice, (at,))
    if len(strategy := platform.strategy_of(job)) > _MOST_PROVIDERS:
        own = job.capacity_provider_strategy is not None
        where: Path = (*path, "capacityProviderStrategy") if own else ("cluster", "capacityProviderStrategy")
        names = [item["capacity_provider"] for item in strategy]
        advice = f"has {len(names)} items, but a schedule takes {_MOST_PROVIDERS}. "
        advice += "Remove some." if own else f"Give jobs.{path[-1]} a capacityProviderStrategy of its own."
        yield Problem(where, names, advice, (at,))


def _alias(name: str) -> str:
    return str(Job.model_fields[name].alias)
