"""Findings as JUnit XML, the part of it that GitLab reads: one case a rule, failed where a finding stops the run."""

import re
import xml.etree.ElementTree as ElementTree

from policies.catalog import RULES
from policies.reports.findings import Finding, Kind, Run

_NOT_IN_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def document(run: Run) -> str:
    """The run as one suite."""
    suite = ElementTree.Element("testsuite", name=f"policies {run.stack}")
    outcomes = [_case(suite, run, name) for name in run.names()]
    for outcome in ("failures", "errors", "skipped"):
        suite.set(outcome, str(outcomes.count(outcome)))
    suite.set("tests", str(len(outcomes)))
    suites = ElementTree.Element("testsuites")
    suites.append(suite)
    ElementTree.indent(suites)
    return ElementTree.tostring(suites, encoding="unicode", xml_declaration=True) + "\n"


def _case(suite: ElementTree.Element, run: Run, name: str) -> str:
    # GitLab shows the class as the suite, and takes the first of two cases of one name.
    case = ElementTree.SubElement(suite, "testcase", classname=f"policies {run.stack}", name=name, file=run.file)
    by_kind = {kind: [finding for finding in run.of(name) if finding.kind is kind] for kind in Kind}
    outcome = ""
    if broken := by_kind[Kind.VIOLATION]:
        demand = RULES[name].description if name in RULES else name
        ElementTree.SubElement(case, "failure", message=_clean(demand), type=name).text = _lines(broken)
        outcome = "failures"
    elif undecided := by_kind[Kind.UNDECIDED]:
        ElementTree.SubElement(case, "skipped", message="undecided in this run").text = _lines(undecided)
        outcome = "skipped"
    elif run.unjudged(name):
        ElementTree.SubElement(case, "skipped", message="the run stopped before this rule was judged to the end")
        outcome = "skipped"
    beside = by_kind[Kind.WARNING] + by_kind[Kind.EXEMPTED] + (by_kind[Kind.UNDECIDED] if broken else [])
    if beside:
        ElementTree.SubElement(case, "system-out").text = _lines(beside)
    return outcome


def _lines(findings: list[Finding]) -> str:
    said = (
        f"EXEMPTED {finding.exemption}: {finding.message}" if finding.exemption else finding.message
        for finding in findings
    )
    return _clean("\n".join(said))


def _clean(text: str) -> str:
    return _NOT_IN_XML.sub("\ufffd", text)
