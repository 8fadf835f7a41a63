"""Tables on the real provider: what AWS is asked for, what changes in place, and data that is taken back."""

from typing import Any

from tests.integration.conftest import Deployment, Emulator

TABLE, TARGET = "dynamodb/table:Table", "appautoscaling/target:Target"
NAME = "container-platform-dev-orders"
BY_STATE = {"by-state": {"partitionKey": {"name": "state"}, "attributes": ["total"]}}
BY_DAY = {"by-day": {"partitionKey": {"name": "day"}, "sortKey": {"name": "at", "type": "N"}}}
ORDERS: dict[str, Any] = {"partitionKey": {"name": "id"}, "indexes": BY_STATE, "maxReadUnits": 500}
PROVISIONED = {"maxReadUnits": 100, "maxWriteUnits": 50}


def keep(deployment: Deployment, **tables: dict[str, Any]) -> None:
    """Say which tables the stack has."""
    deployment.edit(lambda platform: platform.update(services={}, storage={"tables": tables}))


def tables(steps: list[str]) -> set[str]:
    """Return the steps that are about tables."""
    return {step for step in steps if TABLE in step}


class TestTables:
    """One stack with a table and nothing that runs."""

    STACK = "dev"

    def test_it_comes_up(self, deployment: Deployment, emulator: Emulator) -> None:
        keep(deployment, orders={**ORDERS, "timeToLive": "expiresAt"})
        assert {step.split()[0] for step in deployment.run("up").steps} == {"create"}
        found = self._table(emulator)
        assert found["BillingModeSummary"]["BillingMode"] == "PAY_PER_REQUEST"
        (index,) = found["GlobalSecondaryIndexes"]
        assert index["Projection"] == {"ProjectionType": "INCLUDE", "NonKeyAttributes": ["total"]}
        client = emulator.client("dynamodb")
        recovery = client.describe_continuous_backups(TableName=NAME)["ContinuousBackupsDescription"]
        assert recovery["PointInTimeRecoveryDescription"]["PointInTimeRecoveryStatus"] == "ENABLED"
        expiry = client.describe_time_to_live(TableName=NAME)["TimeToLiveDescription"]
        assert (expiry["TimeToLiveStatus"], expiry["AttributeName"]) == ("ENABLED", "expiresAt")
        client.put_item(TableName=NAME, Item={"id": {"S": "1"}, "state": {"S": "open"}})

    def test_nothing_changes_afterwards_and_nothing_has_drifted(self, deployment: Deployment) -> None:
        deployment.unchanged()

    def test_indexes_come_and_go_in_place(self, deployment: Deployment, emulator: Emulator) -> None:
        keep(deployment, orders={**ORDERS, "indexes": BY_DAY})
        assert tables(deployment.run("up").steps) == {f"update {TABLE} orders"}
        found = self._table(emulator)
        assert [one["IndexName"] for one in found["GlobalSecondaryIndexes"]] == ["by-day"]
        assert found["OnDemandThroughput"] == {"MaxReadRequestUnits": 500, "MaxWriteRequestUnits": -1}
        deployment.unchanged()

    def test_limits_go_in_place(self, deployment: Deployment, emulator: Emulator) -> None:
        keep(deployment, orders={"partitionKey": {"name": "id"}, "indexes": BY_DAY})
        assert tables(deployment.run("up").steps) == {f"update {TABLE} orders"}
        assert self._table(emulator)["OnDemandThroughput"]["MaxReadRequestUnits"] == -1
        deployment.unchanged()

    def test_a_provisioned_capacity_comes_in_place_and_stays_as_it_was_scaled(
        self, deployment: Deployment, emulator: Emulator
    ) -> None:
        orders = {"partitionKey": {"name": "id"}, "indexes": BY_DAY, "provisioned": PROVISIONED}
        keep(deployment, orders=orders)
        steps = deployment.run("up").steps
        assert tables(steps) == {f"update {TABLE} orders"}
        assert len([step for step in steps if step.startswith(f"create {TARGET}")]) == 4
        deployment.unchanged()
        capacity = {"ReadCapacityUnits": 40, "WriteCapacityUnits": 7}
        emulator.client("dynamodb").update_table(
            TableName=NAME,
            ProvisionedThroughput=capacity,
            GlobalSecondaryIndexUpdates=[{"Update": {"IndexName": "by-day", "ProvisionedThroughput": capacity}}],
        )
        deployment.run("refresh")
        deployment.unchanged()
        keep(deployment, orders={**orders, "recoveryDays": 7})
        deployment.run("up")
        found = self._table(emulator)
        units = [one["ProvisionedThroughput"] for one in (found, *found["GlobalSecondaryIndexes"])]
        assert [(one["ReadCapacityUnits"], one["WriteCapacityUnits"]) for one in units] == [(40, 7)] * 2

    def test_it_is_paid_by_request_again(self, deployment: Deployment) -> None:
        keep(deployment, orders={"partitionKey": {"name": "id"}})
        steps = deployment.run("up").steps
        assert tables(steps) == {f"update {TABLE} orders"}
        assert len([step for step in steps if step.startswith(f"delete {TARGET}")]) == 4
        deployment.unchanged()

    def test_it_is_taken_back_beside_itself(self, deployment: Deployment, emulator: Emulator) -> None:
        orders = {"partitionKey": {"name": "id"}}
        arn = self._table(emulator)["TableArn"]
        keep(deployment, orders=orders, restored={**orders, "restoreFrom": {"tableArn": arn}})
        assert tables(deployment.run("up").steps) == {f"create {TABLE} restored"}
        items = emulator.client("dynamodb").scan(TableName="container-platform-dev-restored")["Items"]
        assert [item["id"]["S"] for item in items] == ["1"]
        deployment.run("refresh")  # AWS restores no tags: the page says to refresh
        assert tables(deployment.run("up").steps) == {f"update {TABLE} restored"}
        deployment.unchanged()
        keep(deployment, orders=orders, restored=orders)
        deployment.unchanged()

    def test_down_leaves_nothing(self, deployment: Deployment, emulator: Emulator) -> None:
        deployment.run("destroy")
        assert emulator.client("dynamodb").list_tables()["TableNames"] == []
        assert emulator.lacking() == []

    def _table(self, emulator: Emulator) -> dict[str, Any]:
        found: dict[str, Any] = emulator.client("dynamodb").describe_table(TableName=NAME)["Table"]
        return found
