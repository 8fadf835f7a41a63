"""How many tasks a queue's messages ask for: the expressions, read as CloudWatch reads them, and the first steps."""

import itertools
import re
from typing import Final

from hypothesis import given
from hypothesis import strategies as st

from components.services import backlog

Reading = float | None
"""A metric's number of one minute; None if it has none."""

MESSAGES: Final = st.integers(0, 1_000_000)
AIM: Final = st.integers(1, 1_000_000)


def fill(value: Reading, instead: float) -> float:
    return instead if value is None else value


def evaluated(expression: str, waiting: int, in_flight: int | None, tasks: int | None) -> Reading:
    """Return the number of an expression; None where CloudWatch has none, because a metric of the result has none."""
    condition = re.sub(r"\bIF\(", "when(", re.sub(r"\bFILL\(", "fill(", expression))

    def when(test: bool, then: Reading, otherwise: Reading) -> Reading:
        return then if test else otherwise

    numbers = {"waiting": waiting, "inflight": in_flight, "tasks": Missing() if tasks is None else Number(tasks)}
    found = eval(condition, {"fill": lambda value, instead: fill(plain(value), instead), "when": when}, numbers)  # noqa: S307 our own text
    return None if isinstance(found, Missing) else float(found)


class Number(int):
    """Divides without an error: what CloudWatch divides by zero is not used."""

    def __rtruediv__(self, other: float) -> float:
        return other / int(self) if self else float("nan")


class Missing:
    """No number; what it is compared or divided with has none either."""

    def __gt__(self, other: object) -> bool:
        raise MissingData

    def __rtruediv__(self, other: object) -> "Missing":
        return self


class MissingData(Exception):  # noqa: N818 it is no error
    """An expression has no number."""


def plain(value: object) -> Reading:
    return None if isinstance(value, Missing) else value  # type: ignore[return-value]


def per_task(aim: int, waiting: int, in_flight: int | None, tasks: int | None) -> Reading:
    try:
        return evaluated(backlog.per_task(aim), waiting, in_flight, tasks)
    except MissingData:
        return None


def unprocessed(waiting: int, in_flight: int | None, tasks: int | None) -> Reading:
    return evaluated(backlog.WITHOUT_TASKS, waiting, in_flight, tasks)


@given(AIM, MESSAGES, st.none() | MESSAGES, st.integers(1, 1000))
def test_while_tasks_run_messages_in_flight_count_like_those_that_wait(
    aim: int, waiting: int, in_flight: int | None, tasks: int
) -> None:
    assert per_task(aim, waiting, in_flight, tasks) == (waiting + (in_flight or 0)) / tasks


@given(AIM, MESSAGES, st.none() | MESSAGES)
def test_where_no_task_runs_yet_tracking_asks_for_no_more_and_an_empty_queue_for_none(
    aim: int, waiting: int, in_flight: int | None
) -> None:
    found = per_task(aim, waiting, in_flight, 0)
    assert found is not None
    assert found <= aim
    assert (found == 0) is (waiting + (in_flight or 0) == 0)


@given(AIM, MESSAGES, st.none() | MESSAGES)
def test_without_the_number_of_tasks_tracking_does_nothing(aim: int, waiting: int, in_flight: int | None) -> None:
    assert per_task(aim, waiting, in_flight, None) is None


@given(MESSAGES, st.none() | MESSAGES, st.none() | st.integers(0, 1000))
def test_the_first_tasks_are_started_only_where_none_works(
    waiting: int, in_flight: int | None, tasks: int | None
) -> None:
    """Never where a message is in flight: they set the number of tasks, and must not stop one that has a message."""
    works = bool(in_flight) or bool(tasks)
    assert unprocessed(waiting, in_flight, tasks) == (0 if works else waiting)


@given(AIM, st.integers(1, 1000), st.integers(1, 10**9))
def test_the_first_tasks_are_some_and_never_more_than_the_messages_ask_for(aim: int, most: int, messages: int) -> None:
    steps = backlog.first_tasks(aim, most)
    (chosen,) = [step for step in steps if step.least <= messages and (step.most is None or messages < step.most)]
    assert 1 <= chosen.tasks <= most
    assert chosen.tasks == 1 or chosen.tasks * aim <= messages
    assert chosen.tasks * 2 > min(most, messages // aim), "at least half of what tracking would ask for"


@given(AIM, st.integers(1, 1000))
def test_the_steps_are_what_a_policy_takes(aim: int, most: int) -> None:
    steps = backlog.first_tasks(aim, most)
    assert len(steps) <= backlog.MOST_STEPS
    assert steps[0].least == 0
    assert steps[-1].most is None
    assert all(step.most == after.least for step, after in itertools.pairwise(steps))


def test_an_example() -> None:
    assert backlog.first_tasks(50, 20) == [(0, 100, 1), (100, 200, 2), (200, 400, 4), (400, 800, 8), (800, None, 16)]
