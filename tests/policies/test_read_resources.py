"""What a program only reads (`Repository.get`) is not judged, but says what others name.

In a preview or an update the engine tells a pack nothing of it. `pulumi policy analyze` does, as a resource that has
outputs and no inputs.
"""

import pytest

from policies.catalog import RULES
from policies.framework import Res
from policies.rules.network._network_stacks import UPDATE
from tests.policies.harness import Pack, Verdict

REPOSITORY, ROLE = "aws:ecr/repository:Repository", "aws:iam/role:Role"
OUTPUTS = {"name": "app", "arn": "arn:aws:ecr:eu-west-1:123456789012:repository/app", "imageTagMutability": "MUTABLE"}


def analyzed(*resources: Res, level: str = "mandatory") -> list[Verdict]:
    return Pack(RULES.values(), dict.fromkeys(RULES, level), deploys=False).run(resources)


@pytest.mark.parametrize("type_", [REPOSITORY, "aws-native:ecr:Repository"])
def test_what_is_read_is_not_judged(type_: str) -> None:
    assert analyzed(Res(type_, "app", outputs=OUTPUTS)) == []
    assert len(analyzed(Res(type_, "app", {"name": "app"}, OUTPUTS))) == 2


def test_what_has_neither_inputs_nor_outputs_is_judged() -> None:
    """Nothing is read of what does not exist."""
    for outputs in ({}, {"id": "app"}):
        found = analyzed(Res(REPOSITORY, "app", outputs=outputs))
        assert sorted(verdict.id for verdict in found) == ["ImmutableTags::app", "ScanOnPush::app"]


def test_a_preview_judges_what_has_no_inputs() -> None:
    assert len(Pack(RULES.values()).run([Res(REPOSITORY, "app", outputs=OUTPUTS)])) == 2


def test_what_is_read_leads_to_what_is_judged() -> None:
    """A service in a subnet that is read, with the route that makes it public."""
    service = "aws:ecs/service:Service"
    made = [
        UPDATE.vpc,
        UPDATE.gateway,
        *UPDATE.public("a"),
        UPDATE.using(service, ("networkConfiguration", "subnets"), "a"),
    ]
    read = [Res(res.type, res.name, outputs={**res.inputs, **res.outputs}, depends=res.depends) for res in made[:-1]]
    assert [verdict.id for verdict in analyzed(*made)] == ["PublicSubnets::app"]
    assert [verdict.id for verdict in analyzed(*read, made[-1])] == ["PublicSubnets::app"]


def test_what_is_read_is_not_remediated() -> None:
    pack = Pack([RULES["ecr-scan-on-push"]], {"ecr-scan-on-push": "remediate"}, deploys=False)
    assert pack.remediate(Res(REPOSITORY, "app")) is None
    assert pack.remediate(Res(REPOSITORY, "app", {"name": "app"})) is not None
