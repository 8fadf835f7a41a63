"""Schedules: what EventBridge Scheduler and Application Auto Scaling read, and what is wrong with the rest."""

import pytest

from settings import schedules


@pytest.mark.parametrize(
    "expression",
    [
        "cron(0 7 ? * MON-FRI *)",
        "cron(30 6 1 * ? *)",
        "cron(0/15 8-18 ? JAN-MAR,12 2-6 2026-2030)",
        "cron(0 0 L * ? *)",
        "cron(0 0 L-3 * ? *)",
        "cron(0 0 15W * ? *)",
        "cron(0 0 LW * ? *)",
        "cron(0 0 ? * 6L *)",
        "cron(0 0 ? * FRI#2 *)",
        "cron(*/5 * * * ? *)",
        "cron(0 0 29 2 ? *)",
        "cron(0 0 31 * ? *)",
        "cron(0 0 ? * FRI-MON *)",
        "rate(1 minute)",
        "rate(12 hours)",
        "at(2027-01-31T18:00:00)",
    ],
)
def test_what_aws_reads_is_taken(expression: str) -> None:
    assert schedules.fault(expression) is None


@pytest.mark.parametrize(
    ("expression", "advice"),
    [
        ("0 7 * * 1-5", r"Put six fields into cron(...)"),
        ("every day", "must be a schedule such as cron("),
        ("cron(0 7 * * *)", "has 5 fields, but cron takes six"),
        ("cron(60 7 ? * * *)", "has 60 as minutes, which takes 0 to 59"),
        ("cron(0 24 ? * * *)", "has 24 as hours"),
        ("cron(0 7 32 * ? *)", "has 32 as day of month"),
        ("cron(0 7 ? 13 MON *)", "has 13 as month, which takes 1 to 12 or JAN to DEC"),
        ("cron(0 7 ? * 0-5 *)", "has 0-5 as day of week, which takes 1 to 7 or SUN to SAT"),
        ("cron(0 7 ? * MON 1969)", "has 1969 as year"),
        ("cron(9-5 7 ? * MON *)", "has 9-5 as minutes"),
        ("cron(0/0 7 ? * MON *)", "has 0/0 as minutes"),
        ("cron(*,5 7 ? * MON *)", "has *,5 as minutes"),
        ("cron(? 7 ? * MON *)", "has ? as minutes"),
        ("cron(0 7 * * * *)", "has both a day of month and a day of week"),
        ("cron(0 7 1 * MON *)", "has both a day of month and a day of week"),
        ("cron(0 7 ? * ? *)", "leaves out both"),
        ("cron(0 7 31 2,4 ? *)", "never comes: no such month has a day 31"),
        ("rate(0 minutes)", "must be rate(<1 or more> <minutes, hours, days>)"),
        ("rate(5 weeks)", "such as rate(5 minutes)"),
        ("rate(1 hours)", "must be rate(1 hour)"),
        ("rate(5 minute)", "must be rate(5 minutes)"),
        ("at(2027-02-30T18:00:00)", "is no date and time that there is"),
        ("at(2027-01-31 18:00)", "must be at(yyyy-mm-ddThh:mm:ss)"),
        ("at(2027-01-31T18:00:00Z)", "without Z or offset: timeZone says the zone"),
    ],
)
def test_a_schedule_that_aws_would_refuse_is_explained(expression: str, advice: str) -> None:
    assert advice in str(schedules.fault(expression))


def test_a_time_zone_is_one_of_the_iana_database() -> None:
    assert [schedules.time_zone_fault(name) for name in ("UTC", "Europe/Berlin", "Etc/GMT+9")] == [None] * 3
    assert "Did you mean Europe/Berlin?" in str(schedules.time_zone_fault("Europe/Berln"))
    assert "such as Europe/Berlin or UTC" in str(schedules.time_zone_fault("CEST+1"))


def test_only_a_point_in_time_does_not_come_again() -> None:
    assert [schedules.recurs(one) for one in ("cron(0 7 ? * * *)", "rate(1 day)", "at(2027-01-31T18:00:00)")] == [
        True, True, False,
    ]  # fmt: skip
