"""Checks a pack's configuration file without the engine: `python -m policies.check_config --pack images FILE`.

The pack checks the same itself when the engine hands the file over; one mistake it never gets to see, settings without
a level for a rule that does not exist, which the engine refuses as `invalid enforcement level ""` without a name.
"""

import argparse
import json
import math
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from policies.catalog import PACKS, RULES
from policies.framework.configuration import problems, schema
from policies.framework.schemas import mismatches
from policies.framework.texts import CUT, printable

_LEVELS = ("advisory", "mandatory", "remediate", "disabled")
_SHOWN = 30
_ENVIRONMENTS = {"type": "array", "items": {"type": "string"}}


def problems_of(pack: str, config: object) -> list[str]:
    """Everything wrong with the content of a configuration file, one sentence each."""
    if not isinstance(config, Mapping):
        return ["the configuration must be a JSON object of rule names"]
    found: list[str] = []
    by_rule: dict[str, Mapping[str, Any]] = {}
    for name, given in config.items():
        if name == "environments":
            found += mismatches(_ENVIRONMENTS, given, name)
            continue
        level = given.get("enforcementLevel", _LEVELS[0]) if isinstance(given, Mapping) else given
        if level not in _LEVELS:
            written = repr(level) if isinstance(level, str) else json.dumps(level)[:60]
            found.append(f"{name}: {written} is not a level; use one of {', '.join(_LEVELS)}")
        by_rule[name] = given if isinstance(given, Mapping) else {}
    wrong = {name: _mistyped(name, settings) for name, settings in by_rule.items() if name in RULES}
    found += [problem for mistyped in wrong.values() for said in mistyped.values() for problem in said]
    rest = {
        name: {key: value for key, value in settings.items() if key not in wrong.get(name, {})}
        for name, settings in by_rule.items()
    }
    return found + problems(pack, [RULES[name] for name, _ in PACKS[pack]], rest)


def problems_in(pack: str, file: Path) -> list[str]:
    """Everything wrong with a configuration file, one sentence each that begins with the file's name."""
    repeated: list[str] = []

    def once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        keys = [key for key, _ in pairs]
        repeated.extend(sorted({f"{key} is written twice; keep one" for key in keys if keys.count(key) > 1}))
        return dict(pairs)

    try:
        content = file.read_text(encoding="utf-8")
        if content.startswith("\ufeff"):
            return [f"{file.name} begins with a byte order mark; save it as UTF-8 without one"]
        # The engine takes an empty file too.
        config = json.loads(
            content if content.strip() else "{}",
            object_pairs_hook=once,
            parse_int=_number,
            parse_float=_number,
            parse_constant=_TooLarge,
        )
    except OSError as problem:
        return [f"{file.name} cannot be read: {problem.strerror}"]
    except json.JSONDecodeError as problem:
        return [f"{file.name}, line {problem.lineno}: is not JSON: {problem.msg}"]
    except RecursionError:
        return [f"{file.name} is nested too deeply to read"]
    except UnicodeDecodeError as problem:
        return [f"{file.name} is not UTF-8: byte {problem.start} is {problem.object[problem.start]:#x}"]
    found = list(_unreadable(config, "")) or problems_of(pack, config)
    return [printable(f"{file.name}: {problem}") for problem in [*repeated, *found]]


class _TooLarge(float):
    """What is written as a number and is none that the engine can read."""

    def __new__(cls, text: str) -> "_TooLarge":
        """Keep the text."""
        made = super().__new__(cls, "inf")
        made.text = text if len(text) <= _SHOWN else f"{text[:_SHOWN]}{CUT}"
        return made

    text: str


def _number(text: str) -> float:
    """A number as the engine reads it."""
    if math.isinf(float(text)):
        return _TooLarge(text)
    return float(text) if set(".eE") & set(text) else int(text)


def _unreadable(value: Any, path: str) -> Iterator[str]:
    if isinstance(value, _TooLarge):
        yield f"{path} is {value.text}, which is no number that the engine can read"
    elif isinstance(value, dict):
        for key, item in value.items():
            yield from _unreadable(item, f"{path}.{key}" if path else key)
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from _unreadable(item, f"{path}[{index}]")


def _mistyped(name: str, settings: Mapping[str, Any]) -> dict[str, list[str]]:
    """What is not as the schemas of the rule's settings say, by setting."""
    found = {}
    for key, wanted in schema(RULES[name]).items():
        if key in settings and (said := list(mismatches(_outer(key, wanted), settings[key], key))):
            found[key] = [f"{name}: {problem}" for problem in said]
    return found


def _outer(key: str, wanted: Mapping[str, Any]) -> Mapping[str, Any]:
    """A setting's schema; of exemptions that of the list, as `problems` has better words for what is in it."""
    return {**wanted, "items": {}} if key == "exemptions" else wanted


def main(arguments: list[str] | None = None) -> int:
    """The command line. Returns the exit code."""
    parser = argparse.ArgumentParser(
        prog="python -m policies.check_config", description=(__doc__ or "").partition(":")[0]
    )
    parser.add_argument("--pack", choices=list(PACKS), default="all", help="default: %(default)s")
    parser.add_argument("file", type=Path, metavar="FILE")
    given = parser.parse_args(arguments)
    found = problems_in(given.pack, given.file)
    for line in found:
        print(line, file=sys.stderr)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
