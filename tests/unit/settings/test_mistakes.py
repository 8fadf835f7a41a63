"""Mistakes: each is told where it is, in our own words, all at once, and none that only follows from another."""

import copy
import json
import re
from collections.abc import Iterator
from functools import cache
from typing import Any, get_args

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError
from pydantic_core import ErrorDetails, core_schema

import settings
from components.balancing import listener_rules
from settings import words
from settings.platform import Platform
from settings.problems import Path
from settings.section import Section

from ..conftest import ROOT, stack_config

STACKS = [
    *sorted((ROOT / "tests/unit/program/stacks").glob("*.yaml")),
    ROOT / "examples/settings/spot-on-ec2.yaml",
    ROOT / "Pulumi.dev.yaml",
]
WRONG: Any = [[[]]]
"""What no setting is."""


@cache
def stack(name: str) -> dict[str, Any]:
    """Return the configuration in one of those files."""
    (file,) = [file for file in STACKS if file.name == name]
    content = yaml.safe_load(file.read_text())
    config: dict[str, Any] = content.get("config", content)
    return config


def told(raw: Any, config: dict[str, Any] | None = None) -> list[settings.Problem]:
    """Return the mistakes in settings."""
    try:
        settings.parse(raw, settings.Surroundings((config or {}).get("aws:region"), lambda key: key))
    except settings.SettingsError as error:
        return error.problems
    return []


def places(value: Any, path: Path = ()) -> Iterator[Path]:
    """Yield the path of everything in settings, without those of items whose neighbours would move."""
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, item in items:
        yield (*path, key)
        yield from places(item, (*path, key))


def at(raw: Any, path: Path) -> Any:
    for part in path:
        raw = raw[part]
    return raw


def with_wrong(name: str, *paths: Path) -> dict[str, Any]:
    raw: dict[str, Any] = copy.deepcopy(stack(name)[settings.KEY])
    for path in paths:
        at(raw, path[:-1])[path[-1]] = WRONG
    return raw


def within(problem: settings.Problem, path: Path) -> bool:
    return problem.path[: len(path)] == path


NAMES = [file.name for file in STACKS]


@pytest.mark.parametrize("name", NAMES)
def test_nothing_follows_from_a_wrong_value(name: str) -> None:
    for path in places(stack(name)[settings.KEY]):
        found = told(with_wrong(name, path), stack(name))
        assert found, path
        assert all(within(problem, path) for problem in found), (path, list(map(str, found)))


@pytest.mark.parametrize("name", NAMES)
def test_nothing_follows_from_a_misspelt_key(name: str) -> None:
    for path in places(stack(name)[settings.KEY]):
        if not isinstance(path[-1], str):
            continue
        raw = copy.deepcopy(stack(name)[settings.KEY])
        parent, misspelt = at(raw, path[:-1]), f"{path[-1]}x"
        parent[misspelt] = parent.pop(path[-1])
        for problem in (found := told(raw, stack(name))):
            if "unknown key; did you mean" in problem.advice:
                assert [problem.path for problem in found] == [(*path[:-1], misspelt)], list(map(str, found))


@given(st.data())
def test_one_mistake_hides_no_other(data: st.DataObject) -> None:
    name = data.draw(st.sampled_from(NAMES))
    every = list(places(stack(name)[settings.KEY]))
    one, other = data.draw(st.sampled_from(every)), data.draw(st.sampled_from(every))
    if one[: len(other)] == other or other[: len(one)] == one:
        return
    found = told(with_wrong(name, one, other), stack(name))
    for path in (one, other):
        assert any(within(problem, path) for problem in found), list(map(str, found))
    assert all(within(problem, one) or within(problem, other) for problem in found), list(map(str, found))


def test_ten_mistakes_are_ten() -> None:
    raw: dict[str, Any] = copy.deepcopy(stack_config("dev")[settings.KEY])
    raw["network"].update(cidrBlock="10.10.0.1/16", natGateways="two")
    raw["loadBalancer"] = {"allowedCidrBlocks": ["10.0.0.1/8", 5]}
    raw["cluster"] = {
        "capacityProviderStrategy": [{"capacityProvider": "SPOT"}, {"capacityProvider": "FARGATE", "x": 1}]
    }
    raw["services"]["web"].update(minTasks=5, maxTasks=2, repository=7, hosts=["a.de"] * 6)
    raw["services"]["api"] = {"minTasks": 4, "maxTasks": 3}
    assert [settings.path_text(problem.path) for problem in told(raw)] == [
        "cluster.capacityProviderStrategy[0].capacityProvider",
        "cluster.capacityProviderStrategy[1].x",
        "loadBalancer.allowedCidrBlocks[0]",
        "loadBalancer.allowedCidrBlocks[1]",
        "network.cidrBlock",
        "network.natGateways",
        "services.api.minTasks",
        "services.api.repository",
        "services.web.hosts",
        "services.web.minTasks",
        "services.web.repository",
    ]


# Kinds of services


def advice_on(**services: Any) -> dict[str, str]:
    """Return path and advice of each mistake in services."""
    raw = {"registry": {"repositories": {"web": {}}}, "services": services}
    return {settings.path_text(problem.path): problem.advice for problem in told(raw)}


def test_a_setting_of_another_kind_is_refused_with_the_kind_that_has_it() -> None:
    worker = {"kind": "worker", "repository": "web", "hosts": ["a.org"], "containerPort": 80, "memry": 512}
    found = advice_on(emails=worker)
    assert found["services.emails.hosts"] == "has no meaning for kind: worker. Remove it, or choose kind: web."
    assert found["services.emails.containerPort"].startswith("has no meaning for kind: worker.")
    assert "did you mean memory?" in found["services.emails.memry"]
    assert len(found) == 3


@pytest.mark.parametrize("kind", ["wroker", "", None, 3, ["worker"], {"worker": {}}])
def test_an_unknown_kind_is_refused_together_with_all_else(kind: Any) -> None:
    found = advice_on(emails={"kind": kind, "repository": "web", "cpu": 1})
    assert "services.emails.kind" in found
    assert "'web' or 'worker'" in found["services.emails.kind"]
    assert "services.emails.cpu" in found


def test_a_misspelt_kind_is_read_as_the_one_that_was_meant() -> None:
    found = advice_on(emails={"kind": "Wroker", "repository": "web", "hosts": ["a.org"]})
    assert "kind: worker" in found["services.emails.hosts"]


def test_a_kind_that_cannot_be_read_is_the_one_that_has_the_settings_beside_it() -> None:
    orders = {"repository": "web", "minTasks": 0, "queue": {}, "subscriptions": {}}
    assert list(advice_on(orders={"kind": 5, **orders})) == ["services.orders.kind"]
    assert list(advice_on(orders={"knd": "queueWorker", **orders})) == ["services.orders.knd"]


# Words


def errors_of(schema: Any, definitions: dict[str, Any], *, worded: bool = False) -> Iterator[str]:
    """Yield the kinds of errors that a schema of pydantic can raise; `worded` where a pattern is told in words."""
    kind = schema["type"]
    limits = {"ge": "greater_than_equal", "le": "less_than_equal", "gt": "greater_than", "lt": "less_than"}
    match kind:
        case "definitions":
            definitions |= {one["ref"]: one for one in schema["definitions"]}
            yield from errors_of(schema["schema"], definitions)
            for one in schema["definitions"]:
                yield from errors_of(one, definitions)
        case "definition-ref":
            pass
        case "tagged-union":
            yield "union_tag_invalid"
            for choice in schema["choices"].values():
                yield from errors_of(choice, definitions)
        case "model":
            yield from ("model_type", "model_attributes_type")
            yield from errors_of(schema["schema"], definitions)
        case "model-fields":
            yield from ("missing", "extra_forbidden")
            for field in schema["fields"].values():
                yield from errors_of(field["schema"], definitions)
        case "default" | "nullable":
            yield from errors_of(schema["schema"], definitions)
        case "function-wrap" | "function-after" | "function-before":
            yield from errors_of(schema["schema"], definitions, worded=True)
        case "list" | "dict":
            yield f"{kind}_type"
            yield from [f"too_{end}" for end, key in (("short", "min_length"), ("long", "max_length")) if key in schema]
            for part in ("items_schema", "keys_schema", "values_schema"):
                if part in schema:
                    yield from errors_of(schema[part], definitions)
        case "str":
            yield "string_type"
            yield from [
                f"string_too_{end}"
                for end, key in (("short", "min_length"), ("long", "max_length"))
                if schema.get(key) is not None
            ]
            if schema.get("pattern") and not worded:
                yield "string_pattern_mismatch"
        case "int":
            yield from ("int_type", "int_from_float", "int_parsing_size")
            yield from [error for key, error in limits.items() if key in schema]
        case "float":
            yield "float_type"
            yield from [error for key, error in limits.items() if key in schema]
        case "bool":
            yield "bool_type"
        case "any":
            pass
        case "enum":
            yield "enum"
        case "literal":
            yield "literal_error"
        case _:
            raise AssertionError(f"settings/words.py has no words yet for what pydantic says of a {kind}")


def test_every_error_that_the_sections_can_raise_has_words_of_our_own() -> None:
    possible = set(errors_of(Platform.__pydantic_core_schema__, {}))
    assert {"kind", "model-fields"}.isdisjoint(possible)
    assert possible - {*words.WORDS} == {"extra_forbidden"}, "which _problem words"
    assert {*words.WORDS} <= {*get_args(core_schema.ErrorType)}, "a name that pydantic does not have is never used"


VALUES: list[Any] = [
    None, True, 5, -1, 10**18, 1.5, "", "x", "x" * 100_000, "ä ö", [], [None], [[]] * 500, {}, {"": {}}, {"x": None},
]  # fmt: skip


def errors(section: type[Section]) -> Iterator[ErrorDetails]:
    for field in section.model_fields.values():
        for value in VALUES:
            try:
                section.model_validate_json(json.dumps({field.alias: value}))
            except ValidationError as error:
                yield from error.errors(include_url=False)


@pytest.mark.parametrize("section", Section.__subclasses__(), ids=lambda section: section.__name__)
def test_no_word_of_pydantic_and_no_pattern_is_left(section: type[Section]) -> None:
    for error in errors(section):
        if error["type"] == "extra_forbidden":
            continue
        said = words.advice(error)
        assert not re.search(r"Input|should|valid |\bString|\bList|Dictionary|Field|validation|\[a-z|0-9\]|[$]$", said)
        assert error["type"] not in get_args(core_schema.ErrorType) or said != error["msg"]


@pytest.mark.parametrize(
    ("change", "path", "advice"),
    [
        ({"cpu": None}, "services.web.cpu", "is empty, but must be a whole number"),
        ({"cpu": float("nan")}, "services.web.cpu", "must be a number with an end"),
        ({"cpu": float("inf")}, "services.web.cpu", "must be a number with an end"),
        ({"cpu": 10**30}, "services.web.cpu", "too large a number"),
        ({"capacityProviderStrategy": []}, "services.web.capacityProviderStrategy", "at least 1 item, but has none"),
        ({"user": ""}, "services.web.user", "must be a user other than root"),
        ({"placementStrategies": [{"type": "random"}] * 6}, "services.web.placementStrategies", "at most 5 items, but"),
        ({"environment": {True: "x"}}, "services.web.environment.True", "put the key in quotes"),
        ({"environment": {"A-B": "x"}}, "services.web.environment.A-B", "has a wrong name, which must be letters"),
        ({"image": "\ud800"}, "services.web.image", "half of a character"),
        ({"image": b"x"}, "services.web.image", "is a bytes to YAML"),
        ({"image": yaml.safe_load("2027-01-01")}, "services.web.image", "is a date to YAML: put it in quotes"),
    ],
)  # fmt: skip
def test_what_yaml_and_pydantic_call_otherwise_is_told_plainly(change: Any, path: str, advice: str) -> None:
    raw = copy.deepcopy(stack_config("dev")[settings.KEY])
    raw["services"]["web"].update(change)
    (problem,) = told(raw)
    assert settings.path_text(problem.path) == path
    assert advice in problem.advice


def test_a_loop_of_aliases_is_named_and_the_rest_is_judged() -> None:
    raw = yaml.safe_load("services: &all\n  web: {repository: 5}\n  api: *all\nprotect: 1\n")
    assert {settings.path_text(problem.path): problem.advice.partition(":")[0] for problem in told(raw)} == {
        "protect": "must be true or false, without quotes",
        "services.api": "contains itself",
        "services.web.repository": "must be text",
    }


def test_aliases_without_an_end_are_refused_at_once() -> None:
    levels = "".join(f"l{level}: &l{level} [{', '.join([f'*l{level - 1}'] * 9)}]\n" for level in range(1, 12))
    (problem,) = told(yaml.safe_load(f"l0: &l0 [x]\n{levels}"))
    assert "more than 100,000 values" in problem.advice


def test_what_is_nested_too_deeply_is_refused() -> None:
    deep: Any = 1
    for _ in range(500):
        deep = {"x": deep}
    assert any("levels deep" in problem.advice for problem in told({"protect": True, "network": deep}))


@pytest.mark.parametrize("where", ["value", "key"])
def test_a_message_about_200_kilobytes_is_short_and_shows_their_beginning(where: str) -> None:
    raw = copy.deepcopy(stack_config("dev")[settings.KEY])
    raw["services"]["web"].update({"cpu": "abc" + "x" * 200_000} if where == "value" else {"abc" + "x" * 200_000: 1})
    (problem,) = told(raw)
    assert len(str(problem)) < 1500
    assert re.search(r"abcx+\.\.\. \(200,0\d\d characters\)", str(problem))


def test_a_section_inside_an_optional_one_names_an_unknown_key() -> None:
    raw = copy.deepcopy(stack("everything.yaml")[settings.KEY])
    raw["registry"]["account"]["replication"][0]["destinations"][0]["regoin"] = "x"
    (problem,) = told(raw)
    assert "did you mean region?" in problem.advice


# Rules


def rules(**services: Any) -> list[settings.Problem]:
    raw = copy.deepcopy(stack_config("dev")[settings.KEY])
    raw["services"] = {name: {"repository": "web", **service} for name, service in services.items()}
    return told(raw)


def test_a_priority_that_nobody_wrote_is_said_to_come_from_the_name() -> None:
    """Two names whose priorities are the same, found by trying."""
    seen: dict[int, str] = {}
    for number in range(10_000):
        name = f"s{number}"
        priority = listener_rules.stable_priority(name, listener_rules.conditions(paths=[f"/{name}"]))
        if other := seen.setdefault(priority, name) if priority in seen else None:
            break
        seen[priority] = name
    assert other
    both = {other: {"paths": [f"/{other}"]}, name: {"paths": [f"/{name}"]}}
    (problem,) = rules(**both)
    assert problem.path == ("services", name, "priority")
    assert problem.value is None, "nobody wrote it"
    for said in (
        f"comes from the service's name and is {priority}",
        f"{other} has the same, which comes from its name",
        f"such as {priority + 1}",
    ):
        assert said in problem.advice
    both[name]["priority"] = priority + 1  # type: ignore[assignment]
    assert rules(**both) == []
    both[name]["priority"] = priority  # type: ignore[assignment]
    (problem,) = rules(**both)
    assert problem.value == priority
    assert f"is also the priority of {other}, which comes from its name." in problem.advice


@pytest.mark.parametrize(
    ("service", "at", "advice"),
    [
        ({"hosts": [f"h{n}.de" for n in range(6)]}, "hosts", "makes 6 hosts, paths and values of headers"),
        ({"paths": [f"/{n}" for n in range(6)]}, "paths", "makes 6 hosts, paths and values of headers"),
        ({"headers": {"X": [*"123"], "Y": ["4", "5"]}, "paths": ["/a"]}, "headers", "makes 6 hosts, paths and values"),
        ({"hosts": ["*.*.*.*.de"], "paths": ["/*/*/*"]}, "hosts", "makes 7 wildcards"),
    ],
)  # fmt: skip
def test_too_much_in_a_rule_is_told_where_most_of_it_is(service: dict[str, Any], at: str, advice: str) -> None:
    (problem,) = rules(web=service)
    assert problem.path == ("services", "web", at)
    assert advice in problem.advice
