"""What a check reports to: findings, undecided cases, and the guard that keeps one resource from hiding another."""

import traceback
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pulumi_policy.proxy import UnknownValueError

from policies.framework.exemptions import Exemption
from policies.framework.resources import Resource
from policies.framework.values import Malformed, UnknownValue, shown

_ABSENT = object()


@dataclass(frozen=True)
class Finding:
    """One thing a rule has to say about one resource.

    :ivar urn: the resource; empty for the stack as a whole.
    :ivar id: names the finding within the resource, so that it alone can be exempted: `ScanOnPush::app`.
    :ivar advisory: shown whatever the rule's level is, and stops nothing: exempted and undecided ones.
    """

    urn: str
    id: str
    message: str
    advisory: bool = False
    undecided: bool = False


@dataclass
class Report:
    """Where one rule reports in one run of a pack. The same object serves its resource and its stack check.

    :ivar settings: the rule's settings, defaults filled in.
    """

    remedy: str
    settings: Mapping[str, Any]
    exemptions: Sequence[Exemption] = ()
    undecided_fails: bool = False
    seen: Callable[..., Iterator[Resource]] = lambda *_: iter(())
    """`report.seen(*types)`: what was registered so far in this run, type by type, each in order (rule.types only)."""

    used: set[Exemption] = field(default_factory=set)
    findings: list[Finding] = field(default_factory=list)
    _said: set[tuple[str, str]] = field(default_factory=set)

    def fail(
        self,
        resource: Resource,
        finding: str,
        reason: str,
        *,
        prop: str = "",
        value: object = _ABSENT,
        remedy: str = "",
    ) -> None:
        """A violation, unless it is exempted.

        :param finding: its id, stable from run to run: `ScanOnPush::app`, `Action::s3:*`.
        :param reason: why it matters, as the end of the sentence "<property> is <value>: ".
        :param prop: the property it is about.
        :param value: that property's value; never that of an environment variable or of anything secret.
        :param remedy: where the rule's own remedy does not fit.
        """
        remedy = remedy or self.remedy
        if resource.part is not None:
            written = resource.part.written(prop) if prop else ""
            finding = finding.replace(f"Malformed::{prop}", f"Malformed::{written}") if prop else finding
            remedy, value = resource.part.remedy(prop, remedy), resource.part.word(prop, value)
            prop = written
        what = f"{prop} is {shown(value)}: " if prop and value is not _ABSENT else f"{prop}: " if prop else ""
        self._add(resource, finding, f"{resource}: {what}{reason}. Fix: {remedy}{_named(resource, finding)}")

    def undecided(self, resource: Resource, prop: str, reason: str = "", *, later: bool = False) -> None:
        """A case the rule cannot decide in this run. Shown always; a violation if the setting `undecided` says so.

        :param reason: why, to follow the property; without one its value is not known in this preview.
        :param later: the update will know, so that there is nothing to do before; always so without a reason.
        """
        prop = resource.part.written(prop) if resource.part is not None else prop
        finding = f"Undecided::{prop}"
        why = reason or "is not known in this preview, because it names what is not made yet"
        if (later or not reason) and not self.undecided_fails:
            todo = "Nothing to do now: the update judges it"
        else:
            todo = f"To be sure now: {self.remedy}"
        message = f"{resource}: UNDECIDED, {prop} {why}. {todo}{_named(resource, finding)}"
        self._add(resource, finding, message, undecided=True)

    @contextmanager
    def guard(self, resource: Resource) -> Iterator[None]:
        """Judge one resource (or one field of it) inside: whatever goes wrong there is reported, the rest goes on.

        Unknown values become "undecided", malformed properties a finding, and an error in the rule itself a finding
        that says so. The resource check is inside one already; a stack check opens one for each resource.
        """
        try:
            yield
        except UnknownValue as unknown:
            self.undecided(resource, unknown.path)
        except UnknownValueError as unknown:
            self.undecided(resource, ".".join(str(step) for step in unknown.props))
        except Malformed as malformed:
            self.fail(resource, f"Malformed::{malformed.path}", malformed.reason, prop=malformed.path)
        except Exception as error:  # an error here must not take the other verdicts with it
            where = traceback.extract_tb(error.__traceback__)[-1]
            # The error's own text may quote a property, so its type and place must do.
            place = f"{type(error).__name__} at {Path(where.filename).name}:{where.lineno}"
            self.fail(
                resource,
                f"Unjudged::{type(error).__name__}",
                f"the rule could not judge it ({place})",
                remedy="check the properties that the rule's documentation names; if they are right, report a bug",
            )

    def _add(self, resource: Resource, finding: str, message: str, *, undecided: bool = False) -> None:
        if (resource.urn, finding) in self._said:
            return
        self._said.add((resource.urn, finding))
        matching = [exemption for exemption in self.exemptions if exemption.covers(resource.urn, finding)]
        self.used.update(matching)
        valid = next((exemption for exemption in matching if not exemption.expired), None)
        advisory = undecided and not self.undecided_fails
        if valid is not None:
            message = f"EXEMPTED until {valid.expires.isoformat()} by {valid.owner} ({valid.reason}): {message}"
            advisory = True
        elif matching and not advisory:
            expired = max(matching, key=lambda exemption: exemption.expires)
            message = (
                f"{message} Its exemption by {expired.owner} ({expired.reason}) expired on "
                f"{expired.expires.isoformat()}: fix the finding, or ask {expired.owner} to renew it."
            )
        self.findings.append(Finding(resource.urn, finding, message, advisory=advisory, undecided=undecided))

    def forget(self, urn: str) -> None:
        """Called when a resource is judged again at registration: what was said of it before no longer counts."""
        self._said = {said for said in self._said if said[0] != urn}

    def take(self) -> list[Finding]:
        """The findings since the last call."""
        taken, self.findings = self.findings, []
        return taken


def _named(resource: Resource, finding: str) -> str:
    """How a message ends: what an exemption of it names."""
    return f"{urn_line(resource.urn)} [{finding}]"


def urn_line(urn: str) -> str:
    """The line with the resource's URN; nothing for the stack as a whole."""
    return f"\nURN: {urn}" if urn else ""
