"""What a container prints is kept."""

from policies.framework import Must, Severity, any_text, property_rule
from policies.rules.ecs._tasks import CONTAINERS, WITH_CONTAINERS

RULE = property_rule(
    Must(
        "logConfiguration.logDriver",
        within=CONTAINERS,
        good=(any_text("awslogs", "awsfirelens", "splunk"),),
        bad=(None, "", "none"),
        finding="NoLogs",
        reason="what it prints is lost when it stops, its errors and the traces of an attack too",
        unset="the host's default applies, and what the container prints is lost with the task or the instance",
    ),
    name="ecs-logging-configured",
    title="Containers write logs",
    description="Every container has a log driver.",
    severity=Severity.HIGH,
    packs=("workloads",),
    controls=("ECS.9", "AwsSolutions-ECS7", "CT.ECS.PR.5"),
    remedy='set logConfiguration with a logDriver, for example "awslogs" with a log group',
    url="https://docs.aws.amazon.com/securityhub/latest/userguide/ecs-controls.html#ecs-9",
    types=WITH_CONTAINERS,
)
