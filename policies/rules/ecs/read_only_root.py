"""A container cannot change its own files."""

from policies.framework import Must, Severity, property_rule
from policies.rules.ecs._tasks import CONTAINERS, TASK_DEFINITIONS, WINDOWS

RULE = property_rule(
    Must(
        "readonlyRootFilesystem",
        within=CONTAINERS,
        unless=WINDOWS,
        good=(True,),
        bad=(None, False),
        finding="WritableRoot",
        reason="an attacker who gets in can change programs and configuration in the container",
    ),
    name="ecs-read-only-root",
    title="Read-only root file systems",
    description="Every Linux container has a read-only root file system.",
    severity=Severity.HIGH,
    packs=("workloads",),
    controls=("ECS.5", "CKV_AWS_336", "CT.ECS.PR.6"),
    remedy="set readonlyRootFilesystem to true, and mount a volume where the application writes",
    url="https://docs.aws.amazon.com/securityhub/latest/userguide/ecs-controls.html#ecs-5",
    types=TASK_DEFINITIONS,
)
