"""Failed runs of a job: which events tell of one, and what a person is told ("Amazon ECS task state change events")."""

import json
from typing import Any, Final

from ..common.arn import parse

_NEVER_DONE: Final = ["SpotInterruption", "TaskFailedToStart", "TerminationNotice"]
"""Reasons to stop (ECS API, Task, stopCode) for which no job was done, whatever its container said at last."""
_BY_SOMEBODY: Final = {"anything-but": ["UserInitiated"]}
"""Whoever stops a task by hand knows it."""


def pattern(cluster_arn: str, family: str, container: str) -> str:
    """Return the event pattern of a job's failed runs.

    Only the job's own container is judged: what ECS stops beside it when that ends is killed, with an exit code too.

    Args:
        cluster_arn: ARN of the cluster.
        family: family of the job's task definitions; tasks that are started without a group are in that of the family.
        container: name of the job's own container.
    """
    failed: list[dict[str, Any]] = [
        {"stopCode": [*_NEVER_DONE, {"exists": False}]},
        {"stopCode": [_BY_SOMEBODY], "containers": {"name": [container], "exitCode": [{"anything-but": [0]}]}},
        # A container that ECS could not start, or whose instance is gone, has none.
        {"stopCode": [_BY_SOMEBODY], "containers": {"exitCode": [{"exists": False}]}},
    ]
    return json.dumps(
        {
            "source": ["aws.ecs"],
            "detail-type": ["ECS Task State Change"],
            "detail": {
                "clusterArn": [cluster_arn],
                "group": [f"family:{family}"],
                "lastStatus": ["STOPPED"],
                "$or": failed,
            },
        }
    )


PATHS: Final = {
    "task": "$.detail.taskArn",
    "code": "$.detail.stopCode",
    "reason": "$.detail.stoppedReason",
    "container": "$.detail.containers[0].name",
    "exit": "$.detail.containers[0].exitCode",
    "details": "$.detail.containers[0].reason",
    "started": "$.detail.startedAt",
    "stopped": "$.detail.stoppedAt",
}
"""What the message takes from the event. What an event lacks stays empty."""


def message(job: str, cluster_arn: str, log_group: str) -> str:
    """Return the template of the message: lines of text, each in quotes ("Amazon EventBridge input transformation").

    Args:
        job: name of the job.
        cluster_arn: ARN of the cluster.
        log_group: name of its log group.
    """
    home = parse(cluster_arn)
    lines = [
        f"The job {job} failed on {home.resource.partition('/')[2]} (account {home.account_id}, {home.region}).",
        "Reason: <reason> (<code>)",
        "Container <container>: exit code <exit> <details>",
        "Started: <started>, stopped: <stopped>",
        "Task: <task>",
        f"Its logs: aws logs tail {log_group} --since 1d --region {home.region}",
        "It is not run again by itself. docs/scheduled-tasks.md tells how to start it by hand.",
    ]
    return "\n".join(f'"{line}"' for line in lines)
