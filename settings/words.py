"""Pydantic's mistakes in this program's own words: one line for each kind of error that a section can raise."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from pydantic_core import ErrorDetails

_MAP: Final = "must be a map of settings; {} means all defaults"

WORDS: Final[Mapping[str, "str | Callable[[Mapping[str, Any], Any], str]"]] = {
    "missing": "is missing and has no default",
    "value_error": lambda context, _: str(context["error"]),
    "enum": lambda context, _: f"must be {context['expected']}",
    "union_tag_invalid": lambda context, _: f"must be {context['expected_tags'].replace(', ', ' or ')}",
    "literal_error": lambda context, _: f"must be {context['expected']}",
    "int_type": "must be a whole number, without quotes",
    "int_from_float": "must be a whole number",
    "int_parsing_size": "is too large a number",
    "float_type": "must be a number, without quotes",
    "bool_type": "must be true or false, without quotes",
    "string_type": 'must be text: put it in quotes, "..."',
    "list_type": "must be a list",
    "dict_type": "must be a map",
    "model_type": _MAP,
    "model_attributes_type": _MAP,
    "greater_than_equal": lambda context, _: f"must be {context['ge']} or more",
    "less_than_equal": lambda context, _: f"must be {context['le']} or less",
    "greater_than": lambda context, _: f"must be more than {context['gt']}",
    "less_than": lambda context, _: f"must be less than {context['lt']}",
    "too_short": lambda context, value: _least(context["min_length"], "item", len(value)),
    "too_long": lambda context, value: _most(context["max_length"], "item", len(value)),
    "string_too_short": lambda context, value: _least(context["min_length"], "character", len(value)),
    "string_too_long": lambda context, value: _most(context["max_length"], "character", len(value)),
}
"""What is wrong and what would be right, by pydantic's name of the error; some depend on its context and the value."""


def advice(error: ErrorDetails) -> str:
    """Return what is wrong with a value, and what would be right."""
    words = WORDS.get(error["type"])
    if words is None:
        return error["msg"]  # of a kind of text of our own (settings/kinds.py)
    said = words if isinstance(words, str) else words(error.get("ctx", {}), error["input"])
    if error["input"] is None and error["type"] != "missing":
        return f"is empty, but {said}. Remove the key to get the default, if it has one."
    return said


def _least(least: int, what: str, count: int) -> str:
    if not count and least == 1 and what == "character":
        return "must not be empty"
    return f"must have at least {least} {what}{'s' * (least != 1)}, but has {count or 'none'}"


def _most(most: int, what: str, count: int) -> str:
    return f"can have at most {most:,} {what}{'s' * (most != 1)}, but has {count:,}"
