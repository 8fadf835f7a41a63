"""What a rule is written with. `policies/README.md` shows how.

A rule imports its names from here; only `policies.pack` reaches into the modules behind them.
"""

from policies.framework.examples import UNKNOWN, Example, Expect, Provider, Res, SecretValue
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

__all__ = [
    "UNKNOWN",
    "Example",
    "Expect",
    "Malformed",
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
    "elements",
    "is_known",
    "parse_json",
    "peek",
    "plain",
    "read",
    "shown",
    "wildcard_match",
]
