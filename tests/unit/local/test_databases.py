"""What the stand-in refuses of databases, as RDS does."""

from typing import Any

import pytest

from local.standin import services
from local.standin.account import Account
from local.standin.behaviour import Refused

INSTANCE, CLUSTER, MEMBER = (
    "aws:rds/instance:Instance",
    "aws:rds/cluster:Cluster",
    "aws:rds/clusterInstance:ClusterInstance",
)
SUBNETS, SUBNET = "aws:rds/subnetGroup:SubnetGroup", "aws:ec2/subnet:Subnet"
RIGHT: dict[str, Any] = {
    "identifier": "shop",
    "engine": "postgres",
    "username": "dbadmin",
    "manageMasterUserPassword": True,
    "skipFinalSnapshot": True,
    "allocatedStorage": 20,
    "maxAllocatedStorage": 100,
    "storageType": "gp3",
    "backupWindow": "03:00-04:00",
    "maintenanceWindow": "sun:04:30-sun:05:30",
}
AURORA: dict[str, Any] = {
    "clusterIdentifier": "shop",
    "engine": "aurora-postgresql",
    "masterUsername": "dbadmin",
    "manageMasterUserPassword": True,
    "skipFinalSnapshot": True,
}


def faults(token: str, inputs: dict[str, Any]) -> list[str]:
    return [name for name, _ in services.behaviour(token).faults(inputs)]


def test_what_is_right_is_taken() -> None:
    assert faults(INSTANCE, RIGHT) == []
    assert faults(CLUSTER, AURORA) == []


@pytest.mark.parametrize(
    ("changes", "at"),
    [
        ({"identifier": "2shop"}, "identifier"),
        ({"identifier": "shop--a"}, "identifier"),
        ({"username": "admin"}, "username"),
        ({"manageMasterUserPassword": None}, "manageMasterUserPassword"),
        ({"skipFinalSnapshot": False}, "finalSnapshotIdentifier"),
        ({"backupWindow": "04:00-05:00"}, "backupWindow"),
        ({"allocatedStorage": 10}, "allocatedStorage"),
        ({"maxAllocatedStorage": 20}, "maxAllocatedStorage"),
    ],
)
def test_what_rds_refuses_is_refused(changes: dict[str, Any], at: str) -> None:
    assert faults(INSTANCE, {**RIGHT, **changes}) == [at]


def test_a_cluster_keeps_names_for_itself_too() -> None:
    assert faults(CLUSTER, {**AURORA, "masterUsername": "postgres"}) == ["masterUsername"]


def test_a_password_is_kept_in_a_secret_and_a_protected_database_too(account: Account) -> None:
    behaviour = services.behaviour(INSTANCE)
    id_, made = behaviour.create(RIGHT, account)
    assert made["masterUserSecrets"][0]["secretArn"].startswith("arn:aws:secretsmanager:eu-west-1:")
    account.resources.made(INSTANCE, id_, {**RIGHT, **made})
    with pytest.raises(Refused, match="already exists"):
        behaviour.create(RIGHT, account)
    with pytest.raises(Refused, match="Cannot delete protected"):
        behaviour.delete(id_, {**RIGHT, "deletionProtection": True}, account)
    with pytest.raises(Refused, match="can't reduce"):
        behaviour.update(id_, {**RIGHT, "allocatedStorage": 50}, RIGHT, account)


def test_subnets_are_in_two_zones(account: Account) -> None:
    for name, zone in (("a", "eu-west-1a"), ("b", "eu-west-1b"), ("c", "eu-west-1a")):
        account.resources.made(SUBNET, f"subnet-{name}", {"availabilityZone": zone})
    behaviour = services.behaviour(SUBNETS)
    behaviour.create({"name": "shop", "subnetIds": ["subnet-a", "subnet-b"]}, account)
    with pytest.raises(Refused, match="DBSubnetGroupDoesNotCoverEnoughAZs"):
        behaviour.create({"name": "shop", "subnetIds": ["subnet-a", "subnet-c"]}, account)


def test_an_instance_of_aurora_is_in_a_cluster_with_limits_of_its_capacity(account: Account) -> None:
    behaviour = services.behaviour(MEMBER)
    inputs = {"identifier": "shop-1", "clusterIdentifier": "shop", "instanceClass": "db.serverless"}
    with pytest.raises(Refused, match="DBClusterNotFoundFault"):
        behaviour.create(inputs, account)
    account.resources.made(CLUSTER, "shop", AURORA)
    with pytest.raises(Refused, match="Serverless v2 scaling configuration"):
        behaviour.create(inputs, account)
    assert behaviour.create({**inputs, "instanceClass": "db.r8g.large"}, account)[0] == "shop-1"
