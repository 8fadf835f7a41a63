"""No input ends a run, and whatever it holds, ids stay as they are and messages can be read."""

import re
from typing import Any

import pytest

from policies.catalog import RULES
from policies.framework import (
    UNKNOWN,
    Report,
    Res,
    Resource,
    SecretValue,
    Stack,
    elements,
    is_known,
    parse_json,
    peek,
    read,
)
from policies.framework.properties import _SIGNATURE, OUTPUT_MARK
from policies.framework.values import Malformed
from tests.policies.harness import Pack, Verdict, judged
from tests.policies.test_framework import BUCKET, bucket, checked, ids, rule

_FILE = {_SIGNATURE: "c44067f5952c0a294b673a41bacd8c17", "text": "content"}
_REFERENCE = {_SIGNATURE: "5cf8f73096256a8f31e491e813e4eb8e", "urn": "urn:x", "id": "i-1"}


def _quoting(value: Any) -> Verdict:
    """What is said by a rule that quotes a property wherever it can."""

    def check(resource: Resource, report: Report) -> None:
        value = peek(resource.inputs, "a")
        report.fail(resource, f"A::{value}", f"it is {value}", prop=f"a.{value}", value=value, remedy=f"not {value}")

    [verdict] = checked(check, bucket("b", a=value))
    return verdict


def _nested(levels: int) -> Any:
    value: Any = "x"
    for _ in range(levels):
        value = {"a": [value]}
    return value


@pytest.mark.parametrize(
    ("value", "shown_as"),
    [
        ("\x1b[31m\r\n\u2028\u202e", r"A::\x1b[31m\r\n\u2028\u202e"),
        ([1, "x"], "A::a list"),
        ({"k": 1}, "A::an object"),
        (_FILE, "A::a file"),
        (_REFERENCE, "A::i-1"),
        ({_SIGNATURE: "another"}, "A::a value of an unknown kind"),
    ],
)
def test_an_id_has_no_control_characters_and_no_addresses_of_memory(value: Any, shown_as: str) -> None:
    verdict = _quoting(value)
    assert verdict.id == shown_as
    assert verdict.message.replace("\n", "").isprintable()


def test_half_a_surrogate_in_a_document_ends_nothing() -> None:
    def check(resource: Resource, report: Report) -> None:
        text = parse_json(peek(resource.inputs, "a"), "a")["text"]
        report.fail(resource, f"A::{text}", f"it is {text}", prop="a", value=text)

    verdicts = checked(check, bucket("b", a='{"text": "x\\ud800y"}'), bucket("c", a='{"text": "fine"}'))
    assert ids(verdicts) == [("b", r"A::x\ud800y"), ("c", "A::fine")]


def test_long_texts_are_cut_and_ids_still_differ() -> None:
    one, other = (_quoting("x" * 9000 + end) for end in "ab")
    assert one.id != other.id
    assert len(one.id) <= 240
    assert len(one.message) < 5000
    assert one.id == _quoting("x" * 9000 + "a").id


def test_an_exemption_names_the_id_that_is_shown() -> None:
    for name in ("x" * 9000, "a\tb"):
        found = _quoting(name).id
        config = {
            "demo-rule": {
                "exemptions": [
                    {"resource": "*", "finding": found, "reason": "known", "owner": "me", "expires": "2999-01-01"}
                ]
            }
        }
        quoting = rule(check=lambda resource, report: report.fail(resource, f"A::{peek(resource.inputs, 'a')}", "said"))
        [verdict] = Pack([quoting], config).run([bucket("b", a=name)])
        assert verdict.exempted


@pytest.mark.parametrize("number", [float("nan"), float("inf"), 1e308, -1e308])
def test_a_number_that_is_none_is_shown(number: float) -> None:
    assert _quoting(number).mandatory


def test_what_nests_too_deeply_is_malformed_and_its_neighbour_is_not() -> None:
    steps: list[str | int] = ["a", 0] * 60
    verdicts = checked(
        lambda resource, report: peek(resource.inputs, "a", *steps), bucket("b", a=_nested(60)), bucket("c")
    )
    assert [verdict.on for verdict in verdicts] == ["b"]
    assert verdicts[0].id.startswith("Malformed::a.a[0].a[0]")


def test_a_secret_that_the_engine_could_not_decrypt_is_not_known() -> None:
    [verdict] = checked(
        lambda resource, report: parse_json(read(resource.inputs, "a", "b"), "a.b"),
        bucket("b", a={"b": SecretValue("[secret]")}),
    )
    assert verdict.id == "Undecided::a.b"
    assert "is a secret that the engine could not decrypt. To be sure now: let the engine decrypt" in verdict.message


@pytest.mark.parametrize("document", ["[" * 200 + "]" * 200, '{"a": 1e400}', '{"a": NaN}', "1" * 5000])
def test_a_document_that_nobody_can_read_is_malformed(document: str) -> None:
    with pytest.raises(Malformed):
        parse_json(document, "document")


def test_an_output_is_its_value_and_unknown_without_one() -> None:
    verdicts = checked(
        lambda resource, report: report.fail(resource, f"A::{read(resource.inputs, 'a')}", "said"),
        bucket("b", a={_SIGNATURE: OUTPUT_MARK, "value": "x"}),
        bucket("c", a={_SIGNATURE: OUTPUT_MARK}),
    )
    assert ids(verdicts) == [("b", "A::x"), ("c", "Undecided::a")]


@pytest.mark.parametrize("name", RULES)
def test_what_is_malformed_is_told_how_to_write_it(name: str) -> None:
    malformed = [found for _, verdicts in judged(name) for found in verdicts if found.id.startswith("Malformed::")]
    for found in malformed:
        assert re.search(r"Fix: (\w+ .*; its form is at https://|write )", found.message), found.message
        assert RULES[name].remedy not in found.message


def test_a_slice_of_a_list_hides_no_unknown() -> None:
    verdicts = checked(lambda resource, report: peek(resource.inputs, "a")[:], bucket("b", a=["x", UNKNOWN]))
    assert ids(verdicts) == [("b", "Undecided::a.1")]


def test_a_secret_output_is_a_secret() -> None:
    verdict = _quoting({_SIGNATURE: OUTPUT_MARK, "value": "hunter2-hunter2", "secret": True})
    assert "hunter2" not in verdict.message


def test_values_of_a_stack_check_too() -> None:
    def check(stack: Stack, report: Report) -> None:
        for resource in stack.of_type(BUCKET):
            for item in elements(peek(resource.inputs, "a"), "a"):
                report.fail(resource, f"A::{item}", "said")

    [verdict] = Pack([rule(check_stack=check)]).run([Res(BUCKET, "b", {"a": [[1]]})])
    assert verdict.id == "A::a list"


def test_a_stack_check_goes_on_without_the_resources_that_ended_it() -> None:
    def check(stack: Stack, report: Report) -> None:
        ports = {}
        for resource in stack.of_type(BUCKET):
            port = peek(resource.inputs, "port")
            ports[resource.name] = int(port) if is_known(port) else None
        for resource in stack.of_type(BUCKET):
            if ports[resource.name] is None:
                report.undecided(resource, "port")
            elif ports[resource.name] == 22:
                report.fail(resource, "Port::22", "it is open")

    stack = [bucket("a", port="many"), bucket("b", port=22), bucket("c", port=[1]), bucket("d", port=UNKNOWN)]
    verdicts = Pack([rule(check_stack=check)]).run(stack)
    assert ids(verdicts) == [
        ("a", "Unjudged::ValueError"),
        ("b", "Port::22"),
        ("c", "Unjudged::TypeError"),
        ("d", "Undecided::port"),
    ]


def test_where_no_resource_is_to_blame_the_rule_says_that_it_stopped() -> None:
    def check(stack: Stack, report: Report) -> None:
        ports = [peek(resource.inputs, "port") for resource in stack.of_type(BUCKET)]
        report.fail(stack.of_type(BUCKET)[0], "First::1", "said")
        report.fail(stack.of_type(BUCKET)[1], "Sum::all", f"it is {sum(map(int, ports))}")

    exemption = {"resource": "*", "finding": "Sum::*", "reason": "known", "owner": "me", "expires": "2999-01-01"}
    pack = Pack([rule(check_stack=check)], {"demo-rule": {"exemptions": [exemption]}})
    verdicts = pack.run([bucket("a", port="many"), bucket("b", port=22)])
    assert ids(verdicts) == [("", "Unjudged::ValueError"), ("a", "First::1")], "no word on an exemption of what is left"
    assert "stopped before it had judged every resource" in verdicts[-1].message


def test_an_action_that_only_a_secret_tells_is_not_listed() -> None:
    """Messages list what a wildcard allows, from AWS's own data; but not what is in the resource's own secrets."""
    statement = {"Effect": "Allow", "Action": SecretValue(["ec2:TerminateInstances", "ec2:Hunter2"]), "Resource": "*"}
    role = {"assumeRolePolicyDocument": {}, "policies": [{"policyDocument": {"Statement": [statement]}}]}
    found = Pack([RULES["iam-least-privilege"]]).run([Res("aws-native:iam:Role", "app", role)])
    [verdict] = [verdict for verdict in found if verdict.id.startswith("Resource::")]
    assert "it matches every resource, for [secret]" in verdict.message
    assert "Hunter2" not in verdict.message
    assert "Terminate" not in verdict.message


def test_the_name_of_a_property_with_a_digit_is_no_secret() -> None:
    ingress = [{"protocol": "tcp", "fromPort": 1, "toPort": 1, "ipv6CidrBlocks": SecretValue(["ipv6CidrBlocks"])}]
    group = Res("aws:ec2/securityGroup:SecurityGroup", "app", {"ingress": ingress})
    [verdict] = Pack([RULES["network-restricted-ingress"]]).run([group])
    assert verdict.id == "Malformed::ingress[0].ipv6CidrBlocks[0]"


def test_what_a_case_quotes_does_not_break_the_words_of_a_rule() -> None:
    subnet = Res("aws:ec2/subnet:Subnet", "a", {"vpcId": "vpc-1", "mapPublicIpOnLaunch": True}, {"id": "subnet-1"})
    network = {"networkConfiguration": SecretValue({"subnets": ["subnet-1"]})}
    found = Pack([RULES["network-no-auto-public-ip"]]).run([subnet, Res("aws:ecs/service:Service", "app", network)])
    [verdict] = found
    assert " is true: each network interface made in it gets " in verdict.message
