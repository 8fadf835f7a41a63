"""Findings on their way to pull requests: read back from the engine's messages, and as SARIF, JUnit and annotations."""

import json
import xml.etree.ElementTree as ElementTree
from collections import Counter
from collections.abc import Iterable
from itertools import pairwise
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from policies import export
from policies.catalog import PACKS, RULES
from policies.framework import Res, SecretValue
from policies.reports import github, junit, sarif
from policies.reports.findings import Finding, Kind, Run
from tests.policies.harness import Pack, Verdict, expected, judged

REPOSITORY = "aws:ecr/repository:Repository"
EXEMPTION = {
    "resource": "*::app",
    "finding": "*",
    "reason": "moves (twice): later",
    "owner": "team-a",
    "expires": "2999-12-31",
}


def parsed(verdict: Verdict) -> Finding:
    level = "mandatory" if verdict.mandatory else "advisory"
    return Finding.parse(
        rule=verdict.rule, pack="all", urn=verdict.resource, message=verdict.message + "\n", level=level
    )


def run_of(findings: Iterable[Finding], *, whole: bool = True) -> Run:
    return Run(stack="dev", origin="local", rules=dict(PACKS["all"]), findings=list(findings), whole=whole)


def images(config: dict[str, Any] | None = None, **inputs: Any) -> list[Finding]:
    """What the images pack says of a repository `app`."""
    rules = [RULES[name] for name, _ in PACKS["images"]]
    return [parsed(verdict) for verdict in Pack(rules, config).run([Res(REPOSITORY, "app", inputs)])]


@pytest.fixture(scope="module")
def everything() -> Run:
    """Every finding of every example, as one run: each kind, and whatever a message may hold."""
    stale = images({"ecr-immutable-tags": {"exemptions": [{**EXEMPTION, "resource": "*::gone"}]}})
    exempted = images({"ecr-scan-on-push": {"exemptions": [EXEMPTION]}})
    found = [parsed(verdict) for name in RULES for _, verdicts in judged(name) for verdict in verdicts]
    return run_of([*found, *stale, *exempted])


@pytest.mark.parametrize("name", RULES)
def test_a_message_gives_back_what_the_rule_said(name: str) -> None:
    for example, verdicts in judged(name):
        findings = [parsed(verdict) for verdict in verdicts]
        kinds = {kind: pairs(found for found in findings if found.kind is kind) for kind in Kind}
        assert kinds[Kind.VIOLATION] == expected(example.findings), example.name
        assert kinds[Kind.EXEMPTED] == expected(example.exempted), example.name
        undecided = set(expected(example.undecided)) - set(kinds[Kind.EXEMPTED])
        assert set(kinds[Kind.UNDECIDED]) == undecided, example.name
        for finding in findings:
            assert RULES[name].description not in finding.message
            assert finding.message


def pairs(findings: Iterable[Finding]) -> list[tuple[str, str]]:
    """Findings as pairs of resource name and finding id, sorted."""
    return sorted((found.urn.rpartition("::")[2], found.id) for found in findings)


def test_an_exemption_is_told_from_what_it_exempts() -> None:
    (finding,) = images({"ecr-scan-on-push": {"exemptions": [EXEMPTION]}}, imageTagMutability="IMMUTABLE")
    assert finding.kind is Kind.EXEMPTED
    assert finding.exemption == "until 2999-12-31 by team-a (moves (twice): later)"
    assert finding.message.startswith("app (aws:ecr/repository:Repository): imageScanningConfiguration.scanOnPush")
    assert finding.id == "ScanOnPush::app"


def test_an_exemption_that_is_over_is_a_violation() -> None:
    config = {"ecr-scan-on-push": {"exemptions": [{**EXEMPTION, "expires": "2020-01-31"}]}}
    (finding,) = images(config, imageTagMutability="IMMUTABLE")
    assert (finding.kind, finding.id, finding.exemption) == (Kind.VIOLATION, "ScanOnPush::app", "")
    assert "expired on 2020-01-31" in finding.message


def test_an_exemption_of_nothing_and_an_advisory_rule_warn() -> None:
    config = {
        "ecr-immutable-tags": {"exemptions": [{**EXEMPTION, "resource": "*::gone"}]},
        "ecr-scan-on-push": "advisory",
    }
    found = {finding.rule: finding for finding in images(config, imageTagMutability="IMMUTABLE")}
    assert {finding.kind for finding in found.values()} == {Kind.WARNING}
    assert "matches no finding" in found["ecr-immutable-tags"].message
    assert found["ecr-immutable-tags"].resource == "the stack"


# What GitHub's documentation says that code scanning requires and where it refuses, and of SARIF what we write.
TEXT = {
    "type": "object",
    "required": ["text"],
    "additionalProperties": False,
    "properties": {"text": {"type": "string", "minLength": 1, "maxLength": 1024}},
}
HELP = {
    "type": "object",
    "required": ["text"],
    "additionalProperties": False,
    "properties": {"text": {"type": "string", "minLength": 1}, "markdown": {"type": "string", "minLength": 1}},
}
LEVEL = {"enum": ["note", "warning", "error"]}
SARIF_RULE = {
    "type": "object",
    "required": ["id", "shortDescription", "fullDescription", "help"],
    "additionalProperties": False,
    "properties": {
        "id": {"type": "string", "minLength": 1, "maxLength": 255},
        "name": {"type": "string", "minLength": 1, "maxLength": 255},
        "shortDescription": TEXT,
        "fullDescription": TEXT,
        "help": HELP,
        "helpUri": {"type": "string", "pattern": "^https://"},
        "defaultConfiguration": {"type": "object", "additionalProperties": False, "properties": {"level": LEVEL}},
        "properties": {
            "type": "object",
            "required": ["tags"],
            "not": {"required": ["security-severity"]},
            "properties": {"tags": {"type": "array", "items": {"type": "string"}, "maxItems": 10, "uniqueItems": True}},
        },
    },
}
SARIF_LOCATION = {
    "type": "object",
    "required": ["physicalLocation"],
    "additionalProperties": False,
    "properties": {
        "physicalLocation": {
            "type": "object",
            "required": ["artifactLocation", "region"],
            "properties": {
                "artifactLocation": {
                    "type": "object",
                    "required": ["uri"],
                    "properties": {"uri": {"const": "Pulumi.dev.yaml"}},
                },
                "region": {
                    "type": "object",
                    "required": ["startLine", "startColumn", "endLine", "endColumn"],
                    "additionalProperties": {"type": "integer", "minimum": 1},
                },
            },
        },
        "logicalLocations": {
            "type": "array",
            "items": {"type": "object", "properties": {"fullyQualifiedName": {"pattern": "^urn:pulumi:dev::"}}},
        },
    },
}
SARIF_RESULT = {
    "type": "object",
    "required": ["ruleId", "ruleIndex", "level", "message", "locations", "partialFingerprints", "suppressions"],
    "additionalProperties": False,
    "properties": {
        "ruleId": {"enum": list(RULES)},
        "ruleIndex": {"type": "integer", "minimum": 0},
        "level": LEVEL,
        "message": {
            "type": "object",
            "required": ["text"],
            "properties": {"text": {"type": "string", "minLength": 1}},
        },
        "locations": {"type": "array", "minItems": 1, "maxItems": 1, "items": SARIF_LOCATION},
        "partialFingerprints": {
            "type": "object",
            "required": ["primaryLocationLineHash"],
            "additionalProperties": {"type": "string", "pattern": "^[0-9a-f]{16}:1$"},
        },
        "suppressions": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["kind", "status", "justification"],
                "additionalProperties": False,
                "properties": {
                    "kind": {"enum": ["inSource", "external"]},
                    "status": {"enum": ["accepted", "underReview", "rejected"]},
                    "justification": {"type": "string", "minLength": 1},
                },
            },
        },
        "properties": {"type": "object"},
    },
}
SARIF = {
    "type": "object",
    "required": ["$schema", "version", "runs"],
    "additionalProperties": False,
    "properties": {
        "$schema": {"type": "string", "pattern": "sarif-2.1.0"},
        "version": {"const": "2.1.0"},
        "runs": {
            "type": "array",
            "minItems": 1,
            "maxItems": 1,
            "items": {
                "type": "object",
                "required": ["tool", "results", "automationDetails"],
                "properties": {
                    "tool": {
                        "type": "object",
                        "required": ["driver"],
                        "properties": {
                            "driver": {
                                "type": "object",
                                "required": ["name", "rules"],
                                "properties": {
                                    "name": {"type": "string", "minLength": 1},
                                    "rules": {"type": "array", "items": SARIF_RULE},
                                },
                            }
                        },
                    },
                    # Read as category/run: without the slash at its end there would be no category.
                    "automationDetails": {
                        "type": "object",
                        "required": ["id"],
                        "properties": {"id": {"pattern": "/$"}},
                    },
                    "results": {"type": "array", "maxItems": 25000, "items": SARIF_RESULT},
                },
            },
        },
    },
}


def test_sarif_has_what_code_scanning_requires(everything: Run) -> None:
    assert len({finding.kind for finding in everything.findings}) == len(Kind)
    document = sarif.document(everything)
    jsonschema.Draft202012Validator(SARIF).validate(document)
    (run,) = document["runs"]
    ids = [rule["id"] for rule in run["tool"]["driver"]["rules"]]
    assert ids == list(RULES)
    for result, finding in zip(run["results"], everything.findings, strict=True):
        assert ids[result["ruleIndex"]] == result["ruleId"] == finding.rule
        assert bool(result["suppressions"]) == (finding.kind is Kind.EXEMPTED)


def test_sarif_levels_are_those_that_stop_a_run() -> None:
    config = {"ecr-scan-on-push": {"exemptions": [EXEMPTION]}}
    (run,) = sarif.document(run_of(images(config, imageTagMutability="MUTABLE")))["runs"]
    assert {result["ruleId"]: result["level"] for result in run["results"]} == {
        "ecr-immutable-tags": "error",
        "ecr-scan-on-push": "note",
    }


def test_rules_bring_their_remedy_and_the_same_demand_elsewhere() -> None:
    (run,) = sarif.document(run_of([]))["runs"]
    for described, rule in zip(run["tool"]["driver"]["rules"], RULES.values(), strict=True):
        assert described["fullDescription"]["text"] == rule.description
        assert described["properties"]["controls"] == list(rule.controls)
        for text in (rule.remedy, rule.url, *rule.controls):
            assert text in described["help"]["text"]
            assert text in described["help"]["markdown"]


def test_a_fingerprint_is_the_findings_own_and_outlives_its_message() -> None:
    mutable, later, other = (
        Finding.parse(rule="ecr-immutable-tags", pack="all", urn=f"urn::{name}", message=message, level="mandatory")
        for name, message in [
            ("app", 'app (x): imageTagMutability is "MUTABLE". Fix: x [ImmutableTags::app]'),
            ("app", "app (x): imageTagMutability is not set. Fix: x [ImmutableTags::app]"),
            ("web", "web (x): imageTagMutability is not set. Fix: x [ImmutableTags::app]"),
        ]
    )
    assert sarif.fingerprint(mutable) == sarif.fingerprint(later) != sarif.fingerprint(other)
    findings = [parsed(verdict) for name in RULES for verdict in judged(name)[0][1]]
    assert max(Counter(map(sarif.fingerprint, findings)).values(), default=1) == 1


def cases(document: str) -> dict[str, ElementTree.Element]:
    return {case.get("name", ""): case for case in ElementTree.fromstring(document).iter("testcase")}  # noqa: S314


def test_junit_has_a_case_for_each_rule_and_fails_what_stops_the_run(everything: Run) -> None:
    document = junit.document(everything)
    assert list(cases(document)) == list(RULES)
    broken = {finding.rule for finding in everything.findings if finding.kind is Kind.VIOLATION}
    assert {name for name, case in cases(document).items() if case.find("failure") is not None} == broken
    (suite,) = ElementTree.fromstring(document)  # noqa: S314
    assert (suite.get("tests"), suite.get("failures")) == (str(len(RULES)), str(len(broken)))
    assert {case.get("file") for case in suite} == {"Pulumi.dev.yaml"}


def test_junit_keeps_apart_what_is_broken_open_exempted_and_kept() -> None:
    config = {"ecr-scan-on-push": {"exemptions": [EXEMPTION]}}
    found = cases(junit.document(run_of(images(config, imageTagMutability="MUTABLE"))))
    assert '"MUTABLE"' in (found["ecr-immutable-tags"].findtext("failure") or "")
    assert found["ecr-scan-on-push"].find("failure") is None
    assert "EXEMPTED until 2999-12-31 by team-a" in (found["ecr-scan-on-push"].findtext("system-out") or "")
    assert list(found["ecs-separate-roles"]) == []

    open_ = Finding("iam-trust-policy", "all", "urn::x", "Undecided::policy", "x: UNDECIDED, policy", Kind.UNDECIDED)
    case = cases(junit.document(run_of([open_])))["iam-trust-policy"]
    assert case.findtext("skipped") == "x: UNDECIDED, policy"


def test_a_rule_that_was_not_judged_to_the_end_is_not_shown_as_kept() -> None:
    run = run_of(images(imageTagMutability="MUTABLE", imageScanningConfiguration={"scanOnPush": True}), whole=False)
    found = cases(junit.document(run))
    for name, case in found.items():
        relations = RULES[name].check_stack is not None
        assert (case.find("skipped") is not None) == (relations and name != "ecr-immutable-tags"), name
    kept = sum(rule.check_stack is None for rule in RULES.values()) - 1
    assert f"{kept} of {len(RULES)} rules kept, 1 violation." in github.summary(run)


def test_xml_survives_what_xml_cannot_hold() -> None:
    finding = Finding("ecr-scan-on-push", "all", "urn::x", "A::b", "a \x1b[31m \ud800 <b> & ]]>", Kind.VIOLATION)
    text = cases(junit.document(run_of([finding])))["ecr-scan-on-push"].findtext("failure")
    assert text == "a \ufffd[31m \ufffd <b> & ]]>"


def test_annotations_are_one_line_each_and_inject_no_command() -> None:
    finding = Finding("a,b:c", "all", "urn::x", "A::b", "50%\n::error::forged\r\nend", Kind.VIOLATION)
    warning = Finding("ecr-scan-on-push", "all", "urn::x", "A::b", "mind", Kind.WARNING)
    quiet = Finding("ecr-scan-on-push", "all", "urn::x", "Undecided::b", "open", Kind.UNDECIDED)
    assert github.annotations(run_of([finding, warning, quiet])).splitlines() == [
        "::error file=Pulumi.dev.yaml,line=1,title=a%2Cb%3Ac::50%25%0A::error::forged%0D%0Aend",
        "::warning file=Pulumi.dev.yaml,line=1,title=ecr-scan-on-push::mind",
    ]


def test_the_summary_counts_lists_the_worst_first_and_takes_text_for_text(everything: Run) -> None:
    forged = Finding("ecr-scan-on-push", "all", "urn::a|b", "A::b", "<img src=x> [a](http://x)\n| x |", Kind.VIOLATION)
    page = github.summary(run_of([forged]))
    assert f"{len(RULES) - 1} of {len(RULES)} rules kept, 1 violation." in page
    (row,) = [line for line in page.splitlines() if "ecr-scan-on-push" in line]
    assert "<img" not in row
    assert "](http://x)" not in row
    assert row.count("|") == 5
    order = [kind for line in github.summary(everything).splitlines() for kind in Kind if f" {kind.value} |" in line]
    assert len(order) == len(everything.findings)
    assert all(list(Kind).index(one) <= list(Kind).index(other) for one, other in pairwise(order))


def test_no_secret_gets_into_any_form() -> None:
    run = run_of(images(imageTagMutability=SecretValue("HUSH-HUSH")))
    assert run.count(Kind.VIOLATION) == 2
    forms = json.dumps(sarif.document(run)) + junit.document(run) + github.summary(run) + github.annotations(run)
    assert "[secret]" in forms
    assert "HUSH" not in forms


def test_rules_of_other_packs_are_shown_as_they_come() -> None:
    foreign = Finding.parse(rule="owners", pack="acme", urn="urn::x", message="Name an owner.\nx", level="advisory")
    document = sarif.document(run_of([foreign]))
    assert document["runs"][0]["tool"]["driver"]["rules"][-1]["id"] == "owners"
    assert document["runs"][0]["results"][0]["level"] == "warning"
    assert list(cases(junit.document(run_of([foreign]))))[-1] == "owners"
    assert "owners" in github.summary(run_of([foreign]))


@pytest.mark.parametrize(
    ("lines", "text"),
    [
        ([], "no policy pack judged anything"),
        (["{"], "line 1 is not an event"),
        (["[]"], "line 1 is not an event"),
        (['{"preludeEvent":{}}', '{"summaryEvent":{}}'], "no policy pack judged anything"),
        (
            ['{"policyAnalyzeSummaryEvent":{"policyPackName":"all","passed":["a"]}}'],
            "stopped before its policies finished",
        ),
        (['{"policyAnalyzeStackSummaryEvent":{"policyPackName":"all","passed":["a"]}}'], "names no stack"),
    ],
)
def test_a_log_without_a_verdict_leaves_no_file_of_an_earlier_one(
    lines: list[str], text: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    log, earlier = tmp_path / "events.jsonl", tmp_path / "policies.sarif"
    log.write_text("\n".join(lines))
    earlier.write_text("an earlier verdict")
    assert export.main(["--sarif", str(earlier), str(log)]) == 1
    assert text in capsys.readouterr().err
    assert not earlier.exists()


def test_files_that_cannot_be_read_or_written_are_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert export.main([str(tmp_path / "none.jsonl")]) == 1
    assert "none.jsonl cannot be read" in capsys.readouterr().err
    log = tmp_path / "events.jsonl"
    log.write_text('{"policyAnalyzeStackSummaryEvent":{"policyPackName":"all","passed":["ecr-scan-on-push"]}}\n')
    assert export.main(["--stack", "dev", "--junit", str(log / "x.xml"), str(log)]) == 1
    assert "x.xml cannot be written" in capsys.readouterr().err
