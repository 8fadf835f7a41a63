"""The pack's JSON configuration: levels, settings and exemptions, and what is refused."""

import json
from pathlib import Path
from typing import Any

import hypothesis
import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft7Validator

from policies.catalog import RULES
from policies.check_config import main, problems_in, problems_of
from policies.framework import Res, Rule
from policies.framework.configuration import schema
from policies.framework.schemas import KEYWORDS
from tests.policies.harness import ConfigurationRefusedError, Pack, Verdict

SCAN, TAGS = "ecr-scan-on-push", "ecr-immutable-tags"
BAD = Res("aws:ecr/repository:Repository", "app", {"name": "app"})
EXEMPTION = {
    "resource": "*::app",
    "finding": "*",
    "reason": "until the move",
    "owner": "team-a",
    "expires": "2999-12-31",
}


def run(config: dict[str, Any]) -> list[Verdict]:
    return Pack(RULES.values(), config, name="images").run([BAD])


def levels(verdicts: list[Verdict]) -> dict[str, bool]:
    return {verdict.rule: verdict.mandatory for verdict in verdicts if verdict.resource}


def test_both_rules_are_mandatory_by_default() -> None:
    assert levels(run({})) == {SCAN: True, TAGS: True}


def test_levels_by_name() -> None:
    assert levels(run({SCAN: "advisory", TAGS: {"enforcementLevel": "disabled"}})) == {SCAN: False}


def test_what_a_remediation_leaves_over_is_mandatory() -> None:
    assert levels(run({TAGS: "remediate"}))[TAGS] is True


@pytest.mark.parametrize(
    ("config", "parts"),
    [
        ({"ecr-scan-on-pushh": "advisory"}, ["unknown rule 'ecr-scan-on-pushh'", "did you mean 'ecr-scan-on-push'"]),
        ({"zzz": "advisory"}, ["unknown rule 'zzz'", "it has ecr-immutable-tags, ecr-scan-on-push"]),
        ({TAGS: {"allowed_filters": []}}, [TAGS, "unknown setting 'allowed_filters'", "'allowed_exclusion_filters'"]),
        ({TAGS: {"exemptions": ["all of them"]}}, [f"{TAGS}: exemptions[0]", "must be an object"]),
        (
            {TAGS: {"exemptions": [EXEMPTION, {**EXEMPTION, "expires": "soon"}]}},
            ["exemptions[1]", "'soon'", "2027-06-30"],
        ),
        ({TAGS: {"exemptions": [{**EXEMPTION, "ticket": "X-1"}]}}, ["unknown fields ticket", "owner"]),
        *(
            ({TAGS: {"exemptions": [{**EXEMPTION, field: " "}]}}, ["exemptions[0]", f"has no {field}"])
            for field in EXEMPTION
        ),
    ],
)
def test_a_wrong_configuration_is_refused_with_what_would_be_right(config: dict[str, Any], parts: list[str]) -> None:
    with pytest.raises(ConfigurationRefusedError) as refused:
        run(config)
    for part in parts:
        assert part in str(refused.value)


def test_every_mistake_is_named_at_once() -> None:
    with pytest.raises(ConfigurationRefusedError, match=r"(?s)first.*second"):
        run({"first": "advisory", "second": "advisory"})


def test_an_exemption_holds_on_its_last_day_and_no_longer(monkeypatch: pytest.MonkeyPatch) -> None:
    from datetime import date

    config = {SCAN: "disabled", TAGS: {"exemptions": [{**EXEMPTION, "expires": "2027-06-30"}]}}
    monkeypatch.setattr("policies.framework.exemptions.today", lambda: date(2027, 6, 30))
    [verdict] = run(config)
    assert verdict.exempted
    assert not verdict.mandatory

    monkeypatch.setattr("policies.framework.exemptions.today", lambda: date(2027, 7, 1))
    [verdict] = run(config)
    assert verdict.mandatory
    assert "exemption by team-a (until the move) expired on 2027-06-30" in verdict.message


def test_a_renewed_exemption_wins_over_the_expired_one() -> None:
    config = {SCAN: "disabled", TAGS: {"exemptions": [{**EXEMPTION, "expires": "2020-01-01"}, EXEMPTION]}}
    assert all(verdict.exempted for verdict in run(config))


def test_an_exemption_is_for_its_rule_only() -> None:
    verdicts = run({TAGS: {"exemptions": [EXEMPTION]}})
    assert {verdict.rule: verdict.exempted for verdict in verdicts} == {TAGS: True, SCAN: False}


@pytest.mark.parametrize(("expires", "expired"), [("2999-01-01", False), ("2020-01-01", True)])
def test_an_exemption_that_matches_nothing_is_reported(expires: str, expired: bool) -> None:
    unused = {**EXEMPTION, "resource": "*::gone", "expires": expires}
    [verdict] = [v for v in run({TAGS: {"exemptions": [unused]}}) if not v.resource]
    assert not verdict.mandatory
    assert "matches no finding: remove it" in verdict.message
    assert "owner team-a" in verdict.message
    assert ("has expired" in verdict.message) is expired


def test_the_check_without_engine_says_what_the_engine_cannot(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    wrong = tmp_path / "wrong.json"
    wrong.write_text(json.dumps({"ecr-scan-on-pushh": {"x": 1}, TAGS: "mandatroy"}))
    assert main(["--pack", "images", str(wrong)]) == 1
    said = capsys.readouterr().err
    assert "did you mean 'ecr-scan-on-push'" in said
    assert "'mandatroy' is not a level" in said

    right = tmp_path / "right.json"
    right.write_text(json.dumps({"all": "advisory", TAGS: {"exemptions": [EXEMPTION]}, "environments": ["team/ci"]}))
    assert main([str(right)]) == 0

    (tmp_path / "broken.json").write_text("{")
    assert main([str(tmp_path / "broken.json")]) == 1
    assert main([str(tmp_path / "absent.json")]) == 1
    said = capsys.readouterr().err
    assert "is not JSON" in said
    assert "cannot be read: No such file" in said
    assert problems_of("images", []) == ["the configuration must be a JSON object of rule names"]


@pytest.mark.parametrize(
    ("config", "said"),
    [
        ({TAGS: {"allowed_exclusion_filters": "x"}}, f'{TAGS}: allowed_exclusion_filters is "x", but must be a list'),
        ({TAGS: {"allowed_exclusion_filters": [1]}}, f"{TAGS}: allowed_exclusion_filters[0] is 1, but must be text"),
        ({TAGS: {"undecided": "no"}}, f'{TAGS}: undecided is "no", but must be one of advisory, mandatory'),
        ({TAGS: {"exemptions": "all"}}, f'{TAGS}: exemptions is "all", but must be a list'),
        (
            {"network-restricted-ingress": {"allowed_ports": [70_000]}},
            "network-restricted-ingress: allowed_ports[0] is 70000, but must be from 0 to 65535",
        ),
        (
            {"network-restricted-ingress": {"allow_icmp": "yes"}},
            'network-restricted-ingress: allow_icmp is "yes", but must be true or false',
        ),
    ],
)
def test_a_setting_of_another_type_is_told_in_plain_words(config: dict[str, Any], said: str) -> None:
    assert problems_of("all", config) == [said]


@pytest.mark.parametrize("rule", RULES.values(), ids=list(RULES))
def test_every_default_and_every_examples_settings_pass(rule: Rule) -> None:
    defaults = {name: value["default"] for name, value in schema(rule).items()}
    for settings in (defaults, *(example.settings for example in rule.examples)):
        assert problems_of("all", {rule.name: dict(settings)}) == []


def test_a_key_that_is_written_twice_is_named_with_its_file(tmp_path: Path) -> None:
    file = tmp_path / "Pulumi.dev.policies.json"
    file.write_text(f'{{"{TAGS}": "advisory", "{TAGS}": "mandatory"}}')
    assert problems_in("all", file) == [f"Pulumi.dev.policies.json: {TAGS} is written twice; keep one"]


def test_the_keywords_of_every_setting_are_understood() -> None:
    def keywords(given: Any) -> set[str]:
        inner = [given.get("items", {}), *given.get("properties", {}).values()]
        return set(given).union(*(keywords(one) for one in inner if one))

    for rule in RULES.values():
        for setting in schema(rule).values():
            assert keywords(setting) <= KEYWORDS


VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.sampled_from([-1, 0, 443, 443.0, 443.5, 65536, 1e300, "", "x", "subnet-1", "subnet"]),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.sampled_from(["filters", "region", "x"]), inner),
    max_leaves=3,
)
SETTINGS = [(rule.name, name, given) for rule in RULES.values() for name, given in schema(rule).items()]


@hypothesis.settings(max_examples=150, deadline=None)
@given(st.sampled_from(range(len(SETTINGS))), VALUES)
def test_a_setting_is_refused_if_its_schema_refuses_it(number: int, value: Any) -> None:
    rule, name, given_schema = SETTINGS[number]
    refused = not Draft7Validator(given_schema).is_valid(value)
    found = problems_of("all", {rule: {name: value}})
    assert bool(found) == refused
    assert all(problem.startswith(f"{rule}: {name}") for problem in found)


NO_REASONS: tuple[Any, ...] = (None, 5, True, [], {}, "", " ")
NO_DATES: tuple[Any, ...] = (20270630, "20270630", "2027-06-30\n", "2027-13-30", "\uff12027-06-30", "soon")


@pytest.mark.parametrize(
    ("field", "value"), [*(("reason", value) for value in NO_REASONS), *(("expires", value) for value in NO_DATES)]
)
def test_an_exemption_is_refused_if_its_schema_refuses_it(field: str, value: Any) -> None:
    [problem] = problems_of("all", {TAGS: {"exemptions": [EXEMPTION, {**EXEMPTION, field: value}]}})
    assert problem.startswith(f"{TAGS}: exemptions[1] ")
    assert field in problem


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"\xef\xbb\xbf{}", "begins with a byte order mark; save it as UTF-8 without one"),
        (b'{"x": "\xff"}', "is not UTF-8: byte 7 is 0xff"),
        (b'{"x": {"y": [NaN]}}', ": x.y[0] is NaN, which is no number that the engine can read"),
        (b'{"x": 1e400}', ": x is 1e400, which is no number that the engine can read"),
        (b'{"x": ' + b"1" * 400 + b"}", f": x is {'1' * 30}..., which is no number that the engine can read"),
        (b"[" * 100_000, "is nested too deeply to read"),
        (b'{"\\ud800": "advisory"}', ": unknown rule '\\ud800' in the configuration"),
        (b'{"environments": "team/ci"}', ': environments is "team/ci", but must be a list'),
        (b'{"all": {"undecided": "mandatory"}}', ": all: takes a level only; give undecided to each rule"),
        (b'{"ecr-immutable-tags": null}', ": ecr-immutable-tags: null is not a level; use one of advisory, "),
        (b'{"ecr-immutable-tags": {"enforcementLevel": 1}}', ": ecr-immutable-tags: 1 is not a level; use one of "),
    ],
)
def test_what_the_engine_cannot_read_is_named_with_its_file(tmp_path: Path, content: bytes, said: str) -> None:
    file = tmp_path / "levels.json"
    file.write_bytes(content)
    [problem] = problems_in("all", file)
    assert problem.startswith("levels.json")
    assert said in problem
    problem.encode()


def test_an_empty_file_says_nothing(tmp_path: Path) -> None:
    (tmp_path / "empty.json").write_text(" \n")
    assert problems_in("all", tmp_path / "empty.json") == []
