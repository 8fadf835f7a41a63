"""Every rule on every example of its own file, findings matched both ways."""

import pytest

from policies.catalog import RULES
from policies.framework import Example, Expect, Rule
from tests.policies.harness import Verdict, expected, judge

CASES = [
    pytest.param(rule, example, id=f"{rule.name}: {example.name}")
    for rule in RULES.values()
    for example in rule.examples
]


@pytest.mark.parametrize(("rule", "example"), CASES)
def test_rule_judges_its_example(rule: Rule, example: Example) -> None:
    verdicts = judge(rule, example)

    assert _pairs(v for v in verdicts if v.mandatory) == expected(example.findings)
    assert _pairs(v for v in verdicts if v.undecided) == expected(example.undecided)
    assert _pairs(v for v in verdicts if v.exempted) == expected(example.exempted)
    _says(verdicts, [*example.findings, *example.undecided, *example.exempted])
    for verdict in verdicts:
        assert verdict.message.startswith(rule.description), "the engine shows the demand first"
        if verdict.resource:
            remedies = ("Fix: ", "To be sure now: ", "Nothing to do now: ")
            assert any(remedy in verdict.message for remedy in remedies), verdict.message
            if not verdict.message.startswith("EXEMPTED"):
                assert f"\nURN: {verdict.resource} [{verdict.id}]" in verdict.message
            assert verdict.on in verdict.message, "the message names its resource"


@pytest.mark.parametrize("rule", RULES.values(), ids=list(RULES))
def test_rule_has_passing_failing_and_unknown_cases(rule: Rule) -> None:
    assert {example.kind for example in rule.examples} == {"passing", "failing", "unknown"}
    names = [example.name for example in rule.examples]
    assert len(names) == len(set(names))


@pytest.mark.parametrize("rule", RULES.values(), ids=list(RULES))
def test_rule_uses_only_the_types_it_names(rule: Rule) -> None:
    """A type that no example has may be misspelt, and a misspelt type is a rule that never speaks."""
    used = {resource.type for example in rule.examples for resource in example.resources}
    assert set(rule.types) <= used, f"no example has {sorted(set(rule.types) - used)}"


def _pairs(verdicts: object) -> list[tuple[str, str]]:
    return sorted((verdict.on, verdict.id) for verdict in verdicts)  # type: ignore[attr-defined]


def _says(verdicts: list[Verdict], expectations: list[Expect]) -> None:
    for expect in expectations:
        message = next(v.message for v in verdicts if (v.on, v.id) == (expect.on, expect.id))
        for text in expect.says:
            assert text in message, message
