"""A rule that every resource of one type has one of another type as one statement."""

import re
from dataclasses import dataclass

from policies.framework.ids import Ids
from policies.framework.report import Report
from policies.framework.resources import Stack
from policies.framework.values import Unknown, peek

_TYPE = re.compile(r"[\w-]+:[\w-]+(/[\w-]+)?:\w+")
_NAMES = ("name", "arn")


@dataclass(frozen=True)
class ExistsFor:
    """What `exists_for` makes; its parameters are documented there."""

    type: str
    behind: str
    finding: str
    reason: str
    remedy: str = ""
    types: tuple[str, ...] = ()
    setting: str = ""

    def judge(self, stack: Stack, report: Report) -> None:
        """Judge a whole stack."""
        if self.setting and not report.settings[self.setting]:
            return
        ids = Ids(stack, self.types, also=_NAMES)
        having: set[str] = set()
        unclear = ""
        for other in stack.of_type(self.type):
            with report.guard(other):
                value = peek(other.inputs, *self.behind.split("."))
                named = ids.named(other, self.behind.split(".")[0], value, self.types)
                having |= {resource.urn for resource in named}
                if not named and isinstance(value, Unknown):
                    unclear = f"{other.name}.{self.behind}"
        for resource in stack.of_type(*self.types):
            if resource.urn in having:
                continue
            if unclear:
                report.undecided(resource, unclear)
            else:
                report.fail(resource, f"{self.finding}::{resource.name}", self.reason, remedy=self.remedy)


def exists_for(
    type: str,  # noqa: A002  (the engine's own word)
    *,
    behind: str,
    finding: str,
    reason: str,
    remedy: str = "",
    types: tuple[str, ...] = (),
    setting: str = "",
) -> ExistsFor:
    """Every resource of the rule has one of another type.

    Judged at the end of the preview and of the update. While a resource of that type does not show yet which one it is
    for, those that have none are undecided.

    :param type: the other type: `aws:ecr/lifecyclePolicy:LifecyclePolicy`.
    :param behind: its property that names the one it is for by id, name or ARN, or is computed from it: `repository`.
    :param finding: what findings are called: `LifecyclePolicy` gives `LifecyclePolicy::app`.
    :param reason: what is wrong with a resource that has none, as a sentence without its full stop.
    :param types: the types of those that must have one, if they are not all of the rule's.
    :param setting: a setting of the rule, true or false, without which this is not demanded.
    :raises ValueError: the statement cannot work; the message says what to change.
    """
    where = f"exists_for({type!r})"
    if not _TYPE.fullmatch(type):
        raise ValueError(f"{where}: the type is a token such as aws:ec2/vpc:Vpc")
    if not behind or not finding or not reason or reason.endswith("."):
        raise ValueError(f"{where}: behind, finding and reason are required, and reason has no full stop")
    return ExistsFor(type, behind, finding, reason, remedy, types, setting)
