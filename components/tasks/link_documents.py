"""What links give the tasks, as plain data: exactly the actions, and the values of the environment variables.

The actions of each kind are those of "Actions, resources, and condition keys for AWS services" (Service Authorization
Reference).
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final, NamedTuple

from ..common import iam
from ..common.arguments import complete
from ..common.arn import domain, parse
from .link_args import ACCESSES, LINK_LINK_DEFAULTS, Access, LinkArgs, LinkKind, ReachedArgs, variable


class _Link(NamedTuple):
    kind: LinkKind
    arn: str
    own: bool
    reads: bool
    writes: bool
    prefix: str
    kms_key_arn: str
    reached: ReachedArgs | None


def variables(links: Mapping[str, LinkArgs]) -> dict[str, str]:
    """Return the environment variables of the application, from links of which everything is known."""
    return {
        variable(label, end): value for label, given in links.items() for end, value in _values(_link(given)).items()
    }


def permissions(links: Mapping[str, LinkArgs]) -> str:
    """Return the policy of the application's role, from links of which everything is known."""
    statements: list[iam.Statement] = []
    for number, (_, given) in enumerate(sorted(links.items()), 1):
        link = _link(given)
        key = [_use_key(link)] if link.kms_key_arn else []
        statements += [{**one, "Sid": f"{one['Sid']}{number}"} for one in [*_RIGHTS[link.kind](link), *key]]
    return iam.document(statements)


def _link(given: LinkArgs) -> _Link:
    one = complete(LinkArgs, given, LINK_LINK_DEFAULTS)
    kind = LinkKind(one["kind"])
    access = Access(one.get("access", ACCESSES[kind][0]))
    return _Link(
        kind,
        str(one["arn"]),
        one["own"],
        access is not Access.WRITE,
        access is not Access.READ,
        one.get("prefix", ""),
        one.get("kms_key_arn", ""),
        one.get("reached"),
    )


def _values(link: _Link) -> dict[str, str]:
    """Return the values of a link's environment variables by the ends of their names."""
    found = parse(link.arn)
    if link.kind is LinkKind.BUCKET:
        return {"BUCKET": found.resource, **({"PREFIX": link.prefix} if link.prefix else {})}
    if link.kind is LinkKind.TABLE:
        # DynamoDB takes an ARN in place of a name, and of a table in another account nothing else.
        return {"TABLE": found.resource.partition("/")[2] if link.own else link.arn}
    if link.kind is LinkKind.QUEUE:
        host = f"sqs.{found.region}.{domain(found.partition)}"
        return {"QUEUE_URL": f"https://{host}/{found.account_id}/{found.resource}"}
    if link.reached:
        known = {"HOST": link.reached["host"], "PORT": link.reached["port"], "DATABASE": link.reached["name"]}
        return {**{end: str(value) for end, value in known.items()}, "SECRET_ARN": link.arn}
    return {f"{link.kind.name}_ARN": link.arn}


def _bucket(link: _Link) -> Iterator[iam.Statement]:
    """Let it use objects. Who lists is told of a missing object that it is missing, and not that it is forbidden."""
    objects = f"{link.arn}/{link.prefix}*"
    if link.reads:
        listed: dict[str, Any] = {"StringLike": {"s3:prefix": [f"{link.prefix}*"]}} if link.prefix else {}
        yield iam.allow("ListObjects", ["s3:ListBucket"], [link.arn], listed)
        yield iam.allow("ReadObjects", ["s3:GetObject"], [objects])
    if link.writes:
        yield iam.allow("WriteObjects", ["s3:AbortMultipartUpload", "s3:DeleteObject", "s3:PutObject"], [objects])


def _table(link: _Link) -> Iterator[iam.Statement]:
    """Let it use items. A condition of a transaction, and an index, can only be read."""
    if link.reads:
        only_table = ["dynamodb:BatchGetItem", "dynamodb:ConditionCheckItem", "dynamodb:GetItem"]
        yield iam.allow("ReadItems", only_table, [link.arn])
        yield iam.allow("QueryItems", ["dynamodb:Query", "dynamodb:Scan"], [link.arn, f"{link.arn}/index/*"])
    if link.writes:
        actions = ["BatchWriteItem", "DeleteItem", "PutItem", "UpdateItem"]
        yield iam.allow("WriteItems", [f"dynamodb:{action}" for action in actions], [link.arn])
    yield iam.allow("DescribeTable", ["dynamodb:DescribeTable"], [link.arn])


def _queue(link: _Link) -> Iterator[iam.Statement]:
    """Let it send or process messages. Batches are the same permissions ("Amazon SQS API permissions")."""
    both = ["sqs:GetQueueAttributes", "sqs:GetQueueUrl"]
    if link.reads:
        actions = ["sqs:ChangeMessageVisibility", "sqs:DeleteMessage", "sqs:ReceiveMessage"]
        yield iam.allow("ProcessMessages", [*both, *actions], [link.arn])
    if link.writes:
        yield iam.allow("SendMessages", [*both, "sqs:SendMessage"], [link.arn])


def _topic(link: _Link) -> Iterator[iam.Statement]:
    yield iam.allow("Publish", ["sns:Publish"], [link.arn])


def _event_bus(link: _Link) -> Iterator[iam.Statement]:
    yield iam.allow("PutEvents", ["events:PutEvents"], [link.arn])


def _secret(link: _Link) -> Iterator[iam.Statement]:
    if link.reads:
        yield iam.allow("ReadSecret", ["secretsmanager:DescribeSecret", "secretsmanager:GetSecretValue"], [link.arn])
    if link.writes:
        yield iam.allow("WriteSecret", ["secretsmanager:PutSecretValue"], [link.arn])


def _key(link: _Link) -> Iterator[iam.Statement]:
    if link.reads:
        yield iam.allow("Decrypt", ["kms:Decrypt", "kms:DescribeKey"], [link.arn])
    if link.writes:
        yield iam.allow("Encrypt", ["kms:DescribeKey", "kms:Encrypt", "kms:GenerateDataKey"], [link.arn])


_RIGHTS: Final[Mapping[LinkKind, Callable[[_Link], Iterator[iam.Statement]]]] = {
    LinkKind.BUCKET: _bucket,
    LinkKind.TABLE: _table,
    LinkKind.DATABASE: _secret,
    LinkKind.QUEUE: _queue,
    LinkKind.TOPIC: _topic,
    LinkKind.EVENT_BUS: _event_bus,
    LinkKind.SECRET: _secret,
    LinkKind.KEY: _key,
}


def _use_key(link: _Link) -> iam.Statement:
    """Let it use the key of what it is linked to.

    Who writes decrypts too: an upload in parts is read again, and a message's data key used again ("Key management",
    SQS Developer Guide). DynamoDB asks for more ("Using your KMS key with DynamoDB").
    """
    table = link.kind is LinkKind.TABLE
    actions = ["kms:Decrypt", *(["kms:DescribeKey"] if table else [])]
    if link.writes:
        actions += ["kms:GenerateDataKey"]
        actions += ["kms:Encrypt", "kms:ReEncryptFrom", "kms:ReEncryptTo"] if table else []
    return iam.allow("UseKey", actions, [link.kms_key_arn])
