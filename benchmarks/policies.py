"""How long the three packs take for 1,000 resources, beside Checkov on the same resources.

Both read files: the packs a state, through `pulumi policy analyze`, Checkov CloudFormation templates. A pack that
judges nothing shows what the engine itself takes. They run in turn, several times; what counts is the ratio of each
pair. Run it with `make benchmark`.
"""

import argparse
import json
import os
import platform as machine
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Final, NamedTuple

from benchmarks import page, platform
from local import cli
from local.console import Console
from policies.catalog import PACKS

ROOT: Final = Path(__file__).resolve().parents[1]
BEGIN, END = "<!-- policies: begin -->", "<!-- policies: end -->"
THEMES: Final = tuple(pack for pack in PACKS if pack != "all")
# What the packs' rules demand, where Checkov has it for CloudFormation.
EQUIVALENT: Final = (
    *("CKV_AWS_163", "CKV_AWS_51", "CKV_AWS_333", "CKV_AWS_24", "CKV_AWS_25", "CKV_AWS_260", "CKV_AWS_60"),
    *("CKV_AWS_61", "CKV_AWS_62", "CKV_AWS_63", "CKV_AWS_107", "CKV_AWS_108", "CKV_AWS_109", "CKV_AWS_110"),
    "CKV_AWS_111",
)


class Run(NamedTuple):
    """One run of one tool.

    :ivar seconds: wall time.
    :ivar processor: user and system time of all its processes, which other load on the machine changes less.
    :ivar findings: how many violations it reported.
    """

    seconds: float
    processor: float
    findings: int


def main(arguments: Sequence[str] | None = None) -> int:
    """The command line. Returns the exit code."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.policies", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--resources", type=int, default=1000)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--work", type=Path, default=ROOT / ".local" / "benchmarks")
    options = parser.parse_args(arguments)
    console = Console()
    cli.provide(console)
    work: Path = options.work / "policies"
    (work / "templates").mkdir(parents=True, exist_ok=True)
    items = platform.platform(options.resources)
    state = work / "state.json"
    state.write_text(json.dumps(platform.state(items)))
    for name, template in platform.templates(items).items():
        (work / "templates" / name).write_text(template)
    first = work / "first"  # one resource, which shows what each tool takes to start
    (first / "templates").mkdir(parents=True, exist_ok=True)
    (first / "state.json").write_text(json.dumps(platform.state(items[:1])))
    for name, template in platform.templates(items[:1]).items():
        (first / "templates" / name).write_text(template)
    idle = _idle_pack(work / "idle")
    checkov = install_checkov(options.work / "checkov", console)
    rounds: list[tuple[Run, ...]] = []
    for number in range(options.runs + 1):
        console.step(f"Run {number} of {options.runs}" if number else "Warming up")
        runs = (
            _packs(state, work, [ROOT / "policies" / "packs" / "all"]),
            _packs(first / "state.json", work, [idle]),
            _packs(state, work, [idle]),
            _packs(state, work, [ROOT / "policies" / "packs" / pack for pack in THEMES]),
            _run_checkov(checkov, work, EQUIVALENT),
            _run_checkov(checkov, work, ()),
            _run_checkov(checkov, first, EQUIVALENT),
        )
        if number:
            rounds.append(runs)
    faults = platform.faulty_services(items) * platform.FAULTS
    text = _table(rounds, len(items), faults)
    print(text)
    page.write(BEGIN, END, text)
    missed = [run for runs in rounds for run in (runs[0], runs[3]) if run.findings < faults]
    if missed:
        print(f"✗ the packs found {missed[0].findings} of {faults} faults", file=sys.stderr)
    return 1 if missed else 0


def install_checkov(folder: Path, console: Console) -> Path:
    """Checkov in an environment of its own, installed if it is not there."""
    command = folder / "bin" / "checkov"
    if not command.exists():
        console.step("Installing Checkov into an environment of its own: a minute or two")
        subprocess.run([sys.executable, "-m", "venv", str(folder)], check=True)
        requirements = Path(__file__).with_name("checkov-requirements.txt")
        pip = [
            str(folder / "bin" / "pip"),
            "install",
            "--quiet",
            "--disable-pip-version-check",
            "-r",
            str(requirements),
        ]
        subprocess.run(pip, check=True)
    return command


def _idle_pack(folder: Path) -> Path:
    """A pack as this repository's, with nothing to judge: what is left is the engine's work and the SDK's start."""
    folder.mkdir(exist_ok=True)
    project = f"runtime:\n  name: python\n  options:\n    virtualenv: {sys.prefix}\nversion: 0.1.0\n"
    (folder / "PulumiPolicy.yaml").write_text(project)
    program = f"""
import sys

sys.path.insert(0, {str(ROOT)!r})

from policies import pack
from policies.framework import Rule, Severity

idle = Rule(
    name="idle", title="Idle", description="Nothing.", severity=Severity.LOW, packs=("idle",),
    controls=(), remedy="nothing", url="https://docs.aws.amazon.com/", types=("none:none:None",),
    check=lambda resource, report: None,
)
pack.RULES, pack.PACKS = {{"idle": idle}}, {{"idle": (("idle", "mandatory"),)}}
pack.build_pack("idle")
"""
    (folder / "__main__.py").write_text(program)
    return folder


def _packs(state: Path, work: Path, packs: Sequence[Path]) -> Run:
    shim = work / "bin" / "pulumi-analyzer-policy-python"
    shim.parent.mkdir(exist_ok=True)
    shim.write_text(f'#!/bin/sh\nexec "{sys.executable}" -u -m pulumi.policy "$1" "$2"\n')
    shim.chmod(0o755)
    environment = {
        **os.environ,
        "PATH": f"{shim.parent}{os.pathsep}{os.environ['PATH']}",
        "PULUMI_HOME": str(work / "home"),
        "PULUMI_SKIP_UPDATE_CHECK": "true",
        "PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION": "true",
    }
    command = ["pulumi", "policy", "analyze", "--file", str(state), "--color", "never"]
    for pack in packs:
        command += ["--policy-pack", str(pack)]
    began, used = time.monotonic(), _processor()
    done = subprocess.run(command, env=environment, cwd=work, capture_output=True, text=True, check=False)
    seconds, processor = time.monotonic() - began, _processor() - used
    if "Policies:" not in done.stdout:
        sys.exit(f"the packs did not run: {done.stdout[-500:]}{done.stderr[-500:]}")
    return Run(seconds, processor, done.stdout.count("[mandatory]"))


def _run_checkov(command: Path, work: Path, checks: Sequence[str]) -> Run:
    arguments = [str(command), "--directory", str(work / "templates"), "--framework", "cloudformation"]
    arguments += ["--output", "json", "--quiet", "--compact", "--soft-fail", "--skip-download"]
    if checks:
        arguments += ["--check", ",".join(checks)]
    began, used = time.monotonic(), _processor()
    done = subprocess.run(arguments, cwd=work, capture_output=True, text=True, check=False)
    seconds, processor = time.monotonic() - began, _processor() - used
    try:
        report = json.loads(done.stdout)
    except json.JSONDecodeError:
        sys.exit(f"Checkov did not run: {done.stdout[-500:]}{done.stderr[-500:]}")
    return Run(seconds, processor, int(report.get("summary", report)["failed"]))  # without a result it has no summary


def _processor() -> float:
    """Seconds of all finished children and of theirs."""
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


def _table(rounds: Sequence[tuple[Run, ...]], resources: int, faults: int) -> str:
    whole, start, idle, themes, equivalent, everything, peers_start = zip(*rounds, strict=True)
    after = [
        Run(run.seconds - began.seconds, run.processor - began.processor, run.findings)
        for run, began in zip(whole, start, strict=True)
    ]

    def ratio(mine: Sequence[Run], others: Sequence[Run], column: str) -> str:
        pairs = zip(mine, others, strict=True)
        return f"{statistics.median(getattr(one, column) / getattr(other, column) for one, other in pairs):.2f}"

    def row(name: str, runs: Sequence[Run], *peers: Sequence[Run]) -> str:
        cells = [name]
        for column in ("seconds", "processor"):
            cells.append(f"{statistics.median(getattr(run, column) for run in runs):.1f} s")
            cells += [ratio(runs, peer, column) for peer in peers] or ["", ""]
        return f"| {' | '.join([*cells, str(runs[0].findings)])} |"

    peers = "| to Checkov's equivalent checks | to all its checks "
    conditions = f"median of {len(rounds)} runs in turn, {os.cpu_count()} cores, Python {machine.python_version()}"
    return "\n".join(
        [
            f"{resources} resources with {faults} planted faults, {conditions}:",
            "",
            f"| | time {peers}| processor time {peers}| findings |",
            "|---|---|---|---|---|---|---|---|",
            row("pack `all`", whole, equivalent, everything),
            row(
                "of that, the start of engine and SDK (a pack without rules, one resource)",
                start,
                equivalent,
                everything,
            ),
            row("pack `all` after that start", after, equivalent, everything),
            row("a pack of the same start that judges nothing", idle, equivalent, everything),
            row(f"packs {', '.join(f'`{pack}`' for pack in THEMES)} side by side", themes, equivalent, everything),
            row(f"Checkov, {len(EQUIVALENT)} equivalent checks", equivalent),
            row("Checkov, all its CloudFormation checks", everything),
            row("of Checkov's, its own start (one resource)", peers_start),
        ]
    )


if __name__ == "__main__":
    sys.exit(main())
