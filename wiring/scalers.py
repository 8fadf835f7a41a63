"""What the stack's state has of the scalers of its services."""

import re
from collections.abc import Iterable
from typing import Final, NamedTuple

from .state import Resource

_KIND: Final = re.compile(r"container-platform:index:\w+")
_TARGET: Final = "aws:appautoscaling/target:Target"
_SCHEDULED: Final = "aws:appautoscaling/scheduledAction:ScheduledAction"


class Scaler(NamedTuple):
    """A service's scaler, as the last run left it."""

    limits: str = ""
    """Limits that it had from the settings; schedules may have changed them since."""
    scheduled: bool = False
    """Whether schedules change them."""


def scalers(resources: Iterable[Resource]) -> dict[str, Scaler]:
    """Return the scalers in the state, by the name of their service."""
    there = list(resources)
    limits = {one.name: str(one.outputs.get("task_limits", "")) for one in there if _KIND.fullmatch(one.kind)}
    scheduled = {one.outputs.get("resourceId") for one in there if one.kind.endswith(f"${_SCHEDULED}")}
    return {
        one.name: Scaler(limits.get(one.name, ""), one.outputs.get("resourceId") in scheduled)
        for one in there
        if one.kind.endswith(f"${_TARGET}")
    }
