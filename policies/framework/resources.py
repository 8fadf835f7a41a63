"""The resources a rule judges: one at its registration, or the whole stack at the end of a preview or an update."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from copy import copy
from functools import cached_property
from typing import Any

from policies.framework.properties import UNREADABLE
from policies.framework.translation import Part
from policies.framework.types import canonical
from policies.framework.values import Unknown, peek, plain

Properties = Mapping[str, Any]


class Reading:
    """Whose properties a rule has read last: what to blame for an error that no guard has caught."""

    last: "Resource | None" = None


class Resource:
    """One resource, with its properties under their pulumi-aws (camelCase) input names.

    :ivar type: the type's one name that rules use, `aws:lb/listener:Listener`.
    :ivar written_type: the type as the program writes it, `aws:alb/listener:Listener`, for messages.
    :ivar part: how it was translated, if the program writes it with another provider's names.
    :ivar read: whether the program only reads it (`Repository.get`). It says something of others, and nothing is said
        of it.
    :ivar name: the resource's name in the program, which stays the same from run to run.
    :ivar urn: the URN.
    :ivar parent: the URN of the parent, if it has one.
    :ivar dependencies: URNs of everything it depends on (known to stack checks only).
    :ivar property_dependencies: URNs behind each top-level property, known at first preview already (stack checks
        only); a component's own URN may be among them.
    """

    def __init__(
        self,
        *,
        type: str,  # noqa: A002  (the engine's own word)
        name: str,
        urn: str,
        props: Callable[[], Properties],
        inputs: Properties | None = None,
        provider: Callable[[], Properties] | None = None,
        parent: str | None = None,
        dependencies: Iterable[str] = (),
        property_dependencies: Mapping[str, tuple[str, ...]] | None = None,
        written_type: str = "",
        part: Part | None = None,
        reading: Reading | None = None,
        read: bool = False,
    ) -> None:
        self.type = canonical(type)
        self.written_type = written_type or type
        self.part = part
        self.read = read
        self.name = name
        self.urn = urn
        self.parent = parent
        self.dependencies = tuple(dependencies)
        self.property_dependencies = property_dependencies or {}
        self._load_props = props
        self._inputs = inputs
        self._load_provider = provider
        self._reading = reading or Reading()

    @property
    def props(self) -> Properties:
        """At registration the inputs as the provider checked them, in a stack check the outputs."""
        self._reading.last = self
        return self._props

    @cached_property
    def _props(self) -> Properties:
        return self._load_props()

    @property
    def inputs(self) -> Properties:
        """The inputs as the provider checked them, in a stack check too where this run saw the registration.

        Judge a property here: at a first preview the outputs of a resource lose a property of which only a part is
        unknown. Falls back to `props`.
        """
        self._reading.last = self
        return self._props if self._inputs is None else self._inputs

    @property
    def provider(self) -> Properties:
        """The inputs of the provider instance that makes this resource; empty where the engine names none."""
        self._reading.last = self
        return self._provider

    @cached_property
    def _provider(self) -> Properties:
        return {} if self._load_provider is None else self._load_provider()

    def unreadable(self) -> "Resource":
        """The same resource with every property unknown, for a rule that could not read one of them."""
        twin = copy(self)
        twin._inputs = UNREADABLE
        twin.__dict__["_props"] = UNREADABLE
        return twin

    @property
    def region(self) -> str | Unknown | None:
        """The region it is made in: its own `region`, else the provider's, else the one it was made in.

        `None` is the region of the environment, which is not known before something is made in it.
        """
        given = (peek(properties, "region") for properties in (self.inputs, self.provider, self.props))
        found = next((region for region in given if region not in (None, "")), None)
        return found if found is None or isinstance(found, Unknown) else str(found)

    @cached_property
    def account(self) -> tuple[object, ...]:
        """What tells two accounts apart by their providers' settings; only ever to be compared, never to be shown."""
        return tuple(
            repr(plain(peek(self.provider, key)))
            for key in ("profile", "assumeRoles", "assumeRole", "accessKey", "allowedAccountIds")
        )

    def __str__(self) -> str:
        return f"{self.name} ({self.written_type})"


class Stack:
    """All resources of the stack, at the end of a preview (outputs partly unknown) or of an update."""

    def __init__(self, resources: Iterable[Resource]) -> None:
        self._by_urn: dict[str, Resource] = {}
        self._by_type: dict[str, list[Resource]] = {}
        # The engine hands the resources over in no order; reports should have one.
        for resource in sorted(resources, key=lambda resource: resource.urn):
            self._by_urn.setdefault(resource.urn, resource)
            self._by_type.setdefault(resource.type, []).append(resource)

    def __iter__(self) -> Iterator[Resource]:
        return iter(self._by_urn.values())

    def of_type(self, *types: str) -> list[Resource]:
        """The resources of these types, in the order of the types and then of their URNs."""
        return [resource for type_ in types for resource in self._by_type.get(type_, [])]

    def get(self, urn: str) -> Resource | None:
        """The resource of that URN, if the stack has it; the first one where it is several to rules."""
        return self._by_urn.get(urn)

    def behind(self, resource: Resource, prop: str, *types: str) -> list[Resource]:
        """The resources of these types that the resource's top-level property was computed from."""
        return [
            found
            for urn in resource.property_dependencies.get(prop, ())
            if (found := self.get(urn)) is not None and found.type in types
        ]
