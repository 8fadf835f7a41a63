"""Images pushed, scanned and looked over, with docker, podman, aws and git replaced by what records its calls."""

import json
import shutil
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from components.registry.expiry import Image
from local import release as local_release
from local.standin.memory import Memory
from local.workspace import Paths
from release import __main__ as on_aws
from release import cli, images
from release.commands import ReleaseError
from release.deploy import deploy
from release.git import commit_tag
from release.images import Running, Scan

from ..conftest import ROOT
from .test_release import RECORDER, A, B, C

HOST = "123456789012.dkr.ecr.us-east-1.amazonaws.com"
REPOSITORY = "container-platform/dev/web"
NOT_THERE = (254, "", "An error occurred (ImageNotFoundException): The image does not exist")


class Tools:
    """A project's folder whose PATH holds recorders only, and what they were called with."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.answers: dict[str, tuple[int, str, str]] = {}

    def answer(self, words: str, value: Any, code: int = 0, error: str = "") -> None:
        """Let a command line that holds these words print something; the first that fits does."""
        text = value if isinstance(value, str) else json.dumps(value)
        self.answers = {words: (code, text, error), **{key: it for key, it in self.answers.items() if key != words}}
        (self.root / "answers").write_text(json.dumps(self.answers))

    @property
    def calls(self) -> list[list[str]]:
        return [json.loads(line) for line in (self.root / "record").read_text().splitlines()]

    def install(self, *names: str) -> None:
        for name in names:
            file = self.root / "tools" / name
            file.write_text(RECORDER.format(python=sys.executable))
            file.chmod(0o755)

    def run(self, *arguments: str) -> int:
        return cli.main(arguments, on_aws._store, deploy, program="release", root=self.root)


@pytest.fixture
def tools(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Tools:
    for name in ("Pulumi.yaml", "Pulumi.dev.yaml"):
        shutil.copy(ROOT / name, tmp_path / name)
    shutil.copytree(ROOT / "examples" / "app", tmp_path / "examples" / "app")
    (tmp_path / "tools").mkdir()
    (tmp_path / "record").touch()
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PATH", str(tmp_path / "tools"))
    monkeypatch.setenv("RECORD", str(tmp_path / "record"))
    monkeypatch.setenv("ANSWERS", str(tmp_path / "answers"))
    made = Tools(tmp_path)
    made.answer("status --porcelain", "")
    made.answer("rev-parse --short=12 HEAD", "abc1234")
    made.answer("get-login-password", "token")
    made.answer("describe-repositories", {"repositories": [{"repositoryUri": f"{HOST}/{REPOSITORY}"}]})
    made.answer("get-parameter-history", {"Parameters": [{"Version": 1, "Value": "none"}]})
    return made


@pytest.fixture
def pushable(tools: Tools) -> Tools:
    """A machine with all tools, and a repository that holds an image once it was pushed."""
    tools.install("aws", "git", "docker")
    there = json.dumps({"imageDetails": [{"imageDigest": A}]})
    # The first look finds nothing, the next one what was pushed.
    asked = tools.root / "asked"
    script = tools.root / "tools" / "aws"
    script.write_text(
        script.read_text().replace(
            "answers = json.load",
            f"""if "describe-images" in arguments:
    there = os.path.exists({str(asked)!r})
    open({str(asked)!r}, "w").close()
    print({there!r} if there else "")
    if not there: print({NOT_THERE[2]!r}, file=sys.stderr)
    sys.exit(0 if there else 254)
answers = json.load""",
        )
    )
    return tools


class TestPush:
    def test_it_builds_tags_by_commit_logs_in_and_pushes(
        self, pushable: Tools, capfd: pytest.CaptureFixture[str]
    ) -> None:
        assert pushable.run("push", "web") == 0
        image = f"{HOST}/{REPOSITORY}:git-abc1234"
        folder = str((pushable.root / "examples/app").resolve())
        assert [call for call in pushable.calls if call[0] == "docker"] == [
            ["docker", "login", "--username", "AWS", "--password-stdin", HOST, "token"],
            ["docker", "build", "--platform", "linux/amd64", "--tag", image, folder],
            ["docker", "push", image],
        ]
        assert f"{REPOSITORY}:git-abc1234 is pushed: {A}" in capfd.readouterr().out
        assert not [call for call in pushable.calls if "put-parameter" in call], "nothing runs it yet"

    def test_by_flag_the_service_is_then_meant_to_run_it(
        self, pushable: Tools, capfd: pytest.CaptureFixture[str]
    ) -> None:
        assert pushable.run("push", "web", "--set") == 0
        (put,) = [call for call in pushable.calls if "put-parameter" in call]
        assert put[put.index("--value") + 1] == A
        assert pushable.calls.index(put) > pushable.calls.index(
            next(c for c in pushable.calls if c[:2] == ["docker", "push"])
        )
        assert f"web is meant to run {A} in dev\nTo deploy it: release deploy web --stack dev" in capfd.readouterr().out

    def test_podman_does_where_docker_is_not(self, pushable: Tools) -> None:
        (pushable.root / "tools" / "docker").unlink()
        pushable.install("podman")
        assert pushable.run("push", "web") == 0
        assert [call[1] for call in pushable.calls if call[0] == "podman"] == ["login", "build", "push"]

    def test_an_image_that_is_there_is_not_built_again(
        self, pushable: Tools, capfd: pytest.CaptureFixture[str]
    ) -> None:
        (pushable.root / "asked").touch()
        assert pushable.run("push", "web") == 0
        assert [call for call in pushable.calls if call[0] == "docker"] == []
        assert "was there already" in capfd.readouterr().out

    def test_arm_services_get_arm_images_of_any_folder(self, pushable: Tools) -> None:
        file = pushable.root / "Pulumi.dev.yaml"
        file.write_text(file.read_text().replace("repository: web\n", "repository: web\n        architecture: ARM64\n"))
        shutil.move(pushable.root / "examples", pushable.root / "elsewhere")
        assert pushable.run("push", "web", "--folder", "elsewhere/app", "--tag", "v1") == 0
        (build,) = [call for call in pushable.calls if call[:2] == ["docker", "build"]]
        assert build[2:4] == ["--platform", "linux/arm64"]
        assert build[5].endswith(":v1")
        assert build[6].endswith("elsewhere/app")
        assert not [call for call in pushable.calls if call[0] == "git"], "the tag was named"

    def test_everything_that_is_missing_is_said_at_once(self, tools: Tools, capfd: pytest.CaptureFixture[str]) -> None:
        assert tools.run("push", "web", "--tag", "v1") == 1
        said = capfd.readouterr().err
        assert "neither docker nor podman is on PATH" in said
        assert "aws is not on PATH" in said
        assert tools.calls == []

    def test_without_git_a_tag_must_be_named(self, tools: Tools, capfd: pytest.CaptureFixture[str]) -> None:
        assert tools.run("push", "web") == 1
        assert "git is not on PATH: install it, or name a tag by --tag" in capfd.readouterr().err

    def test_what_is_not_committed_gets_no_commits_tag(
        self, pushable: Tools, capfd: pytest.CaptureFixture[str]
    ) -> None:
        pushable.answer("status --porcelain", " M server.js\n?? new.js")
        assert pushable.run("push", "web") == 1
        assert "2 changes that no commit holds" in capfd.readouterr().err
        assert [call[0] for call in pushable.calls] == ["git"]

    def test_a_folder_without_a_dockerfile_is_refused(self, pushable: Tools, capfd: pytest.CaptureFixture[str]) -> None:
        assert pushable.run("push", "web", "--folder", "examples", "--tag", "v1") == 1
        assert "holds no Dockerfile" in capfd.readouterr().err

    @pytest.mark.parametrize("step", ["login", "build", "push"])
    def test_a_step_that_fails_ends_it(self, pushable: Tools, capfd: pytest.CaptureFixture[str], step: str) -> None:
        pushable.answer(f"docker {step}", "", 1, "it went wrong")
        assert pushable.run("push", "web", "--set") == 1
        assert "docker" in capfd.readouterr().err
        assert pushable.calls[-1][:2] == ["docker", step]

    def test_a_pinned_service_can_be_pushed_to_but_not_set(
        self, pushable: Tools, capfd: pytest.CaptureFixture[str]
    ) -> None:
        file = pushable.root / "Pulumi.dev.yaml"
        file.write_text(file.read_text().replace("repository: web\n", "repository: web\n        image: v0\n"))
        assert pushable.run("push", "web", "--set") == 1
        assert "dev pins web to v0" in capfd.readouterr().err
        assert [call for call in pushable.calls if call[0] == "docker"] == []
        assert pushable.run("push", "web") == 0

    def test_the_tag_is_of_the_commit_in_a_real_repository(self, tmp_path: Path) -> None:
        if shutil.which("git") is None:
            pytest.skip("git is not installed")

        def run_git(*arguments: str) -> str:
            identity = ["-c", "user.name=a", "-c", "user.email=a@example.com"]
            command = ["git", "-C", str(tmp_path), *identity, *arguments]
            return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()

        (tmp_path / "app").mkdir()
        (tmp_path / "app" / "Dockerfile").write_text("FROM scratch\n")
        with pytest.raises(ReleaseError, match="is in no commit"):
            commit_tag(tmp_path / "app")
        run_git("init", "--quiet")
        run_git("add", ".")
        run_git("commit", "--quiet", "-m", "first")
        assert commit_tag(tmp_path / "app") == f"git-{run_git('rev-parse', '--short=12', 'HEAD')}"
        (tmp_path / "beside").write_text("not of the image")
        assert commit_tag(tmp_path / "app").startswith("git-")
        (tmp_path / "app" / "new").write_text("x")
        with pytest.raises(ReleaseError, match="1 change that no commit holds"):
            commit_tag(tmp_path / "app")


class TestScan:
    @pytest.fixture
    def scannable(self, tools: Tools) -> Tools:
        tools.install("aws")
        tools.answer("describe-images", {"imageDetails": [{"imageDigest": A}]})
        findings = {"findingSeverityCounts": {"LOW": 4, "HIGH": 2, "CRITICAL": 1}}
        tools.answer(
            "describe-image-scan-findings", {"imageScanStatus": {"status": "COMPLETE"}, "imageScanFindings": findings}
        )
        return tools

    def test_it_starts_a_scan_and_counts_what_is_found(
        self, scannable: Tools, capfd: pytest.CaptureFixture[str]
    ) -> None:
        assert scannable.run("scan", "web", "git-1") == 0
        assert f"{REPOSITORY}@{A}: 1 critical, 2 high, 4 low" in capfd.readouterr().out
        (start,) = [call for call in scannable.calls if "start-image-scan" in call]
        assert f"imageDigest={A}" in start
        assert start[start.index("--repository-name") + 1] == REPOSITORY

    @pytest.mark.parametrize(("severity", "code"), [("CRITICAL", 1), ("MEDIUM", 1)])
    def test_it_can_fail_a_pipeline(self, scannable: Tools, severity: str, code: int) -> None:
        assert scannable.run("scan", "web", "git-1", "--fail-on", severity) == code
        fine = {"findingSeverityCounts": {"LOW": 4}}
        scannable.answer(
            "describe-image-scan-findings", {"imageScanStatus": {"status": "ACTIVE"}, "imageScanFindings": fine}
        )
        assert scannable.run("scan", "web", "git-1", "--fail-on", severity) == 0

    def test_without_an_image_it_is_the_one_that_is_meant_to_run(
        self, scannable: Tools, capfd: pytest.CaptureFixture[str]
    ) -> None:
        assert scannable.run("scan", "web") == 1
        assert "name a tag or digest" in capfd.readouterr().err
        scannable.answer("get-parameter-history", {"Parameters": [{"Version": 2, "Value": B}]})
        assert scannable.run("scan", "web") == 0
        assert any(f"imageDigest={B}" in call for call in scannable.calls if "describe-images" in call)

    @pytest.mark.parametrize(
        ("error", "said"),
        [
            ("(LimitExceededException) when calling", "once in 24 hours"),
            ("(ValidationException) This feature is disabled", "enhanced scanning"),
        ],
    )
    def test_where_no_scan_can_be_started_the_last_one_counts(
        self, scannable: Tools, capfd: pytest.CaptureFixture[str], error: str, said: str
    ) -> None:
        scannable.answer("start-image-scan", "", 254, error)
        assert scannable.run("scan", "web", "git-1") == 0
        printed = capfd.readouterr().out
        assert said in printed
        assert "1 critical" in printed

    def test_other_errors_are_told(self, scannable: Tools, capfd: pytest.CaptureFixture[str]) -> None:
        scannable.answer("start-image-scan", "", 254, "(AccessDeniedException) no")
        assert scannable.run("scan", "web", "git-1") == 1
        assert "AccessDenied" in capfd.readouterr().err

    def test_it_waits_for_the_end(self) -> None:
        statuses = [Scan("PENDING"), Scan("IN_PROGRESS"), Scan("COMPLETE", counts={"LOW": 1})]
        waits: list[float] = []
        found = images.scan(_Scanned(statuses), "r", A, print, pause=waits.append)
        assert (found.status, len(waits)) == ("COMPLETE", 2)

    def test_it_does_not_wait_for_ever(self) -> None:
        with pytest.raises(ReleaseError, match="has not ended within 60 seconds"):
            images.scan(_Scanned([Scan("IN_PROGRESS")] * 99), "r", A, print, patience=60, pause=lambda _: None)

    def test_what_cannot_be_scanned_is_told_with_the_reason(self) -> None:
        unsupported = Scan("UNSUPPORTED_IMAGE", "no operating system")
        with pytest.raises(ReleaseError, match="UNSUPPORTED_IMAGE: no operating system"):
            images.scan(_Scanned([unsupported]), "r", A, print)

    def test_no_findings_are_said_to_be_none(self) -> None:
        assert images.count(Scan("COMPLETE")) == "no findings"


class _Scanned(local_release.LocalStore):
    """An image whose scan goes through some states."""

    def __init__(self, states: list[Scan]) -> None:
        self._states = iter(states)

    def start_scan(self, repository: str, digest: str) -> str | None:
        return None

    def scan(self, repository: str, digest: str) -> Scan:
        return next(self._states)


def detail(digest: str, days: float, *tags: str, **more: Any) -> dict[str, Any]:
    pushed = (datetime.now(UTC) - timedelta(days=days)).isoformat()
    return {"imageDigest": digest, "imagePushedAt": pushed, "imageTags": list(tags), **more}


class TestExpiring:
    @pytest.fixture
    def stocked(self, tools: Tools) -> Tools:
        tools.install("aws")
        file = tools.root / "Pulumi.dev.yaml"
        file.write_text(file.read_text().replace("web: {}", "web: {keepImages: 1, untaggedDays: 3}"))
        tools.answer(
            "describe-images",
            {"imageDetails": [detail(A, 9, "git-1"), detail(B, 1, "git-2"), detail(C, 5)]},
        )
        return tools

    def runs(self, tools: Tools, image: str) -> None:
        tools.answer("get-parameter-history", {"Parameters": [{"Version": 1, "Value": image}]})

    def test_it_shows_what_would_go_and_that_what_runs_stays(
        self, stocked: Tools, capsys: pytest.CaptureFixture[str]
    ) -> None:
        self.runs(stocked, B)
        assert stocked.run("expiring") == 0
        printed = capsys.readouterr().out
        assert f"{REPOSITORY}: 3 images, 2 would expire" in printed
        assert f"- {A[:19]} (git-1)" in printed
        assert "keep the last 1 other images" in printed
        assert f"- {C[:19]} (untagged)" in printed
        assert "expire untagged images after 3 days" in printed
        assert f"✓ web is meant to run {B[:19]}, which has 1 images left" in printed

    def test_a_running_image_that_would_go_is_named_and_fails(
        self, stocked: Tools, capsys: pytest.CaptureFixture[str]
    ) -> None:
        self.runs(stocked, A)
        assert stocked.run("expiring") == 1
        printed = capsys.readouterr().out
        assert f"✗ web is meant to run {A[:19]}, which would expire: keep the last 1 other images" in printed

    def test_a_running_image_that_is_gone_already_fails_too(
        self, stocked: Tools, capsys: pytest.CaptureFixture[str]
    ) -> None:
        self.runs(stocked, f"sha256:{'d' * 64}")
        assert stocked.run("expiring") == 1
        assert "which is not there" in capsys.readouterr().out

    def test_a_pinned_tag_is_what_runs(self, stocked: Tools, capsys: pytest.CaptureFixture[str]) -> None:
        file = stocked.root / "Pulumi.dev.yaml"
        file.write_text(file.read_text().replace("repository: web\n", "repository: web\n        image: git-1\n"))
        assert stocked.run("expiring") == 1
        assert "✗ web is meant to run git-1, which would expire" in capsys.readouterr().out

    def test_before_the_first_image_there_is_nothing_to_lose(
        self, stocked: Tools, capsys: pytest.CaptureFixture[str]
    ) -> None:
        stocked.answer("describe-images", {"imageDetails": []})
        assert stocked.run("expiring") == 0
        assert f"{REPOSITORY}: 0 images, 0 would expire" in capsys.readouterr().out

    def test_images_of_a_manifest_list_are_held_by_it(self, stocked: Tools, capsys: pytest.CaptureFixture[str]) -> None:
        media_type = "application/vnd.oci.image.index.v1+json"
        stocked.answer(
            "describe-images",
            {"imageDetails": [detail(B, 8, "git-2", imageManifestMediaType=media_type), detail(C, 9)]},
        )
        manifest = json.dumps({"manifests": [{"digest": C}]})
        stocked.answer("batch-get-image", {"images": [{"imageId": {"imageDigest": B}, "imageManifest": manifest}]})
        self.runs(stocked, B)
        assert stocked.run("expiring") == 0
        assert "2 images, 0 would expire" in capsys.readouterr().out
        (asked,) = [call for call in stocked.calls if "batch-get-image" in call]
        assert f"imageDigest={B}" in asked
        assert f"imageDigest={C}" not in asked

    def test_times_as_numbers_are_times_too(self, stocked: Tools, capsys: pytest.CaptureFixture[str]) -> None:
        old = {"imageDigest": C, "imagePushedAt": 1_700_000_000.5}
        stocked.answer("describe-images", {"imageDetails": [old]})
        assert stocked.run("expiring") == 0
        assert "pushed 2023-11-14" in capsys.readouterr().out


def test_a_preview_is_dangerous_where_something_that_runs_would_go() -> None:
    now = datetime(2026, 11, 25, tzinfo=UTC)
    policy = json.dumps(
        {
            "rules": [
                {
                    "rulePriority": 1,
                    "selection": {"tagStatus": "any", "countType": "imageCountMoreThan", "countNumber": 1},
                    "action": {"type": "expire"},
                }
            ]
        }
    )
    old, new = Image(A, now - timedelta(days=2)), Image(B, now - timedelta(days=1))
    assert images.preview("r", policy, [old, new], [Running("web", A)], now).dangerous
    assert not images.preview("r", policy, [old, new], [Running("web", B)], now).dangerous


@pytest.mark.skipif(shutil.which("make") is None, reason="make is not installed")
@pytest.mark.parametrize(
    ("target", "command"),
    [
        ("push", "push api --stack prod"),
        ("push TAG=v1", "push api --tag v1 --stack prod"),
        ("scan", "scan api --stack prod"),
        ("scan TAG=v1", "scan api v1 --stack prod"),
        ("expiring", "expiring --stack prod"),
    ],
)
def test_make_calls_the_same_commands(target: str, command: str) -> None:
    words = ["make", "--dry-run", *target.split(), "STACK=prod", "SERVICE=api", "SETUP="]
    shown = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    assert f"python -m release {command}" in " ".join(shown.split())


@pytest.mark.parametrize("command", [["push", "web", "--tag", "v1"], ["scan", "web", A], ["expiring"]])
def test_without_aws_there_are_no_images_and_it_says_so(
    tools: Tools, capsys: pytest.CaptureFixture[str], command: list[str]
) -> None:
    file = Paths(tools.root, "dev", tools.root / ".local").memory
    file.parent.mkdir(parents=True)
    Memory(file).put_parameter("/container-platform/dev/web/image", "none")
    assert local_release.main(command, tools.root, tools.root / ".local") == 1
    assert "on AWS the same command is python -m release" in capsys.readouterr().err
