"""Lifecycle rules of a repository."""

import json

from hypothesis import given
from hypothesis import strategies as st

from components.registry import lifecycle


@given(
    st.lists(st.from_regex(r"[a-z]{1,8}", fullmatch=True), max_size=4),
    st.integers(1, 1000),
    st.integers(1, 365),
    st.integers(1, 1000),
)
def test_lifecycle_rules_are_what_ecr_accepts(prefixes: list[str], releases: int, days: int, images: int) -> None:
    rules = json.loads(lifecycle.policy(prefixes, releases, days, images))["rules"]
    assert [rule["rulePriority"] for rule in rules] == list(range(1, len(rules) + 1))
    assert [rule["selection"]["tagStatus"] for rule in rules].index("any") == len(rules) - 1
    tagged = [rule["selection"]["tagPrefixList"] for rule in rules if rule["selection"]["tagStatus"] == "tagged"]
    assert sorted(tagged) == sorted([prefix] for prefix in set(prefixes)), "a rule with two prefixes asks for both"
