"""Relational databases on the real engine: what changes in place, and data that an edit does not take."""

import json
from typing import Any

import pytest

from local import workspace

from .conftest import Local
from .test_platform import touched

INSTANCE, CLUSTER, MEMBER = "rds/instance:Instance", "rds/cluster:Cluster", "rds/clusterInstance:ClusterInstance"
SHOP: dict[str, Any] = {"engine": "postgres", "version": "17"}
AURORA: dict[str, Any] = {"engine": "aurora-postgresql", "version": "16"}
SNAPSHOT = "arn:aws:rds:us-east-1:123456789012:snapshot:shop"


def keep(project: Local, **databases: dict[str, Any]) -> None:
    """Say which databases the stack has."""
    project.edit(lambda platform: platform.update(storage={"databases": databases}))


class TestDatabases:
    """One dev stack that gets a database and a service that uses it, and lets go of both."""

    def test_a_database_comes_before_what_is_linked_to_it(self, project: Local) -> None:
        keep(project, shop=SHOP)
        project.web(image="git-1", links={"orders": {"database": "shop"}})
        printed = project.ok("up")
        assert "✗" not in printed
        lines = [" ".join(line.split()) for line in printed.splitlines()]
        assert lines.index("+ create rds.Instance shop") < lines.index("+ create ecs.Service web")
        (task,) = project.find("ecs/taskDefinition:TaskDefinition")
        told = {
            one["name"]: one["value"] for one in json.loads(task["outputs"]["containerDefinitions"])[0]["environment"]
        }
        (made,) = project.find(INSTANCE)
        assert told["ORDERS_HOST"] == made["outputs"]["address"]
        assert told["ORDERS_SECRET_ARN"] == made["outputs"]["masterUserSecrets"][0]["secretArn"]
        project.unchanged()
        assert "Refresh: no changes" in project.ok("refresh")

    def test_size_backups_and_parameters_change_in_place(self, project: Local) -> None:
        changed = {"instanceClass": "db.t4g.small", "backupDays": 14, "parameters": {"log_statement": "ddl"}}
        keep(project, shop={**SHOP, **changed})
        assert touched(project.ok("up")) == {"~ update rds.Instance shop", "~ update rds.ParameterGroup shop"}

    def test_a_major_version_brings_its_parameters_before_the_old_ones_go(self, project: Local) -> None:
        keep(project, shop={**SHOP, "version": "18", "allowMajorUpgrade": True})
        assert touched(project.ok("up")) == {
            "+ create replacement rds.ParameterGroup shop",
            "~ update rds.Instance shop",
            "- delete replaced rds.ParameterGroup shop",
        }

    def test_a_link_that_goes_closes_both_groups(self, project: Local) -> None:
        project.web(links={})
        steps = touched(project.ok("up"))
        for way in ("Egress", "Ingress"):
            assert f"- delete vpc.SecurityGroup{way}Rule web_orders" in steps

    def test_aurora_gets_a_reader_in_place(self, project: Local) -> None:
        keep(project, shop={**SHOP, "version": "18"}, catalog=AURORA)
        project.ok("up")
        assert len(project.find(MEMBER)) == 1
        keep(project, shop={**SHOP, "version": "18"}, catalog={**AURORA, "multiAz": True})
        assert touched(project.ok("up")) == {"+ create rds.ClusterInstance catalog-2"}
        project.unchanged()

    def test_a_database_is_restored_beside_the_old_one(self, project: Local) -> None:
        restore = {"restoreFrom": {"snapshotArn": SNAPSHOT}}
        keep(project, shop={**SHOP, **restore})
        assert "has no effect on a database that exists" in project.fails("preview")
        keep(project, shop={**SHOP, "version": "18"}, back={**SHOP, **restore, "databaseName": "shop"})
        steps = touched(project.ok("up"))
        assert "+ create rds.Instance back" in steps
        keep(project, shop={**SHOP, "version": "18"}, back={**SHOP, "databaseName": "shop"})
        project.unchanged()

    def test_a_protected_stack_lets_go_of_none(self, project: Local, monkeypatch: pytest.MonkeyPatch) -> None:
        shop = {**SHOP, "version": "18"}
        with monkeypatch.context() as patch:
            patch.setattr(workspace, "OVERRIDES", {})
            keep(project, shop=shop)
            project.edit(
                lambda platform: platform.update(protect=True, cluster={**platform["cluster"], "spotOnly": True})
            )
            printed = project.ok("up")
            assert "storage.databases.back is gone from the settings" in printed, "it was not protected yet"
            keep(project, shop={**shop, "username": "owner"})
            refused = " ".join(project.fails("preview").split())
            assert "storage.databases.shop.username" in refused
            assert "deletes it with all its data" in refused
            keep(project)
            assert "shop" in project.fails("preview")
        project.edit(lambda platform: platform.update(protect=False))
        keep(project, shop=shop)
        project.ok("up")

    def test_down_leaves_nothing(self, project: Local) -> None:
        project.ok("down")
        assert project.state() == []
