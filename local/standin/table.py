"""What the real plugin's schema says of each resource type: see `extract.py`."""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final, NamedTuple

from .behaviour import UNKNOWN

_FILE: Final = Path(__file__).with_name("resources.json")


class ResourceType(NamedTuple):
    """One resource type."""

    inputs: frozenset[str]
    required: frozenset[str]
    outputs: frozenset[str]
    replacing: frozenset[str]
    """Paths, dotted and without indexes, of the inputs that AWS cannot change."""
    enums: Mapping[str, tuple[str, ...]]
    defaults: Mapping[str, Any]

    @property
    def named(self) -> bool:
        """Whether the plugin gives it a name if the program gives none."""
        return "name" in self.inputs and "name" not in self.required

    def faults(self, inputs: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
        """Yield path and reason of what the real plugin would refuse before calling AWS."""
        for name in inputs:
            if name not in self.inputs:
                yield name, f"is not a property of this resource; it has {', '.join(sorted(self.inputs))}"
        for name in sorted(self.required - set(inputs)):
            if not (name == "name" and self.named):
                yield name, "is required"
        for name, values in self.enums.items():
            value = inputs.get(name)
            if isinstance(value, str) and value not in values and value != UNKNOWN:
                yield name, f"must be one of {', '.join(values)} and is {value!r}"

    def replaces(self, path: tuple[str | int, ...]) -> bool:
        """Whether a change at a path makes AWS's resource a new one."""
        names = [str(part) for part in path if not isinstance(part, int)]
        dotted = ".".join(names)
        if any(".".join(names[:length]) in self.replacing for length in range(1, len(names) + 1)):
            return True
        # A whole block that is added or removed changes everything in it.
        return any(item.startswith(f"{dotted}.") for item in self.replacing)

    def computed(self, inputs: Mapping[str, Any]) -> frozenset[str]:
        """Return the outputs that AWS decides: unknown until the resource is made."""
        return (self.outputs - self.inputs) | ({"name"} if self.named and "name" not in inputs else frozenset())


def _load() -> dict[str, ResourceType]:
    raw: dict[str, dict[str, Any]] = json.loads(_FILE.read_text())
    return {
        token: ResourceType(
            inputs=frozenset(entry["inputs"]),
            required=frozenset(entry.get("required", ())),
            outputs=frozenset(entry["outputs"]) | {"id"},
            replacing=frozenset(entry.get("replacing", ())),
            enums={name: tuple(values) for name, values in entry.get("enums", {}).items()},
            defaults=entry.get("defaults", {}),
        )
        for token, entry in raw.items()
    }


TABLE: Final = _load()
"""The resource types by token."""
