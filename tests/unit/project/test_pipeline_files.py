"""The pipeline files keep to one story, and the linter of `make check` notices what is wrong with one."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from local.cli import VERSION

from ..conftest import ROOT

GITHUB = ROOT / ".github" / "workflows"
GITLAB = ROOT / ".gitlab-ci.yml"


def lint(workflows: Path = GITHUB, gitlab: Path = GITLAB) -> "subprocess.CompletedProcess[str]":
    """What `make check` does with the pipeline files; the environment counts as ready."""
    names = {"BIN": f"{sys.prefix}/bin", "WORKFLOWS": workflows, "GITLAB": gitlab}
    variables = [f"{name}={value}" for name, value in names.items()]
    command = ["make", "-o", ".venv/.ready", "check-workflows", *variables]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=120)


def test_the_pipeline_files_are_as_the_linter_wants_them() -> None:
    done = lint()
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("runs-on: ubuntu-24.04", "runs-onn: ubuntu-24.04", "runs-onn"),
        ("  pull_request:\n", "  pull_requests:\n", "pull_requests"),
        ("run: make setup", "run: echo ${{ github.event.pull_request.title }}", "template-injection"),
        ("08c6903cd8c0fde910a37f88322edcfb5dd907a8 # v5.0.0", "v5", "unpinned-uses"),
        ("  pull_request:\n", "  pull_request_target:\n", "dangerous-triggers"),
    ],
)
def test_a_broken_workflow_fails_the_check(tmp_path: Path, old: str, new: str, says: str) -> None:
    text = (GITHUB / "preview.yml").read_text()
    assert old in text
    (tmp_path / "preview.yml").write_text(text.replace(old, new))
    done = lint(workflows=tmp_path)
    assert done.returncode != 0
    assert says in done.stdout + done.stderr


@pytest.mark.parametrize(("old", "new"), [("  script:", "  scrpt:"), ("    - if:", "    - iff:")])
def test_a_broken_pipeline_of_gitlab_fails_the_check(tmp_path: Path, old: str, new: str) -> None:
    text = GITLAB.read_text()
    assert old in text
    broken = tmp_path / "gitlab.yml"
    broken.write_text(text.replace(old, new))
    assert lint(gitlab=broken).returncode != 0


def test_the_check_is_part_of_make_check() -> None:
    assert shutil.which("make")
    done = subprocess.run(["make", "--dry-run", "check"], cwd=ROOT, capture_output=True, text=True, timeout=60)
    assert "zizmor --offline" in done.stdout
    assert "vendor.gitlab-ci" in done.stdout


def test_every_pipeline_installs_the_cli_that_is_supported() -> None:
    for file in (*GITHUB.glob("*.yml"), GITLAB):
        assert set(re.findall(r"PULUMI_VERSION: (\S+)", file.read_text())) == {VERSION}, file.name


def test_actions_of_one_name_are_the_same_everywhere() -> None:
    used: dict[str, set[str]] = {}
    for file in GITHUB.glob("*.yml"):
        for action, pin in re.findall(r"uses: ([\w./-]+)@(\S+ # v[\d.]+)", file.read_text()):
            used.setdefault(action, set()).add(pin)
    assert used
    assert {action: pins for action, pins in used.items() if len(pins) > 1} == {}


def test_only_the_jobs_that_upload_or_become_a_role_may() -> None:
    jobs = yaml.safe_load((GITHUB / "preview.yml").read_text())["jobs"]
    assert {name: job["permissions"] for name, job in jobs.items()} == {
        "local": {"contents": "read", "actions": "read", "security-events": "write"},
        "aws": {"contents": "read", "actions": "read", "security-events": "write", "id-token": "write"},
    }
