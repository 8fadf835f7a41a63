"""The containers of a task: the same definition for the same choices, and no graph that never starts."""

from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from components.tasks import container_rules
from components.tasks.container_args import APPLICATION, ContainersChoices, FurtherContainerArgs
from components.tasks.container_rules import Runs, circles

RUNS = Runs(cpu=1024, memory=2048, port=8080, is_checked=True, fargate=True, bridge=False)
NAMES = ["a", "b", "c", "d"]
CONDITIONS = ["START", "COMPLETE", "SUCCESS", "HEALTHY"]


def told(chosen: ContainersChoices, runs: Runs = RUNS) -> dict[str, str]:
    """Return path → advice of all that is wrong."""
    return {".".join(map(str, fault.path)): fault.advice for fault in container_rules.faults(chosen, runs)}


def beside(**containers: Mapping[str, Any]) -> Any:
    """Return the choices of a task with containers beside the application."""
    return {"containers": {name: {"image": "example.com/x:1", **one} for name, one in containers.items()}}


def _reaches(graph: Mapping[str, set[str]], start: str) -> set[str]:
    """Return all that a name waits for in the end: by widening a set, not by walking the graph."""
    reached = set(graph.get(start, ()))
    while (wider := reached | {far for near in reached for far in graph.get(near, ())}) != reached:
        reached = wider
    return reached


GRAPHS = st.dictionaries(st.sampled_from(NAMES), st.sets(st.sampled_from(NAMES)))


@given(GRAPHS)
def test_a_circle_is_found_wherever_one_is(graph: dict[str, set[str]]) -> None:
    waiting_for_itself = {name for name in graph if name in _reaches(graph, name)}
    found = circles(graph)
    assert bool(found) == bool(waiting_for_itself)
    for circle in found:
        assert circle[0] == min(circle), "told the same way at each run"
        for name, other in zip(circle, [*circle[1:], circle[0]], strict=True):
            assert other in graph[name]
    assert circles(dict(reversed(graph.items()))) == found


@st.composite
def tasks(draw: st.DrawFn) -> Any:
    """Draw containers with dependencies, whether they make sense or not."""
    names = draw(st.lists(st.sampled_from(NAMES), unique=True))
    needs = st.dictionaries(st.sampled_from([*names, APPLICATION, "nobody"]), st.sampled_from(CONDITIONS), max_size=3)
    one = st.fixed_dictionaries(
        {"image": st.just("example.com/x:1")},
        optional={
            "depends_on": needs,
            "essential": st.booleans(),
            "health_check": st.just({"command": ["CMD", "true"]}),
        },
    )
    return {"containers": {name: draw(one) for name in names}, "depends_on": draw(needs)}


@given(tasks(), st.booleans())
def test_every_illegal_graph_is_refused_and_no_other(chosen: Any, is_checked: bool) -> None:
    runs = RUNS._replace(is_checked=is_checked)
    containers: dict[str, FurtherContainerArgs] = chosen["containers"]
    every: dict[str, Any] = {APPLICATION: chosen, **containers}
    edges = [(name, other, how) for name, one in every.items() for other, how in one.get("depends_on", {}).items()]
    graph: dict[str, set[str]] = {name: set() for name in every}
    for name, other, _ in edges:
        graph[name].add(other)
    awaited = {other for _, other, how in edges if how in ("COMPLETE", "SUCCESS")}
    checked = {name for name, one in containers.items() if "health_check" in one} | (
        {APPLICATION} if is_checked else set()
    )
    illegal = (
        any(other not in every for _, other, _ in edges)
        or any(name in _reaches(graph, name) for name in graph)
        or any(how == "HEALTHY" and other not in checked for _, other, how in edges)
        or APPLICATION in awaited
        or any(containers[name].get("essential") for name in awaited & containers.keys())
    )
    assert bool(told(chosen, runs)) == illegal, told(chosen, runs)


@pytest.mark.parametrize(
    ("said", "waited_for", "is_essential"),
    [(None, "START", True), (None, "SUCCESS", False), (None, "COMPLETE", False), (False, "START", False)],
)
def test_a_container_is_essential_unless_another_one_waits_for_its_end(
    said: bool | None, waited_for: str, is_essential: bool
) -> None:
    one = {} if said is None else {"essential": said}
    chosen = {**beside(setup=one), "depends_on": {"setup": waited_for}}
    assert container_rules.essential("setup", chosen) is is_essential
    assert told(chosen) == {}


LIMITS = st.integers(-1, 2_000_000)


@given(LIMITS, LIMITS)
def test_a_limit_of_open_files_is_taken_exactly_where_fargate_takes_it(soft: int, hard: int) -> None:
    right = soft != -1 and hard != -1 and soft <= hard <= 1_048_576
    chosen: Any = {"ulimits": {"nofile": {"soft": soft, "hard": hard}}}
    assert (told(chosen) == {}) is right


@given(st.dictionaries(st.sampled_from(NAMES), st.integers(2, 1024), min_size=1))
def test_containers_leave_something_of_the_task_to_the_application(shares: dict[str, int]) -> None:
    for key, whole in (("cpu", RUNS.cpu), ("memory", RUNS.memory), ("memory_reservation", RUNS.memory)):
        found = told(beside(**{name: {key: share} for name, share in shares.items()}))
        assert bool(found) == (sum(shares.values()) >= whole)


@given(st.lists(st.tuples(st.sampled_from(["", *NAMES]), st.integers(1, 5)), max_size=4), st.booleans())
def test_each_port_of_a_task_is_there_once(ports: list[tuple[str, int]], bridge: bool) -> None:
    chosen: Any = beside(**{name: {"ports": {}} for name in NAMES}) | {"ports": {}}
    for index, (owner, number) in enumerate(ports):
        (chosen["containers"][owner] if owner else chosen)["ports"][f"p{index}"] = {"port": number}
    taken = [*ports, ("", 3)]
    places = taken if bridge else [number for _, number in taken]
    assert bool(told(chosen, RUNS._replace(port=3, bridge=bridge))) == (len(set(places)) < len(places))
