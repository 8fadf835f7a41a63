"""What databases are made from."""

from collections.abc import Mapping
from enum import Enum
from typing import Final, NamedTuple, TypedDict

import pulumi


class Engine(str, Enum):
    """What runs a database (RDS API, CreateDBInstance and CreateDBCluster)."""

    POSTGRES = "postgres"
    MYSQL = "mysql"
    MARIADB = "mariadb"
    AURORA_POSTGRESQL = "aurora-postgresql"
    AURORA_MYSQL = "aurora-mysql"

    @property
    def is_aurora(self) -> bool:
        """Whether it is a cluster of instances that share their storage."""
        return self in (Engine.AURORA_POSTGRESQL, Engine.AURORA_MYSQL)

    @property
    def facts(self) -> "EngineFacts":
        """What RDS has for it."""
        if self in (Engine.POSTGRES, Engine.AURORA_POSTGRESQL):
            return _POSTGRESQL
        return _AURORA_MYSQL if self is Engine.AURORA_MYSQL else _MYSQL


class EngineFacts(NamedTuple):
    """What RDS has for an engine."""

    port: int
    """Port that it listens on, unless another is chosen."""
    tls: tuple[str, str]
    """Parameter that refuses connections without TLS, and its value (RDS User Guide, "Using SSL/TLS"; Aurora User
    Guide, "Security with Amazon Aurora MySQL")."""
    parts: int
    """How many numbers of its version name the family of its parameters."""


_POSTGRESQL: Final = EngineFacts(5432, ("rds.force_ssl", "1"), 1)
_MYSQL: Final = EngineFacts(3306, ("require_secure_transport", "1"), 2)
_AURORA_MYSQL: Final = EngineFacts(3306, ("require_secure_transport", "ON"), 2)


class ServerlessChoices(TypedDict, total=False):
    """What a person chooses of a capacity that follows the load."""

    min_capacity: float
    """Aurora capacity units at least, in steps of 0.5; 0 pauses the database while nobody is connected. Defaults to
    0.5."""
    max_capacity: float
    """Aurora capacity units at most. Defaults to 4."""


class ServerlessArgs(ServerlessChoices):
    """A capacity of Aurora that follows the load."""


class DatabaseRestoreArgs(TypedDict):
    """Where the data of a new database comes from."""

    snapshot_arn: str
    """ARN of a snapshot of an instance, or of a cluster for Aurora."""


class DatabaseChoices(TypedDict, total=False):
    """What a person may leave out of a Database."""

    instance_class: str
    """Class of its instances. Defaults to db.t4g.micro, and for Aurora to db.serverless."""
    storage_gib: int
    """Storage in GiB when it is made; not for Aurora, which grows by itself. Defaults to 20."""
    max_storage_gib: int
    """How far RDS may let the storage grow, in GiB. Defaults to 100."""
    serverless: ServerlessArgs
    """Capacity of Aurora on db.serverless; an empty map means all defaults, which is the default."""
    multi_az: bool
    """Keep a standby in another zone, for Aurora a reader, that takes over by itself (Security Hub RDS.5, RDS.15).
    Doubles the price. Defaults to true in a protected stack, to false elsewhere."""
    database_name: str
    """Name of the database that is made in it. Changing it replaces the database. Defaults to its name in the settings,
    with _ for -."""
    username: str
    """Name of the first user, whose password RDS keeps in Secrets Manager and changes every seven days. Changing it
    replaces the database. Defaults to dbadmin."""
    port: int
    """Port that it listens on. Defaults to the engine's: 5432 or 3306."""
    parameters: Mapping[str, str]
    """Parameters of the engine; a change has an effect from the next restart on. Defaults to none, beside the one that
    refuses connections without TLS (Security Hub RDS.38, RDS.39)."""
    backup_days: int
    """Days that it can be taken back to any second of, 1 to 35 (Security Hub RDS.11). Defaults to 7."""
    backup_window: str
    """When the daily snapshot is taken, in UTC, as 03:00-04:00. Defaults to what RDS chooses."""
    maintenance_window: str
    """When RDS may restart it for updates, in UTC, as sun:04:30-sun:05:30. Defaults to what RDS chooses."""
    apply_immediately: bool
    """Make changes at once, which may restart it, instead of in the maintenance window. Defaults to true; to false in a
    protected stack."""
    allow_major_upgrade: bool
    """Let a change of version be one to another major version. Defaults to false."""
    kms_key_arn: str
    """ARN of the KMS key that encrypts it. Changing it replaces the database. Defaults to the account's own key for
    RDS."""
    restore_from: DatabaseRestoreArgs
    """Where the data comes from when the database is made; afterwards it has no effect. Defaults to none: an empty
    database."""


class DatabaseLinks(TypedDict, total=False):
    """What ties a Database to the rest of a platform."""

    protect: bool
    """Refuse to delete the database (Security Hub RDS.7, RDS.8), and take a last snapshot of one that somebody deletes
    all the same. Defaults to true."""


class DatabaseArgs(DatabaseChoices, DatabaseLinks):
    """What a Database is made from."""

    engine: Engine
    """What runs it. Changing it replaces the database."""
    version: str
    """Version of the engine, such as 17 or 8.4. RDS takes the newest minor version of it and keeps that up to date."""
    identifier: str
    """Name of the instance or cluster: 1 to 60 lower-case letters, digits and hyphens. Changing it renames an instance,
    and replaces a cluster."""
    vpc_id: pulumi.Input[str]
    """Id of the VPC."""
    subnet_ids: pulumi.Input[list[str]]
    """Ids of private subnets, in two zones at least."""


SERVERLESS_DEFAULTS: Final[ServerlessChoices] = {"min_capacity": 0.5, "max_capacity": 4}
DATABASE_DEFAULTS: Final[DatabaseChoices] = {
    "storage_gib": 20,
    "max_storage_gib": 100,
    "serverless": {},
    "username": "dbadmin",
    "parameters": {},
    "backup_days": 7,
    "allow_major_upgrade": False,
}
DATABASE_LINK_DEFAULTS: Final[DatabaseLinks] = {"protect": True}


def family(engine: Engine, version: str) -> str:
    """Return the family of an engine's parameters: `postgres17`, `mysql8.4`, `aurora-mysql8.0`."""
    return f"{engine.value}{'.'.join(version.split('.')[: engine.facts.parts])}"


def default_name(name: str) -> str:
    """Return the name of the database in one of this name in the settings, where none is chosen."""
    return name.replace("-", "_")


def default_class(engine: Engine) -> str:
    """Return the class of instances where none is chosen."""
    return SERVERLESS if engine.is_aurora else "db.t4g.micro"


SERVERLESS: Final = "db.serverless"
"""Class of Aurora's instances whose capacity follows the load."""
