"""The program's own tasks keep the rules of the pack `workloads`, without the engine's help."""

import pytest

from policies.catalog import PACKS, RULES
from policies.framework import Res
from tests.policies.harness import Pack

from .resources import register


@pytest.mark.parametrize("stack", ["dev", "prod"])
def test_the_stacks_tasks_keep_the_rules_of_containers(stack: str) -> None:
    tasks = [
        Res(made.type, made.name, made.inputs)
        for made in register(stack).resources
        if made.type == "aws:ecs/taskDefinition:TaskDefinition"
    ]
    assert tasks
    pack = Pack([RULES[name] for name, _ in PACKS["workloads"]])
    assert [verdict.message for verdict in pack.register(tasks)] == []
