"""Amazon DynamoDB."""

from collections.abc import Iterator
from typing import Any, ClassVar

from ..account import Account, Properties
from ..behaviour import Fault, Named, Refused, is_known
from ..place import Place


class Table(Named):
    """A table."""

    arn = "dynamodb:table/{name}"
    unique: ClassVar = {"name": "ResourceInUseException: Table already exists: {name}"}

    def faults(self, inputs: Properties) -> Iterator[Fault]:
        """Check what DynamoDB refuses of keys and capacities (DynamoDB API, CreateTable)."""
        if not is_known(inputs):
            return
        indexes: list[dict[str, Any]] = list(inputs.get("globalSecondaryIndexes") or [])
        defined = [one.get("name") for one in inputs.get("attributes") or []]
        used = {inputs.get("hashKey"), inputs.get("rangeKey")}
        used |= {key.get("attributeName") for index in indexes for key in index.get("keySchemas") or []}
        if {*defined} != used - {None}:
            yield "attributes", "all attributes must be indexed, and all keys must be attributes"
        if len({index.get("name") for index in indexes}) < len(indexes):
            yield "globalSecondaryIndexes", "must have names that differ"
        if len(indexes) > 20:
            yield "globalSecondaryIndexes", "must be 20 or fewer"
        for number, index in enumerate(indexes):
            if index.get("projectionType") == "INCLUDE" and not index.get("nonKeyAttributes"):
                yield f"globalSecondaryIndexes[{number}].nonKeyAttributes", "must be set with INCLUDE"
            if index.get("projectionType") != "INCLUDE" and index.get("nonKeyAttributes"):
                yield f"globalSecondaryIndexes[{number}].nonKeyAttributes", "must not be set without INCLUDE"
        yield from _capacity_faults(inputs, indexes)

    def outputs(self, name: str, inputs: Properties, place: Place) -> Properties:
        """Return what DynamoDB decides besides the ARN."""
        return {"streamArn": "", "streamLabel": ""}

    def update(self, id_: str, olds: Properties, news: Properties, account: Account) -> Properties:
        """Set the capacity again."""
        account.memory.set_scaled(f"table/{id_}", readCapacity=None, writeCapacity=None)
        return news

    def drift(self, id_: str, account: Account) -> Properties:
        """Return the capacity that a scaler has set."""
        return dict(account.memory.scaled(f"table/{id_}"))

    def delete(self, id_: str, properties: Properties, account: Account) -> None:
        """Refuse to delete a protected table."""
        if properties.get("deletionProtectionEnabled"):
            raise Refused(f"ValidationException: Resource cannot be deleted as it is currently protected: {id_}")


def has(resource: str, account: Account) -> bool:
    """Tell whether there is a table, or an index of one: `table/orders/index/by-state`."""
    _, table, *index = resource.replace("/index/", "/").split("/")
    found = [one for one in account.of("aws:dynamodb/table:Table") if one.get("name") == table]
    names = {each["name"] for one in found for each in one.get("globalSecondaryIndexes") or []}
    return bool(found) and (not index or index[0] in names)


def _capacity_faults(inputs: Properties, indexes: list[dict[str, Any]]) -> Iterator[Fault]:
    provisioned = inputs.get("billingMode") == "PROVISIONED"
    for path, one in [("", inputs), *((f"globalSecondaryIndexes[{at}].", index) for at, index in enumerate(indexes))]:
        for name in ("readCapacity", "writeCapacity"):
            if provisioned and not one.get(name):
                yield f"{path}{name}", "must be 1 or more when billingMode is PROVISIONED"
            elif not provisioned and one.get(name):
                yield f"{path}{name}", "must not be set when billingMode is PAY_PER_REQUEST"
        if provisioned and one.get("onDemandThroughput"):
            yield f"{path}onDemandThroughput", "must not be set when billingMode is PROVISIONED"
