"""A task has a network of its own."""

from policies.framework import Must, Severity, any_text, property_rule
from policies.rules.ecs._tasks import TASK_DEFINITIONS

RULE = property_rule(
    Must(
        "networkMode",
        good=(None, any_text("awsvpc", "bridge", "none")),
        bad=("host",),
        finding="HostNetwork",
        reason="its containers listen on the host's own address, reach what listens there on localhost, and share the "
        "host's security group",
    ),
    name="ecs-no-host-network",
    title="No host network mode",
    description="No task uses the network of its host.",
    severity=Severity.MEDIUM,
    packs=("workloads",),
    controls=("ECS.17",),
    remedy='set networkMode to "awsvpc", or to "bridge" on EC2 instances',
    url="https://docs.aws.amazon.com/securityhub/latest/userguide/ecs-controls.html#ecs-17",
    types=TASK_DEFINITIONS,
)
