"""Which resource a value names: by id where that is known, and by property dependencies where it is not."""

from collections.abc import Iterable

from policies.framework.resources import Resource, Stack
from policies.framework.values import Unknown, peek


class Ids:
    """The resources of some types in one stack, by what others call them.

    :param also: properties that name a resource beside its id, such as `name` or `arn`.
    """

    def __init__(self, stack: Stack, types: Iterable[str], also: Iterable[str] = ()) -> None:
        self._stack = stack
        self._by_id: dict[str, Resource] = {}
        for found in stack.of_type(*types):
            if (id_ := _known_id(found)) is not None:
                self._by_id[id_] = found
            for prop in also:
                for value in (peek(found.inputs, prop), peek(found.props, prop)):
                    if isinstance(value, str) and value:
                        self._by_id.setdefault(value, found)

    def get(self, id_: object) -> Resource | None:
        """The resource of that id, if the stack has it."""
        return self._by_id.get(id_) if isinstance(id_, str) else None

    def named(self, resource: Resource, prop: str, value: object, types: Iterable[str]) -> list[Resource]:
        """The resources that a value may name: one if it is an id the stack knows, else all that it came from.

        :param prop: the top-level property that the value is or is part of.
        """
        if not isinstance(value, str | Unknown):
            return []
        found = self.get(value)
        if found is not None and found.type in types:
            return [found]
        behind = self._stack.behind(resource, prop, *types)
        # A known id is that of another resource than those whose ids are known.
        return [found for found in behind if _known_id(found) is None] if isinstance(value, str) else behind


def _known_id(resource: Resource) -> str | None:
    """The id AWS gave a resource of the stack, `None` where it has none yet."""
    id_ = peek(resource.props, "id")
    return id_ if isinstance(id_, str) and id_ else None
