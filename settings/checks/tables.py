"""Checks of tables: what DynamoDB would refuse, or what would do nothing."""

from collections.abc import Iterator
from typing import Final

from components.storage.table_args import AttributeType

from ..problems import Path, Problem
from ..sections.storage import Capacity, Table

_MOST_PROJECTED: Final = 100
"""Attributes that all indexes of a table may list together ("Quotas in Amazon DynamoDB")."""


def table_problems(path: Path, table: Table) -> Iterator[Problem]:
    """Find what is wrong with a table."""
    yield from _key_problems(path, table)
    for name, index in table.indexes.items():
        at = (*path, "indexes", name, "attributes")
        keys = {key.name for key in (*table.keys.values(), *index.keys.values())}
        attributes = index.attributes or []
        for number, attribute in enumerate(attributes):
            if attribute in attributes[:number]:
                yield Problem((*at, number), attribute, "is listed twice; remove one")
            elif attribute in keys:
                yield Problem((*at, number), attribute, "is a key, which the index has already. Remove it.", (path,))
    projected = sum(len(index.attributes or []) for index in table.indexes.values())
    if projected > _MOST_PROJECTED:
        advice = (
            f"list {projected} attributes together, but DynamoDB takes {_MOST_PROJECTED} for a table. List fewer, or "
            "leave attributes out of an index to have all of them in it."
        )
        yield Problem((*path, "indexes"), None, advice)
    if table.provisioned:
        yield from _capacity_problems(path, table.provisioned, table)


def _key_problems(path: Path, table: Table) -> Iterator[Problem]:
    """Find keys that are one attribute, and attributes with two types: the table and its indexes share them."""
    types: dict[str, tuple[AttributeType, Path]] = {}
    keyed = [((), table), *((("indexes", name), index) for name, index in table.indexes.items())]
    for below, one in keyed:
        at = (*path, *below)
        if one.sort_key and one.sort_key.name == one.partition_key.name:
            advice = "is the partition key too. Name another attribute, or remove sortKey."
            yield Problem((*at, "sortKey", "name"), one.sort_key.name, advice, ((*at, "partitionKey"),))
            continue
        for setting, key in one.keys.items():
            where = (*at, setting)
            kind, first = types.setdefault(key.name, (key.type, where))
            if kind is not key.type:
                shown = ".".join(map(str, first[len(path) :]))
                advice = f"must be {kind.value}, as {shown} says of {key.name}: an attribute that is a key has one type"
                yield Problem((*where, "type"), key.type.value, advice, (first,))
    expiry = table.time_to_live
    if expiry in types and types[expiry][0] is not AttributeType.N:
        kind, first = types[expiry]
        advice = f"is a key of type {kind.value}, but expiry needs a number (N). Name an attribute of its own."
        yield Problem((*path, "timeToLive"), expiry, advice, (first,))


def _capacity_problems(path: Path, capacity: Capacity, table: Table) -> Iterator[Problem]:
    at = (*path, "provisioned")
    for direction in ("Read", "Write"):
        least = getattr(capacity, f"min_{direction.lower()}_units")
        most = getattr(capacity, f"max_{direction.lower()}_units")
        if least > most:
            advice = f"is more than max{direction}Units, {most}"
            yield Problem((*at, f"min{direction}Units"), least, advice, ((*at, f"max{direction}Units"),))
        if (limit := getattr(table, f"max_{direction.lower()}_units")) is not None:
            advice = (
                f"is for a table that is paid by request. Remove it: provisioned.max{direction}Units limits this one."
            )
            yield Problem((*path, f"max{direction}Units"), limit, advice, (at,))
