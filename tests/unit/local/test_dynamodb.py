"""What the stand-in refuses of tables, as DynamoDB does."""

from typing import Any

import pytest

from local.standin import services
from local.standin.account import Account
from local.standin.behaviour import Refused

TABLE, TARGET = "aws:dynamodb/table:Table", "aws:appautoscaling/target:Target"
RIGHT: dict[str, Any] = {
    "name": "orders",
    "hashKey": "id",
    "billingMode": "PAY_PER_REQUEST",
    "attributes": [{"name": "id", "type": "S"}],
}
INDEX = {"name": "by-id", "projectionType": "ALL", "keySchemas": [{"attributeName": "id", "keyType": "HASH"}]}


def faults(**changes: Any) -> list[str]:
    return [name for name, _ in services.behaviour(TABLE).faults({**RIGHT, **changes})]


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"globalSecondaryIndexes": [INDEX]},
        {"billingMode": "PROVISIONED", "readCapacity": 1, "writeCapacity": 1},
        {"onDemandThroughput": {"maxReadRequestUnits": 10}},
    ],
)
def test_what_is_right_is_taken(changes: dict[str, Any]) -> None:
    assert faults(**changes) == []


@pytest.mark.parametrize(
    ("changes", "at"),
    [
        ({"attributes": []}, "attributes"),
        ({"attributes": [*RIGHT["attributes"], {"name": "unused", "type": "S"}]}, "attributes"),
        ({"billingMode": "PROVISIONED", "readCapacity": 1}, "writeCapacity"),
        ({"readCapacity": 1}, "readCapacity"),
        ({"globalSecondaryIndexes": [INDEX, INDEX]}, "globalSecondaryIndexes"),
        ({"globalSecondaryIndexes": [{**INDEX, "name": f"by-{n}"} for n in range(21)]}, "globalSecondaryIndexes"),
        (
            {"globalSecondaryIndexes": [{**INDEX, "projectionType": "INCLUDE"}]},
            "globalSecondaryIndexes[0].nonKeyAttributes",
        ),
        (
            {"globalSecondaryIndexes": [{**INDEX, "nonKeyAttributes": ["total"]}]},
            "globalSecondaryIndexes[0].nonKeyAttributes",
        ),
        (
            {
                "billingMode": "PROVISIONED",
                "readCapacity": 1,
                "writeCapacity": 1,
                "onDemandThroughput": {"maxReadRequestUnits": 10},
            },
            "onDemandThroughput",
        ),
    ],
)
def test_what_dynamodb_refuses_is_refused(changes: dict[str, Any], at: str) -> None:
    assert faults(**changes) == [at]


def test_a_protected_table_is_not_deleted(account: Account) -> None:
    behaviour = services.behaviour(TABLE)
    with pytest.raises(Refused, match="currently protected"):
        behaviour.delete("orders", {**RIGHT, "deletionProtectionEnabled": True}, account)
    behaviour.delete("orders", RIGHT, account)


@pytest.mark.parametrize(
    ("resource", "there"),
    [
        ("table/orders", True),
        ("table/orders/index/by-id", True),
        ("table/orders/index/by-day", False),
        ("table/sales", False),
    ],
)
def test_only_what_exists_is_scaled(account: Account, resource: str, *, there: bool) -> None:
    account.resources.made(TABLE, "orders", {**RIGHT, "globalSecondaryIndexes": [INDEX]})
    inputs = {
        "resourceId": resource,
        "serviceNamespace": "dynamodb",
        "scalableDimension": f"dynamodb:{'index' if 'index' in resource else 'table'}:ReadCapacityUnits",
        "minCapacity": 1,
        "maxCapacity": 10,
    }
    behaviour = services.behaviour(TARGET)
    assert list(behaviour.faults(inputs)) == []
    assert [name for name, _ in behaviour.faults({**inputs, "minCapacity": 0})] == ["minCapacity"]
    if there:
        id_, made = behaviour.create(inputs, account)
        assert (id_, made["roleArn"].rpartition("_")[2]) == (resource, "DynamoDBTable")
    else:
        with pytest.raises(Refused, match="does not exist"):
            behaviour.create(inputs, account)
