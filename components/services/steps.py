"""Step scaling: how many tasks to add or remove for each range of a metric. Pure arithmetic."""

from collections.abc import Iterator, Sequence
from decimal import Decimal
from enum import Enum
from typing import Final, NamedTuple, TypedDict

from .metrics import MetricSourceChoices, Statistic


class AdjustmentType(str, Enum):
    """What a step's change counts."""

    TASKS = "tasks"
    PERCENT = "percent"
    EXACTLY = "exactly"


class MissingData(str, Enum):
    """What an alarm makes of a period without data (CloudWatch API, TreatMissingData)."""

    MISSING = "missing"
    BREACHING = "breaching"
    NOT_BREACHING = "notBreaching"
    IGNORE = "ignore"


class StepChoices(TypedDict, total=False):
    """The ends of a step's range, in the metric's own unit. One step is open at the end where the ranges stop."""

    lower: float
    """Where the range begins. Defaults to no beginning: every lower value."""
    upper: float
    """Where the range ends. Defaults to no end: every higher value."""


class StepArgs(StepChoices):
    """What happens while the metric is in one range."""

    change: int
    """Tasks to add, or to remove if negative; percent of the running tasks, or the number of tasks itself, with
    another `adjustment`."""


class StepScalingChoices(MetricSourceChoices, total=False):
    """What a person chooses of step scaling, beyond the steps."""

    adjustment: AdjustmentType
    """What `change` counts: tasks; percent of the running tasks; exactly, for the number of tasks itself. Defaults to
    tasks."""
    min_adjustment: int
    """Least number of tasks that a step in percent adds or removes. Defaults to none."""
    cooldown_seconds: int
    """Seconds after a step in which no further one begins, unless it goes further. Defaults to 300."""
    period_seconds: int
    """Seconds that each value of the metric stands for: 10, 20, 30, or a multiple of 60. Defaults to 60."""
    evaluation_periods: int
    """How many periods in a row must have such a value. Defaults to 1."""
    treat_missing_data: MissingData
    """What a period without data counts as: missing, breaching, notBreaching or ignore. Defaults to missing, which
    changes nothing."""


class StepScalingArgs(StepScalingChoices):
    """Step scaling on a metric."""

    steps: list[StepArgs]
    """The ranges with their changes, beginning with the lowest, each where the one before ends. The last is without
    `upper` for what happens while the metric is high, or the first without `lower` while it is low."""


STEP_SCALING_DEFAULTS: Final[StepScalingChoices] = {
    "statistic": Statistic.AVERAGE,
    "adjustment": AdjustmentType.TASKS,
    "cooldown_seconds": 300,
    "period_seconds": 60,
    "evaluation_periods": 1,
    "treat_missing_data": MissingData.MISSING,
}
MOST_STEPS: Final = 20
"""Steps of a policy ("Quotas for Application Auto Scaling")."""
API_ADJUSTMENTS: Final = {
    AdjustmentType.TASKS: "ChangeInCapacity",
    AdjustmentType.PERCENT: "PercentChangeInCapacity",
    AdjustmentType.EXACTLY: "ExactCapacity",
}


class Bounds(NamedTuple):
    """A step as the API has it: its range counted from the alarm's threshold; None for no end."""

    lower: str | None
    upper: str | None
    change: int


class Alarm(NamedTuple):
    """When the steps begin."""

    comparison: str
    threshold: float


def rises(steps: Sequence[StepArgs]) -> bool:
    """Return whether the steps are for high values: the last one has no end."""
    return "upper" not in steps[-1]


def alarm(steps: Sequence[StepArgs]) -> Alarm:
    """Return the alarm of steps without faults: it rings where their ranges begin.

    The bound belongs to the range on either side of it, as Application Auto Scaling has it: above the threshold lower
    bounds are inclusive, below it upper ones (StepAdjustment).
    """
    if rises(steps):
        return Alarm("GreaterThanOrEqualToThreshold", float(steps[0]["lower"]))
    return Alarm("LessThanOrEqualToThreshold", float(steps[-1]["upper"]))


def bounds(steps: Sequence[StepArgs]) -> list[Bounds]:
    """Return steps without faults as the API has them."""
    threshold = alarm(steps).threshold
    return [
        Bounds(_distance(step.get("lower"), threshold), _distance(step.get("upper"), threshold), int(step["change"]))
        for step in steps
    ]


def _distance(value: float | None, threshold: float) -> str | None:
    """Return a bound as a distance, without the errors of binary fractions, in the API's own form."""
    if value is None:
        return None
    distance = Decimal(str(float(value))) - Decimal(str(threshold))
    return format(distance.normalize(), "f") if distance else "0"


def faults(
    steps: Sequence[StepArgs], adjustment: AdjustmentType = AdjustmentType.TASKS
) -> Iterator[tuple[int, str, str]]:
    """Find what is wrong between steps: the step's number, its argument (empty for the whole), and what is wrong."""
    yield from _range_faults(steps)
    yield from _change_faults(steps, adjustment)


def _range_faults(steps: Sequence[StepArgs]) -> Iterator[tuple[int, str, str]]:
    last = len(steps) - 1
    for number, step in enumerate(steps):
        lower, upper = step.get("lower"), step.get("upper")
        if lower is not None and upper is not None and lower >= upper:
            yield number, "upper", f"must be above lower, {lower:g}"
        if lower is None and number > 0:
            yield number, "lower", "is missing. Only the first step can be without it."
        if upper is None and number < last:
            yield number, "upper", "is missing. Only the last step can be without it."
        before = steps[number - 1].get("upper") if number else None
        if before is not None and lower is not None and lower != before:
            what = "leaves a gap after" if lower > before else "overlaps"
            yield number, "lower", f"{what} the step before, which ends at {before:g}. Set {before:g}."
    if "lower" not in steps[0] and "upper" not in steps[last]:
        advice = "have no beginning and no end, so every value would change something. Set lower of the first step "
        yield 0, "", advice + "for high values, or upper of the last one for low values."
    if "lower" in steps[0] and "upper" in steps[last]:
        advice = "is not needed: above it nothing would happen. Remove it; or, for low values, lower of the first step."
        yield last, "upper", advice


def _change_faults(steps: Sequence[StepArgs], adjustment: AdjustmentType) -> Iterator[tuple[int, str, str]]:
    for number, step in enumerate(steps):
        change = step["change"]
        if adjustment is AdjustmentType.EXACTLY:
            if change < 0:
                yield number, "change", "must be 0 or more, the number of tasks, with adjustment: exactly"
        elif change == 0:
            yield number, "change", "changes nothing. Remove the step, or begin the next one later."
        elif change * steps[0]["change"] < 0:
            advice = "goes the other way than the first step. Make two entries of stepScaling, one to add and one to "
            yield number, "change", advice + "remove."
