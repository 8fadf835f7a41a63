"""Makes the resources that rules judge from the engine's messages."""

from collections.abc import Iterator, Sequence
from typing import Any

from policies.framework.moves import is_set
from policies.framework.properties import read_struct
from policies.framework.resources import Properties, Reading, Resource
from policies.framework.translation import Part, parts_of
from policies.framework.types import natives_of, types_of


def resources_in(
    message: Any, reading: Reading, registered: Sequence[Resource] = (), *, read: bool = False
) -> list[Resource]:
    """What a message is to rules: one resource, or what one of aws-native is in pulumi-aws.

    :param registered: what it was at its registration in this run.
    :param read: whether the program only reads it.
    """
    try:
        return list(_resources_in(message, reading, registered, read=read))
    except Exception as error:  # the rules that read its properties say that they cannot
        return [_unreadable(message, type_, reading, error) for type_ in types_of(message.type)]


def _unreadable(message: Any, type_: str, reading: Reading, error: Exception) -> Resource:
    def props() -> Properties:
        raise error

    name = message.name or message.urn.rpartition("::")[2]
    return Resource(type=type_, name=name, urn=message.urn, props=props, written_type=message.type, reading=reading)


def _resources_in(message: Any, reading: Reading, registered: Sequence[Resource], *, read: bool) -> Iterator[Resource]:
    if not natives_of(message.type):
        yield _resource(message, reading, registered[0].props if registered else None, read=read)
        return
    sent = {part.key: part for native in natives_of(message.type) for part in parts_of(native, message.properties)}
    for found in registered:
        if found.part is not None:
            yield _resource(message, reading, found.props, sent.get(found.part.key, found.part), found.part)
    for part in () if registered else sent.values():
        yield _resource(message, reading, None, part, part, read=read)


def has_inputs(message: Any) -> bool:
    """Whether a resource has inputs at all at its registration.

    Providers set some on whatever they make, a name or what they chose themselves. What a program only reads has none,
    which is all that tells it apart: the engine does not ask about it in a run, but `pulumi policy analyze` does.
    """
    return bool(message.properties.fields)


def exists(message: Any) -> bool:
    """Whether a resource without inputs is in AWS, as its outputs show: then the program only reads it."""
    return any(is_set(value) for name, value in message.properties.fields.items() if name not in ("id", "urn"))


def _resource(
    message: Any,
    reading: Reading,
    inputs: Properties | None,
    part: Part | None = None,
    registered: Part | None = None,
    *,
    read: bool = False,
) -> Resource:
    provider = message.provider.properties if message.HasField("provider") else None
    behind = {key: tuple(value.urns) for key, value in getattr(message, "propertyDependencies", {}).items()}
    properties = message.properties if part is None else part.props
    name = message.name or message.urn.rpartition("::")[2]
    return Resource(
        type=message.type if part is None else part.native.type,
        name=name if part is None or not part.place else f"{name}.{part.place}",
        urn=message.urn,
        props=lambda: read_struct(properties),
        inputs=inputs,
        provider=None if provider is None else lambda: read_struct(provider),
        parent=getattr(message, "parent", "") or message.options.parent or None,
        dependencies=getattr(message, "dependencies", ()),
        property_dependencies=behind if registered is None else registered.behind(behind, message.urn),
        written_type=message.type,
        part=registered,
        reading=reading,
        read=read,
    )
