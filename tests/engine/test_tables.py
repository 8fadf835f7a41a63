"""Tables on the real engine: what changes in place, what scaling made of them, and data that an edit does not take."""

import json
from typing import Any

import pytest

from local import workspace

from .conftest import Local
from .test_platform import touched

TABLE = "dynamodb/table:Table"
SOURCE = "arn:aws:dynamodb:us-east-1:123456789012:table/container-platform-dev-orders"
ORDERS: dict[str, Any] = {"partitionKey": {"name": "id"}}
BY_DAY = {"by-day": {"partitionKey": {"name": "day"}}}
PROVISIONED = {"maxReadUnits": 100, "maxWriteUnits": 50}


def keep(project: Local, **tables: dict[str, Any]) -> None:
    """Say which tables the stack has."""
    project.edit(lambda platform: platform.update(storage={"tables": tables}))


def scaled(project: Local, name: str, **units: int) -> None:
    """Change a table's capacity as its scaler does."""
    (file,) = (project.root / ".local").glob("**/memory.json")
    memory = json.loads(file.read_text())
    memory["scaled"][f"table/container-platform-dev-{name}"] = units
    file.write_text(json.dumps(memory))


def table(project: Local, name: str = "orders") -> dict[str, Any]:
    """Return what the state has of a table."""
    (found,) = [one for one in project.find(TABLE) if one["urn"].endswith(f"::{name}")]
    return dict(found["outputs"])


class TestTables:
    """One dev stack that gets a table and a service that uses it, and lets go of both."""

    def test_a_table_comes_with_its_endpoint_and_the_rights_of_what_is_linked_to_it(self, project: Local) -> None:
        keep(project, orders=ORDERS)
        project.web(image="git-1", links={"orders": {"table": "orders", "access": "readWrite"}})
        printed = project.ok("up")
        assert "✗" not in printed
        assert {"+ create dynamodb.Table orders", "+ create ec2.VpcEndpoint network-dynamodb"} <= touched(printed)
        assert table(project)["name"] == "container-platform-dev-orders"
        project.unchanged()
        assert "Refresh: no changes" in project.ok("refresh")

    def test_indexes_expiry_and_recovery_change_in_place(self, project: Local) -> None:
        keep(project, orders={**ORDERS, "indexes": BY_DAY, "timeToLive": "expiresAt", "recoveryDays": 7})
        assert touched(project.ok("up")) == {"~ update dynamodb.Table orders"}

    def test_a_provisioned_capacity_comes_in_place_with_its_scalers(self, project: Local) -> None:
        keep(project, orders={**ORDERS, "indexes": BY_DAY, "provisioned": PROVISIONED})
        steps = touched(project.ok("up"))
        assert "~ update dynamodb.Table orders" in steps
        assert len([step for step in steps if step.startswith("+ create appautoscaling.Target")]) == 4

    def test_what_scaling_made_of_it_is_kept(self, project: Local) -> None:
        scaled(project, "orders", readCapacity=40)
        assert "~ update   dynamodb.Table  orders" in project.ok("refresh")
        assert table(project)["readCapacity"] == 40
        project.unchanged()
        keep(project, orders={**ORDERS, "indexes": BY_DAY, "provisioned": PROVISIONED, "recoveryDays": 14})
        project.ok("up")
        assert table(project)["readCapacity"] == 40

    def test_paid_by_request_again_it_has_no_scaler(self, project: Local) -> None:
        keep(project, orders=ORDERS)
        steps = touched(project.ok("up"))
        assert "~ update dynamodb.Table orders" in steps
        assert len([step for step in steps if step.startswith("- delete appautoscaling.Target")]) == 4
        assert table(project)["billingMode"] == "PAY_PER_REQUEST"

    def test_a_table_is_not_restored_over_but_beside(self, project: Local) -> None:
        restore = {"restoreFrom": {"tableArn": SOURCE}}
        keep(project, orders={**ORDERS, **restore})
        assert "has no effect on a table that exists" in project.fails("preview")
        keep(project, orders=ORDERS, restored={**ORDERS, **restore})
        assert touched(project.ok("up")) == {"+ create dynamodb.Table restored", "+ create Table restored"}
        keep(project, orders=ORDERS, restored=ORDERS)
        project.unchanged()

    def test_a_table_that_leaves_is_told(self, project: Local) -> None:
        keep(project, orders=ORDERS)
        assert "storage.tables.restored is gone from the settings: the table is deleted" in project.ok("up")

    def test_another_key_is_another_table_which_is_told(self, project: Local) -> None:
        keep(project, orders={"partitionKey": {"name": "number"}})
        assert "the run deletes the table with all its items" in " ".join(project.ok("preview").split())

    def test_a_protected_stack_lets_go_of_none(self, project: Local, monkeypatch: pytest.MonkeyPatch) -> None:
        with monkeypatch.context() as patch:
            patch.setattr(workspace, "OVERRIDES", {})
            keep(project, orders=ORDERS)
            project.edit(
                lambda platform: platform.update(protect=True, cluster={**platform["cluster"], "spotOnly": True})
            )
            project.ok("up")
            keep(project, orders={"partitionKey": {"name": "number"}})
            refused = " ".join(project.fails("preview").split())
            assert "storage.tables.orders.partitionKey" in refused
            assert "copy the items: docs/tables.md" in refused
            keep(project)
            project.web(links={})
            assert "orders" in project.fails("preview")
        project.edit(lambda platform: platform.update(protect=False))
        keep(project, orders=ORDERS)
        project.ok("up")

    def test_down_leaves_nothing(self, project: Local) -> None:
        project.ok("down")
        assert project.state() == []
