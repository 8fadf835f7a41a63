"""The properties of a resource as rules get them, read from the engine's message.

The SDK's own reading fails on a reference to a resource, on an output and on a number that is none (NaN), and shows a
list as its address in memory. This reads whatever the protocol can say. Like the SDK's, a container raises when an
unknown value is taken from it, and it remembers which of its values the program marked as secret.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from pulumi.runtime import rpc
from pulumi_policy import deserialize, proxy
from pulumi_policy.proxy import UnknownValueError

from policies.framework.texts import HIDDEN

SENTINELS = tuple(value for name, value in vars(proxy).items() if name.startswith("UNKNOWN_"))
"""What stands for a value that the engine does not know yet."""

SECRET_MARK = deserialize.SPECIAL_SECRET_SIG
OUTPUT_MARK = rpc._special_output_value_sig
_SIGNATURE = deserialize.SPECIAL_SIG_KEY
_DEEPEST = 100
_STEP = re.compile(r"\.|(\[\d+\])")


class Opaque:
    """A value that is no text, number, object or list: a file, or what nests too deeply to be read."""

    def __init__(self, kind: str) -> None:
        self._kind = kind

    def __str__(self) -> str:
        return self._kind

    __repr__ = __str__


class _Withheld(str):
    """Stands for a secret that the engine could not decrypt, and so for a value that is not known."""

    __slots__ = ()


_WITHHELD = _Withheld(proxy.UNKNOWN_STRING_VALUE)

TOO_DEEP = Opaque("nested too deeply")
_FILES = {deserialize.SPECIAL_ASSET_SIG: Opaque("a file"), deserialize.SPECIAL_ARCHIVE_SIG: Opaque("an archive")}
_OTHER = Opaque("a value of an unknown kind")


class _Container:
    """What objects and lists share.

    :ivar secrets: the keys or indices of the values that are secret.
    """

    __slots__ = ("_items", "_path", "secrets")

    def __init__(self, items: Any, path: tuple[str, ...], secrets: frozenset[Any]) -> None:
        self._items = items
        self._path = path
        self.secrets = secrets

    def raw(self, key: Any) -> Any:
        """A value, or the text that stands for an unknown one; `None` where there is none."""
        try:
            return self._items[key]
        except (LookupError, TypeError):
            return None

    def _known(self, key: Any, value: Any) -> Any:
        if isinstance(value, str) and value in SENTINELS:
            raise UnknownValueError(value, [*self._path, str(key)])
        return value

    def __len__(self) -> int:
        return len(self._items)


class Object(_Container, Mapping[str, Any]):
    """An object. Its text never shows its content."""

    __slots__ = ()

    def __getitem__(self, key: str) -> Any:
        return self._known(key, self._items[key])

    def __iter__(self) -> Iterator[str]:
        return iter(self._items)

    def __repr__(self) -> str:
        return "an object"


class List(_Container, Sequence[Any]):
    """A list. Its text never shows its content."""

    __slots__ = ()

    def __getitem__(self, key: Any) -> Any:
        if isinstance(key, slice):
            return [self[index] for index in range(*key.indices(len(self)))]
        return self._known(key, self._items[key])

    def __repr__(self) -> str:
        return "a list"


class _Unreadable(Object):
    """Properties of which every one is unknown."""

    __slots__ = ()

    def raw(self, key: Any) -> Any:  # noqa: ARG002
        return proxy.UNKNOWN_STRING_VALUE

    def __getitem__(self, key: str) -> Any:
        return self._known(key, proxy.UNKNOWN_STRING_VALUE)


UNREADABLE = _Unreadable({}, (), frozenset())


def read_struct(message: Any) -> Object:
    """The properties in a message of the engine."""
    return _object(message, (), 0)


def plain_struct(message: Any) -> dict[str, Any]:
    """A message as ordinary `dict` and `list`."""
    return {key: _plain(value, 0) for key, value in message.fields.items()}


def on_the_way(value: Any, path: str) -> Iterator[tuple[Any, bool]]:
    """The values on the way to a property, it itself the last, and whether each is secret.

    :param path: as messages show it: `rules[0].scanFrequency`.
    """
    for step in filter(None, _STEP.split(path)):
        if not isinstance(value, Object | List):
            return
        key: Any = int(step[1:-1]) if step.startswith("[") and isinstance(value, List) else step
        secret = key in value.secrets
        value = value.raw(key)
        yield value, secret


def is_withheld(value: Any, path: str) -> bool:
    """Whether a property is, or is a part of, a secret that the engine could not decrypt."""
    return any(isinstance(found, _Withheld) for found, _ in on_the_way(value, path))


def secrets_in(value: Any) -> Iterator[Any]:
    """The secret values in properties, each whole."""
    if isinstance(value, Object | List):
        for key in value if isinstance(value, Object) else range(len(value)):
            if key in value.secrets:
                yield value.raw(key)
            else:
                yield from secrets_in(value.raw(key))


def _object(message: Any, path: tuple[str, ...], depth: int) -> Object:
    items: dict[str, Any] = {}
    secrets: set[str] = set()
    for key, value in message.fields.items():
        items[key], secret = _value(value, (*path, key), depth)
        if secret:
            secrets.add(key)
    return Object(items, path, frozenset(secrets))


def _list(message: Any, path: tuple[str, ...], depth: int) -> List:
    items: list[Any] = []
    secrets: set[int] = set()
    for index, value in enumerate(message.values):
        item, secret = _value(value, (*path, str(index)), depth)
        items.append(item)
        if secret:
            secrets.add(index)
    return List(items, path, frozenset(secrets))


def _value(message: Any, path: tuple[str, ...], depth: int) -> tuple[Any, bool]:
    """A value, and whether it is secret."""
    kind = message.WhichOneof("kind")
    if kind == "struct_value":
        if _SIGNATURE in message.struct_value.fields:
            return _special(message.struct_value, path, depth)
        return (_object(message.struct_value, path, depth + 1) if depth < _DEEPEST else TOO_DEEP), False
    if kind == "list_value":
        return (_list(message.list_value, path, depth + 1) if depth < _DEEPEST else TOO_DEEP), False
    return (None if kind in (None, "null_value") else getattr(message, kind)), False


def _special(struct: Any, path: tuple[str, ...], depth: int) -> tuple[Any, bool]:
    fields = struct.fields
    signature = fields[_SIGNATURE].string_value
    if signature in _FILES:
        return _FILES[signature], False
    if signature == rpc._special_resource_sig:
        named = next((fields[name].string_value for name in ("id", "urn") if name in fields), "")
        return named or proxy.UNKNOWN_STRING_VALUE, False
    if signature not in (SECRET_MARK, OUTPUT_MARK) or depth >= _DEEPEST:
        return (_OTHER if depth < _DEEPEST else TOO_DEEP), False
    # An output without a value is one that is not known yet.
    inner, secret = (
        _value(fields["value"], path, depth + 1) if "value" in fields else (proxy.UNKNOWN_STRING_VALUE, False)
    )
    marked = signature == SECRET_MARK or ("secret" in fields and fields["secret"].bool_value)
    if marked and inner == HIDDEN:  # `pulumi policy analyze` writes that for what it cannot decrypt
        return _WITHHELD, False
    return inner, secret or marked


def _plain(message: Any, depth: int) -> Any:
    kind = message.WhichOneof("kind")
    if kind in ("struct_value", "list_value") and depth >= _DEEPEST:
        return str(TOO_DEEP)
    if kind == "struct_value":
        return {key: _plain(value, depth + 1) for key, value in message.struct_value.fields.items()}
    if kind == "list_value":
        return [_plain(value, depth + 1) for value in message.list_value.values]
    return None if kind in (None, "null_value") else getattr(message, kind)
