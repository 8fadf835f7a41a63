"""The program's own tasks keep the rules of the pack `workloads`, and the README's exemption is of its resources."""

import json
import re

import pytest

import settings
from policies.catalog import PACKS, RULES
from policies.check_config import problems_of
from policies.framework import Res
from policies.framework.exemptions import Exemption
from tests.policies.harness import Pack

from ..conftest import ROOT, run_main, stack_config
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


def test_the_exemption_in_the_readme_accepts_what_it_says() -> None:
    text = (ROOT / "policies" / "README.md").read_text()
    (example,) = re.findall(r"^    \{\n.*?^    \}\n", text, re.DOTALL | re.MULTILINE)
    written = json.loads(example)
    assert problems_of("all", written) == []
    config = stack_config("dev")
    config[settings.KEY]["registry"]["repositories"]["legacy"] = {"imageTagMutability": "MUTABLE"}
    (legacy,) = run_main("dev", config)[0].all("ecr/repository:Repository", "legacy")
    (finding,) = Pack([RULES["ecr-immutable-tags"]]).register([Res(legacy.type, legacy.name, legacy.inputs)])
    (exemption,) = written["ecr-immutable-tags"]["exemptions"]
    assert Exemption.parse(exemption).covers(legacy.urn, finding.id), (legacy.urn, finding.id)
