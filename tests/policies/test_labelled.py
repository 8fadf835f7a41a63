"""The rules on the labelled set: verdicts, sources, stored results of the scanners, and the page."""

from collections import Counter

import pytest

from benchmarks.precision import page, results
from benchmarks.precision.terraform import TYPES, configuration
from policies.catalog import RULES
from tests.policies.labelled import Case, cases
from tests.policies.labelled.verdicts import known_disagreements, said

CASES = cases()


@pytest.mark.parametrize("aim", RULES)
def test_rule_agrees_with_the_labels_of_its_aim(aim: str) -> None:
    known = known_disagreements()
    differ = {case.id for case in CASES if case.aim == aim and said(case).label != case.label}

    assert not [_told(case) for case in CASES if case.id in differ - set(known)]
    agree = {case.id for case in CASES if case.aim == aim} & set(known) - differ
    assert not agree, "these agree now: take them out of known_disagreements.yaml"


def test_known_disagreements_are_of_cases() -> None:
    assert set(known_disagreements()) <= {case.id for case in CASES}


def test_no_case_is_malformed() -> None:
    assert not [(case.id, said(case).broken) for case in CASES if said(case).broken]


def test_set_is_large_and_has_both_labels_of_every_rule() -> None:
    assert len(CASES) >= 300
    assert {(case.aim, case.label) for case in CASES} == {(aim, label) for aim in RULES for label in ("fine", "wrong")}
    assert not [name for name, count in Counter(case.id for case in CASES).items() if count > 1]


def test_every_rule_is_compared() -> None:
    assert set(results.RULES) == set(RULES), "benchmarks/precision/results.py names the scanners' rules of the same aim"


def test_every_case_says_why_and_by_what_source() -> None:
    for case in CASES:
        assert case.source.startswith("https://"), case.id
        assert case.why.endswith("."), case.id


def test_stored_results_of_the_scanners_are_of_these_cases() -> None:
    written = {case.id: text for case in CASES if (text := configuration(case)) is not None}

    assert not results.stale(written), "run `python -m benchmarks.precision`, then `make generate`"
    assert {case.id for case in CASES} - set(written) == {
        case.id for case in CASES if any(piece.type.startswith("aws-native:") for piece in case.pieces)
    }
    used = {piece.type for case in CASES for piece in case.pieces}
    assert set(TYPES) <= used, "a type that no case uses"


def test_every_difference_of_a_scanner_is_explained_once() -> None:
    for scanner in results.SCANNERS:
        used = {page.explanation(scanner, case) for case in page.differences(scanner)}
        assert used == {entry["text"] for entry in page.explanations(scanner)}, "an explanation that explains nothing"


def test_page_is_up_to_date() -> None:
    assert page.PAGE.read_text(encoding="utf-8") == page.rendered(), "run `make generate`"


def _told(case: Case) -> str:
    told = said(case)
    return f"{case.id} is {case.label} ({case.why}), the rule says {told.findings or told.undecided or 'nothing'}"
