"""What a stack may say of containers: each mistake named with path and value, and what would be right."""

import copy
from typing import Any

import pytest

import settings

from ..conftest import stack_config
from ..settings.test_settings import problems

FILE = "arn:aws:s3:::configuration/web/common.env"
SECRET = "arn:aws:ssm:us-east-1:123456789012:parameter/a"
REGISTRY = "arn:aws:secretsmanager:us-east-1:123456789012:secret:registry-AbCdEf"
IMAGE = "public.ecr.aws/nginx/nginx:1.29"
CHECK = {"command": ["CMD", "true"]}


def platform(beside: dict[str, dict[str, Any]] | None = None, **web: Any) -> dict[str, Any]:
    """Return the dev stack's settings with containers beside the application of `web`, and some keys changed."""
    raw: dict[str, Any] = copy.deepcopy(stack_config("dev")[settings.KEY])
    raw["services"]["web"].update(web)
    if beside:
        raw["services"]["web"]["containers"] = {name: {"image": IMAGE, **one} for name, one in beside.items()}
    return raw


def on_instances(beside: dict[str, dict[str, Any]] | None = None, **web: Any) -> dict[str, Any]:
    """Return the same on an Auto Scaling group."""
    raw = platform(beside, **web)
    raw["cluster"] = {"autoScalingGroups": {"plain": {"bridgeTasks": True}}}
    raw["services"]["web"].update(architecture="X86_64", capacityProviderStrategy=[{"capacityProvider": "plain"}])
    return raw


@pytest.mark.parametrize(
    "raw",
    [
        platform(command=["serve", ""], entryPoint=["/bin/sh", "-c"]),
        platform(environmentFiles=[FILE, "arn:aws:s3:::configuration/.env"]),
        platform(ports={"metrics": {"port": 9090, "appProtocol": "http2"}, "_x-1": {"port": 9091, "protocol": "udp"}}),
        platform({"one": {}, "two": {"dependsOn": {"one": "START", "application": "HEALTHY"}}}),
        platform({"one": {}}, dependsOn={"one": "SUCCESS"}),
        platform({"one": {"healthCheck": CHECK}}, dependsOn={"one": "HEALTHY"}),
        platform({"one": {"essential": False, "startTimeoutSeconds": 2}}, dependsOn={"one": "COMPLETE"}),
        platform({"one": {"restartPolicy": {"ignoredExitCodes": [0]}}}, dependsOn={"one": "SUCCESS"}),
        platform({"one": {"memory": 256, "memoryReservation": 128, "cpu": 64}}),
        platform({"one": {"memory": 512, "memoryReservation": 6}}),
        platform({"one": {"ports": {"one": {"port": 81}}}}, ports={"two": {"port": 82}}),
        platform(ulimits={"nofile": {"soft": 0, "hard": 1_048_576}}, stopTimeoutSeconds=120),
        platform(initProcess=False, restartPolicy={}, containerHealthCheck={}),
        platform({"one": {"image": f"{IMAGE.partition(':')[0]}@sha256:{'0' * 64}", "readonlyRootFilesystem": False}}),
        platform({"one": {"writablePaths": {"/tmp": {}, "/a": {"storage": "disk"}}, "memory": 128}}),
        platform({"one": {"image": "example.com/x:1", "repositoryCredentials": {"secretArn": REGISTRY}}}),
        platform({"one": {"environment": {"A": "1"}, "secrets": {"B": SECRET}, "user": "nobody"}}),
        on_instances(ulimits={"memlock": {"soft": -1, "hard": -1}}, stopTimeoutSeconds=600),
        on_instances({"one": {"ports": {"two": {"port": 8080}}}}, networkMode="bridge"),
    ],
)
def test_what_ecs_takes_is_accepted(raw: dict[str, Any]) -> None:
    assert settings.parse(raw)


def test_a_task_has_as_many_containers_as_ecs_takes() -> None:
    assert settings.parse(platform({f"c{number}": {} for number in range(9)}))
    found = problems(platform({f"c{number}": {} for number in range(10)}))
    assert found == {"services.web.containers": "can have at most 9 items, but has 10"}


@pytest.mark.parametrize(
    ("web", "path", "advice"),
    [
        ({"command": []}, "command", "at least 1 item"),
        ({"command": "serve"}, "command", "must be a list"),
        ({"entryPoint": []}, "entryPoint", "at least 1 item"),
        ({"environmentFiles": ["s3://configuration/web.env"]}, "environmentFiles[0]", "ends in .env"),
        ({"environmentFiles": ["arn:aws:s3:::configuration/web.txt"]}, "environmentFiles[0]", "ends in .env"),
        ({"environmentFiles": ["arn:aws:s3:::configuration/*.env"]}, "environmentFiles[0]", "without * ? and $"),
        ({"environmentFiles": [FILE, FILE]}, "environmentFiles[1]", "is listed twice"),
        ({"environmentFiles": [FILE] * 11}, "environmentFiles", "at most 10 items"),
        ({"ports": {"Metrics": {"port": 9090}}}, "ports.Metrics", "lower-case letters"),
        ({"ports": {"metrics": {"port": 0}}}, "ports.metrics.port", "must be 1 or more"),
        ({"ports": {"metrics": {"port": 8080}}}, "ports.metrics.port", "the port of containerPort too"),
        (
            {"ports": {"one": {"port": 1}, "two": {"port": 1, "protocol": "udp"}}},
            "ports.two.port",
            "is the port of ports.one too",
        ),
        ({"ports": {"one": {"port": 1, "protocol": "tls"}}}, "ports.one.protocol", "must be 'tcp' or 'udp'"),
        ({"ports": {"one": {"port": 1, "appProtocol": "h2"}}}, "ports.one.appProtocol", "'http', 'http2' or 'grpc'"),
        (
            {"ports": {"one": {"port": 1, "protocol": "udp", "appProtocol": "http"}}},
            "ports.one.appProtocol",
            "over TCP",
        ),
        ({"dependsOn": {"cache": "START"}}, "dependsOn.cache", "is no container of the task, which has none yet"),
        ({"dependsOn": {"application": "START"}}, "dependsOn.application", "is the container itself"),
        ({"dependsOn": {"cache": "READY"}}, "dependsOn.cache", "'START', 'COMPLETE', 'SUCCESS' or 'HEALTHY'"),
        ({"ulimits": {"files": {"soft": 1, "hard": 1}}}, "ulimits.files", "'nofile'"),
        ({"ulimits": {"nofile": {"soft": 1}}}, "ulimits.nofile.hard", "is missing"),
        ({"ulimits": {"nofile": {"soft": 2, "hard": 1}}}, "ulimits.nofile.soft", "is above hard, 1"),
        ({"ulimits": {"nofile": {"soft": -1, "hard": 1}}}, "ulimits.nofile.soft", "is above hard, 1"),
        ({"ulimits": {"nofile": {"soft": 1, "hard": 2_000_000}}}, "ulimits.nofile.hard", "0 to 1048576 on Fargate"),
        ({"ulimits": {"memlock": {"soft": 1, "hard": 1}}}, "ulimits.memlock", "Fargate, which takes nofile only"),
        ({"stopTimeoutSeconds": 1}, "stopTimeoutSeconds", "must be 2 or more"),
        ({"stopTimeoutSeconds": 121}, "stopTimeoutSeconds", "is above 120, the most on Fargate"),
        ({"restartPolicy": {"restartAttemptPeriodSeconds": 59}}, "restartPolicy.restartAttemptPeriodSeconds", "60 or"),
        ({"restartPolicy": {"restartAttemptPeriodSeconds": 1801}}, "restartPolicy.restartAttemptPeriodSeconds", "1800"),
        ({"restartPolicy": {"ignoredExitCodes": [256]}}, "restartPolicy.ignoredExitCodes[0]", "255 or less"),
        ({"restartPolicy": {"ignoredExitCodes": [1, 1]}}, "restartPolicy.ignoredExitCodes[1]", "is listed twice"),
        ({"containerHealthCheck": {"intervalSeconds": 4}}, "containerHealthCheck.intervalSeconds", "5 or more"),
        ({"containerHealthCheck": {"timeoutSeconds": 61}}, "containerHealthCheck.timeoutSeconds", "60 or less"),
        ({"containerHealthCheck": {"retries": 11}}, "containerHealthCheck.retries", "10 or less"),
        ({"containerHealthCheck": {"startPeriodSeconds": 301}}, "containerHealthCheck.startPeriodSeconds", "300 or"),
        ({"containerHealthCheck": {}, "healthCheckCommand": []}, "containerHealthCheck", "no effect without a health"),
        ({"environment": {"A": "1"}, "secrets": {"A": SECRET}}, "environment.A", "is set twice, here and by a secret"),
        ({"environment": {"AWS_EXECUTION_ENV": "x"}}, "environment.AWS_EXECUTION_ENV", "is set by ECS"),
        ({"secrets": {"ECS_AGENT_URI": SECRET}}, "secrets.ECS_AGENT_URI", "is set by ECS"),
        ({"environment": {"AWS_SECRET_ACCESS_KEY": "x"}}, "environment.AWS_SECRET_ACCESS_KEY", "the task's own role"),
    ],
)
def test_a_mistake_of_the_application_s_container_is_named(web: dict[str, Any], path: str, advice: str) -> None:
    found = problems(platform(**web))
    assert set(found) == {f"services.web.{path}"}
    assert advice in found[f"services.web.{path}"]


@pytest.mark.parametrize(
    ("beside", "path", "advice"),
    [
        ({"Cache": {}}, "Cache", "lower-case letters"),
        ({"application": {}}, "application", "is what dependsOn calls the service's own container"),
        ({"one": {"image": "nginx:1.29"}}, "one.image", "docker.io/library/nginx:1.29, not nginx:1.29"),
        ({"one": {"image": "sha256:" + "0" * 64}}, "one.image", "a whole reference"),
        ({"one": {"image": "public.ecr.aws/nginx/nginx"}}, "one.image", "names no version"),
        ({"one": {"image": "public.ecr.aws/nginx/nginx:latest"}}, "one.image", "names no version"),
        ({"one": {"user": "root"}}, "one.user", "a user other than root"),
        ({"one": {"healthCheck": {}}}, "one.healthCheck.command", "is missing"),
        ({"one": {"healthCheck": {"command": []}}}, "one.healthCheck.command", "at least 1 item"),
        ({"one": {"healthCheck": {"command": ["true"]}}}, "one.healthCheck.command", 'must begin with "CMD"'),
        ({"one": {"dependsOn": {"one": "START"}}}, "one.dependsOn.one", "is the container itself"),
        ({"one": {"dependsOn": {"two": "START"}}}, "one.dependsOn.two", "which has application. Choose one of these"),
        ({"one": {"dependsOn": {"web": "START"}}}, "one.dependsOn.web", "which has application"),
        (
            {"one": {"dependsOn": {"two": "START"}}, "two": {"dependsOn": {"one": "START"}}},
            "one.dependsOn.two",
            "none starts: one → two → one. Remove one",
        ),
        (
            {"one": {"dependsOn": {"two": "HEALTHY"}}, "two": {}},
            "one.dependsOn.two",
            "Set containers.two.healthCheck, or choose",
        ),
        ({"one": {"dependsOn": {"application": "SUCCESS"}}}, "one.dependsOn.application", "the end of the application"),
        ({"one": {"dependsOn": {"two": "SUCCESS"}}, "two": {"essential": True}}, "two.essential", "Set it to false"),
        (
            {"one": {"dependsOn": {"two": "COMPLETE"}}, "two": {"restartPolicy": {}}},
            "two.restartPolicy",
            "Add 0 to ignoredExitCodes",
        ),
        ({"one": {"startTimeoutSeconds": 60}}, "one.startTimeoutSeconds", "has no effect"),
        (
            {"one": {"startTimeoutSeconds": 121}, "two": {"dependsOn": {"one": "SUCCESS"}}},
            "one.startTimeoutSeconds",
            "120",
        ),
        ({"one": {"cpu": 1}}, "one.cpu", "must be 2 or more"),
        (
            {"one": {"cpu": 128}, "two": {"cpu": 200}},
            "two.cpu",
            "further containers take 328 of the task's 256 CPU units",
        ),
        ({"one": {"memory": 512}}, "one.memory", "leaves nothing to the application"),
        ({"one": {"memoryReservation": 512}}, "one.memoryReservation", "leaves nothing to the application"),
        ({"one": {"memory": 513, "memoryReservation": 6}}, "one.memory", "is above the task's memory, 512 MiB"),
        ({"one": {"memory": 128, "memoryReservation": 128}}, "one.memoryReservation", "must be below memory, 128"),
        ({"one": {"environment": {"A": "1"}, "secrets": {"A": SECRET}}}, "one.environment.A", "is set twice"),
        (
            {"one": {"environment": {"AWS_ACCESS_KEY_ID": "1"}}},
            "one.environment.AWS_ACCESS_KEY_ID",
            "the task's own role",
        ),
        ({"one": {"ports": {"x": {"port": 8080}}}}, "one.ports.x.port", "the port of containerPort too"),
        (
            {"one": {"ports": {"x": {"port": 1}}}, "two": {"ports": {"x": {"port": 2}}}},
            "two.ports.x",
            "has the name of containers.one.ports.x",
        ),
        ({"one": {"environmentFiles": [FILE, FILE]}}, "one.environmentFiles[1]", "is listed twice"),
        ({"one": {"repository": "web"}}, "one.repository", "unknown key"),
        ({"one": {"writablePaths": {"tmp": {}}}}, "one.writablePaths.tmp", "an absolute path such as /tmp"),
        ({"one": {"writablePaths": {"/a": {}, "/a/b": {}}}}, "one.writablePaths./a/b", "is within /a"),
        (
            {"one": {"writablePaths": {"/a": {}}, "readonlyRootFilesystem": False}},
            "one.writablePaths",
            "the whole root file system is writable",
        ),
        ({"one": {"writablePaths": {"/a": {}}, "memory": 64}}, "one.writablePaths", "but the container has 64"),
        (
            {"one": {"writablePaths": {"/a": {"storage": "disk", "sizeMiB": 9}}}},
            "one.writablePaths./a.sizeMiB",
            "the path is on disk",
        ),
        (
            {"one": {"repositoryCredentials": {"secretArn": REGISTRY}}},
            "one.repositoryCredentials",
            "has no effect on ECR Public",
        ),
    ],
)
def test_a_mistake_of_a_container_beside_it_is_named(beside: dict[str, dict[str, Any]], path: str, advice: str) -> None:
    found = problems(platform(beside))
    assert set(found) == {f"services.web.containers.{path}"}
    assert advice in found[f"services.web.containers.{path}"]


def test_several_mistakes_are_told_together() -> None:
    raw = platform(
        {"one": {"dependsOn": {"nobody": "START"}, "memory": 600}, "two": {"image": "b", "user": "root"}},
        dependsOn={"one": "HEALTHY"},
        stopTimeoutSeconds=200,
        environment={"AWS_EXECUTION_ENV": "x"},
    )
    assert {path.removeprefix("services.web.") for path in problems(raw)} == {
        "containers.one.dependsOn.nobody",
        "containers.one.memory",
        "containers.two.image",
        "containers.two.user",
        "dependsOn.one",
        "environment.AWS_EXECUTION_ENV",
        "stopTimeoutSeconds",
    }


def test_a_container_cannot_have_the_name_of_the_application_s_own() -> None:
    raw = platform({"dev-web": {}})
    assert settings.parse(raw, settings.Surroundings(stack="prod"))
    with pytest.raises(settings.SettingsError, match="the name of the service's own container in ECS"):
        settings.parse(raw, settings.Surroundings(stack="dev"))


def test_a_file_must_be_in_a_bucket_that_the_endpoint_lets_tasks_read() -> None:
    raw = platform({"one": {"environmentFiles": [FILE]}}, environmentFiles=[FILE])
    raw["network"].update(endpoints="gateway", endpointBucketArns=["arn:aws:s3:::other"])
    found = problems(raw)
    assert set(found) == {"services.web.environmentFiles[0]", "services.web.containers.one.environmentFiles[0]"}
    assert all("Add arn:aws:s3:::configuration to network.endpointBucketArns" in advice for advice in found.values())
    raw["network"]["endpointBucketArns"].append("arn:aws:s3:::configuration")
    assert settings.parse(raw)


def test_a_file_is_in_the_partition_of_the_stack() -> None:
    raw = platform(environmentFiles=["arn:aws-cn:s3:::configuration/web.env"])
    with pytest.raises(settings.SettingsError, match="is in the partition aws-cn, but us-east-1 is in aws"):
        settings.parse(raw, settings.Surroundings("us-east-1"))


def test_a_container_from_elsewhere_needs_a_nat_gateway() -> None:
    raw = platform({"one": {}})
    raw["network"].update(natGateways="none", endpoints="private")
    assert "only images in ECR can" in problems(raw)["services.web.containers.one.image"]


def test_a_key_may_encrypt_files_of_a_bucket_anywhere() -> None:
    raw = platform(secretKmsKeyArns=["arn:aws:kms:eu-west-1:123456789012:key/1"])
    around = settings.Surroundings("us-east-1")
    with pytest.raises(settings.SettingsError, match="is in eu-west-1"):
        settings.parse(raw, around)
    raw["services"]["web"]["environmentFiles"] = [FILE]
    assert settings.parse(raw, around)


def test_a_definition_that_is_too_large_is_told_of_the_containers_that_make_it_so() -> None:
    raw = platform({"one": {"environment": {"A": "x" * 70_000}}})
    assert "ECS takes 65536" in problems(raw)["services.web.containers"]


def test_instances_have_no_limit_of_fargate_s() -> None:
    found = problems(on_instances({"one": {"ports": {"two": {"port": 1}, "c": {"port": 1}}}}, networkMode="bridge"))
    assert set(found) == {"services.web.containers.one.ports.c.port"}
