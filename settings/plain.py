"""What a YAML file may hold and settings cannot: it is taken out and told before anything is validated."""

import math
from collections.abc import Mapping
from datetime import date
from typing import Any, Final

from .problems import Path, Problem, SettingsError

_DEEPEST: Final = 60
_MOST: Final = 100_000


class Items(list[Any]):
    """A list that knows at which place each of its items was written, also after others were taken out."""

    def __init__(self, items: list[Any], numbers: list[int]) -> None:
        super().__init__(items)
        self.numbers = numbers


class _WrongError(Exception):
    """A value that no setting can have."""


class Plain:
    """A copy of settings as JSON has them, and what had to be left out of it."""

    def __init__(self, raw: Mapping[Any, Any]) -> None:
        """Copy the settings.

        Raises:
            SettingsError: there is no end to them.
        """
        self.problems: list[Problem] = []
        self._count = 0
        self._within: set[int] = set()
        self.tree: dict[str, Any] = self._map(raw, ())

    def _value(self, value: Any, path: Path) -> Any:
        self._count += 1
        if self._count > _MOST:
            advice = f"are more than {_MOST:,} values; is there a YAML alias (*name) within another?"
            raise SettingsError([Problem((), None, advice)])
        if isinstance(value, Mapping | list | tuple):
            if id(value) in self._within:
                raise _WrongError(
                    "contains itself: a YAML alias (*name) points to what it is in. Write the value itself."
                )
            if len(path) > _DEEPEST:
                raise _WrongError(f"is nested more than {_DEEPEST} levels deep, which no setting is")
            self._within.add(id(value))
            try:
                return self._map(value, path) if isinstance(value, Mapping) else self._list(value, path)
            finally:
                self._within.discard(id(value))
        return _scalar(value)

    def _map(self, value: Mapping[Any, Any], path: Path) -> dict[str, Any]:
        copy: dict[str, Any] = {}
        for key, item in value.items():
            at = (*path, key if isinstance(key, str) else str(key))
            try:
                copy[_key(key)] = self._value(item, at)
            except _WrongError as wrong:
                self.problems.append(Problem(at, _shown(item), str(wrong)))
        return copy

    def _list(self, value: "list[Any] | tuple[Any, ...]", path: Path) -> Items:
        copy = Items([], [])
        for index, item in enumerate(value):
            at = (*path, index)
            try:
                copy.append(self._value(item, at))
                copy.numbers.append(index)
            except _WrongError as wrong:
                self.problems.append(Problem(at, _shown(item), str(wrong)))
        return copy


def _key(key: Any) -> str:
    if not isinstance(key, str) or not _is_text(key):
        raise _WrongError('must have a key that is text: put the key in quotes, "..."')
    return key


def _scalar(value: Any) -> Any:
    if isinstance(value, float) and not math.isfinite(value):
        raise _WrongError("must be a number with an end, not infinity or .nan")
    if isinstance(value, int) and abs(value) >= 2**63:
        raise _WrongError("is too large a number")
    if isinstance(value, date):
        raise _WrongError('is a date to YAML: put it in quotes, "..."')
    if isinstance(value, str) and not _is_text(value):
        raise _WrongError("holds half of a character (\\ud800 to \\udfff). Write the character itself.")
    if value is not None and not isinstance(value, str | int | float):
        raise _WrongError(
            f"is a {type(value).__name__} to YAML, which no setting is. Write text, numbers, lists and maps."
        )
    return value


def _is_text(value: str) -> bool:
    try:
        value.encode()
    except UnicodeEncodeError:
        return False
    return True


def _shown(value: Any) -> Any:
    """Return what a message can show of such a value."""
    if isinstance(value, Mapping | list | tuple | set):
        return None
    return value if value is None or isinstance(value, bool | int | str) else str(value)
