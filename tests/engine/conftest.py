"""The engine lane: the real Pulumi CLI, driven as a user drives it, on copies of this project."""

import gc
import json
import os
import shutil
import signal
import subprocess
import sys
import time
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from pulumi.automation import PulumiCommand
from pulumi.runtime._grpc_settings import _GRPC_CHANNEL_OPTIONS

from local import cli, workspace
from local.console import Console

from . import inside, packs

ROOT = Path(__file__).parents[2]
PROGRAM = ["Pulumi.yaml", "Pulumi.dev.yaml", "Pulumi.prod.yaml", "__main__.py"]
PACKAGES = ["components", "local", "outputs", "policies", "release", "settings", "wiring"]
SETTINGS = "container-platform:platform"


@pytest.fixture(scope="session", autouse=True)
def pulumi_command() -> PulumiCommand:
    """The CLI that `python -m local` uses too, provided once for the lane."""
    return cli.provide(Console())


@pytest.fixture(scope="session", autouse=True)
def quick_packs(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Policy packs of runs inside this process begin with their modules read; all else of them is as ever."""
    with packs.serve(tmp_path_factory.mktemp("packs")) as starter, pytest.MonkeyPatch.context() as patch:
        patch.setattr(workspace, "STARTER", starter)
        yield


@pytest.fixture(scope="session", autouse=True)
def connections_of_their_own() -> Iterator[None]:
    """Let no engine share a connection with one that has gone, as it never does in a process of its own.

    gRPC shares what it knows of an address: an engine that got the port of an earlier one would seem gone itself.
    """
    own = ("grpc.use_local_subchannel_pool", 1)
    _GRPC_CHANNEL_OPTIONS.append(own)
    yield
    _GRPC_CHANNEL_OPTIONS.remove(own)


@pytest.fixture(autouse=True)
def nothing_left_open() -> Iterator[None]:
    """Collect what an `up` that failed in this process left open, which the SDK does not close, and say nothing.

    The modules of pulumi_aws stay, and need not be looked at each time: that takes a sixth of a second.
    """
    yield
    with warnings.catch_warnings(), pytest.MonkeyPatch.context() as patch:
        warnings.simplefilter("ignore")
        patch.setattr(sys, "unraisablehook", lambda _: None)
        gc.collect()
        if "pulumi_aws" in sys.modules and not gc.get_freeze_count():
            gc.freeze()


class Local:
    """A copy of the project, and `python -m local` on it."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def run(
        self, verb: str, *options: str, stack: str = "dev", environment: dict[str, str] | None = None
    ) -> "subprocess.CompletedProcess[str]":
        """Run one verb to its end, inside this process."""
        return inside.run([verb, "--stack", stack, *options], self.root, environment)

    def ok(self, verb: str, *options: str, stack: str = "dev") -> str:
        """Run one verb that must succeed, and return what it printed."""
        result = self.run(verb, *options, stack=stack)
        assert result.returncode == 0, result.stdout + result.stderr
        return result.stdout

    def unchanged(self, stack: str = "dev") -> None:
        """Ask the engine for what it would do, which must be nothing."""
        assert "Preview: no changes" in self.ok("preview", stack=stack)

    def fails(self, verb: str, *options: str, stack: str = "dev", environment: dict[str, str] | None = None) -> str:
        """Run one verb that must fail in plain words, and return all that it printed."""
        result = self.run(verb, *options, stack=stack, environment=environment)
        printed = result.stdout + result.stderr
        assert result.returncode == 1, printed
        assert "Traceback" not in printed
        return printed

    def start(self, verb: str, *options: str, stack: str = "dev") -> "subprocess.Popen[str]":
        """Begin one verb in a process group of its own."""
        return subprocess.Popen(
            [sys.executable, "-m", "local", verb, "--stack", stack, *options],
            cwd=self.root,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )

    def release(self, *arguments: str) -> "subprocess.CompletedProcess[str]":
        """Run `python -m local release`, inside this process."""
        return inside.run(["release", *arguments], self.root)

    def pulumi(self, *arguments: str, stack: str = "dev") -> None:
        """Run the CLI itself on a stack's state."""
        environment = {
            **os.environ,
            "PULUMI_BACKEND_URL": (self.root / ".local/state").as_uri(),
            "PULUMI_CONFIG_PASSPHRASE": "local",
        }
        command = [cli.provide(Console()).command, *arguments, "--stack", f"organization/container-platform/{stack}"]
        done = subprocess.run(command, cwd=self.root, env=environment, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout + done.stderr

    def edit(self, change: Callable[[dict[str, Any]], object], *, stack: str = "dev") -> None:
        """Change the settings of a stack."""
        file = self.root / f"Pulumi.{stack}.yaml"
        content = yaml.safe_load(file.read_text())
        change(content["config"][SETTINGS])
        file.write_text(yaml.safe_dump(content, sort_keys=False))

    def web(self, *, stack: str = "dev", **values: Any) -> None:
        """Set some keys of the service `web`."""
        self.edit(lambda platform: platform["services"]["web"].update(values), stack=stack)

    def state(self, stack: str = "dev") -> list[dict[str, Any]]:
        """Return the resources in a stack's state; none where there is no state."""
        file = self.root / ".local/state/.pulumi/stacks/container-platform" / f"{stack}.json"
        if not file.exists():
            return []
        latest = json.loads(file.read_text())["checkpoint"]["latest"] or {}
        resources: list[dict[str, Any]] = latest.get("resources", [])
        return resources

    def find(self, kind: str, stack: str = "dev") -> list[dict[str, Any]]:
        """Return the resources of a type such as `ecs/service:Service` in a stack's state."""
        return [item for item in self.state(stack) if item["type"] == f"aws:{kind}"]


def copy_project(root: Path, *, packages: bool = True) -> Local:
    """Copy this project into a folder.

    :param packages: whether to copy its packages too; a copy without them runs this project's own, which every verb of
        this process then shares.
    """
    for name in PROGRAM:
        shutil.copy(ROOT / name, root / name)
    for name in PACKAGES if packages else ():
        shutil.copytree(ROOT / name, root / name, ignore=shutil.ignore_patterns("__pycache__"))
    (root / ".venv").symlink_to(Path(sys.prefix))
    return Local(root)


@pytest.fixture(scope="class")
def project(tmp_path_factory: pytest.TempPathFactory) -> Local:
    """A copy of this project for one class of tests, which build on each other in order."""
    return copy_project(tmp_path_factory.mktemp("project"), packages=False)


@pytest.fixture
def running(project: Local) -> Iterator[Callable[[str], "subprocess.Popen[str]"]]:
    """Begin a verb and wait until it makes its first resource; whatever is left of it ends with the test."""
    started: list[subprocess.Popen[str]] = []

    def begin(verb: str) -> "subprocess.Popen[str]":
        process = project.start(verb)
        started.append(process)
        assert process.stdout is not None
        deadline = time.monotonic() + 120
        for line in process.stdout:
            if " create " in line:
                return process
            assert time.monotonic() < deadline
        raise AssertionError("it ended before it made anything")

    yield begin
    for process in started:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
        process.communicate()
