"""The pipeline files do what they say: their shell steps run, on the real engine where no AWS is needed."""

import json
import shutil
import subprocess
import sys
import xml.etree.ElementTree as ElementTree
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from pulumi import automation as auto

from policies import export
from policies.catalog import PACKS, RULES
from policies.reports.findings import Kind

from . import event_logs
from .conftest import ROOT
from .pipelines import ROLE, GitLab, Machine, Workflow, evaluate, recorder

CHOSEN = {"AWS_PREVIEW_ROLE_ARN": ROLE, "PULUMI_BACKEND_URL": "s3://state?region=eu-west-1"}


def unscanned(platform: dict[str, Any]) -> None:
    """A violation that a settings file can hold."""
    platform["registry"]["repositories"]["web"] = {"scanOnPush": False}


def results(document: dict[str, Any], level: str) -> set[tuple[str, str]]:
    """The findings of a level, as rule and file."""
    return {
        (result["ruleId"], result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"])
        for result in document["runs"][0]["results"]
        if result["level"] == level
    }


def outcomes(junit: str) -> dict[str, str]:
    """What JUnit says of each rule; empty where it was kept."""
    cases = ElementTree.fromstring(junit).iter("testcase")  # noqa: S314
    return {case.get("name", ""): next((child.tag for child in case), "") for case in cases}


@pytest.fixture
def cli(pulumi_command: auto.PulumiCommand) -> Path:
    """The real CLI."""
    return Path(shutil.which(pulumi_command.command) or pulumi_command.command)


@pytest.fixture
def machine(tmp_path: Path, cli: Path) -> Machine:
    """A machine with the real CLI, for jobs that need no AWS."""
    return Machine(tmp_path, cli, environment=True)


@pytest.fixture(scope="session")
def event_log(pulumi_command: auto.PulumiCommand, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What the real CLI logs of a preview with a violation, warnings, an exemption, a secret and a rule that is off."""
    folder = tmp_path_factory.mktemp("log")
    command = [sys.executable, "-m", event_logs.__name__, str(folder)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=120)
    log = folder / "events.jsonl"
    assert log.exists(), done.stderr
    assert "HUSH" not in log.read_text()
    return log


def test_the_event_log_of_the_real_cli_is_read(event_log: Path) -> None:
    with event_log.open() as lines:
        run = export.read(lines)
    assert (run.stack, run.whole) == ("dev", True)
    said = {(finding.rule, finding.resource): finding.kind for finding in run.findings}
    assert said == {
        ("ecr-immutable-tags", "new"): Kind.VIOLATION,
        ("ecr-immutable-tags", "old"): Kind.EXEMPTED,
        ("ecr-scan-on-push", "new"): Kind.WARNING,
        ("ecr-scan-on-push", "old"): Kind.WARNING,
    }
    assert set(run.rules) == set(RULES) - {"ecs-separate-roles"}, "a rule that is off did not judge"


def test_what_is_written_of_it_holds_no_secret(event_log: Path, tmp_path: Path) -> None:
    sarif, junit = tmp_path / "a" / "policies.sarif", tmp_path / "policies.xml"
    assert export.main(["--sarif", str(sarif), "--junit", str(junit), str(event_log)]) == 0
    assert results(json.loads(sarif.read_text()), "error") == {("ecr-immutable-tags", "Pulumi.dev.yaml")}
    assert outcomes(junit.read_text())["ecr-immutable-tags"] == "failure"
    assert "HUSH" not in sarif.read_text() + junit.read_text()


class TestGitHub:
    """.github/workflows/preview.yml"""

    def test_both_stacks_are_previewed_without_aws(self, machine: Machine) -> None:
        workflow = Workflow()
        assert workflow.matrix("local") == workflow.matrix("aws") == machine.stacks()
        machine.local.edit(unscanned)

        job = workflow.run("local", "dev", machine)
        assert job.outcome == "failure"
        preview = job.step("Preview with every policy")
        assert preview.outcome == "failure"
        assert "::error file=Pulumi.dev.yaml,line=1,title=ecr-scan-on-push::web (" in preview.output
        assert "1 mandatory policy is broken" in preview.output
        assert f"of {len(RULES)} rules kept, 1 violation," in job.summary
        assert "ScanOnPush::web" in job.summary
        (upload,) = job.uploads
        assert results(upload, "error") == {("ecr-scan-on-push", "Pulumi.dev.yaml")}

        # The verdict on dev lies there still, as it would on a machine that is used again.
        job = workflow.run("local", "prod", machine)
        assert job.outcome == "success", job.steps
        assert "::error" not in job.step("Preview with every policy").output
        (upload,) = job.uploads
        assert results(upload, "error") == set()
        assert upload["runs"][0]["automationDetails"]["id"] == "policies/prod/local/"
        assert machine.calls("installer") == ["--version 3.259.0"] * 2
        assert not workflow.run("aws", "dev", machine).started, "nobody named a role"

    def test_a_mistake_in_the_settings_fails_and_uploads_nothing(self, machine: Machine) -> None:
        machine.local.edit(lambda platform: platform.update(netwrk={}))
        (machine.root / "policies.sarif").write_text("{}")
        job = Workflow().run("local", "dev", machine)
        assert job.outcome == "failure"
        assert "netwrk" in job.step("Preview with every policy").output
        assert job.uploads == []

    def test_aws_is_not_for_forks(self, machine: Machine) -> None:
        assert not Workflow(CHOSEN, fork=True).run("aws", "dev", machine).started

    def test_aws_by_choice_shows_what_the_cli_found(self, tmp_path: Path, event_log: Path) -> None:
        cli = recorder(tmp_path / "cli", tmp_path / "calls", log=event_log, status=255)
        machine = Machine(tmp_path, cli, environment=False)
        job = Workflow(CHOSEN).run("aws", "dev", machine)
        assert job.started
        assert job.outcome == "failure"
        assert [step.name for step in job.steps if step.outcome == "failure"] == ["Preview with every policy"]
        assert (
            "::error file=Pulumi.dev.yaml,line=1,title=ecr-immutable-tags::new" in job.step("Show the findings").output
        )
        assert "1 violation, 2 warnings, 1 exempted." in job.summary
        (upload,) = job.uploads
        assert results(upload, "error") == {("ecr-immutable-tags", "Pulumi.dev.yaml")}
        assert upload["runs"][0]["automationDetails"]["id"] == "policies/dev/pulumi/"

        assert machine.calls("pip") == ["install -r policies/requirements.txt"]
        (install, _), (preview, environment) = (json.loads(call) for call in machine.calls("pulumi"))
        assert install == ["install"]
        assert preview[0] == "preview"
        assert preview[preview.index("--stack") + 1] == "dev"
        assert (machine.root / preview[preview.index("--policy-pack") + 1] / "PulumiPolicy.yaml").exists()
        assert environment["PULUMI_BACKEND_URL"] == CHOSEN["PULUMI_BACKEND_URL"]
        assert environment["PULUMI_DEBUG_COMMANDS"] == "true", "there is no --event-log without it"
        assert (environment["AWS_ROLE"], environment["AWS_REGION"]) == (ROLE, "us-east-1")

    def test_aws_that_fails_before_the_policies_says_so_and_uploads_nothing(self, tmp_path: Path) -> None:
        cli = recorder(tmp_path / "cli", tmp_path / "calls", log=None, status=255)
        job = Workflow(CHOSEN).run("aws", "prod", Machine(tmp_path, cli, environment=False))
        assert job.outcome == "failure"
        assert job.step("Show the findings").outcome == "skipped"
        assert job.uploads == []


class TestGitLab:
    """.gitlab-ci.yml"""

    def test_both_stacks_are_previewed_without_aws(self, machine: Machine) -> None:
        pipeline = GitLab()
        assert list(pipeline.jobs()) == [("preview", stack) for stack in machine.stacks()]
        machine.local.edit(unscanned, stack="prod")

        done = pipeline.run("preview", "prod", machine)
        assert done.returncode != 0
        assert "1 mandatory policy is broken" in done.stdout + done.stderr
        verdicts = outcomes(pipeline.report("preview", machine))
        assert list(verdicts) == [name for name, _ in PACKS["all"]]
        assert [name for name, outcome in verdicts.items() if outcome == "failure"] == ["ecr-scan-on-push"]
        sarif = json.loads((machine.root / "policies.sarif").read_text())
        assert results(sarif, "error") == {("ecr-scan-on-push", "Pulumi.prod.yaml")}

        done = pipeline.run("preview", "dev", machine)
        assert done.returncode == 0, done.stdout + done.stderr
        verdicts = outcomes(pipeline.report("preview", machine))
        assert "failure" not in verdicts.values()
        assert verdicts["ecr-scan-on-push"] == ""
        assert machine.calls("installer") == ["--version 3.259.0"] * 2

    def test_aws_is_by_choice_and_not_for_forks(self) -> None:
        assert ("preview on AWS", "dev") in GitLab(CHOSEN).jobs()
        assert ("preview on AWS", "dev") not in GitLab(CHOSEN, fork=True).jobs()
        assert list(GitLab({**CHOSEN, "CI_PIPELINE_SOURCE": "push"}).jobs()) == []

    @pytest.mark.parametrize("status", [255, 0])
    def test_aws_by_choice_reports_and_ends_as_the_cli_did(self, tmp_path: Path, event_log: Path, status: int) -> None:
        cli = recorder(tmp_path / "cli", tmp_path / "calls", log=event_log, status=status)
        machine = Machine(tmp_path, cli, environment=False)
        pipeline = GitLab(CHOSEN)
        done = pipeline.run("preview on AWS", "dev", machine)
        assert done.returncode == status, done.stderr
        assert outcomes(pipeline.report("preview on AWS", machine))["ecr-immutable-tags"] == "failure"
        _, (preview, environment) = (json.loads(call) for call in machine.calls("pulumi"))
        assert preview[:4] == ["preview", "--non-interactive", "--stack", "dev"]
        assert environment["AWS_ROLE_ARN"] == ROLE
        assert environment["token"] == "token for https://gitlab.example.com"
        assert environment["mode"] == "0o600", "nobody else on the runner reads the token"
        assert environment["PULUMI_BACKEND_URL"] == CHOSEN["PULUMI_BACKEND_URL"]

    @pytest.mark.parametrize(("status", "ends"), [(3, 3), (0, 1)])
    def test_aws_without_a_verdict_is_no_success(self, tmp_path: Path, status: int, ends: int) -> None:
        empty = tmp_path / "empty.jsonl"
        empty.touch()
        cli = recorder(tmp_path / "cli", tmp_path / "calls", log=empty, status=status)
        done = GitLab(CHOSEN).run("preview on AWS", "dev", Machine(tmp_path, cli, environment=False))
        assert done.returncode == ends
        assert "no policy pack judged anything" in done.stderr


def test_the_reader_of_expressions_reads_them_and_no_others() -> None:
    values = {"a.b": "x", "c": ""}
    functions: dict[str, Callable[..., Any]] = {"no": lambda: False, "join": lambda *texts: "".join(texts)}

    def value(text: str) -> Any:
        return evaluate(text, values.__getitem__, functions)

    assert value("a.b == 'x' && !no()") is True
    assert value("c || 'default'") == "default"
    assert value("join('a', (c || 'b')) != 'ab' || a.b == \"y\"") is False
    for wrong in ("a.typo", "a.b + c", "unknown()", "a.b c"):
        with pytest.raises((KeyError, AssertionError)):
            value(wrong)
