"""Mistakes in filter policies of SNS ("Filter policy constraints in Amazon SNS", SNS Developer Guide)."""

import json
import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Final, NamedTuple

from components.storage.queue_args import FilterScope

from ..problems import Path, Problem

_MOST_KEYS: Final = 5
_MOST_COMBINATIONS: Final = 150


def _is_plain(value: Any) -> bool:
    return value is None or isinstance(value, str | bool | int | float)


def _is_text(value: Any) -> bool:
    return isinstance(value, str) and bool(value)


def _is_other(value: Any) -> bool:
    """Tell whether `anything-but` takes this: values, or text that begins or ends otherwise."""
    if isinstance(value, dict) and len(value) == 1:
        ((operator, operand),) = value.items()
        texts = operand if isinstance(operand, list) else [operand]
        return operator in ("equals-ignore-case", "prefix", "suffix", "wildcard") and all(map(_is_text, texts))
    return _is_plain(value) or (isinstance(value, list) and bool(value) and all(map(_is_plain, value)))


def _is_range(value: Any) -> bool:
    """Tell whether `numeric` takes this: one comparison, or two that are the ends of a range."""
    return (
        isinstance(value, list)
        and len(value) in (2, 4)
        and all(sign in ("=", "<", "<=", ">", ">=") for sign in value[::2])
        and all(isinstance(number, int | float) and not isinstance(number, bool) for number in value[1::2])
    )


_OPERATORS: Final[Mapping[str, tuple[Callable[[Any], bool], str]]] = {
    "anything-but": (_is_other, "a value, a list of values, or text that begins otherwise: {prefix: order-}"),
    "cidr": (_is_text, "an IP address range: 10.0.0.0/24"),
    "equals-ignore-case": (_is_text, "text"),
    "exists": (lambda value: isinstance(value, bool), "true or false"),
    "numeric": (_is_range, 'a comparison, or two: [">=", 100], or [">", 0, "<=", 100]'),
    "prefix": (_is_text, "text: what values begin with"),
    "suffix": (_is_text, "text: what values end with"),
    "wildcard": (_is_text, "text, with * for any characters"),
}
"""What a condition may compare with, and the same in words ("Filter policy types", SNS Developer Guide)."""


class _Leaf(NamedTuple):
    values: int
    depth: int


def filter_policy_problems(path: Path, policy: Mapping[str, Any], scope: FilterScope) -> Iterator[Problem]:
    """Find what SNS would refuse in a filter policy."""
    if not policy:
        yield Problem(path, {}, "names no attribute. Remove it: the queue then gets every message.")
        return
    leaves: list[_Leaf] = []
    faults = list(_within(path, policy, 1, leaves))
    yield from faults
    deepest = max((leaf.depth for leaf in leaves), default=1)
    if deepest > 1 and scope is FilterScope.MESSAGE_ATTRIBUTES:
        advice = (
            "is nested, which attributes cannot be. Give each attribute a list of values, or set filterPolicyScope: "
            "MessageBody."
        )
        yield Problem(path, policy, advice, ((*path[:-1], "filterPolicyScope"),))
    elif not faults:
        yield from _size_problems(path, leaves)


def _size_problems(path: Path, leaves: Sequence[_Leaf]) -> Iterator[Problem]:
    if len(leaves) > _MOST_KEYS:
        advice = f"has {len(leaves)} attributes, but SNS takes {_MOST_KEYS} at most. Filter by fewer."
        yield Problem(path, None, advice)
    # In a body each value counts once for each level that it is nested in.
    combinations = math.prod(leaf.values * leaf.depth for leaf in leaves)
    if combinations > _MOST_COMBINATIONS:
        advice = (
            f"has {combinations} combinations of values, the numbers of values multiplied, but SNS takes "
            f"{_MOST_COMBINATIONS} at most. Name fewer values, or use prefix."
        )
        yield Problem(path, None, advice)


def _within(path: Path, policy: Mapping[str, Any], depth: int, leaves: list[_Leaf]) -> Iterator[Problem]:
    for name, value in policy.items():
        at = (*path, name)
        if name == "$or" and isinstance(value, list) and all(isinstance(item, dict) for item in value):
            for index, item in enumerate(value):
                yield from _within((*at, index), item, depth, leaves)
        elif isinstance(value, dict) and next(iter(value), None) in _OPERATORS:
            yield Problem(at, value, f"must be a list of at least one condition: [{_text(value)}]")
        elif isinstance(value, dict):
            yield from _within(at, value, depth + 1, leaves)
        elif not isinstance(value, list) or not value:
            example = value if value and isinstance(value, str) else "created"
            yield Problem(at, value, f"must be a list of at least one value: [{example}]")
        else:
            leaves.append(_Leaf(len(value), depth))
            for index, item in enumerate(value):
                yield from _condition_problems((*at, index), item)


def _condition_problems(path: Path, condition: Any) -> Iterator[Problem]:
    if _is_plain(condition):
        return
    if not (isinstance(condition, dict) and len(condition) == 1 and next(iter(condition)) in _OPERATORS):
        advice = f"must be a value, or one of {', '.join(_OPERATORS)} with what it compares: {{prefix: order-}}"
        yield Problem(path, condition, advice)
        return
    ((operator, operand),) = condition.items()
    takes, words = _OPERATORS[operator]
    if not takes(operand):
        yield Problem((*path, operator), operand, f"must be {words}")


def _text(value: Mapping[str, Any]) -> str:
    return "{" + ", ".join(f"{name}: {json.dumps(item)}" for name, item in value.items()) + "}"
