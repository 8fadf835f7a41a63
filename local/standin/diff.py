"""What differs between two sets of properties."""

from collections.abc import Iterator
from typing import Any, Final

Path = tuple[str | int, ...]

_UNSET: Final = (None, "")


def changed_paths(old: Any, new: Any, at: Path = ()) -> Iterator[Path]:
    """Yield the path of every value that was added, removed or changed; of a nested one its own path.

    To the plugin an empty text is the same as none.
    """
    if old == new or (old in _UNSET and new in _UNSET):
        return
    if isinstance(old, dict) and isinstance(new, dict):
        for key in sorted({*old, *new}):
            yield from changed_paths(old.get(key), new.get(key), (*at, key))
    elif isinstance(old, list) and isinstance(new, list) and len(old) == len(new):
        for index, (before, after) in enumerate(zip(old, new, strict=True)):
            yield from changed_paths(before, after, (*at, index))
    else:
        yield at
