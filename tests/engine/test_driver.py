"""The driver on a small program of its own: what it keeps to itself, and what a run that was cut off leaves."""

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from local import cli

from .conftest import ROOT, Local

SMALL = """
import pathlib
import time

import pulumi
import pulumi_aws as aws

HERE = pathlib.Path(__file__).parent


def pause(arn: str) -> str:
    (HERE / "began").touch()
    while (HERE / "pause").exists():
        time.sleep(0.05)
    return arn


first = aws.ecr.Repository(
    "first", image_tag_mutability="IMMUTABLE", image_scanning_configuration={"scan_on_push": True}
)
arn = first.arn if pulumi.runtime.is_dry_run() else first.arn.apply(pause)
aws.ssm.Parameter("second", type="String", value=arn)
pulumi.export("arn", arn)
pulumi.export("token", pulumi.Config().get_secret("token") or pulumi.Output.secret("hush-hush"))
"""
"""Stops half-way through an update, while a file named `pause` lies beside it."""

Begin = Callable[[], "subprocess.Popen[str]"]
UNDISTURBED = ("Pulumi.yaml", "Pulumi.dev.yaml", "__main__.py")


@pytest.fixture(scope="class")
def small(project: Local) -> Local:
    """The project with a small program in the place of the platform's."""
    (project.root / "__main__.py").write_text(SMALL)
    return project


@pytest.fixture
def half_way(small: Local) -> Iterator[Begin]:
    """Begins an `up` and returns while it is between its first resource and its second."""
    started: list[subprocess.Popen[str]] = []

    def begin() -> "subprocess.Popen[str]":
        (small.root / "began").unlink(missing_ok=True)
        (small.root / "pause").touch()
        process = small.start("up")
        started.append(process)
        until(lambda: (small.root / "began").exists() or process.poll() is not None)
        assert process.poll() is None, process.communicate()
        return process

    yield begin
    go_on(small)
    for process in started:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        assert process.stdout is not None
        process.stdout.close()


def go_on(local: Local) -> None:
    """Let a run that stands half-way go on."""
    (local.root / "pause").unlink(missing_ok=True)


def until(condition: Callable[[], object]) -> None:
    """Wait until something is true."""
    deadline = time.monotonic() + 90
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def names(local: Local) -> list[str]:
    """Return the names of the AWS resources in the state."""
    return [item["urn"].rpartition("::")[2] for item in local.state() if item["type"].startswith("aws:")]


def read_to(process: "subprocess.Popen[str]", text: str) -> str:
    """Return what a run prints until it has said something, which it must."""
    assert process.stdout is not None
    printed = ""
    for line in process.stdout:
        printed += line
        if text in line:
            return printed
    raise AssertionError(f"it never said {text!r}: {printed}")


def rest(process: "subprocess.Popen[str]") -> str:
    """Return what a run prints from here to its end."""
    assert process.stdout is not None
    with process.stdout as output:
        printed = output.read()
    process.wait(timeout=60)
    return printed


def of_packs(local: Local) -> list[int]:
    """Return the processes of policy packs that run for this copy, by its PULUMI_HOME."""
    home = f"PULUMI_HOME={local.root}/.local/home".encode()
    found = []
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            if b"policy" in (entry / "cmdline").read_bytes() and home in (entry / "environ").read_bytes():
                found.append(int(entry.name))
        except OSError:
            continue
    return found


def state_file(local: Local) -> Path:
    """Return the file in which the engine keeps the stack dev."""
    return local.root / ".local/state/.pulumi/stacks/container-platform/dev.json"


class TestWhatItKeepsToItself:
    """Secrets, credentials and the files of the project."""

    def test_the_real_stacks_secrets_and_credentials_are_neither_needed_nor_used(self, small: Local) -> None:
        file = small.root / "Pulumi.dev.yaml"
        content: dict[str, Any] = yaml.safe_load(file.read_text())
        content |= {"secretsprovider": "awskms://alias/nobody", "encryptedkey": "bm8ga2V5"}
        content["config"]["container-platform:token"] = {"secure": "v1:abc:def"}
        file.write_text(yaml.safe_dump(content))
        before = {name: (small.root / name).read_bytes() for name in UNDISTURBED}
        wrong = {"AWS_PROFILE": "no-such-profile", "AWS_REGION": "nowhere-1", "AWS_ACCESS_KEY_ID": "AKIANOTUSED"}
        done = small.run("up", environment=wrong)
        assert done.returncode == 0, done.stdout + done.stderr
        assert "a placeholder stands for container-platform:token" in done.stdout
        assert "token: [secret]" in done.stdout
        assert "\x1b" not in done.stdout, "no colour where no terminal shows it"
        assert {name: (small.root / name).read_bytes() for name in UNDISTURBED} == before

    def test_outputs_as_json_are_alone_on_standard_output_and_hide_secrets(self, small: Local) -> None:
        published = json.loads(small.run("outputs", "--json").stdout)
        assert published["token"] == "[secret]"
        assert re.fullmatch(r"arn:aws:ecr:us-east-1:\d{12}:repository/first-\w+", published["arn"])


class TestCutOff:
    """One rough day of a stack: each test's run is the one that comes after the test before."""

    def test_an_engine_and_its_driver_killed_together(self, small: Local, half_way: Begin) -> None:
        process = half_way()
        packs = of_packs(small)
        assert packs
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        until(lambda: not any(Path(f"/proc/{pack}").exists() for pack in packs))
        assert list((small.root / ".local/state/.pulumi/locks").rglob("*.json")), "the lock is left"
        assert not list((small.root / ".local/state").rglob("*.attrs")), "a sidecar cut off half-way hides the state"
        # As an engine leaves it that dies while its provider is at work.
        content = json.loads(state_file(small).read_text())
        kind = "aws:ecr/repository:Repository"
        urn = f"urn:pulumi:dev::container-platform::{kind}::half-made"
        begun = {"resource": {"urn": urn, "custom": True, "type": kind, "inputs": {}}, "type": "creating"}
        content["checkpoint"]["latest"]["pending_operations"] = [begun]
        state_file(small).write_text(json.dumps(content))

    def test_the_next_run_repairs_and_is_stopped_in_order(self, small: Local, half_way: Begin) -> None:
        process = half_way()
        process.send_signal(signal.SIGINT)
        printed = read_to(process, "Stopping")
        assert "releasing its lock" in printed
        assert "forgetting what it did not finish (1)" in printed
        assert "half-made" not in state_file(small).read_text()
        go_on(small)
        printed = rest(process)
        assert process.returncode == 130, printed
        assert "the next run goes on from here" in printed
        assert "Traceback" not in printed
        assert "first" in names(small)

    def test_a_terminated_run_ends_in_order_too(self, small: Local, half_way: Begin) -> None:
        process = half_way()
        process.terminate()
        printed = read_to(process, "Stopping")
        assert "was killed" not in printed, "the engine of the run before gave its lock back itself"
        go_on(small)
        assert "the next run goes on from here" in rest(process)
        assert process.returncode == 130

    def test_one_that_is_stopped_between_preview_and_update_makes_nothing_more(self, small: Local) -> None:
        before = names(small)
        (small.root / "pause").touch()
        process = small.start("up")
        read_to(process, "policies kept")
        process.send_signal(signal.SIGINT)
        read_to(process, "Stopping")
        go_on(small)
        printed = rest(process)
        assert process.returncode == 130, printed
        assert "Traceback" not in printed
        assert names(small) == before

    def test_stopping_twice_ends_at_once(self, small: Local, half_way: Begin) -> None:
        process = half_way()
        process.send_signal(signal.SIGINT)
        read_to(process, "Stopping")
        process.send_signal(signal.SIGINT)
        assert process.wait(timeout=10) == 130

    def test_a_run_may_wait_for_the_one_before(self, small: Local, half_way: Begin) -> None:
        first = half_way()
        second = small.start("up", "--wait")
        read_to(second, f"waiting for process {first.pid}, since ")
        go_on(small)
        printed = rest(first)
        assert first.returncode == 0, printed
        printed = rest(second)
        assert second.returncode == 0, printed
        assert "Up: no changes" in printed
        assert names(small) == ["first", "second"]

    def test_a_broken_state_stays_as_it_is_and_a_backup_and_a_broken_lock_do_not_stop_up(self, small: Local) -> None:
        kept = (small.root / ".local/state/.pulumi/backups").rglob("*.json")
        copies = [*kept, state_file(small).with_suffix(".json.bak")]
        whole = [(copy, copy.read_text()) for copy in copies]
        for copy in (state_file(small), *copies):
            copy.write_text("{ not JSON")
        for verb in ("outputs", "down"):
            printed = small.fails(verb)
            assert "the stack's state cannot be read" in printed
            assert str(small.root / ".local/state/.pulumi/backups") in printed
        assert state_file(small).read_text() == "{ not JSON"
        for copy, text in whole:
            copy.write_text(text)
        kept = (small.root / ".local/state/.pulumi/backups/container-platform/dev").glob("dev.*.json")
        shutil.copy(max(kept), state_file(small))
        lock = small.root / ".local/state/.pulumi/locks/organization/container-platform/dev/cut-off.json"
        lock.parent.mkdir(parents=True, exist_ok=True)
        lock.write_text("")
        assert "releasing its lock" in small.ok("up")
        assert not lock.exists()
        assert names(small) == ["first", "second"]

    def test_a_refresh_of_what_is_not_up_makes_no_stack(self, small: Local) -> None:
        small.ok("down")
        assert "the stack dev is not up" in small.fails("refresh")
        assert not state_file(small).exists()


class TestWhichCli:
    """Which Pulumi CLI is used on a machine with an empty cache and no network."""

    @pytest.fixture
    def bare(self, tmp_path: Path) -> dict[str, str]:
        """An environment with nothing but the system's own tools."""
        tools = tmp_path / "tools"
        tools.mkdir()
        (tools / "sh").symlink_to(str(shutil.which("sh")))
        nowhere = "http://127.0.0.1:9"
        return {
            "PATH": str(tools),
            "XDG_CACHE_HOME": str(tmp_path / "cache"),
            "PULUMI_CLI": "",
            "https_proxy": nowhere,
            "HTTPS_PROXY": nowhere,
            "GOPROXY": nowhere,
            "GOMODCACHE": str(tmp_path / "modules"),
            "GOCACHE": str(tmp_path / "objects"),
            "GOTOOLCHAIN": "local",
        }

    def test_one_on_path_that_is_too_old_is_passed_over(
        self, small: Local, bare: dict[str, str], tmp_path: Path
    ) -> None:
        _script(tmp_path / "tools" / "pulumi", "echo v3.100.0")
        printed = small.fails("up", environment=bare)
        assert f"The Pulumi CLI on PATH is 3.100.0; {cli.VERSION} or later is needed" in printed
        assert "there is no Go to build it" in printed

    def test_a_broken_one_in_the_cache_is_provided_again(
        self, small: Local, bare: dict[str, str], tmp_path: Path
    ) -> None:
        _script(tmp_path / "cache" / "container-platform" / f"pulumi-{cli.VERSION}" / "bin" / "pulumi", "exit 1")
        assert "there is no Go to build it" in small.fails("up", environment=bare)

    @pytest.mark.parametrize(
        ("name", "script", "reason"),
        [
            ("pulumi", "exit 1", "is no Pulumi CLI"),
            ("pulumi", "echo v3.100.0", f"is 3.100.0; {cli.VERSION} or later is needed"),
            ("pulumi-next", f"echo v{cli.VERSION}", "is no Pulumi CLI called `pulumi`"),
        ],
    )
    def test_a_chosen_one_that_does_not_do_is_named(
        self, small: Local, bare: dict[str, str], tmp_path: Path, name: str, script: str, reason: str
    ) -> None:
        chosen = _script(tmp_path / "other" / name, script)
        printed = small.fails("up", environment={**bare, "PULUMI_CLI": str(chosen)})
        assert f"PULUMI_CLI names {chosen}, which {reason}" in printed

    @pytest.mark.skipif(shutil.which("go") is None, reason="there is no Go here")
    def test_a_go_that_reaches_no_module_proxy_says_so(self, small: Local, bare: dict[str, str]) -> None:
        bare["PATH"] += f"{os.pathsep}{Path(str(shutil.which('go'))).parent}"
        printed = small.fails("up", environment=bare)
        assert "the Pulumi CLI cannot be built" in printed
        assert "let this machine reach a Go module proxy" in printed


class TestMistakes:
    """What can be wrong before there is an engine."""

    def test_a_broken_project_file_names_the_line(self, small: Local) -> None:
        file = small.root / "Pulumi.yaml"
        whole = file.read_text()
        file.write_text("name: container-platform\nruntime: [python\ndescription: x\n")
        assert re.search(r"Pulumi\.yaml, line \d: expected", small.fails("up"))
        file.write_text(whole)

    def test_a_root_that_is_not_there_is_named(self, small: Local, tmp_path: Path) -> None:
        assert f"{tmp_path / 'elsewhere'} holds no" in small.fails("up", "--root", str(tmp_path / "elsewhere"))

    def test_a_python_without_the_packages_names_make(self) -> None:
        command = [sys.executable, "-S", "-m", "local", "up"]  # -S: without site-packages
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=60)
        assert done.returncode == 1
        assert "make setup" in done.stderr
        assert "Traceback" not in done.stderr


def _script(file: Path, text: str) -> Path:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(f"#!/bin/sh\n{text}\n")
    file.chmod(0o755)
    return file
