"""The sections of the settings for what data is kept in."""

from typing import Annotated

from pydantic import Field

from components.storage.args import BUCKET_DEFAULTS, BucketArgs, ObjectLifecycleArgs, StorageClass
from components.storage.table_args import (
    CAPACITY_DEFAULTS,
    KEY_DEFAULTS,
    TABLE_DEFAULTS,
    AttributeType,
    CapacityArgs,
    IndexArgs,
    KeyArgs,
    RestoreArgs,
    TableArgs,
)

from ..arns import KeyArn, TableArnElsewhere
from ..kinds import AttributeName, IndexName, Name, ObjectPrefix, Timestamp
from ..section import Section
from .databases import Database
from .queues import Queue, Topic

# S3 API, LifecycleExpiration and Transition: days are an integer.
_Days = Annotated[int, Field(ge=1, le=36_500)]


class ObjectLifecycle(Section):
    """What becomes of objects as they grow older."""

    arguments_class = ObjectLifecycleArgs
    prefix: ObjectPrefix | None = None
    expire_days: _Days | None = None
    transition_days: dict[StorageClass, _Days] | None = None


class Bucket(Section):
    """A bucket for an application's objects."""

    arguments_class = BucketArgs
    versioning: bool = BUCKET_DEFAULTS["versioning"]
    earlier_version_days: _Days = BUCKET_DEFAULTS["earlier_version_days"]
    lifecycle: dict[Name, ObjectLifecycle] = {}
    kms_key_arn: KeyArn | None = None


# What AWS takes without a raised quota for a table ("Quotas in Amazon DynamoDB").
_Units = Annotated[int, Field(ge=1, le=40_000)]


class Key(Section):
    """An attribute that is a key of a table or index."""

    arguments_class = KeyArgs
    name: AttributeName
    type: AttributeType = KEY_DEFAULTS["type"]


class _Keyed(Section):
    partition_key: Key
    sort_key: Key | None = None

    @property
    def keys(self) -> dict[str, Key]:
        """The keys, by the names of their settings."""
        return {"partitionKey": self.partition_key, **({"sortKey": self.sort_key} if self.sort_key else {})}


class Index(_Keyed):
    """A global secondary index of a table."""

    arguments_class = IndexArgs
    attributes: list[AttributeName] | None = None


class Capacity(Section):
    """A capacity that follows what is used."""

    arguments_class = CapacityArgs
    min_read_units: _Units = CAPACITY_DEFAULTS["min_read_units"]
    max_read_units: _Units
    min_write_units: _Units = CAPACITY_DEFAULTS["min_write_units"]
    max_write_units: _Units
    # Application Auto Scaling User Guide, "Target tracking scaling policies for DynamoDB".
    target_utilization: Annotated[int, Field(ge=20, le=90)] = CAPACITY_DEFAULTS["target_utilization"]


class Restore(Section):
    """Where the data of a new table comes from."""

    arguments_class = RestoreArgs
    table_arn: TableArnElsewhere
    time: Timestamp | None = None


class Table(_Keyed):
    """A table for an application's items."""

    arguments_class = TableArgs
    indexes: Annotated[dict[IndexName, Index], Field(max_length=20)] = {}
    time_to_live: AttributeName | None = None
    # DynamoDB API, PointInTimeRecoverySpecification.
    recovery_days: Annotated[int, Field(ge=0, le=35)] = TABLE_DEFAULTS["recovery_days"]
    max_read_units: _Units | None = None
    max_write_units: _Units | None = None
    provisioned: Capacity | None = None
    kms_key_arn: KeyArn | None = None
    restore_from: Restore | None = None


class Storage(Section):
    """Where applications keep their data."""

    buckets: dict[Name, Bucket] = Field(
        default_factory=dict,
        description="Private buckets of S3, by name. What runs uses one by its links. Defaults to none.",
    )
    tables: dict[Name, Table] = Field(
        default_factory=dict,
        description="Tables of DynamoDB, by name. What runs uses one by its links. Defaults to none.",
    )
    queues: dict[Name, Queue] = Field(
        default_factory=dict,
        description="Queues of SQS by themselves, by name. What runs uses one by its links; the queue of a queueWorker "
        "belongs to that. Defaults to none.",
    )
    topics: dict[Name, Topic] = Field(
        default_factory=dict,
        description="Topics of SNS, by name. What runs publishes by its links, and queues subscribe. Defaults to none.",
    )
    databases: dict[Name, Database] = Field(
        default_factory=dict,
        description="Relational databases of RDS, by name. What runs uses one by its links. Defaults to none.",
    )
