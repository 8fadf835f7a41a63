"""Relational databases."""

import json
from typing import Any

import pytest

import settings
from components import Database, DatabaseArgs
from components.storage.database_args import Engine, family
from settings import Surroundings
from wiring.living_data import LivingData, living_data
from wiring.state import Resource

from ..conftest import Run, mistakes, run_main, stack_config

INSTANCE, CLUSTER, MEMBER = "rds/instance:Instance", "rds/cluster:Cluster", "rds/clusterInstance:ClusterInstance"
PARAMETERS, CLUSTER_PARAMETERS = "rds/parameterGroup:ParameterGroup", "rds/clusterParameterGroup:ClusterParameterGroup"
EGRESS, INGRESS = (f"vpc/securityGroup{way}Rule:SecurityGroup{way}Rule" for way in ("Egress", "Ingress"))
KEY = "arn:aws:kms:eu-west-1:123456789012:key/own"
SNAPSHOT = "arn:aws:rds:eu-west-1:123456789012:snapshot:shop-last"


def database(run: Run, engine: Engine = Engine.POSTGRES, version: str = "17", **more: Any) -> Any:
    args: DatabaseArgs = {
        "engine": engine,
        "version": version,
        "identifier": "shop-dev-orders",
        "vpc_id": "vpc-0abc",
        "subnet_ids": ["subnet-1", "subnet-2"],
        **more,  # type: ignore[typeddict-item]
    }
    return run(lambda: Database("orders", args))


class TestInstance:
    def test_it_is_closed_encrypted_and_backed_up(self, run: Run) -> None:
        engine = database(run)
        made = engine.one(INSTANCE)
        assert (made["publiclyAccessible"], made["storageEncrypted"]) == (False, True)
        assert (made["manageMasterUserPassword"], made["backupRetentionPeriod"]) == (True, 7)
        assert (made["copyTagsToSnapshot"], made["autoMinorVersionUpgrade"]) == (True, True)
        assert "password" not in made
        assert engine.find(INGRESS) == engine.find(EGRESS) == [], "nothing is admitted that is not linked to it"
        assert engine.one("rds/subnetGroup:SubnetGroup")["subnetIds"] == ["subnet-1", "subnet-2"]

    @pytest.mark.parametrize(
        ("engine", "version", "parameter", "port"),
        [
            (Engine.POSTGRES, "17", {"name": "rds.force_ssl", "value": "1"}, 5432),
            (Engine.MYSQL, "8.4", {"name": "require_secure_transport", "value": "1"}, 3306),
            (Engine.MARIADB, "11.4", {"name": "require_secure_transport", "value": "1"}, 3306),
        ],
    )
    def test_it_takes_connections_by_tls_only(
        self, run: Run, engine: Engine, version: str, parameter: dict[str, str], port: int
    ) -> None:
        made = database(run, engine, version)
        assert made.one(PARAMETERS)["parameters"] == [{**parameter, "applyMethod": "pending-reboot"}]
        assert made.one(INSTANCE)["port"] == port

    @pytest.mark.parametrize("protect", [True, False])
    def test_with_protection_it_is_safe_and_without_cheap(self, run: Run, *, protect: bool) -> None:
        (made,) = database(run, protect=protect).all(INSTANCE)
        names = ("deletionProtection", "multiAz", "skipFinalSnapshot", "deleteAutomatedBackups", "applyImmediately")
        assert [made.inputs[name] for name in names] == [protect, protect, not protect, not protect, not protect]
        assert made.protect is protect
        assert made.inputs.get("finalSnapshotIdentifier") == ("shop-dev-orders-last" if protect else None)

    def test_what_is_chosen_is_kept(self, run: Run) -> None:
        chosen: dict[str, Any] = {"multi_az": False, "apply_immediately": True, "kms_key_arn": KEY, "port": 6000}
        windows: dict[str, Any] = {"backup_window": "03:00-04:00", "maintenance_window": "sun:04:30-sun:05:30"}
        made = database(run, **chosen, **windows, database_name="sales", parameters={"log_statement": "ddl"})
        one = made.one(INSTANCE)
        assert (one["multiAz"], one["applyImmediately"], one["kmsKeyId"], one["port"]) == (False, True, KEY, 6000)
        assert (one["backupWindow"], one["maintenanceWindow"]) == ("03:00-04:00", "sun:04:30-sun:05:30")
        assert one["dbName"] == "sales"
        assert [item["name"] for item in made.one(PARAMETERS)["parameters"]] == ["log_statement", "rds.force_ssl"]

    def test_it_is_restored_once(self, run: Run) -> None:
        (made,) = database(run, restore_from={"snapshot_arn": SNAPSHOT}).all(INSTANCE)
        assert made.inputs["snapshotIdentifier"] == SNAPSHOT
        assert made.ignore_changes == ["snapshotIdentifier"]


class TestAurora:
    def test_its_capacity_follows_the_load(self, run: Run) -> None:
        made = database(run, Engine.AURORA_POSTGRESQL, "16", protect=False)
        assert made.one(CLUSTER)["serverlessv2ScalingConfiguration"] == {"minCapacity": 0.5, "maxCapacity": 4}
        (member,) = made.find(MEMBER)
        assert (member["instanceClass"], member["publiclyAccessible"]) == ("db.serverless", False)
        assert made.one(CLUSTER_PARAMETERS)["family"] == "aurora-postgresql16"

    def test_with_protection_it_has_a_reader(self, run: Run) -> None:
        made = database(run, Engine.AURORA_MYSQL, "8.0.mysql_aurora.3.08.0")
        assert [one["identifier"] for one in made.find(MEMBER)] == ["shop-dev-orders-1", "shop-dev-orders-2"]
        assert made.one(CLUSTER_PARAMETERS)["family"] == "aurora-mysql8.0"
        assert made.one(CLUSTER)["deletionProtection"]
        (parameter,) = made.one(CLUSTER_PARAMETERS)["parameters"]
        assert (parameter["name"], parameter["value"]) == ("require_secure_transport", "ON")

    def test_instances_of_a_class_have_no_such_capacity(self, run: Run) -> None:
        made = database(run, Engine.AURORA_POSTGRESQL, "16", instance_class="db.r8g.large")
        assert "serverlessv2ScalingConfiguration" not in made.one(CLUSTER)


@pytest.mark.parametrize(
    ("engine", "version", "expected"),
    [
        (Engine.POSTGRES, "17.4", "postgres17"),
        (Engine.MYSQL, "8.4.3", "mysql8.4"),
        (Engine.AURORA_POSTGRESQL, "16.6", "aurora-postgresql16"),
    ],
)
def test_the_family_of_parameters_follows_from_the_version(engine: Engine, version: str, expected: str) -> None:
    assert family(engine, version) == expected


def problems(one: dict[str, Any], name: str = "shop", **around: str) -> dict[str, str]:
    """Return the advice for every mistake in a database by its path below the database."""
    databases = {name: {"engine": "postgres", "version": "17", **one}}
    raw = {**stack_config("dev")[settings.KEY], "storage": {"databases": databases}}
    start = f"storage.databases.{name}"
    return {path.removeprefix(start).removeprefix("."): advice for path, advice in mistakes(raw, **around).items()}


AURORA = {"engine": "aurora-postgresql", "version": "16"}


@pytest.mark.parametrize(
    "one",
    [
        {},
        AURORA,
        {"engine": "mysql", "version": "8.4", "instanceClass": "db.r8g.large"},
        {"storageGib": 100, "maxStorageGib": 110},
        {"backupWindow": "23:45-00:30", "maintenanceWindow": "sun:00:30-sun:01:30"},
        {**AURORA, "serverless": {"minCapacity": 0, "maxCapacity": 1.5}},
        {"parameters": {"rds.force_ssl": "1"}},
        {"restoreFrom": {"snapshotArn": SNAPSHOT}},
    ],
)
def test_what_is_right_passes(one: dict[str, Any]) -> None:
    assert problems(one) == {}


@pytest.mark.parametrize(
    ("one", "path", "advice"),
    [
        ({"engine": "postgresql"}, "engine", "postgres"),
        ({"version": 17}, "version", "text"),
        ({"version": "latest"}, "version", 'a version in quotes, such as "17" or "8.4"'),
        ({"engine": "mysql", "version": "8"}, "version", "needs two numbers for mysql, such as 8.4"),
        ({"instanceClass": "t4g.micro"}, "instanceClass", "a class of RDS such as db.t4g.micro"),
        ({"instanceClass": "db.serverless"}, "instanceClass", "is a class of Aurora"),
        ({**AURORA, "instanceClass": "db.t4g.micro"}, "instanceClass", "is too small for Aurora"),
        ({"storageGib": 10}, "storageGib", "20"),
        ({"storageGib": 100}, "maxStorageGib", "must be 10 % more than storageGib, 100"),
        ({**AURORA, "storageGib": 50}, "storageGib", "the storage of Aurora grows by itself"),
        ({"serverless": {}}, "serverless", "has no effect on db.t4g.micro"),
        ({**AURORA, "serverless": {"minCapacity": 8}}, "serverless.minCapacity", "is more than maxCapacity, 4"),
        ({**AURORA, "serverless": {"minCapacity": 0.7}}, "serverless.minCapacity", "0.5"),
        ({"username": "admin"}, "username", "is kept by postgres for itself"),
        ({"engine": "mysql", "version": "8.4", "username": "a" * 17}, "username", "mysql takes 16"),
        ({"databaseName": "my-shop"}, "databaseName", "letters, digits and underscores"),
        ({"port": 80}, "port", "1150"),
        ({"parameters": {"rds.force_ssl": "0"}}, "parameters.rds.force_ssl", "lets clients connect without TLS"),
        ({"backupDays": 0}, "backupDays", "1"),
        ({"backupWindow": "3:00-4:00"}, "backupWindow", "a time of day in UTC"),
        ({"backupWindow": "03:00-03:20"}, "backupWindow", "must be 30 minutes or more"),
        ({"maintenanceWindow": "sunday:04:30-sunday:05:30"}, "maintenanceWindow", "a time of the week in UTC"),
        ({"maintenanceWindow": "sun:04:30-tue:05:30"}, "maintenanceWindow", "must be 30 minutes to 24 hours"),
        (
            {"backupWindow": "23:30-00:30", "maintenanceWindow": "mon:00:00-mon:01:00"},
            "backupWindow",
            "overlaps maintenanceWindow, mon:00:00-mon:01:00",
        ),
        (
            {"kmsKeyArn": KEY.replace("eu-west-1", "us-east-1")},
            "kmsKeyArn",
            "is in us-east-1, but must be in eu-west-1",
        ),
        (
            {**AURORA, "restoreFrom": {"snapshotArn": SNAPSHOT}},
            "restoreFrom.snapshotArn",
            "must be a cluster-snapshot for aurora-postgresql",
        ),
        ({"restoreFrom": {"snapshotArn": "shop-last"}}, "restoreFrom.snapshotArn", "the ARN of a snapshot"),
    ],
)
def test_what_rds_would_refuse_is_named(one: dict[str, Any], path: str, advice: str) -> None:
    found = problems(one)
    assert list(found) == [path]
    assert advice in found[path]


@pytest.mark.parametrize(
    ("project", "advice"),
    [
        ("p" * 60, "a database of RDS has at most 61"),
        ("shop--web", "RDS takes a letter first, and no two hyphens together"),
        ("2shop", "RDS takes a letter first, and no two hyphens together"),
    ],
)
def test_a_name_that_rds_would_not_take_is_told(project: str, advice: str) -> None:
    assert advice in problems({}, project=project)[""]


def test_a_security_group_takes_the_name() -> None:
    assert "EC2 keeps sg- for ids" in problems({}, "sg-shop")[""]


def test_a_link_opens_both_groups_and_tells_how_to_connect() -> None:
    config = stack_config("dev")
    platform = config[settings.KEY]
    platform |= {"storage": {"databases": {"shop": {"engine": "postgres", "version": "17"}}}}
    platform["services"]["web"] |= {"links": {"orders": {"database": "shop"}}}
    made = run_main("dev", config)
    found = made.outputs["databases"]["shop"]
    egress, ingress = made.engine.one(EGRESS, "web_orders"), made.engine.one(INGRESS, "web_orders")
    tasks = made.outputs["services"]["web"]["securityGroupId"]
    assert (egress["securityGroupId"], egress["referencedSecurityGroupId"]) == (tasks, found["databaseSecurityGroupId"])
    assert (ingress["securityGroupId"], ingress["referencedSecurityGroupId"]) == (
        found["databaseSecurityGroupId"],
        tasks,
    )
    assert {rule[end] for rule in (egress, ingress) for end in ("fromPort", "toPort")} == {5432}
    (container,) = json.loads(made.engine.one("ecs/taskDefinition:TaskDefinition")["containerDefinitions"])
    told = {one["name"]: one["value"] for one in container["environment"]}
    assert (told["ORDERS_HOST"], told["ORDERS_PORT"], told["ORDERS_DATABASE"]) == (found["host"], "5432", "shop")
    (statement,) = json.loads(made.engine.one("iam/rolePolicy:RolePolicy", "web-links")["policy"])["Statement"]
    assert statement["Resource"] == [found["secretArn"]] == [told["ORDERS_SECRET_ARN"]]


def test_tasks_in_bridge_mode_share_a_group_and_get_no_link() -> None:
    raw = stack_config("dev")[settings.KEY]
    raw |= {
        "storage": {"databases": {"shop": {"engine": "postgres", "version": "17"}}},
        "cluster": {"autoScalingGroups": {"general": {}}},
    }
    raw["services"]["web"] |= {
        "links": {"orders": {"database": "shop"}},
        "networkMode": "bridge",
        "capacityProviderStrategy": [{"capacityProvider": "general"}],
    }
    assert "needs networkMode awsvpc" in mistakes(raw)["services.web.links.orders.database"]


def living(one: dict[str, Any] | None, **outputs: Any) -> LivingData:
    """Return what is known of one database in the state, beside these settings."""
    databases = {"shop": {"engine": "postgres", "version": "17", **one}} if one is not None else {}
    raw = {**stack_config("dev")[settings.KEY], "storage": {"databases": databases}}
    platform = settings.parse(raw, Surroundings("eu-west-1", project="container-platform", stack="dev"))
    there = {"engine": "postgres", "dbName": "shop", "username": "dbadmin", **outputs}
    return living_data(
        platform, [Resource("container-platform:index:Database$aws:rds/instance:Instance", "shop", there)]
    )


class TestLivingDatabase:
    def test_one_that_leaves_the_settings_is_known(self) -> None:
        (text,) = living(None).leaving
        assert text.startswith("storage.databases.shop is gone from the settings: the database is deleted")
        assert living({}).leaving == []
        assert living({}).replaced == []

    @pytest.mark.parametrize(
        ("one", "setting"),
        [
            ({"engine": "mysql", "version": "8.4"}, "engine"),
            ({"databaseName": "sales"}, "databaseName"),
            ({"username": "owner"}, "username"),
        ],
    )
    def test_what_rds_cannot_change_is_known(self, one: dict[str, Any], setting: str) -> None:
        (problem,) = living(one).replaced
        assert settings.path_text(problem.path) == f"storage.databases.shop.{setting}"
        assert "deletes it with all its data" in problem.advice

    @pytest.mark.parametrize(("made_from", "refused"), [({}, True), ({"snapshotIdentifier": SNAPSHOT}, False)])
    def test_one_that_exists_is_not_restored(self, made_from: dict[str, Any], *, refused: bool) -> None:
        assert bool(living({"restoreFrom": {"snapshotArn": SNAPSHOT}}, **made_from).refused) is refused
