"""Amazon RDS."""

import re
from collections.abc import Iterator
from typing import Any, ClassVar, Final

from ..account import Account, Properties
from ..behaviour import Behaviour, Fault, Made, Refused, is_known
from ..place import Place, hex_digits

_SUBNET: Final = "aws:ec2/subnet:Subnet"
_CLUSTER: Final = "aws:rds/cluster:Cluster"
_IDENTIFIER: Final = re.compile(r"[a-z]([a-z0-9]|-(?=[a-z0-9])){0,62}")
# "Reserved words" of the engines, for the first user (RDS User Guide, "Settings for DB instances").
_RESERVED: Final = {"postgres": ("admin", "postgres", "rdsadmin"), "mysql": ("root", "rdsadmin"), "mariadb": ("root",)}


class SubnetGroup(Behaviour):
    """The subnets that a database may be in."""

    def create(self, inputs: Properties, account: Account) -> Made:
        """Refuse subnets of one zone."""
        self._check(inputs, account)
        name = str(inputs["name"])
        return name, {"arn": account.place.arn("rds", f"subgrp:{name}"), "vpcId": "vpc-0", "supportedNetworkTypes": []}

    def update(self, id_: str, olds: Properties, news: Properties, account: Account) -> Properties:
        """Refuse the same."""
        self._check(news, account)
        return news

    @staticmethod
    def _check(inputs: Properties, account: Account) -> None:
        zones = {one["id"]: one.get("availabilityZone") for one in account.of(_SUBNET)}
        found = {zones.get(id_, id_) for id_ in inputs["subnetIds"]}
        if len(found) < 2:
            raise Refused(
                "DBSubnetGroupDoesNotCoverEnoughAZs: The DB subnet group doesn't meet Availability Zone (AZ) coverage "
                f"requirement. Current AZ coverage: {', '.join(sorted(map(str, found)))}. Add subnets to cover at "
                "least 2 AZs."
            )


class _Parameters(Behaviour):
    """A group of parameters."""

    kind: ClassVar[str]

    def create(self, inputs: Properties, account: Account) -> Made:
        """Give it a name."""
        name = str(inputs.get("name") or f"{inputs.get('namePrefix', 'group-')}{hex_digits(26)}")
        return name, {"name": name, "arn": account.place.arn("rds", f"{self.kind}:{name}")}


class ParameterGroup(_Parameters):
    """Parameters of instances."""

    kind = "pg"


class ClusterParameterGroup(_Parameters):
    """Parameters of clusters."""

    kind = "cluster-pg"


class _Database(Behaviour):
    """What an instance and a cluster have in common."""

    identifier: ClassVar[str]
    user: ClassVar[str]
    backup: ClassVar[str]
    maintenance: ClassVar[str]

    def faults(self, inputs: Properties) -> Iterator[Fault]:
        """Check what RDS refuses of both."""
        if not is_known(inputs):
            return
        if not _IDENTIFIER.fullmatch(str(inputs.get(self.identifier))):
            yield self.identifier, "must be 1 to 63 letters, digits and single hyphens, beginning with a letter"
        engine = str(inputs.get("engine", "")).removeprefix("aurora-").replace("postgresql", "postgres")
        if inputs.get(self.user) in _RESERVED.get(engine, ()):
            yield self.user, f"MasterUsername {inputs[self.user]} cannot be used as it is a reserved word"
        if not inputs.get("manageMasterUserPassword") and not inputs.get("snapshotIdentifier"):
            yield "manageMasterUserPassword", "MasterUserPassword must be provided"
        if not inputs.get("skipFinalSnapshot") and not inputs.get("finalSnapshotIdentifier"):
            yield "finalSnapshotIdentifier", "is required when skipFinalSnapshot is false"
        if _overlap(inputs.get(self.backup), inputs.get(self.maintenance)):
            yield self.backup, "The backup window and maintenance window must not overlap."

    def create(self, inputs: Properties, account: Account) -> Made:
        """Keep its first user's password in a secret."""
        name = str(inputs[self.identifier])
        if any(one.get(self.identifier) == name for one in account.of(self.token)):
            raise Refused(f"AlreadyExists: {name} already exists")
        ending = hex_digits(6)
        arn = account.place.arn("secretsmanager", f"secret:rds!{hex_digits(8)}-{ending}")
        secret = {"secretArn": arn, "secretStatus": "active", "kmsKeyId": account.place.arn("kms", "key/rds")}
        return name, {"masterUserSecrets": [secret], **self.outputs(name, inputs, account.place)}

    def outputs(self, name: str, inputs: Properties, place: Place) -> Properties:
        """Return what RDS decides besides the secret."""
        raise NotImplementedError

    def delete(self, id_: str, properties: Properties, account: Account) -> None:
        """Refuse to delete a protected one."""
        if properties.get("deletionProtection"):
            raise Refused(f"InvalidParameterCombination: Cannot delete protected {id_}, please disable it first")


class Instance(_Database):
    """A database of one instance, with or without a standby."""

    identifier = "identifier"
    user = "username"
    backup = "backupWindow"
    maintenance = "maintenanceWindow"

    def faults(self, inputs: Properties) -> Iterator[Fault]:
        """Check the storage too."""
        yield from super().faults(inputs)
        least, most = inputs.get("allocatedStorage", 0), inputs.get("maxAllocatedStorage")
        if isinstance(least, int | float) and inputs.get("storageType") == "gp3" and least < 20:
            yield "allocatedStorage", "Invalid storage size for engine and storage type gp3"
        if isinstance(most, int | float) and isinstance(least, int | float) and 0 < most <= least:
            yield "maxAllocatedStorage", "must be greater than the allocated storage"

    def outputs(self, name: str, inputs: Properties, place: Place) -> Properties:
        """Return its address."""
        address = f"{name}.{hex_digits(12)}.{place.region}.rds.{place.suffix}"
        return {
            "arn": place.arn("rds", f"db:{name}"),
            "address": address,
            "endpoint": f"{address}:{inputs.get('port')}",
            "engineVersionActual": inputs.get("engineVersion"),
            "hostedZoneId": "Z2R2ITUGPM61AM",
            "resourceId": f"db-{hex_digits(26).upper()}",
            "status": "available",
            "replicas": [],
            "listenerEndpoints": [],
            "latestRestorableTime": "",
        }

    def update(self, id_: str, olds: Properties, news: Properties, account: Account) -> Properties:
        """Refuse to make its storage smaller."""
        if news.get("allocatedStorage", 0) < olds.get("allocatedStorage", 0):
            raise Refused("InvalidParameterCombination: You can't reduce the amount of storage")
        return news


class Cluster(_Database):
    """A database of Aurora."""

    identifier = "clusterIdentifier"
    user = "masterUsername"
    backup = "preferredBackupWindow"
    maintenance = "preferredMaintenanceWindow"

    def outputs(self, name: str, inputs: Properties, place: Place) -> Properties:
        """Return its addresses."""
        domain = f"{hex_digits(12)}.{place.region}.rds.{place.suffix}"
        return {
            "arn": place.arn("rds", f"cluster:{name}"),
            "endpoint": f"{name}.cluster-{domain}",
            "readerEndpoint": f"{name}.cluster-ro-{domain}",
            "engineVersionActual": inputs.get("engineVersion"),
            "hostedZoneId": "Z2R2ITUGPM61AM",
            "clusterResourceId": f"cluster-{hex_digits(26).upper()}",
            "clusterMembers": [],
        }


class ClusterInstance(Behaviour):
    """An instance of Aurora."""

    def create(self, inputs: Properties, account: Account) -> Made:
        """Refuse one without a cluster, or on db.serverless without limits of the capacity."""
        name, cluster = str(inputs["identifier"]), inputs["clusterIdentifier"]
        found = [one for one in account.of(_CLUSTER) if one.get("clusterIdentifier") == cluster]
        if not found:
            raise Refused(f"DBClusterNotFoundFault: DBCluster {cluster} not found")
        if inputs["instanceClass"] == "db.serverless" and not found[0].get("serverlessv2ScalingConfiguration"):
            raise Refused(
                "InvalidDBClusterStateFault: Set the Serverless v2 scaling configuration on the parent DB cluster "
                "before creating a Serverless v2 DB instance."
            )
        arn = account.place.arn("rds", f"db:{name}")
        return name, {"arn": arn, "endpoint": f"{name}.{account.place.region}.rds.{account.place.suffix}"}


def _overlap(backup: Any, maintenance: Any) -> bool:
    """Tell whether the daily window is within the weekly one's time of day."""
    if not backup or not maintenance:
        return False
    daily = [_minutes(one) for one in str(backup).split("-")]
    weekly = [_minutes(one.partition(":")[2]) for one in str(maintenance).split("-")]
    return daily[0] < weekly[1] and weekly[0] < daily[1]


def _minutes(text: str) -> int:
    hours, _, minutes = text.partition(":")
    return int(hours) * 60 + int(minutes)
