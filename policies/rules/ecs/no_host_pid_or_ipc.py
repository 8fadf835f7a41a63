"""A task shares neither processes nor memory with its host."""

from policies.framework import Must, Severity, any_text, property_rule
from policies.rules.ecs._tasks import TASK_DEFINITIONS

_REMEDY = 'remove {path}, or set it to "task", which shares among the containers of the task only'

RULE = property_rule(
    Must(
        "pidMode",
        good=(None, any_text("task")),
        bad=("host",),
        finding="HostPid",
        reason="its containers see every process on the host, those of other tasks too",
        remedy=_REMEDY,
    ),
    Must(
        "ipcMode",
        good=(None, any_text("task", "none")),
        bad=("host",),
        finding="HostIpc",
        reason="its containers can read and write the shared memory of the host and of other tasks",
        remedy=_REMEDY,
    ),
    name="ecs-no-host-pid-or-ipc",
    title="No host pid or ipc mode",
    description="No task shares the processes or the shared memory of its host.",
    severity=Severity.HIGH,
    packs=("workloads",),
    controls=("ECS.3", "CKV_AWS_335", "CT.ECS.PR.10"),
    remedy='remove pidMode and ipcMode, or set them to "task", which shares among the containers of the task only',
    url="https://docs.aws.amazon.com/securityhub/latest/userguide/ecs-controls.html#ecs-3",
    types=TASK_DEFINITIONS,
)
