"""Images pushed, scanned and looked over, on ECR and with docker, podman and git that record their calls."""

import json
import shutil
import subprocess
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from botocore.stub import Stubber

from components.registry.expiry import Image
from local.store import LocalStore
from release import docker, images
from release.aws import AwsStore
from release.errors import ReleaseError
from release.git import commit_tag
from release.images import Running
from release.store import Scan

from ..conftest import ROOT
from .emulated import HOST, INDEX, REGION, A, B, C, Machine, machine

__all__ = ["machine"]

REPOSITORY = "container-platform/dev/web"


@pytest.fixture
def pushable(machine: Machine, monkeypatch: pytest.MonkeyPatch) -> Machine:
    """A machine with all tools, and a repository that holds an image once it was pushed."""
    shutil.copytree(ROOT / "examples" / "app", machine.root / "examples" / "app")
    machine.install("git", "docker")
    machine.up("dev")
    show = docker._show

    def pushed(command: list[str]) -> None:
        show(command)
        if command[1] == "push":
            machine.hold(A, command[2].rpartition(":")[2])

    monkeypatch.setattr(docker, "_show", pushed)
    return machine


class TestPush:
    def test_it_builds_tags_by_commit_logs_in_and_pushes(
        self, pushable: Machine, capfd: pytest.CaptureFixture[str]
    ) -> None:
        assert pushable.run("push", "web") == 0
        image = f"{HOST}/{REPOSITORY}:git-abc1234"
        folder = str((pushable.root / "examples/app").resolve())
        assert [call for call in pushable.calls if call[0] == "docker"] == [
            ["docker", "login", "--username", "AWS", "--password-stdin", HOST, "123456789012-auth-token"],
            ["docker", "build", "--platform", "linux/amd64", "--tag", image, folder],
            ["docker", "push", image],
        ]
        assert f"{REPOSITORY}:git-abc1234 is pushed: {A}" in capfd.readouterr().out
        assert pushable.runs() == "none", "nothing runs it yet"

    def test_by_flag_the_service_is_then_meant_to_run_it(
        self, pushable: Machine, capfd: pytest.CaptureFixture[str]
    ) -> None:
        assert pushable.run("push", "web", "--set") == 0
        assert pushable.runs() == A
        assert (
            f"web is meant to run {A} in dev\nTo deploy it: python -m release deploy web --stack dev"
            in capfd.readouterr().out
        )

    def test_podman_does_where_docker_is_not(self, pushable: Machine) -> None:
        (pushable.root / "tools" / "docker").unlink()
        pushable.install("podman")
        assert pushable.run("push", "web") == 0
        assert [call[1] for call in pushable.calls if call[0] == "podman"] == ["login", "build", "push"]

    def test_an_image_that_is_there_is_not_built_again(
        self, pushable: Machine, capfd: pytest.CaptureFixture[str]
    ) -> None:
        pushable.hold(A, "git-abc1234")
        assert pushable.run("push", "web") == 0
        assert [call for call in pushable.calls if call[0] == "docker"] == []
        assert "exists already, so nothing was built" in capfd.readouterr().out

    def test_arm_services_get_arm_images_of_any_folder(self, pushable: Machine) -> None:
        pushable.edit("repository: web\n", "repository: web\n        architecture: ARM64\n")
        shutil.move(pushable.root / "examples", pushable.root / "elsewhere")
        assert pushable.run("push", "web", "--folder", "elsewhere/app", "--tag", "v1") == 0
        (build,) = [call for call in pushable.calls if call[:2] == ["docker", "build"]]
        assert build[2:4] == ["--platform", "linux/arm64"]
        assert build[5].endswith(":v1")
        assert build[6].endswith("elsewhere/app")
        assert not [call for call in pushable.calls if call[0] == "git"], "the tag was named"

    def test_without_a_tool_to_build_nothing_is_tried(
        self, machine: Machine, capfd: pytest.CaptureFixture[str]
    ) -> None:
        assert machine.run("push", "web", "--tag", "v1") == 1
        assert "neither docker nor podman is on PATH" in capfd.readouterr().err

    def test_without_git_a_tag_must_be_named(self, machine: Machine, capfd: pytest.CaptureFixture[str]) -> None:
        assert machine.run("push", "web") == 1
        assert "git is not on PATH\n  → install it, or name a tag with --tag" in capfd.readouterr().err

    def test_what_is_not_committed_gets_no_commits_tag(
        self, pushable: Machine, capfd: pytest.CaptureFixture[str]
    ) -> None:
        pushable.answer("status --porcelain", " M server.js\n?? new.js")
        assert pushable.run("push", "web") == 1
        assert "has 2 uncommitted changes" in capfd.readouterr().err
        assert [call[0] for call in pushable.calls] == ["git"]

    def test_a_folder_without_a_dockerfile_is_refused(
        self, pushable: Machine, capfd: pytest.CaptureFixture[str]
    ) -> None:
        assert pushable.run("push", "web", "--folder", "examples", "--tag", "v1") == 1
        assert "holds no Dockerfile" in capfd.readouterr().err

    @pytest.mark.parametrize("step", ["login", "build", "push"])
    def test_a_step_that_fails_ends_it(self, pushable: Machine, capfd: pytest.CaptureFixture[str], step: str) -> None:
        pushable.answer(f"docker {step}", "", 1, "it went wrong")
        assert pushable.run("push", "web", "--set") == 1
        said = capfd.readouterr().err
        assert f"docker {step}" in said
        assert "it went wrong" in said
        assert pushable.calls[-1][:2] == ["docker", step]
        assert pushable.runs() == "none"

    def test_a_pinned_service_can_be_pushed_to_but_not_set(
        self, pushable: Machine, capfd: pytest.CaptureFixture[str]
    ) -> None:
        pushable.edit("repository: web\n", "repository: web\n        image: v0\n")
        assert pushable.run("push", "web", "--set") == 1
        assert "dev pins web to v0" in capfd.readouterr().err
        assert [call for call in pushable.calls if call[0] == "docker"] == []
        assert pushable.run("push", "web") == 0

    @pytest.mark.parametrize(
        "command", [("push", "web"), ("push", "web", "--set"), ("scan", "web"), ("scan", "web", "v1")]
    )
    def test_an_image_of_elsewhere_is_neither_pushed_nor_scanned_here(
        self, pushable: Machine, capfd: pytest.CaptureFixture[str], command: tuple[str, ...]
    ) -> None:
        pushable.edit("repository: web\n", "image: registry.example.com/team/web:1\n")
        assert pushable.run(*command) == 1
        said = capfd.readouterr().err
        assert "web has no repository in dev: its settings name the image registry.example.com/team/web:1" in said
        assert "release it by services.web.image in Pulumi.dev.yaml" in said
        assert [call for call in pushable.calls if call[0] == "docker"] == []

    def test_an_image_of_elsewhere_is_not_set_and_expires_nowhere(
        self, pushable: Machine, capfd: pytest.CaptureFixture[str]
    ) -> None:
        pushable.edit("repository: web\n", "image: registry.example.com/team/web:1\n")
        assert pushable.run("set", "web", A) == 1
        assert "dev pins web to registry.example.com/team/web:1" in capfd.readouterr().err
        assert pushable.run("show", "web") == 0
        assert pushable.run("expiring") == 0

    def test_the_tag_is_of_the_commit_in_a_real_repository(self, tmp_path: Path) -> None:
        if shutil.which("git") is None:
            pytest.skip("git is not installed")

        def run_git(*arguments: str) -> str:
            identity = ["-c", "user.name=a", "-c", "user.email=a@example.com"]
            command = ["git", "-C", str(tmp_path), *identity, *arguments]
            return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()

        (tmp_path / "app").mkdir()
        (tmp_path / "app" / "Dockerfile").write_text("FROM scratch\n")
        with pytest.raises(ReleaseError, match="is not committed"):
            commit_tag(tmp_path / "app")
        run_git("init", "--quiet")
        run_git("add", ".")
        run_git("commit", "--quiet", "-m", "first")
        assert commit_tag(tmp_path / "app") == f"git-{run_git('rev-parse', '--short=12', 'HEAD')}"
        (tmp_path / "beside").write_text("not of the image")
        assert commit_tag(tmp_path / "app").startswith("git-")
        (tmp_path / "app" / "new").write_text("x")
        with pytest.raises(ReleaseError, match="1 uncommitted change"):
            commit_tag(tmp_path / "app")


class TestScan:
    @pytest.fixture
    def scannable(self, machine: Machine) -> Machine:
        """An image with a severe finding, which is what moto finds in every image."""
        machine.up("dev")
        machine.hold(A, "git-1")
        return machine

    def test_it_starts_a_scan_and_counts_what_is_found(
        self, scannable: Machine, capfd: pytest.CaptureFixture[str]
    ) -> None:
        assert scannable.run("scan", "web", "git-1") == 0
        assert capfd.readouterr().out == f"{REPOSITORY}@{A}: 1 high\n"

    @pytest.mark.parametrize(("severity", "code"), [("CRITICAL", 0), ("HIGH", 1), ("MEDIUM", 1)])
    def test_it_can_fail_a_pipeline(self, scannable: Machine, severity: str, code: int) -> None:
        assert scannable.run("scan", "web", "git-1", "--fail-on", severity) == code

    def test_without_an_image_it_is_the_one_that_is_meant_to_run(
        self, scannable: Machine, capfd: pytest.CaptureFixture[str]
    ) -> None:
        assert scannable.run("scan", "web") == 1
        assert "name a tag or digest" in capfd.readouterr().err
        scannable.hold(B)
        assert scannable.run("set", "web", B) == 0
        assert scannable.run("scan", "web") == 0
        assert f"{REPOSITORY}@{B}" in capfd.readouterr().out

    def test_where_ecr_starts_none_the_last_one_counts(
        self, scannable: Machine, capfd: pytest.CaptureFixture[str]
    ) -> None:
        for _ in range(2):
            assert scannable.run("scan", "web", "git-1") == 0
        printed = capfd.readouterr().out
        assert "No new scan: ECR scans an image once in 24 hours" in printed
        assert printed.count("1 high") == 2

    @pytest.fixture
    def ecr(self, machine: Machine) -> Iterator[Stubber]:
        """A registry that answers as a test says, which moto cannot."""
        with Stubber(machine.ecr) as stubber:
            yield stubber

    def answer(self, ecr: Stubber, status: str, **counts: int) -> None:
        found = {"imageScanStatus": {"status": status, "description": "so it is"}}
        ecr.add_response(
            "describe_image_scan_findings", {**found, "imageScanFindings": {"findingSeverityCounts": counts}}
        )

    def test_enhanced_scanning_needs_no_start(self, ecr: Stubber) -> None:
        ecr.add_client_error("start_image_scan", "ValidationException")
        assert "enhanced scanning" in str(AwsStore(REGION).start_scan(REPOSITORY, A))

    def test_other_errors_are_told(self, ecr: Stubber) -> None:
        ecr.add_client_error("start_image_scan", "AccessDeniedException", "no")
        with pytest.raises(ReleaseError, match="AccessDenied"):
            AwsStore(REGION).start_scan(REPOSITORY, A)
        ecr.add_client_error("describe_image_scan_findings", "AccessDeniedException", "no")
        with pytest.raises(ReleaseError, match="DescribeImageScanFindings: AccessDenied"):
            AwsStore(REGION).scan(REPOSITORY, A)

    @pytest.mark.parametrize("end", ["COMPLETE", "ACTIVE", "FAILED", "UNSUPPORTED_IMAGE"])
    def test_it_waits_for_the_end(self, ecr: Stubber, monkeypatch: pytest.MonkeyPatch, end: str) -> None:
        waits: list[float] = []
        monkeypatch.setattr("botocore.waiter.time.sleep", waits.append)
        ecr.add_client_error("describe_image_scan_findings", "ScanNotFoundException")
        for status in ("PENDING", "IN_PROGRESS", end, end):
            self.answer(ecr, status, LOW=1)
        assert AwsStore(REGION).scan(REPOSITORY, A) == Scan(end, "so it is", {"LOW": 1})
        assert waits == [5, 5, 5]

    def test_it_does_not_wait_for_ever(self, ecr: Stubber, monkeypatch: pytest.MonkeyPatch) -> None:
        waits: list[float] = []
        monkeypatch.setattr("botocore.waiter.time.sleep", waits.append)
        for _ in range(120):
            self.answer(ecr, "IN_PROGRESS")
        with pytest.raises(ReleaseError, match="has not ended after 600 seconds"):
            AwsStore(REGION).scan(REPOSITORY, A)
        assert 590 <= sum(waits) <= 600

    def test_what_cannot_be_scanned_is_told_with_the_reason(self) -> None:
        with pytest.raises(ReleaseError, match="UNSUPPORTED_IMAGE: no operating system"):
            images.scan(_Scanned(Scan("UNSUPPORTED_IMAGE", "no operating system")), "r", A, print)

    def test_no_findings_are_said_to_be_none_and_the_worst_come_first(self) -> None:
        assert images.count(Scan("COMPLETE")) == "no findings"
        assert images.count(Scan("COMPLETE", counts={"LOW": 4, "CRITICAL": 1})) == "1 critical, 4 low"


class _Scanned(LocalStore):
    """An image with the result of its scan."""

    def __init__(self, result: Scan) -> None:
        self._result = result

    def start_scan(self, repository: str, digest: str) -> str | None:
        return None

    def scan(self, repository: str, digest: str) -> Scan:
        return self._result


class TestExpiring:
    @pytest.fixture
    def stocked(self, machine: Machine) -> Machine:
        machine.edit("web: {}", "web: {keepImages: 1, untaggedDays: 3}")
        return machine

    def stock(self, machine: Machine, runs: str) -> None:
        machine.up("dev", runs)
        machine.hold(A, "git-1", days=9)
        machine.hold(B, "git-2", days=1)
        machine.hold(C, days=5)

    def test_it_shows_what_would_go_and_that_what_runs_stays(
        self, stocked: Machine, capsys: pytest.CaptureFixture[str]
    ) -> None:
        self.stock(stocked, B)
        assert stocked.run("expiring") == 0
        printed = capsys.readouterr().out
        assert f"{REPOSITORY}: 3 images, 2 would expire" in printed
        assert f"- {A[:19]} (git-1)" in printed
        assert "keep the last 1 other images" in printed
        assert f"- {C[:19]} (untagged)" in printed
        assert "expire untagged images after 3 days" in printed
        assert f"✓ web is meant to run {B[:19]}, which expires after 1 image" in printed

    def test_a_running_image_that_would_go_is_named_and_fails(
        self, stocked: Machine, capsys: pytest.CaptureFixture[str]
    ) -> None:
        self.stock(stocked, A)
        assert stocked.run("expiring") == 1
        printed = capsys.readouterr().out
        assert f"✗ web is meant to run {A[:19]}, which would expire: keep the last 1 other images" in printed

    def test_a_running_image_that_is_gone_already_fails_too(
        self, stocked: Machine, capsys: pytest.CaptureFixture[str]
    ) -> None:
        self.stock(stocked, f"sha256:{'d' * 64}")
        assert stocked.run("expiring") == 1
        assert "which the repository does not hold" in capsys.readouterr().out

    def test_a_pinned_tag_is_what_runs(self, stocked: Machine, capsys: pytest.CaptureFixture[str]) -> None:
        stocked.edit("repository: web\n", "repository: web\n        image: git-1\n")
        self.stock(stocked, B)
        assert stocked.run("expiring") == 1
        assert "✗ web is meant to run git-1, which would expire" in capsys.readouterr().out

    def test_before_the_first_image_there_is_nothing_to_lose(
        self, stocked: Machine, capsys: pytest.CaptureFixture[str]
    ) -> None:
        stocked.up("dev")
        assert stocked.run("expiring") == 0
        assert f"{REPOSITORY}: 0 images, 0 would expire" in capsys.readouterr().out

    def test_images_of_a_manifest_list_are_held_by_it(
        self, stocked: Machine, capsys: pytest.CaptureFixture[str]
    ) -> None:
        stocked.up("dev", B)
        stocked.hold(B, "git-2", days=8, kind=INDEX, manifests=[{"digest": C}])
        stocked.hold(C, days=9)
        assert stocked.run("expiring") == 0
        assert "2 images, 0 would expire" in capsys.readouterr().out

    def test_what_ecr_says_of_an_image_is_read(self, machine: Machine) -> None:
        """What moto knows nothing of: pulls, the archive, and signatures."""
        day = [datetime(2026, 11, number, tzinfo=UTC) for number in range(1, 6)]
        plain: dict[str, Any] = {"imageDigest": A, "imagePushedAt": day[0], "lastRecordedPullTime": day[1]}
        archived = {"imageDigest": B, "imagePushedAt": day[0], "lastArchivedAt": day[2], "imageStatus": "ARCHIVED"}
        restored = {**archived, "lastActivatedAt": day[3], "imageStatus": "ACTIVE", "subjectManifestDigest": A}
        with Stubber(machine.ecr) as ecr:
            ecr.add_response("describe_images", {"imageDetails": [plain], "nextToken": "more"})
            ecr.add_response("describe_images", {"imageDetails": [archived, restored]})
            assert AwsStore(REGION).images(REPOSITORY) == [
                Image(A, day[0], pulled_at=day[1]),
                Image(B, day[0], archived_at=day[2]),
                Image(B, day[3], belongs_to=A),
            ]


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
