"""What is in the account: the resources of every stack of one state folder, and what AWS remembers beside them."""

import functools
import json
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

from .memory import Memory
from .place import Place

Properties = dict[str, Any]


class _Key(NamedTuple):
    token: str
    id: str
    arn: str
    """A replacement may have the same id, such as a task definition's family."""


class Resources:
    """The resources that the stacks of a state folder have, and what this run makes of them.

    The folder is read once, before this run changes anything. Without one there is only what this run makes.
    """

    def __init__(self, state: Path | None = None) -> None:
        self._state = state
        self._lock = threading.Lock()
        self._made: dict[_Key, float] = {}

    def of(self, token: str) -> Iterator[Properties]:
        """Yield the outputs of every resource of a type, its id among them."""
        with self._lock:
            found = [{**properties, "id": key.id} for key, properties in self._there.items() if key.token == token]
        yield from found

    def age(self, token: str, properties: Properties) -> float:
        """Return for how many seconds a resource has been there, without end if an earlier run made it."""
        with self._lock:
            made = self._made.get(_key(token, properties["id"], properties))
        return float("inf") if made is None else time.monotonic() - made

    def made(self, token: str, id_: str, properties: Properties) -> None:
        """Add a resource."""
        key = _key(token, id_, properties)
        with self._lock:
            self._there[key] = properties
            self._made[key] = time.monotonic()

    def changed(self, token: str, id_: str, properties: Properties) -> None:
        """Replace a resource's properties."""
        with self._lock:
            self._there[_key(token, id_, properties)] = properties

    def deleted(self, token: str, id_: str, properties: Properties) -> None:
        """Take a resource away."""
        key = _key(token, id_, properties)
        with self._lock:
            self._there.pop(key, None)
            self._made.pop(key, None)

    @functools.cached_property
    def _there(self) -> dict[_Key, Properties]:
        files = sorted((self._state / ".pulumi" / "stacks").glob("*/*.json")) if self._state else []
        return {key: properties for file in files for key, properties in _resources(_read(file))}


class Account(NamedTuple):
    """One region of the account."""

    place: Place
    memory: Memory
    resources: Resources

    def of(self, token: str) -> Iterator[Properties]:
        """Yield the outputs of every resource of a type in this region, its id among them."""
        for properties in self.resources.of(token):
            region = str(properties.get("arn", "")).split(":")[3:4]
            if region in ([self.place.region], [""], []):
                yield properties

    def age(self, token: str, properties: Properties) -> float:
        """Return for how many seconds a resource has been there, without end if an earlier run made it."""
        return self.resources.age(token, properties)


def _key(token: str, id_: str, properties: Properties) -> _Key:
    return _Key(token, id_, str(properties.get("arn", "")))


def _read(file: Path) -> dict[str, Any]:
    """Return a stack's latest state; a file that cannot be read must not stop the other stacks."""
    try:
        return json.loads(file.read_text())["checkpoint"]["latest"] or {}
    except (OSError, ValueError, LookupError):
        return {}


def _resources(state: dict[str, Any]) -> Iterator[tuple[_Key, Properties]]:
    # What a replacement left to be deleted is still there, unless what replaced it has the same id.
    for resource in sorted(state.get("resources", []), key=lambda one: not one.get("delete")):
        if "id" in resource:
            outputs = resource.get("outputs", {})
            yield _key(resource["type"], resource["id"], outputs), outputs
