"""Checks of relational databases: what RDS would refuse, or what would do nothing."""

import re
from collections.abc import Iterator
from typing import Final

from components.storage.database_args import SERVERLESS, Engine, default_class

from ..problems import Path, Problem
from ..sections.databases import Database

# "Settings for DB instances" and "Settings for Aurora DB clusters": names that the engines keep for themselves.
_RESERVED: Final = {
    Engine.POSTGRES: ("admin", "postgres", "rdsadmin"),
    Engine.AURORA_POSTGRESQL: ("admin", "postgres", "rdsadmin"),
    Engine.MYSQL: ("root", "rdsadmin"),
    Engine.AURORA_MYSQL: ("root", "rdsadmin"),
    Engine.MARIADB: ("root", "rdsadmin"),
}
_LONGEST_MYSQL_USER: Final = 16
_WEEK: Final = 7 * 24 * 60
_DAYS: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


def database_problems(path: Path, database: Database) -> Iterator[Problem]:
    """Find what is wrong with a database."""
    yield from _version_problems(path, database)
    yield from _size_problems(path, database)
    yield from _name_problems(path, database)
    name, value = database.engine.facts.tls
    if database.parameters.get(name, value) not in ("1", "ON", "on"):
        advice = f"lets clients connect without TLS. Remove it: {name} is {value} by default."
        yield Problem((*path, "parameters", name), database.parameters[name], advice)
    yield from _window_problems(path, database)
    kind = "cluster-snapshot" if database.engine.is_aurora else "snapshot"
    if database.restore_from and f":{kind}:" not in database.restore_from.snapshot_arn:
        advice = f"must be a {kind} for {database.engine.value}: arn:aws:rds:region:account:{kind}:name"
        yield Problem(
            (*path, "restoreFrom", "snapshotArn"), database.restore_from.snapshot_arn, advice, ((*path, "engine"),)
        )


def _version_problems(path: Path, database: Database) -> Iterator[Problem]:
    parts = database.engine.facts.parts
    numbers = re.match(r"[0-9]+([.][0-9]+)?", database.version)
    if parts == 2 and numbers and not numbers[1]:
        advice = f"needs two numbers for {database.engine.value}, such as 8.4"
        yield Problem((*path, "version"), database.version, advice, ((*path, "engine"),))


def _size_problems(path: Path, database: Database) -> Iterator[Problem]:
    """Find sizes of the other kind of database, and those that do not fit each other."""
    engine = database.engine
    size = database.instance_class or default_class(engine)
    others: tuple[Path, ...] = ((*path, "engine"), (*path, "instanceClass"))
    if engine.is_aurora:
        for field, setting in (("storage_gib", "storageGib"), ("max_storage_gib", "maxStorageGib")):
            if field in database.model_fields_set:
                advice = "has no effect: the storage of Aurora grows by itself. Remove it."
                yield Problem((*path, setting), getattr(database, field), advice, ((*path, "engine"),))
        if re.fullmatch(r"db[.]t[0-9a-z]+[.](micro|small)", size):
            advice = "is too small for Aurora. Choose db.serverless, or db.t4g.medium or larger."
            yield Problem((*path, "instanceClass"), size, advice, ((*path, "engine"),))
    else:
        if size == SERVERLESS:
            advice = f"is a class of Aurora. For {engine.value} choose one such as db.t4g.micro."
            yield Problem((*path, "instanceClass"), size, advice, ((*path, "engine"),))
        # RDS User Guide, "Managing capacity automatically with Amazon RDS storage autoscaling".
        if database.max_storage_gib * 10 < database.storage_gib * 11:
            advice = f"must be 10 % more than storageGib, {database.storage_gib}, at least"
            yield Problem((*path, "maxStorageGib"), database.max_storage_gib, advice, ((*path, "storageGib"),))
    if "serverless" in database.model_fields_set and size != SERVERLESS:
        advice = f"has no effect on {size}. Remove it, or choose Aurora with db.serverless."
        yield Problem((*path, "serverless"), None, advice, others)
    least, most = database.serverless.min_capacity, database.serverless.max_capacity
    if least > most:
        advice = f"is more than maxCapacity, {most:g}"
        yield Problem((*path, "serverless", "minCapacity"), least, advice, ((*path, "serverless", "maxCapacity"),))


def _name_problems(path: Path, database: Database) -> Iterator[Problem]:
    user, engine = database.username, database.engine
    if user.lower() in _RESERVED[engine]:
        advice = f"is kept by {engine.value} for itself. Choose another name, such as dbadmin."
        yield Problem((*path, "username"), user, advice, ((*path, "engine"),))
    if engine.facts.parts == 2 and len(user) > _LONGEST_MYSQL_USER:
        advice = f"has {len(user)} characters, but {engine.value} takes {_LONGEST_MYSQL_USER}"
        yield Problem((*path, "username"), user, advice, ((*path, "engine"),))


def _window_problems(path: Path, database: Database) -> Iterator[Problem]:
    """Find windows of less than 30 minutes, and backups during maintenance (RDS API, CreateDBInstance)."""
    backup = maintenance = None
    if database.backup_window:
        start, end = (_minutes(one) for one in database.backup_window.split("-"))
        backup = (start, (end - start) % (24 * 60))
        if backup[1] < 30:
            yield Problem((*path, "backupWindow"), database.backup_window, "must be 30 minutes or more")
    if database.maintenance_window:
        start, end = (_weekly(one) for one in database.maintenance_window.split("-"))
        maintenance = (start, (end - start) % _WEEK)
        if not 30 <= maintenance[1] <= 24 * 60:
            yield Problem((*path, "maintenanceWindow"), database.maintenance_window, "must be 30 minutes to 24 hours")
    if backup and maintenance and any(_meet((day * 24 * 60 + backup[0], backup[1]), maintenance) for day in range(7)):
        advice = f"overlaps maintenanceWindow, {database.maintenance_window}. Move one of them."
        yield Problem((*path, "backupWindow"), database.backup_window, advice, ((*path, "maintenanceWindow"),))


def _meet(one: tuple[int, int], other: tuple[int, int]) -> bool:
    """Return whether two times of the week, by start and length, have a minute in common."""
    return (other[0] - one[0]) % _WEEK < one[1] or (one[0] - other[0]) % _WEEK < other[1]


def _minutes(text: str) -> int:
    hours, _, minutes = text.partition(":")
    return int(hours) * 60 + int(minutes)


def _weekly(text: str) -> int:
    day, _, time = text.partition(":")
    return _DAYS.index(day) * 24 * 60 + _minutes(time)
