"""A rule of one property as one statement: which values pass, which fail, and what to say of these."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from policies.framework.accepts import accepted, any_last, form, samples
from policies.framework.report import Report
from policies.framework.resources import Resource
from policies.framework.values import Unknown, path_of, peek
from policies.framework.within import Place, Within, itself

_PATH = re.compile(r"[A-Za-z]\w*(\.[A-Za-z]\w*)*")
_FINDING = re.compile(r"[A-Z][A-Za-z0-9]*(::\w+)?")


class Has:
    """A condition: a property has one of these values, plain ones or those of `accepts`.

    :param otherwise: a value that is none of them, for the examples; `None` is a property that is not set.
    """

    def __init__(self, path: str, *values: object, otherwise: object = None) -> None:
        self.path = path
        self.values = values
        self.otherwise = otherwise
        if not _PATH.fullmatch(path) or not samples(values):
            raise ValueError(f"Has({path!r}): give it a path such as 'a.b' and a value")
        if self._accepts(otherwise):
            raise ValueError(f"Has({path!r}): otherwise={otherwise!r} is one of its values")

    def holds(self, root: object, *above: str | int) -> bool | Unknown:
        """Whether a resource's inputs, or the block at a path, meet it; unknown while the property is.

        :raises Malformed: a step of the path is no object.
        """
        steps = (*above, *self.path.split("."))
        value = peek(root, *steps)
        return Unknown(path_of(*steps)) if isinstance(value, Unknown) else self._accepts(value)

    def _accepts(self, value: object) -> bool:
        return any(accepted(value, self.values, {}, last=last) for last in (False, True))


@dataclass(frozen=True)
class Must:
    """One property that must have a good value wherever it is looked up.

    A value that neither `good` nor `bad` accepts is reported as malformed, and one that is not known yet as
    undecided. The passing, failing, absent, malformed and unknown examples follow from the same statement.

    :ivar path: the property, as `logConfiguration.logDriver`.
    :ivar good: values that pass. One of the two lists must hold `None`, which is a property that is not set.
    :ivar bad: values that fail.
    :ivar finding: what findings are called: `Privileged` gives `Privileged::web` for the container or resource web. A
        whole id such as `DefaultSecurityGroup::ingress` stays as it is.
    :ivar reason: why a bad value matters, as the end of the sentence "<property> is <value>: ".
    :ivar unset: why it matters that the property is not set, where that needs other words.
    :ivar within: where the property is: `itself`, or what `blocks` makes.
    :ivar types: the resource types, if they are not all of the rule's.
    :ivar where: judge only blocks that meet this.
    :ivar when: judge only resources that meet this.
    :ivar unless: skip resources that meet this.
    :ivar remedy: what to do, where the rule's own remedy does not fit; `{path}` is the property's full path.
    :raises ValueError: the statement cannot work; the message says what to change.
    """

    path: str
    good: tuple[object, ...]
    bad: tuple[object, ...]
    finding: str
    reason: str
    unset: str = ""
    within: Within = itself
    types: tuple[str, ...] = ()
    where: Has | None = None
    when: Has | None = None
    unless: Has | None = None
    remedy: str = ""

    def __post_init__(self) -> None:
        if problem := next(self._problems(), None):
            raise ValueError(f"Must({self.path!r}): {problem}")

    def judge(self, resource: Resource, report: Report) -> None:
        """Judge one resource."""
        with report.guard(resource):
            applies = self._applies(resource)
            if applies is False:
                return
            names = [*self.path.split("."), *(self.where.path.split(".") if self.where else ())]
            for place in self.within.places(resource, names):
                with report.guard(resource):
                    self._judge(resource, place, applies, report)

    def _judge(self, resource: Resource, place: Place, applies: bool | Unknown, report: Report) -> None:
        here = self.where.holds(place.root, *place.path) if self.where else True
        if here is False:
            return
        if applies is True:
            applies = here
        steps = (*place.path, *self.path.split("."))
        value, path = peek(place.root, *steps), path_of(*steps)
        if isinstance(value, Unknown):
            report.undecided(resource, path)
            return
        passes, remedy = self._passes(value, report), self.remedy.replace("{path}", path)
        if passes is None:
            report.malformed(resource, path, f"must be {form((*self.good, *self.bad))}")
        elif not passes and isinstance(applies, Unknown):
            report.undecided(resource, applies.path)
        elif not passes:
            finding = self.finding if "::" in self.finding else f"{self.finding}::{place.name(resource)}"
            reason = self.unset if value in (None, "") and self.unset else self.reason
            report.fail(resource, finding, reason, prop=path, value=value, remedy=remedy)

    def _passes(self, value: object, report: Report) -> bool | None:
        """Whether a value is good; `None` if it is neither good nor bad."""
        for last in (False, True):
            if accepted(value, self.bad, report.settings, last=last):
                return False
            if accepted(value, self.good, report.settings, last=last):
                return True
        return None

    def _applies(self, resource: Resource) -> bool | Unknown:
        needed = self.when.holds(resource.inputs) if self.when else True
        excluded = self.unless.holds(resource.inputs) if self.unless else False
        if needed is False or excluded is True:
            return False
        return needed if excluded is False else excluded

    def _problems(self) -> Iterator[str]:
        if not _PATH.fullmatch(self.path):
            yield "the path is property names with dots between them; within=blocks(...) reaches into lists"
        if not _FINDING.fullmatch(self.finding):
            yield f"finding {self.finding!r} must be a word such as PublicIp, or an id such as PublicIp::web"
        if self.where and self.within is itself:
            yield "where is a condition on blocks; use when for one on the resource"
        if not self.reason or self.reason.endswith("."):
            yield "reason must be the end of a sentence, without its full stop"
        for name, values in (("good", self.good), ("bad", self.bad)):
            if not samples(values):
                yield f"{name} must hold a value that an example can show"
        both = [
            value
            for one, other in ((self.good, self.bad), (self.bad, self.good))
            for value, settings in samples(one)
            if accepted(value, other, settings)
        ]
        if any_last(self.good) and any_last(self.bad):
            yield "any_text(...) is both good and bad; remove one"
        if both:
            yield f"{both[0]!r} is both good and bad; remove one"
        if not any(value is None for value in (*self.good, *self.bad)):
            yield "add None to good or bad: it says what a property is that is not set"
