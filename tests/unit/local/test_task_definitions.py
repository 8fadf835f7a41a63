"""What the stand-in's ECS refuses of how tasks run, as AWS does, and of tags."""

import json
from typing import Any

import pytest

from local.standin import tagging
from local.standin.account import Account, Resources
from local.standin.behaviour import UNKNOWN, Refused
from local.standin.memory import Memory
from local.standin.place import Place
from local.standin.services import behaviour

TASK, SERVICE = "aws:ecs/taskDefinition:TaskDefinition", "aws:ecs/service:Service"


def said(container: dict[str, Any] | None = None, *, on: str = "FARGATE", **inputs: Any) -> list[str]:
    """Return what is wrong with a task definition of one container."""
    definitions = json.dumps([{"name": "web", "image": "x", **(container or {})}])
    given = {"requiresCompatibilities": [on], "networkMode": "awsvpc", "containerDefinitions": definitions, **inputs}
    return [reason for _, reason in behaviour(TASK).faults(given)]


def linux(**parameters: Any) -> dict[str, Any]:
    return {"linuxParameters": parameters}


TMPFS = {"containerPath": "/tmp", "size": 64, "mountOptions": ["mode=0700", "noexec", "uid=1000"]}
MOUNT = {"containerPath": "/data", "sourceVolume": "data"}


@pytest.mark.parametrize(
    ("container", "inputs"),
    [
        ({}, {}),
        ({}, {"ephemeralStorage": {"sizeInGib": 21}}),
        ({}, {"ephemeralStorage": {"sizeInGib": UNKNOWN}}),
        ({}, {"enableFaultInjection": True}),
        ({}, {"enableFaultInjection": False, "networkMode": "bridge", "on": "EC2"}),
        (linux(capabilities={"add": ["SYS_PTRACE"], "drop": ["ALL"]}), {}),
        (linux(capabilities={"add": ["NET_ADMIN"]}), {"on": "EC2"}),
        (linux(tmpfs=[TMPFS]), {}),
        ({"mountPoints": [MOUNT]}, {"volumes": [{"name": "data"}]}),
        ({"repositoryCredentials": {"credentialsParameter": "arn"}}, {"executionRoleArn": "arn"}),
    ],
)
def test_what_ecs_takes_is_taken(container: dict[str, Any], inputs: dict[str, Any]) -> None:
    assert said(container, **inputs) == []


@pytest.mark.parametrize(
    ("container", "inputs", "reason"),
    [
        ({}, {"ephemeralStorage": {"sizeInGib": 20}}, "from 21 to 200 GiB and is 20"),
        ({}, {"ephemeralStorage": {"sizeInGib": 201}}, "from 21 to 200 GiB and is 201"),
        ({}, {"ephemeralStorage": {"sizeInGib": 30}, "on": "EC2"}, "only supported for tasks on Fargate"),
        ({}, {"enableFaultInjection": True, "networkMode": "bridge", "on": "EC2"}, "network mode awsvpc or host"),
        (linux(capabilities={"add": ["CHOWN"]}), {}, "SYS_PTRACE only, not CHOWN"),
        (linux(capabilities={"add": ["CAP_CHOWN"]}), {"on": "EC2"}, "CAP_CHOWN is not a Linux capability"),
        (linux(tmpfs=[{**TMPFS, "containerPath": "tmp"}]), {}, "absolute containerPath"),
        (linux(tmpfs=[{**TMPFS, "size": 0}]), {}, "a size above 0"),
        (linux(tmpfs=[{**TMPFS, "mountOptions": ["mode"]}]), {}, "mode is not an option"),
        ({"mountPoints": [MOUNT]}, {}, "Unknown volume 'data'"),
        ({"mountPoints": [MOUNT, MOUNT]}, {"volumes": [{"name": "data"}]}, "Duplicate mount point: /data"),
        ({}, {"volumes": [{"name": "a"}, {"name": "a"}]}, "Duplicate volume name 'a'"),
        ({}, {"volumes": [{"name": "/a"}]}, "other characters than letters"),
        ({}, {"volumes": [{"name": "a", "hostPath": "/a"}]}, "not supported on Fargate"),
        ({"repositoryCredentials": {"credentialsParameter": "arn"}}, {}, "requires an execution role"),
        ({"repositoryCredentials": {"credentialsParameter": ""}}, {"executionRoleArn": "arn"}, "credentialsParameter"),
    ],
)
def test_what_ecs_refuses_is_refused(container: dict[str, Any], inputs: dict[str, Any], reason: str) -> None:
    (found,) = said(container, **inputs)
    assert reason in found


def test_exec_needs_a_task_role() -> None:
    resources = Resources()
    resources.made(TASK, "web", {"id": "web", "arn": "web:1", "containerDefinitions": "[]"})
    account = Account(Place("us-east-1"), Memory(), resources)
    service = {"name": "web", "cluster": "main", "taskDefinition": "web:1", "enableExecuteCommand": True}
    with pytest.raises(Refused, match="valid taskRoleArn"):
        behaviour(SERVICE).create(service, account)
    with pytest.raises(Refused, match="valid taskRoleArn"):
        behaviour(SERVICE).update("web", service, service, account)
    assert behaviour(SERVICE).create({**service, "enableExecuteCommand": False}, account)


@pytest.mark.parametrize(
    ("token", "tags", "reason"),
    [
        (SERVICE, {f"key-{number}": "x" for number in range(51)}, "51 tags"),
        (SERVICE, {"AWS:team": "x"}, "reserved"),
        (SERVICE, {"a" * 129: "x"}, "too long"),
        (SERVICE, {"a": "x" * 257}, "too long"),
        ("aws:iam/role:Role", {"Team": "x", "team": "y"}, "case insensitive"),
    ],
)
def test_tags_that_aws_does_not_take_are_refused(token: str, tags: dict[str, str], reason: str) -> None:
    (found,) = tagging.faults(token, {"tagsAll": tags})
    assert reason in found[1]


def test_tags_that_aws_takes_are_taken() -> None:
    assert not list(tagging.faults(SERVICE, {"tagsAll": {"Team": "x", "team": UNKNOWN}}))
    assert not list(tagging.faults(SERVICE, {}))
