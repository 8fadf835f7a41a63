"""Writes docs/policies.md from the labelled set, the packs' verdicts and the scanners' stored results."""

import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache, partial
from pathlib import Path
from typing import Any, Final, NamedTuple

from benchmarks.precision.results import COMMAND, RULES, SCANNERS, load
from policies.catalog import RULES as OURS
from tests.policies.labelled import HERE, Case, cases
from tests.policies.labelled import load as read
from tests.policies.labelled.verdicts import known_disagreements, said

PAGE: Final = Path(__file__).resolve().parents[2] / "docs" / "policies.md"
_TITLES: Final = {"checkov": "Checkov", "trivy": "Trivy"}
_NONE = "no rule"
_SHOWN = 8


class Count(NamedTuple):
    """How verdicts and labels go together."""

    found: int
    false_alarms: int
    missed: int

    @property
    def precision(self) -> str:
        """The share of what was found that is wrong by its label."""
        return _share(self.found, self.found + self.false_alarms)

    @property
    def recall(self) -> str:
        """The share of what is wrong by its label that was found."""
        return _share(self.found, self.found + self.missed)


def rendered() -> str:
    """The page."""
    stored = load()
    compared = [case for case in cases() if case.id in stored["cases"]]
    wrong = sum(case.label == "wrong" for case in cases())
    versions = stored["versions"]
    summary = (
        f"{len(cases())} small stacks, {wrong} of them wrong and {len(cases()) - wrong} fine by a reviewer's label, "
        "judged by the rule of their aim. Precision is the share of findings that are right, recall the share of wrong "
        f"stacks that are found. Checkov {versions['checkov']} and Trivy {versions['trivy'].removeprefix('v')} judged "
        f"{len(compared)} of them, written as Terraform; the other {len(cases()) - len(compared)} are made by Pulumi's "
        "aws-native, which Terraform does not have."
    )
    legend = (
        "A stack counts as found if one of the compared rules fails on it, and as fine if none does. `none`: nothing "
        f"was found. `{_NONE}`: the scanner has no rule of that aim; such aims are not in its row of all."
    )
    method = _METHOD.format(
        versions=", ".join(f"{name} {version}" for name, version in versions.items()), command=COMMAND
    )
    parts = ["# What the packs find, beside Checkov and Trivy", summary, _table(), legend]
    parts += ["## The rules that are compared", _rules(), "## Where the packs and the labels differ", _ours()]
    parts += [part for scanner in SCANNERS for part in _theirs(scanner)]
    parts.append(method)
    return "\n\n".join(parts) + "\n"


def differences(scanner: str) -> list[Case]:
    """The cases in which a scanner that has rules of the aim says something else than the label."""
    return [case for case in _comparable(scanner) if _label(scanner, case) != case.label]


def explanations(scanner: str) -> Sequence[Mapping[str, Any]]:
    """Why a scanner and the labels differ, by kinds of cases."""
    found: Sequence[Mapping[str, Any]] = _explained()[scanner]
    return found


def explanation(scanner: str, case: Case) -> str:
    """Why a scanner says something else of a case than its label.

    :raises LookupError: nothing explains it.
    """
    for entry in explanations(scanner):
        named = (*entry.get("kinds", ()), *entry.get("cases", ()))
        if (entry["aim"], entry["label"]) == (case.aim, case.label) and (not named or {case.kind, case.id} & {*named}):
            return str(entry["text"])
    raise LookupError(f"explained.yaml says nothing of {scanner} and {case.id} ({case.aim}, {case.label}, {case.kind})")


@cache
def _explained() -> Any:
    return read(HERE / "explained.yaml")


@cache
def _failed(scanner: str) -> Mapping[str, Sequence[str]]:
    return {case: result[scanner] for case, result in load()["cases"].items()}


def _label(scanner: str, case: Case) -> str:
    return "wrong" if set(_failed(scanner)[case.id]) & set(RULES[case.aim][scanner]) else "fine"


def _comparable(scanner: str) -> list[Case]:
    return [case for case in cases() if case.id in _failed(scanner) and RULES[case.aim][scanner]]


def _count(chosen: Iterable[Case], label: Callable[[Case], str]) -> Count:
    pairs = [(label(case), case.label) for case in chosen]
    return Count(*(pairs.count(pair) for pair in (("wrong", "wrong"), ("wrong", "fine"), ("fine", "wrong"))))


def _share(part: int, whole: int) -> str:
    return f"{part / whole:.2f}" if whole else "none"


def _table() -> str:
    peers = "".join(f" {name}: precision | recall |" for name in ("packs", *_TITLES.values()))
    lines = [
        f"| aim | stacks | wrong |{peers}",
        "|---|---|---|---|---|---|---|---|---|",
    ]
    lines += [_row(f"`{aim}`", [case for case in cases() if case.aim == aim]) for aim in OURS]
    lines.append(_row("all", cases()))
    return "\n".join(lines)


def _row(name: str, chosen: Sequence[Case]) -> str:
    cells = [name, str(len(chosen)), str(sum(case.label == "wrong" for case in chosen))]
    count = _count(chosen, lambda case: said(case).label)
    cells += [count.precision, count.recall]
    for scanner in SCANNERS:
        comparable = [case for case in _comparable(scanner) if case in chosen]
        count = _count(comparable, partial(_label, scanner))
        cells += [count.precision, count.recall] if comparable else [_NONE, ""]
    return f"| {' | '.join(cells)} |"


def _rules() -> str:
    lines = ["| aim | Checkov | Trivy |", "|---|---|---|"]
    for aim in OURS:
        cells = [", ".join(RULES[aim][scanner]) or _NONE for scanner in SCANNERS]
        lines.append(f"| `{aim}` | {' | '.join(cells)} |")
    return "\n".join(lines)


def _ours() -> str:
    known = known_disagreements()
    lines = [
        f"- {case.id} (`{case.aim}`) is {case.label}: {case.why} The rule says {said(case).label}: {known[case.id]} "
        f"[Source]({case.source})"
        for case in cases()
        if case.id in known
    ]
    return "\n".join(lines) or "Nowhere."


def _theirs(scanner: str) -> Iterable[str]:
    yield f"## Where {_TITLES[scanner]} and the labels differ"
    lines = []
    for aim in OURS:
        groups: dict[tuple[str, str], list[str]] = {}
        for case in differences(scanner):
            if case.aim == aim:
                groups.setdefault((case.label, explanation(scanner, case)), []).append(case.id)
        for (label, text), ids in sorted(groups.items(), key=lambda group: (group[0][0], -len(group[1]))):
            what = "missed" if label == "wrong" else "false alarms" if len(ids) > 1 else "false alarm"
            more = f" and {len(ids) - _SHOWN} more" if len(ids) > _SHOWN else ""
            lines.append(f"- `{aim}`, {len(ids)} {what}: {text} ({', '.join(ids[:_SHOWN])}{more})")
    yield "\n".join(lines)


_METHOD = """## How the set was made

The set is in `tests/policies/labelled/`. Its cases follow pages of AWS and of vendors, bug reports of Checkov, Trivy,
tfsec, cdk-nag and others, and fixtures of scanners, in words and values of our own; each names its source. They were
chosen for what is hard to judge: conditions, Deny, wildcards that matter and wildcards that do not, issuers of
tokens, load balancers' listeners, and other ways to run tasks. One reviewer, who works on these packs, wrote the
labels before the rules were run on them. The actions and resource types of least privilege were checked against the
Service Authorization Reference, and three labels changed for it afterwards; a label is not changed for what a rule
says.

The scanners ran in one go over all cases ({versions}), with their own rules and nothing switched off; Trivy's rules
for the CIS benchmark were switched on. `{command}` runs them again. It installs Checkov, and builds Trivy from its Go
modules with `benchmarks/precision/trivy/`, with the checks that are embedded in that version. The results are stored,
and this page is written from them by `make generate`.

## What it does not show

- One reviewer is no jury. The labels follow the aims of these packs, which are stricter than a scanner's in places (a
  wildcard in an action is wrong here, even on one resource) and milder in others (port 80 may be open).
- A source says where the fact behind a case is written. Not every page was opened again for its case, and pages
  change.
- The cases are not a sample of what people write. Hard cases are many and plain ones few, so the shares say how rules
  differ, not how often a user will see it.
- The packs were made to be right on cases like these. Checkov and Trivy were not, and have hundreds of rules that are
  not compared here.
- Only rules of the same aim count. Another rule of a scanner may have found the same fault.
- The stacks are as in an update, with every id known. What a preview leaves undecided is in the tests of the rules."""


if __name__ == "__main__":
    PAGE.write_text(rendered(), encoding="utf-8")
    sys.exit()
