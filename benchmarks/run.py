"""What a run of the local engine is made of, in seconds of processor time.

A process runs the verb twice: what the first time takes more is the reading of modules. A run without policy packs
shows what those take. Run it with `make benchmark`.
"""

import argparse
import contextlib
import gc
import io
import json
import os
import platform as machine
import resource
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Final
from unittest import mock

from benchmarks import page
from local import cli
from local.console import Console

ROOT: Final = Path(__file__).resolve().parents[1]
BEGIN, END = "<!-- run: begin -->", "<!-- run: end -->"
VERBS: Final = ("up", "preview")
PARTS: Final = {
    "modules": "reading Python modules, most of them of pulumi_aws",
    "program": "the program and its driver",
    "standin": "the stand-in for AWS",
    "starts": "starting the CLI",
    "engine": "the engine",
    "packs": "the policy pack",
    "whole": "all of it",
}

Parts = dict[str, float]


def main(arguments: Sequence[str] | None = None) -> int:
    """The command line. Returns the exit code."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.run", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--home", type=Path, default=ROOT / ".local" / "benchmarks" / "run")
    parser.add_argument("--measure", choices=VERBS, help=argparse.SUPPRESS)
    options = parser.parse_args(arguments)
    if options.measure:
        print(json.dumps(_measure(options.measure, options.home)))
        return 0
    console = Console()
    console.step("Bringing the stack up")
    _local("up", options.home)
    rounds: dict[str, list[Parts]] = {verb: [] for verb in VERBS}
    for number in range(options.runs):
        console.step(f"Run {number + 1} of {options.runs}")
        for verb in VERBS:
            rounds[verb].append(_parts(verb, options.home))
    text = _table(rounds)
    print(text)
    page.write(BEGIN, END, text)
    return 0


def _parts(verb: str, home: Path) -> Parts:
    """Measure one verb on a stack that is up, in a process of its own."""
    command = [sys.executable, "-m", "benchmarks.run", "--measure", verb, "--home", str(home)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    parts: Parts = json.loads(done.stdout)
    before = _children()
    _local(verb, home)
    return {**parts, "whole": _children() - before}


def _local(verb: str, home: Path) -> None:
    """Run a verb as `make` does."""
    command = [sys.executable, "-m", "local", verb, "--home", str(home)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)


def _measure(verb: str, home: Path) -> Parts:
    gc.set_threshold(1_000_000)  # as `python -m local` does
    first, again, without = _run(verb, home), _run(verb, home), _run(verb, home, packs=False)
    with contextlib.redirect_stdout(io.StringIO()):
        command = cli.provide(Console()).command
    before = _children()
    subprocess.run([command, "version"], check=True, capture_output=True)
    starts = _children() - before
    return {
        "modules": first["own"] - again["own"],
        "program": again["own"] - again["standin"],
        "standin": again["standin"],
        "starts": starts,
        "engine": without["children"] - starts,
        "packs": again["children"] - without["children"],
    }


def _run(verb: str, home: Path, *, packs: bool = True) -> Parts:
    """Run a verb inside this process."""
    own, children, threads = time.process_time(), _children(), Parts()
    from local import engine
    from local.__main__ import main as local

    serve = vars(engine)["serve"]

    @contextlib.contextmanager
    def watched(*given: Any, **named: Any) -> Iterator[Any]:
        with serve(*given, **named) as providers:
            yield providers
            threads["standin"] = _of_threads("stand-in")

    patches: list[Any] = [mock.patch.object(engine, "serve", watched)]
    if not packs:
        patches.append(mock.patch.object(engine.Engine, "_what", return_value={}))
        patches.append(mock.patch.object(engine.Engine, "_require_packs"))
    printed = io.StringIO()
    with contextlib.ExitStack() as stack:
        for patch in patches:
            stack.enter_context(patch)
        with contextlib.redirect_stdout(printed):
            status = local([verb, "--home", str(home)])
    if status:
        sys.exit(printed.getvalue())
    return {"own": time.process_time() - own, "children": _children() - children, **threads}


def _of_threads(name: str) -> float:
    """Return the processor time of the threads of a name that are still there."""
    clocks = [
        time.pthread_getcpuclockid(thread.ident)
        for thread in threading.enumerate()
        if name in thread.name and thread.ident
    ]
    return sum(time.clock_gettime(clock) for clock in clocks)


def _children() -> float:
    """Seconds of all finished children and of theirs."""
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


def _table(rounds: dict[str, list[Parts]]) -> str:
    def cell(verb: str, part: str) -> str:
        return f"{statistics.median(parts[part] for parts in rounds[verb]):.1f} s"

    count = len(rounds[VERBS[0]])
    conditions = f"median of {count} runs, {os.cpu_count()} cores, Python {machine.python_version()}"
    return "\n".join(
        [
            f"A dev stack that is up and does not change, {conditions}:",
            "",
            "| processor time of | `make up` | `make preview` |",
            "|---|---|---|",
            *(f"| {text} | {' | '.join(cell(verb, part) for verb in VERBS)} |" for part, text in PARTS.items()),
        ]
    )


if __name__ == "__main__":
    sys.exit(main())
