"""No resource of a running stack is replaced, released or left unprotected by a change of the code."""

import difflib

import pytest
from pulumi import ComponentResource as Component

import components
from local.standin.table import TABLE

from .resources import STACKS, lines, register, snapshot


@pytest.mark.parametrize("stack", STACKS)
def test_every_resource_keeps_its_identity(stack: str) -> None:
    before, now = snapshot(stack).read_text().splitlines(), list(lines(register(stack)))
    changed = "\n".join(difflib.unified_diff(before, now, "before", "now", lineterm="", n=1))
    assert not changed, (
        f"{changed}\nA resource that is renamed or moved is replaced in every running stack: give it an alias. "
        "Where the change is meant, run `make generate`, and write it into CHANGELOG.md."
    )


def test_the_stand_in_knows_every_resource_type() -> None:
    made = {
        line.partition("::")[0].rpartition("$")[2]
        for stack in STACKS
        for line in snapshot(stack).read_text().splitlines()
        if "::" in line and not line.startswith(" ")
    }
    assert {kind for kind in made if kind.startswith("aws:")} <= set(TABLE), "CONTRIBUTING.md: Adding a resource type"


def test_every_component_is_in_a_snapshot() -> None:
    made = {
        kind.rpartition(":")[2]
        for stack in STACKS
        for line in snapshot(stack).read_text().splitlines()
        for kind in line.partition("::")[0].split("$")
        if kind.startswith("container-platform:")
    }
    known = {name for name, one in vars(components).items() if isinstance(one, type) and issubclass(one, Component)}
    assert known <= made
