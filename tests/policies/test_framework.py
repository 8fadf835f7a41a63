"""What every rule can rely on: one resource never hides another, nothing unknown or secret slips through."""

from typing import Any

import pytest

from policies.catalog import RULES
from policies.framework import (
    UNKNOWN,
    Expect,
    Malformed,
    Report,
    Res,
    Resource,
    Rule,
    SecretValue,
    Severity,
    Stack,
    elements,
    parse_json,
    peek,
    read,
    shown,
)
from tests.policies.harness import Pack, Verdict, expected

BUCKET = "aws:s3/bucket:Bucket"


def rule(**given: Any) -> Rule:
    return Rule(
        **{
            "name": "demo-rule",
            "title": "Demo",
            "description": "Buckets are good.",
            "severity": Severity.LOW,
            "packs": ("demo",),
            "controls": ("X.1",),
            "remedy": "set it right",
            "url": "https://docs.aws.amazon.com/",
            "types": (BUCKET,),
            **given,
        }
    )


def checked(check: Any, *resources: Res, config: dict[str, Any] | None = None) -> list[Verdict]:
    return Pack([rule(check=check)], {"demo-rule": config or {}}).run(resources)


def bucket(name: str, **inputs: Any) -> Res:
    return Res(BUCKET, name, inputs)


def ids(verdicts: list[Verdict]) -> list[tuple[str, str]]:
    return sorted((verdict.on, verdict.id) for verdict in verdicts)


def test_an_error_in_a_rule_is_a_finding_and_the_others_are_still_judged() -> None:
    def check(resource: Resource, report: Report) -> None:
        if resource.name == "broken":
            raise KeyError("the value of a property")
        report.fail(resource, f"Judged::{resource.name}", "it was judged")

    verdicts = checked(check, bucket("broken"), bucket("next"))
    assert ids(verdicts) == [("broken", "Unjudged::KeyError"), ("next", "Judged::next")]
    assert "the rule could not judge it (KeyError at test_framework.py:" in verdicts[0].message
    assert "the value of a property" not in verdicts[0].message
    assert all(verdict.mandatory for verdict in verdicts)


def test_the_same_in_a_stack_check() -> None:
    def check(stack: Stack, report: Report) -> None:
        for resource in stack.of_type(BUCKET):
            with report.guard(resource):
                if read(resource.inputs, "a") == 1:
                    report.fail(resource, "A::1", "it is one", prop="a", value=read(resource.inputs, "a"))
                parse_json(peek(resource.inputs, "document"), "document")
        raise RuntimeError("after all of them")

    verdicts = Pack([rule(check_stack=check)]).run(
        [bucket("unknown", a=UNKNOWN), bucket("bad", a=1), bucket("text", a=2, document="{"), bucket("good", a=2)]
    )
    assert ids(verdicts) == expected(
        [
            Expect("Undecided::a", "unknown"),
            Expect("A::1", "bad"),
            Expect("Malformed::document", "text"),
            Expect("Unjudged::RuntimeError", ""),
        ]
    )


@pytest.mark.parametrize("access", [lambda props: props["a"], lambda props: "a" in props, lambda props: dict(props)])
def test_even_a_direct_access_to_an_unknown_value_never_passes_silently(access: Any) -> None:
    verdicts = checked(lambda resource, report: access(resource.inputs), bucket("b", a=UNKNOWN))
    assert ids(verdicts) == [("b", "Undecided::a")]
    assert not verdicts[0].mandatory


def test_what_the_resource_check_said_the_stack_check_does_not_repeat() -> None:
    def check(resource: Resource, report: Report) -> None:
        report.fail(resource, "A::1", "first")

    def check_stack(stack: Stack, report: Report) -> None:
        for resource in stack.of_type(BUCKET):
            report.fail(resource, "A::1", "again")
            report.fail(resource, "A::2", "new")

    pack = Pack([rule(check=check, check_stack=check_stack)])
    assert ids(pack.run([bucket("b")])) == [("b", "A::1"), ("b", "A::2")]


def test_a_resource_that_is_judged_again_is_stopped_again() -> None:
    pack = Pack([rule(check=lambda resource, report: report.fail(resource, "A::1", "x"))])
    assert len(pack.register([bucket("b")])) == 1
    assert len(pack.register([bucket("b")])) == 1


def test_a_stack_check_judges_inputs_even_where_the_outputs_have_lost_them() -> None:
    """At a first preview the engine's outputs lack a property of which a part is unknown."""
    seen: list[Any] = []

    def check(stack: Stack, report: Report) -> None:
        seen.extend(peek(resource.inputs, "block", "flag") for resource in stack.of_type(BUCKET))

    pack = Pack([rule(check_stack=check)])
    pack.register([bucket("b", block={"flag": True, "id": UNKNOWN})])
    pack.stack([bucket("b")])
    assert seen == [True]


def test_a_resource_check_sees_what_was_registered_before() -> None:
    seen: list[list[str]] = []
    check = lambda resource, report: seen.append([other.name for other in report.seen(BUCKET)])  # noqa: E731
    checked(check, bucket("a"), Res("aws:s3/other:Other", "o"), bucket("b"))
    assert seen == [["a"], ["a", "b"]]


def test_dependencies_parents_and_providers_reach_the_stack_check() -> None:
    def check(stack: Stack, report: Report) -> None:
        child = next(resource for resource in stack.of_type(BUCKET) if resource.name == "child")
        assert [found.name for found in stack.behind(child, "key", BUCKET)] == ["other"]
        assert stack.behind(child, "key", "aws:kms/key:Key") == []
        parent = stack.get(child.parent or "")
        assert parent is not None
        report.fail(child, f"Parent::{parent.name}", "said")

    resources = [bucket("other"), bucket("top"), Res(BUCKET, "child", depends={"key": ["other"]}, parent="top")]
    assert ids(Pack([rule(check_stack=check)]).run(resources)) == [("child", "Parent::top")]


@pytest.mark.parametrize(
    "secret",
    [
        SecretValue("hunter2-hunter2"),
        SecretValue('{"password": "hunter2-hunter2"}'),
        SecretValue({"deep": ["hunter2-hunter2"]}),
    ],
)
def test_no_message_shows_a_secret(secret: SecretValue) -> None:
    def check(resource: Resource, report: Report) -> None:
        report.fail(
            resource, "A::1", "the rule quotes hunter2-hunter2 by mistake", prop="a", value=peek(resource.inputs, "a")
        )

    [verdict] = checked(check, bucket("b", a=secret))
    assert "hunter2" not in verdict.message
    assert "[secret]" in verdict.message


@pytest.mark.parametrize(
    "value",
    [
        SecretValue("hunter2-" * 40),
        SecretValue(["hunter2-" * 40]),
        [SecretValue('hunter2-"quoted"')],
        [SecretValue("hunter2-größer")],
        ["x" * 100, SecretValue("hunter2-" * 3)],
        SecretValue(27182818),
        [SecretValue(2718.5)],
    ],
)
def test_nor_a_part_or_another_spelling_of_one(value: Any) -> None:
    def check(resource: Resource, report: Report) -> None:
        report.fail(resource, "A::1", "it is wrong", prop="a", value=peek(resource.inputs, "a"))

    [verdict] = checked(check, bucket("b", a=value))
    assert "hunter2" not in verdict.message
    assert "quoted" not in verdict.message
    assert "2718" not in verdict.message
    assert "[secret]" in verdict.message


def test_nor_one_of_another_resource() -> None:
    def check(resource: Resource, report: Report) -> None:
        for other in report.seen(BUCKET):
            report.fail(resource, f"A::{other.name}", "it is wrong", prop="a", value=peek(other.inputs, "a"))

    verdicts = checked(check, bucket("first", a=SecretValue("hunter2-hunter2")), bucket("second"))
    assert [verdict.id for verdict in verdicts] == ["A::first", "A::first", "A::second"]
    assert not [verdict.message for verdict in verdicts if "hunter2" in verdict.message]


def test_no_stack_message_shows_a_secret() -> None:
    def check(stack: Stack, report: Report) -> None:
        report.fail(stack.of_type(BUCKET)[0], "A::1", "hunter2-hunter2")

    [verdict] = Pack([rule(check_stack=check)]).stack([bucket("b", a=SecretValue("hunter2-hunter2"))])
    assert "hunter2" not in verdict.message


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (443.0, "443"),
        (0.5, "0.5"),
        (True, "true"),
        (None, "not set"),
        ("x", '"x"'),
        ([1.0, {"a": 2.0}], '[1, {"a": 2}]'),
        ("y" * 200, '"' + "y" * 116 + "..."),
    ],
)
def test_values_in_messages(value: object, text: str) -> None:
    assert shown(value) == text


def test_numbers_that_travelled_as_floats_are_shown_as_integers() -> None:
    def check(resource: Resource, report: Report) -> None:
        report.fail(resource, "Port::443", "no", prop="ports", value=peek(resource.inputs, "ports"))

    [verdict] = checked(check, bucket("b", ports=[443, {"to": 8443}]))
    assert 'ports is [443, {"to": 8443}]: no. Fix: set it right\nURN: ' in verdict.message


def test_a_known_text_joined_to_an_unknown_is_unknown() -> None:
    verdicts = checked(
        lambda resource, report: read(resource.inputs, "arn"), bucket("b", arn=f"arn:aws:s3:::{UNKNOWN}/*")
    )
    assert ids(verdicts) == [("b", "Undecided::arn")]


def test_an_unknown_element_leaves_its_neighbours() -> None:
    def check(resource: Resource, report: Report) -> None:
        for index in range(len(elements(peek(resource.inputs, "list"), "list"))):
            with report.guard(resource):
                report.fail(resource, f"Element::{read(resource.inputs, 'list', index)}", "said")

    assert ids(checked(check, bucket("b", list=["x", UNKNOWN, "y"]))) == [
        ("b", "Element::x"),
        ("b", "Element::y"),
        ("b", "Undecided::list[1]"),
    ]


@pytest.mark.parametrize(
    ("document", "path", "reason"),
    [
        ({"a": "text"}, ("a", "b"), "must be an object, not text"),
        ({"a": 1}, ("a", "b"), "must be an object, not a number"),
        ({"a": [1]}, ("a", "b"), "must be an object, not a list"),
        ({"a": {"b": 1}}, ("a", 0), "must be a list, not an object"),
        ({"a": True}, ("a", 0), "must be a list, not true or false"),
    ],
)
def test_peek_names_what_has_the_wrong_form(document: Any, path: tuple[Any, ...], reason: str) -> None:
    with pytest.raises(Malformed) as malformed:
        peek(document, *path)
    assert (malformed.value.path, malformed.value.reason) == ("a", reason)


def test_deeply_nested_json_is_malformed_and_no_crash() -> None:
    with pytest.raises(Malformed, match="nested too deeply"):
        parse_json("[" * 100_000, "document")


def test_a_disabled_rule_says_nothing() -> None:
    pack = Pack([rule(check=lambda resource, report: report.fail(resource, "A::1", "x"))], {"demo-rule": "disabled"})
    assert pack.run([bucket("b")]) == []


@pytest.mark.parametrize(
    "wrong",
    [
        {"name": "Not_Kebab", "check": print},
        {},
        {"check": print, "types": ()},
        {"check": print, "packs": ()},
        {"check": print, "packs": ("all",)},
        {"check": print, "settings": {"exemptions": {"default": []}}},
        {"check": print, "settings": {"x": {"type": "string"}}},
    ],
)
def test_a_rule_that_cannot_work_is_refused_when_it_is_written(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="rule"):
        rule(**wrong)


class TestScanOnPushRemediation:
    TYPE = "aws:ecr/repository:Repository"

    def fixed(self, inputs: dict[str, Any]) -> dict[str, Any] | None:
        pack = Pack([RULES["ecr-scan-on-push"]], {"ecr-scan-on-push": "remediate"})
        return pack.remediate(Res(self.TYPE, "app", inputs))

    @pytest.mark.parametrize(
        "scanning", [{}, {"imageScanningConfiguration": {}}, {"imageScanningConfiguration": {"scanOnPush": False}}]
    )
    def test_turns_scanning_on_and_keeps_the_rest(self, scanning: dict[str, Any]) -> None:
        fixed = self.fixed({"name": UNKNOWN, "tags": {"k": SecretValue("hush")}, **scanning})
        assert fixed is not None
        assert fixed["imageScanningConfiguration"] == {"scanOnPush": True}
        assert fixed["name"] == UNKNOWN
        assert fixed["tags"]["k"]["value"] == "hush", "a secret goes back as a secret"

    def test_leaves_a_scanned_repository_alone(self) -> None:
        assert self.fixed({"imageScanningConfiguration": {"scanOnPush": True}}) is None
