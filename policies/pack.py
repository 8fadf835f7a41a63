"""Builds and serves a pack. The only place where rules become policies of the SDK: its constructor never returns."""

import gc

import pulumi_policy.policy as sdk
from pulumi_policy import EnforcementLevel, PolicyPack

from policies.catalog import PACKS, RULES
from policies.framework.servicer import PackServicer, RulePolicy

GARBAGE = 1_000_000
"""How many new objects make Python look for garbage: a pack lives for one run, and what it has read stays."""


def policies_of(pack: str) -> list[sdk.Policy]:
    """The SDK policies of a pack, in the order of the catalog."""
    return [RulePolicy(RULES[name], EnforcementLevel(level)) for name, level in PACKS[pack]]


def build_pack(pack: str) -> None:
    """Serve a pack to the engine that started this process; returns when the engine ends it."""
    gc.set_threshold(GARBAGE)
    # PolicyPack makes its servicer by this name; ours is the same one with the calls of its docstring replaced.
    sdk._PolicyAnalyzerServicer = PackServicer  # type: ignore[assignment, misc]
    PolicyPack(name=pack, policies=policies_of(pack), enforcement_level=EnforcementLevel.MANDATORY)
