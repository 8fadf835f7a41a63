"""No container has the host's privileges."""

from policies.framework import Example, Expect, Severity, property_rule
from policies.rules.common.jobs import job, job_of_several
from policies.rules.ecs._tasks import in_every_container, in_every_pod

_WHY = "the container has root's rights on the host and can read every other container"

RULE = property_rule(
    *in_every_container(
        "privileged", on_windows=True, good=(None, False), bad=(True,), finding="Privileged", reason=_WHY
    ),
    *in_every_pod(
        "privileged", good=(None, False), bad=(True,), finding="Privileged", reason=_WHY, remedy="remove {path}"
    ),
    name="ecs-no-privileged",
    title="No privileged containers",
    description="No container is privileged.",
    severity=Severity.HIGH,
    packs=("workloads",),
    controls=("ECS.4", "CKV_AWS_334", "CT.ECS.PR.11"),
    remedy="remove privileged; linuxParameters.capabilities.add grants single rights",
    url="https://docs.aws.amazon.com/securityhub/latest/userguide/ecs-controls.html#ecs-4",
    cases=lambda: (
        Example("a job of AWS Batch", [job(privileged=False)]),
        Example(
            "a privileged job of AWS Batch, its name in capitals",
            [job(Privileged=True)],
            [Expect("Privileged::app", "app", ["containerProperties.privileged is true"])],
        ),
        Example(
            "one privileged container of a job that has several",
            [job_of_several({"name": "main"}, {"name": "agent", "privileged": True})],
            [Expect("Privileged::agent", "app", ["ecsProperties.taskProperties[0].containers[1].privileged"])],
        ),
    ),
)
