"""What links give the tasks."""

import json
from typing import Any, Final

import pytest

from components.tasks import link_documents
from components.tasks.link_args import ACCESSES, VARIABLES, Access, LinkArgs, LinkKind
from settings.checks.permissions import permission_problems
from settings.sections.permissions import Permission
from settings.surroundings import Surroundings

HERE = "eu-west-1:123456789012"
KEY = f"arn:aws:kms:{HERE}:key/0a1b2c3d"
ARNS: Final = {
    LinkKind.BUCKET: "arn:aws:s3:::uploads-0abc",
    LinkKind.TABLE: f"arn:aws:dynamodb:{HERE}:table/shop-dev-orders",
    LinkKind.QUEUE: f"arn:aws:sqs:{HERE}:jobs",
    LinkKind.TOPIC: f"arn:aws:sns:{HERE}:events",
    LinkKind.EVENT_BUS: f"arn:aws:events:{HERE}:event-bus/audit",
    LinkKind.SECRET: f"arn:aws:secretsmanager:{HERE}:secret:payments-a1B2c3",
    LinkKind.KEY: KEY,
    LinkKind.DATABASE: f"arn:aws:secretsmanager:{HERE}:secret:rds!db-0a1b-a1B2c3",
}
BUCKET, TABLE = ARNS[LinkKind.BUCKET], ARNS[LinkKind.TABLE]
ALL: Final = [(kind, access) for kind, accesses in ACCESSES.items() for access in accesses]


def link(kind: LinkKind = LinkKind.BUCKET, **more: Any) -> LinkArgs:
    return {"kind": kind, "arn": ARNS[kind], **more}  # type: ignore[typeddict-item]


def statements(one: LinkArgs) -> list[dict[str, Any]]:
    """Return the statements of one link."""
    found: list[dict[str, Any]] = json.loads(link_documents.permissions({"data": one}))["Statement"]
    return found


def granted(one: LinkArgs) -> dict[str, set[str]]:
    """Return what a link allows: actions by what they work on."""
    found: dict[str, set[str]] = {}
    for statement in statements(one):
        for resource in statement["Resource"]:
            found.setdefault(resource, set()).update(statement["Action"])
    return found


GET: Final = {"s3:GetObject"}
PUT: Final = {"s3:AbortMultipartUpload", "s3:DeleteObject", "s3:PutObject"}
READ_ITEMS: Final = {
    "dynamodb:BatchGetItem",
    "dynamodb:ConditionCheckItem",
    "dynamodb:DescribeTable",
    "dynamodb:GetItem",
    "dynamodb:Query",
    "dynamodb:Scan",
}
WRITE_ITEMS: Final = {
    "dynamodb:BatchWriteItem",
    "dynamodb:DeleteItem",
    "dynamodb:DescribeTable",
    "dynamodb:PutItem",
    "dynamodb:UpdateItem",
}
INDEXES: Final = {f"{TABLE}/index/*": {"dynamodb:Query", "dynamodb:Scan"}}
LOOK: Final = {"sqs:GetQueueAttributes", "sqs:GetQueueUrl"}
PROCESS: Final = {"sqs:ChangeMessageVisibility", "sqs:DeleteMessage", "sqs:ReceiveMessage", *LOOK}
LOOK_AT_SECRET: Final = {"secretsmanager:DescribeSecret", "secretsmanager:GetSecretValue"}


@pytest.mark.parametrize(
    ("kind", "access", "expected"),
    [
        (LinkKind.BUCKET, None, {BUCKET: {"s3:ListBucket"}, f"{BUCKET}/*": GET}),
        (LinkKind.BUCKET, Access.WRITE, {f"{BUCKET}/*": PUT}),
        (LinkKind.BUCKET, Access.READ_WRITE, {BUCKET: {"s3:ListBucket"}, f"{BUCKET}/*": GET | PUT}),
        (LinkKind.TABLE, None, {TABLE: READ_ITEMS, **INDEXES}),
        (LinkKind.TABLE, Access.WRITE, {TABLE: WRITE_ITEMS}),
        (LinkKind.TABLE, Access.READ_WRITE, {TABLE: READ_ITEMS | WRITE_ITEMS, **INDEXES}),
        (LinkKind.QUEUE, None, {ARNS[LinkKind.QUEUE]: {"sqs:SendMessage", *LOOK}}),
        (LinkKind.QUEUE, Access.READ, {ARNS[LinkKind.QUEUE]: PROCESS}),
        (LinkKind.QUEUE, Access.READ_WRITE, {ARNS[LinkKind.QUEUE]: {"sqs:SendMessage", *PROCESS}}),
        (LinkKind.TOPIC, None, {ARNS[LinkKind.TOPIC]: {"sns:Publish"}}),
        (LinkKind.EVENT_BUS, None, {ARNS[LinkKind.EVENT_BUS]: {"events:PutEvents"}}),
        (LinkKind.SECRET, None, {ARNS[LinkKind.SECRET]: LOOK_AT_SECRET}),
        (LinkKind.SECRET, Access.WRITE, {ARNS[LinkKind.SECRET]: {"secretsmanager:PutSecretValue"}}),
        (LinkKind.DATABASE, None, {ARNS[LinkKind.DATABASE]: LOOK_AT_SECRET}),
        (LinkKind.KEY, None, {KEY: {"kms:Decrypt", "kms:DescribeKey"}}),
        (LinkKind.KEY, Access.WRITE, {KEY: {"kms:DescribeKey", "kms:Encrypt", "kms:GenerateDataKey"}}),
    ],
)
def test_each_kind_is_used_by_exactly_these_actions(
    kind: LinkKind, access: Access | None, expected: dict[str, set[str]]
) -> None:
    assert granted(link(kind, **({"access": access} if access else {}))) == expected


@pytest.mark.parametrize(("kind", "access"), ALL)
def test_aws_knows_every_action_and_none_is_wider_than_it_must_be(kind: LinkKind, access: Access) -> None:
    for statement in statements(link(kind, access=access, kms_key_arn=KEY)):
        # What `permissions` refuses: an index has no name that the settings could tell of somebody else's table.
        resources = [one.replace("/index/*", "/index/by-state") for one in statement["Resource"]]
        one = Permission(actions=statement["Action"], resources=resources)
        assert list(permission_problems((), [one], Surroundings("eu-west-1"))) == []


def test_a_prefix_limits_objects_and_what_is_listed() -> None:
    listing, reading = statements(link(prefix="in/"))
    assert listing["Condition"] == {"StringLike": {"s3:prefix": ["in/*"]}}
    assert reading["Resource"] == [f"{BUCKET}/in/*"]


@pytest.mark.parametrize(
    ("kind", "access", "actions"),
    [
        (LinkKind.BUCKET, Access.READ, {"kms:Decrypt"}),
        (LinkKind.BUCKET, Access.WRITE, {"kms:Decrypt", "kms:GenerateDataKey"}),
        (LinkKind.QUEUE, Access.READ, {"kms:Decrypt"}),
        (LinkKind.TOPIC, Access.WRITE, {"kms:Decrypt", "kms:GenerateDataKey"}),
        (LinkKind.TABLE, Access.READ, {"kms:Decrypt", "kms:DescribeKey"}),
        (
            LinkKind.TABLE,
            Access.WRITE,
            {
                "kms:Decrypt",
                "kms:DescribeKey",
                "kms:Encrypt",
                "kms:GenerateDataKey",
                "kms:ReEncryptFrom",
                "kms:ReEncryptTo",
            },
        ),
    ],
)
def test_a_key_is_used_as_what_it_encrypts(kind: LinkKind, access: Access, actions: set[str]) -> None:
    assert granted(link(kind, access=access, kms_key_arn=KEY))[KEY] == actions


def test_names_of_statements_differ_whatever_there_is() -> None:
    several = {f"{kind.name.lower().replace('_', '-')}-{access.value.lower()}": (kind, access) for kind, access in ALL}
    given = {name: link(kind, access=access, kms_key_arn=KEY) for name, (kind, access) in several.items()}
    document = json.loads(link_documents.permissions(given))
    sids = [one["Sid"] for one in document["Statement"]]
    assert len(set(sids)) == len(sids)
    assert all(sid.isalnum() for sid in sids)


def test_the_application_finds_it_by_variables_of_the_links_name() -> None:
    given = {
        "order-archive": link(),
        "incoming": link(prefix="in/"),
        "orders": link(LinkKind.TABLE, own=True),
        "stock": link(LinkKind.TABLE),
        "jobs": link(LinkKind.QUEUE),
        "events": link(LinkKind.TOPIC),
        "audit": link(LinkKind.EVENT_BUS),
        "payments": link(LinkKind.SECRET),
        "own": link(LinkKind.KEY),
        "shop": link(
            LinkKind.DATABASE,
            reached={"host": "shop.rds", "port": 5432, "name": "shop", "security_group_id": "sg-0abc"},
        ),
    }
    assert link_documents.variables(given) == {
        "ORDER_ARCHIVE_BUCKET": "uploads-0abc",
        "INCOMING_BUCKET": "uploads-0abc",
        "INCOMING_PREFIX": "in/",
        "ORDERS_TABLE": "shop-dev-orders",
        "STOCK_TABLE": TABLE,
        "JOBS_QUEUE_URL": "https://sqs.eu-west-1.amazonaws.com/123456789012/jobs",
        "EVENTS_TOPIC_ARN": ARNS[LinkKind.TOPIC],
        "AUDIT_EVENT_BUS_ARN": ARNS[LinkKind.EVENT_BUS],
        "PAYMENTS_SECRET_ARN": ARNS[LinkKind.SECRET],
        "OWN_KEY_ARN": KEY,
        "SHOP_HOST": "shop.rds",
        "SHOP_PORT": "5432",
        "SHOP_DATABASE": "shop",
        "SHOP_SECRET_ARN": ARNS[LinkKind.DATABASE],
    }


def test_no_two_links_set_the_same_variable() -> None:
    ends = [f"_{end}" for ends in VARIABLES.values() for end in ends]
    assert not [(one, other) for one in ends for other in ends if one != other and one.endswith(other)]


def test_a_queue_of_another_partition_is_at_its_own_address() -> None:
    arn = "arn:aws-cn:sqs:cn-north-1:123456789012:jobs"
    assert link_documents.variables({"jobs": {"kind": LinkKind.QUEUE, "arn": arn}}) == {
        "JOBS_QUEUE_URL": "https://sqs.cn-north-1.amazonaws.com.cn/123456789012/jobs"
    }
