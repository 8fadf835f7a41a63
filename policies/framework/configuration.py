"""A pack's JSON configuration (`--policy-pack-config`), checked here: the engine takes any rule name in silence."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any

from policies.framework.exemptions import SCHEMA as EXEMPTIONS
from policies.framework.exemptions import Exemption
from policies.framework.rule import Rule
from policies.framework.values import plain

UNDECIDED: dict[str, Any] = {
    "type": "string",
    "enum": ["advisory", "mandatory"],
    "default": "advisory",
    "description": "What an undecided case is: shown (advisory) or a violation (mandatory).",
}
_EVERY, _ENVIRONMENTS = "all", "environments"
"""What is no rule: the level of every rule, and what Pulumi Cloud adds the configuration from."""


@dataclass(frozen=True)
class RuleSettings:
    """What the configuration says to one rule, defaults filled in."""

    settings: Mapping[str, Any]
    exemptions: Sequence[Exemption]
    undecided_fails: bool


def schema(rule: Rule) -> dict[str, dict[str, Any]]:
    """The JSON Schemas of everything a rule can be told, by setting. The engine checks types and values with them."""
    return {
        **{name: dict(value) for name, value in rule.settings.items()},
        "exemptions": EXEMPTIONS,
        "undecided": UNDECIDED,
    }


def problems(pack: str, rules: Sequence[Rule], config: Mapping[str, Mapping[str, Any]]) -> list[str]:
    """Everything wrong with a configuration that no schema can see, each with what would be right.

    :param config: settings by rule, without levels.
    """
    by_name = {rule.name: rule for rule in rules}
    found: list[str] = []
    for name, settings in config.items():
        if name == _EVERY and (others := sorted(set(settings) - {"enforcementLevel"})):
            found.append(f"{_EVERY}: takes a level only; give {', '.join(others)} to each rule")
        if name in (_EVERY, _ENVIRONMENTS):
            continue
        if name not in by_name:
            found.append(
                f"unknown rule {name!r} in the configuration of pack {pack}: {_nearest(name, sorted(by_name))}"
            )
            continue
        known = schema(by_name[name])
        found += [
            f"{name}: unknown setting {key!r}: {_nearest(key, [*known, 'enforcementLevel'])}"
            for key in settings
            if key not in known and key != "enforcementLevel"
        ]
        for index, entry in enumerate(settings.get("exemptions") or ()):
            try:
                Exemption.parse(entry)
            except ValueError as problem:
                found.append(f"{name}: exemptions[{index}] {problem}")
    return found


def settings_of(rule: Rule, config: Mapping[str, Any]) -> RuleSettings:
    """What a checked configuration says to a rule.

    :raises ValueError: an exemption is incomplete; `problems` reports it beforehand.
    """
    given = plain(config)
    defaults = {name: value["default"] for name, value in schema(rule).items()}
    settings = {**defaults, **given}
    return RuleSettings(
        settings={name: settings[name] for name in rule.settings},
        exemptions=tuple(Exemption.parse(entry) for entry in settings["exemptions"] or ()),
        undecided_fails=settings["undecided"] == "mandatory",
    )


def _nearest(name: str, known: Sequence[str]) -> str:
    near = get_close_matches(name, known, n=1, cutoff=0.4)
    every = f"it has {', '.join(known)}"
    return f"did you mean {near[0]!r}? ({every})" if near else every
