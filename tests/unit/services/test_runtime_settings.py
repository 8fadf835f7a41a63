"""What a stack may say of how tasks run: each mistake named with path and value, and what would be right."""

from typing import Any

import pytest

import settings
from settings import Surroundings

from ..conftest import stack_config
from ..settings.test_settings import problems

GROUPS: dict[str, Any] = {"plain": {}, "bridge": {"bridgeTasks": True}}
SECRET = "arn:aws:secretsmanager:us-east-1:123456789012:secret:registry-AbCdEf"
CREDENTIALS = {"secretArn": SECRET}
DIGEST = f"sha256:{'0' * 64}"
ELSEWHERE = "registry.example.com/team/app:1.2"
ECR = "123456789012.dkr.ecr.us-east-1.amazonaws.com/base/proxy:1"


def platform(on: str = "FARGATE", cluster: dict[str, Any] | None = None, **web: Any) -> dict[str, Any]:
    """Return the dev stack's settings with its service `web` on some capacity; None takes a setting away."""
    raw: dict[str, Any] = stack_config("dev")[settings.KEY]
    logging: dict[str, Any] = {"executeCommandLogging": {}}
    raw["cluster"] = {"autoScalingGroups": GROUPS, "managedInstances": {"large": {}}, **logging, **(cluster or {})}
    raw["services"]["web"].update({"capacityProviderStrategy": [{"capacityProvider": on}], **web})
    for key in [key for key, value in web.items() if value is None]:
        del raw["services"]["web"][key]
    return raw


@pytest.mark.parametrize(
    ("on", "web"),
    [
        ("FARGATE", {"ephemeralStorageGiB": 21}),
        ("FARGATE", {"ephemeralStorageGiB": 200, "addCapabilities": ["SYS_PTRACE"], "faultInjection": True}),
        ("plain", {"addCapabilities": ["NET_BIND_SERVICE", "CHOWN"], "faultInjection": True}),
        ("large", {"addCapabilities": ["NET_RAW"]}),
        ("FARGATE", {"writablePaths": {"/tmp": {}, "/var/cache": {"sizeMiB": 400}, "/d": {"storage": "disk"}}}),
        ("FARGATE", {"executeCommand": True, "writablePaths": {"/tmp": {}, "/var/run": {}}}),
        ("bridge", {"executeCommand": True, "networkMode": "bridge"}),
        ("FARGATE", {"image": "v1", "versionConsistency": "disabled"}),
        ("FARGATE", {"repository": None, "image": ELSEWHERE, "repositoryCredentials": CREDENTIALS}),
        ("FARGATE", {"repository": None, "image": ECR}),
        ("FARGATE", {"repository": None, "image": "public.ecr.aws/nginx/nginx:1"}),
        ("FARGATE", {"tags": {"team": "shop", "cost center": "", "Größe": "M"}}),
    ],
)
def test_what_tasks_can_be_given_is_accepted(on: str, web: dict[str, Any]) -> None:
    assert settings.parse(platform(on, **web))


PATHS = "writablePaths"


@pytest.mark.parametrize(
    ("on", "web", "path", "advice"),
    [
        ("FARGATE", {"ephemeralStorageGiB": 20}, "ephemeralStorageGiB", "21 or more"),
        ("FARGATE", {"ephemeralStorageGiB": 201}, "ephemeralStorageGiB", "200 or less"),
        ("plain", {"ephemeralStorageGiB": 50}, "ephemeralStorageGiB", "raise rootVolumeSize"),
        ("large", {"ephemeralStorageGiB": 50}, "ephemeralStorageGiB", "raise storageSize"),
        ("FARGATE", {PATHS: {"tmp": {}}}, f"{PATHS}.tmp", "an absolute path such as /tmp"),
        ("FARGATE", {PATHS: {"/tmp/": {}}}, f"{PATHS}./tmp/", "without a slash at its end"),
        ("FARGATE", {PATHS: {"/": {}}}, f"{PATHS}./", "an absolute path such as /tmp"),
        ("FARGATE", {PATHS: {"/a/../b": {}}}, f"{PATHS}./a/../b", "an absolute path such as /tmp"),
        ("FARGATE", {PATHS: {"/proc/x": {}}}, f"{PATHS}./proc/x", "not in /proc, /sys or /dev"),
        ("FARGATE", {PATHS: {"/a": {}, "/a/b": {}}}, f"{PATHS}./a/b", "is within /a"),
        ("FARGATE", {PATHS: {"/a": {"sizeMiB": 512}}}, PATHS, "can take 512 MiB of memory, but the task has 512"),
        ("FARGATE", {PATHS: {"/a": {"sizeMiB": 0}}}, f"{PATHS}./a.sizeMiB", "1 or more"),
        ("FARGATE", {PATHS: {"/a": {"storage": "disk", "sizeMiB": 5}}}, f"{PATHS}./a.sizeMiB", "storage: memory"),
        ("FARGATE", {PATHS: {"/a": {"storage": "ram"}}}, f"{PATHS}./a.storage", "'memory' or 'disk'"),
        ("FARGATE", {PATHS: {"/a": {}}, "readonlyRootFilesystem": False}, PATHS, "the whole root file system"),
        ("FARGATE", {"addCapabilities": ["CHOWN"]}, "addCapabilities[0]", "which has SYS_PTRACE only"),
        ("plain", {"addCapabilities": ["ALL"]}, "addCapabilities[0]", "NET_BIND_SERVICE"),
        ("plain", {"addCapabilities": ["CHOWN", "CHOWN"]}, "addCapabilities[1]", "is listed twice"),
        ("bridge", {"faultInjection": True, "networkMode": "bridge"}, "faultInjection", "needs networkMode: awsvpc"),
        ("large", {"faultInjection": True}, "faultInjection", "no Managed Instances"),
        ("FARGATE", {"versionConsistency": "disabled"}, "versionConsistency", "releases name digests"),
        ("FARGATE", {"versionConsistency": "disabled", "image": DIGEST}, "versionConsistency", "no effect on a digest"),
        ("FARGATE", {"versionConsistency": "off", "image": "v1"}, "versionConsistency", "'enabled' or 'disabled'"),
        ("FARGATE", {"repository": None}, "repository", "or set image to a whole reference"),
        ("FARGATE", {"repository": None, "image": "v1"}, "repository", "or set image to a whole reference"),
        ("FARGATE", {"repositoryCredentials": CREDENTIALS}, "repositoryCredentials", "is for another registry"),
        (
            "FARGATE",
            {"repositoryCredentials": CREDENTIALS, "image": ECR},
            "repositoryCredentials",
            "no effect on an image in ECR",
        ),
        (
            "FARGATE",
            {"repositoryCredentials": CREDENTIALS, "image": "public.ecr.aws/nginx/nginx:1"},
            "repositoryCredentials",
            "where everybody may pull",
        ),
        (
            "FARGATE",
            {"repositoryCredentials": {"secretArn": f"{SECRET}:password::"}, "image": ELSEWHERE},
            "repositoryCredentials.secretArn",
            "the ARN of a Secrets Manager secret",
        ),
        (
            "FARGATE",
            {"repositoryCredentials": {**CREDENTIALS, "kmsKeyArn": "alias/x"}, "image": ELSEWHERE},
            "repositoryCredentials.kmsKeyArn",
            "the ARN of a KMS key",
        ),
        ("FARGATE", {"tags": {"aws:team": "x"}}, "tags.aws:team", "not beginning with aws:"),
        ("FARGATE", {"tags": {"team": "a;b"}}, "tags.team", "a tag's value: letters"),
        ("FARGATE", {"tags": {"team": "x" * 257}}, "tags.team", "at most 256 characters"),
        ("FARGATE", {"tags": {"cost": 5}}, "tags.cost", "must be text"),
        ("FARGATE", {"tags": {f"k{number}": "" for number in range(51)}}, "tags", "at most 50 items"),
        ("FARGATE", {"tags": {"environment": "x"}}, "tags.environment", "is the stack's own"),
        ("FARGATE", {"tags": {"Team": "x", "team": "y"}}, "tags.team", "differs only in case from Team of these tags"),
        (
            "plain",
            {"executeCommand": True, "egress": [{"port": 5432, "cidrBlock": "10.0.0.0/8"}]},
            "egress",
            "no session of executeCommand could start",
        ),
        (
            "FARGATE",
            {"executeCommand": True, PATHS: {"/var/lib/amazon/ssm": {}}},
            f"{PATHS}./var/lib/amazon/ssm",
            "is ECS Exec's",
        ),
        ("FARGATE", {"executeCommand": True, PATHS: {"/var/log": {}}}, f"{PATHS}./var/log", "hides /var/log/amazon"),
        ("FARGATE", {"executeCommand": "yes"}, "executeCommand", "true or false"),
    ],
)
def test_what_tasks_cannot_be_given_is_named(on: str, web: dict[str, Any], path: str, advice: str) -> None:
    found = problems(platform(on, **web))
    assert set(found) == {f"services.web.{path}"}
    assert advice in found[f"services.web.{path}"]


@pytest.mark.parametrize(
    ("web", "container", "path", "advice"),
    [
        ({}, {PATHS: {"tmp": {}}}, f"containers.agent.{PATHS}.tmp", "an absolute path such as /tmp"),
        ({}, {PATHS: {"/a": {}, "/a/b": {}}}, f"containers.agent.{PATHS}./a/b", "is within /a"),
        ({PATHS: {"/a": {}}}, {PATHS: {"/a": {"sizeMiB": 448}}}, PATHS, "can take 512 MiB of memory"),
        ({}, {PATHS: {"/a": {}}, "readonlyRootFilesystem": False}, f"containers.agent.{PATHS}", "is not needed"),
        ({"executeCommand": True}, {PATHS: {"/var": {}}}, f"containers.agent.{PATHS}./var", "hides /var/l"),
        (
            {},
            {"repositoryCredentials": CREDENTIALS},
            "containers.agent.repositoryCredentials",
            "where everybody may pull",
        ),
    ],
)
def test_mistakes_of_a_container_beside_are_named(
    web: dict[str, Any], container: dict[str, Any], path: str, advice: str
) -> None:
    agent = {"image": "public.ecr.aws/agent/agent:1", **container}
    found = problems(platform(containers={"agent": agent}, **web))
    assert set(found) == {f"services.web.{path}"}
    assert advice in found[f"services.web.{path}"]


def test_sessions_need_a_log_to_be_kept_in() -> None:
    raw = platform(executeCommand=True)
    del raw["cluster"]["executeCommandLogging"]
    assert "Set it; `{}` means all defaults" in problems(raw)["services.web.executeCommand"]


def test_sessions_on_instances_need_a_way_out_unless_endpoints_are_one() -> None:
    raw = platform("plain", executeCommand=True, egress=[{"port": 5432, "cidrBlock": "10.0.0.0/8"}])
    raw["network"] |= {"endpoints": "private"}
    assert settings.parse(raw)


def told(tags: dict[str, str], default: object) -> list[str]:
    """Return what is said of tags beside the default ones."""
    around = Surroundings(default_tags=default)
    try:
        settings.parse(platform(tags=tags), around)
    except settings.SettingsError as error:
        return [str(problem) for problem in error.problems if problem.path[0] == "services"]
    return []


def test_default_tags_count_too() -> None:
    default = {"tags": {f"key-{number}": "x" for number in range(48)}}
    assert told({"one": "x", "two": "x"}, default) == []
    (found,) = told({"one": "x", "two": "x", "three": "x"}, default)
    assert "are 51 with the stack's default tags" in found
    assert told({"key-1": "y", "key-2": "y", "key-3": "y"}, default) == []
    (found,) = told({"Key-1": "x"}, default)
    assert "differs only in case from key-1 of aws:defaultTags" in found
    assert told({"a": "b"}, "no map") == []


def test_mistakes_of_several_kinds_are_told_at_once() -> None:
    found = problems(platform("plain", ephemeralStorageGiB=50, tags={"project": "x"}, addCapabilities=["CHOWN"] * 2))
    assert set(found) == {
        f"services.web.{path}" for path in ("ephemeralStorageGiB", "tags.project", "addCapabilities[1]")
    }


def test_a_mistaken_strategy_hides_only_what_depends_on_it() -> None:
    found = problems(platform("nowhere", ephemeralStorageGiB=50, faultInjection=True, repository=None))
    assert set(found) == {"services.web.capacityProviderStrategy[0].capacityProvider", "services.web.repository"}


def test_jobs_are_given_the_same_but_no_sessions() -> None:
    raw = platform()
    job: dict[str, Any] = {"image": ELSEWHERE, "repositoryCredentials": CREDENTIALS, "tags": {"team": "shop"}}
    raw["jobs"] = {"nightly": job}
    assert settings.parse(raw).jobs["nightly"].repository is None
    raw["jobs"]["nightly"] |= {"ephemeralStorageGiB": 5, "addCapabilities": ["CHOWN"], "executeCommand": True}
    found = problems(raw)
    assert set(found) == {
        "jobs.nightly.ephemeralStorageGiB",
        "jobs.nightly.addCapabilities[0]",
        "jobs.nightly.executeCommand",
    }
    assert "unknown key" in found["jobs.nightly.executeCommand"]
