"""Relational databases on the real provider: what AWS is asked for, what changes in place, and restoring."""

from typing import Any

from tests.integration.conftest import Deployment, Emulator

INSTANCE, CLUSTER = "rds/instance:Instance", "rds/cluster:Cluster"
PARAMETERS, MEMBER = "rds/parameterGroup:ParameterGroup", "rds/clusterInstance:ClusterInstance"
NAME = "container-platform-dev-shop"
SHOP: dict[str, Any] = {"engine": "postgres", "version": "17", "backupWindow": "03:00-04:00"}


def keep(deployment: Deployment, **databases: dict[str, Any]) -> None:
    """Say which databases the stack has."""
    deployment.edit(lambda platform: platform.update(services={}, storage={"databases": databases}))


class TestDatabases:
    """One stack with a database and nothing that runs."""

    STACK = "dev"

    def test_it_comes_up(self, deployment: Deployment, emulator: Emulator) -> None:
        keep(deployment, shop=SHOP)
        assert {step.split()[0] for step in deployment.run("up").steps} == {"create"}
        found = self._instance(emulator)
        assert (found["StorageEncrypted"], found["PubliclyAccessible"], found["StorageType"]) == (True, False, "gp3")
        assert (found["BackupRetentionPeriod"], found["PreferredBackupWindow"]) == (7, "03:00-04:00")
        assert (found["MasterUsername"], found["DBName"]) == ("dbadmin", "shop")
        assert found["MasterUserSecret"]["SecretArn"].startswith("arn:aws:secretsmanager:")
        zones = {one["SubnetAvailabilityZone"]["Name"] for one in found["DBSubnetGroup"]["Subnets"]}
        assert len(zones) == 2
        assert self._parameters(emulator) == {"rds.force_ssl": "1"}

    def test_nothing_changes_afterwards_and_nothing_has_drifted(self, deployment: Deployment) -> None:
        deployment.unchanged()

    def test_size_backups_and_parameters_change_in_place(self, deployment: Deployment, emulator: Emulator) -> None:
        changed = {"instanceClass": "db.t4g.small", "backupDays": 14, "parameters": {"log_statement": "ddl"}}
        keep(deployment, shop={**SHOP, **changed})
        assert set(deployment.run("up").steps) == {f"update {INSTANCE} shop", f"update {PARAMETERS} shop"}
        found = self._instance(emulator)
        assert (found["DBInstanceClass"], found["BackupRetentionPeriod"]) == ("db.t4g.small", 14)
        assert self._parameters(emulator) == {"log_statement": "ddl", "rds.force_ssl": "1"}
        deployment.unchanged()

    def test_a_major_version_brings_its_parameters_first(self, deployment: Deployment) -> None:
        keep(deployment, shop={**SHOP, "version": "18", "allowMajorUpgrade": True})
        steps = deployment.run("preview").steps
        assert f"update {INSTANCE} shop" in steps
        assert f"create-replacement {PARAMETERS} shop" in steps

    def test_it_is_restored_beside_itself(self, deployment: Deployment, emulator: Emulator) -> None:
        rds = emulator.client("rds")
        snapshot = rds.create_db_snapshot(DBSnapshotIdentifier="before", DBInstanceIdentifier=NAME)["DBSnapshot"]
        restored = {**SHOP, "databaseName": "shop", "restoreFrom": {"snapshotArn": snapshot["DBSnapshotArn"]}}
        keep(deployment, shop=SHOP, restored=restored)
        assert f"create {INSTANCE} restored" in deployment.run("up").steps
        deployment.unchanged()
        keep(deployment, shop=SHOP, restored={**SHOP, "databaseName": "shop"})
        deployment.unchanged()
        rds.delete_db_snapshot(DBSnapshotIdentifier="before")

    def test_down_leaves_nothing(self, deployment: Deployment, emulator: Emulator) -> None:
        deployment.run("destroy")
        assert emulator.client("rds").describe_db_instances()["DBInstances"] == []
        assert emulator.lacking() == []

    def _instance(self, emulator: Emulator) -> dict[str, Any]:
        found: list[dict[str, Any]] = emulator.client("rds").describe_db_instances(DBInstanceIdentifier=NAME)[
            "DBInstances"
        ]
        return found[0]

    def _parameters(self, emulator: Emulator) -> dict[str, str]:
        """Return the parameters that the instance's group says."""
        (group,) = self._instance(emulator)["DBParameterGroups"]
        found = emulator.client("rds").describe_db_parameters(DBParameterGroupName=group["DBParameterGroupName"])
        return {one["ParameterName"]: one["ParameterValue"] for one in found["Parameters"]}
