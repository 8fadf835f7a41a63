"""A stack's state as the engine keeps it in a file, read without the CLI: each of its starts costs half a second."""

import json
from pathlib import Path
from typing import Any, Final

from pulumi.automation import OutputMap, OutputValue

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
