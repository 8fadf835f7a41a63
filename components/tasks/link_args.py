"""What tasks may use: data, messages, secrets and keys."""

from collections.abc import Mapping, Sequence
from enum import Enum
from typing import Final, TypedDict

import pulumi

from ..common.arn import parse


class LinkKind(str, Enum):
    """What a link leads to."""

    BUCKET = "bucket"
    TABLE = "table"
    DATABASE = "database"
    QUEUE = "queue"
    TOPIC = "topic"
    EVENT_BUS = "event bus"
    SECRET = "secret"  # noqa: S105 the word
    KEY = "key"


class Access(str, Enum):
    """What an application does with what it is linked to."""

    READ = "read"
    WRITE = "write"
    READ_WRITE = "readWrite"


class LinkChoices(TypedDict, total=False):
    """What a person may leave out of a link."""

    access: Access
    """What the application does. To write is also to delete, and for a queue, topic or event bus to send; to read a
    queue is to process its messages. Defaults to write for those three, and to read for everything else."""
    prefix: str
    """Of a bucket: the start of the keys of the objects that the application uses, such as `incoming/`. Defaults to all
    objects."""
    kms_key_arn: str
    """ARN of the KMS key of your own that encrypts it, which the application may then use for it. For what this stack
    makes, defaults to the key that it is made with; else to none."""


class ReachedArgs(TypedDict):
    """How a database is reached."""

    host: pulumi.Input[str]
    """Name by which it is reached."""
    port: pulumi.Input[int]
    """Port that it listens on."""
    name: pulumi.Input[str]
    """Name of the database."""
    security_group_id: pulumi.Input[str]
    """Id of its security group, which then admits the tasks."""


class LinkLinks(TypedDict, total=False):
    """What ties a link to the rest of a platform."""

    own: bool
    """Whether the application's own stack makes it. Defaults to false."""
    reached: ReachedArgs
    """Of a database: how it is reached. Needed for those."""


class LinkArgs(LinkChoices, LinkLinks):
    """What an application may use."""

    kind: LinkKind
    """What it is."""
    arn: pulumi.Input[str]
    """Its ARN; of a database, that of the secret with its user name and password."""


LINK_LINK_DEFAULTS: Final[LinkLinks] = {"own": False}

_ANY: Final = (Access.READ, Access.WRITE, Access.READ_WRITE)
ACCESSES: Final[Mapping[LinkKind, Sequence[Access]]] = {
    LinkKind.BUCKET: _ANY,
    LinkKind.TABLE: _ANY,
    LinkKind.DATABASE: (Access.READ,),
    LinkKind.QUEUE: (Access.WRITE, Access.READ, Access.READ_WRITE),
    LinkKind.TOPIC: (Access.WRITE,),
    LinkKind.EVENT_BUS: (Access.WRITE,),
    LinkKind.SECRET: _ANY,
    LinkKind.KEY: _ANY,
}
"""What can be done with each kind; the first is the default."""

VARIABLES: Final[Mapping[LinkKind, Sequence[str]]] = {
    LinkKind.BUCKET: ("BUCKET", "PREFIX"),
    LinkKind.TABLE: ("TABLE",),
    LinkKind.DATABASE: ("HOST", "PORT", "DATABASE", "SECRET_ARN"),
    LinkKind.QUEUE: ("QUEUE_URL",),
    LinkKind.TOPIC: ("TOPIC_ARN",),
    LinkKind.EVENT_BUS: ("EVENT_BUS_ARN",),
    LinkKind.SECRET: ("SECRET_ARN",),
    LinkKind.KEY: ("KEY_ARN",),
}
"""Ends of the environment variables of each kind."""

ENDPOINTS: Final[Mapping[LinkKind, str]] = {
    LinkKind.QUEUE: "sqs",
    LinkKind.TOPIC: "sns",
    LinkKind.EVENT_BUS: "events",
    LinkKind.KEY: "kms",
}
"""Interface endpoint that calls of each kind take; the others have a gateway, or one that is there anyway."""

_SERVICES: Final[Mapping[str, LinkKind]] = {
    "s3": LinkKind.BUCKET,
    "dynamodb": LinkKind.TABLE,
    "sqs": LinkKind.QUEUE,
    "sns": LinkKind.TOPIC,
    "events": LinkKind.EVENT_BUS,
    "secretsmanager": LinkKind.SECRET,
    "kms": LinkKind.KEY,
}


def kind_of(arn: str) -> LinkKind:
    """Return what an ARN names."""
    return _SERVICES[parse(arn).service]


def variable(label: str, end: str) -> str:
    """Return the name of a link's environment variable: `orders-archive` and `BUCKET` are `ORDERS_ARCHIVE_BUCKET`."""
    return f"{label.upper().replace('-', '_')}_{end}"
