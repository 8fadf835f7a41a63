"""Reading what the engine hands to a policy: values that may be unknown, malformed, or floats where AWS has integers.

The properties raise on every access to an unknown value, and they are neither `dict` nor `list`. Rules read through
`peek` and `read`, which know all of that.
"""

import json
import math
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, TypeGuard

from pulumi_policy.proxy import UnknownValueError

from policies.framework.properties import SENTINELS, TOO_DEEP, List, Object
from policies.framework.texts import CUT, HIDDEN

_SHOWN_LENGTH = 120
_WHOLE = 2.0**53
_DEEPEST = 100


@dataclass(frozen=True)
class Unknown:
    """A value that the engine does not know during this preview.

    :ivar path: where it is, as `rules[0].scanFrequency`.
    """

    path: str


class Malformed(Exception):  # noqa: N818  (it names the state of a document, and rules read better with it)
    """A property or document is not of the form AWS documents. Becomes a finding of the rule that met it.

    :param path: the property, as `containerDefinitions[0].environment`.
    :param reason: what is wrong with it, without quoting its content.
    """

    def __init__(self, path: str, reason: str) -> None:
        super().__init__(f"{path} {reason}")
        self.path = path
        self.reason = reason


class UnknownValue(Exception):  # noqa: N818  (the SDK's own error of this meaning is UnknownValueError)
    """`read` met a value that is not known yet. The guard around a resource turns it into "undecided"."""

    def __init__(self, unknown: Unknown) -> None:
        super().__init__(f"{unknown.path} is not known yet")
        self.path = unknown.path


def is_known(value: object) -> TypeGuard[Any]:
    """Whether a value from `peek` or `elements` is there to be judged."""
    return not isinstance(value, Unknown)


def peek(container: object, *path: str | int) -> Any:
    """The value at a path, `None` where there is none, or an `Unknown` where the engine does not know it yet.

    :raises Malformed: a step of the path is text or a number where an object or a list belongs.
    """
    value: Any = container
    walked = ""
    for step in path:
        if value is None or isinstance(value, Unknown):
            return value
        here = _join(walked, step)
        value = _step(value, step, walked, here)
        walked = here
    return value


def read(container: object, *path: str | int) -> Any:
    """Like `peek`, for values a verdict cannot do without.

    :raises UnknownValue: the value is not known yet; the guard around the resource reports it as undecided.
    """
    value = peek(container, *path)
    if isinstance(value, Unknown):
        raise UnknownValue(value)
    return value


def elements(value: object, path: str) -> list[Any]:
    """The elements of a list, each one a value or an `Unknown`; an absent list has none.

    :param path: what the list is called in messages.
    :raises Malformed: the value is no list.
    :raises UnknownValue: the whole list is not known yet.
    """
    if value is None:
        return []
    if isinstance(value, Unknown):
        raise UnknownValue(value)
    if isinstance(value, str | bytes | Mapping) or not isinstance(value, Sequence):
        raise Malformed(path, f"must be a list, not {_kind(value)}")
    return [_step(value, index, path, f"{path}[{index}]") for index in range(len(value))]


def plain(value: Any) -> Any:
    """A proxy as ordinary `dict` and `list`, whole floats as integers, unknowns as `Unknown`."""
    return _plain(value, "")


def shown(value: object) -> str:
    """A value for a message: 443 rather than 443.0, text quoted, long values shortened."""
    if value is None:
        return "not set"
    if isinstance(value, Unknown):
        return "not known yet"
    if isinstance(value, Mapping | list | tuple | Sequence) and not isinstance(value, str):
        text = json.dumps(_plain(value, "", hide=True), default=_shown_part)
    elif isinstance(value, str):
        text = f'"{value}"'
    else:
        text = json.dumps(_plain(value, ""), default=_shown_part)
    return text if len(text) <= _SHOWN_LENGTH else f"{text[: _SHOWN_LENGTH - len(CUT)]}{CUT}"


def parse_json(value: object, path: str, repeated: list[str] | None = None) -> Any:
    """A document that arrives as JSON text or as an object already, as ordinary Python values.

    :param repeated: takes the path of each key that an object of the text has more than once; the last one counts.
    :raises Malformed: text that is no JSON. The message names the place, never the content.
    :raises UnknownValue: the document holds a part that is not known yet.
    """
    if isinstance(value, Unknown):
        raise UnknownValue(value)
    if isinstance(value, str):
        if _holds_sentinel(value):
            raise UnknownValue(Unknown(path))
        try:
            content = json.loads(value, object_pairs_hook=None if repeated is None else _object)
        except json.JSONDecodeError as problem:
            raise Malformed(
                path, f"is not valid JSON (line {problem.lineno}, column {problem.colno}: {problem.msg})"
            ) from None
        except RecursionError:
            raise Malformed(path, "is JSON nested too deeply to read") from None
        except ValueError:
            raise Malformed(path, "is JSON with a number too long to read") from None
        _readable(content, path)
        if repeated is not None:
            repeated.extend(_repeated(content, path))
        return content
    return plain(value)


def _readable(content: Any, path: str) -> None:
    """Refuse JSON that nests too deeply for what walks through it, or has a number that is none.

    :raises Malformed: it does.
    """
    level, depth = [content], 0
    while level:
        if depth > _DEEPEST:
            raise Malformed(path, "is JSON nested too deeply to read")
        if any(isinstance(item, float) and not math.isfinite(item) for item in level):
            raise Malformed(path, "has a number that is none, or is too large to read")
        inner = [item.values() if isinstance(item, dict) else item for item in level if isinstance(item, dict | list)]
        level, depth = [item for items in inner for item in items], depth + 1


class _Repeating(dict[str, Any]):
    """An object of JSON text that has keys more than once."""

    repeated: tuple[str, ...]


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    content = dict(pairs)
    if len(content) == len(pairs):
        return content
    again = _Repeating(content)
    again.repeated = tuple(key for key, times in Counter(key for key, _ in pairs).items() if times > 1)
    return again


def _repeated(content: Any, path: str) -> Iterator[str]:
    if isinstance(content, dict):
        if isinstance(content, _Repeating):
            yield from (_join(path, key) for key in content.repeated)
        for key, value in content.items():
            yield from _repeated(value, _join(path, key))
    elif isinstance(content, list):
        for index, value in enumerate(content):
            yield from _repeated(value, _join(path, index))


def path_of(*steps: str | int) -> str:
    """A path as messages show it: `rules[0].scanFrequency`."""
    path = ""
    for step in steps:
        path = _join(path, step)
    return path


def wildcard_match(pattern: str, text: str) -> bool:
    """Whether the whole text matches a pattern in which `*` stands for any characters, none included."""
    return _wildcard(pattern).fullmatch(text) is not None


@lru_cache(maxsize=4096)
def _wildcard(pattern: str) -> re.Pattern[str]:
    return re.compile(".*".join(re.escape(part) for part in pattern.split("*")), re.DOTALL)


def _step(value: Any, step: str | int, walked: str, here: str, *, deep: bool = False) -> Any:
    try:
        if isinstance(step, str):
            if not isinstance(value, Mapping):
                raise Malformed(walked or "the resource", f"must be an object, not {_kind(value)}")
            found = value.raw(step) if isinstance(value, Object) else value[step] if step in list(value) else None
        else:
            if isinstance(value, str | Mapping) or not isinstance(value, Sequence):
                raise Malformed(walked or "the resource", f"must be a list, not {_kind(value)}")
            found = value.raw(step) if isinstance(value, List) else value[step] if step < len(value) else None
    except UnknownValueError:
        return Unknown(here)
    if isinstance(found, str) and _holds_sentinel(found):
        return Unknown(here)
    if found is TOO_DEEP and not deep:
        raise Malformed(here, "is nested too deeply to read")
    return found


def _plain(value: Any, path: str, *, hide: bool = False) -> Any:
    """A value as ordinary Python has it.

    :param hide: replace what is secret.
    """
    secret = value.secrets if hide and isinstance(value, Object | List) else frozenset()
    if isinstance(value, Mapping):
        return {
            str(key): HIDDEN
            if key in secret
            else _plain(_step(value, key, path, _join(path, key), deep=True), _join(path, key), hide=hide)
            for key in list(value)
        }
    if isinstance(value, Sequence) and not isinstance(value, str | bytes):
        return [
            HIDDEN if index in secret else _plain(_step(value, index, path, here, deep=True), here, hide=hide)
            for index, here in ((index, f"{path}[{index}]") for index in range(len(value)))
        ]
    if isinstance(value, float) and value.is_integer() and abs(value) < _WHOLE:
        return int(value)
    return value


def _shown_part(value: object) -> str:
    return "not known yet" if isinstance(value, Unknown) else str(value)


def _holds_sentinel(text: str) -> bool:
    # The SDK compares whole strings only, so text joined to an unknown would pass for a known value.
    return len(text) >= 36 and any(sentinel in text for sentinel in SENTINELS)


def _join(path: str, step: str | int) -> str:
    if isinstance(step, int):
        return f"{path}[{step}]"
    return f"{path}.{step}" if path else step


def _kind(value: object) -> str:
    if isinstance(value, str):
        return "text"
    if isinstance(value, bool):
        return "true or false"
    if isinstance(value, int | float):
        return "a number"
    return "a list" if isinstance(value, Sequence) else "an object"
