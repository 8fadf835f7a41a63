"""Mistakes between fields of the settings for notifications."""

from collections.abc import Iterator

from ..platform import Platform
from ..problems import Path, Problem

_PATH: Path = ("notifications",)


def notification_problems(platform: Platform) -> Iterator[Problem]:
    """Find what has no effect, and addresses that are listed twice."""
    chosen = platform.notifications
    if chosen is None:
        return
    at = ((*_PATH, "topicArn"),)
    if chosen.topic_arn is not None:
        if chosen.emails:
            advice = "has no effect on an existing topic. Remove it and subscribe there, or remove topicArn."
            yield Problem((*_PATH, "emails"), chosen.emails, advice, at)
        if chosen.kms_key_arn is not None:
            advice = "has no effect on an existing topic, which has a key of its own. Remove it, or topicArn."
            yield Problem((*_PATH, "kmsKeyArn"), chosen.kms_key_arn, advice, at)
    for index, email in enumerate(chosen.emails):
        if email in chosen.emails[:index]:
            yield Problem((*_PATH, "emails", index), email, "is listed twice; remove one")
