"""What differs between two sets of properties."""

from collections.abc import Iterator
from typing import Any

Path = tuple[str | int, ...]

_LOAD_BALANCER = "aws:lb/loadBalancer:LoadBalancer"


def changed_paths(old: Any, new: Any, at: Path = ()) -> Iterator[Path]:
    """Yield the path of every value that was added, removed or changed; of a nested one its own path."""
    if old == new:
        return
    if isinstance(old, dict) and isinstance(new, dict):
        for key in sorted({*old, *new}):
            yield from changed_paths(old.get(key), new.get(key), (*at, key))
    elif isinstance(old, list) and isinstance(new, list) and len(old) == len(new):
        for index, (before, after) in enumerate(zip(old, new, strict=True)):
            yield from changed_paths(before, after, (*at, index))
    else:
        yield at


def also_replacing(token: str, old: dict[str, Any], new: dict[str, Any], unknown: str) -> set[str]:
    """Return inputs whose change makes the resource a new one by what they are, which no schema says.

    A network load balancer gets further zones in place and can lose or change none; an unknown one is not judged.
    """
    if token != _LOAD_BALANCER or new.get("loadBalancerType") != "network":
        return set()
    before, after = old.get("subnetMappings", []), new.get("subnetMappings", [])
    known = isinstance(before, list) and isinstance(after, list) and unknown not in str(after)
    return {"subnetMappings"} if known and any(mapping not in after for mapping in before) else set()
