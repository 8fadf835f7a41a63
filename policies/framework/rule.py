"""What a rule consists of. A rule is plain data and two functions; nothing here starts or builds an SDK object."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from pulumi_policy import Severity

from policies.framework.examples import Example
from policies.framework.report import Report
from policies.framework.resources import Resource, Stack

__all__ = ["Rule", "SettingSchema", "Severity"]

SettingSchema = Mapping[str, Any]
"""The JSON Schema of one setting, with `default` and `description`."""

_NAME = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")


@dataclass(frozen=True, kw_only=True)
class Rule:
    """One demand on the resources of a stack."""

    name: str
    """Kebab case, the file's name with dashes: `ecr-scan-on-push` is `rules/ecr_scan_on_push.py`. Settings name it."""

    title: str
    """A few words for lists and tables."""

    description: str
    """One sentence saying what is demanded. It stands above every message, so it is not to be repeated in them."""

    severity: Severity
    """How bad a finding is; the level (advisory, mandatory) is the pack's choice."""

    controls: tuple[str, ...]
    """The same demand elsewhere: Security Hub, CIS, Checkov, Trivy ids."""

    remedy: str
    """What to write to be rid of a finding; ends every message."""

    url: str
    """The AWS document behind it."""

    types: tuple[str, ...]
    """Every resource type the rule reads. Others are not even decoded for it."""

    settings: Mapping[str, SettingSchema] = field(default_factory=dict)
    """What the pack's JSON configuration may say beside level, `exemptions` and `undecided`."""

    check: Callable[[Resource, Report], None] | None = None
    """Judges one resource of `types` at its registration, before it is created, at preview and at update alike."""

    check_stack: Callable[[Stack, Report], None] | None = None
    """Judges relations between resources: at the end of a preview, before anything is created, and of an update."""

    remediate: Callable[[Resource, dict[str, Any]], bool] | None = None
    """Puts the fix into the given inputs at level `remediate` and says whether it changed any. Keeps unknown values:
    they arrive as ordinary text here, so it writes, and decides by `resource.props` if it must read."""

    examples: tuple[Example, ...] = ()
    """Its passing, failing and unknown cases."""

    def __post_init__(self) -> None:
        if not _NAME.fullmatch(self.name):
            raise ValueError(f"rule {self.name!r}: a rule's name is kebab case")
        if self.check is None and self.check_stack is None:
            raise ValueError(f"rule {self.name}: neither check nor check_stack is given")
        if not self.types:
            raise ValueError(f"rule {self.name}: no resource types are given")
        reserved = {"exemptions", "undecided", "enforcementLevel"} & set(self.settings)
        if reserved:
            raise ValueError(f"rule {self.name}: {sorted(reserved)} belong to every rule already")
        undefaulted = [name for name, schema in self.settings.items() if "default" not in schema]
        if undefaulted:
            raise ValueError(f"rule {self.name}: settings without a default: {undefaulted}")

    @property
    def kind(self) -> str:
        """`resource`, `stack`, or `resource and stack`: when it speaks."""
        if self.check is None:
            return "stack"
        return "resource" if self.check_stack is None else "resource and stack"
