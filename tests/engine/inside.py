"""`python -m local` inside this process: what a process of its own would have, and nothing of it left afterwards.

To start Python and to read pulumi_aws costs seconds, and a story has dozens of runs. Two things are left out, of which
no test asks: the engine writes the state at the end only (what is to be killed is a process of its own, and writes it
after each step), and no resource says on which line of the program it stands.
"""

import contextlib
import io
import os
import signal
import subprocess
import sys
import warnings
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import ModuleType

from pulumi.runtime import resource
from pulumi.runtime.proto import source_pb2

from local.__main__ import main

ROOT = Path(__file__).parents[2]
LIMIT = 300
"""Seconds that a run may take."""

QUICK = {"PULUMI_SKIP_CHECKPOINTS": "true"}


def run(
    arguments: list[str], folder: Path, environment: Mapping[str, str] | None = None
) -> "subprocess.CompletedProcess[str]":
    """Run `python -m local` in a folder, as `subprocess.run` would."""
    out, err = io.StringIO(), io.StringIO()
    with (
        _apart(folder, {**QUICK, **(environment or {})}),
        contextlib.redirect_stdout(out),
        contextlib.redirect_stderr(err),
        _limit(),
    ):
        try:
            status = main(arguments)
        except SystemExit as ended:
            status = ended.code if isinstance(ended.code, int) else 1
    return subprocess.CompletedProcess(["local", *arguments], status, out.getvalue(), err.getvalue())


@contextlib.contextmanager
def _apart(folder: Path, environment: Mapping[str, str]) -> Iterator[None]:
    """Give a block a folder, an environment and modules of its own, and put everything back as it was."""
    before, path, here, hook = dict(os.environ), [*sys.path], Path.cwd(), sys.unraisablehook
    modules = sys.modules.copy()
    trace, resource._get_stack_trace = resource._get_stack_trace, source_pb2.StackTrace
    os.environ.update(environment)
    sys.path[:0] = [part for part in environment.get("PYTHONPATH", "").split(os.pathsep) if part]
    os.chdir(folder)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # the unit lane is where they are errors
            yield
    finally:
        os.chdir(here)
        resource._get_stack_trace = trace
        sys.path[:], sys.unraisablehook = path, hook
        for name, module in sys.modules.copy().items():
            if name not in modules and not _shared(name, module):
                del sys.modules[name]
        sys.modules.update(modules)
        os.environ.clear()
        os.environ.update(before)


def _shared(name: str, module: ModuleType) -> bool:
    """Tell whether a module is the same for all: Python's own, an installed one, or one of this project itself."""
    places = [getattr(module, "__file__", None) or "", *getattr(module, "__path__", ())]
    return (
        name.partition(".")[0] in sys.stdlib_module_names
        or not any(places)
        or any("site-packages" in place or place.startswith(f"{ROOT}/") for place in places)
    )


@contextlib.contextmanager
def _limit() -> Iterator[None]:
    def stop(number: int, frame: object) -> None:
        raise TimeoutError(f"it took more than {LIMIT} seconds")

    before = signal.signal(signal.SIGALRM, stop)
    signal.alarm(LIMIT)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)
