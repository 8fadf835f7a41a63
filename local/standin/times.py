"""Time zones, as AWS knows them."""

import functools
import zoneinfo
from typing import Any

from .behaviour import UNKNOWN


def is_no_time_zone(name: Any) -> bool:
    """Return whether a text is no name of a time zone; one that is not known yet may be."""
    return isinstance(name, str) and name not in (UNKNOWN, *_names())


@functools.cache
def _names() -> frozenset[str]:
    # Reads the folders of the database.
    return frozenset(zoneinfo.available_timezones())
