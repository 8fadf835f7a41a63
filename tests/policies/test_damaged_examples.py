"""The rules on their examples with something in them replaced: unknown, or of a form that nobody expects."""

import json
import random
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

import pytest

from policies.catalog import RULES
from policies.framework import UNKNOWN, Example, Rule
from tests.policies.harness import drawn, judge

EACH = 2
"""Places that are replaced in each example, chosen by its name: the same ones in every run."""

JUNK: tuple[Any, ...] = (
    None,
    1.5,
    -1,
    "",
    "x",
    "*",
    "{}",
    "[1",
    True,
    [],
    [None],
    [[]],
    ["*"],
    {},
    {"a": 1},
    {"*": "*"},
    [UNKNOWN],
)
DOCUMENTS = {"policy", "assumeRolePolicy"}
OF_ANOTHER_STACK = {
    # Nothing of the stack is behind the group, so it is another's. Its default group is that stack's to close.
    ("network-default-security-group-closed", "securityGroupId"),
}
Path = tuple[str | int, ...]


@pytest.mark.parametrize("rule", RULES.values(), ids=list(RULES))
def test_an_unknown_value_never_makes_a_violation_pass_in_silence(rule: Rule) -> None:
    for example in drawn([example for example in rule.examples if example.findings and not example.settings]):
        for path, damaged in _damaged(example, [UNKNOWN]):
            if (rule.name, path[-1]) not in OF_ANOTHER_STACK:
                assert judge(rule, damaged), f"{example.name}: silent about {path}"


@pytest.mark.parametrize("rule", RULES.values(), ids=list(RULES))
def test_whatever_stands_in_a_property_no_rule_fails_on_it(rule: Rule) -> None:
    for example in drawn(rule.examples):
        for path, damaged in _damaged(example, JUNK):
            for verdict in judge(rule, damaged):
                assert "Unjudged::" not in verdict.message, f"{example.name}, {path}: {verdict.message}"


def _damaged(example: Example, values: Any) -> Iterator[tuple[Path, Example]]:
    chosen = random.Random(example.name)  # noqa: S311  (the same for the same example is what is wanted)
    places = [
        (number, path)
        for number, resource in enumerate(example.resources)
        for path in _paths(_opened(resource.inputs))
        if path
    ]
    for number, path in chosen.sample(places, min(EACH, len(places))):
        resource = example.resources[number]
        inputs = _replaced(_opened(resource.inputs), path, chosen.choice(values))
        resources = [*example.resources[:number], replace(resource, inputs=inputs), *example.resources[number + 1 :]]
        yield path, replace(example, resources=resources)


def _opened(inputs: Mapping[str, Any]) -> dict[str, Any]:
    """Documents as objects, so that a part of one can be replaced."""
    opened = dict(inputs)
    for name in DOCUMENTS & set(opened):
        try:
            opened[name] = json.loads(opened[name])
        except (TypeError, ValueError):
            continue
    return opened


def _paths(value: Any, path: Path = ()) -> Iterator[Path]:
    yield path
    if isinstance(value, Mapping):
        for key, item in value.items():
            yield from _paths(item, (*path, key))
    elif isinstance(value, list | tuple):
        for index, item in enumerate(value):
            yield from _paths(item, (*path, index))


def _replaced(value: Any, path: Path, new: Any) -> Any:
    if not path:
        return new
    first, rest = path[0], path[1:]
    if isinstance(value, Mapping):
        return {**value, first: _replaced(value[first], rest, new)}
    return [_replaced(item, rest, new) if index == first else item for index, item in enumerate(value)]
