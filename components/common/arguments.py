"""The arguments of a component: defaults filled in, unknown and missing ones refused by name."""

from collections.abc import Iterator, Mapping, Sequence
from difflib import get_close_matches
from types import UnionType
from typing import Any, NotRequired, TypeVar, Union, get_args, get_origin, is_typeddict

_Args = TypeVar("_Args")


def complete(kind: type[_Args], args: _Args, *defaults: Mapping[str, object]) -> _Args:
    """Return a component's arguments, with defaults for those that are not given.

    Args:
        kind: the class of the arguments, a TypedDict.
        args: what was given, perhaps by a program that no type checker has seen.
        defaults: the value of each argument that has one, by name.

    Raises:
        TypeError: an argument, or a key in a map or list of arguments, is unknown or missing; the message names each.
    """
    given: Any = args
    if faults := list(_faults(kind, given, "")):
        raise TypeError(f"{kind.__name__}: {'; '.join(faults)}")
    completed: Any = {}
    for values in (*defaults, given):
        completed |= values
    return completed  # type: ignore[no-any-return]


def _faults(kind: Any, given: Mapping[str, Any], path: str) -> Iterator[str]:
    known: dict[str, Any] = kind.__annotations__
    for name, value in given.items():
        if name in known:
            yield from _nested(known[name], value, f"{path}{name}")
            continue
        close = get_close_matches(str(name), known, n=1)
        meant = f"did you mean {close[0]}?" if close else f"known are {', '.join(sorted(known))}"
        yield f"{path}{name} is unknown; {meant}"
    yield from (f"{path}{name} is missing" for name in sorted(kind.__required_keys__ - set(given)))


def _nested(hint: Any, value: Any, path: str) -> Iterator[str]:
    """Look into maps and lists that hold arguments in turn; outputs are not known yet, and pass."""
    inner = get_args(hint)
    if is_typeddict(hint):
        if isinstance(value, Mapping):
            yield from _faults(hint, value, f"{path}.")
    elif get_origin(hint) in (list, Sequence):
        if isinstance(value, list | tuple):
            for index, item in enumerate(value):
                yield from _nested(inner[0], item, f"{path}[{index}]")
    elif get_origin(hint) in (dict, Mapping):
        if isinstance(value, Mapping):
            for key, item in value.items():
                yield from _nested(inner[1], item, f"{path}.{key}")
    elif get_origin(hint) in (NotRequired, Union, UnionType):  # pulumi.Input[...] is a union
        for alternative in inner:
            yield from _nested(alternative, value, path)
