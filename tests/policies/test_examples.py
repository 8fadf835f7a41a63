"""Every rule on every example of its own file, findings matched both ways."""

from collections.abc import Iterator

import pytest

from policies.catalog import RULES
from policies.framework import Example, Rule
from tests.policies.harness import Verdict, expected, judged


@pytest.mark.parametrize("rule", RULES.values(), ids=list(RULES))
def test_rule_judges_its_examples(rule: Rule) -> None:
    """One test for a rule: a test for each of 1,500 examples costs more than the examples do."""
    wrong = {example.name: said for example, verdicts in judged(rule.name) for said in _wrong(rule, example, verdicts)}
    assert not wrong, "\n".join(f"{name}: {said}" for name, said in wrong.items())


def _wrong(rule: Rule, example: Example, verdicts: list[Verdict]) -> Iterator[str]:
    """What a rule says of an example and should not, or the other way round."""
    for said, expectations in (
        ([v for v in verdicts if v.mandatory], example.findings),
        ([v for v in verdicts if v.undecided], example.undecided),
        ([v for v in verdicts if v.exempted], example.exempted),
    ):
        pairs = sorted((verdict.on, verdict.id) for verdict in said)
        if pairs != expected(expectations):
            yield f"expected {expected(expectations)}, found {pairs}"
            return
        for expect in expectations:
            message = next(v.message for v in verdicts if (v.on, v.id) == (expect.on, expect.id))
            yield from (f"{text!r} is not in {message!r}" for text in expect.says if text not in message)
    yield from (said for verdict in verdicts for said in _wrong_in_form(rule, verdict))


def _wrong_in_form(rule: Rule, verdict: Verdict) -> Iterator[str]:
    """What every message has."""
    if not verdict.message.startswith(rule.description):
        yield f"the engine shows the demand first: {verdict.message!r}"
    if not verdict.resource:
        return
    if not any(remedy in verdict.message for remedy in ("Fix: ", "To be sure now: ", "Nothing to do now: ")):
        yield f"no remedy: {verdict.message!r}"
    if (
        not verdict.message.startswith("EXEMPTED")
        and f"\nURN: {verdict.resource} [{verdict.id}]" not in verdict.message
    ):
        yield f"no URN and id at the end: {verdict.message!r}"
    if verdict.on not in verdict.message:
        yield f"the message does not name its resource: {verdict.message!r}"


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
