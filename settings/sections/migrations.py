"""The section of the settings for what runs before a new revision."""

from typing import Annotated

from pydantic import AfterValidator, Field

from components.services.migration_args import MIGRATION_DEFAULTS, MigrationArgs

from ..kinds import Memory, NotEmpty, VariableName, mistake
from ..section import Section


def _program(command: list[str]) -> list[str]:
    if len(command) == 1 and " " in command[0].strip():
        words = ", ".join(f'"{word}"' for word in command[0].split())
        raise mistake(
            f"is one text with spaces, which ECS takes for the name of a program. Write [{words}], or for the shell "
            f'["sh", "-c", "{command[0]}"]'
        )
    return command


class Migration(Section):
    """A task that must end well before a new revision takes traffic."""

    arguments_class = MigrationArgs
    command: Annotated[list[NotEmpty], Field(min_length=1), AfterValidator(_program)]
    timeout_minutes: Annotated[int, Field(ge=1, le=720)] = MIGRATION_DEFAULTS["timeout_minutes"]
    environment: dict[VariableName, str] = MIGRATION_DEFAULTS["environment"]
    cpu: Annotated[int, Field(ge=128, le=196_608)] | None = None
    memory: Memory | None = None
