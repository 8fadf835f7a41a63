"""The expressions that say when a job runs."""

import pytest

from components.jobs import schedules


@pytest.mark.parametrize(
    "expression",
    [
        "rate(1 minute)",
        "rate(5 minutes)",
        "rate(12 hours)",
        "rate(30 days)",
        "at(2030-02-28T23:59:59)",
        "at(2020-01-01T00:00:00)",
        "cron(30 2 * * ? *)",
        "cron(0/15 8-18 ? * MON-FRI *)",
        "cron(*/5 * * * ? *)",
        "cron(0 0 L * ? *)",
        "cron(0 0 LW * ? *)",
        "cron(0 0 3W * ? *)",
        "cron(0 9 ? * 6L *)",
        "cron(0 9 ? * FRIL *)",
        "cron(0 9 ? * 2#1 *)",
        "cron(0 9 ? * TUE#2 *)",
        "cron(0 0 1,15 JAN,JUL ? 2030-2040)",
        "cron(0 0 31 * ? *)",
        "cron(0 0 31 1/2 ? *)",
        "cron(0 0 29 2 ? *)",
        "cron(0,30 22-23,0-4 1-10/3 1-6 ? 1970/2)",
    ],
)
def test_what_aws_takes_is_right(expression: str) -> None:
    assert schedules.problem(expression) is None


@pytest.mark.parametrize(
    ("expression", "advice"),
    [
        ("every night", "must be one of rate(12 hours), cron("),
        ("", "must be one of"),
        ("Rate(1 hour)", "must be one of"),
        ("30 2 * * ? *", "must be in parentheses: cron(minutes hours"),
        ("30 2 * * *", "must be in parentheses"),
        ("rate(hour)", "must be rate(value unit)"),
        ("rate(1.5 hours)", "must be rate(value unit)"),
        ("rate(2 weeks)", "minutes, hours or days"),
        ("rate(0 minutes)", "a number from 1 up"),
        ("rate(1 hours)", "must be rate(1 hour)"),
        ("rate(2 hour)", "must be rate(2 hours)"),
        ("rate( 2 hours)", "spaces too many"),
        ("at(2030-01-31)", "must be at(yyyy-mm-ddThh:mm:ss)"),
        ("at(2030-01-31T02:30:00Z)", "without a zone, which timeZone says"),
        ("at(2030-02-30T02:30:00)", "is no date and time"),
        ("at(2030-01-31T25:00:00)", "is no date and time"),
        ("cron(30 2 * * *)", "has 5 fields, but AWS takes six"),
        ("cron(0 30 2 * * ? *)", "has 7 fields"),
        ("cron(30  2 * * ? *)", "spaces too many"),
        ("cron(60 2 * * ? *)", "has 60 as minutes, but that takes 0 to 59"),
        ("cron(30 24 * * ? *)", "has 24 as hours"),
        ("cron(30 2 0 * ? *)", "has 0 as day-of-month"),
        ("cron(30 2 32W * ? *)", "has 32W as day-of-month"),
        ("cron(30 2 * 13 ? *)", "has 13 as month"),
        ("cron(30 2 * jan ? *)", "JAN to DEC"),
        ("cron(30 2 ? * 0 *)", "1 is Sunday"),
        ("cron(30 2 ? * 8 *)", "has 8 as day-of-week"),
        ("cron(30 2 ? * MON/2 *)", "has MON/2 as day-of-week"),
        ("cron(30 2 ? * 3#6 *)", "has 3#6 as day-of-week"),
        ("cron(30 2 ? * 3#1,6#3 *)", "has 3#1,6#3 as day-of-week"),
        ("cron(30 2 * * ? 1969)", "has 1969 as year"),
        ("cron(? 2 * * ? *)", "has ? as minutes"),
        ("cron(*/0 2 * * ? *)", "has */0 as minutes"),
        ("cron(30 22-4 * * ? *)", "runs backwards: write two ranges"),
        ("cron(30 2 ? * FRI-MON *)", "runs backwards"),
        ("cron(1-2-3 2 * * ? *)", "has 1-2-3 as minutes"),
        ("cron(30 2 * * * *)", "has ? in neither of day-of-month and day-of-week"),
        ("cron(30 2 1 * MON *)", "has ? in neither"),
        ("cron(30 2 ? * ? *)", "has ? in both"),
        ("cron(30 2 30 2 ? *)", "never comes: none of its months has a day 30"),
        ("cron(30 2 31 4,6,9,11 ? *)", "Use L for the last day of a month"),
        ("cron(30 2 31 SEP ? *)", "never comes"),
    ],
)
def test_what_aws_refuses_is_told_with_what_would_be_right(expression: str, advice: str) -> None:
    assert advice in (schedules.problem(expression) or "")


def test_an_interval_is_told_from_times_of_day() -> None:
    assert schedules.is_rate("rate(1 hour)")
    assert not schedules.is_rate("cron(30 2 * * ? *)")
