"""What a `Must` calls good or bad: plain values, and the patterns, lists and settings of this module.

A plain value accepts itself, `None` accepts a property that is not set, and `[]` an empty list.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeGuard

from policies.framework.values import plain, wildcard_match

Settings = Mapping[str, Any]


@dataclass(frozen=True)
class Accepts:
    """More values than one.

    :ivar accepts: whether a value that is known and set is one of them, under the rule's settings.
    :ivar samples: values that it accepts. The derived examples use them, so each is one that matters.
    :ivar setting: the setting that decides; an example names its sample in it.
    :ivar last: whether it comes after everything else in `good` and `bad`.
    """

    accepts: Callable[[object, Settings], bool]
    samples: tuple[object, ...]
    setting: str = ""
    last: bool = False


def any_text(*samples: str) -> Accepts:
    """Every text that nothing else in `good` or `bad` accepts.

    :param samples: at least one such text for the examples.
    :raises ValueError: there is none.
    """
    if not samples:
        raise ValueError("any_text(): add a sample")
    return Accepts(lambda value, _: isinstance(value, str), samples, last=True)


def matching(pattern: str, *samples: str) -> Accepts:
    """Text that a regular expression matches as a whole.

    :param samples: at least one text that it matches.
    :raises ValueError: there is no sample, or one that the pattern does not match.
    """
    compiled = re.compile(pattern)
    wrong = [sample for sample in samples if not compiled.fullmatch(sample)]
    if wrong or not samples:
        raise ValueError(f"matching({pattern!r}): " + (f"does not match {wrong[0]!r}" if wrong else "add a sample"))
    return Accepts(lambda value, _: isinstance(value, str) and compiled.fullmatch(value) is not None, samples)


def listed_in(setting: str, *samples: str) -> Accepts:
    """Text that a setting of the rule allows: a list of names in which `*` stands for any characters.

    :param samples: at least one text for the examples.
    :raises ValueError: there is no sample.
    """
    if not samples:
        raise ValueError(f"listed_in({setting!r}): add a sample")
    return Accepts(
        lambda value, settings: (
            isinstance(value, str) and any(wildcard_match(str(name), value) for name in settings.get(setting, ()))
        ),
        samples,
        setting,
    )


def filled(*elements: object) -> Accepts:
    """A list that has elements, known or not.

    :param elements: those of the list that the examples use, at least one.
    :raises ValueError: there are none.
    """
    if not elements:
        raise ValueError("filled(): add an element")
    return Accepts(lambda value, _: _is_list(value) and len(value) > 0, (list(elements),))


def accepted(value: object, by: Sequence[object], settings: Settings, *, last: bool = False) -> bool:
    """Whether one of several plain values or `Accepts` takes a value.

    :param last: ask those that come last, rather than the others.
    """
    return any(_takes(one, value, settings) for one in by if _is_last(one) is last)


def any_last(by: Sequence[object]) -> bool:
    """Whether one of them takes whatever nothing else does."""
    return any(map(_is_last, by))


def samples(by: Sequence[object]) -> list[tuple[Any, Settings]]:
    """Values that are accepted, each with the settings under which it is."""
    found: list[tuple[Any, Settings]] = []
    for one in by:
        if isinstance(one, Accepts):
            found += [(sample, {one.setting: [sample]} if one.setting else {}) for sample in one.samples]
        else:
            found.append((one, {}))
    return found


def settings_of(by: Sequence[object]) -> set[str]:
    """The settings of the rule that decide what is accepted."""
    return {one.setting for one in by if isinstance(one, Accepts) and one.setting}


def form(by: Sequence[object]) -> str:
    """The form that the values have, for a message about one of another form."""
    kinds = [value for value, _ in samples(by) if value is not None]
    if any(isinstance(value, bool) for value in kinds):
        return "true or false"
    if any(isinstance(value, list) for value in kinds):
        return "a list"
    return "text" if all(isinstance(value, str) for value in kinds) else "a number"


def _is_last(one: object) -> bool:
    return isinstance(one, Accepts) and one.last


def _takes(one: object, value: object, settings: Settings) -> bool:
    if one is None or value is None:
        return one is value
    if isinstance(one, Accepts):
        return one.accepts(value, settings)
    if isinstance(one, bool) or isinstance(value, bool):
        return one is value
    return bool(one == plain(value))


def _is_list(value: object) -> TypeGuard[Sequence[object]]:
    # The SDK's proxies of lists are sequences too.
    return isinstance(value, Sequence) and not isinstance(value, str | bytes)
