"""What the stand-in's ECS refuses of containers and between them, as AWS does."""

import json
from typing import Any

import pytest

from local.standin import documents
from local.standin.services import behaviour

TASK = "aws:ecs/taskDefinition:TaskDefinition"
CHECK = {"healthCheck": {"command": ["CMD", "true"]}}


def said(*containers: dict[str, Any], on: str = "FARGATE", mode: str = "awsvpc") -> list[str]:
    """Return what is wrong with a task definition of these containers."""
    given = {
        "requiresCompatibilities": [on],
        "networkMode": mode,
        "cpu": "256",
        "memory": "512",
        "executionRoleArn": "arn",
        "containerDefinitions": json.dumps([{"image": "x", **one} for one in containers]),
    }
    kind = behaviour(TASK)
    return [reason for _, reason in (*documents.faults(kind.documents, given), *kind.faults(given))]


def web(**changes: Any) -> dict[str, Any]:
    return {"name": "web", **changes}


def waits(name: str, other: str, condition: str = "START", **changes: Any) -> dict[str, Any]:
    return {"name": name, "dependsOn": [{"containerName": other, "condition": condition}], **changes}


def port(number: int, **changes: Any) -> dict[str, Any]:
    return {"portMappings": [{"containerPort": number, **changes}]}


def limit(name: str, soft: int, hard: int) -> dict[str, Any]:
    return {"ulimits": [{"name": name, "softLimit": soft, "hardLimit": hard}]}


@pytest.mark.parametrize(
    "containers",
    [
        [web(), waits("b", "web")],
        [waits("web", "b", "SUCCESS"), {"name": "b", "essential": False}],
        [waits("web", "b", "HEALTHY"), {"name": "b", **CHECK}],
        [web(**port(80)), {"name": "b", **port(81)}],
        [web(cpu=256, memory=512)],
        [web(memory=512, memoryReservation=256), {"name": "b", "memoryReservation": 256}],
        [web(**limit("nofile", 1024, 65535))],
        [web(stopTimeout=120, startTimeout=2)],
        [web(restartPolicy={"enabled": True, "restartAttemptPeriod": 60})],
        [web(environmentFiles=[{"type": "s3", "value": "arn:aws:s3:::bucket/a.env"}])],
    ],
)
def test_what_ecs_takes_is_taken(containers: list[dict[str, Any]]) -> None:
    assert said(*containers) == []


@pytest.mark.parametrize(
    ("containers", "reason"),
    [
        ([web(), web()], "a name of its own"),
        ([web(essential=False)], "at least one container must be essential"),
        ([{"name": f"c{number}"} for number in range(11)], "at most 10"),
        ([waits("web", "b")], "the dependency b is no container of the task"),
        ([waits("web", "web")], "a cycle: web → web"),
        ([waits("web", "b"), waits("b", "c"), waits("c", "web")], "have a cycle"),
        ([waits("web", "b", "LATER"), {"name": "b"}], "LATER is no condition"),
        ([waits("web", "b", "SUCCESS"), {"name": "b"}], "SUCCESS or COMPLETE condition cannot be an essential"),
        ([waits("web", "b", "COMPLETE"), {"name": "b"}], "SUCCESS or COMPLETE condition cannot be an essential"),
        ([waits("web", "b", "HEALTHY"), {"name": "b"}], "has no health check"),
        ([web(**port(80)), {"name": "b", **port(80)}], "two containers have the port 80"),
        ([web(**port(80, hostPort=81))], "hostPort must be containerPort"),
        ([web(portMappings=[{"containerPort": 80}, {"containerPort": 80, "protocol": "udp"}])], "is mapped twice"),
        ([web(**port(80, name="a")), {"name": "b", **port(81, name="a")}], "the port mapping name a is not unique"),
        ([web(**port(80, protocol="udp", appProtocol="http"))], "which udp has not"),
        ([web(cpu=200), {"name": "b", "cpu": 100}], "cpu, 300, is more than the task's, 256"),
        ([web(memory=400), {"name": "b", "memory": 200}], "memory, 600, is more than the task's, 512"),
        ([web(memory=1024, memoryReservation=256)], "its memory, 1024, is more than the task's"),
        ([web(memory=256, memoryReservation=256)], "greater than memoryReservation"),
        ([web(memory=3)], "at least 4 MiB"),
        ([web(**limit("memlock", 1, 1))], "does not support the ulimit memlock"),
        ([web(**limit("nofile", 2, 1))], "the soft limit of nofile is above the hard one"),
        ([web(**limit("nofile", -1, 1))], "the soft limit of nofile is above the hard one"),
        ([web(**limit("files", 1, 1))], "files is not the name of a ulimit"),
        ([web(**port(80, name="a", appProtocol="tls"))], "tls is no application protocol"),
        ([web(stopTimeout=121)], "stopTimeout must be 2 to 120 on Fargate"),
        ([web(startTimeout=1)], "startTimeout must be 2 to 120 on Fargate"),
        ([web(restartPolicy={"enabled": True, "restartAttemptPeriod": 59})], "restartAttemptPeriod must be 60 to 1800"),
        ([web(healthCheck={"command": ["CMD", "true"], "interval": 4})], "healthCheck.interval must be 5 to 300"),
        ([web(healthCheck={"command": ["true"]})], "must begin with CMD"),
        ([web(environmentFiles=[{"type": "s3", "value": "arn:aws:s3:::bucket/a.txt"}])], "ends in .env"),
        ([web(environmentFiles=[{"type": "s3", "value": "arn:aws:s3:::b/a.env"}] * 11)], "more than ten"),
        (
            [web(environment=[{"name": "A", "value": "b"}], secrets=[{"name": "A", "valueFrom": "arn"}])],
            "The secret name must be unique",
        ),
        ([web(secrets=[{"name": "A", "valueFrom": "arn"}] * 2)], "The secret name must be unique"),
    ],
)
def test_what_ecs_refuses_is_refused(containers: list[dict[str, Any]], reason: str) -> None:
    found = said(*containers)
    assert any(reason in one for one in found), found


def test_instances_take_what_fargate_does_not() -> None:
    assert said(web(stopTimeout=300, **limit("memlock", -1, -1)), on="EC2") == []
    assert said(web(**port(80, hostPort=0)), {"name": "b", **port(80, hostPort=0)}, on="EC2", mode="bridge") == []


def test_fargate_reads_files_with_an_execution_role_only() -> None:
    given = {
        "requiresCompatibilities": ["FARGATE"],
        "containerDefinitions": json.dumps(
            [{"name": "a", "image": "x", "environmentFiles": [{"type": "s3", "value": "arn:aws:s3:::b/a.env"}]}]
        ),
    }
    assert [path for path, _ in behaviour(TASK).faults(given)] == ["containerDefinitions"]
