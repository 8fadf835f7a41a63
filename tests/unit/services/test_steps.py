"""Steps: ranges of a metric as Application Auto Scaling has them, and what is wrong between them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from components.services import steps
from components.services.steps import AdjustmentType, StepArgs
from local.standin import services

HIGH: list[StepArgs] = [{"lower": 80, "upper": 90, "change": 1}, {"lower": 90, "change": 3}]
LOW: list[StepArgs] = [{"upper": 10, "change": -2}, {"lower": 10, "upper": 20.5, "change": -1}]


def test_high_values_are_counted_from_where_the_lowest_range_begins() -> None:
    assert steps.alarm(HIGH) == ("GreaterThanOrEqualToThreshold", 80)
    assert steps.bounds(HIGH) == [("0", "10", 1), ("10", None, 3)]


def test_low_values_are_counted_from_where_the_highest_range_ends() -> None:
    assert steps.alarm(LOW) == ("LessThanOrEqualToThreshold", 20.5)
    assert steps.bounds(LOW) == [(None, "-10.5", -2), ("-10.5", "0", -1)]


def test_a_distance_has_no_error_of_binary_fractions() -> None:
    fine: list[StepArgs] = [{"lower": 0.1, "upper": 0.3, "change": 1}, {"lower": 0.3, "change": 2}]
    assert [bound.upper for bound in steps.bounds(fine)] == ["0.2", None]
    wide: list[StepArgs] = [{"lower": 0, "upper": 1000, "change": 1}, {"lower": 1000, "change": 2}]
    assert steps.bounds(wide)[0].upper == "1000"


@pytest.mark.parametrize(
    ("given", "where", "advice"),
    [
        ([{"lower": 1, "upper": 1, "change": 1}, {"lower": 1, "change": 2}], (0, "upper"), "must be above lower, 1"),
        ([{"lower": 1, "upper": 2, "change": 1}, {"change": 2}], (1, "lower"), "Only the first step"),
        ([{"lower": 1, "change": 1}, {"lower": 2, "change": 2}], (0, "upper"), "Only the last step"),
        ([{"lower": 1, "upper": 2, "change": 1}, {"lower": 3, "change": 2}], (1, "lower"), "leaves a gap after"),
        ([{"lower": 1, "upper": 3, "change": 1}, {"lower": 2, "change": 2}], (1, "lower"), "overlaps the step before"),
        ([{"change": 1}], (0, ""), "no beginning and no end"),
        ([{"lower": 1, "upper": 2, "change": 1}], (0, "upper"), "above it nothing would happen"),
        ([{"lower": 1, "change": 0}], (0, "change"), "changes nothing"),
        ([{"lower": 1, "upper": 2, "change": 1}, {"lower": 2, "change": -1}], (1, "change"), "goes the other way"),
    ],
)
def test_steps_that_do_not_fit_are_named(given: list[StepArgs], where: tuple[int, str], advice: str) -> None:
    ((number, key, text),) = steps.faults(given)
    assert (number, key) == where
    assert advice in text


def test_an_exact_number_of_tasks_may_be_none_but_not_negative() -> None:
    assert not list(steps.faults([{"lower": 1, "change": 0}], AdjustmentType.EXACTLY))
    ((_, key, text),) = steps.faults([{"lower": 1, "change": -1}], AdjustmentType.EXACTLY)
    assert (key, "must be 0 or more" in text) == ("change", True)


@given(
    st.lists(st.integers(-1000, 1000).map(lambda number: number / 8), min_size=1, max_size=19, unique=True).map(sorted),
    st.booleans(),
)
def test_what_has_no_faults_is_what_aws_takes(ends: list[float], rising: bool) -> None:
    lowers = [*ends] if rising else [None, *ends[:-1]]
    uppers = [*ends[1:], None] if rising else [*ends]
    given: list[StepArgs] = []
    for lower, upper in zip(lowers, uppers, strict=True):
        step: StepArgs = {"change": 1 if rising else -1}
        if lower is not None:
            step["lower"] = lower
        if upper is not None:
            step["upper"] = upper
        given.append(step)
    assert not list(steps.faults(given))
    adjustments = [
        {"metricIntervalLowerBound": one.lower, "metricIntervalUpperBound": one.upper, "scalingAdjustment": one.change}
        for one in steps.bounds(given)
    ]
    policy = {"adjustmentType": "ChangeInCapacity", "stepAdjustments": adjustments}
    inputs = {"policyType": "StepScaling", "stepScalingPolicyConfiguration": policy}
    assert not list(services.behaviour("aws:appautoscaling/policy:Policy").faults(inputs))
