"""The buildspecs: of the form that CodeBuild documents, and their shell, run with docker, aws and the rest recorded."""

import json
import shlex
import subprocess
import sys
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

from components.pipelines import buildspecs
from release import cli as release_cli

_TEXTS = {"type": "array", "items": {"type": "string"}, "minItems": 1}
_PHASE: dict[str, Any] = {
    "type": "object",
    "properties": {
        "run-as": {"type": "string"},
        "on-failure": {"type": "string", "pattern": "^(ABORT|CONTINUE|RETRY.*)$"},
        "runtime-versions": {"type": "object", "additionalProperties": {"type": ["string", "number"]}},
        "commands": _TEXTS,
        "finally": _TEXTS,
    },
    "required": ["commands"],
    "additionalProperties": False,
}
# The keys of the "Build specification reference for CodeBuild". AWS's own schema of it is on no package registry.
SCHEMA: dict[str, Any] = {
    "type": "object",
    "properties": {
        "version": {"enum": [0.2, "0.2"]},
        "run-as": {"type": "string"},
        "env": {
            "type": "object",
            "properties": {
                "shell": {"enum": ["bash", "/bin/sh"]},
                "variables": {"type": "object"},
                "parameter-store": {"type": "object"},
                "secrets-manager": {"type": "object"},
                "exported-variables": _TEXTS,
                "git-credential-helper": {"enum": ["yes", "no"]},
            },
            "additionalProperties": False,
        },
        "phases": {
            "type": "object",
            "properties": dict.fromkeys(("install", "pre_build", "build", "post_build"), _PHASE),
            "additionalProperties": False,
            "minProperties": 1,
        },
        "artifacts": {
            "type": "object",
            "properties": {
                "files": _TEXTS,
                "name": {"type": "string"},
                "discard-paths": {"enum": ["yes", "no"]},
                "base-directory": {"type": "string"},
                "exclude-paths": _TEXTS,
                "secondary-artifacts": {"type": "object"},
            },
            "required": ["files"],
            "additionalProperties": False,
        },
        "cache": {"type": "object"},
        "reports": {"type": "object"},
        "batch": {"type": "object"},
        "proxy": {"type": "object"},
    },
    "required": ["version", "phases"],
    "additionalProperties": False,
}
SPECS = {
    "build": buildspecs.build(test_stage=None),
    "build with tests": buildspecs.build(test_stage="test"),
    "deploy": buildspecs.deploy(),
    "record": buildspecs.record(),
}
DIGEST = f"sha256:{'a' * 64}"
HOST = "123456789012.dkr.ecr.us-east-1.amazonaws.com"

RECORDER = """#!{python} -IS
import json, os, sys
name, arguments = os.path.basename(sys.argv[0]), sys.argv[1:]
record = open(os.environ["RECORD"], "a+")  # appended to: commands of a pipe run at the same time
record.seek(0)
before = record.read()
given = "" if "--password-stdin" not in arguments else " < " + sys.stdin.read().strip()
line = " ".join([name, *arguments])
record.write(line + given + "\\n")
record.close()
for words, answers in json.loads(os.environ["ANSWERS"]).items():
    if words in line:
        code, out, err = answers[min(before.count(words), len(answers) - 1)]
        print(out); print(err, file=sys.stderr); sys.exit(code)
"""


@pytest.mark.parametrize("name", SPECS)
def test_a_buildspec_has_the_documented_form(name: str) -> None:
    jsonschema.validate(yaml.safe_load(SPECS[name]), SCHEMA)


def test_the_form_is_not_just_anything() -> None:
    broken = yaml.safe_load(SPECS["build"])
    broken["phases"]["build"]["command"] = broken["phases"]["build"].pop("commands")
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(broken, SCHEMA)


class Build:
    """A CodeBuild container: the phases in their order, each command by bash, the first that fails ends it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.tools = folder / "tools"
        self.tools.mkdir()
        for name in ("aws", "docker", "pulumi", "curl", "python3"):
            self.script(self.tools / name, RECORDER.format(python=sys.executable))
        self.source = folder / "source"
        self.source.mkdir()
        self.environment = {
            "PATH": f"{self.tools}:/usr/bin:/bin",
            "HOME": str(folder),
            "RECORD": str(folder / "record"),
            "CODEBUILD_RESOLVED_SOURCE_VERSION": "0123456789abcdef0123456789abcdef01234567",
            "AWS_DEFAULT_REGION": "us-east-1",
            "IMAGE_REPO_NAME": "container-platform/dev/web",
            "REPOSITORY_URI": f"{HOST}/container-platform/dev/web",
            "CONTAINER_NAME": "dev-web",
            "BUILD_DIRECTORY": "examples/app",
            "PLATFORM": "linux/amd64",
            "IMAGE_PARAMETER": "/container-platform/dev/web/image",
            "PULUMI_VERSION": "3.259.0",
            "PULUMI_STACK": "dev",
            "PULUMI_BACKEND_URL": "s3://state?region=us-east-1",
            "PROGRAM_DIRECTORY": ".",
            "SERVICE": "web",
        }

    def script(self, file: Path, text: str) -> None:
        """Write a command."""
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
        file.chmod(0o755)

    def run(self, spec: str, answers: dict[str, list[tuple[int, str, str]]]) -> tuple[int, str]:
        """Return exit code and standard error of a build."""
        environment = {**self.environment, "ANSWERS": json.dumps(answers)}
        for name, phase in yaml.safe_load(spec)["phases"].items():
            assert phase["on-failure"] == "ABORT", f"else CodeBuild goes on after a {name} that failed"
            for command in phase["commands"]:
                done = subprocess.run(
                    ["/bin/bash", "-c", command], cwd=self.source, env=environment, capture_output=True, text=True
                )
                if done.returncode:
                    return done.returncode, done.stderr
        return 0, ""

    @property
    def calls(self) -> list[str]:
        """What was called, in order."""
        record = Path(self.environment["RECORD"])
        return record.read_text().splitlines() if record.exists() else []


@pytest.fixture
def build(tmp_path: Path) -> Build:
    """An empty container."""
    return Build(tmp_path)


NEW = (254, "", "An error occurred (ImageNotFoundException) when calling the DescribeImages operation")
FOUND = (0, DIGEST, "")


class TestBuild:
    def test_it_tests_tags_by_commit_pushes_and_writes_the_digest_down(self, build: Build) -> None:
        answers = {"describe-images": [NEW, FOUND], "get-login-password": [(0, "token", "")]}
        assert build.run(SPECS["build with tests"], answers) == (0, "")
        image = f"{HOST}/container-platform/dev/web:git-0123456789ab"
        assert [call for call in build.calls if call.startswith("docker")] == [
            f"docker login --username AWS --password-stdin {HOST} < token",
            "docker build --platform linux/amd64 --target test examples/app",
            f"docker build --platform linux/amd64 --tag {image} examples/app",
            f"docker push {image}",
        ]
        assert (build.source / buildspecs.IMAGE_FILE).read_text() == DIGEST
        definitions = json.loads((build.source / buildspecs.DEFINITIONS_FILE).read_text())
        assert definitions == [{"name": "dev-web", "imageUri": f"{HOST}/container-platform/dev/web@{DIGEST}"}]

    def test_a_rerun_takes_the_image_that_is_there(self, build: Build) -> None:
        assert build.run(SPECS["build with tests"], {"describe-images": [FOUND]}) == (0, "")
        assert not [call for call in build.calls if call.startswith("docker")]
        assert (build.source / buildspecs.IMAGE_FILE).read_text() == DIGEST

    @pytest.mark.parametrize("failing", ["--target test", "--tag"])
    def test_a_build_that_fails_pushes_nothing_and_leaves_no_digest(self, build: Build, failing: str) -> None:
        code, _ = build.run(SPECS["build with tests"], {"describe-images": [NEW], failing: [(1, "", "failed")]})
        assert code == 1
        assert not [call for call in build.calls if call.startswith("docker push")]
        assert not (build.source / buildspecs.IMAGE_FILE).exists()

    def test_a_push_that_fails_leaves_no_digest(self, build: Build) -> None:
        code, _ = build.run(SPECS["build"], {"describe-images": [NEW], "docker push": [(1, "", "denied")]})
        assert code == 1
        assert not (build.source / buildspecs.IMAGE_FILE).exists()

    def test_what_ecr_refuses_is_not_taken_for_a_new_image(self, build: Build) -> None:
        refused = (254, "", "An error occurred (AccessDeniedException)")
        code, said = build.run(SPECS["build"], {"describe-images": [refused]})
        assert code == 1
        assert "AccessDeniedException" in said
        assert not [call for call in build.calls if call.startswith("docker")]

    def test_a_source_without_a_commit_is_refused(self, build: Build) -> None:
        del build.environment["CODEBUILD_RESOLVED_SOURCE_VERSION"]
        code, said = build.run(SPECS["build"], {})
        assert code
        assert "CODEBUILD_RESOLVED_SOURCE_VERSION" in said


class TestDeploy:
    @pytest.fixture
    def image(self, build: Build, tmp_path: Path) -> Build:
        """The build's artifact beside the source, and a program whose Python is recorded."""
        (tmp_path / "image").mkdir()
        (tmp_path / "image" / buildspecs.IMAGE_FILE).write_text(DIGEST)
        build.environment["CODEBUILD_SRC_DIR_Image"] = str(tmp_path / "image")
        for name in ("python", "pip"):
            build.script(build.source / ".venv/bin" / name, RECORDER.format(python=sys.executable))
        return build

    def test_it_releases_the_digest_and_deploys_that_service(self, image: Build) -> None:
        assert image.run(SPECS["deploy"], {}) == (0, "")
        assert image.calls[-3:] == [
            "pulumi login s3://state?region=us-east-1",
            f"python -m release set web {DIGEST} --stack dev",
            "python -m release deploy web --stack dev",
        ]

    def test_what_cannot_be_released_is_not_deployed(self, image: Build) -> None:
        code, said = image.run(SPECS["deploy"], {"release set": [(1, "", "no such image")]})
        assert code == 1
        assert "no such image" in said
        assert not [call for call in image.calls if "release deploy" in call]

    def test_a_deployment_that_fails_fails_the_action(self, image: Build) -> None:
        assert image.run(SPECS["deploy"], {"release deploy": [(1, "", "was not deployed")]})[0] == 1


def test_recording_writes_the_digest_to_the_parameter(build: Build) -> None:
    (build.source / buildspecs.IMAGE_FILE).write_text(DIGEST)
    assert build.run(SPECS["record"], {}) == (0, "")
    assert build.calls == [
        f"aws ssm put-parameter --name /container-platform/dev/web/image --value {DIGEST} --overwrite"
    ]


def test_the_commands_it_calls_are_those_that_there_are() -> None:
    """The options of `python -m release` that a buildspec gives are taken by it."""
    lines = [line.partition("-m release ")[2] for line in SPECS["deploy"].splitlines() if "-m release " in line]
    assert len(lines) == 2
    for line in lines:
        name, *words = shlex.split(line)
        command = release_cli.release.commands[name]
        assert command.make_context(name, words).params["service"] == "$SERVICE"
