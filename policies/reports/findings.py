"""What the policies said in one run, taken back out of the events of the engine that hosted them."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum

from policies.catalog import RULES
from policies.framework.report import urn_line

_ID = re.compile(r" \[(\w+::.*)\](?:$| Its exemption by )", re.DOTALL)
_COLOUR = re.compile(r"<\{%.*?%\}>")


class Kind(Enum):
    """What a finding asks of its reader."""

    VIOLATION = "violation"
    """It stops the run."""
    WARNING = "warning"
    """A finding of a rule whose level is advisory, or an exemption that matches nothing."""
    UNDECIDED = "undecided"
    """This run could not know; the update judges it."""
    EXEMPTED = "exempted"
    """Somebody accepted it until a day."""


@dataclass(frozen=True)
class Finding:
    """One finding, as the engine passed it on.

    :ivar urn: the resource; empty for the stack as a whole.
    :ivar id: names the finding within the resource: `ScanOnPush::app`. Empty where a pack of others gives none.
    :ivar message: without the rule's description, which every message of the engine opens with.
    :ivar exemption: until when, by whom and why it is accepted; empty where it is not.
    """

    rule: str
    pack: str
    urn: str
    id: str
    message: str
    kind: Kind
    exemption: str = ""

    @classmethod
    def parse(cls, *, rule: str, pack: str, urn: str, message: str, level: str) -> "Finding":
        """From the fields of one of the engine's policy events.

        :param level: `mandatory` or `advisory`.
        """
        text = _COLOUR.sub("", message).strip()
        if rule in RULES:
            text = text.removeprefix(RULES[rule].description).strip()
        text = text.replace(f"{urn_line(urn)} [", " [")  # a report has the URN already
        found = _ID.search(text)
        identity = found[1] if found else ""
        exemption = ""
        if text.startswith("EXEMPTED until ") and level != "mandatory":
            # The reason is free text; what follows it is the resource's name, and its type in parentheses.
            head, mark, rest = text.partition(f"): {urn.rpartition('::')[2]} (")
            if mark:
                exemption, text = f"{head.removeprefix('EXEMPTED ')})", mark.removeprefix("): ") + rest
        return cls(rule, pack, urn, identity, text, _kind(level, identity, exemption), exemption)

    @property
    def resource(self) -> str:
        """The name of the resource in the program."""
        return self.urn.rpartition("::")[2] or "the stack"


def _kind(level: str, identity: str, exemption: str) -> Kind:
    if level == "mandatory":
        return Kind.VIOLATION
    if exemption:
        return Kind.EXEMPTED
    return Kind.UNDECIDED if identity.startswith("Undecided::") else Kind.WARNING


@dataclass(frozen=True)
class Run:
    """What one preview or update of a stack was judged by, and what came of it.

    :ivar origin: tells runs of one stack apart that are reported side by side: `local`, `pulumi`.
    :ivar rules: every rule that judged, with its level where it is known.
    :ivar whole: whether relations between resources were judged too. An update that a rule stops does not get there.
    """

    stack: str
    origin: str
    rules: Mapping[str, str]
    findings: Sequence[Finding]
    whole: bool = True

    @property
    def file(self) -> str:
        """The stack's file, where a finding is shown: what a stack holds follows from it."""
        return f"Pulumi.{self.stack}.yaml"

    def of(self, rule: str) -> list[Finding]:
        """The findings of one rule, in their order."""
        return [finding for finding in self.findings if finding.rule == rule]

    def count(self, kind: Kind) -> int:
        """How many findings there are of a kind."""
        return sum(finding.kind is kind for finding in self.findings)

    def unjudged(self, rule: str) -> bool:
        """Whether a rule did not get to say all it has to say."""
        return not self.whole and (rule not in RULES or RULES[rule].check_stack is not None)

    def names(self) -> Iterator[str]:
        """Every rule that judged or spoke, ours in the order of the catalog, then others by name."""
        known = {**dict.fromkeys(self.rules), **dict.fromkeys(finding.rule for finding in self.findings)}
        yield from (name for name in RULES if name in known)
        yield from sorted(name for name in known if name not in RULES)
