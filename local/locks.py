"""One run at a time for each stack, also after a run that was killed."""

import fcntl
import json
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from pulumi.automation import Deployment, Stack

from .console import Console
from .errors import LocalError

_PATIENCE: Final = 20.0


@contextmanager
def exclusive(folder: Path, stack: str, console: Console, *, wait: bool = False) -> Iterator[None]:
    """Hold a stack for this process; the system lets go of it when the process ends, however it ends.

    Raises:
        LocalError: another run holds it, and this one shall not wait.
    """
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "lock").open("a+") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            lock.seek(0)
            holder = lock.read().strip() or "unknown"
            if not wait:
                raise LocalError(
                    f"another run has the stack {stack} (process {holder}); nothing was changed",
                    f"wait until it ends (--wait does), or stop it with: kill -INT {holder.split(',')[0]}",
                ) from None
            console.step(f"Another run has the stack {stack}; waiting for process {holder}")
            fcntl.flock(lock, fcntl.LOCK_EX)
        lock.truncate(0)
        lock.write(f"{os.getpid()}, since {time.strftime('%H:%M:%S')}")
        lock.flush()
        yield


def repair(stack: Stack, backend: Path, console: Console) -> None:
    """Undo what a run that was killed left behind: Pulumi's own lock, and operations that it never finished.

    Everything that the stand-in made is in the stack's state and nowhere else. So an operation without a result has
    had none, and forgetting it is right here. On AWS it would not be.
    """
    project = stack.workspace.project_settings().name
    for file in (backend / ".pulumi" / "locks").glob(f"organization/{project}/{stack.name}/*.json"):
        _wait_for(file)
        console.step(f"A run of {stack.name} was killed: releasing its lock")
        stack.cancel()
    exported = stack.export_stack()
    state = dict(exported.deployment or {})
    if pending := state.pop("pending_operations", None):
        console.step(f"A run of {stack.name} was killed: forgetting what it did not finish ({len(pending)})")
        stack.import_stack(Deployment(version=exported.version, deployment=state))


def _wait_for(lock: Path) -> None:
    """Give the engine of a killed run, which ends by itself once its program is gone, time to do so."""
    try:
        pid = int(json.loads(lock.read_text())["pid"])
    except (FileNotFoundError, ValueError, KeyError, TypeError):
        return  # given back meanwhile, or its engine died while writing it
    deadline = time.monotonic() + _PATIENCE
    while lock.exists() and _alive(pid):
        if time.monotonic() > deadline:
            raise LocalError(
                f"the Pulumi engine of an earlier run is still at work (process {pid})",
                f"wait until it ends, or stop it with: kill -INT {pid}",
            )
        time.sleep(0.5)


def _alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return "Z" not in _status(pid)


def _status(pid: int) -> str:
    """Return the state letter of a process where the system tells it: a zombie is no longer at work."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return ""
