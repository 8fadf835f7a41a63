"""Whatever happens to a run, the next one goes on; whatever is wrong is said in a sentence with a next step."""

import os
import shutil
import signal
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from .conftest import Local

Begin = Callable[[str], "subprocess.Popen[str]"]


class TestInterruption:
    """Runs that do not reach their end."""

    def test_a_killed_up_is_repaired_by_the_next_one(self, project: Local, running: Begin) -> None:
        process = running("up")
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        printed = project.ok("up")
        assert "was killed" in printed
        assert len(project.find("ecs/service:Service")) == 1

    def test_a_second_run_is_refused_while_one_is_at_work(self, project: Local, running: Begin) -> None:
        project.ok("down")
        process = running("up")
        os.kill(process.pid, signal.SIGSTOP)  # however slow the second one starts, the first is still at work
        printed = project.fails("up")
        os.kill(process.pid, signal.SIGCONT)
        assert f"another run has the stack dev (process {process.pid}" in printed
        output, _ = process.communicate(timeout=200)
        assert process.returncode == 0, output

    def test_an_interrupted_up_lets_the_engine_finish_and_the_next_one_goes_on(
        self, project: Local, running: Begin
    ) -> None:
        project.ok("down")
        process = running("up")
        os.kill(process.pid, signal.SIGINT)
        output, _ = process.communicate(timeout=200)
        if process.returncode != 0:  # the engine may have been done before the signal reached it
            assert process.returncode == 130, output
            assert "the next run goes on from here" in output
        project.ok("up")
        assert len(project.find("ecs/service:Service")) == 1

    def test_two_stacks_are_apart(self, project: Local) -> None:
        assert "nothing to do" in project.ok("down", stack="prod")
        assert len(project.find("ecs/service:Service")) == 1

    def test_a_state_that_was_cut_off_comes_back_from_its_copy(self, project: Local) -> None:
        # A copy is of the step before only where the engine writes the state after each step, as it does for users.
        project.web(memory=1024)
        assert project.run("up", environment={"PULUMI_SKIP_CHECKPOINTS": "false"}).returncode == 0
        file = project.root / ".local/state/.pulumi/stacks/container-platform/dev.json"
        whole = file.read_text()
        file.write_text(whole[:100])
        assert "make up STACK=dev goes on from its copy" in project.fails("outputs")
        printed = project.ok("up")
        assert "was cut off: going on from its copy dev.json.bak" in printed
        assert "Up: no changes" in printed
        project.ok("down")


class TestMistakes:
    """What a user can get wrong, each without a trace."""

    def test_a_stack_that_does_not_exist(self, project: Local) -> None:
        assert "there is no stack tset (there: dev, prod)" in project.fails("up", stack="tset")

    @pytest.mark.parametrize(
        ("content", "said"),
        [
            ("config:\n  a: b: c\n", "Pulumi.broken.yaml, line 2"),
            ("- just\n- a list\n", "Pulumi.broken.yaml holds no map"),
            ("config:\n  container-platform:platform: [1]\n", "must be a map of sections"),
            ("config:\n", "container-platform:platform is missing"),
        ],
    )
    def test_a_stack_file_that_is_broken(self, project: Local, content: str, said: str) -> None:
        (project.root / "Pulumi.broken.yaml").write_text(content)
        assert said in project.fails("up", stack="broken")
        (project.root / "Pulumi.broken.yaml").unlink()

    def test_a_folder_that_is_no_project(self, project: Local, tmp_path: Path) -> None:
        assert "holds no Pulumi.yaml" in project.fails("up", "--root", str(tmp_path))

    def test_neither_cli_nor_go_nor_network(self, project: Local, tmp_path: Path) -> None:
        nothing = {"PATH": "/nonexistent", "XDG_CACHE_HOME": str(tmp_path), "https_proxy": "http://127.0.0.1:9"}
        printed = project.fails("up", environment=nothing)
        assert "there is no Go to build it" in printed
        assert "https://www.pulumi.com/docs/install/" in printed

    def test_a_go_that_is_too_old(self, project: Local, tmp_path: Path) -> None:
        go = tmp_path / "bin" / "go"
        go.parent.mkdir()
        go.write_text("#!/bin/sh\necho go1.20.1\n")
        go.chmod(0o755)
        old = {"PATH": str(go.parent), "XDG_CACHE_HOME": str(tmp_path), "https_proxy": "http://127.0.0.1:9"}
        assert "too old to build the Pulumi CLI" in project.fails("up", environment=old)

    def test_the_cli_on_path_comes_first_unless_it_is_too_old(self, project: Local, tmp_path: Path) -> None:
        there = tmp_path / "pulumi"
        there.symlink_to(shutil.which("pulumi") or "")
        path = {"PATH": f"{tmp_path}{os.pathsep}{os.environ['PATH']}"}
        assert f"({there})" in project.run("cli", environment=path).stdout
        there.unlink()
        there.write_text("#!/bin/sh\necho v3.100.0\n")
        there.chmod(0o755)
        printed = project.run("cli", environment=path).stdout
        assert "The Pulumi CLI on PATH is 3.100.0" in printed
        assert f"({there})" not in printed

    def test_a_cli_that_is_none(self, project: Local) -> None:
        assert "PULUMI_CLI names /bin/true" in project.fails("up", environment={"PULUMI_CLI": "/bin/true"})

    def test_a_program_that_fails_names_its_line(self, project: Local) -> None:
        file = project.root / "__main__.py"
        whole = file.read_text()
        file.write_text(f"{whole}\nraise ValueError('by hand')\n")
        printed = project.fails("preview")
        assert f"at __main__.py, line {len(whole.splitlines()) + 2}: ValueError: by hand" in printed
        file.write_text(whole)

    def test_an_unknown_verb_is_wrong_usage(self, project: Local) -> None:
        assert project.run("upp").returncode == 2

    def test_what_aws_would_refuse_is_refused_here(self, project: Local) -> None:
        file = project.root / "__main__.py"
        whole = file.read_text()
        wrong = "pulumi_aws.ecs.TaskDefinition('bad', family='f', container_definitions='[{}]')"
        file.write_text(f"{whole}\nimport pulumi_aws\n{wrong}\n")
        printed = project.fails("preview")
        assert "containerDefinitions" in printed
        file.write_text(whole)
