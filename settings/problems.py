"""Mistakes in the settings, and how they are told."""

import json
import textwrap
from typing import Any, Final, NamedTuple

Path = tuple[str | int, ...]

KEY: Final = "container-platform:platform"
"""The configuration key that holds the settings."""


class Problem(NamedTuple):
    """One mistake in the settings."""

    path: Path
    """Path to it, from the settings object down."""
    value: Any
    """The value there."""
    advice: str
    """What is wrong with it, and what would be right."""
    others: tuple[Path, ...] = ()
    """Paths of other settings that the problem depends on."""

    def __str__(self) -> str:
        shown = "" if self.value is None else f" = {textwrap.shorten(json.dumps(self.value), 60, placeholder='...')}"
        return f"  {path_text(self.path)}{shown}\n      {self.advice}"


class SettingsError(ValueError):
    """The settings hold mistakes: `problems` lists them all."""

    def __init__(self, problems: list[Problem]) -> None:
        self.problems = problems
        super().__init__("\n".join(map(str, problems)))


def path_text(path: Path) -> str:
    """Return a path as `pulumi config set --path` takes it, from the settings object down."""
    text = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in path)
    return text.removeprefix(".") or KEY
