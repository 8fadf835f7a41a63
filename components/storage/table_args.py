"""What tables are made from."""

from enum import Enum
from typing import Final, TypedDict


class AttributeType(str, Enum):
    """What values a key has (DynamoDB API, AttributeDefinition): text, number or binary."""

    S = "S"
    N = "N"
    B = "B"


class KeyChoices(TypedDict, total=False):
    """What a person may leave out of a key."""

    type: AttributeType
    """Type of its values: S for text, N for numbers, B for binary. Defaults to S."""


class KeyArgs(KeyChoices):
    """An attribute that is a key."""

    name: str
    """Name of the attribute."""


class IndexChoices(TypedDict, total=False):
    """What a person may leave out of an index."""

    sort_key: KeyArgs
    """Key that orders the items of a partition. Defaults to none."""
    attributes: list[str]
    """Further attributes of an item that the index has, beside the keys; an empty list means the keys alone. Defaults
    to all attributes."""


class IndexArgs(IndexChoices):
    """A global secondary index, by which items are found by other keys. A change of one builds it anew."""

    partition_key: KeyArgs
    """Key that items are found by."""


class CapacityChoices(TypedDict, total=False):
    """What a person may leave out of a provisioned capacity."""

    min_read_units: int
    """Read units a second at least. Defaults to 1."""
    min_write_units: int
    """Write units a second at least. Defaults to 1."""
    target_utilization: int
    """Percent of the capacity that are to be used, 20 to 90; more adds capacity. Defaults to 70."""


class CapacityArgs(CapacityChoices):
    """A capacity that follows what is used, and is paid whether used or not. The table and each index have one."""

    max_read_units: int
    """Read units a second at most."""
    max_write_units: int
    """Write units a second at most."""


class RestoreChoices(TypedDict, total=False):
    """What a person may leave out of where data comes from."""

    time: str
    """Time to go back to, as 2026-11-20T10:00:00Z. Defaults to the latest that DynamoDB has, about five minutes ago."""


class RestoreArgs(RestoreChoices):
    """Where the data of a new table comes from. DynamoDB restores no tags and no deletion protection: refresh the stack
    in the next run, which then sets them."""

    table_arn: str
    """ARN of a table with point-in-time recovery."""


class TableChoices(TypedDict, total=False):
    """What a person may leave out of a Table."""

    sort_key: KeyArgs
    """Key that orders the items of a partition. Changing it replaces the table. Defaults to none."""
    indexes: dict[str, IndexArgs]
    """Global secondary indexes by name. Defaults to none."""
    time_to_live: str
    """Attribute with the time at which an item expires, in seconds since 1970. Defaults to none: items stay."""
    recovery_days: int
    """Days that the table can be taken back to any second of (Security Hub DynamoDB.2), 1 to 35; 0 turns that off.
    AWS charges for the table's size. Defaults to 35."""
    max_read_units: int
    """Read request units a second at most, which limits the bill. Defaults to the account's quota."""
    max_write_units: int
    """Write request units a second at most. Defaults to the account's quota."""
    provisioned: CapacityArgs
    """Provision a capacity that follows what is used, instead of paying for each request (Security Hub DynamoDB.1).
    Defaults to none."""
    kms_key_arn: str
    """ARN of the KMS key that encrypts the table. What is linked to the table may use it. Defaults to a key of
    DynamoDB's own, at no cost."""
    restore_from: RestoreArgs
    """Where the data comes from when the table is made; afterwards it has no effect. Defaults to none: an empty
    table."""


class TableLinks(TypedDict, total=False):
    """What ties a Table to the rest of a platform."""

    protect: bool
    """Refuse to delete the table (Security Hub DynamoDB.6). Defaults to true."""
    current_units: dict[str, tuple[int, int]]
    """Read and write units that autoscaling has given the table, under an empty name, and each index. Defaults to
    none."""
    limited: bool
    """Whether the table has, or had, limits of requests: they stay until AWS is told that there are none. Defaults to
    false."""


class TableArgs(TableChoices, TableLinks):
    """What a Table is made from."""

    table_name: str
    """Name of the table. Changing it replaces the table."""
    partition_key: KeyArgs
    """Key that items are found by. Changing it replaces the table."""


KEY_DEFAULTS: Final[KeyChoices] = {"type": AttributeType.S}
CAPACITY_DEFAULTS: Final[CapacityChoices] = {"min_read_units": 1, "min_write_units": 1, "target_utilization": 70}
TABLE_DEFAULTS: Final[TableChoices] = {"indexes": {}, "recovery_days": 35}
TABLE_LINK_DEFAULTS: Final[TableLinks] = {"protect": True, "current_units": {}, "limited": False}
