"""No container finds a key of AWS in its environment in clear."""

from policies.framework import Must, Severity, any_text, blocks, property_rule
from policies.rules.ecs._tasks import WITH_CONTAINERS

RULE = property_rule(
    Must(
        "name",
        within=blocks("containerDefinitions.environment", named="name", document=True, any_case=True),
        good=(None, any_text("PORT", "aws_access_key_id", "AWS_REGION")),
        bad=("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "ECS_ENGINE_AUTH_DATA"),
        finding="KeyInClear",
        reason="whoever may see the task definition has the key, and it takes the place of the task's own role",
    ),
    name="ecs-no-keys-in-environment",
    title="No keys of AWS in the environment",
    description="No container's environment holds credentials of AWS, or of a registry, in clear.",
    severity=Severity.HIGH,
    packs=("workloads",),
    controls=("ECS.8",),
    remedy="remove it and give the task role what the application needs; a key of another account belongs into secrets",
    url="https://docs.aws.amazon.com/securityhub/latest/userguide/ecs-controls.html#ecs-8",
    types=WITH_CONTAINERS,
)
