"""What a rule consists of. A rule is plain data and two functions; nothing here starts or builds an SDK object."""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Literal

from pulumi_policy import Severity

from policies.framework.examples import Example
from policies.framework.report import Report
from policies.framework.resources import Resource, Stack
from policies.framework.types import types_of

__all__ = ["EVERYTHING", "Level", "Rule", "SettingSchema", "Severity"]

Level = Literal["advisory", "mandatory", "remediate", "disabled"]
"""What a finding does: `advisory` shows it, `mandatory` stops the run, `remediate` fixes it first."""

EVERYTHING = "all"
"""The pack of every rule. No rule names it."""

SettingSchema = Mapping[str, Any]
"""The JSON Schema of one setting, with `default` and `description`."""

_NAME = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")


@dataclass(frozen=True, kw_only=True)
class Rule:
    """One demand on the resources of a stack."""

    name: str
    """Kebab case, folder and file with dashes: `ecr-scan-on-push` is `rules/ecr/scan_on_push.py`. Settings name it."""

    title: str
    """A few words for lists and tables."""

    description: str
    """One sentence saying what is demanded. It precedes every message, so messages do not repeat it."""

    severity: Severity
    """How bad a finding is. The level says what a finding does."""

    packs: tuple[str, ...]
    """The packs that select it, each a folder in `packs/`. The pack `all` has every rule."""

    level: Level = "mandatory"
    """Its level in these packs, unless their configuration sets another."""

    controls: tuple[str, ...]
    """The same demand elsewhere: Security Hub, CIS, Checkov, Trivy ids."""

    remedy: str
    """What to write to be rid of a finding; ends every message."""

    url: str
    """The AWS document behind it."""

    types: tuple[str, ...]
    """Every resource type the rule reads, by the one name it has in rules. Others are not even decoded for it."""

    settings: Mapping[str, SettingSchema] = field(default_factory=dict)
    """What the pack's JSON configuration may say beside level, `exemptions` and `undecided`."""

    check: Callable[[Resource, Report], None] | None = None
    """Judges one resource of `types` at its registration, before it is created, at preview and at update alike."""

    check_stack: Callable[[Stack, Report], None] | None = None
    """Judges relations between resources: at the end of a preview, before anything is created, and of an update."""

    remediate: Callable[[Resource, dict[str, Any]], bool] | None = None
    """Puts the fix into the given inputs at level `remediate` and says whether it changed any. Keeps unknown values:
    they arrive as ordinary text here, so it writes, and decides by `resource.props` if it must read."""

    cases: Callable[[], Iterable[Example]] = tuple
    """Makes its examples. Only tests call it, so a pack that starts does not build them."""

    def __post_init__(self) -> None:
        if not _NAME.fullmatch(self.name):
            raise ValueError(f"rule {self.name!r}: a rule's name is kebab case")
        if self.check is None and self.check_stack is None:
            raise ValueError(f"rule {self.name}: neither check nor check_stack is given")
        if not self.types:
            raise ValueError(f"rule {self.name}: no resource types are given")
        others = {type_: types_of(type_) for type_ in self.types if types_of(type_) != (type_,)}
        if others:
            raise ValueError(f"rule {self.name}: types have other names in rules: {others}")
        if not self.packs or EVERYTHING in self.packs:
            raise ValueError(f"rule {self.name}: name its packs, without {EVERYTHING}, which has every rule")
        reserved = {"exemptions", "undecided", "enforcementLevel"} & set(self.settings)
        if reserved:
            raise ValueError(f"rule {self.name}: {sorted(reserved)} belong to every rule already")
        undefaulted = [name for name, schema in self.settings.items() if "default" not in schema]
        if undefaulted:
            raise ValueError(f"rule {self.name}: settings without a default: {undefaulted}")

    @cached_property
    def examples(self) -> tuple[Example, ...]:
        """Its passing, failing and unknown cases."""
        return tuple(self.cases())

    @property
    def kind(self) -> str:
        """`resource`, `stack`, or `resource and stack`: what it judges."""
        if self.check is None:
            return "stack"
        return "resource" if self.check_stack is None else "resource and stack"
