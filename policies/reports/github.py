"""Findings as GitHub Actions shows them: annotations of the run, and a summary of the job."""

import html

from policies.catalog import RULES
from policies.reports.findings import Finding, Kind, Run

_COMMANDS = {Kind.VIOLATION: "error", Kind.WARNING: "warning"}
_SIGNS = {Kind.VIOLATION: "❌", Kind.WARNING: "⚠️", Kind.UNDECIDED: "❔", Kind.EXEMPTED: "✋"}
_NOUNS = {
    Kind.VIOLATION: "violation", Kind.WARNING: "warning", Kind.UNDECIDED: "undecided", Kind.EXEMPTED: "exempted",
}  # fmt: skip


def annotations(run: Run) -> str:
    """Workflow commands for what somebody must mend. GitHub shows ten errors and ten warnings of a step."""
    told = [finding for finding in run.findings if finding.kind in _COMMANDS]
    return "".join(
        f"::{_COMMANDS[finding.kind]} file={_property(run.file)},line=1,title={_property(finding.rule)}::"
        f"{_data(finding.message)}\n"
        for finding in told
    )


def summary(run: Run) -> str:
    """Markdown: how the rules stand, and every finding."""
    names = list(run.names())
    silent = sum(not run.of(name) and not run.unjudged(name) for name in names)
    counts = [f"{run.count(kind)} {_plural(kind, run.count(kind))}" for kind in Kind if run.count(kind)]
    lines = [f"### Policies: stack {run.stack}", "", ", ".join([f"{silent} of {len(names)} rules kept", *counts]) + "."]
    if not run.whole:
        lines += ["", "The run stopped before relations between resources were judged."]
    if run.findings:
        lines += ["", "| | rule | resource | finding |", "|---|---|---|---|"]
        lines += [_row(finding) for kind in Kind for finding in run.findings if finding.kind is kind]
    return "\n".join(lines) + "\n\n"


def _row(finding: Finding) -> str:
    rule = RULES.get(finding.rule)
    name = f"[{finding.rule}]({rule.url})" if rule else _cell(finding.rule)
    message = f"Exempted {finding.exemption}: {finding.message}" if finding.exemption else finding.message
    sign = f"{_SIGNS[finding.kind]} {finding.kind.value}"
    return f"| {sign} | {name} | {_cell(finding.resource)} | {_cell(message)} |"


def _plural(kind: Kind, number: int) -> str:
    return _NOUNS[kind] + ("s" if number != 1 and kind in _COMMANDS else "")


def _cell(text: str) -> str:
    """Text that is no markup: a resource's name and a property's value are whatever the program says."""
    escaped = html.escape(text, quote=False)
    for mark in "\\`*_[]|~":
        escaped = escaped.replace(mark, f"&#{ord(mark)};")
    return "<br>".join(escaped.splitlines())


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
