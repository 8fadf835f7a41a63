"""The command by which a person runs a job."""

import json
import shlex
from collections.abc import Sequence

from ..capacity.providers import CapacityProviderStrategyArgs, completed
from ..common.arn import parse


def run_task(
    cluster_arn: str,
    family: str,
    strategy: Sequence[CapacityProviderStrategyArgs],
    subnet_ids: Sequence[str],
    security_group_id: str | None,
    count: int,
) -> str:
    """Return the shell command that starts a job's newest revision.

    Args:
        cluster_arn: ARN of the cluster.
        family: family of its task definitions.
        strategy: where the tasks run, by the names in ECS.
        subnet_ids: ids of the subnets that the tasks run in.
        security_group_id: id of their security group; none for tasks that share that of their instances.
        count: number of tasks.
    """
    words = ["aws", "ecs", "run-task", "--region", parse(cluster_arn).region]
    words += ["--cluster", parse(cluster_arn).resource.partition("/")[2], "--task-definition", family]
    words += ["--count", str(count), "--enable-ecs-managed-tags", "--propagate-tags", "TASK_DEFINITION"]
    words.append("--capacity-provider-strategy")
    for item in completed(strategy):
        words.append(f"capacityProvider={item['capacity_provider']},weight={item['weight']},base={item['base']}")
    if security_group_id is not None:
        network = {"subnets": [*subnet_ids], "securityGroups": [security_group_id], "assignPublicIp": "DISABLED"}
        words += ["--network-configuration", json.dumps({"awsvpcConfiguration": network}, separators=(",", ":"))]
    return shlex.join(words)
