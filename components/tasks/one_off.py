"""Runs one task to its end: what comes before a new revision, such as a migration.

It asks AWS itself, with the credentials and the region of whoever deploys, since no resource of the AWS provider waits
for a task. boto3 is loaded only when there is a task to run.
"""

import re
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any, Final, NamedTuple

from ..common.arn import parse

SECONDS: Final = 5.0
"""Between two looks at a task that runs."""

_STARTED_BY: Final = "container-platform"
_ATTEMPTS, _PAUSE = 4, 15.0
"""How often a task is started that never came to run, and the seconds between: new roles and rules take AWS a while."""
_NOT_YET: Final = re.compile(
    "unable to assume|not authorized|AccessDenied|RESOURCE:|[Cc]apacity is unavailable|network interface provisioning"
)
"""Reasons that pass by themselves."""
_LOOKS: Final = 3
"""How often an empty log is looked at, since CloudWatch Logs takes some seconds to show what was written last."""
_LINES: Final = 20
"""Of a log, how many of its last lines are shown."""
_DOCUMENT: Final = "docs/migrations.md says which permissions the person deploying needs"


class OneOffTask(NamedTuple):
    """A task to run once."""

    cluster_arn: str
    task_definition_arn: str
    container: str
    """Name of the container whose exit code counts."""
    log_group: str
    capacity_providers: Sequence[tuple[str, int, int]]
    """Name, weight and base of each capacity provider; none means Fargate, without Spot."""
    subnet_ids: Sequence[str]
    """None in bridge mode."""
    security_group_ids: Sequence[str]
    timeout_seconds: int


class TaskFailedError(Exception):
    """The task did not end well; the text says why, with the end of its log."""


class _Ended(NamedTuple):
    fault: str
    ran: bool
    """Whether its container began."""


def run(task: OneOffTask) -> str:
    """Run a task, wait until it ends, and return its ARN.

    A task of the same revision that runs already, because a run was interrupted, is waited for instead. One of another
    revision ends first.

    Args:
        task: what to run, and for how long.

    Raises:
        TaskFailedError: it failed, did not start or took too long; or AWS refused.
    """
    region = parse(task.cluster_arn).region
    with _in_plain_words(region):
        return _Runner(task, region).run()


class _Runner:
    """One task to run, and the clients to do it."""

    def __init__(self, task: OneOffTask, region: str) -> None:
        import boto3
        from botocore.config import Config

        config = Config(connect_timeout=10, retries={"mode": "standard"})
        make: Any = boto3.Session(region_name=region).client
        self._ecs, self._logs = make("ecs", config=config), make("logs", config=config)
        self._task = task
        self._deadline = time.monotonic() + task.timeout_seconds

    def run(self) -> str:
        """See the function."""
        arn = self._running()
        for attempt in range(1, _ATTEMPTS + 1):
            arn = arn or self._start()
            ended = self._wait(arn)
            if not ended.fault:
                return arn
            passing = not ended.ran and _NOT_YET.search(ended.fault) and time.monotonic() + _PAUSE < self._deadline
            if attempt == _ATTEMPTS or not passing:
                raise TaskFailedError(f"{ended.fault}{self._log(arn, looks=_LOOKS if ended.ran else 1)}")
            time.sleep(_PAUSE)
            arn = ""
        raise AssertionError("the last attempt returns or raises")

    def _running(self) -> str:
        """Return the task of this revision that runs already, if one does; wait for those of others."""
        family = self._task.task_definition_arn.rpartition("/")[2].rpartition(":")[0]
        cluster = self._task.cluster_arn
        try:
            listed = self._ecs.list_tasks(cluster=cluster, family=family, desiredStatus="RUNNING")["taskArns"]
        except self._ecs.exceptions.ClientError as error:
            if "AccessDenied" in str(error):
                return ""  # who may only run tasks has interrupted none
            raise
        found = self._ecs.describe_tasks(cluster=cluster, tasks=listed)["tasks"] if listed else []
        for one in found:
            if one["taskDefinitionArn"] != self._task.task_definition_arn:
                self._wait(one["taskArn"])
        return next((one["taskArn"] for one in found if one["taskDefinitionArn"] == self._task.task_definition_arn), "")

    def _start(self) -> str:
        task = self._task
        asked: dict[str, Any] = {
            "cluster": task.cluster_arn,
            "taskDefinition": task.task_definition_arn,
            "count": 1,
            "startedBy": _STARTED_BY,
            "propagateTags": "TASK_DEFINITION",
            "enableECSManagedTags": True,
        }
        if task.capacity_providers:
            asked["capacityProviderStrategy"] = [
                {"capacityProvider": name, "weight": weight, "base": base}
                for name, weight, base in task.capacity_providers
            ]
        else:
            asked["launchType"] = "FARGATE"
        if task.subnet_ids:
            network = {
                "subnets": [*task.subnet_ids],
                "securityGroups": [*task.security_group_ids],
                "assignPublicIp": "DISABLED",
            }
            asked["networkConfiguration"] = {"awsvpcConfiguration": network}
        for attempt in range(1, _ATTEMPTS + 1):
            try:
                answer = self._ecs.run_task(**asked)
                if answer["tasks"]:
                    return str(answer["tasks"][0]["taskArn"])
                reason = "; ".join(str(one.get("reason")) for one in answer.get("failures", [])) or "ECS gave no reason"
            except self._ecs.exceptions.ClientException as error:
                reason = str(error)
            if attempt == _ATTEMPTS or not _NOT_YET.search(reason) or time.monotonic() + _PAUSE > self._deadline:
                raise TaskFailedError(f"ECS did not start it: {reason}")
            time.sleep(_PAUSE)
        raise AssertionError("the last attempt returns or raises")

    def _wait(self, arn: str) -> _Ended:
        """Wait until a task has stopped; one that takes too long is stopped."""
        while True:
            task = self._describe(arn)
            if task.get("lastStatus") == "STOPPED":
                return self._judge(task)
            if time.monotonic() > self._deadline:
                minutes = max(1, round(self._task.timeout_seconds / 60))
                self._ecs.stop_task(
                    cluster=self._task.cluster_arn, task=arn, reason=f"It took more than {minutes} minutes"
                )
                advice = "Make it quicker, or raise timeoutMinutes."
                raise TaskFailedError(f"it took more than {minutes} minutes and was stopped. {advice}{self._log(arn)}")
            time.sleep(SECONDS)

    def _describe(self, arn: str) -> dict[str, Any]:
        """Return a task; nothing of one that ECS does not list yet."""
        found = self._ecs.describe_tasks(cluster=self._task.cluster_arn, tasks=[arn])["tasks"]
        return dict(found[0]) if found else {}

    def _judge(self, task: dict[str, Any]) -> _Ended:
        containers = [one for one in task.get("containers", []) if one["name"] == self._task.container]
        code = containers[0].get("exitCode") if containers else None
        if code == 0:
            return _Ended("", True)
        reasons = [task.get("stoppedReason", ""), *(one.get("reason", "") for one in containers)]
        why = "; ".join(dict.fromkeys(filter(None, reasons))) or "ECS gave no reason"
        if code is None:
            never = task.get("stopCode") == "TaskFailedToStart"
            return _Ended(f"{'it did not start' if never else 'it ended without an exit code'}: {why}", not never)
        return _Ended(f"it ended with exit code {code} ({why})", True)

    def _log(self, arn: str, looks: int = 1) -> str:
        """Return the end of a task's log, to follow what is wrong. What it wrote last takes a moment to be there."""
        stream = f"ecs/{self._task.container}/{arn.rpartition('/')[2]}"
        where = f"{self._task.log_group}, stream {stream}"
        lines: list[str] = []
        for look in range(looks):
            if look:
                time.sleep(SECONDS)
            try:
                answer = self._logs.get_log_events(
                    logGroupName=self._task.log_group, logStreamName=stream, limit=_LINES, startFromHead=False
                )
            except Exception as error:  # whatever it is, the task's own failure matters more
                if "ResourceNotFoundException" in str(error):
                    continue
                return f"\nIts log cannot be read ({where}): {error}"
            lines = [str(event["message"]).rstrip() for event in answer["events"]]
            if lines:
                break
        if not lines:
            return f"\nIt wrote no log ({where})."
        return "\n".join([f"\nThe end of its log ({where}):", *(f"    {line}" for line in lines)])


@contextmanager
def _in_plain_words(region: str) -> Iterator[None]:
    from botocore.exceptions import BotoCoreError, ClientError

    try:
        yield
    except ClientError as error:
        denied = "AccessDenied" in str(error) or "not authorized" in str(error)
        raise TaskFailedError(f"AWS refused: {error}{f'. {_DOCUMENT}' if denied else ''}") from error
    except BotoCoreError as error:
        raise TaskFailedError(f"AWS in {region} was not reached: {error}") from error
