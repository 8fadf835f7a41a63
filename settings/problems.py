"""Mistakes in the settings, and how they are told."""

import json
from typing import Any, Final, NamedTuple

Path = tuple[str | int, ...]

KEY: Final = "container-platform:platform"
"""The configuration key that holds the settings."""

ANY_NAME: Final = "*"
"""Last step of the path to every name in a map: what a name means is not known where another name is wrong."""


class Problem(NamedTuple):
    """One mistake in the settings."""

    path: Path
    """Path to it, from the settings object down."""
    value: Any
    """The value there."""
    advice: str
    """What is wrong with it, and what would be right."""
    others: tuple[Path, ...] = ()
    """Paths of the other settings that the problem depends on. While one of them is wrong the problem is not told."""

    def __str__(self) -> str:
        shown = "" if self.value is None else f" = {_short(_text(self.value), 60)}"
        path = path_text(tuple(part if isinstance(part, int) else _short(part, 60) for part in self.path))
        return f"  {_short(path, 300)}{shown}\n      {_short(self.advice, 1000)}"


class SettingsError(ValueError):
    """The settings hold mistakes: `problems` lists them all."""

    def __init__(self, problems: list[Problem]) -> None:
        self.problems = problems
        super().__init__("\n".join(map(str, problems)))

    def of(self, file: str) -> str:
        """Return all of them as the mistakes of a file."""
        count = len(self.problems)
        within = "" if any(map(is_beside, self.problems)) else f" in {KEY}"
        return f"{file}: {count} mistake{'s' if count > 1 else ''}{within}. Nothing was changed.\n{self}"


def is_beside(problem: Problem) -> bool:
    """Tell whether a mistake is beside the settings: in a key of another name, or in the stack's own name."""
    return any(mark in str(problem.path[:1]) for mark in (":", " name"))


def named(container: Path, name: str) -> tuple[Path, Path]:
    """Return what a problem depends on if it depends on whether a map has a name."""
    return (*container, name), (*container, ANY_NAME)


def _text(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, default=str)


def _short(text: str, most: int) -> str:
    """Return a text, of a long one its beginning and its length."""
    return text if len(text) <= most else f"{text[:most]}... ({len(text):,} characters)"


def path_text(path: Path) -> str:
    """Return a path as `pulumi config set --path` takes it, from the settings object down."""
    text = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in path)
    return text.removeprefix(".") or KEY
