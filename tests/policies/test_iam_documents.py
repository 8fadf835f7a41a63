"""What IAM documents mean, whatever their form: spelling, wildcards, conditions, ARNs, and rubbish."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policies.rules.common.iam_documents import Condition, identity_document, trust_document
from policies.rules.iam._actions import breadth, matching
from policies.rules.iam._conditions import names_the_target

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["Statement", "Effect", "Action", "NotAction", "Resource", "Principal", "Condition", "x"]),
            inner | st.just("Allow"),
            max_size=6,
        )
    ),
    max_leaves=12,
)


@given(JSON)
def test_whatever_a_document_holds_it_is_read_or_called_malformed(content: Any) -> None:
    for read in (identity_document, trust_document):
        found = read(json.dumps(content), "policy")
        assert found.statements or found.problems


@given(st.data())
def test_an_action_is_the_same_in_every_case_and_behind_every_wildcard(data: st.DataObject) -> None:
    letters = [data.draw(st.sampled_from([letter.lower(), letter.upper()])) for letter in "PassRole"]
    hidden = data.draw(st.sets(st.integers(1, len(letters) - 1), max_size=4))
    name = "".join("?" if index in hidden else letter for index, letter in enumerate(letters))
    cut = data.draw(st.integers(1, len(name)))
    assert "iam:PassRole" in matching(f"IAM:{name}")
    assert "iam:PassRole" in matching(f"iam:{name[:cut]}*")


def test_text_and_object_one_and_many_say_the_same() -> None:
    one = {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::a/*"}
    many = {"Statement": [{**one, "Action": ["s3:GetObject"], "Resource": ["arn:aws:s3:::a/*"]}]}
    read = [identity_document(given, "policy").statements for given in (json.dumps({"Statement": one}), many)]
    assert read[0] == read[1]


def test_a_malformed_statement_hides_no_other_and_a_key_that_is_there_twice_is_told_by_its_place() -> None:
    text = """{"Statement": [{"Effect": "Allow"}, {"Effect": "Allow", "Action": "a:B", "Action": "c:D", "Resource": "*",
        "Condition": {"StringLike": {"x:y": "1"}, "StringLike": {"x:z": "1", "x:z": "2"}}}], "Id": "a", "Id": "b"}"""
    found = identity_document(text, "policy")
    assert [statement.actions for statement in found.statements] == [("c:D",)]
    assert [problem.path for problem in found.problems] == [
        "policy.Id",
        "policy.Statement[1].Action",
        "policy.Statement[1].Condition.StringLike",
        "policy.Statement[1].Condition.StringLike.x:z",
        "policy.Statement[0]",
    ]


@pytest.mark.parametrize(
    ("action", "expected"),
    [("ecr:GetAuthorizationToken", False), ("ecs:ListClusters", False), ("s3:GetObject", True), ("iam:PassRole", True)],
)
def test_which_actions_can_be_limited_to_resources(action: str, expected: bool) -> None:
    assert bool(matching(action).limitable) is expected


@pytest.mark.parametrize(
    ("action", "resource"),
    [
        ("s3:GetObject", "arn:aws:s3:::orders/*"),
        ("s3:GetObject", "arn:aws:s3:::orders*"),
        ("s3:GetObject", "arn:*:s3:::orders/*"),
        ("logs:PutLogEvents", "arn:aws:logs:us-east-1:1:log-group:/ecs/web:log-stream:*"),
        ("ecs:RunTask", "arn:aws:ecs:us-east-1:1:task-definition/web:*"),
        ("dynamodb:Query", "arn:aws:dynamodb:us-east-1:1:table/orders/index/*"),
        ("iam:PassRole", "arn:aws:iam::1:role/platform/dev/*"),
        ("ecr:BatchGetImage", "arn:aws:ecr:us-east-1:1:repository/team/*"),
        ("secretsmanager:GetSecretValue", "arn:aws:secretsmanager:us-east-1:1:secret:${aws:PrincipalTag/x}-??????"),
    ],
)
def test_wildcards_after_a_name_are_fine(action: str, resource: str) -> None:
    assert not breadth(resource, matching(action))[1]


@pytest.mark.parametrize(
    ("action", "resource"),
    [
        ("ecr:BatchGetImage", "arn:aws:ecr:us-east-1:1:repository/*"),
        ("ecr:BatchGetImage", "arn:aws:ecr:us-east-1:1:repositor?/*"),
        ("ecr:BatchGetImage", "arn:aws:ecr:us-east-1:1:r*"),
        ("ssm:GetParameter", "arn:aws:ssm:us-east-1:1:parameter/*"),
        ("sns:Publish", "arn:aws:sns:us-east-1:1:*"),
        ("lambda:InvokeFunction", "arn:aws:lambda:us-east-1:1:function:*"),
        ("sts:AssumeRole", "arn:aws:iam::*:role/deployer"),
        ("s3:GetObject", "arn:aws-cn:s3:::*"),
        ("sqs:SendMessage", "arn:aws:sqs:*"),
        ("sqs:SendMessage", "arn:aws:sq?:us-east-1:*:orders"),
    ],
)
def test_wildcards_in_place_of_a_name_are_broad(action: str, resource: str) -> None:
    assert breadth(resource, matching(action))[1]


@pytest.mark.parametrize(
    ("operator", "key", "values", "expected"),
    [
        ("StringEquals", "aws:ResourceTag/team", ("a",), True),
        ("stringlike", "ecs:ResourceTag/team", ("a*",), True),
        ("ForAnyValue:StringEquals", "aws:resourcetag/team", ("a",), True),
        ("ArnEquals", "ecs:cluster", ("arn:aws:ecs:us-east-1:1:cluster/main",), True),
        ("ArnLike", "ecs:cluster", ("*",), False),
        ("ArnEqualsIfExists", "ecs:cluster", ("arn:aws:ecs:us-east-1:1:cluster/main",), False),
        ("StringEquals", "aws:ResourceTag/", ("a",), False),
        ("StringEquals", "aws:PrincipalOrgID", ("o-1",), False),
        ("StringEquals", "aws:SourceIp", ("10.0.0.0/8",), False),
        ("Null", "aws:ResourceTag/team", ("false",), False),
        ("StringEquals", "nowhere:thing", ("a",), False),
        ("StringEquals", "aws:ResourceTag/team", (), False),
    ],
)
def test_which_conditions_name_a_resource(operator: str, key: str, values: tuple[str, ...], expected: bool) -> None:
    assert names_the_target(Condition(operator, key, values)) is expected
