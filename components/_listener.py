"""Where a service's rule stands among the rules of a shared listener."""

import hashlib
from typing import Final

LAST_PRIORITY: Final = 50_000
"""The highest priority number of a listener rule (Elastic Load Balancing API, CreateRule)."""

_GAP: Final = 10


def stable_priority(service: str) -> int:
    """Return the priority of a service that names none: a multiple of ten that depends on nothing but its name.

    Services that come and go never move each other's rules, and the gaps leave room for rules placed by hand.
    """
    slots = LAST_PRIORITY // _GAP
    digest = hashlib.sha256(service.encode()).digest()
    return (int.from_bytes(digest[:8], "big") % slots + 1) * _GAP
