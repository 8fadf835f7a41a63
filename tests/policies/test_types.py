"""A resource type is judged under every name it has."""

from dataclasses import replace

import pytest

from policies.catalog import RULES
from policies.framework import Example, Rule
from policies.framework.types import aliases_of, canonical
from tests.policies.aliases import TABLE, same_types, table
from tests.policies.harness import judge, judged

CASES = [
    pytest.param(rule, alias, id=f"{rule.name}: {alias}")
    for rule in RULES.values()
    for type_ in rule.types
    for alias in aliases_of(type_)
]


def test_table_is_what_the_sdk_says() -> None:
    assert TABLE.read_text(encoding="utf-8") == table(), "run `python -m tests.policies.aliases`"
    assert {name: canonical(name) for name in same_types()} == same_types()


@pytest.mark.parametrize(
    ("written", "known"),
    [
        ("aws:alb/listener:Listener", "aws:lb/listener:Listener"),
        ("aws:applicationloadbalancing/listener:Listener", "aws:lb/listener:Listener"),
        ("aws:elasticloadbalancingv2/loadBalancer:LoadBalancer", "aws:lb/loadBalancer:LoadBalancer"),
        ("aws:elasticloadbalancing/loadBalancer:LoadBalancer", "aws:elb/loadBalancer:LoadBalancer"),
        ("aws:s3/bucketV2:BucketV2", "aws:s3/bucket:Bucket"),
        ("aws:s3/bucket:Bucket", "aws:s3/bucket:Bucket"),
    ],
)
def test_every_name_of_a_type_is_one(written: str, known: str) -> None:
    assert canonical(written) == known
    assert canonical(known) == known


@pytest.mark.parametrize(("rule", "alias"), CASES)
def test_rule_says_the_same_of_every_name_of_a_type(rule: Rule, alias: str) -> None:
    for example, verdicts in judged(rule.name):
        written = _written(example, canonical(alias), alias)
        if written is None:
            continue
        again = judge(rule, written)
        assert [(v.on, v.id, v.mandatory) for v in again] == [(v.on, v.id, v.mandatory) for v in verdicts]
        for verdict in again:
            if f"${alias}::" in verdict.resource or f"::{alias}::" in verdict.resource:
                assert f"{verdict.on} ({alias})" in verdict.message, "the message names the type as it is written"


def test_a_rule_names_a_type_by_its_one_name() -> None:
    with pytest.raises(ValueError, match="types have other names in rules"):
        replace(RULES["ecr-scan-on-push"], types=("aws:alb/listener:Listener",))


def _written(example: Example, type_: str, alias: str) -> Example | None:
    """The example with one type under another name, if it has that type."""
    if all(resource.type != type_ for resource in example.resources):
        return None
    named = [replace(res, type=alias) if res.type == type_ else res for res in example.resources]
    return replace(example, resources=named)
