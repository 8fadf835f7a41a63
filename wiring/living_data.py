"""What holds data in this stack already: what the settings no longer name, or would replace."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final, NamedTuple

import pulumi

import settings
from components.storage.database_args import default_name

from .state import Resource

_Known = Mapping[str, Mapping[str, Any]]
"""Outputs of what the state has of a kind, by name."""
_TABLE: Final = "container-platform:index:Table$aws:dynamodb/table:Table"
_INSTANCE: Final = "container-platform:index:Database$aws:rds/instance:Instance"
_CLUSTER: Final = "container-platform:index:Database$aws:rds/cluster:Cluster"
_DATABASE_MEANING: Final = (
    "the database is deleted, and the backups that AWS made of it. A database of another name is a new one: to rename "
    "it, see restoreFrom in docs/databases.md first."
)
_LEAVING: Final = {
    "container-platform:index:Bucket$aws:s3/bucket:Bucket": (
        "buckets",
        (
            "the bucket is deleted with all its objects. A bucket of another name is a new one: to rename it, copy the "
            "objects first."
        ),
    ),
    _TABLE: (
        "tables",
        (
            "the table is deleted with all its items. A table of another name is a new one: to rename it, see "
            "restoreFrom in docs/tables.md first."
        ),
    ),
    _INSTANCE: ("databases", _DATABASE_MEANING),
    _CLUSTER: ("databases", _DATABASE_MEANING),
    "container-platform:index:Queue$aws:sqs/queue:Queue": (
        "queues",
        "the queue is deleted with the messages in it. A queue of another name is a new one.",
    ),
    "container-platform:index:Topic$aws:sns/topic:Topic": (
        "topics",
        "the topic is deleted, and subscriptions that others made end. A topic of another name is a new one.",
    ),
}
"""What is said of each kind that leaves the settings, by its type: the setting, and what that means."""


class LivingData(NamedTuple):
    """What holds data already, as the last run left it."""

    leaving: list[str]
    """What is said of what is no longer in the settings."""
    replaced: list[settings.Problem]
    """Tables and databases that AWS cannot change into what the settings say."""
    refused: list[settings.Problem]
    """Those that exist, and are to be restored from something that they were not made from."""
    tables: _Known
    """Outputs of the tables by name."""

    def warn(self) -> None:
        """Say what this run deletes, unless it is protected, which the engine says."""
        for text in self.leaving:
            pulumi.log.warn(text)
        for problem in self.replaced:
            pulumi.log.warn(f"{settings.path_text(problem.path)} {problem.advice}")

    def units(self, name: str) -> dict[str, tuple[int, int]]:
        """Return the read and write units that a table, under an empty name, and its indexes have now."""
        there = self.tables.get(name, {})
        if there.get("billingMode") != "PROVISIONED":
            return {}
        named = {"": there, **{one["name"]: one for one in there.get("globalSecondaryIndexes", [])}}
        return {
            label: (int(one.get("readCapacity") or 0), int(one.get("writeCapacity") or 0))
            for label, one in named.items()
        }

    def limited(self, name: str) -> bool:
        """Return whether a table has, or had, limits of its requests."""
        there = self.tables.get(name, {})
        return bool(there.get("onDemandThroughput")) and there.get("billingMode") == "PAY_PER_REQUEST"


def living_data(platform: settings.Platform, state: Iterable[Resource]) -> LivingData:
    """Return what holds data in the state."""
    tables = {one.name: one.outputs for one in state if one.kind == _TABLE}
    databases = {one.name: one.outputs for one in state if one.kind in (_INSTANCE, _CLUSTER)}
    return LivingData(
        sorted(_leaving(platform, state)),
        [*_replaced_tables(platform, tables), *_replaced_databases(platform, databases)],
        [*_restored_tables(platform, tables), *_restored_databases(platform, databases)],
        tables,
    )


def _leaving(platform: settings.Platform, state: Iterable[Resource]) -> Iterator[str]:
    for one in state:
        setting, meaning = _LEAVING.get(one.kind, ("", ""))
        # What is made beside a queue has an underscore in its name.
        if setting and "_" not in one.name and one.name not in getattr(platform.storage, setting):
            yield f"storage.{setting}.{one.name} is gone from the settings: {meaning}"


def _replaced_tables(platform: settings.Platform, tables: _Known) -> Iterator[settings.Problem]:
    for name, table in platform.storage.tables.items():
        if name not in tables:
            continue
        there = tables[name]
        types = {one["name"]: one["type"] for one in there.get("attributes", [])}
        for setting, output in (("partitionKey", "hashKey"), ("sortKey", "rangeKey")):
            key, attribute = table.keys.get(setting), there.get(output) or ""
            if ((key.name, key.type.value) if key else ("", "")) == (attribute, types.get(attribute, "")):
                continue
            was = f"{attribute} of type {types.get(attribute)}" if attribute else "none"
            advice = (
                f"is a change that DynamoDB cannot make to a table, whose {setting} is {was}: the run deletes the "
                "table with all its items and makes another one. To keep them, add a second table with the change, and "
                "copy the items: docs/tables.md"
            )
            yield settings.Problem(("storage", "tables", name, setting), key.name if key else None, advice)


def _restored_tables(platform: settings.Platform, tables: _Known) -> Iterator[settings.Problem]:
    for name, table in platform.storage.tables.items():
        there, source = tables.get(name), table.restore_from
        if there is None or source is None:
            continue
        if there.get("restoreSourceTableArn") != source.table_arn:
            advice = (
                "has no effect on a table that exists: DynamoDB restores into a new one. Add a table of another name "
                f"with restoreFrom, such as {name}-restored, and move the links to it: docs/tables.md"
            )
            yield settings.Problem(("storage", "tables", name, "restoreFrom"), None, advice)


def _replaced_databases(platform: settings.Platform, databases: _Known) -> Iterator[settings.Problem]:
    for name, database in platform.storage.databases.items():
        if name not in databases:
            continue
        there = databases[name]
        was = {
            "engine": there.get("engine"),
            "databaseName": there.get("dbName") or there.get("databaseName"),
            "username": there.get("username") or there.get("masterUsername"),
        }
        wanted = {
            "engine": database.engine.value,
            "databaseName": database.database_name or default_name(name),
            "username": database.username,
        }
        for setting, value in wanted.items():
            if was[setting] is None or was[setting] == value:
                continue
            advice = (
                f"is a change that RDS cannot make to a database, whose {setting} is {was[setting]}: the run deletes "
                "it with all its data and makes another one. To keep the data, add a second database with the change, "
                "and copy it: docs/databases.md"
            )
            yield settings.Problem(("storage", "databases", name, setting), value, advice)


def _restored_databases(platform: settings.Platform, databases: _Known) -> Iterator[settings.Problem]:
    for name, database in platform.storage.databases.items():
        there, source = databases.get(name), database.restore_from
        if there is None or source is None or there.get("snapshotIdentifier") == source.snapshot_arn:
            continue
        advice = (
            "has no effect on a database that exists: RDS restores into a new one. Add a database of another name with "
            f"restoreFrom, such as {name}-restored, and move the links to it: docs/databases.md"
        )
        yield settings.Problem(("storage", "databases", name, "restoreFrom"), None, advice)
