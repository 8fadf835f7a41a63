"""What the packs say of the labelled cases, and what was known to be in dispute."""

from collections.abc import Mapping
from functools import cache
from typing import NamedTuple

from policies.catalog import RULES
from tests.policies.harness import Pack
from tests.policies.labelled import HERE, Case, load


class Said(NamedTuple):
    """What a rule says of a case of its aim.

    :ivar findings: the ids of its violations.
    :ivar undecided: the ids of what it leaves open.
    :ivar broken: what it says of a document or an error instead of judging it.
    """

    findings: tuple[str, ...]
    undecided: tuple[str, ...]
    broken: tuple[str, ...]

    @property
    def label(self) -> str:
        """The verdict as a label; what is left open stops nobody, and so counts as fine."""
        return "wrong" if self.findings else "fine"


@cache
def said(case: Case) -> Said:
    """Judge a case with the rule of its aim, in a run of its own, with the rule's defaults."""
    verdicts = Pack([RULES[case.aim]], {case.aim: {}}).run(case.resources)
    broken = [verdict.message for verdict in verdicts if not verdict.id or verdict.id.startswith(("Malf", "Unj"))]
    return Said(
        tuple(dict.fromkeys(verdict.id for verdict in verdicts if verdict.mandatory)),
        tuple(dict.fromkeys(verdict.id for verdict in verdicts if verdict.undecided)),
        tuple(broken),
    )


@cache
def known_disagreements() -> Mapping[str, str]:
    """The cases in which rule and label differ, with the reason. The list is meant to become empty."""
    return load(HERE / "known_disagreements.yaml") or {}
