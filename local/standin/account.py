"""What is in the account: the resources of every stack of one state folder, and what AWS remembers beside them."""

import functools
import json
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

from release import files

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

    The folder is read once, before this run changes anything. Without one there is only what this run makes. What a
    stack lets go without deleting it (`retain_on_delete`) stays in the account: a file in the folder remembers it.
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
            if self._retained.pop(key, None) is not None:
                self._write_retained()

    @functools.cached_property
    def _there(self) -> dict[_Key, Properties]:
        files = sorted((self._state / ".pulumi" / "stacks").glob("*/*.json")) if self._state else []
        states = [_read(file) for file in files]
        before = len(self._retained)
        self._retained |= {key: found for state in states for key, found in _resources(state, retained=True)}
        if len(self._retained) > before:
            self._write_retained()
        return self._retained | {key: found for state in states for key, found in _resources(state)}

    @functools.cached_property
    def _retained(self) -> dict[_Key, Properties]:
        """What stacks have, or had, that is not to be deleted with them."""
        try:
            entries = json.loads(self._retained_file.read_text()) if self._retained_file else []
        except (OSError, ValueError):
            entries = []
        return {_Key(*key): properties for key, properties in entries}

    def _write_retained(self) -> None:
        if self._retained_file:
            files.write(self._retained_file, json.dumps([*self._retained.items()]))

    @property
    def _retained_file(self) -> Path | None:
        return self._state / "retained.json" if self._state else None


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


def _resources(state: dict[str, Any], *, retained: bool = False) -> Iterator[tuple[_Key, Properties]]:
    # What a replacement left to be deleted is still there, unless what replaced it has the same id.
    for resource in sorted(state.get("resources", []), key=lambda one: not one.get("delete")):
        # One that a replacement has deleted, and not made again, is in the state and in no account.
        gone = resource.get("pendingReplacement", False)
        if "id" in resource and not gone and (resource.get("retainOnDelete") or not retained):
            outputs = resource.get("outputs", {})
            yield _key(resource["type"], resource["id"], outputs), outputs
