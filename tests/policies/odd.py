"""Values that nobody expects, put into the examples of rules."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from pulumi_policy.deserialize import SPECIAL_SIG_KEY

from policies.framework import UNKNOWN, Example, Res

Path = tuple[str | int, ...]

_SPECIAL = [
    {"4dabf18193072939515e22adb298388d": signature, **fields}
    for signature, fields in (
        ("c44067f5952c0a294b673a41bacd8c17", {"text": "a file"}),
        ("0def7320c3a5731c473e5ecbe6d01bc7", {"assets": {}}),
        ("5cf8f73096256a8f31e491e813e4eb8e", {"urn": "urn:x", "id": ""}),
        ("d0e6a833031e9bbcd3f4e8bde6ca49a4", {"secret": True}),
        ("another", {}),
    )
]
assert all(SPECIAL_SIG_KEY in special for special in _SPECIAL)


def _nested(levels: int) -> Any:
    value: Any = "*"
    for _ in range(levels):
        value = {"a": [value]}
    return value


TEXTS = (
    *(
        "",
        " ",
        "*",
        "x",
        "0",
        "-0",
        "1e400",
        "NaN",
        "{}",
        "[1",
        "null",
        "arn:",
        "arn:::::::",
        ":::/::/",
        "\u00a0",
        "\u202e",
    ),
    *("\x1b[31m\r\n\t\x00", "arn:aws:s3:::\n*", "x" * 10_000, "arn:aws:" + "z" * 9_000, "1" * 5_000, "[" * 100_000),
    *("[" * 300 + "]" * 300, '{"Statement": [1e400]}', '{"a": NaN}', '{"\\ud800": "\\udfff"}', UNKNOWN, f"x{UNKNOWN}"),
)
NUMBERS = (-1, 0.5, 10**20, 1e308, float("nan"), float("inf"), float("-inf"), True)
CONTAINERS: tuple[Any, ...] = (
    None,
    [],
    [None],
    [[]],
    [UNKNOWN],
    ["*"],
    {},
    {"*": "*"},
    {"k\n\x00" + "y" * 9_000: 1},
    [{}],
    _nested(9),
    _nested(60),
)
VALUES: tuple[Any, ...] = (*TEXTS, *NUMBERS, *CONTAINERS, *_SPECIAL)
"""What the engine can send in place of any property."""

HALVES: tuple[Any, ...] = ("\ud800", "s3:\udfff*", ["\ud800"], {"\ud800": "\udbff"})
"""What the text of a document can say beside these."""

IN_DOCUMENTS: tuple[Any, ...] = (*HALVES, *(value for value in VALUES if not isinstance(value, float)))


def places(example: Example) -> list[tuple[int, Path, bool]]:
    """Every place in an example's inputs: the resource, the path, and whether that leads into a document's text."""
    return [
        (number, path, inside)
        for number, resource in enumerate(example.resources)
        for path, inside in _places(resource.inputs)
        if path
    ]


def at(example: Example, number: int, path: Path) -> Any:
    """What stands in a place."""
    value: Any = example.resources[number].inputs
    for step in path:
        value = (json.loads(value) if isinstance(value, str) else value)[step]
    return value


def with_value(example: Example, number: int, path: Path, value: Any) -> Example:
    """The example with something else in a place."""
    resource = example.resources[number]
    return with_resource(example, number, replace(resource, inputs=_replaced(resource.inputs, path, value)))


def with_resource(example: Example, number: int, resource: Res) -> Example:
    """The example with another resource in one's place."""
    return replace(example, resources=[*example.resources[:number], resource, *example.resources[number + 1 :]])


def _places(value: Any, path: Path = (), inside: bool = False) -> Iterator[tuple[Path, bool]]:
    yield path, inside
    if isinstance(value, str):
        document = open_document(value)
        if document is not None and not inside:
            yield from (found for found in _places(document, path, True) if found[0] != path)
    elif isinstance(value, Mapping):
        for key, item in value.items():
            yield from _places(item, (*path, key), inside)
    elif isinstance(value, list | tuple):
        for index, item in enumerate(value):
            yield from _places(item, (*path, index), inside)


def _replaced(value: Any, path: Path, new: Any) -> Any:
    if not path:
        return new
    if isinstance(value, str):
        return json.dumps(_replaced(json.loads(value), path, new))
    first, rest = path[0], path[1:]
    if isinstance(value, Mapping):
        return {**value, first: _replaced(value[str(first)], rest, new)}
    return [_replaced(item, rest, new) if index == first else item for index, item in enumerate(value)]


def open_document(text: str) -> Any:
    """What a text says as JSON; `None` if it is no document."""
    try:
        found = json.loads(text) if text[:1] in ("[", "{") else None
    except ValueError:
        return None
    return found
