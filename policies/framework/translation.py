"""Resources of the Cloud Control provider (aws-native) under the types and names of pulumi-aws, which rules read.

`_native.py` says for each type what it is called and where its properties go. Everything without an entry there keeps
its name. Values are moved, not read: what is unknown or secret stays so.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from pulumi_policy.proxy import UNKNOWN_STRING_VALUE

from policies.framework.moves import Struct, Tree, is_set, steps_of

_NAME = re.compile(r"\w+")

Where = str | tuple[str, Mapping[Any, Any]]
"""Where a property goes; with what its words are there, as `ENABLED` is `True`."""


@dataclass(frozen=True)
class Native:
    """What a type of aws-native, or a part of it, is in pulumi-aws.

    :ivar type: the type that rules know.
    :ivar moves: path in aws-native to path in pulumi-aws; an empty one is the resource itself.
    :ivar id: the property that holds the id pulumi-aws gives such a resource.
    :ivar each: a list; each of its elements is one such resource, and the paths begin in it.
    :ivar given: properties of which one is set, else the resource is none of this type.
    :ivar unless: properties of which none is set.
    :ivar own: the property of pulumi-aws by which such a part names the resource that it is a part of.
    """

    type: str
    moves: Mapping[str, Where] = field(default_factory=dict)
    id: str = ""
    each: str = ""
    given: tuple[str, ...] = ()
    unless: tuple[str, ...] = ()
    own: str = ""

    @cached_property
    def there(self) -> "Tree":
        """Moves properties to the names of pulumi-aws."""
        tree = Tree()
        for path, where in self.moves.items():
            to, words = (where, {}) if isinstance(where, str) else where
            tree.add(steps_of(path), steps_of(to), words)
        return tree

    @cached_property
    def other_names(self) -> frozenset[str]:
        """Names that pulumi-aws has and aws-native has not, as far as no sentence has them for a word."""
        ends = {path: (where if isinstance(where, str) else where[0]) for path, where in self.moves.items()}
        names = {name for path, to in ends.items() for name in set(_NAME.findall(to)) - set(_NAME.findall(path))}
        return frozenset(name for name in names if not name.islower())

    @cached_property
    def back(self) -> "Tree":
        """Moves properties to the names of aws-native."""
        tree = Tree()
        for path, where in self.moves.items():
            to, words = (where, {}) if isinstance(where, str) else where
            tree.add(steps_of(to), steps_of(path), {there: here for here, there in words.items()})
        return tree


@dataclass(frozen=True)
class Part:
    """One resource in pulumi-aws's names.

    :ivar place: what its name ends in where there are several: `targets[1]`.
    :ivar origins: for each of its properties, the properties of aws-native that it comes from.
    """

    native: Native
    props: Struct
    place: str = ""
    origins: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    @property
    def key(self) -> tuple[str, str]:
        """What tells it from the other parts of the same resource."""
        return self.native.type, self.place

    def behind(self, urns: Mapping[str, tuple[str, ...]], own: str) -> dict[str, tuple[str, ...]]:
        """The URNs behind its properties.

        :param urns: those behind the properties that the program writes.
        :param own: the URN of the resource that it is a part of.
        """
        found = {
            prop: tuple(urn for written in origins for urn in urns.get(written, ()))
            for prop, origins in self.origins.items()
        }
        return {**found, self.native.own: (own,)} if self.native.own else found

    def written(self, path: str) -> str:
        """A path as the program writes it."""
        renamed = self.native.back.renamed(path)
        return ".".join(filter(None, (self.place, renamed)))

    def remedy(self, path: str, remedy: str) -> str:
        """What to write, in the names and words of aws-native where it is about one property."""
        if path:
            remedy = remedy.replace(path, self.written(path))
        if (off := self.word(path, False)) is not False:
            remedy = remedy.replace("set it to false", f"set it to {off}")
        others = set(_NAME.findall(remedy)) & self.native.other_names
        return f"{remedy} (in pulumi-aws's names; aws-native has CloudFormation's)" if others else remedy

    def word(self, path: str, value: object) -> object:
        """A value as the program writes it."""
        return self.native.back.word(path, value)


def parts_of(native: Native, props: Struct) -> Iterator[Part]:
    """What a resource of aws-native is in pulumi-aws, by one of its types' entries: nothing, one, or several."""
    if native.given and not any(_is_set(props, prop) for prop in native.given):
        return
    if any(_is_set(props, prop) for prop in native.unless):
        return
    if native.each:
        yield from _listed(native, props)
        return
    made, origins = native.there.moved(props)
    if native.id and native.id in props.fields:
        made.fields["id"].CopyFrom(props.fields[native.id])
    if native.own:
        made.fields[native.own].string_value = UNKNOWN_STRING_VALUE
    yield Part(native, made, origins=origins)


def _listed(native: Native, props: Struct) -> Iterator[Part]:
    if not _is_set(props, native.each):
        return
    value = props.fields[native.each]
    items = {f"{native.each}[{index}]": item for index, item in enumerate(value.list_value.values)}
    for place, item in (items or {native.each: value}).items():
        made = native.there.moved_value(item)
        if native.own:
            made.fields[native.own].string_value = UNKNOWN_STRING_VALUE
        yield Part(native, made, place, dict.fromkeys(made.fields, (native.each,)))


def _is_set(props: Struct, prop: str) -> bool:
    return prop in props.fields and is_set(props.fields[prop])


def remediated(natives: tuple[Native, ...], request: Any, remediate: Callable[[Any], Any]) -> Any:
    """Have a resource of aws-native remediated by rules that know pulumi-aws: what they change, it changes."""
    if not natives:
        return remediate(request)
    native = natives[0]
    asked = type(request)()
    asked.CopyFrom(request)
    asked.type = native.type
    asked.properties.CopyFrom(native.there.moved(request.properties)[0])
    answer = remediate(asked)
    for remediation in answer.remediations:
        if not remediation.HasField("properties"):
            continue
        changed = Struct()
        for key, value in remediation.properties.fields.items():
            if key not in asked.properties.fields or asked.properties.fields[key] != value:
                changed.fields[key].CopyFrom(value)
        remediation.properties.CopyFrom(request.properties)
        for key, value in native.back.moved(changed)[0].fields.items():
            remediation.properties.fields[key].CopyFrom(value)
    return answer
