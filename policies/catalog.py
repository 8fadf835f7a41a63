"""Every rule, found by its file, and what each pack selects. A new rule is one file in `rules/<service>/`."""

from collections.abc import Mapping
from importlib import import_module
from pathlib import Path

from policies.framework.rule import EVERYTHING, Rule

_RULES = Path(__file__).resolve().parent / "rules"
_SHARED = "common"
"""The folder of `rules/` that holds what several services share, and no rules."""


def discover(folder: Path = _RULES, package: str = "policies.rules") -> dict[str, Rule]:
    """The rules of a folder by name, in the order of their files: the `RULE` of every module that is not private.

    :raises ValueError: a module has no rule, or its rule has another name than its file.
    """
    found: dict[str, Rule] = {}
    for file in sorted(folder.glob("[!_]*/[!_]*.py")):
        service = file.parent.name
        if service == _SHARED:
            continue
        rule: Rule | None = getattr(import_module(f"{package}.{service}.{file.stem}"), "RULE", None)
        name = f"{service}-{file.stem}".replace("_", "-")
        if rule is None:
            raise ValueError(
                f"{file} defines no RULE: add one, or begin the file's name with _ if it only helps others"
            )
        if rule.name != name:
            raise ValueError(f"{file} holds the rule {rule.name}: name it {name}, as its folder and file say")
        found[name] = rule
    return found


def packs_of(rules: Mapping[str, Rule]) -> dict[str, tuple[tuple[str, str], ...]]:
    """What each pack selects: the packs that the rules name, and one with every rule."""
    themes = sorted({pack for rule in rules.values() for pack in rule.packs})
    return {
        **{
            theme: tuple((name, str(rule.level)) for name, rule in rules.items() if theme in rule.packs)
            for theme in themes
        },
        EVERYTHING: tuple((name, str(rule.level)) for name, rule in rules.items()),
    }


RULES: Mapping[str, Rule] = discover()
"""The rules by name, in the order they run and are listed."""

PACKS: Mapping[str, tuple[tuple[str, str], ...]] = packs_of(RULES)
"""What each pack selects: rule name and level, which the pack's configuration can change."""
