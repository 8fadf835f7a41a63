"""Writes the findings of a run of the official CLI: `python -m policies.export --sarif F --junit F EVENT_LOG`.

The event log is what `PULUMI_DEBUG_COMMANDS=true pulumi preview --event-log FILE ...` writes: one event a line. The
exit code says whether there was something to write; whether the policies hold, the CLI's own exit code says.
"""

import json
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import click

from policies.catalog import PACKS
from policies.reports.findings import Finding, Kind, Run
from policies.reports.target import Target, UnwritableError, options


class NothingJudgedError(Exception):
    """The log holds no verdict; the message says why."""


def read(lines: Iterable[str], stack: str | None = None) -> Run:
    """What the policies said in the run that wrote these lines.

    :param stack: its name, for a run that broke off before it named a resource.
    :raises NothingJudgedError: the lines are no event log, no pack ran, or the run ended before its packs had judged.
    """
    findings: list[Finding] = []
    packs: dict[str, str] = {}
    seen: dict[str, str] = {}
    whole = False
    for number, line in enumerate(lines, start=1):
        event = _event(line, number)
        if said := event.get("policyEvent"):
            findings.append(_finding(said))
        if judged := event.get("policyAnalyzeSummaryEvent"):
            stack = stack or _stack(judged.get("resourceUrn", ""))
        if judged := judged or event.get("policyAnalyzeStackSummaryEvent"):
            for rule in (*(judged.get("passed") or ()), *(judged.get("failed") or ())):
                packs[rule] = judged["policyPackName"]
        whole = whole or "policyAnalyzeStackSummaryEvent" in event
    for rule, pack in packs.items():
        seen[rule] = dict(PACKS.get(pack, ())).get(rule, "mandatory")
    if not packs:
        raise NothingJudgedError("no policy pack judged anything: run it with --policy-pack policies/packs/all")
    if not whole and not any(finding.kind is Kind.VIOLATION for finding in findings):
        raise NothingJudgedError("the run stopped before its policies finished: its messages say why")
    if not stack:
        raise NothingJudgedError("the log names no stack: name it with --stack")
    return Run(stack=stack, origin="pulumi", rules=seen, findings=findings, whole=whole)


def _event(line: str, number: int) -> dict[str, Any]:
    try:
        event = json.loads(line)
    except json.JSONDecodeError:
        event = None
    if not isinstance(event, dict):
        raise NothingJudgedError(f"line {number} is not an event of the engine")
    return event


def _finding(said: dict[str, Any]) -> Finding:
    return Finding.parse(
        rule=said["policyName"],
        pack=said["policyPackName"],
        urn=said.get("resourceUrn") or "",
        message=said["message"],
        level=said["enforcementLevel"],
    )


def _stack(urn: str) -> str:
    parts = urn.split("::")[0].split(":")
    return parts[2] if urn.startswith("urn:pulumi:") and len(parts) > 2 else ""


def main(arguments: list[str] | None = None) -> int:
    """The command line. Returns the exit code."""
    try:
        return int(export.main(arguments, prog_name="python -m policies.export", standalone_mode=False))
    except click.ClickException as mistake:
        mistake.show()
        return mistake.exit_code


@click.command()
@options
@click.option("--stack", metavar="NAME", help="The stack's name.  [default: the one that the log names]")
@click.argument("log", type=Path, metavar="EVENT_LOG")
def export(log: Path, stack: str | None, findings: Target) -> int:
    """Write the findings of a run of the official CLI, from its event log."""
    try:
        findings.clear()
        with log.open(encoding="utf-8") as lines:
            findings.write(read((line for line in lines if line.strip()), stack))
    except NothingJudgedError as nothing:
        print(f"✗ {log}: {nothing}", file=sys.stderr)
        return 1
    except UnwritableError as problem:
        print(f"✗ {problem}", file=sys.stderr)
        return 1
    except (OSError, UnicodeDecodeError) as problem:
        print(f"✗ {log} cannot be read: {problem}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
