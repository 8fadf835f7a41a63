"""What a stack may say of migrations, secrets and restarts: each mistake named, and what would be right."""

from typing import Any

import pytest

import settings
from components.services.args import WorkerChoices

PLACE = "arn:aws:secretsmanager:us-east-1:123456789012:secret"
DB = f"{PLACE}:db-a1B2c3"
PARAMETER = "arn:aws:ssm:us-east-1:123456789012:parameter/web/url"
VERSION = "a" * 32
AROUND = settings.Surroundings(region="us-east-1")


def platform(pipeline: str | None = None, **web: Any) -> dict[str, Any]:
    """Return the settings of one service."""
    raw: dict[str, Any] = {
        "registry": {"repositories": {"web": {}}},
        "services": {"web": {"repository": "web", **web}},
    }
    if pipeline:
        place = {"backendUrl": "s3://state?region=us-east-1"} if pipeline == "pulumi" else {}
        raw["pipelines"] = {"web": {"source": {"repository": "shop"}, "deploy": pipeline, **place}}
    return raw


def problems(raw: dict[str, Any], around: settings.Surroundings) -> dict[str, str]:
    """Return path → advice of every mistake."""
    with pytest.raises(settings.SettingsError) as caught:
        settings.parse(raw, around)
    return {settings.path_text(problem.path): problem.advice for problem in caught.value.problems}


MIGRATION = {"command": ["./migrate"]}


@pytest.mark.parametrize(
    ("web", "path", "advice"),
    [
        ({"migration": {}}, "migration.command", "is missing"),
        ({"migration": {"comand": ["a"]}}, "migration.comand", "did you mean command?"),
        ({"migration": {"command": []}}, "migration.command", "at least 1 item"),
        ({"migration": {"command": [""]}}, "migration.command[0]", "text, not empty"),
        ({"migration": {"command": "npm run migrate"}}, "migration.command", "must be a list"),
        ({"migration": {"command": ["npm run x"]}}, "migration.command", '["npm", "run", "x"], or for the shell'),
        ({"migration": {**MIGRATION, "timeoutMinutes": 0}}, "migration.timeoutMinutes", "1 or more"),
        ({"migration": {**MIGRATION, "timeoutMinutes": 721}}, "migration.timeoutMinutes", "720 or less"),
        ({"migration": {**MIGRATION, "memory": 300}}, "migration.memory", "Fargate has 512, 1024, 2048 MiB"),
        ({"migration": {**MIGRATION, "cpu": 512}}, "migration.cpu", "with 512 CPU units"),
        ({"migration": {**MIGRATION, "cpu": 300}}, "migration.cpu", "no size of 300 CPU units"),
        (
            {"migration": {**MIGRATION, "environment": {"A-B": "1"}}},
            "migration.environment.A-B",
            "letters, digits and underscores",
        ),
        (
            {"migration": {**MIGRATION, "environment": {"DB": "1"}}, "secrets": {"DB": DB}},
            "migration.environment.DB",
            "is set twice, here and by a secret",
        ),
        (
            {"migration": {**MIGRATION, "environment": {"A": "1"}}, "environment": {"A": "1"}},
            "migration.environment.A",
            "has the same value in the service's environment",
        ),
        ({"restartOnRotation": True}, "restartOnRotation", "has no effect without secrets"),
        ({"restartOnRotation": "yes"}, "restartOnRotation", "true or false"),
        (
            {"restartOnRotation": True, "secrets": {"A": {"arn": DB, "versionId": VERSION}}},
            "restartOnRotation",
            "a version by its id, which never changes",
        ),
        (
            {"restartOnRotation": True, "secrets": {"A": PARAMETER.replace("us-east-1", "eu-west-1")}},
            "secrets.A",
            "is in eu-west-1, which tells nothing of its changes to us-east-1",
        ),
        ({"secrets": {"A": {"jsonKey": "a"}}}, "secrets.A.arn", "is missing"),
        ({"secrets": {"A": {"arn": DB, "jsonkey": "a"}}}, "secrets.A.jsonkey", "did you mean jsonKey?"),
        ({"secrets": {"A": {"arn": f"{DB}:key::"}}}, "secrets.A.arn", "jsonKey says which key of it"),
        ({"secrets": {"A": {"arn": f"{PLACE}:db"}}}, "secrets.A.arn", "with the random end that AWS gives it"),
        ({"secrets": {"A": {"arn": f"{PLACE}:my-secret"}}}, "secrets.A.arn", "looks like the secret's name"),
        ({"secrets": {"A": {"arn": PARAMETER, "jsonKey": "a"}}}, "secrets.A", "a parameter has neither keys nor"),
        (
            {"secrets": {"A": {"arn": DB, "versionId": VERSION, "versionStage": "BLUE"}}},
            "secrets.A",
            "of which ECS takes one",
        ),
        ({"secrets": {"A": {"arn": DB, "versionId": "1"}}}, "secrets.A.versionId", "32 to 64 letters"),
        ({"secrets": {"A": {"arn": DB, "versionStage": "AWSPENDING"}}}, "secrets.A.versionStage", "a staging label"),
        ({"secrets": {"A": {"arn": DB, "jsonKey": "a:b"}}}, "secrets.A.jsonKey", "without : and spaces"),
        (
            {"secrets": {"A": {"arn": DB.replace("us-east-1", "eu-west-1")}}},
            "secrets.A.arn",
            "is in eu-west-1, but must be in us-east-1",
        ),
        ({"secrets": {"A": 1}}, "secrets.A", "must be an ARN in quotes, or a map with arn and jsonKey"),
        ({"secrets": {"A": None}}, "secrets.A", "an ARN in quotes"),
        (
            {"generatedSecret": {"environmentVariable": "A", "length": 7}},
            "generatedSecret.length",
            "8 or more",
        ),
        (
            {"generatedSecret": {"environmentVariable": "A", "excludedCharacters": "0123456789"}},
            "generatedSecret.excludedCharacters",
            "has every digit, of which AWS puts one into each password",
        ),
        (
            {"generatedSecret": {"environmentVariable": "A", "excludedCharacters": "a b"}},
            "generatedSecret.excludedCharacters",
            "characters that no password gets",
        ),
        ({"permissionsBoundaryArn": "workloads"}, "permissionsBoundaryArn", "the ARN of a managed policy"),
        (
            {"permissionsBoundaryArn": "arn:aws-cn:iam::123456789012:policy/a"},
            "permissionsBoundaryArn",
            "is in the partition aws-cn",
        ),
    ],
)
def test_a_mistake_is_named_with_what_would_be_right(web: dict[str, Any], path: str, advice: str) -> None:
    found = problems(platform(**web), AROUND)
    (one,) = [text for key, text in found.items() if key == f"services.web.{path}"]
    assert advice in one


def test_a_pipeline_that_makes_its_own_revisions_takes_no_migration() -> None:
    found = problems(platform("ecs", migration=MIGRATION), AROUND)
    assert "pipelines.web deploys by ecs" in found["services.web.migration"]
    assert settings.parse(platform("pulumi", migration=MIGRATION), AROUND)
    assert settings.parse(platform("ecs", restartOnRotation=True, secrets={"A": DB}), AROUND)


def test_the_boundary_of_the_stack_is_a_policy() -> None:
    found = problems({**platform(), "permissionsBoundaryArn": "arn:aws:iam::123456789012:role/a"}, AROUND)
    assert "the ARN of a managed policy" in found["permissionsBoundaryArn"]


@pytest.mark.parametrize(
    ("said", "value_from"),
    [
        (DB, DB),
        ({"arn": DB}, DB),
        ({"arn": DB, "jsonKey": "password"}, f"{DB}:password::"),
        ({"arn": DB, "jsonKey": "password", "versionStage": "AWSPREVIOUS"}, f"{DB}:password:AWSPREVIOUS:"),
        ({"arn": DB, "versionId": VERSION}, f"{DB}:::{VERSION}"),
        ({"arn": PARAMETER}, PARAMETER),
    ],
)
def test_a_map_and_a_text_say_the_same(said: Any, value_from: str) -> None:
    read = settings.parse(platform(secrets={"A": said}), AROUND)
    assert read.services["web"].given(WorkerChoices)["secrets"] == {"A": value_from}


def test_all_of_these_mistakes_are_told_at_once() -> None:
    found = problems(
        platform(
            "ecs",
            migration={"command": ["npm run x"], "timeoutMinutes": 0},
            restartOnRotation=True,
            permissions=[{"actions": ["s3:Get*"], "resources": ["*"]}],
        ),
        AROUND,
    )
    assert {path.removeprefix("services.web.") for path in found} == {
        "migration",
        "migration.command",
        "migration.timeoutMinutes",
        "restartOnRotation",
        "permissions[0].actions[0]",
    }
