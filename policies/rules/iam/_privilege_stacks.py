"""What the cases of iam-least-privilege are made of."""

from collections.abc import Mapping, Sequence
from typing import Any

from policies.framework import Example, Expect, Res
from policies.rules.common.role_stacks import UPDATE, Builder, allow, document

BUCKET, OBJECTS = "arn:aws:s3:::orders", "arn:aws:s3:::orders/*"
QUEUE = "arn:aws:sqs:eu-west-1:123456789012:orders"
ROLES = "arn:aws:iam::123456789012:role"
OTHER_ROLE = f"{ROLES}/worker"
ADMIN = allow("*", "*")
BOTH = ("Action::*", "Resource::*")


def task(*statements: Mapping[str, Any], at: Builder = UPDATE) -> list[Res]:
    """A task definition, its role, and an inline policy of it."""
    return [at.role("task"), at.inline("task", document(*statements)), at.task()]


def fine(name: str, *statements: Mapping[str, Any], source: str = "") -> Example:
    """Statements with nothing to find."""
    return Example(name, task(*statements), source=source)


def wrong(
    name: str, statement: Mapping[str, Any], *findings: str, says: Sequence[str] = (), source: str = ""
) -> Example:
    """A statement beside one that is fine, which must not hide it."""
    first, *others = findings
    expected = [Expect(first, "app", says), *(Expect(finding, "app") for finding in others)]
    return Example(name, task(allow("s3:GetObject", OBJECTS), statement), expected, source=source)


def when(key: str, *patterns: str) -> dict[str, Any]:
    """A condition that a key is like one of some patterns."""
    return {"ArnLike" if patterns[0].startswith("arn:") else "StringLike": {key: list(patterns)}}
