"""What services are meant to run: set, promoted, rolled back and deployed, on AWS and on the local engine."""

import itertools
import shutil
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from botocore.stub import Stubber
from hypothesis import given
from hypothesis import strategies as st

from local import release as local_release
from local.standin.memory import Memory
from local.store import LocalStore
from local.workspace import Paths
from release import commands
from release.aws import AwsStore, clients
from release.errors import ReleaseError
from release.targets import Target, targets

from ..conftest import ROOT
from .emulated import HOST, A, B, C, Machine, machine

__all__ = ["machine"]

DEV = Target(
    "container-platform",
    "dev",
    "web",
    "/container-platform/dev/web/image",
    "container-platform/dev/web",
    "container-platform:index:Service",
)


def store(*values: str) -> LocalStore:
    memory = Memory()
    for value in values:
        memory.put_parameter(DEV.parameter, value)
    return LocalStore(memory)


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


class TestLocal:
    """`python -m local release`, on what the stand-in keeps."""

    @pytest.fixture
    def project(self, tmp_path: Path) -> Path:
        for name in ("Pulumi.yaml", "Pulumi.dev.yaml", "Pulumi.prod.yaml"):
            shutil.copy(ROOT / name, tmp_path / name)
        return tmp_path

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
            (["show", "wbe"], "dev has no service wbe\n  → did you mean web? known: web"),
            (["show", "web", "--stack", "prd"], "there is no stack prd\n  → did you mean prod? known: dev, prod"),
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
        said = capsys.readouterr().err
        assert "dev pins web to x" in said
        assert "remove services.web.image from Pulumi.dev.yaml" in said

    @pytest.mark.parametrize("command", [["push", "web", "--tag", "v1"], ["scan", "web", A], ["expiring"]])
    def test_there_are_no_images_and_it_says_so(
        self, project: Path, capsys: pytest.CaptureFixture[str], command: list[str]
    ) -> None:
        self.memory(project, "dev").put_parameter(DEV.parameter, "none")
        assert self.run(project, *command) == 1
        assert "on AWS the same command is python -m release" in capsys.readouterr().err


class TestOnAws:
    """`python -m release`, on Parameter Store and ECR."""

    def test_a_tag_becomes_the_digest_that_it_names(self, machine: Machine) -> None:
        machine.up("dev")
        machine.hold(A, "git-abc1234")
        assert machine.run("set", "web", "git-abc1234") == 0
        assert machine.runs() == A

    def test_an_image_that_was_never_pushed_is_refused(
        self, machine: Machine, capsys: pytest.CaptureFixture[str]
    ) -> None:
        machine.up("dev")
        assert machine.run("set", "web", "git-abc1234") == 1
        assert "container-platform/dev/web holds no image git-abc1234" in capsys.readouterr().err
        assert machine.runs() == "none"

    def test_every_change_is_shown_latest_first(self, machine: Machine, capsys: pytest.CaptureFixture[str]) -> None:
        """Parameter Store answers with 50 values at a time."""
        machine.up("dev", *[A, B] * 26, C, C)
        assert machine.run("show", "web") == 0
        assert capsys.readouterr().out.split() == [C, *[B, A] * 26]

    def test_promoting_copies_the_image_first_and_keeps_its_digest(
        self, machine: Machine, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        machine.install("docker")
        machine.up("dev", A)
        machine.up("prod")
        machine.hold(A, "git-1")
        assert machine.run("promote", "web") == 1, "the copy is looked up again, and here it never comes"
        assert machine.runs("prod") == "none"
        *logins, copy = machine.calls
        assert copy[:4] == ["docker", "buildx", "imagetools", "create"]
        assert copy[-1] == f"{HOST}/container-platform/dev/web@{A}"
        assert copy[copy.index("--tag") + 1] == f"{HOST}/container-platform/prod/web:prod-{'a' * 12}"
        assert "--prefer-index=false" in copy
        assert {call[-2:] == [HOST, "123456789012-auth-token"] for call in logins} == {True}
        machine.hold(A, "prod-aaaaaaaaaaaa", stack="prod")
        assert machine.run("promote", "web") == 0
        assert machine.runs("prod") == A
        assert machine.calls[-1] == copy, "it is there already"

    def test_a_parameter_that_is_not_there_means_no_stack(
        self, machine: Machine, capsys: pytest.CaptureFixture[str]
    ) -> None:
        assert machine.run("rollback", "web") == 1
        assert "bring the stack up first" in capsys.readouterr().err

    def test_a_repository_of_another_account_or_region_is_not_found_and_it_says_where(
        self, machine: Machine, capsys: pytest.CaptureFixture[str]
    ) -> None:
        machine.up("dev")
        machine.ecr.delete_repository(repositoryName="container-platform/dev/web")
        assert machine.run("set", "web", "git-1") == 1
        said = capsys.readouterr().err
        assert "RepositoryNotFoundException" in said
        assert "check that account and region (us-east-1) are the stack's" in said


class TestDeploying:
    """`pulumi up` for one service, and what ECS says where it fails."""

    def test_it_touches_one_service_and_reads_it_first(self, machine: Machine) -> None:
        machine.install("pulumi")
        assert machine.run("deploy", "web") == 0
        ((_, *command),) = machine.calls
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

    def test_it_is_judged_as_the_stack_configures_its_packs(self, machine: Machine) -> None:
        machine.install("pulumi")
        (machine.root / "Pulumi.dev.policies.json").write_text("{}")
        assert machine.run("deploy", "web") == 0
        ((_, *command),) = machine.calls
        assert command[command.index("--policy-pack") + 1] == "policies/packs/all"
        assert command[command.index("--policy-pack-config") + 1].endswith("/Pulumi.dev.policies.json")

    def test_one_that_fails_says_what_ecs_says(self, machine: Machine, capsys: pytest.CaptureFixture[str]) -> None:
        machine.install("pulumi")
        machine.answer("pulumi up", "", 255, "error: update failed")
        times = (datetime(2026, 11, 25, 12, 0, second, tzinfo=UTC) for second in (1, 0))
        events = [
            {"createdAt": next(times), "message": "(service dev-web) rolling back"},
            {"createdAt": next(times), "message": "(service dev-web) tasks failed to start"},
        ]
        with Stubber(clients("us-east-1").ecs) as ecs:
            asked = {"cluster": "container-platform-dev", "services": ["dev-web"]}
            ecs.add_response("describe_services", {"services": [{"events": events}]}, asked)
            assert machine.run("deploy", "web") == 1
        said = capsys.readouterr().err
        assert "web was not deployed to dev" in said
        assert said.index("tasks failed to start") < said.index("rolling back")
        assert "2026-11-25 12:00:01" in said
        assert "release rollback web --stack dev" in said

    def test_where_ecs_does_not_answer_that_is_said_too(
        self, machine: Machine, capsys: pytest.CaptureFixture[str]
    ) -> None:
        machine.install("pulumi")
        machine.answer("pulumi up", "", 255, "error: update failed")
        assert machine.run("deploy", "web") == 1
        said = capsys.readouterr().err
        assert "web was not deployed to dev" in said
        assert "ClusterNotFoundException" in said

    def test_a_missing_pulumi_is_named(self, machine: Machine, capsys: pytest.CaptureFixture[str]) -> None:
        assert machine.run("deploy", "web") == 1
        assert "pulumi is not on PATH" in capsys.readouterr().err


class TestAwsThatDoesNotAnswer:
    """What to do is said, for each thing that a machine or a session can lack."""

    @pytest.fixture(autouse=True)
    def elsewhere(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
        """No credentials, and no way to a real AWS."""
        clients.cache_clear()
        for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "AWS_PROFILE"):
            monkeypatch.delenv(name, raising=False)
        monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "config"))
        monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(tmp_path / "credentials"))
        monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
        monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:9")
        monkeypatch.setenv("AWS_MAX_ATTEMPTS", "1")
        yield
        clients.cache_clear()

    def signed_in(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIANOTUSED")
        monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "nor this")

    def test_no_credentials(self) -> None:
        with pytest.raises(ReleaseError, match=r"no AWS credentials here\n.*aws sso login"):
            AwsStore("us-east-1").history("/x")

    def test_a_profile_that_there_is_none_of(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("AWS_PROFILE", "platfrom")
        with pytest.raises(ReleaseError, match="platfrom"):
            AwsStore("us-east-1").history("/x")

    def test_no_network_or_no_such_region(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.signed_in(monkeypatch)
        with pytest.raises(ReleaseError, match=r"AWS cannot be reached: .*127.0.0.1:9(.|\n)*aws:region.*us-esat-1"):
            AwsStore("us-esat-1").history("/x")

    def test_a_region_that_is_no_name_of_one(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.signed_in(monkeypatch)
        with pytest.raises(ReleaseError, match=r"us east 1 is not a region of AWS\n.*aws:region"):
            AwsStore("us east 1").history("/x")

    @pytest.mark.parametrize(
        ("code", "said"),
        [
            ("ExpiredTokenException", r"have expired\n.*aws sso login"),
            ("UnrecognizedClientException", r"does not accept the credentials(.|\n)*aws sso login"),
            ("AccessDeniedException", r"AccessDeniedException: no\n.*allow the action in the IAM policy"),
            ("ThrottlingException", "ThrottlingException: no"),
        ],
    )
    def test_what_aws_refuses(self, monkeypatch: pytest.MonkeyPatch, code: str, said: str) -> None:
        self.signed_in(monkeypatch)
        with Stubber(clients("us-east-1").ssm) as ssm:
            ssm.add_client_error("put_parameter", code, "no")
            with pytest.raises(ReleaseError, match=said):
                AwsStore("us-east-1").put("/x", A)


class TestCommandLine:
    """What is typed: wrong words are told at once, before anything that takes long is read."""

    @pytest.mark.parametrize("module", ["release", "local"])
    def test_help_and_mistakes_need_neither_pulumi_aws_nor_boto3(self, module: str) -> None:
        """Nor the settings' model: each takes half a second or more to read."""
        check = (
            "import runpy, sys\n"
            "sys.argv.pop(0)\n"
            "try: runpy.run_module(sys.argv[0], run_name='__main__', alter_sys=True)\n"
            "finally: print('read:', {'pulumi', 'boto3', 'pydantic', 'rich'} & set(sys.modules), file=sys.stderr)\n"
        )
        for words, code, told in ((["--help"], 0, "--help"), (["relaese"], 2, "No such command")):
            command = [sys.executable, "-c", check, module, *words]
            done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
            assert done.returncode == code
            assert told in done.stdout + done.stderr
            assert done.stderr.endswith("read: set()\n")

    @pytest.mark.parametrize(
        ("words", "said"),
        [
            (["puhs", "web"], "Did you mean 'push'?"),
            (["show", "web", "--stak", "dev"], "Did you mean '--stack'?"),
            (["show"], "SERVICE"),
            (["scan", "web", "--fail-on", "severe"], "CRITICAL"),
            ([], "Commands:"),
        ],
    )
    def test_wrong_usage_is_2_and_says_what_there_is(
        self, tmp_path: Path, capsys: pytest.CaptureFixture[str], words: list[str], said: str
    ) -> None:
        assert local_release.main(words, tmp_path, tmp_path) == 2
        assert said in capsys.readouterr().err

    def test_outside_a_project_it_says_so(self, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
        assert local_release.main(["show", "web"], tmp_path, tmp_path) == 1
        assert "holds no Pulumi.yaml" in capsys.readouterr().err
