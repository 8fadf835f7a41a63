"""Where in a resource a property is: in the resource itself, or in each block of a list, written out or as JSON."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from policies.framework.resources import Resource
from policies.framework.values import Unknown, UnknownValue, elements, parse_json, path_of, peek

Steps = tuple[str | int, ...]


@dataclass(frozen=True)
class Place:
    """One place of a resource that a property is looked up in.

    :ivar root: what the path begins in.
    :ivar path: the way from there to the block, empty for the resource itself.
    :ivar key: the property of the block that names it in finding ids; empty if the resource's name must do.
    """

    root: object
    path: Steps = ()
    key: str = ""

    def name(self, resource: Resource) -> str:
        """What a finding's id calls it."""
        if not self.key:
            return resource.name
        name = peek(self.root, *self.path, self.key)
        return name if isinstance(name, str) and name else str(self.path[-1])


class Within(Protocol):
    """Finds the places in a resource, and builds a resource that has them."""

    def places(self, resource: Resource, steps: Iterable[str]) -> Iterator[Place]:
        """Every place that the resource has.

        :param steps: the names of the properties that are looked up there.
        :raises Malformed: it is not of the form AWS documents.
        :raises UnknownValue: it is not known yet which places there are.
        """
        ...

    def inputs(self, *blocks: Mapping[str, Any]) -> dict[str, Any]:
        """The inputs of a resource with these properties in its places, for an example."""
        ...


@dataclass(frozen=True)
class _Itself:
    def places(self, resource: Resource, steps: Iterable[str]) -> Iterator[Place]:  # noqa: ARG002
        yield Place(resource.inputs)

    def inputs(self, *blocks: Mapping[str, Any]) -> dict[str, Any]:
        return dict(blocks[0])


itself: Within = _Itself()
"""The resource's own properties."""


@dataclass(frozen=True)
class Blocks:
    """The blocks of a list. `blocks` makes one, and says what the fields are."""

    path: tuple[str, ...]
    named: str
    document: bool
    or_one: bool
    any_case: bool

    def places(self, resource: Resource, steps: Iterable[str]) -> Iterator[Place]:
        """The place of each block."""
        root: object = resource.inputs
        if self.document:
            root = {self.path[0]: parse_json(peek(root, self.path[0]), self.path[0])}
        if self.any_case:
            root = _spelt(root, {name.casefold(): name for name in (*self.path, self.named, *steps)})
        for path in self._paths(root, self.path, ()):
            yield Place(root, path, self.named)

    def _paths(self, root: object, left: Steps, walked: Steps) -> Iterator[Steps]:
        """The way to each block: through every element, where there is a list on the way."""
        here, rest = (*walked, left[0]), left[1:]
        value = peek(root, *here)
        if isinstance(value, Unknown):
            raise UnknownValue(Unknown(path_of(*here)))
        if rest and (value is None or isinstance(value, str) or not isinstance(value, Sequence)):
            yield from self._paths(root, rest, here)
        elif not rest and self.or_one and isinstance(value, Mapping):
            yield here
        else:
            for index in range(len(elements(value, path_of(*here)))):
                block = (*here, index)
                yield from self._paths(root, rest, block) if rest else (block,)

    def inputs(self, *blocks: Mapping[str, Any]) -> dict[str, Any]:
        """A list of these blocks, as the program writes it: as text where it is a document."""
        first, *rest = self.path
        value = nested(rest, list(blocks)) if rest else list(blocks)
        return {first: json.dumps(value) if self.document else value}


def blocks(
    path: str, *, named: str = "", document: bool = False, or_one: bool = False, any_case: bool = False
) -> Blocks:
    """Each block of a list.

    :param path: the list, as `networkInterfaces` or `policy.Statement`. Lists on the way are gone through.
    :param named: the property of a block that names it, and then its findings: `name` of a container.
    :param document: the path's first property holds JSON text (or the object that the text says).
    :param or_one: one block may be written without the list around it.
    :param any_case: names in the document count in any case: `Privileged` is `privileged`.
    """
    return Blocks(tuple(path.split(".")), named, document, or_one, any_case and document)


def nested(path: Sequence[str], value: Any) -> dict[str, Any]:
    """A value at a path, as objects around it."""
    *above, last = path
    made = {last: value}
    for step in reversed(above):
        made = {step: made}
    return made


def _spelt(value: Any, names: Mapping[str, str]) -> Any:
    """A document with some names spelt as they are looked up."""
    if isinstance(value, dict):
        return {names.get(key.casefold(), key): _spelt(item, names) for key, item in value.items()}
    return [_spelt(item, names) for item in value] if isinstance(value, list) else value
