"""What a service says of the number of its tasks."""

from typing import Final, TypedDict


class ScalingChoices(TypedDict, total=False):
    """What a person chooses of the number of tasks."""

    min_tasks: int
    """Least number of tasks. Defaults to 2."""
    max_tasks: int
    """Greatest number of tasks. The same number as the least turns scaling off. Defaults to 10."""
    cpu_target: int
    """Average CPU utilisation in percent that scaling aims at. Defaults to 70."""


SCALING_DEFAULTS: Final[ScalingChoices] = {"min_tasks": 2, "max_tasks": 10, "cpu_target": 70}


def scales(min_tasks: int, max_tasks: int) -> bool:
    """Return whether a scaler owns the number of tasks, because the least and the greatest number differ."""
    return min_tasks < max_tasks
