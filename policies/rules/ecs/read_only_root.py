"""A container cannot change its own files."""

from policies.framework import Example, Expect, Severity, property_rule
from policies.rules.common.jobs import job
from policies.rules.ecs._tasks import in_every_container, in_every_pod

_WHY = "an attacker who gets in can change programs and configuration in the container"

RULE = property_rule(
    *in_every_container(
        "readonlyRootFilesystem",
        on_windows=False,
        good=(True,),
        bad=(None, False),
        finding="WritableRoot",
        reason=_WHY,
    ),
    *in_every_pod(
        "readOnlyRootFileSystem",
        good=(True,),
        bad=(None, False),
        finding="WritableRoot",
        reason=_WHY,
        remedy="set {path} to true, and mount a volume where the application writes",
    ),
    name="ecs-read-only-root",
    title="Read-only root file systems",
    description="Every Linux container has a read-only root file system.",
    severity=Severity.HIGH,
    packs=("workloads",),
    controls=("ECS.5", "CKV_AWS_336", "CT.ECS.PR.6"),
    remedy="set readonlyRootFilesystem to true, and mount a volume where the application writes",
    url="https://docs.aws.amazon.com/securityhub/latest/userguide/ecs-controls.html#ecs-5",
    cases=lambda: (
        Example("a job of AWS Batch", [job(readonlyRootFilesystem=True)]),
        Example(
            "a job of AWS Batch on Windows",
            [job(runtimePlatform={"operatingSystemFamily": "WINDOWS_SERVER_2019_CORE"})],
        ),
        Example("a job that says nothing of it", [job()], [Expect("WritableRoot::app", "app")]),
    ),
)
