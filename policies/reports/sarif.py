"""Findings as SARIF 2.1.0, the subset that GitHub's code scanning reads.

Code scanning takes the level of a finding from `level`, unless a rule has a `security-severity`, which would show an
exempted or undecided finding as badly as a violation: so no rule has one, and its severity is a tag.
"""

import hashlib
from typing import Any

from policies.catalog import RULES
from policies.reports.findings import Finding, Kind, Run

_LEVELS = {Kind.VIOLATION: "error", Kind.WARNING: "warning", Kind.UNDECIDED: "note", Kind.EXEMPTED: "note"}


def document(run: Run) -> dict[str, Any]:
    """The run's findings, and the rules that judged."""
    names = list(run.names())
    return {
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [
            {
                "tool": {
                    "driver": {
                        "name": "container-platform policies",
                        "rules": [_rule(name, run.rules.get(name, "mandatory")) for name in names],
                    }
                },
                # The category, which tells the stacks of one commit apart; it ends with a slash.
                "automationDetails": {"id": f"policies/{run.stack}/{run.origin}/"},
                "invocations": [{"executionSuccessful": True}],
                "columnKind": "unicodeCodePoints",
                "results": [_result(run, finding, names.index(finding.rule)) for finding in run.findings],
            }
        ],
    }


def _rule(name: str, level: str) -> dict[str, Any]:
    described: dict[str, Any] = {
        "id": name,
        "name": name,
        "shortDescription": {"text": name},
        "fullDescription": {"text": name},
        "help": {"text": f"A rule of another policy pack: {name}."},
        "defaultConfiguration": {"level": "error" if level == "mandatory" else "warning"},
    }
    if name not in RULES:
        return described
    rule = RULES[name]
    controls = ", ".join(rule.controls)
    return described | {
        "name": rule.title,
        "shortDescription": {"text": rule.title},
        "fullDescription": {"text": rule.description},
        "helpUri": rule.url,
        "help": {
            "text": f"{rule.description}\nFix: {rule.remedy}.\nAlso known as: {controls}.\nMore: {rule.url}",
            "markdown": f"{rule.description}\n\n**Fix:** {rule.remedy}.\n\n**Also known as:** {controls}\n\n"
            f"[AWS's documentation]({rule.url})",
        },
        # Code scanning refuses a file with more than 20 tags on a rule, and some have more controls.
        "properties": {
            "tags": ["policy", f"severity-{rule.severity.value}"],
            "controls": list(rule.controls),
            "severity": rule.severity.value,
        },
    }


def _result(run: Run, finding: Finding, index: int) -> dict[str, Any]:
    location: dict[str, Any] = {
        "physicalLocation": {
            "artifactLocation": {"uri": run.file},
            "region": {"startLine": 1, "startColumn": 1, "endLine": 1, "endColumn": 1},
        }
    }
    if finding.urn:
        location["logicalLocations"] = [
            {"fullyQualifiedName": finding.urn, "name": finding.resource, "kind": "resource"}
        ]
    return {
        "ruleId": finding.rule,
        "ruleIndex": index,
        "level": _LEVELS[finding.kind],
        "message": {"text": finding.message},
        "locations": [location],
        # The one that code scanning reads. The uploading action would make it of the line, which all findings share.
        "partialFingerprints": {"primaryLocationLineHash": f"{fingerprint(finding)}:1"},
        # All of them or none: where one is suppressed, the others say that they are not.
        "suppressions": [{"kind": "external", "status": "accepted", "justification": finding.exemption}]
        if finding.kind is Kind.EXEMPTED
        else [],
        "properties": {"state": finding.kind.value, "finding": finding.id, "pack": finding.pack},
    }


def fingerprint(finding: Finding) -> str:
    """The same for the same finding of the same resource in every run, whatever its message quotes."""
    what = (finding.rule, finding.urn, finding.id or finding.message)
    return hashlib.sha256("\n".join(what).encode()).hexdigest()[:16]
