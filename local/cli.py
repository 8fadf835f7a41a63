"""The Pulumi CLI: the one that is there, else Pulumi's own download, else built from its Go modules."""

import contextlib
import fcntl
import functools
import os
import re
import shutil
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from pulumi.automation import CommandResult, PulumiCommand
from semver import VersionInfo

from release import files

from .console import Console
from .errors import LocalError

VERSION: Final = "3.259.0"
"""The CLI that is downloaded or built, and the oldest that is used: it runs requirements.txt's SDK 3.272."""

_MODULE: Final = Path(__file__).parent / "pulumi_cli"
_PACKAGE: Final = "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi"
_GO: Final = (1, 26)


class Cli(PulumiCommand):
    """A CLI of a known version: the class above would start it to ask."""

    def __init__(self, command: str, version: VersionInfo) -> None:
        self.command = command
        self.version = version


class WholeCli(PulumiCommand):
    """A CLI that does in one process what the Automation API asks of two: each costs half a second before it begins."""

    def __init__(self, provided: PulumiCommand) -> None:
        self.command = provided.command
        self.version = provided.version

    def run(self, args: list[str], *rest: Any, **more: Any) -> CommandResult:
        """Run one command: `up` with its preview first, `destroy` with the removal of the stack at its end."""
        if args[0] == "up":
            args.remove("--skip-preview")
        elif args[0] == "destroy":
            args.append("--remove")
        return super().run(args, *rest, **more)


def provide(console: Console) -> Cli:
    """Return a Pulumi CLI of a supported version, put first on PATH.

    Tried in this order: the file that `PULUMI_CLI` names, `pulumi` on PATH, the one provided before, Pulumi's download,
    a build of its Go modules. What is downloaded or built lies under the user's cache folder, for every clone.

    Raises:
        LocalError: none of them works here.
    """
    provided = _chosen() or _on_path(console) or _provided(console)
    os.environ["PATH"] = f"{Path(provided.command).parent}{os.pathsep}{os.environ['PATH']}"
    console.step(f"Pulumi CLI {provided.version} ({provided.command})")
    return provided


def _version(command: str) -> VersionInfo | None:
    """Return the version of a CLI; none where it is missing or broken."""
    try:
        found = Path(command).stat()
    except OSError:
        return None
    return _said_version(command, found.st_mtime_ns, found.st_size)


@functools.cache
def _said_version(command: str, _written: int, _size: int) -> VersionInfo | None:
    environment = {**os.environ, "PULUMI_SKIP_UPDATE_CHECK": "true"}
    try:
        answer = subprocess.run([command, "version"], capture_output=True, text=True, env=environment, timeout=60)
        return VersionInfo.parse(answer.stdout.strip().removeprefix("v"))
    except (OSError, ValueError, subprocess.TimeoutExpired):
        return None


def _supported(command: str) -> Cli | None:
    """Return a CLI that can be used."""
    version = _version(command)
    return Cli(command, version) if version and _is_supported(version) else None


def _is_supported(version: VersionInfo) -> bool:
    return VersionInfo.parse(VERSION) <= version < VersionInfo(4)


def _chosen() -> Cli | None:
    chosen = os.environ.get("PULUMI_CLI")
    if not chosen:
        return None
    command = Path(chosen).absolute()
    version = _version(str(command))
    if version is None or command.name != "pulumi":
        raise LocalError(
            f"PULUMI_CLI names {chosen}, which is no Pulumi CLI called `pulumi`", "correct or unset PULUMI_CLI"
        )
    if not _is_supported(version):
        raise LocalError(
            f"PULUMI_CLI names {chosen}, which is {version}; {VERSION} or later is needed",
            "correct or unset PULUMI_CLI",
        )
    return Cli(str(command), version)


def _on_path(console: Console) -> Cli | None:
    found = shutil.which("pulumi")
    if found is None:
        return None
    found = str(Path(found).absolute())
    if usable := _supported(found):
        return usable
    said = _version(found) or "broken"
    console.step(f"The Pulumi CLI on PATH is {said}; {VERSION} or later is needed, so another is used")
    return None


def _provided(console: Console) -> Cli:
    """Return the CLI in the cache folder, providing it first where it is missing."""
    root = cache_folder()
    command = root / "bin" / "pulumi"
    if not _tried(root, command):
        if not _supported(str(command)):
            with _alone(root, console):
                # Another run may have provided it meanwhile; one that was cut off half-way is provided again.
                if not _supported(str(command)) and not _download(root, console):
                    _build(command, console)
        with contextlib.suppress(OSError):
            files.write(root / "tried", _mark(command))
    return Cli(str(command), VersionInfo.parse(VERSION))


def _tried(root: Path, command: Path) -> bool:
    """Tell whether this very file has been started before: to do so again costs more than a quarter of a second."""
    try:
        return (root / "tried").read_text() == _mark(command)
    except OSError:
        return False


def _mark(command: Path) -> str:
    found = command.stat()
    return f"{found.st_mtime_ns} {found.st_size}"


def cache_folder() -> Path:
    """Return where a provided CLI of this version lies."""
    base = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(base) / "container-platform" / f"pulumi-{VERSION}"


@contextlib.contextmanager
def _alone(root: Path, console: Console) -> Iterator[None]:
    """Keep two runs from providing the CLI at once."""
    root.mkdir(parents=True, exist_ok=True)
    with (root / "lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            console.step("Another run provides the Pulumi CLI; waiting for it")
            fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _download(root: Path, console: Console) -> bool:
    try:
        with urllib.request.urlopen("https://get.pulumi.com/", timeout=5) as answer:
            answer.read(1)
    except (OSError, urllib.error.URLError):
        console.step("No Pulumi CLI here, and get.pulumi.com cannot be reached")
        return False
    console.step(f"Downloading the Pulumi CLI {VERSION} from get.pulumi.com")
    try:
        PulumiCommand.install(root=str(root), version=VersionInfo.parse(VERSION))
    except Exception as error:
        reason = str(error).splitlines() or [type(error).__name__]
        console.step(f"The download failed ({reason[0]})")
        return False
    return True


def _build(command: Path, console: Console) -> None:
    _check_go()
    console.step(f"Building the Pulumi CLI {VERSION} from its Go modules: about five minutes, this once")
    command.parent.mkdir(parents=True, exist_ok=True)
    unfinished = command.with_suffix(".unfinished")
    log = command.parent.parent / "build.log"
    flags = f"-s -w -X github.com/pulumi/pulumi/sdk/v3/go/common/version.Version={VERSION}"
    # A larger heap and no debugging information save the compiler time, and no inlining in the many clients of clouds,
    # which hardly run; elsewhere it would cost the CLI a third of its time. The module's go.sum says what may be built.
    environment = {**os.environ, "GOGC": "400", "CGO_ENABLED": "0", "GOFLAGS": "-mod=readonly"}
    compiler = ["-gcflags", "all=-l -dwarf=false"]
    for packages in ("std", "golang.org/x/...", "google.golang.org/...", "github.com/pulumi/..."):
        compiler += ["-gcflags", f"{packages}=-dwarf=false"]
    options = ["-trimpath", *compiler, "-ldflags", flags]
    arguments = ["go", "build", *options, "-o", str(unfinished), _PACKAGE]
    with log.open("w") as output:
        process = subprocess.Popen(arguments, cwd=_MODULE, env=environment, stdout=output, stderr=subprocess.STDOUT)
        try:
            _watch(process, console)
        except BaseException:
            process.kill()
            raise
    if process.returncode != 0:
        raise LocalError(f"the Pulumi CLI cannot be built: {_reason(log)}", _remedy(log))
    unfinished.rename(command)


def _watch(process: "subprocess.Popen[bytes]", console: Console) -> None:
    began = time.monotonic()
    while True:
        try:
            process.wait(timeout=20)
        except subprocess.TimeoutExpired:
            console.line(f"  … building, {time.monotonic() - began:.0f} s")
        else:
            return


def _check_go() -> None:
    remedy = (
        f"install the Pulumi CLI {VERSION} or later (https://www.pulumi.com/docs/install/), or Go "
        f"{'.'.join(map(str, _GO))} or later so that it can be built here"
    )
    go = shutil.which("go")
    if go is None:
        raise LocalError("there is no Pulumi CLI, it cannot be downloaded here, and there is no Go to build it", remedy)
    answer = subprocess.run([go, "env", "GOVERSION"], capture_output=True, text=True).stdout
    found = re.match(r"go(\d+)\.(\d+)", answer)
    if not found or (int(found[1]), int(found[2])) < _GO:
        raise LocalError(f"the Go on PATH is {answer.strip() or 'broken'}: too old to build the Pulumi CLI", remedy)


def _reason(log: Path) -> str:
    lines = [line for line in log.read_text(errors="replace").splitlines() if line and "downloading" not in line]
    return lines[-1][:300] if lines else "go build said nothing"


def _remedy(log: Path) -> str:
    offline = re.search(
        r"dial tcp|no such host|connection refused|i/o timeout|Forbidden", log.read_text(errors="replace")
    )
    if offline:
        return f"let this machine reach a Go module proxy (go env GOPROXY) or install the Pulumi CLI; all of it: {log}"
    return f"all of it: {log}"
