"""What the stand-in's S3 refuses, as AWS does."""

from typing import Any

import pytest

from local.standin import services

LIFECYCLE = "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration"


def faults(*rules: dict[str, Any]) -> list[str]:
    named = [{"id": str(number), **rule} for number, rule in enumerate(rules)]
    return [name for name, _ in services.behaviour(LIFECYCLE).faults({"rules": named})]


def moves(**days: int) -> list[dict[str, Any]]:
    return [{"storageClass": kept, "days": number} for kept, number in days.items()]


@pytest.mark.parametrize(
    "rule",
    [
        {"expiration": {"days": 1}},
        {"expiration": {"expiredObjectDeleteMarker": True}},
        {"transitions": moves(STANDARD_IA=30, GLACIER=60), "expiration": {"days": 61}},
        {"transitions": moves(DEEP_ARCHIVE=0)},
    ],
)
def test_rules_that_s3_takes_pass(rule: dict[str, Any]) -> None:
    assert faults(rule) == []


@pytest.mark.parametrize(
    ("rules", "at"),
    [
        ([{"transitions": moves(STANDARD_IA=29)}], "rules[0].transitions"),
        ([{}, {"transitions": moves(ONEZONE_IA=1)}], "rules[1].transitions"),
        ([{"transitions": moves(GLACIER=90), "expiration": {"days": 90}}], "rules[0].expiration"),
        ([{"id": "a"}, {"id": "a"}], "rules"),
    ],
)
def test_rules_that_s3_refuses_are_refused(rules: list[dict[str, Any]], at: str) -> None:
    assert faults(*rules) == [at]
