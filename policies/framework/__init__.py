"""What a rule is written with. `policies/README.md` shows how.

A rule imports its names from here; only `policies.pack` reaches into the modules behind them.
"""

from policies.framework.accepts import any_text, filled, listed_in, matching
from policies.framework.examples import UNKNOWN, Example, Expect, Provider, Res, SecretValue
from policies.framework.exists import exists_for
from policies.framework.ids import Ids
from policies.framework.must import Has, Must
from policies.framework.property_rule import property_rule
from policies.framework.report import Report
from policies.framework.resources import Resource, Stack
from policies.framework.rule import Rule, SettingSchema, Severity
from policies.framework.values import (
    Malformed,
    Unknown,
    elements,
    is_known,
    parse_json,
    peek,
    plain,
    read,
    shown,
    wildcard_match,
)
from policies.framework.within import blocks, itself

__all__ = [
    "UNKNOWN",
    "Example",
    "Expect",
    "Has",
    "Ids",
    "Malformed",
    "Must",
    "Provider",
    "Report",
    "Res",
    "Resource",
    "Rule",
    "SecretValue",
    "SettingSchema",
    "Severity",
    "Stack",
    "Unknown",
    "any_text",
    "blocks",
    "elements",
    "exists_for",
    "filled",
    "is_known",
    "itself",
    "listed_in",
    "matching",
    "parse_json",
    "peek",
    "plain",
    "property_rule",
    "read",
    "shown",
    "wildcard_match",
]
