"""ARNs, and IAM statements as plain data."""

import pytest

from components.common import arn as _arn
from components.common import iam


def test_statements_are_sorted_and_never_empty() -> None:
    assert iam.allow("S", ["b:B", "a:A", "a:A"], ["y", "x"])["Action"] == ["a:A", "b:B"]
    with pytest.raises(ValueError, match="statement S"):
        iam.allow("S", [], ["x"])


def test_an_arn_gives_its_partition_on() -> None:
    arn = _arn.parse("arn:aws-cn:ecs:cn-north-1:123456789012:cluster/a:b")
    assert arn.resource == "cluster/a:b"
    assert arn.with_resource("logs", "*") == "arn:aws-cn:logs:cn-north-1:123456789012:*"
    with pytest.raises(ValueError, match="not an ARN"):
        _arn.parse("subnet-1")
