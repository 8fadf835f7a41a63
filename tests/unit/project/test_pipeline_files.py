"""The pipeline files keep to one story, and the linter of `make check` notices what is wrong with one."""

import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
import yaml

from local.cli import VERSION

from ..conftest import ROOT

GITHUB = ROOT / ".github" / "workflows"
GITLAB = ROOT / ".gitlab-ci.yml"


def lint(*, workflows: Path = GITHUB, gitlab: Path = GITLAB) -> "subprocess.CompletedProcess[str]":
    """What `make check` does with the pipeline files; the environment counts as ready."""
    names = {"BIN": f"{sys.prefix}/bin", "WORKFLOWS": workflows, "GITLAB": gitlab}
    variables = [f"{name}={value}" for name, value in names.items()]
    command = ["make", "-o", ".venv/.ready", "check-workflows", *variables]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=120)


# The linters take a second each to start, so each run of them has several faults.
@pytest.mark.parametrize(
    "faults",
    [
        {
            "runs-onn": ("runs-on: ubuntu-24.04", "runs-onn: ubuntu-24.04"),
            "pull_requests": ("  pull_request:\n", "  pull_requests:\n"),
        },
        {
            "template-injection": ("run: make setup", "run: echo ${{ github.event.pull_request.title }}"),
            "unpinned-uses": ("08c6903cd8c0fde910a37f88322edcfb5dd907a8 # v5.0.0", "v5"),
            "dangerous-triggers": ("  pull_request:\n", "  pull_request_target:\n"),
        },
    ],
    ids=["schema", "unsafe"],
)
def test_a_broken_workflow_fails_the_check(tmp_path: Path, faults: dict[str, tuple[str, str]]) -> None:
    text = (GITHUB / "preview.yml").read_text()
    for old, new in faults.values():
        assert old in text
        text = text.replace(old, new)
    (tmp_path / "preview.yml").write_text(text)
    done = lint(workflows=tmp_path)
    assert done.returncode != 0
    assert [said for said in faults if said not in done.stdout + done.stderr] == []


def test_a_broken_pipeline_of_gitlab_fails_the_check(tmp_path: Path) -> None:
    text = GITLAB.read_text()
    assert "    - if:" in text
    broken = tmp_path / "gitlab.yml"
    broken.write_text(text.replace("    - if:", "    - iff:"))
    assert lint(gitlab=broken).returncode != 0


def test_the_check_is_part_of_make_check() -> None:
    assert shutil.which("make")
    done = subprocess.run(["make", "--dry-run", "check"], cwd=ROOT, capture_output=True, text=True, timeout=60)
    assert "zizmor --offline" in done.stdout
    assert "vendor.gitlab-ci" in done.stdout


def test_every_pipeline_installs_the_cli_that_is_supported() -> None:
    texts = {file.name: file.read_text() for file in (*GITHUB.glob("*.yml"), GITLAB)}
    installing = {name: text for name, text in texts.items() if "get.pulumi.com" in text}
    assert {"ci.yml", "preview.yml", GITLAB.name} <= set(installing)
    for name, text in installing.items():
        assert set(re.findall(r"PULUMI_VERSION: (\S+)", text)) == {VERSION}, name


def test_actions_of_one_name_are_the_same_everywhere() -> None:
    used: dict[str, set[str]] = {}
    for file in GITHUB.glob("*.yml"):
        for action, pin in re.findall(r"uses: ([\w./-]+)@(\S+ # v[\d.]+)", file.read_text()):
            used.setdefault(action, set()).add(pin)
    assert used
    assert {action: pins for action, pins in used.items() if len(pins) > 1} == {}


def test_the_quick_lanes_run_on_every_python_that_is_promised() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    promised = [line.rpartition(" ")[2] for line in project["classifiers"] if "Python :: 3." in line]
    matrix = yaml.safe_load((GITHUB / "ci.yml").read_text())["jobs"]["checks"]["strategy"]["matrix"]
    assert matrix["python"] == promised
    assert project["requires-python"] == f">={promised[0]}"
    assert matrix["run"] == ["make test-quick"]
    assert {job["run"] for job in matrix["include"]} >= {"make check", "make test-engine", "make integration"}


def test_only_the_job_that_makes_a_release_may_write() -> None:
    workflow = yaml.safe_load((GITHUB / "release.yml").read_text())
    assert workflow[True] == {"push": {"tags": ["v*"]}}, "YAML reads the key `on` as true"
    assert workflow["permissions"] == {}
    assert {name: job["permissions"] for name, job in workflow["jobs"].items()} == {
        "build": {"contents": "read"},
        "github": {"contents": "write"},
        "pypi": {"id-token": "write"},
    }
    for name in ("github", "pypi"):
        steps = workflow["jobs"][name]["steps"]
        assert workflow["jobs"][name]["needs"] == "build"
        assert not [step for step in steps if "checkout" in step.get("uses", "")], (
            "nothing of the repository runs there"
        )


def test_only_the_jobs_that_upload_or_become_a_role_may() -> None:
    jobs = yaml.safe_load((GITHUB / "preview.yml").read_text())["jobs"]
    assert {name: job["permissions"] for name, job in jobs.items()} == {
        "local": {"contents": "read", "actions": "read", "security-events": "write"},
        "aws": {"contents": "read", "actions": "read", "security-events": "write", "id-token": "write"},
    }
