"""What services are meant to run: set, promoted, rolled back; on AWS by the commands that its CLI is given."""

import itertools
import json
import os
import shutil
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from local import release as local_release
from local.standin.memory import Memory
from local.workspace import Paths
from release import __main__ as on_aws
from release import cli, commands
from release.commands import ReleaseError, Target
from release.deploy import deploy
from release.targets import targets

from ..conftest import ROOT

A, B, C = (f"sha256:{letter * 64}" for letter in "abc")
DEV = Target("container-platform", "dev", "web", "/container-platform/dev/web/image", "container-platform/dev/web")


def store(*values: str) -> local_release.LocalStore:
    memory = Memory()
    for value in values:
        memory.put_parameter(DEV.parameter, value)
    return local_release.LocalStore(memory)


class TestCommands:
    def test_a_stack_that_was_never_up_is_refused(self) -> None:
        with pytest.raises(ReleaseError, match="bring the stack up first"):
            commands.choose(store(), DEV, A)

    def test_the_same_image_again_is_no_change(self) -> None:
        there = store("none", A)
        assert commands.choose(there, DEV, A) == A
        assert there.history(DEV.parameter) == ["none", A]

    def test_rolling_back_needs_something_before(self) -> None:
        with pytest.raises(ReleaseError, match="nothing to go back to"):
            commands.roll_back(store("none", A, A), DEV)

    def test_promoting_needs_something_to_promote(self) -> None:
        with pytest.raises(ReleaseError, match="nothing to promote"):
            commands.promote(store("none"), DEV, store("none"), DEV)

    @given(st.lists(st.sampled_from([A, B, C]), min_size=2, max_size=8))
    def test_rolling_back_twice_changes_nothing(self, images: list[str]) -> None:
        there = store("none", *images)
        before = commands.history(there, DEV)
        if len(before) < 2:
            return
        assert commands.roll_back(there, DEV) == before[-2]
        assert commands.roll_back(there, DEV) == before[-1]


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The project's own stack files, in the folder that is worked in."""
    for name in ("Pulumi.yaml", "Pulumi.dev.yaml", "Pulumi.prod.yaml"):
        shutil.copy(ROOT / name, tmp_path / name)
    monkeypatch.chdir(tmp_path)
    return tmp_path


class TestLocal:
    """`python -m local release`, on what the stand-in keeps."""

    def run(self, root: Path, *arguments: str) -> int:
        return local_release.main(arguments, root, root / ".local")

    def memory(self, root: Path, stack: str) -> Memory:
        file = Paths(root, stack, root / ".local").memory
        file.parent.mkdir(parents=True, exist_ok=True)
        return Memory(file)

    def test_from_dev_to_prod_and_back(self, project: Path, capsys: pytest.CaptureFixture[str]) -> None:
        for stack in ("dev", "prod"):
            self.memory(project, stack).put_parameter(f"/container-platform/{stack}/web/image", "none")
        assert self.run(project, "set", "web", A) == 0
        assert self.run(project, "promote", "web") == 0
        assert self.run(project, "set", "web", B) == 0
        assert self.run(project, "promote", "web", "--from", "dev", "--to", "prod") == 0
        assert (
            f"web is meant to run {B} in prod\nTo deploy it: python -m local release deploy web"
            in capsys.readouterr().out
        )
        assert self.run(project, "rollback", "web", "--stack", "prod") == 0
        assert self.memory(project, "prod").history("/container-platform/prod/web/image") == ["none", A, B, A]
        assert self.memory(project, "dev").history("/container-platform/dev/web/image") == ["none", A, B]

    @pytest.mark.parametrize(
        ("arguments", "said"),
        [
            (["show", "wbe"], "dev has no service wbe (there: web)"),
            (["show", "web", "--stack", "tset"], "holds no Pulumi.tset.yaml"),
            (["set", "web", "git-1"], "name a digest"),
        ],
    )
    def test_what_cannot_be_is_said(
        self, project: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], said: str
    ) -> None:
        self.memory(project, "dev").put_parameter(DEV.parameter, "none")
        assert self.run(project, *arguments) == 1
        assert said in capsys.readouterr().err

    def test_a_pinned_service_is_not_released(self, project: Path, capsys: pytest.CaptureFixture[str]) -> None:
        file = project / "Pulumi.dev.yaml"
        file.write_text(
            file.read_text().replace("        repository: web\n", "        repository: web\n        image: x\n")
        )
        assert self.run(project, "set", "web", A) == 1
        assert "dev pins web to x: take services.web.image out of Pulumi.dev.yaml" in capsys.readouterr().err


RECORDER = """#!{python}
import json, os, sys
name, arguments = os.path.basename(sys.argv[0]), sys.argv[1:]
with open(os.environ["RECORD"], "a") as record:
    given = "" if sys.stdin.isatty() or "--password-stdin" not in arguments else sys.stdin.read().strip()
    record.write(json.dumps([name, *arguments, *([given] if given else [])]) + "\\n")
answers = json.load(open(os.environ["ANSWERS"]))
for words, (code, out, err) in answers.items():
    if words in " ".join([name, *arguments]):
        print(out); print(err, file=sys.stderr); sys.exit(code)
print("{{}}")
"""


class TestOnAws:
    """`python -m release`: the commands that it gives to the AWS CLI and to Docker."""

    @pytest.fixture
    def record(self, project: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
        tools = project / "tools"
        tools.mkdir()
        for name in ("aws", "docker", "pulumi"):
            (tools / name).write_text(RECORDER.format(python=sys.executable))
            (tools / name).chmod(0o755)
        monkeypatch.setenv("PATH", f"{tools}{os.pathsep}/usr/bin:/bin")
        monkeypatch.setenv("RECORD", str(project / "record"))
        monkeypatch.setenv("ANSWERS", str(project / "answers"))
        (project / "record").touch()
        return project / "record"

    def answer(self, record: Path, **stacks: list[str]) -> None:
        """Let parameters have histories, and every image be in dev's repository only."""
        missing = (254, "", "ImageNotFoundException: The image does not exist")
        answers: dict[str, object] = {"describe-images --repository-name container-platform/prod/web": missing}
        for stack, values in stacks.items():
            versions = [{"Version": number, "Value": value} for number, value in enumerate(values, start=1)]
            answers[f"get-parameter-history --name /container-platform/{stack}/web/image"] = (
                0,
                json.dumps({"Parameters": versions}),
                "",
            )
            uri = f"123456789012.dkr.ecr.us-east-1.amazonaws.com/container-platform/{stack}/web"
            answers[f"describe-repositories --repository-names container-platform/{stack}/web"] = (
                0,
                json.dumps({"repositories": [{"repositoryUri": uri}]}),
                "",
            )
        answers["describe-images"] = (0, json.dumps({"imageDetails": [{"imageDigest": A}]}), "")
        answers["get-login-password"] = (0, "token", "")
        (record.parent / "answers").write_text(json.dumps(answers))

    def run(self, *arguments: str) -> int:
        return cli.main(arguments, on_aws._store, deploy, program="release", root=Path.cwd())

    def test_a_tag_becomes_the_digest_that_it_names(self, record: Path) -> None:
        self.answer(record, dev=["none"])
        assert self.run("set", "web", "git-abc1234") == 0
        calls = [json.loads(line) for line in record.read_text().splitlines()]
        put = next(call for call in calls if "put-parameter" in call)
        assert put[put.index("--value") + 1] == A
        assert put[put.index("--name") + 1] == DEV.parameter
        assert put[put.index("--region") + 1] == "us-east-1"

    def test_promoting_copies_the_image_first_and_keeps_its_digest(self, record: Path) -> None:
        self.answer(record, dev=["none", A], prod=["none"])
        answers = json.loads((record.parent / "answers").read_text())
        assert self.run("promote", "web") == 1, "the copy is looked up again, and here it never comes"
        calls = [json.loads(line) for line in record.read_text().splitlines()]
        (copy,) = [call for call in calls if "imagetools" in call]
        host = "123456789012.dkr.ecr.us-east-1.amazonaws.com/container-platform"
        assert copy[-1] == f"{host}/dev/web@{A}"
        assert copy[copy.index("--tag") + 1] == f"{host}/prod/web:prod-{'a' * 12}"
        assert "--prefer-index=false" in copy
        assert not [call for call in calls if "put-parameter" in call]
        logins = [call for call in calls if call[:2] == ["docker", "login"]]
        assert all(call[-1] == "token" for call in logins)
        del answers["describe-images --repository-name container-platform/prod/web"]
        (record.parent / "answers").write_text(json.dumps(answers))
        record.write_text("")
        assert self.run("promote", "web") == 0
        assert "imagetools" not in record.read_text(), "it is there already"
        assert "put-parameter" in record.read_text()

    def test_a_parameter_that_is_not_there_means_no_stack(
        self, record: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        self.answer(record)
        answers = json.loads((record.parent / "answers").read_text())
        (record.parent / "answers").write_text(
            json.dumps({"get-parameter-history": (254, "", "An error occurred (ParameterNotFound)"), **answers})
        )
        assert self.run("rollback", "web") == 1
        assert "bring the stack up first" in capsys.readouterr().err

    def test_deploying_touches_one_service_and_reads_it_first(self, record: Path) -> None:
        self.answer(record, dev=["none", A])
        assert self.run("deploy", "web") == 0
        ((_, *command),) = [json.loads(line) for line in record.read_text().splitlines()]
        assert command[:6] == ["up", "--stack", "dev", "--yes", "--skip-preview", "--refresh"]
        component = "urn:pulumi:dev::container-platform::container-platform:index:Service"
        touched = [urn for option, urn in itertools.pairwise(command) if option == "--target"]
        assert touched == [
            f"{component}::web",
            f"{component}$aws:ecs/taskDefinition:TaskDefinition::web",
            f"{component}$aws:ecs/service:Service::web",
            f"{component}$aws:appautoscaling/target:Target::web",
        ]

    def test_a_scaler_is_touched_only_where_there_is_one(self) -> None:
        assert [urn for urn in targets(DEV) if "appautoscaling" in urn]
        assert not [urn for urn in targets(DEV._replace(scales=False)) if "appautoscaling" in urn]

    def test_a_deployment_is_judged_as_the_stack_configures_its_packs(self, record: Path) -> None:
        self.answer(record, dev=["none", A])
        (record.parent / "Pulumi.dev.policies.json").write_text("{}")
        assert self.run("deploy", "web") == 0
        ((_, *command),) = [json.loads(line) for line in record.read_text().splitlines()]
        assert command[command.index("--policy-pack") + 1] == "policies/packs/all"
        assert command[command.index("--policy-pack-config") + 1].endswith("/Pulumi.dev.policies.json")

    def test_a_deployment_that_fails_says_what_ecs_says(self, record: Path, capsys: pytest.CaptureFixture[str]) -> None:
        events = [
            {"createdAt": "2026-11-25T12:00:01", "message": "(service dev-web) rolling back"},
            {"createdAt": "2026-11-25T12:00:00", "message": "(service dev-web) tasks failed to start"},
        ]
        answers = {
            "pulumi up": (255, "", "error: update failed"),
            "describe-services --cluster container-platform-dev --services dev-web": (
                0,
                json.dumps({"services": [{"events": events}]}),
                "",
            ),
        }
        (record.parent / "answers").write_text(json.dumps(answers))
        assert self.run("deploy", "web") == 1
        said = capsys.readouterr().err
        assert "web was not deployed to dev" in said
        assert said.index("tasks failed to start") < said.index("rolling back")
        assert "release rollback web --stack dev" in said

    def test_a_missing_tool_is_named(
        self, record: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        monkeypatch.setenv("PATH", "/nonexistent")
        assert self.run("show", "web") == 1
        assert "aws is not installed" in capsys.readouterr().err
