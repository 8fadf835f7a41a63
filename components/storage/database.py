"""A relational database."""

from typing import Any, Final

import pulumi
import pulumi_aws as aws

from ..common.arguments import complete
from ..common.waiting import after
from .database_args import (
    DATABASE_DEFAULTS,
    DATABASE_LINK_DEFAULTS,
    SERVERLESS,
    SERVERLESS_DEFAULTS,
    DatabaseArgs,
    Engine,
    ServerlessArgs,
    default_class,
    default_name,
    family,
)

_RESTORING: Final = ["snapshotIdentifier"]
"""Input that matters only when the database is made. The provider would replace the database for a change of it."""


class Database(pulumi.ComponentResource):
    """`container-platform:index:Database`: a relational database in private subnets.

    Creates: an encrypted `aws:rds/instance:Instance`, or for Aurora an `aws:rds/cluster:Cluster` with its instances,
    that takes connections by TLS only, with backups, parameters of its own and a password that RDS keeps and changes;
    a security group without rules: what is linked to the database adds its own.
    Optional: a standby; windows; parameters; a KMS key; the data of a snapshot.
    Needs: private subnets in two zones.
    """

    host: pulumi.Output[str]
    """Name by which it is reached."""
    port: pulumi.Output[int]
    """Port that it listens on."""
    database_name: pulumi.Output[str]
    """Name of the database in it."""
    secret_arn: pulumi.Output[str]
    """ARN of the secret that has `username` and `password`."""
    security_group_id: pulumi.Output[str]
    """Id of its security group; add a rule to it to connect."""
    arn: pulumi.Output[str]
    """ARN of the instance or cluster."""

    def __init__(self, name: str, args: DatabaseArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        values = complete(DatabaseArgs, args, DATABASE_DEFAULTS, DATABASE_LINK_DEFAULTS)
        super().__init__("container-platform:index:Database", name, {}, opts)
        engine = Engine(values["engine"])
        child = pulumi.ResourceOptions(parent=self)
        group = aws.ec2.SecurityGroup(
            name, description=f"The database {name}: who may connect", vpc_id=values["vpc_id"], opts=child
        )
        subnets = aws.rds.SubnetGroup(
            name,
            name=values["identifier"],
            description=f"Subnets of the database {values['identifier']}",
            subnet_ids=values["subnet_ids"],
            opts=child,
        )
        made, self.host = (self._cluster if engine.is_aurora else self._instance)(name, values, group, subnets)
        self.port = pulumi.Output.from_input(_port(values))
        self.database_name = pulumi.Output.from_input(_database_name(name, values))
        self.secret_arn = made.master_user_secrets.apply(lambda secrets: str(secrets[0].secret_arn))
        self.security_group_id, self.arn = group.id, made.arn
        self.register_outputs({output: getattr(self, output) for output in Database.__annotations__})

    def _instance(
        self, name: str, values: DatabaseArgs, group: aws.ec2.SecurityGroup, subnets: aws.rds.SubnetGroup
    ) -> tuple[aws.rds.Instance, pulumi.Output[str]]:
        engine = Engine(values["engine"])
        parameters = aws.rds.ParameterGroup(name, **_parameters(values), opts=pulumi.ResourceOptions(parent=self))
        instance = aws.rds.Instance(
            name,
            **_common(values, group, subnets),
            identifier=values["identifier"],
            instance_class=values.get("instance_class", default_class(engine)),
            allocated_storage=int(values["storage_gib"]),
            max_allocated_storage=int(values["max_storage_gib"]),
            storage_type="gp3",
            db_name=_database_name(name, values),
            username=values["username"],
            multi_az=_multi_az(values),
            backup_window=values.get("backup_window"),
            maintenance_window=values.get("maintenance_window"),
            auto_minor_version_upgrade=True,
            publicly_accessible=False,
            parameter_group_name=parameters.name,
            delete_automated_backups=not values["protect"],
            opts=self._kept(values),
        )
        return instance, instance.address

    def _cluster(
        self, name: str, values: DatabaseArgs, group: aws.ec2.SecurityGroup, subnets: aws.rds.SubnetGroup
    ) -> tuple[aws.rds.Cluster, pulumi.Output[str]]:
        engine = Engine(values["engine"])
        size = values.get("instance_class", default_class(engine))
        parameters = aws.rds.ClusterParameterGroup(
            name, **_parameters(values), opts=pulumi.ResourceOptions(parent=self)
        )
        scale = complete(ServerlessArgs, values["serverless"], SERVERLESS_DEFAULTS)
        cluster = aws.rds.Cluster(
            name,
            **_common(values, group, subnets),
            cluster_identifier=values["identifier"],
            database_name=_database_name(name, values),
            master_username=values["username"],
            preferred_backup_window=values.get("backup_window"),
            preferred_maintenance_window=values.get("maintenance_window"),
            db_cluster_parameter_group_name=parameters.name,
            serverlessv2_scaling_configuration=aws.rds.ClusterServerlessv2ScalingConfigurationArgs(
                min_capacity=float(scale["min_capacity"]), max_capacity=float(scale["max_capacity"])
            )
            if size == SERVERLESS
            else None,
            opts=self._kept(values),
        )
        instances = [
            aws.rds.ClusterInstance(
                f"{name}-{number}",
                identifier=f"{values['identifier']}-{number}",
                cluster_identifier=cluster.id,
                engine=aws.rds.EngineType(engine.value),
                instance_class=size,
                publicly_accessible=False,
                auto_minor_version_upgrade=True,
                apply_immediately=_immediately(values),
                opts=pulumi.ResourceOptions(parent=self, delete_before_replace=True),
            )
            for number in range(1, 3 if _multi_az(values) else 2)
        ]
        # Without an instance nothing answers.
        return cluster, after(cluster.endpoint, *instances)

    def _kept(self, values: DatabaseArgs) -> pulumi.ResourceOptions:
        return pulumi.ResourceOptions(
            parent=self, protect=bool(values["protect"]), ignore_changes=_RESTORING, delete_before_replace=True
        )


def _common(values: DatabaseArgs, group: aws.ec2.SecurityGroup, subnets: aws.rds.SubnetGroup) -> dict[str, Any]:
    """Return what an instance and a cluster call the same."""
    protect = bool(values["protect"])
    return {
        "engine": Engine(values["engine"]).value,
        "engine_version": values["version"],
        "port": _port(values),
        "db_subnet_group_name": subnets.name,
        "vpc_security_group_ids": [group.id],
        "storage_encrypted": True,
        "kms_key_id": values.get("kms_key_arn"),
        "manage_master_user_password": True,
        "backup_retention_period": int(values["backup_days"]),
        "copy_tags_to_snapshot": True,
        "apply_immediately": _immediately(values),
        "allow_major_version_upgrade": bool(values["allow_major_upgrade"]),
        "deletion_protection": protect,
        "skip_final_snapshot": not protect,
        "final_snapshot_identifier": f"{values['identifier']}-last" if protect else None,
        "snapshot_identifier": values["restore_from"]["snapshot_arn"] if "restore_from" in values else None,
    }


def _parameters(values: DatabaseArgs) -> dict[str, Any]:
    """Return what a group of parameters is made from, be it an instance's or a cluster's."""
    engine = Engine(values["engine"])
    name, value = engine.facts.tls
    chosen = sorted({name: value, **values["parameters"]}.items())
    return {
        "name_prefix": f"{values['identifier']}-",
        "description": f"Parameters of the database {values['identifier']}",
        "family": family(engine, values["version"]),
        "parameters": [{"name": key, "value": one, "apply_method": "pending-reboot"} for key, one in chosen],
    }


def _port(values: DatabaseArgs) -> int:
    return int(values.get("port", Engine(values["engine"]).facts.port))


def _database_name(name: str, values: DatabaseArgs) -> str:
    return values.get("database_name", default_name(name))


def _multi_az(values: DatabaseArgs) -> bool:
    return bool(values.get("multi_az", values["protect"]))


def _immediately(values: DatabaseArgs) -> bool:
    return bool(values.get("apply_immediately", not values["protect"]))
