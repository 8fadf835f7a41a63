"""A table for an application's items."""

from typing import Any, Final

import pulumi
import pulumi_aws as aws

from ..common.arguments import complete
from . import table_scaling
from .table_args import (
    KEY_DEFAULTS,
    TABLE_DEFAULTS,
    TABLE_LINK_DEFAULTS,
    AttributeType,
    IndexArgs,
    KeyArgs,
    RestoreArgs,
    TableArgs,
)

_RESTORING: Final = ["restoreSourceTableArn", "restoreDateTime", "restoreToLatestTime"]
"""Inputs that matter only when the table is made. The provider would replace the table for a change of two of them."""

_NO_LIMIT: Final = -1
"""What AWS says for no limit (DynamoDB API, OnDemandThroughput)."""


class Table(pulumi.ComponentResource):
    """`container-platform:index:Table`: a table of DynamoDB for an application's items.

    Creates: an encrypted `aws:dynamodb/table:Table` that is paid by request and can be taken back to any second of the
    last 35 days.
    Optional: a sort key; global secondary indexes; expiry of items; limits; a provisioned capacity with an
    `aws:appautoscaling/target:Target` and a policy for reads and writes of the table and each index; a KMS key; the
    data of another table.
    Needs: nothing.
    """

    name: pulumi.Output[str]
    """Name of the table."""
    arn: pulumi.Output[str]
    """ARN of the table, for links and permissions."""

    def __init__(self, name: str, args: TableArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        values = complete(TableArgs, args, TABLE_DEFAULTS, TABLE_LINK_DEFAULTS)
        super().__init__("container-platform:index:Table", name, {}, opts)
        indexes = sorted(values["indexes"].items())
        keys = [values["partition_key"], values.get("sort_key")]
        keys += [key for _, one in indexes for key in (one["partition_key"], one.get("sort_key"))]
        attributes = {key["name"]: AttributeType(complete(KeyArgs, key, KEY_DEFAULTS)["type"]) for key in keys if key}
        units = table_scaling.units(values)
        read, write = units.get("", (None, None))
        days = int(values["recovery_days"])
        table = aws.dynamodb.Table(
            name,
            name=values["table_name"],
            billing_mode="PROVISIONED" if units else "PAY_PER_REQUEST",
            read_capacity=read,
            write_capacity=write,
            hash_key=values["partition_key"]["name"],
            range_key=values["sort_key"]["name"] if "sort_key" in values else None,
            attributes=[
                aws.dynamodb.TableAttributeArgs(name=attribute, type=kind.value)
                for attribute, kind in sorted(attributes.items())
            ],
            global_secondary_indexes=[_index(label, one, values, units.get(label)) for label, one in indexes] or None,
            on_demand_throughput=_limits(values),
            ttl=aws.dynamodb.TableTtlArgs(enabled=True, attribute_name=values["time_to_live"])
            if "time_to_live" in values
            else None,
            point_in_time_recovery=aws.dynamodb.TablePointInTimeRecoveryArgs(
                enabled=days > 0, recovery_period_in_days=days or None
            ),
            server_side_encryption=aws.dynamodb.TableServerSideEncryptionArgs(
                enabled=True, kms_key_arn=values["kms_key_arn"]
            )
            if "kms_key_arn" in values
            else None,
            deletion_protection_enabled=bool(values["protect"]),
            **_restored(values.get("restore_from")),
            opts=pulumi.ResourceOptions(
                parent=self, protect=bool(values["protect"]), ignore_changes=_RESTORING, delete_before_replace=True
            ),
        )
        table_scaling.scale(name, values, table, self)
        self.name, self.arn = table.name, table.arn
        self.register_outputs({"name": self.name, "arn": self.arn})


def _index(
    name: str, one: IndexArgs, values: TableArgs, units: tuple[int, int] | None
) -> aws.dynamodb.TableGlobalSecondaryIndexArgs:
    keys = [("HASH", one["partition_key"]), *([("RANGE", one["sort_key"])] if "sort_key" in one else [])]
    attributes = one.get("attributes")
    read, write = units or (None, None)
    limits = _limits(values)
    return aws.dynamodb.TableGlobalSecondaryIndexArgs(
        name=name,
        key_schemas=[
            aws.dynamodb.TableGlobalSecondaryIndexKeySchemaArgs(attribute_name=key["name"], key_type=kind)
            for kind, key in keys
        ],
        projection_type="ALL" if attributes is None else "INCLUDE" if attributes else "KEYS_ONLY",
        non_key_attributes=sorted(attributes) if attributes else None,
        read_capacity=read,
        write_capacity=write,
        on_demand_throughput=aws.dynamodb.TableGlobalSecondaryIndexOnDemandThroughputArgs(
            max_read_request_units=limits.max_read_request_units, max_write_request_units=limits.max_write_request_units
        )
        if limits
        else None,
    )


def _limits(values: TableArgs) -> aws.dynamodb.TableOnDemandThroughputArgs | None:
    """Return the limits of requests; both, because AWS tells both, and once there were any, that there are none."""
    read, write = values.get("max_read_units"), values.get("max_write_units")
    if "provisioned" in values or (read is None and write is None and not values["limited"]):
        return None
    return aws.dynamodb.TableOnDemandThroughputArgs(
        max_read_request_units=_NO_LIMIT if read is None else int(read),
        max_write_request_units=_NO_LIMIT if write is None else int(write),
    )


def _restored(source: RestoreArgs | None) -> dict[str, Any]:
    if source is None:
        return {}
    when = {"restore_date_time": source["time"]} if "time" in source else {"restore_to_latest_time": True}
    return {"restore_source_table_arn": source["table_arn"], **when}
