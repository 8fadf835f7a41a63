"""Properties on their way between the engine and here: Struct messages there, plain values here."""

from typing import Any, Final

from google.protobuf import struct_pb2

from .account import Properties

_MARKS: Final = "__defaults"
"""Key with which the bridge marks what the program did not choose; not a property of the resource."""


def plain(struct: struct_pb2.Struct) -> Properties:
    """Return properties as plain values, whole numbers as `int`, without the engine's own keys."""
    # json_format.MessageToDict does the same in three times the CPU.
    return {key: _value(item) for key, item in struct.fields.items() if key != _MARKS}


def defaulted(struct: struct_pb2.Struct) -> list[str]:
    """Return the properties that the plugin chose, not the program."""
    marks = struct.fields.get(_MARKS)
    return [item.string_value for item in marks.list_value.values] if marks else []


def struct(properties: Properties) -> struct_pb2.Struct:
    """Return plain values as a message."""
    made = struct_pb2.Struct()
    made.update(properties)
    return made


def _value(value: struct_pb2.Value) -> Any:
    match value.WhichOneof("kind"):
        case "string_value":
            return value.string_value
        case "struct_value":
            return plain(value.struct_value)
        case "list_value":
            return [_value(item) for item in value.list_value.values]
        case "number_value":
            number = value.number_value
            return int(number) if number.is_integer() else number
        case "bool_value":
            return value.bool_value
        case _:
            return None
