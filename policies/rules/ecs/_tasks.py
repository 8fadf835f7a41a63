"""What the rules on task definitions share."""

from functools import partial
from typing import Any

from policies.framework import Has, Must, blocks, matching
from policies.rules.common.jobs import JOB_CONTAINERS, JOB_DEFINITIONS, POD_CONTAINERS

TASK_DEFINITIONS = ("aws:ecs/taskDefinition:TaskDefinition",)

WITH_CONTAINERS = (*TASK_DEFINITIONS, "aws:ecs/daemonTaskDefinition:DaemonTaskDefinition")

CONTAINERS = blocks("containerDefinitions", named="name", document=True, any_case=True)
"""Every container of a task definition, sidecars too. The AWS provider takes its properties in any case."""

_FAMILY = "runtimePlatform.operatingSystemFamily"
_WINDOWS = "WINDOWS_SERVER_2022_CORE"

WINDOWS = Has(_FAMILY, matching("WINDOWS_.*", _WINDOWS))
"""Windows containers, for which ECS does not support every property. Without a family, tasks run on Linux."""

_LINUX_JOB = Has(_FAMILY, "LINUX", None, otherwise=_WINDOWS)


def in_every_container(path: str, *, on_windows: bool, **statement: Any) -> tuple[Must, ...]:
    """A statement on a property that containers of tasks and of AWS Batch's jobs have alike.

    :param on_windows: whether Windows containers have it too.
    """
    must = partial(Must, path, **statement)
    return (
        must(within=CONTAINERS, types=WITH_CONTAINERS, unless=None if on_windows else WINDOWS),
        *(
            must(within=within, types=JOB_DEFINITIONS, where=None if on_windows else _LINUX_JOB)
            for within in JOB_CONTAINERS
        ),
    )


def in_every_pod(path: str, finding: str, **statement: Any) -> tuple[Must, ...]:
    """A statement on the security context of the containers of a job of AWS Batch that runs on EKS.

    https://docs.aws.amazon.com/batch/latest/APIReference/API_EksContainerSecurityContext.html
    """
    must = partial(Must, f"securityContext.{path}", types=JOB_DEFINITIONS, **statement)
    first, initial = POD_CONTAINERS
    return must(within=first, finding=finding), must(within=initial, finding=f"Init{finding}")
