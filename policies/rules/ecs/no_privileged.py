"""No container has the host's privileges."""

from policies.framework import Must, Severity, property_rule
from policies.rules.ecs._tasks import CONTAINERS, TASK_DEFINITIONS

RULE = property_rule(
    Must(
        "privileged",
        within=CONTAINERS,
        good=(None, False),
        bad=(True,),
        finding="Privileged",
        reason="the container has root's rights on the host and can read every other container",
    ),
    name="ecs-no-privileged",
    title="No privileged containers",
    description="No container is privileged.",
    severity=Severity.HIGH,
    packs=("workloads",),
    controls=("ECS.4", "CKV_AWS_334", "CT.ECS.PR.11"),
    remedy="remove privileged; linuxParameters.capabilities.add grants single rights",
    url="https://docs.aws.amazon.com/securityhub/latest/userguide/ecs-controls.html#ecs-4",
    types=TASK_DEFINITIONS,
)
