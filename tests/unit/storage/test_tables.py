"""Tables for applications' items."""

from typing import Any

import pytest

import settings
from components import Table, TableArgs
from settings import Surroundings
from wiring.living_data import living_data
from wiring.state import Resource

from ..conftest import Run, mistakes, stack_config

KEY = "arn:aws:kms:eu-west-1:123456789012:key/own"
SOURCE = "arn:aws:dynamodb:eu-west-1:123456789012:table/shop-dev-orders"
TABLE, TARGET, POLICY = "dynamodb/table:Table", "appautoscaling/target:Target", "appautoscaling/policy:Policy"
INDEXES: dict[str, Any] = {
    "by-state": {"partition_key": {"name": "state"}, "sort_key": {"name": "at", "type": "N"}, "attributes": ["total"]},
    "by-day": {"partition_key": {"name": "day"}, "attributes": []},
}
PROVISIONED = {"max_read_units": 100, "max_write_units": 50}


def table(run: Run, **more: Any) -> Any:
    args: TableArgs = {"table_name": "shop-dev-orders", "partition_key": {"name": "id"}, **more}  # type: ignore[typeddict-item]
    return run(lambda: Table("orders", args))


class TestTable:
    def test_it_is_paid_by_request_and_can_be_taken_back(self, run: Run) -> None:
        made = table(run).one(TABLE)
        assert (made["billingMode"], made["hashKey"], made.get("readCapacity")) == ("PAY_PER_REQUEST", "id", None)
        assert made["pointInTimeRecovery"] == {"enabled": True, "recoveryPeriodInDays": 35}
        assert made["attributes"] == [{"name": "id", "type": "S"}]

    def test_recovery_can_be_turned_off(self, run: Run) -> None:
        assert table(run, recovery_days=0).one(TABLE)["pointInTimeRecovery"] == {"enabled": False}

    def test_indexes_have_all_attributes_some_or_their_keys(self, run: Run) -> None:
        made = table(run, indexes={**INDEXES, "by-type": {"partition_key": {"name": "type"}}}).one(TABLE)
        found = {one["name"]: one for one in made["globalSecondaryIndexes"]}
        assert {name: one["projectionType"] for name, one in found.items()} == {
            "by-day": "KEYS_ONLY",
            "by-state": "INCLUDE",
            "by-type": "ALL",
        }
        assert found["by-state"]["nonKeyAttributes"] == ["total"]
        assert found["by-state"]["keySchemas"] == [
            {"attributeName": "state", "keyType": "HASH"},
            {"attributeName": "at", "keyType": "RANGE"},
        ]
        assert {one["name"]: one["type"] for one in made["attributes"]} == {
            "at": "N",
            "day": "S",
            "id": "S",
            "state": "S",
            "type": "S",
        }

    def test_limits_are_the_tables_and_each_indexs(self, run: Run) -> None:
        made = table(run, indexes=INDEXES, max_read_units=1000).one(TABLE)
        limits = [one["onDemandThroughput"] for one in (made, *made["globalSecondaryIndexes"])]
        assert limits == [{"maxReadRequestUnits": 1000, "maxWriteRequestUnits": -1}] * 3

    def test_limits_that_are_gone_are_told_to_aws(self, run: Run) -> None:
        none = {"maxReadRequestUnits": -1, "maxWriteRequestUnits": -1}
        assert table(run, limited=True).one(TABLE)["onDemandThroughput"] == none
        assert "onDemandThroughput" not in table(run, limited=True, provisioned=PROVISIONED).one(TABLE)
        assert "onDemandThroughput" not in table(run).one(TABLE)

    def test_a_provisioned_capacity_follows_what_is_used(self, run: Run) -> None:
        engine = table(run, indexes=INDEXES, provisioned={**PROVISIONED, "min_read_units": 5})
        made = engine.one(TABLE)
        capacities = [(one["readCapacity"], one["writeCapacity"]) for one in (made, *made["globalSecondaryIndexes"])]
        assert (made["billingMode"], capacities) == ("PROVISIONED", [(5, 1)] * 3)
        limits = {
            (one["resourceId"], one["scalableDimension"]): (one["minCapacity"], one["maxCapacity"])
            for one in engine.find(TARGET)
        }
        name = "table/shop-dev-orders"
        assert limits == {
            (name, "dynamodb:table:ReadCapacityUnits"): (5, 100),
            (name, "dynamodb:table:WriteCapacityUnits"): (1, 50),
            (f"{name}/index/by-day", "dynamodb:index:ReadCapacityUnits"): (5, 100),
            (f"{name}/index/by-day", "dynamodb:index:WriteCapacityUnits"): (1, 50),
            (f"{name}/index/by-state", "dynamodb:index:ReadCapacityUnits"): (5, 100),
            (f"{name}/index/by-state", "dynamodb:index:WriteCapacityUnits"): (1, 50),
        }
        assert len(engine.find(POLICY)) == 6

    def test_what_autoscaling_made_of_it_stays_within_the_limits(self, run: Run) -> None:
        current = {"": (40, 7), "by-day": (400, 0)}
        made = table(run, indexes=INDEXES, provisioned=PROVISIONED, current_units=current).one(TABLE)
        indexes = {one["name"]: (one["readCapacity"], one["writeCapacity"]) for one in made["globalSecondaryIndexes"]}
        assert (made["readCapacity"], made["writeCapacity"]) == (40, 7)
        assert indexes == {"by-day": (100, 1), "by-state": (1, 1)}

    def test_a_capacity_without_room_has_no_scaler(self, run: Run) -> None:
        fixed = {"min_read_units": 5, "max_read_units": 5, "min_write_units": 2, "max_write_units": 2}
        assert table(run, provisioned=fixed).find(TARGET) == []

    @pytest.mark.parametrize("protect", [True, False])
    def test_with_protection_neither_pulumi_nor_aws_deletes_it(self, run: Run, *, protect: bool) -> None:
        (made,) = table(run, protect=protect).all(TABLE)
        assert (made.protect, made.inputs["deletionProtectionEnabled"]) == (protect, protect)

    @pytest.mark.parametrize(
        ("source", "expected"),
        [
            ({"table_arn": SOURCE}, {"restoreSourceTableArn": SOURCE, "restoreToLatestTime": True}),
            (
                {"table_arn": SOURCE, "time": "2026-11-20T10:00:00Z"},
                {"restoreSourceTableArn": SOURCE, "restoreDateTime": "2026-11-20T10:00:00Z"},
            ),
        ],
    )
    def test_it_is_restored_once(self, run: Run, source: dict[str, Any], expected: dict[str, Any]) -> None:
        (made,) = table(run, restore_from=source).all(TABLE)
        restoring = {name: value for name, value in made.inputs.items() if name.startswith("restore")}
        assert restoring == expected
        assert set(expected) <= set(made.ignore_changes)

    def test_it_has_a_key_and_an_expiry_if_it_is_told(self, run: Run) -> None:
        made = table(run, kms_key_arn=KEY, time_to_live="expiresAt", sort_key={"name": "at"}).one(TABLE)
        assert made["serverSideEncryption"] == {"enabled": True, "kmsKeyArn": KEY}
        assert made["ttl"] == {"enabled": True, "attributeName": "expiresAt"}
        assert made["rangeKey"] == "at"


def problems(one: dict[str, Any]) -> dict[str, str]:
    """Return the advice for every mistake in a table by its path below the table."""
    tables = {"orders": {"partitionKey": {"name": "id"}, **one}}
    raw = {**stack_config("dev")[settings.KEY], "storage": {"tables": tables}}
    return {path.removeprefix("storage.tables.orders."): advice for path, advice in mistakes(raw).items()}


AT = {"name": "at", "type": "N"}


@pytest.mark.parametrize(
    "one",
    [
        {},
        {"sortKey": AT, "timeToLive": "expiresAt"},
        {"sortKey": AT, "timeToLive": "at"},
        {"indexes": {"by-day": {"partitionKey": {"name": "day"}, "sortKey": AT, "attributes": ["total"]}}},
        {"indexes": {"inverse": {"partitionKey": AT, "sortKey": {"name": "id"}}}},
        {"provisioned": {"maxReadUnits": 10, "maxWriteUnits": 10}},
        {"maxReadUnits": 10},
        {"restoreFrom": {"tableArn": SOURCE.replace("eu-west-1", "us-east-1"), "time": "2026-11-20T10:00:00Z"}},
    ],
)
def test_what_is_right_passes(one: dict[str, Any]) -> None:
    assert problems(one) == {}


@pytest.mark.parametrize(
    ("one", "path", "advice"),
    [
        ({"partitionKey": {}}, "partitionKey.name", ""),
        ({"partitionKey": {"name": "id", "type": "string"}}, "partitionKey.type", "S"),
        ({"partitionKey": {"name": "the id"}}, "partitionKey.name", "must be the name of an attribute"),
        ({"sortKey": {"name": "id"}}, "sortKey.name", "is the partition key too"),
        ({"sortKye": AT}, "sortKye", "sortKey"),
        (
            {"sortKey": AT, "indexes": {"by-at": {"partitionKey": {"name": "at"}}}},
            "indexes.by-at.partitionKey.type",
            "must be N, as sortKey says of at",
        ),
        ({"indexes": {"by": {"partitionKey": {"name": "day"}}}}, "indexes.by", "3 to 24"),
        (
            {"indexes": {"by-day": {"partitionKey": {"name": "day"}, "sortKey": {"name": "day"}}}},
            "indexes.by-day.sortKey.name",
            "is the partition key too",
        ),
        (
            {"indexes": {"by-day": {"partitionKey": {"name": "day"}, "attributes": ["total", "id"]}}},
            "indexes.by-day.attributes[1]",
            "is a key, which the index has already",
        ),
        (
            {"indexes": {"by-day": {"partitionKey": {"name": "day"}, "attributes": ["total", "total"]}}},
            "indexes.by-day.attributes[1]",
            "is listed twice",
        ),
        (
            {
                "indexes": {
                    f"by-{letter}": {
                        "partitionKey": {"name": letter},
                        "attributes": [f"a{number}" for number in range(51)],
                    }
                    for letter in "xy"
                }
            },
            "indexes",
            "list 102 attributes together, but DynamoDB takes 100",
        ),
        ({"indexes": {f"by-{n}": {"partitionKey": {"name": f"k{n}"}} for n in range(21)}}, "indexes", "20"),
        ({"timeToLive": "id"}, "timeToLive", "is a key of type S, but expiry needs a number"),
        ({"recoveryDays": 36}, "recoveryDays", "35"),
        ({"maxReadUnits": 0}, "maxReadUnits", "1"),
        ({"provisioned": {"maxReadUnits": 10}}, "provisioned.maxWriteUnits", ""),
        (
            {"provisioned": {"minReadUnits": 11, "maxReadUnits": 10, "maxWriteUnits": 10}},
            "provisioned.minReadUnits",
            "is more than maxReadUnits, 10",
        ),
        (
            {"provisioned": {"maxReadUnits": 10, "maxWriteUnits": 10, "targetUtilization": 95}},
            "provisioned.targetUtilization",
            "90",
        ),
        (
            {"maxWriteUnits": 5, "provisioned": {"maxReadUnits": 10, "maxWriteUnits": 10}},
            "maxWriteUnits",
            "provisioned.maxWriteUnits limits this one",
        ),
        ({"kmsKeyArn": "alias/own"}, "kmsKeyArn", "must be the ARN of a KMS key"),
        ({"restoreFrom": {}}, "restoreFrom.tableArn", "is missing"),
        ({"restoreFrom": {"tableArn": SOURCE, "time": "yesterday"}}, "restoreFrom.time", "a time in UTC"),
        ({"restoreFrom": {"tableArn": "orders"}}, "restoreFrom.tableArn", "must be the ARN of a table"),
    ],
)
def test_what_dynamodb_would_refuse_is_named(one: dict[str, Any], path: str, advice: str) -> None:
    found = problems(one)
    assert [key for key in found if key.startswith(path)], found
    assert advice in "; ".join(found.values())


def living(tables: dict[str, Any], **outputs: Any) -> Any:
    """Return what is known of one table in the state, beside these settings."""
    raw = {**stack_config("dev")[settings.KEY], "storage": {"tables": tables}}
    platform = settings.parse(raw, Surroundings("eu-west-1", project="container-platform", stack="dev"))
    there = {"hashKey": "id", "attributes": [{"name": "id", "type": "S"}], "billingMode": "PAY_PER_REQUEST", **outputs}
    kind = "container-platform:index:Table$aws:dynamodb/table:Table"
    return living_data(platform, [Resource(kind, "orders", there)])


SAME = {"partitionKey": {"name": "id"}}


class TestLivingTable:
    def test_one_that_leaves_the_settings_is_known(self) -> None:
        (text,) = living({"sales": SAME}).leaving
        assert text.startswith("storage.tables.orders is gone from the settings: the table is deleted")
        assert living({"orders": SAME}).leaving == []

    @pytest.mark.parametrize(
        ("one", "path"),
        [
            ({"partitionKey": {"name": "number"}}, "storage.tables.orders.partitionKey"),
            ({"partitionKey": {"name": "id", "type": "N"}}, "storage.tables.orders.partitionKey"),
            ({**SAME, "sortKey": {"name": "at"}}, "storage.tables.orders.sortKey"),
        ],
    )
    def test_another_key_is_another_table(self, one: dict[str, Any], path: str) -> None:
        (problem,) = living({"orders": one}).replaced
        assert settings.path_text(problem.path) == path
        assert "deletes the table with all its items" in problem.advice

    def test_the_same_keys_are_the_same_table(self) -> None:
        data = living({"orders": {**SAME, "sortKey": AT}}, rangeKey="at", attributes=[{"name": "id", "type": "S"}, AT])
        assert data.replaced == []

    @pytest.mark.parametrize(
        ("made_from", "source", "refused"),
        [
            ({}, {"tableArn": SOURCE}, True),
            ({"restoreSourceTableArn": SOURCE}, {"tableArn": SOURCE}, False),
            ({"restoreSourceTableArn": SOURCE}, {"tableArn": f"{SOURCE}-2"}, True),
            ({"restoreSourceTableArn": SOURCE}, None, False),
        ],
    )
    def test_one_that_exists_is_not_restored(
        self, made_from: dict[str, Any], source: dict[str, Any] | None, *, refused: bool
    ) -> None:
        data = living({"orders": {**SAME, **({"restoreFrom": source} if source else {})}}, **made_from)
        assert bool(data.refused) is refused

    def test_its_units_are_what_autoscaling_made_them(self) -> None:
        index = {"name": "by-day", "readCapacity": 9.0, "writeCapacity": 2.0}
        there = {"readCapacity": 30.0, "writeCapacity": 4.0, "globalSecondaryIndexes": [index]}
        assert living({"orders": SAME}, billingMode="PROVISIONED", **there).units("orders") == {
            "": (30, 4),
            "by-day": (9, 2),
        }
        assert living({"orders": SAME}, **there).units("orders") == {}
        assert living({"orders": SAME}, **there).units("other") == {}

    def test_whether_it_has_limits_is_known(self) -> None:
        limits = {"onDemandThroughput": {"maxReadRequestUnits": 9, "maxWriteRequestUnits": -1}}
        assert living({"orders": SAME}, **limits).limited("orders")
        assert not living({"orders": SAME}, **limits, billingMode="PROVISIONED").limited("orders")
        assert not living({"orders": SAME}).limited("orders")
