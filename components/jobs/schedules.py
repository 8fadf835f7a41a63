"""When a job runs: the expressions of EventBridge Scheduler ("Schedule types", EventBridge Scheduler User Guide)."""

import re
from collections.abc import Iterator
from datetime import datetime
from typing import Final, NamedTuple

FORMS: Final = "rate(12 hours), cron(30 2 * * ? *) or at(2030-01-31T02:30:00)"
"""An example of each form."""

_MONTHS: Final = ("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC")
_WEEKDAYS: Final = ("SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT")
_DAYS_OF: Final = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


class _Field(NamedTuple):
    """One field of a cron expression."""

    name: str
    least: int
    most: int
    names: tuple[str, ...] = ()
    """Names of the values, from the least one."""
    special: str = ""
    """Pattern of what else it may be."""
    special_words: str = ""
    steps: bool = True

    @property
    def words(self) -> str:
        """What the field may be."""
        named = f" or {self.names[0]} to {self.names[-1]}" if self.names else ""
        stepped = " and /" if self.steps else ""
        return f"{self.least} to {self.most}{named}, with , - *{stepped}{self.special_words}"


_FIELDS: Final = (
    _Field("minutes", 0, 59),
    _Field("hours", 0, 23),
    _Field("day-of-month", 1, 31, special="L|LW|([1-9]|[12][0-9]|3[01])W", special_words=", ?, L, or 3W"),
    _Field("month", 1, 12, _MONTHS),
    _Field(
        "day-of-week",
        1,
        7,
        _WEEKDAYS,
        special=f"L|([1-7]|{'|'.join(_WEEKDAYS)})(L|#[1-5])",
        special_words=", ?, 6L, or 3#2; 1 is Sunday",
        steps=False,
    ),
    _Field("year", 1970, 2199),
)
_ORDER: Final = "minutes hours day-of-month month day-of-week year"


def problem(expression: str) -> str | None:
    """Return what is wrong with a schedule, to follow its value, and what would be right; None if it is right."""
    found = re.fullmatch(r"(rate|cron|at)\((.*)\)", expression)
    if found is None:
        if len(expression.split()) in (5, 6) and "(" not in expression:
            return f"must be in parentheses: cron({_ORDER}), such as cron(30 2 * * ? *)"
        return f"must be one of {FORMS}"
    kind, content = found.groups()
    if content != content.strip() or "  " in content:
        return "has spaces too many. Put one between the fields, and none beside the parentheses."
    return {"rate": _rate_problem, "cron": _cron_problem, "at": _at_problem}[kind](content)


def is_rate(expression: str) -> bool:
    """Return whether a schedule is an interval, which knows no time of day."""
    return expression.startswith("rate(")


_MINUTES: Final = {"minute": 1, "hour": 60, "day": 24 * 60}


def minutes(expression: str) -> int | None:
    """Return the minutes between two runs of an interval that is right; None for times of day."""
    found = re.fullmatch(r"rate\(([0-9]+) (minute|hour|day)s?\)", expression)
    return int(found[1]) * _MINUTES[found[2]] if found else None


def _rate_problem(content: str) -> str | None:
    found = re.fullmatch(r"([0-9]+) (minute|hour|day)(s?)", content)
    if found is None:
        return "must be rate(value unit), with a whole number and minutes, hours or days: rate(12 hours)"
    value, unit = int(found[1]), found[2]
    if value == 0:
        return "must have a number from 1 up: rate(1 hour)"
    if (value > 1) is not bool(found[3]):
        return f"must be rate({value} {unit}{'s' * (value > 1)}), as AWS writes it"
    return None


def _at_problem(content: str) -> str | None:
    if re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d", content) is None:
        return "must be at(yyyy-mm-ddThh:mm:ss), without a zone, which timeZone says: at(2030-01-31T02:30:00)"
    try:
        datetime.fromisoformat(content)
    except ValueError as error:
        return f"is no date and time ({error})"
    return None


def _cron_problem(content: str) -> str | None:
    texts = content.split(" ")
    if len(texts) != len(_FIELDS):
        count = f"{len(texts)} field{'s' * (len(texts) != 1)}"
        return f"has {count}, but AWS takes six: {_ORDER}. Every night at 2:30 is cron(30 2 * * ? *)."
    for field, text in zip(_FIELDS, texts, strict=True):
        if text == "?" and "?" in field.special_words:
            continue
        if re.fullmatch(field.special, text) and field.special:
            continue
        for item in text.split(","):
            if (fault := _item_problem(field, item)) is not None:
                return f"has {text} as {field.name}{fault}, but that takes {field.words}"
    days, weekdays = texts[2], texts[4]
    if (days == "?") is (weekdays == "?"):
        both = "in both" if days == "?" else "in neither"
        return (
            f"has ? {both} of day-of-month and day-of-week. Put ? into exactly one of them: cron(30 2 * * ? *) for "
            "days of the month, cron(30 2 ? * MON-FRI *) for days of the week."
        )
    return _never(days, texts[3])


def _item_problem(field: _Field, item: str) -> str | None:
    """Return what is wrong with an item of a field's list, perhaps nothing more than that."""
    whole, slash, step = item.partition("/")
    if slash and not (field.steps and re.fullmatch("[1-9][0-9]*", step)):
        return ""
    if whole == "*":
        return None
    values = [_value(field, text) for text in whole.split("-")]
    if len(values) > 2 or None in values:
        return ""
    least, most = values[0], values[-1]
    if least is not None and most is not None and least > most:
        return f" ({whole} runs backwards: write two ranges, with a comma)"
    return None


def _value(field: _Field, text: str) -> int | None:
    if text in field.names:
        return field.least + field.names.index(text)
    if not re.fullmatch("[0-9]{1,4}", text):
        return None
    return int(text) if field.least <= int(text) <= field.most else None


def _never(days: str, months: str) -> str | None:
    """Tell of days that none of the months has."""
    if not re.fullmatch("[0-9,-]+", days):
        return None
    earliest = min(_values(_FIELDS[2], days))
    longest = max(_DAYS_OF[month - 1] for month in _values(_FIELDS[3], months))
    if earliest > longest:
        return f"never comes: none of its months has a day {earliest}. Use L for the last day of a month."
    return None


def _values(field: _Field, text: str) -> Iterator[int]:
    """Yield the values of a field that is right and has no special form."""
    for item in text.split(","):
        whole, _, step = item.partition("/")
        ends = [field.least, field.most] if whole == "*" else [_value(field, one) or 0 for one in whole.split("-")]
        last = field.most if step and len(ends) == 1 else ends[-1]
        yield from range(ends[0], last + 1, int(step or 1))
