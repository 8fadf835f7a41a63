"""What a check reports to: findings, undecided cases, and the guard that keeps one resource from hiding another."""

import traceback
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pulumi_policy.proxy import UnknownValueError

from policies.framework.exemptions import Exemption
from policies.framework.forms import how_to_write
from policies.framework.properties import is_withheld
from policies.framework.resources import Resource
from policies.framework.secrets import Blind, Secrets, Veil
from policies.framework.texts import identity, line
from policies.framework.values import Malformed, UnknownValue, shown

_ABSENT = object()
_NAME, _TEXT, _URN = 300, 1200, 1000
"""How long the parts of a message may be."""

_DECRYPT = "let the engine decrypt the stack's secrets, with the passphrase or a login to its secrets provider"
_CHECK = "check the properties that the rule's documentation names; if they are right, report a bug"


class _Said:
    """What was reported of each URN: the ids, and what each is in messages."""

    def __init__(self) -> None:
        self._ids: dict[str, set[str]] = {}
        self._shown: dict[str, dict[str, int]] = {}

    def is_new(self, urn: str, finding: str) -> bool:
        """Whether nothing was said of it yet; from now on there is."""
        said = self._ids.setdefault(urn, set())
        if finding in said:
            return False
        said.add(finding)
        return True

    def unique(self, urn: str, shown_id: str) -> str:
        """Tell findings of one resource apart whose ids differ in a secret, by their order."""
        times = self._shown.setdefault(urn, {})
        times[shown_id] = times.get(shown_id, 0) + 1
        return shown_id if times[shown_id] == 1 else f"{shown_id}#{times[shown_id]}"

    def forget(self, urn: str) -> None:
        self._ids.pop(urn, None)
        self._shown.pop(urn, None)


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
    secrets: Secrets = field(default_factory=Secrets)
    exemptions: Sequence[Exemption] = ()
    undecided_fails: bool = False
    seen: Callable[..., Iterator[Resource]] = lambda *_: iter(())
    """`report.seen(*types)`: what was registered so far in this run, type by type, each in order (rule.types only)."""

    unreadable: set[str] = field(default_factory=set)
    """The URNs of resources that ended a stack check, about which nothing is undecided any more."""

    used: set[Exemption] = field(default_factory=set)
    findings: list[Finding] = field(default_factory=list)
    _said: _Said = field(default_factory=_Said)
    kept: dict[str, Any] = field(default_factory=dict)
    """What a rule keeps from one registration to the next, so that it need not look at all of `seen` each time."""

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
        if resource.part is not None:
            value = resource.part.word(prop, value)
        said = shown(value) if prop and value is not _ABSENT else None
        self._fail(resource, finding, reason, prop, said, remedy)

    def _fail(
        self,
        resource: Resource,
        finding: str,
        reason: str,
        prop: str,
        value: str | None,
        remedy: str,
        *,
        quotes: bool = True,
    ) -> None:
        """Report a violation.

        :param quotes: whether reason and remedy may quote the property.
        """
        veil = self._veil(resource, prop)
        remedy, path, part = remedy or self.remedy, prop, resource.part
        if veil is not None:
            path, reason = veil.path(prop), veil.words(reason, quotes=quotes)
            remedy = veil.words(remedy) if quotes else remedy
            value = None if value is None else veil.value(value)
        if part is not None:
            path, remedy = part.written(path) if prop else "", part.remedy(prop, remedy)
        what = f"{line(path, _NAME)} is {line(value, _TEXT)}: " if value is not None else f"{line(path, _NAME)}: "
        said = f"{what if prop else ''}{line(reason, _TEXT)}. Fix: {line(remedy, _TEXT)}"
        self._add(resource, finding, said, veil)

    def malformed(self, resource: Resource, prop: str, reason: str) -> None:
        """A property that is not of the form AWS documents.

        :param reason: what is wrong with it, without quoting its content.
        """
        remedy = how_to_write(resource, prop, reason)
        self._fail(resource, f"Malformed::{prop}", reason, prop, None, remedy, quotes=False)

    def undecided(
        self, resource: Resource, prop: str, reason: str = "", *, later: bool = False, remedy: str = ""
    ) -> None:
        """A case the rule cannot decide in this run. Shown always; a violation if the setting `undecided` says so.

        :param reason: why, to follow the property; without one its value is not known in this preview.
        :param later: the update will know, so that there is nothing to do before; always so without a reason.
        :param remedy: what decides it now, where the rule's own remedy does not fit.
        """
        if resource.urn in self.unreadable:
            return
        if not reason and is_withheld(resource.inputs, prop):
            reason, remedy = "is a secret that the engine could not decrypt", _DECRYPT
        veil = self._veil(resource, prop)
        path = prop
        if veil is not None:
            path, reason = veil.path(prop), veil.words(reason)
        path = resource.part.written(path) if resource.part is not None else path
        why = line(reason, _TEXT) or "is not known in this preview, because it names what is not made yet"
        if (later or not reason) and not self.undecided_fails:
            todo = "Nothing to do now: the update judges it"
        else:
            todo = f"To be sure now: {line(remedy or self.remedy, _TEXT)}"
        said = f"UNDECIDED, {line(path, _NAME)} {why}. {todo}"
        self._add(resource, f"Undecided::{prop}", said, veil, undecided=True)

    @contextmanager
    def guard(self, resource: Resource) -> Iterator[None]:
        """Judge one resource (or one field of it) inside: whatever goes wrong there is reported, the rest goes on.

        Unknown values become "undecided", malformed properties a finding, and an error in the rule itself a finding
        that says so. The resource check is inside one already; a stack check opens one for each resource.
        """
        try:
            yield
        except Exception as error:  # an error here must not take the other verdicts with it
            self.caught(resource, error)

    def caught(self, resource: Resource, error: Exception) -> None:
        """Report what ended the judging of a resource."""
        if isinstance(error, UnknownValue):
            self.undecided(resource, error.path)
        elif isinstance(error, UnknownValueError):
            self.undecided(resource, ".".join(str(step) for step in error.props))
        elif isinstance(error, Malformed):
            self.malformed(resource, error.path, error.reason)
        else:
            reason = f"the rule could not judge it ({_place(error)})"
            self.fail(resource, f"Unjudged::{type(error).__name__}", reason, remedy=_CHECK)

    def unfinished(self, error: Exception) -> None:
        """Report that a stack check has ended before it has judged every resource, and that none is to blame."""
        self.fail(
            Resource(type="the stack", name="stack", urn="", props=dict),
            f"Unjudged::{type(error).__name__}",
            f"the rule stopped before it had judged every resource ({_place(error)}); no finding does not mean that "
            "there is none",
            remedy=_CHECK,
        )

    def _add(
        self, resource: Resource, finding: str, said: str, veil: Veil | Blind | None, *, undecided: bool = False
    ) -> None:
        # The one place where ids and messages are made, so nothing else need know what can be shown.
        raw = shown_id = identity(_written(resource, finding))
        if resource.read or not self._said.is_new(resource.urn, raw):
            return
        if veil is not None:
            shown_id = self._said.unique(resource.urn, identity(_written(resource, veil.identity(finding))))
        message = f"{line(str(resource), _NAME)}: {said}{urn_line(resource.urn)} [{shown_id}]"
        matching = [
            exemption
            for exemption in self.exemptions
            if any(exemption.covers(resource.urn, id_) for id_ in {raw, shown_id})
        ]
        self.used.update(matching)
        valid = next((exemption for exemption in matching if not exemption.expired), None)
        advisory = undecided and not self.undecided_fails
        if valid is not None:
            owner, why = line(valid.owner, _NAME), line(valid.reason, _TEXT)
            message = f"EXEMPTED until {valid.expires.isoformat()} by {owner} ({why}): {message}"
            advisory = True
        elif matching and not advisory:
            expired = max(matching, key=lambda exemption: exemption.expires)
            owner, why = line(expired.owner, _NAME), line(expired.reason, _TEXT)
            message = (
                f"{message} Its exemption by {owner} ({why}) expired on "
                f"{expired.expires.isoformat()}: fix the finding, or ask {owner} to renew it."
            )
        self.findings.append(Finding(resource.urn, shown_id, message, advisory=advisory, undecided=undecided))

    def _veil(self, resource: Resource, prop: str) -> Veil | Blind | None:
        try:
            return self.secrets.veil(resource, prop)
        except Exception:  # an error here must not take the finding with it, nor show a secret
            return Blind()

    def forget(self, urn: str) -> None:
        """Called when a resource is judged again at registration: what was said of it before no longer counts."""
        self._said.forget(urn)

    def take(self) -> list[Finding]:
        """The findings since the last call."""
        taken, self.findings = self.findings, []
        return taken


def _written(resource: Resource, finding: str) -> str:
    """An id, in which a path is as the program writes it."""
    kind, mark, path = finding.partition("::")
    if resource.part is None or kind not in ("Malformed", "Undecided"):
        return finding
    return f"{kind}{mark}{resource.part.written(path)}"


def _place(error: Exception) -> str:
    """What an error is and where: its own text may quote a property."""
    where = traceback.extract_tb(error.__traceback__)[-1]
    return f"{type(error).__name__} at {Path(where.filename).name}:{where.lineno}"


def urn_line(urn: str) -> str:
    """The line with the resource's URN; nothing for the stack as a whole."""
    return f"\nURN: {line(urn, _URN)}" if urn else ""
