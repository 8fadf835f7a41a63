"""What can be wrong with how long logs are kept."""

from collections.abc import Iterator

from ..kinds import RETENTION_DAYS
from ..problems import Path, Problem


def retention_problems(path: Path, days: int, *, none_allowed: bool = False) -> Iterator[Problem]:
    """Find a number of days that CloudWatch Logs does not know; 0 may mean no logs at all."""
    if days in RETENTION_DAYS or (none_allowed and days == 0):
        return
    advice = f"CloudWatch Logs keeps logs for one of {', '.join(map(str, RETENTION_DAYS))} days"
    yield Problem(path, days, f"{advice}; 0: none" if none_allowed else advice)
