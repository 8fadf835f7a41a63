"""Checks of how many tasks a deployment keeps and may run."""

from collections.abc import Iterator

from components.services import rolling

from ...problems import Path, Problem
from ...sections.services import Service


def deployment_problems(path: Path, service: Service) -> Iterator[Problem]:
    """Find deployments that could neither start a task nor stop one, so that they would never end."""
    least, most = service.min_healthy_percent, service.max_healthy_percent
    count = rolling.stuck(service.min_tasks, service.max_tasks, least, most)
    if count is None:
        return
    kept, allowed = rolling.kept(count, least), rolling.allowed(count, most)
    tasks = f"{count} task{'s' * (count > 1)}"
    advice = (
        f"lets no deployment of {tasks} begin: with minHealthyPercent {least}, rounded up, {kept} must go on, and "
        f"at most {allowed} may run, rounded down. Raise it, or lower minHealthyPercent."
    )
    others: tuple[Path, ...] = tuple((*path, key) for key in ("minHealthyPercent", "minTasks", "maxTasks"))
    yield Problem((*path, "maxHealthyPercent"), most, advice, ((*path, "maxHealthyPercent"), *others))
