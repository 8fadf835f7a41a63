"""The verbs: preview, up, refresh, outputs and down of one stack on the real Pulumi engine."""

import contextlib
import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final, TextIO, TypeVar

import pulumi
from pulumi.automation import CommandError, EngineEvent, LocalWorkspace, OutputMap, Stack
from pulumi.automation._stack import StackInitMode
from pulumi.automation.errors import StackNotFoundError

import policies
from policies.reports.target import Target
from release.errors import ReleaseError
from release.project import Stack as StackFile
from release.targets import targets

from . import cli, judge, locks, report, state
from .console import Console, Progress
from .errors import LocalError
from .program import Program, undebugged
from .report import Recorder
from .standin import serve
from .standin.memory import Memory
from .workspace import FolderStack, Paths, open_workspace, prepare

_Result = TypeVar("_Result")
_PREVIEW: Final = f"Preview with the policy pack {report.PACK}"

DISCLAIMER: Final = (
    "This ran on the local stand-in for AWS: engine, program and policies are real, no AWS is behind them,\n"
    "and nothing was made in any AWS account."
)


class PreviewThenUpdate:
    """Takes the events of an `up`, which come in two streams, each with a last one."""

    def __init__(self, console: Console, progress: Progress) -> None:
        self.console = console
        self.progress = progress
        self.preview = Recorder(console, tell=False, preview=True, advance=progress.advance)
        self.update = Recorder(console, tell=True, preview=False, advance=progress.advance)
        self.current = self.preview
        self._previewed = False

    def __call__(self, event: EngineEvent) -> None:
        """Take one event of the engine, which begins an update after a preview without violations only."""
        if self._previewed and self.current is self.preview:
            self.current = self.update
            self.console.line(f"  {self.preview.summary()}; policies kept")
            self.progress.begin("Update", self.preview.changes())
        self._previewed = self._previewed or event.cancel_event is not None
        self.current(event)


class Engine:
    """One stack on this machine."""

    def __init__(
        self,
        paths: Paths,
        console: Console,
        *,
        wait: bool = False,
        service: str | None = None,
        findings: Target | None = None,
    ) -> None:
        self.paths = paths
        self.console = console
        self.wait = wait
        self.service = service
        self.findings = findings or Target()
        self.program = Program(paths.root)
        self.interrupted = False
        self._log: TextIO | None = None

    def preview(self) -> None:
        """Show what `up` would do, and the policies' verdicts."""
        judge.judge(self.paths)
        with self._session() as stack:
            with self.console.progress() as progress:
                progress.begin(_PREVIEW)
                recorder = Recorder(self.console, tell=True, preview=True, advance=progress.advance)
                self._run(recorder, lambda: stack.preview(**self._what(), **self._listeners(recorder)))
            self._require_packs(recorder)
            self.console.line(f"  {recorder.summary()}; policies kept")
            report.verdicts(self.console, recorder.findings)
            self._export(recorder)
            self.console.heading(f"Preview: {recorder.summary()} ({self.console.elapsed()})")
            self.console.line(DISCLAIMER)

    def up(self) -> None:
        """Bring the stack up; nothing is made where the preview breaks a mandatory policy."""
        judge.judge(self.paths)
        with self._session() as stack:
            with self.console.progress() as progress:
                progress.begin(_PREVIEW)
                both = PreviewThenUpdate(self.console, progress)
                self.program.before = lambda: self._before_update(both.preview)
                done = self._run(both, lambda: stack.up(**self._what(), **self._listeners(both)))
            self._show(both.update, done.outputs)
            self._export(both.update)
            self.console.heading(f"Up: {both.update.summary()} ({self.console.elapsed()})")
            self.console.line(DISCLAIMER)

    def refresh(self) -> None:
        """Read every resource again and take what differs into the state.

        Raises:
            LocalError: the stack is not up.
        """
        with self._session(must_exist=True) as stack:
            if stack is None:
                raise self._not_up()
            with self.console.progress() as progress:
                progress.begin("Refresh")
                recorder = Recorder(self.console, tell=True, preview=False, advance=progress.advance)
                self._run(recorder, lambda: stack.refresh(**self._listeners(recorder)))
            self.console.heading(f"Refresh: {recorder.summary()}")

    def outputs(self, *, as_json: bool) -> None:
        """Show the outputs of the stack as it is.

        Raises:
            LocalError: the stack is not up.
        """
        file = self.paths.stack_state
        with self._readable():
            if file.exists() and state.copy_of(file):
                raise LocalError(
                    f"the state of {self.paths.stack} was cut off, as by a full disk",
                    f"make up {self.paths.choice} goes on from its copy",
                )
            values = state.outputs(state.read(file)) if file.exists() else {}
        if not values:
            raise self._not_up()
        if as_json:
            shown = {name: output.value for name, output in values.items()}
            Console().line(json.dumps(shown, indent=2, sort_keys=True))
        else:
            report.outputs(self.console, values, self._next_step)

    def down(self) -> None:
        """Take the stack down and forget it."""
        with self._session(must_exist=True) as stack:
            if stack is not None:
                with self.console.progress() as progress:
                    progress.begin("Destroy")
                    recorder = Recorder(self.console, tell=True, preview=False, advance=progress.advance)
                    self._run(recorder, lambda: stack.destroy(**self._listeners(recorder)))
                self.console.heading(f"Down: {recorder.summary()}; nothing is left of {self.paths.stack}")
            else:
                self.console.line(f"The stack {self.paths.stack} is not up: nothing to do.")

    # What the verbs share

    def _not_up(self) -> LocalError:
        return LocalError(f"the stack {self.paths.stack} is not up", f"make up {self.paths.choice}")

    @contextmanager
    def _session(self, *, must_exist: bool = False) -> Iterator[Any]:
        """Open the stack for this process alone, with the stand-in running, repaired if an earlier run was killed."""
        # The engine must have no way to a real account.
        for name in [name for name in os.environ if name.startswith("AWS_")]:
            del os.environ[name]
        console = self.console
        with (
            locks.exclusive(self.paths.work, self.paths.stack, console, wait=self.wait),
            self.paths.log.open("w", encoding="utf-8") as log,
            serve(self.paths.memory, self.paths.state) as providers,
        ):
            # What the program asks AWS itself, as of a migration's task, is asked of the stand-in.
            os.environ |= {**providers.calls, **_past_proxies()}
            self._log = log
            Memory(self.paths.memory).check()
            provided = cli.provide(console)
            console.step(f"Stack {self.paths.stack}: state in {os.path.relpath(self.paths.state)}")
            prepare(self.paths, console)
            command = cli.WholeCli(provided)
            workspace = open_workspace(self.paths, command, self.program, providers.environment)
            stack = self._open(workspace, console, must_exist=must_exist)
            with self._interruptible():
                yield stack

    def _open(self, workspace: LocalWorkspace, console: Console, *, must_exist: bool) -> Stack | None:
        """Return the stack, repaired if an earlier run was killed; None where it must exist and does not."""
        with self._readable():
            if copy := state.restore(self.paths.stack_state):
                console.step(f"The state of {self.paths.stack} was cut off: going on from its copy {copy.name}")
            mode = StackInitMode.SELECT if must_exist else StackInitMode.CREATE_OR_SELECT
            try:
                stack = FolderStack(self.paths.stack, workspace, mode)
            except StackNotFoundError:
                return None
            locks.repair(stack, self.paths.state, console)
        return stack

    @contextmanager
    def _readable(self) -> Iterator[None]:
        """Say what to do where the state is broken."""
        try:
            yield
        except (CommandError, state.UnreadableError) as error:
            self._write(str(error))
            reason = _last_line(error) if isinstance(error, CommandError) else str(error)
            folder = self.paths.state / ".pulumi"
            raise LocalError(
                f"the stack's state cannot be read: {reason}",
                f"put back a copy from {folder / 'backups'} into {folder / 'stacks'}, or begin anew with: make clean",
            ) from None

    def _before_update(self, previewed: Recorder) -> None:
        """Begin an update only after packs have judged its preview, and not where the user has stopped the run."""
        if pulumi.runtime.is_dry_run():
            return
        if self.interrupted:  # the engine itself takes no notice between the two
            raise LocalError("stopped before the update; nothing was changed")
        self._require_packs(previewed)

    def _require_packs(self, recorder: Recorder) -> None:
        if report.PACK not in " ".join(recorder.packs):
            raise LocalError("the engine ran no policy pack", f"see {self.paths.log}")

    def _export(self, recorder: Recorder) -> None:
        """Write what the policies said, where and in which forms the command line asks for."""
        self.findings.write(report.run(self.paths.stack, recorder))

    def _what(self) -> dict[str, Any]:
        """Return what `preview` and `up` are about: everything, or one service, and the packs that judge it."""
        pack = Path(policies.__file__).parent / "packs" / report.PACK
        config = policies.config_file(self.paths.root, self.paths.stack)
        judged: dict[str, Any] = {
            "policy_packs": [self._for_a_flag(pack)],
            **({"policy_pack_configs": [self._for_a_flag(config)]} if config else {}),
        }
        if self.service is None:
            return judged
        try:
            found = StackFile.read(self.paths.work, self.paths.stack).target(self.service, pinned=True)
        except ReleaseError as error:
            raise LocalError(str(error)) from None
        return {**judged, "target": targets(found)}

    def _for_a_flag(self, path: Path) -> str:
        """Return a path as seen from the work folder: the CLI splits it at commas and quotes of a clone's name."""
        return os.path.relpath(path, self.paths.work)

    def _listeners(self, recorder: "Recorder | PreviewThenUpdate") -> dict[str, Any]:
        return {"on_event": recorder, "on_output": self._write, "on_error": self._write, "color": "never"}

    def _write(self, text: str) -> None:
        if self._log is not None and not self._log.closed:
            # Where the disk is full, the run must not wait for ever for whoever reads what the engine says.
            with contextlib.suppress(OSError):
                self._log.write(f"{text}\n")

    def _run(self, listener: "Recorder | PreviewThenUpdate", operation: Callable[[], _Result]) -> _Result:
        """Run one operation of the engine, and turn its failure into what a user must know.

        Raises:
            LocalError: it failed.
        """
        try:
            with undebugged():
                return operation()
        except CommandError as error:
            self._write(f"{self.program.trace}\n{error}")
            if self.interrupted:
                raise KeyboardInterrupt from None
            if self.program.failure:
                raise LocalError(self.paths.named(self.program.failure)) from None
            recorder = listener if isinstance(listener, Recorder) else listener.current
            if broken := recorder.violations():
                report.verdicts(self.console, recorder.findings)
                self._export(recorder)
                nothing = "nothing was made or changed" if recorder.preview else "what it concerns was not made"
                raise LocalError(
                    f"{len(broken)} mandatory polic{'y is' if len(broken) == 1 else 'ies are'} broken; {nothing}",
                    "follow the remedies above, or exempt a finding in the pack's configuration",
                ) from None
            reason = "\n".join(dict.fromkeys(map(self.program.in_plain_words, recorder.causes()))) or _last_line(error)
            raise LocalError(reason, f"everything that the engine said: {self.paths.log}") from None

    def _show(self, recorder: Recorder, values: OutputMap) -> None:
        report.tree(self.console, state.resources(state.read(self.paths.stack_state)))
        report.verdicts(self.console, recorder.findings)
        report.outputs(self.console, values, self._next_step)

    def _next_step(self, service: str) -> str:
        """Return the command that lets a service run here, where every digest is taken to exist."""
        if self.paths.given:
            return ""  # the release commands know the project's own stacks only
        stack = self.paths.stack
        digest = "sha256:$(printf %064d 1)"
        command = f".venv/bin/python -m local release set {service} {digest} --stack {stack} && make up STACK={stack}"
        return f"# Here, without a registry, any digest will do:\n{command}\n"

    @contextmanager
    def _interruptible(self) -> Iterator[None]:
        """Let the engine finish what it began when the user stops the run, and end it at once the second time."""

        def stop(number: int, _frame: object) -> None:
            if self.interrupted:
                os._exit(130)
            self.interrupted = True
            self.console.line("Stopping: the engine finishes what it began. Once more ends it at once.")
            if number == signal.SIGTERM or not _is_foreground():
                subprocess.run(["pkill", "-INT", "-P", str(os.getpid()), "pulumi"], check=False)

        before = [(number, signal.signal(number, stop)) for number in (signal.SIGINT, signal.SIGTERM)]
        try:
            yield
        finally:
            for number, handler in before:
                signal.signal(number, handler)


def _past_proxies() -> dict[str, str]:
    """Return what keeps calls to this machine away from a proxy."""
    return {name: ",".join(filter(None, (os.environ.get(name), "127.0.0.1"))) for name in ("NO_PROXY", "no_proxy")}


def _is_foreground() -> bool:
    """Tell whether a terminal sent the signal to the engine as well."""
    try:
        return os.getpgrp() == os.tcgetpgrp(sys.stdin.fileno())
    except (OSError, ValueError):
        return False


def _last_line(error: CommandError) -> str:
    lines = [line.strip() for line in str(error).splitlines() if line.strip().startswith("error:")]
    return lines[-1].removeprefix("error:").strip() if lines else str(error).strip().splitlines()[-1]
