"""Every rule on its examples with one value in them replaced by an odd one, or made secret."""

import hashlib
import json
import os
import re
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from typing import Any, TypeVar

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from policies.catalog import RULES
from policies.framework import Example, Res, Rule, SecretValue
from tests.policies.harness import Verdict, judge
from tests.policies.odd import IN_DOCUMENTS, VALUES, at, open_document, places, with_resource, with_value

_Test = TypeVar("_Test", bound=Callable[..., None])
CASES = [(rule, example) for rule in RULES.values() for example in rule.examples if places(example)]
TOKEN = "Zq7xVb9wKj"


def some(number: int) -> Callable[[_Test], _Test]:
    """The same cases in every run, so that each takes as long as the last."""
    return settings(
        max_examples=max(number, int(os.environ.get("HYPOTHESIS_EXAMPLES", "0"))),
        deadline=None,
        derandomize=True,
        database=None,
        suppress_health_check=list(HealthCheck),
    )


@some(90)
@given(st.data())
def test_no_value_ends_a_run_or_gets_into_an_id_or_a_message_as_it_is(data: st.DataObject) -> None:
    rule, example = CASES[data.draw(st.sampled_from(range(len(CASES))))]
    number, path, inside = data.draw(st.sampled_from(places(example)))
    value = data.draw(st.sampled_from(IN_DOCUMENTS if inside else VALUES))
    damaged = with_value(example, number, path, value)
    verdicts = judge(rule, damaged)
    for verdict in verdicts:
        _is_sound(verdict)
    assert [(found.resource, found.id) for found in verdicts] == [
        (found.resource, found.id) for found in judge(rule, damaged)
    ]


@some(40)
@given(st.data())
def test_what_is_wrong_in_another_resource_is_still_found(data: st.DataObject) -> None:
    cases = [case for case in CASES if case[0].name in STRANGERS]
    rule, example = cases[data.draw(st.sampled_from(range(len(cases))))]
    number, path, inside = data.draw(st.sampled_from(places(example)))
    damaged = with_value(example, number, path, data.draw(st.sampled_from(IN_DOCUMENTS if inside else VALUES)))
    stranger = STRANGERS[rule.name]
    wrong = [found for found in judge(rule, _beside(example, stranger)) if found.on == stranger.name]
    still = {(found.on, found.id) for found in judge(rule, _beside(damaged, stranger))}
    assert {(found.on, found.id) for found in wrong} <= still


@some(90)
@given(st.data())
def test_no_part_of_a_secret_is_shown(data: st.DataObject) -> None:
    cases = [case for case in CASES if case[1].findings]
    rule, example = cases[data.draw(st.sampled_from(range(len(cases))))]
    number, path, _ = data.draw(st.sampled_from(places(example)))
    value = _with_token(at(example, number, path), data.draw(st.sampled_from(SPELLINGS)))
    secret = with_value(example, number, path, value)
    inputs, prop = secret.resources[number].inputs, str(path[0])
    marked = {**inputs, prop: SecretValue(inputs[prop])}
    hidden = with_resource(secret, number, replace(secret.resources[number], inputs=marked))
    verdicts = judge(rule, hidden)
    for verdict in verdicts:
        _is_sound(verdict)
        shown = verdict.message.casefold()
        parts = {TOKEN[at : at + 4].casefold() for at in range(len(TOKEN) - 3)}
        assert not [part for part in parts if part in shown], verdict.message
    assert len(verdicts) == len(judge(rule, secret)), "what is secret is judged as everything else is"


def test_ids_and_messages_are_the_same_in_another_process() -> None:
    run = [sys.executable, "-c", f"from {__name__} import digest; print(digest())"]
    another = {**os.environ, "PYTHONHASHSEED": "1" if os.environ.get("PYTHONHASHSEED") != "1" else "2"}
    printed = subprocess.run(run, env=another, check=True, capture_output=True, text=True).stdout
    assert printed.strip() == digest()


def digest() -> str:
    """What all rules say of a few examples each, in short."""
    said = hashlib.sha256()
    for rule in RULES.values():
        for example in [example for example in rule.examples if example.findings][::40]:
            for number, path, inside in places(example)[:2]:
                for odd in (example, with_value(example, number, path, (IN_DOCUMENTS if inside else VALUES)[-8])):
                    said.update("\n".join(verdict.message for verdict in judge(rule, odd)).encode())
    return said.hexdigest()


def _is_sound(verdict: Verdict) -> None:
    assert "Unjudged::" not in verdict.id, verdict.message
    assert verdict.id or not verdict.resource
    assert len(verdict.id) <= 260
    assert len(verdict.message) <= 6_000
    assert verdict.message.replace("\n", "").isprintable()
    assert not re.search(r"\b0x[0-9a-f]{4}| object at ", verdict.message)


def _beside(example: Example, stranger: Res) -> Example:
    return replace(example, resources=[*example.resources, stranger], settings={})


def _stranger(rule: Rule) -> Res | None:
    """One resource that the rule fails whatever is beside it."""
    alone = (example for example in rule.examples if example.findings and len(example.resources) == 1)
    found = next((example.resources[0] for example in alone if not example.settings), None)
    return None if found is None else replace(found, name="stranger", parent="", provider=None)


def _with_token(value: Any, spell: Callable[[str], str]) -> Any:
    """A value with a token in each of its texts, where a rule may take it for what it takes the text for."""
    if isinstance(value, str):
        document = open_document(value)
        return spell(value) if document is None else json.dumps(_with_token(document, spell))
    if isinstance(value, dict):
        return {key: _with_token(item, spell) for key, item in value.items()}
    return [_with_token(item, spell) for item in value] if isinstance(value, list | tuple) else value


SPELLINGS: tuple[Callable[[str], str], ...] = (
    lambda text: f"{text}{TOKEN}",
    lambda text: f"{text}/{TOKEN}/*",
    lambda text: f"{TOKEN.upper()}:{text}",
    lambda _: TOKEN.lower(),
    lambda _: f"arn:aws:iam::123456789012:role/{TOKEN}/{TOKEN}",
    lambda _: f"{TOKEN}:*",
)
STRANGERS = {
    name: stranger
    for name, rule in RULES.items()
    # What a registry covers hangs on its filters.
    if name != "ecr-scan-on-push" and (stranger := _stranger(rule))
}
