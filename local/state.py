"""A stack's state as the engine keeps it in a file, read without the CLI: each of its starts costs half a second."""

import contextlib
import json
from pathlib import Path
from typing import Any, Final, NamedTuple

from pulumi.automation import OutputMap, OutputValue

from release import files

_SIGNATURE: Final = "4dabf18193072939515e22adb298388d"
_SECRET: Final = "1b47061264138c4ac30d75fd1eb44270"  # noqa: S105, a mark of secrets and none itself


class UnreadableError(Exception):
    """The file holds no state."""


def read(file: Path) -> dict[str, Any]:
    """Return what the stack consists of, secrets encrypted; empty where nothing was made yet.

    Raises:
        UnreadableError: the file is broken.
    """
    try:
        content: dict[str, Any] = json.loads(file.read_text())["checkpoint"]["latest"] or {}
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise UnreadableError(f"{file} holds no state ({type(error).__name__}: {error})") from None
    return content


class Copy(NamedTuple):
    """A copy of a state that can be read, and whose it is."""

    file: Path
    content: dict[str, Any]


def copy_of(file: Path) -> Copy | None:
    """Return the best copy of a state that was cut off, as by a full disk; None where it is whole, or has none.

    The engine copies a state before each change of it, and keeps one from the beginning of each run.
    """
    with contextlib.suppress(UnreadableError):
        read(file)
        return None
    kept = file.parents[1] / "backups" / file.parent.name / file.stem
    for copy in (file.with_name(f"{file.name}.bak"), *sorted(kept.glob(f"{file.stem}.*.json"), reverse=True)):
        with contextlib.suppress(UnreadableError):
            return Copy(copy, read(copy))
    return None


def restore(file: Path) -> Path | None:
    """Put the best copy in the place of a state that was cut off, and return which; None where none was needed."""
    if not file.exists() or (copy := copy_of(file)) is None:
        return None
    files.write(file, copy.file.read_text(encoding="utf-8"))
    return copy.file


def resources(state: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the resources of a state."""
    found: list[dict[str, Any]] = state.get("resources") or []
    return found


def outputs(state: dict[str, Any]) -> OutputMap:
    """Return the outputs of a stack; secrets stay closed."""
    values: dict[str, Any] = next(
        (one.get("outputs") or {} for one in resources(state) if one["type"] == "pulumi:pulumi:Stack"), {}
    )
    return {name: OutputValue(_shown(value), secret=_is_secret(value)) for name, value in values.items()}


def _is_secret(value: Any) -> bool:
    return isinstance(value, dict) and value.get(_SIGNATURE) == _SECRET


def _shown(value: Any) -> Any:
    if _is_secret(value):
        return "[secret]"
    if isinstance(value, dict):
        return {key: _shown(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_shown(item) for item in value]
    return value
