"""Schedules as EventBridge Scheduler and Application Auto Scaling read them: cron(...), rate(...) and at(...)."""

import re
import zoneinfo
from collections.abc import Iterator, Sequence
from datetime import datetime
from difflib import get_close_matches
from functools import cache
from typing import Final, NamedTuple

_FORMS: Final = "cron(0 7 ? * MON-FRI *), rate(5 minutes) or at(2027-01-31T18:00:00)"
_UNITS: Final = ("minute", "hour", "day")
_MONTHS: Final = ("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC")
_DAYS: Final = ("SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT")
_DAYS_OF_MONTHS: Final = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


class _Field(NamedTuple):
    """One of the six fields of a cron expression."""

    name: str
    first: int
    last: int
    names: Sequence[str] = ()
    """Names of its values, beginning with that of the first one."""
    special: str = ""
    """Forms besides values, ranges, lists, steps and `*`."""

    def number(self, text: str) -> int | None:
        """Return the value that a text stands for; None for anything else."""
        if text.upper() in self.names:
            return self.first + self.names.index(text.upper())
        value = int(text) if re.fullmatch(r"[0-9]{1,4}", text) else -1
        return value if self.first <= value <= self.last else None


_FIELDS: Final = (
    _Field("minutes", 0, 59),
    _Field("hours", 0, 23),
    _Field("day of month", 1, 31, special=r"[?]|L(-[0-9]{1,2})?|LW|([1-9]|[12][0-9]|3[01])W"),
    _Field("month", 1, 12, _MONTHS),
    _Field("day of week", 1, 7, _DAYS, special=r"[?]|L|([1-7]|SUN|MON|TUE|WED|THU|FRI|SAT)(L|#[1-5])"),
    _Field("year", 1970, 2199),
)


def fault(expression: str) -> str | None:
    """Return what is wrong with a schedule, to follow its path; None if nothing is."""
    match = re.fullmatch(r"(cron|rate|at)[(](.*)[)]", expression)
    if match is None:
        hint = ""
        if len(expression.split()) in (5, 6):
            hint = ". Put six fields into cron(...): minutes, hours, day of month, month, day of week, year"
        return f"must be a schedule such as {_FORMS}{hint}"
    kind, content = match.groups()
    return {"cron": _cron_fault, "rate": _rate_fault, "at": _at_fault}[kind](content)


def recurs(expression: str) -> bool:
    """Return whether a schedule without faults comes again; a cron expression that names single years counts."""
    return not expression.startswith("at(")


def time_zone_fault(name: str) -> str | None:
    """Return what is wrong with the name of a time zone; None if nothing is, or this machine knows no zones."""
    zones = _zones()
    if not zones or name in zones:
        return None
    close = get_close_matches(name, zones, n=1)
    meant = f". Did you mean {close[0]}?" if close else ""
    return f"must be a time zone of the IANA database such as Europe/Berlin or UTC{meant}"


@cache
def _zones() -> frozenset[str]:
    return frozenset(zoneinfo.available_timezones() - {"localtime", "posixrules", "Factory"})


def _rate_fault(content: str) -> str | None:
    match = re.fullmatch(r"([0-9]+) (\w+)", content)
    value, unit = (int(match[1]), match[2]) if match else (0, "")
    if value < 1 or unit.removesuffix("s") not in _UNITS:
        return f"must be rate(<1 or more> <{'s, '.join(_UNITS)}s>), such as rate(5 minutes)"
    right = unit.removesuffix("s") + ("" if value == 1 else "s")
    return None if unit == right else f"must be rate({value} {right}): one takes no s, more take one"


def _at_fault(content: str) -> str | None:
    if re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}", content):
        try:
            datetime.fromisoformat(content)
        except ValueError:
            return "is no date and time that there is. Write at(yyyy-mm-ddThh:mm:ss)."
        return None
    return (
        "must be at(yyyy-mm-ddThh:mm:ss), such as at(2027-01-31T18:00:00), without Z or offset: timeZone says the zone"
    )


def _cron_fault(content: str) -> str | None:
    parts = content.split()
    if len(parts) != len(_FIELDS):
        return (
            f"has {len(parts)} fields, but cron takes six: minutes, hours, day of month, month, day of week and year, "
            "such as cron(0 7 ? * MON-FRI *)"
        )
    for field, text in zip(_FIELDS, parts, strict=True):
        if wrong := next(_field_faults(field, text), None):
            return f"has {wrong} as {field.name}, which takes {_taken(field)}"
    of_month, of_week = parts[2], parts[4]
    if (of_month == "?") == (of_week == "?"):
        both = "has both a day of month and a day of week"
        what = "leaves out both day of month and day of week" if of_month == "?" else both
        return f"{what}. Write ? for exactly one of them: cron(0 7 ? * MON-FRI *) or cron(0 7 1 * ? *)"
    return None if _has_a_day(of_month, parts[3]) else f"never comes: no such month has a day {of_month}"


def _field_faults(field: _Field, text: str) -> Iterator[str]:
    """Yield the parts of a field that it does not take."""
    if field.special and re.fullmatch(field.special, text.upper()):
        return
    for part in text.split(","):
        base, slash, step = part.partition("/")
        if slash and not (step.isdigit() and 0 < int(step) <= field.last - field.first + 1):
            yield part
            continue
        if base == "*":
            if "," in text:
                yield text
            continue
        begin, dash, end = base.partition("-")
        first, last = field.number(begin), field.number(end) if dash else None
        if first is None or (dash and (last is None or (last < first and not field.names))):
            yield part


def _taken(field: _Field) -> str:
    values = f"{field.first} to {field.last}"
    if field.names:
        values += f" or {field.names[0]} to {field.names[-1]}"
    return f"{values}, ranges (-), lists (,), steps (/) and *{', or ?' if field.special else ''}"


def _has_a_day(of_month: str, month: str) -> bool:
    """Return whether any month named has any day named, where both are plain values."""
    if not re.fullmatch(r"[0-9,]+", of_month):
        return True
    field = _FIELDS[3]
    numbers = [field.number(part) for part in month.split(",")]
    months = [number for number in numbers if number is not None]
    if len(months) < len(numbers):
        return True
    return any(int(day) <= _DAYS_OF_MONTHS[number - 1] for day in of_month.split(",") for number in months)
