"""The integration lane: the unchanged program, the real AWS provider plugin, and an emulated AWS API."""

import functools
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from contextlib import nullcontext
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, Literal, NamedTuple

import boto3
import moto
import pytest
from botocore.config import Config
from pulumi.automation import CommandError, EngineEvent, OpType, Stack
from pulumi.automation._stack import StackInitMode

from components.tasks import one_off
from local import cli
from local.console import Console
from local.program import Program
from local.standin import serve
from local.workspace import FolderStack, Paths, open_workspace, prepare
from tests.engine.conftest import Local, connections_of_their_own, copy_project, nothing_left_open
from tests.integration import plugin

__all__ = ["connections_of_their_own", "nothing_left_open"]  # of use to pytest, as fixtures of this lane too

_REGION = "us-east-1"
_ROOT = Path(__file__).parents[2]


_MINUTES: Final = ("queue", "subscriptions", "databases", "rds", "aurora", "links")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with the stacks that have queues or databases: the provider waits minutes for each change of one."""
    items.sort(key=lambda item: not any(word in item.nodeid.rpartition("::")[0].lower() for word in _MINUTES))


class Emulator(NamedTuple):
    """The emulated AWS API.

    :ivar environment: what a process needs to reach it in place of AWS.
    :ivar log: what it was asked and could not do.
    """

    environment: dict[str, str]
    log: Path

    def client(self, service: str) -> Any:
        """A boto3 client on it."""
        return _client(service, self.environment["HTTPS_PROXY"], self.environment["AWS_CA_BUNDLE"])

    def empty(self) -> None:
        """Forget everything that was made in the account."""
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({"http": self.environment["HTTP_PROXY"]}))
        with opener.open("http://motoapi.amazonaws.com/moto-api/reset", data=b"", timeout=60) as answer:
            assert answer.status == 200

    def lacking(self) -> list[str]:
        """The actions that it was asked for and lacks."""
        return [line for line in self.log.read_text().splitlines() if line.startswith("LACKING ")]


@functools.cache
def _client(service: str, proxy: str, authority: str) -> Any:
    """To make one reads the service's whole model."""
    make: Any = boto3.client  # typed for services named in the code only
    return make(
        service,
        region_name=_REGION,
        aws_access_key_id="test",
        aws_secret_access_key="test",
        config=Config(proxies={"https": proxy}),
        verify=authority,
    )


@pytest.fixture(scope="session")
def emulator(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Emulator]:
    """An AWS account for the whole lane."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    log = tmp_path_factory.mktemp("emulator") / "log"
    address = f"http://127.0.0.1:{port}"
    environment = {
        "HTTPS_PROXY": address,
        "HTTP_PROXY": address,
        "NO_PROXY": "127.0.0.1,localhost",
        "AWS_CA_BUNDLE": str(Path(moto.__file__).parent / "moto_proxy" / "ca.crt"),
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
        "AWS_REGION": _REGION,
        "AWS_EC2_METADATA_DISABLED": "true",
        "AWS_MAX_ATTEMPTS": "2",
    }
    with log.open("w") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", "tests.integration.emulator", "-p", str(port)],
            cwd=_ROOT,
            stdout=output,
            stderr=subprocess.STDOUT,
        )
        try:
            _wait_for(port, process, log)
            yield Emulator(environment, log)
        finally:
            process.terminate()
            process.wait(timeout=10)


def _wait_for(port: int, process: "subprocess.Popen[bytes]", log: Path) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        assert process.poll() is None, log.read_text()
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.2)
    raise AssertionError(f"the emulator does not answer: {log.read_text()}")


@pytest.fixture(scope="class", autouse=True)
def empty_account(emulator: Emulator) -> None:
    """Nothing of another class is in the account, whatever it left and whichever ran before in this process."""
    emulator.empty()


@pytest.fixture
def reached(emulator: Emulator, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """What this process asks AWS, as the program does, is asked of the emulator."""
    with monkeypatch.context() as patch:
        for name, value in emulator.environment.items():
            patch.setenv(name, value)
        patch.setattr(one_off, "SECONDS", 0.05)
        yield


@dataclass
class Run:
    """What one operation did.

    :ivar steps: operation and resource (`update ecs/service:Service web`) of everything that was not left as it was.
    """

    steps: list[str] = field(default_factory=list)
    outputs: Mapping[str, Any] = field(default_factory=dict)

    def note(self, event: EngineEvent) -> None:
        """Take a step of the engine down."""
        if event.resource_pre_event is None:
            return
        metadata = event.resource_pre_event.metadata
        kind = metadata.type.removeprefix("aws:")
        if metadata.op in (
            OpType.SAME,
            OpType.REFRESH,
            OpType.READ,
            OpType.READ_REPLACEMENT,
        ) or not metadata.type.startswith("aws:"):
            return
        step = f"{metadata.op.value} {kind} {metadata.urn.rpartition('::')[2]}"
        if step not in self.steps:
            self.steps.append(step)


class Deployment:
    """One stack of a copy of the project, with the real plugin.

    :ivar types: the types of the resources in its state.
    """

    def __init__(self, name: str, copy: Local, stack: Stack, prepare_again: Any) -> None:
        self.name = name
        self.copy = copy
        self._stack = stack
        self._prepare = prepare_again
        self.types: set[str] = set()

    def set(self, **values: Any) -> None:
        """Change settings of the service `web`."""
        self.copy.web(stack=self.name, **values)
        self._prepare()

    def edit(self, change: Callable[[dict[str, Any]], object]) -> None:
        """Change the stack's settings."""
        self.copy.edit(change, stack=self.name)
        self._prepare()

    def network(self, **values: Any) -> None:
        """Change settings of the network, or none, after another edit."""
        self.copy.edit(lambda platform: platform["network"].update(values), stack=self.name)
        self._prepare()

    def run(self, verb: Literal["up", "preview", "refresh", "destroy"], **options: Any) -> Run:
        """Run one operation to its end, which must be a good one."""
        done = Run()
        operation = getattr(self._stack, verb)
        try:
            result = operation(on_event=done.note, on_output=lambda _: None, color="never", **options)
        except CommandError as error:
            pytest.fail(f"{verb} failed after {done.steps}: {str(error)[-3000:]}", pytrace=False)
        self._note_types()
        done.outputs = {name: output.value for name, output in getattr(result, "outputs", {}).items()}
        return done

    def unchanged(self) -> None:
        """Read every resource again, which must be as in the state; nor would an `up` change any."""
        self.run("refresh", expect_no_changes=True)
        assert self.run("preview").steps == []

    def fails(self, verb: Literal["up"], **options: Any) -> str:
        """Run one operation that must fail, and return what the engine said."""
        with pytest.raises(CommandError) as caught:
            getattr(self._stack, verb)(on_output=lambda _: None, color="never", **options)
        self._note_types()
        return str(caught.value)

    def _note_types(self) -> None:
        self.types = {item["type"] for item in (self._stack.export_stack().deployment or {}).get("resources", [])}


@pytest.fixture(scope="session")
def provider() -> Path:
    """The folder of the real AWS plugin, which `make integration` has made sure of."""
    cli.provide(Console())
    return plugin.find_aws(may_download=False)


@pytest.fixture(scope="class")
def deployment(
    request: pytest.FixtureRequest, emulator: Emulator, provider: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Deployment]:
    """The stack that the class's `STACK` names, with the settings of its `SETTINGS` if it has some."""
    name: str = request.cls.STACK
    copy = copy_project(tmp_path_factory.mktemp(name), packages=False)
    if given := getattr(request.cls, "SETTINGS", None):
        shutil.copy(given, copy.root / f"Pulumi.{name}.yaml")
    paths = Paths(root=copy.root, stack=name, local=copy.root / ".local")
    console = Console()
    program = Program(copy.root)
    prepare(paths, console)
    path = os.environ["PATH"]
    awsx = plugin.official("awsx")
    with nullcontext() if awsx else serve(aws=False) as stand_in:
        # GOGC: the real plugin holds so much that it must clean up after itself.
        environment = {**emulator.environment, **(stand_in.environment if stand_in else {}), "GOGC": "100"}
        # The engine takes a plugin on PATH before all others.
        os.environ["PATH"] = os.pathsep.join(str(folder) for folder in (provider, awsx, path) if folder)
        workspace = open_workspace(paths, cli.provide(console), program, environment)
        stack = FolderStack(name, workspace, StackInitMode.CREATE_OR_SELECT)
        try:
            yield Deployment(name, copy, stack, lambda: prepare(paths, console))
        finally:
            os.environ["PATH"] = path
