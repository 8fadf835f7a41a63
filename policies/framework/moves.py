"""Moves the properties that the engine sends from one place to another, by paths such as `policies[].policyName`.

The values themselves are copied unread, so what is unknown, secret or odd stays so.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from google.protobuf import struct_pb2  # type: ignore[import-untyped, unused-ignore]
from pulumi_policy.deserialize import SPECIAL_SECRET_SIG, SPECIAL_SIG_KEY

Struct = struct_pb2.Struct
Value = struct_pb2.Value
Step = str | int
Steps = tuple[Step, ...]

_EACH: Final = -1
"""Stands in a path for the place in a list: `policies[].policyName`."""

_STEP: Final = re.compile(r"([^.\[\]]+)|\[(\d*)\]")


def steps_of(path: str) -> Steps:
    """The steps of a path."""
    return tuple(
        found[1] if found[1] is not None else int(found[2]) if found[2] else _EACH for found in _STEP.finditer(path)
    )


def is_set(value: Value | None) -> bool:
    """Whether a value says anything: it is neither null nor an empty text or list."""
    kind = None if value is None else value.WhichOneof("kind")
    if value is None or kind in (None, "null_value"):
        return False
    return bool(value.list_value.values) if kind == "list_value" else bool(value.string_value) or kind != "string_value"


class Tree:
    """Where the properties of one type go, by the steps of their paths."""

    def __init__(self, to: Steps | None = ()) -> None:
        self._to = to
        self._words: Mapping[Any, Any] = {}
        self._next: dict[Step, Tree] = {}

    def add(self, path: Steps, to: Steps, words: Mapping[Any, Any]) -> None:
        """Have what is at one path be at another, some values under another word."""
        tree = self
        for step in path:
            tree = tree._next.setdefault(step, Tree(None))
        tree._to, tree._words = to, words

    def moved(self, props: Struct) -> tuple[Struct, dict[str, tuple[str, ...]]]:
        """The properties in their new places; and for each new property the old ones that it comes from."""
        made = Struct()
        if self._to:
            self._move(Value(struct_value=props), (), (), made, secret=False)
            return made, {}
        origins: dict[str, list[str]] = {}
        for key, value in props.fields.items():
            before = set(made.fields)
            tree = self._next.get(key)
            if tree is None:
                _put(made, (key,), value)
            else:
                tree._move(value, (key,), (), made, secret=False)
            for prop in (set(made.fields) - before) | (tree._tops(key) if tree else set()):
                origins.setdefault(prop, []).append(key)
        return made, {prop: tuple(keys) for prop, keys in origins.items()}

    def moved_value(self, value: Value) -> Struct:
        """The same for what stands in a list."""
        made = Struct()
        self._move(value, (), (), made, secret=False)
        return made

    def renamed(self, path: str) -> str:
        """A path by its new names; what follows a renamed beginning stays as it is."""
        tree, to, end = self, self._to or (), 0  # type: Tree, Steps, int
        indices: tuple[int, ...] = ()
        for found in _STEP.finditer(path):
            step: Step = found[1] if found[1] is not None else int(found[2] or 0)
            following = tree._following(step)
            if following is None:
                break
            if isinstance(step, int):
                indices = (*indices, step)
            tree, end = following, found.end()
            to = (*to, step) if tree._to is None else _placed(tree._to, indices)
        beginning, rest = _text(to), path[end:].removeprefix(".")
        return f"{beginning}{'.' * (rest[:1] not in ('', '['))}{rest}" if beginning else rest

    def word(self, path: str, value: object) -> object:
        """What a value is called there."""
        tree: Tree | None = self
        for step in steps_of(path):
            tree = None if tree is None else tree._following(step)
        return tree._words.get(value, value) if tree is not None and isinstance(value, str | bool) else value

    def _following(self, step: Step) -> "Tree | None":
        return self._next.get(step) or (self._next.get(_EACH) if isinstance(step, int) else None)

    def _tops(self, key: str) -> set[str]:
        """The properties that what is in one property may go to."""
        own = {str(self._to[0])} if self._to else {key} if self._to is None else set()
        return own.union(*(tree._tops("") for tree in self._next.values())) - {""}

    def _move(self, value: Value, to: Steps, indices: tuple[int, ...], made: Struct, *, secret: bool) -> None:
        if self._to is not None:
            to = _placed(self._to, indices)
        if self._next and (inside := _inside(value)) is not None:
            return self._move(inside, to, indices, made, secret=True)
        # A list in place of an object has no place at the top, where there are properties only.
        parts = list(_parts(value)) if to or value.WhichOneof("kind") != "list_value" else []
        if (self._next and parts) or (not to and value.WhichOneof("kind") == "struct_value"):
            for step, item in parts:
                tree = self._following(step)
                if tree is None:
                    _put(made, (*to, step), item, secret=secret)
                else:
                    here = (*indices, step) if isinstance(step, int) else indices
                    tree._move(item, (*to, step), here, made, secret=secret)
        elif to:
            _put(made, to, self._worded(value), secret=secret)
        else:  # what stands for the whole resource stands for each of its properties
            for tree in self._next.values():
                tree._move(value, (), indices, made, secret=secret)
        return None

    def _worded(self, value: Value) -> Value:
        said = value.bool_value if value.WhichOneof("kind") == "bool_value" else value.string_value
        if said not in self._words:
            return value
        word = self._words[said]
        return Value(bool_value=word) if isinstance(word, bool) else Value(string_value=word)


def _parts(value: Value) -> Iterator[tuple[Step, Value]]:
    kind = value.WhichOneof("kind")
    if kind == "struct_value":
        yield from value.struct_value.fields.items()
    elif kind == "list_value":
        yield from enumerate(value.list_value.values)


def _inside(value: Value) -> Value | None:
    """What a secret holds."""
    fields = value.struct_value.fields
    is_secret = SPECIAL_SIG_KEY in fields and fields[SPECIAL_SIG_KEY].string_value == SPECIAL_SECRET_SIG
    return fields["value"] if is_secret and "value" in fields else None


def _placed(to: Steps, indices: tuple[int, ...]) -> Steps:
    left = iter(indices)
    return tuple(next(left, 0) if step == _EACH else step for step in to)


def _text(to: Steps) -> str:
    text = ""
    for step in to:
        text += f"[{step}]" if isinstance(step, int) else f".{step}" if text else step
    return text


def _put(made: Struct, to: Steps, value: Value, *, secret: bool = False) -> None:
    """Set a value at a path, with the objects and lists around it. What is there and says something stays."""
    place: Any = made
    for step in to:
        place = _entry(place, step)
        if place is None:
            return
    if (is_set(place) and place.WhichOneof("kind") != "bool_value") or place.bool_value:
        return
    if secret:
        place.struct_value.fields[SPECIAL_SIG_KEY].string_value = SPECIAL_SECRET_SIG
        place.struct_value.fields["value"].CopyFrom(value)
    else:
        place.CopyFrom(value)


def _entry(place: Any, step: Step) -> Any:
    """The value at a step, made if it is missing; `None` if there is something that has no such steps."""
    if isinstance(place, Value):
        wanted = "list_value" if isinstance(step, int) else "struct_value"
        if place.WhichOneof("kind") not in (None, "null_value", wanted):
            return None
        place = getattr(place, wanted)
    if isinstance(step, str):
        return place.fields[step]
    while len(place.values) <= step:
        place.values.add(null_value=struct_pb2.NULL_VALUE)
    return place.values[step]
