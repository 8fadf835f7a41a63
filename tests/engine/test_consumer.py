"""Another team's project, `examples/consumer`, on a platform stack of the same engine by StackReference."""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from .conftest import ROOT, Local

END = ")\nrepository"
"""Of the example: where the arguments of PlatformStack end."""


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where pip has put what other projects install of the platform, and nothing else of it."""
    source, target = tmp_path_factory.mktemp("source"), tmp_path_factory.mktemp("package")
    shutil.copy(ROOT / "pyproject.toml", source)
    for name in ("components", "outputs"):
        shutil.copytree(ROOT / name, source / name, ignore=shutil.ignore_patterns("__pycache__"))
    command = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--no-build-isolation"]
    subprocess.run([*command, "--target", str(target), str(source)], check=True, timeout=120)
    return target


@pytest.fixture(scope="class")
def consumer(project: Local) -> Local:
    """A copy of the example, whose runs share the platform's state."""
    shutil.copytree(ROOT / "examples" / "consumer", project.root / "examples" / "consumer")
    return project


class Consumer:
    """`python -m local` on the copy of the example."""

    def __init__(self, project: Local, package: Path) -> None:
        self.project = project
        self.folder = project.root / "examples" / "consumer"
        self.environment = {"PYTHONPATH": str(package)}
        self.options = ["--root", str(self.folder), "--home", str(project.root / ".local")]

    def ok(self, verb: str, *options: str) -> str:
        """Run one verb that must succeed."""
        done = self.project.run(verb, *options, *self.options, environment=self.environment)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def made(self) -> dict[tuple[str, str], dict[str, Any]]:
        """Return the inputs of what it has, by type and name."""
        file = self.project.root / ".local/state/.pulumi/stacks/consumer/dev.json"
        resources = json.loads(file.read_text())["checkpoint"]["latest"]["resources"]
        return {
            (item["type"].removeprefix("aws:"), item["urn"].rpartition("::")[2]): item.get("inputs", {})
            for item in resources
        }

    def fails(self) -> str:
        """Run `up`, which must fail in plain words."""
        return self.project.fails("up", *self.options, environment=self.environment)


@pytest.fixture
def team(consumer: Local, package: Path) -> Consumer:
    """The other team."""
    return Consumer(consumer, package)


class TestConsumer:
    """What the consumer sees before, while and after the platform is there."""

    def test_every_module_that_was_installed_can_be_imported(self, package: Path) -> None:
        command = [sys.executable, "-P", str(ROOT / ".ci" / "import_wheel.py")]
        environment = {**os.environ, "PYTHONPATH": str(package)}
        done = subprocess.run(command, cwd=package, env=environment, capture_output=True, text=True, timeout=120)
        assert done.returncode == 0, done.stderr
        modules = list(package.rglob("container_platform/**/*.py"))
        assert f"{len(modules)} modules imported" in done.stdout

    def test_without_the_platform_it_says_what_is_missing(self, team: Consumer) -> None:
        assert "organization/container-platform/dev" in team.fails()

    def test_with_it_its_service_runs_on_the_platforms_cluster_behind_its_load_balancer(self, team: Consumer) -> None:
        platform = team.project
        platform.edit(lambda settings: settings.update(notifications={}))
        platform.ok("up")
        printed = team.ok("up")
        assert "policies kept" in printed
        shared = json.loads(platform.ok("outputs", "--json"))
        made = team.made()
        service = made["ecs/service:Service", "reports"]
        assert service["cluster"] == shared["clusterArn"]
        assert service["networkConfiguration"]["subnets"] == shared["privateSubnetIds"]
        assert made["lb/listenerRule:ListenerRule", "reports"]["listenerArn"] == shared["listenerArn"]
        definition = made["ecs/taskDefinition:TaskDefinition", "reports"]
        assert shared["repositoryUrls"]["web"] in definition["containerDefinitions"]
        assert json.loads(team.ok("outputs", "--json"))["url"] == f"{shared['url']}/reports/"

    def test_a_second_up_changes_nothing_here_nor_there(self, team: Consumer) -> None:
        assert "Up: no changes" in team.ok("up")
        team.project.unchanged()

    def test_its_worker_and_its_scheduled_task_share_the_cluster(self, team: Consumer) -> None:
        shared, made = json.loads(team.project.ok("outputs", "--json")), team.made()
        worker = made["ecs/service:Service", "mailer"]
        assert worker["cluster"] == shared["clusterArn"]
        assert "loadBalancers" not in worker
        schedule = made["scheduler/schedule:Schedule", "nightly"]
        assert (schedule["target"]["arn"], schedule["state"]) == (shared["clusterArn"], "DISABLED")
        assert schedule["groupName"] == "default"
        assert "--task-definition dev-nightly-task" in json.loads(team.ok("outputs", "--json"))["runCommand"]
        assert ("cloudwatch/eventRule:EventRule", "nightly-job-failed") not in made

    def test_its_image_starts_its_tasks(self, team: Consumer) -> None:
        settings = team.folder / "Pulumi.dev.yaml"
        settings.write_text(f"{settings.read_text()}  consumer:image: git-1\n  consumer:notify: true\n")
        printed = team.ok("up")
        assert "~ update   ecs.Service  reports" in printed
        assert "~ update   ecs.Service  mailer" in printed
        made = team.made()
        assert made["scheduler/schedule:Schedule", "nightly"]["state"] == "ENABLED"
        topic = json.loads(team.project.ok("outputs", "--json"))["notificationTopicArn"]
        assert made["cloudwatch/eventTarget:EventTarget", "nightly-job-failed"]["arn"] == topic
        assert made["cloudwatch/metricAlarm:MetricAlarm", "nightly-job-undelivered"]["alarmActions"] == [topic]

    @pytest.mark.parametrize(
        ("written", "instead", "said"),
        [
            (END, END.replace(")", ", contract_version=2)", 1), "needs contractVersion 2: bring it up with a newer"),
            (END, END.replace(")", ", contract_version=0)", 1), "needs contractVersion 0: change this project"),
            (END, END.replace(")", ', needs=["meshArn"])', 1), "organization/container-platform/dev lacks meshArn"),
            # It asks for the URL and the ARN of the repository; which answer comes first is not certain.
            ('or "web"', 'or "reports"', r"has no reports among its repository(Urls|Arns) \(there: web\)"),
        ],
        ids=["too old", "too new", "lacks an output", "lacks a repository"],
    )
    def test_what_it_cannot_build_on_stops_it(self, team: Consumer, written: str, instead: str, said: str) -> None:
        program = team.folder / "__main__.py"
        text = program.read_text()
        assert text.count(written) == 1
        program.write_text(text.replace(written, instead))
        try:
            assert re.search(said, team.fails())
        finally:
            program.write_text(text)

    def test_both_can_be_taken_down(self, team: Consumer) -> None:
        assert "nothing is left" in team.ok("down")
        assert "nothing is left" in team.project.ok("down")


def test_its_program_is_typed(package: Path, tmp_path: Path) -> None:
    """A consumer's own type checker knows the components' arguments and the outputs' types."""
    program = tmp_path / "program.py"
    text = (ROOT / "examples" / "consumer" / "__main__.py").read_text()
    # With the project's own options, what `make check` has read of pulumi_aws is not read again.
    kept = ["--config-file", str(ROOT / "pyproject.toml"), "--cache-dir", str(ROOT / ".mypy_cache")]
    command = [sys.executable, "-m", "mypy", *kept, str(program)]
    environment = {"MYPYPATH": str(package), "PATH": "/usr/bin:/bin"}

    def check() -> "subprocess.CompletedProcess[str]":
        return subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=570)

    program.write_text(text)
    done = check()
    assert done.returncode == 0, done.stdout
    # Of another length: mypy takes a file of the same second and size for the one that it has read.
    program.write_text(text.replace("platform.cluster_arn", "platform.cluster_arns"))
    assert 'has no attribute "cluster_arns"' in check().stdout
