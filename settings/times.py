"""Kinds of times: when something happens on a schedule, and in which time zone."""

import functools
import zoneinfo
from difflib import get_close_matches
from typing import Annotated, Final

from pydantic import AfterValidator

from components.jobs import schedules

from .kinds import mistake

_NO_ZONES: Final = frozenset({"Factory", "localtime", "posixrules"})
"""Files of the time zone database that name no zone."""


def _schedule(expression: str) -> str:
    if fault := schedules.problem(expression):
        raise mistake(fault)
    return expression


@functools.cache
def _zones() -> frozenset[str]:
    # Reads the folders of the database.
    return frozenset(zoneinfo.available_timezones() - _NO_ZONES)


def _time_zone(name: str) -> str:
    known = _zones()
    # A machine without the database knows none: AWS judges then.
    if not known or name in known:
        return name
    folded = {one.casefold(): one for one in known}
    close = get_close_matches(name.casefold().replace(" ", "_"), folded, n=1)
    meant = f" Did you mean {folded[close[0]]}?" if close else ""
    raise mistake(f"must be the IANA name of a time zone, such as Europe/Berlin or UTC, not an offset.{meant}")


Schedule = Annotated[str, AfterValidator(_schedule)]
TimeZone = Annotated[str, AfterValidator(_time_zone)]
