"""What of a setting its JSON Schema refuses, in plain words. The engine refuses the same in a schema's words."""

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

KEYWORDS = frozenset(
    {
        *("type", "enum", "minimum", "maximum", "pattern", "minLength", "items", "minItems", "properties", "required"),
        *("additionalProperties", "default", "description"),
    }
)
"""What is understood; a setting has nothing else."""

_KINDS = {
    "array": "a list",
    "boolean": "true or false",
    "integer": "a whole number",
    "number": "a number",
    "object": "an object",
    "string": "text",
}


def mismatches(schema: Mapping[str, Any], value: Any, path: str) -> Iterator[str]:
    """Every place of a value that is not as the schema says, each as a sentence that begins with its path."""
    if must := _must(schema, value):
        yield f"{path} is {_shown(value)}, but must be {must}"
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from mismatches(schema.get("items", {}), item, f"{path}[{index}]")
    elif isinstance(value, dict):
        known = schema.get("properties", {})
        for key, item in value.items():
            if key in known:
                yield from mismatches(known[key], item, f"{path}.{key}")
            elif schema.get("additionalProperties") is False:
                yield f"{path} has the unknown field {key}; it has {', '.join(known)}"
        for key in schema.get("required", ()):
            if key not in value:
                yield f"{path} has no {key}; add it"


def _must(schema: Mapping[str, Any], value: Any) -> str:
    kind = schema.get("type", "")
    if kind and not _is(kind, value):
        return _KINDS[kind]
    if "enum" in schema and not any(_same(value, allowed) for allowed in schema["enum"]):
        return f"one of {', '.join(map(str, schema['enum']))}"
    if isinstance(value, int | float) and not isinstance(value, bool):
        return _range(schema) if _is_outside(schema, value) else ""
    if isinstance(value, str):
        pattern = schema.get("pattern", "")
        # As the engine reads patterns: digits are ASCII, and the end of the text is no line end before it.
        if pattern and not re.search(re.sub(r"\$$", r"\\Z", pattern), value, re.ASCII):
            return f"text that begins with {pattern[1:]}" if re.fullmatch(r"\^[\w-]+", pattern) else f"like {pattern}"
        return "text that is not empty" if len(value) < schema.get("minLength", 0) else ""
    if isinstance(value, list) and len(value) < schema.get("minItems", 0):
        return f"a list of at least {schema['minItems']}"
    return ""


def _is(kind: str, value: Any) -> bool:
    if isinstance(value, bool):
        return kind == "boolean"
    if isinstance(value, float):  # 443.0 is a whole number, in JSON Schema too
        return kind == "number" or (kind == "integer" and value.is_integer())
    kinds: dict[str, type | tuple[type, ...]] = {
        "array": list, "integer": int, "number": int, "object": dict, "string": str
    }  # fmt: skip
    return isinstance(value, kinds.get(kind, ()))


def _same(value: Any, other: Any) -> bool:
    return bool(value == other) and isinstance(value, bool) == isinstance(other, bool)


def _is_outside(schema: Mapping[str, Any], value: float) -> bool:
    return ("minimum" in schema and value < schema["minimum"]) or ("maximum" in schema and value > schema["maximum"])


def _range(schema: Mapping[str, Any]) -> str:
    if "minimum" in schema and "maximum" in schema:
        return f"from {schema['minimum']} to {schema['maximum']}"
    return f"at least {schema['minimum']}" if "minimum" in schema else f"at most {schema['maximum']}"


def _shown(value: Any) -> str:
    text = json.dumps(value)
    return text if len(text) <= 60 else f"{text[:57]}..."
