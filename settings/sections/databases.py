"""The sections of the settings for relational databases."""

from typing import Annotated

from pydantic import Field

from components.storage.database_args import (
    DATABASE_DEFAULTS,
    SERVERLESS_DEFAULTS,
    DatabaseArgs,
    DatabaseRestoreArgs,
    Engine,
    ServerlessArgs,
)

from ..arns import KeyArn, SnapshotArn
from ..kinds import BackupWindow, DatabaseWord, EngineVersion, InstanceClass, MaintenanceWindow, NotEmpty
from ..section import Section

# Aurora User Guide, "Aurora Serverless v2 capacity".
_Capacity = Annotated[float, Field(ge=0, le=256, multiple_of=0.5)]
# RDS User Guide, "Amazon RDS DB instance storage": gp3.
_Gib = Annotated[int, Field(ge=20, le=65_536)]


class Serverless(Section):
    """A capacity of Aurora that follows the load."""

    arguments_class = ServerlessArgs
    min_capacity: _Capacity = SERVERLESS_DEFAULTS["min_capacity"]
    max_capacity: _Capacity = SERVERLESS_DEFAULTS["max_capacity"]


class DatabaseRestore(Section):
    """Where the data of a new database comes from."""

    arguments_class = DatabaseRestoreArgs
    snapshot_arn: SnapshotArn


class Database(Section):
    """A relational database."""

    arguments_class = DatabaseArgs
    engine: Engine
    version: EngineVersion
    instance_class: InstanceClass | None = None
    storage_gib: _Gib = DATABASE_DEFAULTS["storage_gib"]
    max_storage_gib: _Gib = DATABASE_DEFAULTS["max_storage_gib"]
    serverless: Serverless = Serverless()
    multi_az: bool | None = None
    database_name: DatabaseWord | None = None
    username: DatabaseWord = DATABASE_DEFAULTS["username"]
    port: Annotated[int, Field(ge=1150, le=65_535)] | None = None
    parameters: dict[NotEmpty, NotEmpty] = {}
    backup_days: Annotated[int, Field(ge=1, le=35)] = DATABASE_DEFAULTS["backup_days"]
    backup_window: BackupWindow | None = None
    maintenance_window: MaintenanceWindow | None = None
    apply_immediately: bool | None = None
    allow_major_upgrade: bool = DATABASE_DEFAULTS["allow_major_upgrade"]
    kms_key_arn: KeyArn | None = None
    restore_from: DatabaseRestore | None = None
