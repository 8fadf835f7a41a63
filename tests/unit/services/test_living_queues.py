"""A queue that lives cannot become a fifo queue, nor the other way round, where it is protected."""

from typing import Any

import pytest

from ..conftest import Engine, run_main, stack_config

QUEUE = "container-platform:index:QueueWorker$aws:sqs/queue:Queue"


def run(monkeypatch: pytest.MonkeyPatch, queue: dict[str, Any], *, fifo: bool, protect: bool) -> list[str]:
    """Run the program on a stack that has the queue, and return its warnings."""
    said: list[str] = []
    monkeypatch.setattr("pulumi.log.warn", said.append)
    engine = Engine()
    for name in ("orders", "orders_dead-letters"):
        engine.state[f"urn:pulumi:dev::container-platform::{QUEUE}::{name}"] = {"outputs": {"fifoQueue": fifo}}
    config = stack_config("dev")
    platform = config["container-platform:platform"]
    platform["services"]["orders"] = {"kind": "queueWorker", "repository": "web", "queue": queue}
    platform |= {"protect": protect, "cluster": {}}
    run_main("dev", config, engine=engine)
    return said


@pytest.mark.parametrize(("queue", "fifo"), [({"fifo": {}}, False), ({}, True)])
def test_a_protected_stack_refuses_another_kind_of_queue(
    monkeypatch: pytest.MonkeyPatch, queue: dict[str, Any], fifo: bool
) -> None:
    with pytest.raises(Exception, match=r"services\.orders\.queue\.fifo") as caught:
        run(monkeypatch, queue, fifo=fifo, protect=True)
    assert "add a second queue with the change" in str(caught.value)
    (warning,) = run(monkeypatch, queue, fifo=fifo, protect=False)
    assert "what waits in it is lost" in warning


@pytest.mark.parametrize(("queue", "fifo"), [({"fifo": {"highThroughput": True}}, True), ({"delaySeconds": 9}, False)])
def test_all_else_changes_in_place(monkeypatch: pytest.MonkeyPatch, queue: dict[str, Any], fifo: bool) -> None:
    assert run(monkeypatch, queue, fifo=fifo, protect=True) == []
