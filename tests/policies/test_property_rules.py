"""Rules that are one statement: what they judge, what they say, and which statements are refused."""

import json
from collections.abc import Callable, Mapping
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from policies.framework import (
    UNKNOWN,
    Expect,
    Has,
    Must,
    Res,
    Rule,
    Severity,
    any_text,
    blocks,
    exists_for,
    filled,
    listed_in,
    matching,
    property_rule,
)
from tests.policies.harness import Pack, Verdict, expected, judge

TASK, OTHER = "aws:ecs/taskDefinition:TaskDefinition", "aws:ecs/daemonTaskDefinition:DaemonTaskDefinition"
REPOSITORY, LIFECYCLE = "aws:ecr/repository:Repository", "aws:ecr/lifecyclePolicy:LifecyclePolicy"
CONTAINERS = blocks("containerDefinitions", named="name", document=True, any_case=True)


def made(*statements: Any, **given: Any) -> Rule:
    return property_rule(
        *statements,
        **{
            "name": "demo-rule",
            "title": "Demo",
            "description": "Demo.",
            "severity": Severity.LOW,
            "packs": ("demo",),
            "controls": ("X.1",),
            "remedy": "set it right",
            "url": "https://docs.aws.amazon.com/",
            "types": (TASK,),
            **given,
        },
    )


def must(**given: Any) -> Must:
    return Must(**{"path": "a", "good": (True,), "bad": (None, False), "finding": "A", "reason": "it is bad", **given})


def pairs(verdicts: list[Verdict]) -> list[tuple[str, str]]:
    return sorted((verdict.on, verdict.id) for verdict in verdicts)


ANYWHERE = {"itself": {}, "blocks": {"within": blocks("list")}, "documents": {"within": CONTAINERS}}
STATEMENTS: Mapping[str, Any] = {
    **{f"a flag in {name}": must(**within) for name, within in ANYWHERE.items()},
    **{f"a flag below an object in {name}": must(path="a.b", **within) for name, within in ANYWHERE.items()},
    "a word": must(good=("ON", None), bad=("OFF",), types=(TASK, OTHER)),
    "a number": must(good=(1, 2), bad=(None, 0)),
    "text that a pattern finds bad": must(good=(any_text("x"),), bad=(None, matching("a+", "aa"))),
    "a list": must(good=(None, []), bad=(filled({"b": 1}),)),
    "what a setting allows": must(good=(listed_in("names", "x-*"),), bad=(None, any_text("y"))),
    "the name of a block": must(path="n", within=blocks("list", named="n"), good=("x",), bad=(None, any_text("y"))),
    "a single block": must(within=blocks("policy.Statement", named="Sid", document=True, or_one=True)),
    "under a condition": must(when=Has("mode", "on")),
    "under a condition that has another value": must(when=Has("mode", "on", otherwise="off"), within=CONTAINERS),
    "but for some": must(unless=Has("x.mode", matching("W.*", "WIN")), within=CONTAINERS),
    "under a condition on the block": must(
        path="efs.encrypted", within=blocks("volumes", named="name"), where=Has("efs.id", any_text("fs-1"))
    ),
    "under conditions on block and resource": must(
        within=CONTAINERS, where=Has("Kind", "x", otherwise="y"), when=Has("mode.a", "on")
    ),
    "that something exists": exists_for(LIFECYCLE, behind="repository", finding="A", reason="it has none"),
    "that something exists, by setting": exists_for(
        LIFECYCLE, behind="a.repository", finding="A", reason="it has none", setting="names", types=(REPOSITORY, TASK)
    ),
}
NAMES = {"names": {"type": "array", "default": []}}


@pytest.mark.parametrize("statement", STATEMENTS.values(), ids=list(STATEMENTS))
def test_a_statement_judges_the_examples_that_follow_from_it(statement: Any) -> None:
    rule = made(statement, settings=NAMES)
    kinds = set()
    for example in rule.examples:
        verdicts = judge(rule, example)
        assert pairs([v for v in verdicts if v.mandatory]) == expected(example.findings), example.name
        assert pairs([v for v in verdicts if v.undecided]) == expected(example.undecided), example.name
        kinds.add(example.kind)
    assert kinds == {"passing", "failing", "unknown"}
    assert len({example.name for example in rule.examples}) == len(rule.examples)


def test_a_message_has_place_value_reason_and_remedy() -> None:
    flag = must(path="log.driver", within=CONTAINERS, unset="nothing is kept", remedy="set {path} to true")
    containers = [{"name": "web", "log": {"driver": False}}, {"name": "sidecar"}, {}]
    verdicts = Pack([made(flag)]).run([Res(TASK, "task", {"containerDefinitions": json.dumps(containers)})])
    place = "containerDefinitions[{}].log.driver"
    assert [
        verdict.message.removeprefix("Demo.\ntask (aws:ecs/taskDefinition:TaskDefinition): ").replace(
            f"\nURN: {verdict.resource}", ""
        )
        for verdict in verdicts
    ] == [
        f"{place.format(0)} is false: it is bad. Fix: set {place.format(0)} to true [A::web]",
        f"{place.format(1)} is not set: nothing is kept. Fix: set {place.format(1)} to true [A::sidecar]",
        f"{place.format(2)} is not set: nothing is kept. Fix: set {place.format(2)} to true [A::2]",
    ]


def test_one_container_can_be_exempted() -> None:
    exemption = {"resource": "*::task", "finding": "A::web", "owner": "me", "reason": "r", "expires": "2999-01-01"}
    containers = [{"name": "web"}, {"name": "sidecar"}]
    pack = Pack([made(must(within=CONTAINERS))], {"demo-rule": {"exemptions": [exemption]}})
    verdicts = pack.run([Res(TASK, "task", {"containerDefinitions": containers})])
    assert {verdict.id: verdict.mandatory for verdict in verdicts} == {"A::web": False, "A::sidecar": True}


def test_what_is_not_known_yet_can_be_made_a_violation() -> None:
    pack = Pack([made(must())], {"demo-rule": {"undecided": "mandatory"}})
    (verdict,) = pack.run([Res(TASK, "task", {"a": UNKNOWN})])
    assert (verdict.id, verdict.mandatory) == ("Undecided::a", True)


def test_statements_of_one_rule_do_not_hide_each_other() -> None:
    rule = made(must(path="a.b"), must(path="c", finding="C"), must(within=CONTAINERS, finding="D"))
    verdicts = Pack([rule]).run([Res(TASK, "task", {"a": "text", "containerDefinitions": "{"})])
    assert pairs(verdicts) == [
        ("task", "C::task"),
        ("task", "Malformed::a"),
        ("task", "Malformed::containerDefinitions"),
    ]


def test_a_single_statement_of_a_policy_is_a_block() -> None:
    statements = blocks("policy.Statement", named="Sid", document=True, or_one=True)
    rule = made(must(path="Effect", good=("Deny",), bad=(None, "Allow"), within=statements))
    for policy in ('{"Statement": {"Sid": "all", "Effect": "Allow"}}', {"Statement": [{"Sid": "all"}]}):
        assert pairs(Pack([rule]).run([Res(TASK, "task", {"policy": policy})])) == [("task", "A::all")]


@pytest.mark.parametrize("called_by", ["name", "arn", "id"])
def test_one_is_there_if_it_is_named_by_id_name_or_arn(called_by: str) -> None:
    rule = made(exists_for(LIFECYCLE, behind="repository", finding="A", reason="none"), types=(REPOSITORY,))
    resources = [Res(REPOSITORY, "app", {"name": "n"}, {"id": "i", "arn": "r"}), Res(REPOSITORY, "bare", {"name": "m"})]
    value = {"name": "n", "id": "i", "arn": "r"}[called_by]
    verdicts = Pack([rule]).run([*resources, Res(LIFECYCLE, "policy", {"repository": value})])
    assert pairs(verdicts) == [("bare", "A::bare")]


VALUES = st.one_of(
    *(st.none(), st.booleans(), st.integers(-2, 2), st.floats(allow_nan=False, allow_infinity=False)),
    *(st.sampled_from(["", "root", "0", "0:0", "x", "*", "{}"]), st.text(max_size=5)),
    *(st.just([]), st.just({}), st.just([None]), st.just({"a": {}})),
)
SCALARS: list[Callable[[], Must]] = [
    lambda: must(within=CONTAINERS),
    lambda: must(within=CONTAINERS, good=(None, any_text("a")), bad=(matching("(root|0)(:.*)?", "root"),)),
    lambda: must(within=CONTAINERS, good=(None, []), bad=(filled("x"),)),
    lambda: must(within=CONTAINERS, good=(1,), bad=(None, 0)),
]


@settings(max_examples=60, deadline=None)
@given(values=st.lists(VALUES, min_size=1, max_size=4), number=st.sampled_from(range(len(SCALARS))), text=st.booleans())
def test_each_container_is_judged_by_itself_whatever_the_others_hold(
    values: list[Any], number: int, text: bool
) -> None:
    rule = made(SCALARS[number]())

    def said(*containers: Mapping[str, Any]) -> list[tuple[str, str]]:
        document = json.dumps(containers) if text else list(containers)
        return pairs(Pack([rule]).run([Res(TASK, "task", {"containerDefinitions": document})]))

    containers = [{"name": f"c{index}", "a": value} for index, value in enumerate(values)]
    alone = [(on, id_.replace("[0]", f"[{index}]")) for index, one in enumerate(containers) for on, id_ in said(one)]
    assert said(*containers) == sorted(alone)
    assert not [id_ for _, id_ in alone if not id_.startswith(("A::c", "Malformed::containerDefinitions["))]


WRONG: list[tuple[Callable[[], object], str]] = [
    (lambda: must(path="a[0]"), r"Must\('a\[0\]'\): the path is property names .* within=blocks"),
    (lambda: must(path=""), "the path is property names"),
    (lambda: must(finding="a finding"), "finding 'a finding' must be a word"),
    (lambda: must(reason="It is bad."), "without its full stop"),
    (lambda: must(reason=""), "reason must be the end of a sentence"),
    (lambda: must(good=()), "good must hold a value"),
    (lambda: must(bad=()), "bad must hold a value"),
    (lambda: must(good=(True, None)), "None is both good and bad"),
    (lambda: must(good=("root",), bad=(None, matching("r.*", "rx"))), "'root' is both good and bad"),
    (lambda: must(good=(any_text("x"),), bad=(None, any_text("y"))), r"any_text\(...\) is both"),
    (lambda: must(good=(True,), bad=(False,)), "add None to good or bad"),
    (lambda: must(where=Has("b", "x")), "where is a condition on blocks; use when"),
    (lambda: matching("a+", "b"), "does not match 'b'"),
    (lambda: matching("a+"), "add a sample"),
    (lambda: any_text(), "add a sample"),
    (lambda: listed_in("names"), "add a sample"),
    (lambda: filled(), "add an element"),
    (lambda: Has("a"), r"Has\('a'\): give it a path such as 'a.b' and a value"),
    (lambda: Has("a", "on", otherwise="on"), "otherwise='on' is one of its values"),
    (lambda: exists_for("Vpc", behind="a", finding="A", reason="r"), "the type is a token such as aws:ec2/vpc:Vpc"),
    (lambda: exists_for(TASK, behind="", finding="A", reason="r"), "behind, finding and reason are required"),
    (lambda: made(exists_for(TASK, behind="a", finding="A", reason="r")), "is demanded for its own type"),
    (lambda: made(), r"rule demo-rule: give it a Must\(...\) or an exists_for\(...\)"),
    (lambda: made(must(), types=()), r"Must\('a'\) has no types"),
    (lambda: made(exists_for(TASK, behind="a", finding="A", reason="r"), types=()), "has no types"),
    (lambda: made(must(), must(path="b")), "two statements .* are called A"),
    (lambda: made(must(good=(listed_in("x", "y"),))), "it has no setting x, which a statement uses"),
]


@pytest.mark.parametrize(("statement", "says"), WRONG, ids=[says for _, says in WRONG])
def test_a_statement_that_cannot_work_is_refused_when_it_is_written(statement: Callable[[], object], says: str) -> None:
    with pytest.raises(ValueError, match=says):
        statement()


def test_two_statements_of_one_finding_may_be_about_different_types() -> None:
    rule = made(must(types=(TASK,)), must(path="b", types=(OTHER,)))
    assert pairs(Pack([rule]).run([Res(TASK, "x", {"b": True}), Res(OTHER, "y", {"a": True})])) == expected(
        [Expect("A::x", "x"), Expect("A::y", "y")]
    )
