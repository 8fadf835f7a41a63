"""What a pack takes grows in line with what it judges: four times as much may take eight times as long, not sixteen."""

from collections.abc import Callable

import pytest

from benchmarks.growth import KINDS, POLICIES, Made, seconds

_FACTOR, _MOST = 4, 8
_SHORTEST = 0.01
"""Below it other things count for more than growth."""


@pytest.mark.parametrize("make", [*KINDS.values(), *POLICIES.values()], ids=[*KINDS, *POLICIES])
def test_time_grows_in_line(make: Callable[[int], list[Made]]) -> None:
    size, before = 25, 0.0
    while before < _SHORTEST and size < 300:
        size *= 2
        before = seconds(make(size))
    after = seconds(make(size * _FACTOR))
    if after >= max(before, _SHORTEST) * _MOST:  # on a busy machine one more try tells
        after = min(after, seconds(make(size * _FACTOR)))
    assert after < max(before, _SHORTEST) * _MOST, f"{size}: {before:.2f} s, {size * _FACTOR}: {after:.2f} s"
