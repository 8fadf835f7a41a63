"""Which requests reach which service on the shared load balancer, and the order in which the rules are asked."""

import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import settings
from components.balancing import listener_rules

from ..conftest import Engine, Run
from ..settings.test_settings import platform, problems
from .example import service

_PATTERNS = st.text(alphabet="ab*?/", min_size=1, max_size=6)
_FEW = st.lists(_PATTERNS, max_size=3)
_HEADERS = st.dictionaries(st.sampled_from(["X-A", "x-b"]), st.lists(_PATTERNS, min_size=1, max_size=2), max_size=2)
_CONDITIONS = st.builds(listener_rules.conditions, _FEW, _FEW, _HEADERS)


def services(**named: dict[str, Any]) -> dict[str, Any]:
    """Return the dev stack's settings with these services."""
    raw = platform()
    raw["services"] = {name: {"repository": "web", **values} for name, values in named.items()}
    return raw


def matches(pattern: str, text: str) -> bool:
    """Tell whether a text meets a pattern, as a load balancer compares them."""
    translated = "".join({"*": ".*", "?": "."}.get(char) or re.escape(char) for char in pattern)
    return re.fullmatch(translated, text) is not None


def test_a_header_is_one_more_condition_of_the_rule(run: Run) -> None:
    headers = {"X-Canary": ["1", "*beta*"], "Accept": ["text/html"]}
    engine = run(lambda: service(hosts=["shop.example.org"], headers=headers))
    assert engine.one("lb/listenerRule:ListenerRule")["conditions"] == [
        {"hostHeader": {"values": ["shop.example.org"]}},
        {"httpHeader": {"httpHeaderName": "Accept", "values": ["text/html"]}},
        {"httpHeader": {"httpHeaderName": "X-Canary", "values": ["*beta*", "1"]}},
    ]


def test_without_conditions_a_rule_takes_every_path(web: Engine) -> None:
    assert web.one("lb/listenerRule:ListenerRule")["conditions"] == [{"pathPattern": {"values": ["/*"]}}]


@pytest.mark.parametrize(
    ("changes", "path", "advice"),
    [
        ({"headers": {"Host": ["a.org"]}}, "headers.Host", "must be given as hosts"),
        ({"headers": {"host": ["a.org"]}}, "headers.host", "must be given as hosts"),
        ({"headers": {"X_Canary": ["1"]}}, "headers.X_Canary", "letters, digits and hyphens"),
        ({"headers": {"X-" + "a" * 39: ["1"]}}, "headers.X-" + "a" * 39, "at most 40"),
        ({"headers": {"X-Canary": []}}, "headers.X-Canary", "at least 1 item"),
        ({"headers": {"X-Canary": [""]}}, "headers.X-Canary[0]", "1 to 128 characters"),
        ({"headers": {"X-Canary": [1]}}, "headers.X-Canary[0]", "put it in quotes"),
        ({"headers": {"X-Canary": ["1"], "x-canary": ["2"]}}, "headers.x-canary", "the same header as X-Canary"),
        (
            {"hosts": ["a.org"], "paths": ["/1", "/2", "/3"], "headers": {"A": ["1", "2"]}},
            "paths",
            "makes 6 hosts, paths and values",
        ),
        (
            {"paths": ["/1", "/2", "/3", "/4", "/*"], "headers": {"A": ["1"]}},
            "paths",
            "makes 6 hosts, paths and values",
        ),
        ({"hosts": ["*.a.org"], "paths": ["/*/?/?"], "headers": {"A": ["*?*"]}}, "paths", "6 wildcards"),
    ],
)
def test_what_no_rule_can_have_is_refused(changes: dict[str, Any], path: str, advice: str) -> None:
    found = problems(platform(**changes))
    assert list(found) == [f"services.web.{path}"]
    assert advice in found[f"services.web.{path}"]


def test_five_values_and_six_wildcards_are_allowed() -> None:
    raw = platform(hosts=["*.a.org", "b.org"], paths=["/*/?/*"], headers={"A": ["*"], "B": ["?"]})
    assert settings.parse(raw).web_services["web"].headers == {"A": ["*"], "B": ["?"]}


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ({}, {"paths": ["/*"]}),
        ({"hosts": ["A.org", "b.org"]}, {"hosts": ["b.org", "a.org"]}),
        ({"headers": {"X-A": ["On"]}}, {"headers": {"x-a": ["on"]}}),
    ],
)
def test_two_services_that_ask_for_the_same_are_refused(first: dict[str, Any], second: dict[str, Any]) -> None:
    (advice,) = problems(services(aa={**first, "priority": 7}, bb={**second, "priority": 9})).values()
    assert "has the same hosts, paths and headers" in advice
    (path,) = problems(services(aa={**first, "priority": 9}, bb={**second, "priority": 7}))
    assert path == "services.aa", "the one that is asked later"


@pytest.mark.parametrize(
    ("wide", "narrow"),
    [
        ({}, {"paths": ["/api/*"]}),
        ({}, {"headers": {"X-A": ["1"]}}),
        ({"paths": ["/api/*"]}, {"paths": ["/api/v?/*", "/api/old"]}),
        ({"paths": ["/api/*"]}, {"hosts": ["a.org"], "paths": ["/api/v2"]}),
        ({"hosts": ["*.a.org"]}, {"hosts": ["x.A.org"], "headers": {"X-A": ["1"]}}),
        ({"headers": {"X-A": ["*"]}}, {"headers": {"x-a": ["1"], "X-B": ["2"]}}),
    ],
)
def test_a_service_that_no_request_can_reach_is_refused(wide: dict[str, Any], narrow: dict[str, Any]) -> None:
    found = problems(services(all={**wide, "priority": 10}, api={**narrow, "priority": 20}))
    assert list(found) == ["services.api"]
    assert "all comes first, with priority 10" in found["services.api"]
    assert "Give api a priority below 10" in found["services.api"]
    assert settings.parse(services(all={**wide, "priority": 10}, api={**narrow, "priority": 9}))


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ({"hosts": ["a.org"]}, {"paths": ["/api/*"]}),
        ({"paths": ["/api/*"]}, {"paths": ["/Api/*"]}),
        ({"paths": ["/api/*"]}, {"paths": ["/api/*", "/other"]}),
        ({"paths": ["/a?"]}, {"paths": ["/a*"]}),
        ({"headers": {"X-A": ["1"]}}, {"headers": {"X-B": ["1"]}}),
        ({"headers": {"X-A": ["1"]}}, {}),
        ({"hosts": ["a.org"], "headers": {"X-A": ["1"]}}, {"hosts": ["a.org"]}),
    ],
)
def test_rules_that_only_overlap_are_left_to_their_order(first: dict[str, Any], second: dict[str, Any]) -> None:
    assert settings.parse(services(aa={**first, "priority": 1}, bb={**second, "priority": 2}))


def test_a_service_for_every_request_leaves_the_others_theirs_without_a_priority() -> None:
    """Whatever their names are, which is all that the numbers are made from beside the kinds of conditions."""
    for name in ("all", "web", "zz", "catch-all"):
        named: dict[str, Any] = {
            name: {},
            "api": {"paths": ["/api/*"]},
            "new": {"paths": ["/api/*"], "headers": {"X-New": ["1"]}},
        }
        assert settings.parse(services(**named))


@given(st.text(min_size=1), _CONDITIONS)
def test_a_priority_is_valid_stable_and_leaves_a_gap(name: str, asked: listener_rules.Conditions) -> None:
    priority = listener_rules.stable_priority(name, asked)
    assert 1 <= priority <= listener_rules.LAST_PRIORITY
    assert priority % 5 == 0
    assert priority == listener_rules.stable_priority(name, asked)


@given(st.text(min_size=1), _CONDITIONS, st.text(min_size=1), _CONDITIONS)
def test_who_asks_for_more_is_asked_first(
    name: str, asked: listener_rules.Conditions, other: str, less: listener_rules.Conditions
) -> None:
    if asked.kinds > less.kinds:
        assert listener_rules.stable_priority(name, asked) < listener_rules.stable_priority(other, less)


@pytest.mark.parametrize(
    ("asked", "priority"),
    [
        (listener_rules.conditions(), 48130),
        (listener_rules.conditions(paths=["/api/*"]), 36130),
        (listener_rules.conditions(["a.org"], ["/api/*"]), 20130),
        (listener_rules.conditions(["a.org"], ["/api/*"], {"X-A": ["1"]}), 4130),
    ],
)
def test_a_priority_never_changes_between_releases(asked: listener_rules.Conditions, priority: int) -> None:
    """Rules would move under live traffic: the number for a name and its conditions is part of the contract."""
    assert listener_rules.stable_priority("web", asked) == priority


@given(_PATTERNS, _PATTERNS, st.data())
def test_a_pattern_covers_only_what_it_matches(pattern: str, other: str, data: st.DataObject) -> None:
    if not listener_rules.pattern_covers(pattern, other):
        return
    filled = "".join(
        data.draw(st.text(alphabet="abc*?", min_size=0 if char == "*" else 1, max_size=2 if char == "*" else 1))
        if char in "*?"
        else char
        for char in other
    )
    assert matches(pattern, filled)


@given(_CONDITIONS)
def test_conditions_cover_themselves_in_any_order_and_everything_covers_them(asked: listener_rules.Conditions) -> None:
    again = listener_rules.conditions(reversed(asked.hosts), reversed(asked.paths), dict(reversed(asked.headers)))
    assert asked.cover(again)
    assert again.cover(asked)
    assert listener_rules.conditions().cover(asked)
    assert listener_rules.conditions().kinds == 0
