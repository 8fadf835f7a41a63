"""What runs before a new revision: a part of a service's arguments."""

from typing import Final, TypedDict


class MigrationChoices(TypedDict, total=False):
    """What a person chooses of a migration."""

    timeout_minutes: int
    """Minutes that it may take, start and all. Then it is stopped, and has failed. Defaults to 15."""
    environment: dict[str, str]
    """Environment variables besides the service's. Defaults to none."""
    cpu: int
    """CPU units of its task. Defaults to the service's."""
    memory: int
    """Memory of its task in MiB. Defaults to the service's."""


class MigrationArgs(MigrationChoices):
    """A task that ends well before a new revision takes traffic."""

    command: list[str]
    """Command that the container runs in place of its own, a program and each of its arguments. Its exit code says
    whether it went well. It may run twice."""


MIGRATION_DEFAULTS: Final[MigrationChoices] = {"timeout_minutes": 15, "environment": {}}
