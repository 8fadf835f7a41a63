"""What is in the account: the resources of every stack of one state folder, and what AWS remembers beside them."""

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


class _Changed(NamedTuple):
    properties: Properties | None
    """None for a resource that was deleted."""
    made: float
    """When this run made it; of one that was only changed, long ago."""


class Resources:
    """The resources that the stacks of a state folder have, with what this run made, changed and deleted since.

    Other stacks are seen as their state was last written. Without a folder there is only what this run made.
    """

    def __init__(self, state: Path | None = None) -> None:
        self._state = state
        self._lock = threading.Lock()
        self._read: dict[Path, tuple[tuple[int, int], dict[_Key, Properties]]] = {}
        self._changed: dict[_Key, _Changed] = {}

    def of(self, token: str) -> Iterator[Properties]:
        """Yield the outputs of every resource of a type, its id among them."""
        with self._lock:
            found = {key: value for stack in self._stacks() for key, value in stack.items() if key.token == token}
            found |= {key: one.properties or {} for key, one in self._changed.items() if key.token == token}
            gone = {key for key, one in self._changed.items() if one.properties is None}
        yield from ({**properties, "id": key.id} for key, properties in found.items() if key not in gone)

    def age(self, token: str, properties: Properties) -> float:
        """Return for how many seconds a resource has been there, without end where an earlier run made it."""
        with self._lock:
            changed = self._changed.get(_key(token, properties["id"], properties))
        return time.monotonic() - changed.made if changed else float("inf")

    def made(self, token: str, id_: str, properties: Properties) -> None:
        """Add a resource."""
        with self._lock:
            self._changed[_key(token, id_, properties)] = _Changed(properties, time.monotonic())

    def changed(self, token: str, id_: str, properties: Properties) -> None:
        """Replace a resource's properties."""
        key = _key(token, id_, properties)
        with self._lock:
            made = self._changed[key].made if key in self._changed else float("-inf")
            self._changed[key] = _Changed(properties, made)

    def deleted(self, token: str, id_: str, properties: Properties) -> None:
        """Take a resource away."""
        with self._lock:
            self._changed[_key(token, id_, properties)] = _Changed(None, float("-inf"))

    def _stacks(self) -> Iterator[dict[_Key, Properties]]:
        """Yield the resources of each stack; a file is read again only after a change."""
        for file in sorted((self._state / ".pulumi" / "stacks").glob("*/*.json")) if self._state else []:
            status = file.stat()
            stamp = (status.st_mtime_ns, status.st_size)
            if file not in self._read or self._read[file][0] != stamp:
                self._read[file] = stamp, _resources(json.loads(file.read_text()))
            yield self._read[file][1]


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
        """Return for how many seconds a resource has been there, without end where an earlier run made it."""
        return self.resources.age(token, properties)


def _key(token: str, id_: str, properties: Properties) -> _Key:
    return _Key(token, id_, str(properties.get("arn", "")))


def _resources(state: dict[str, Any]) -> dict[_Key, Properties]:
    latest = state["checkpoint"]["latest"] or {}
    # What a replacement left to be deleted is still there, unless what replaced it has the same id.
    resources = sorted(latest.get("resources", []), key=lambda one: not one.get("delete"))
    return {
        _key(one["type"], one["id"], outputs): outputs
        for one in resources
        if "id" in one
        for outputs in [one.get("outputs", {})]
    }
