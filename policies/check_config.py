"""Checks a pack's configuration file without the engine: `python -m policies.check_config --pack images FILE`.

The pack checks the same itself when the engine hands the file over; one mistake it never gets to see, settings without
a level for a rule that does not exist, which the engine refuses as `invalid enforcement level ""` without a name.
"""

import argparse
import json
import re
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from policies.catalog import PACKS, RULES
from policies.framework.configuration import problems, schema

_LEVELS = ("advisory", "mandatory", "remediate", "disabled")


def problems_of(pack: str, config: object) -> list[str]:
    """Everything wrong with the content of a configuration file, one sentence each."""
    if not isinstance(config, Mapping):
        return ["the configuration must be a JSON object of rule names"]
    found: list[str] = []
    by_rule: dict[str, Mapping[str, Any]] = {}
    for name, given in config.items():
        if name == "environments":
            continue
        level = given.get("enforcementLevel", _LEVELS[0]) if isinstance(given, Mapping) else given
        if level not in _LEVELS:
            found.append(f"{name}: {level!r} is not a level; use one of {', '.join(_LEVELS)}")
        by_rule[name] = given if isinstance(given, Mapping) else {}
    mistyped = {name: _mistyped(name, settings) for name, settings in by_rule.items() if name in RULES}
    found += [problem for wrong in mistyped.values() for problem in wrong.values()]
    rest = {
        name: {key: value for key, value in settings.items() if key not in mistyped.get(name, {})}
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
        config = json.loads(file.read_text(encoding="utf-8"), object_pairs_hook=once)
    except OSError as problem:
        return [f"{file.name} cannot be read: {problem.strerror}"]
    except json.JSONDecodeError as problem:
        return [f"{file.name}, line {problem.lineno}: is not JSON: {problem.msg}"]
    except (UnicodeDecodeError, RecursionError, ValueError) as problem:
        return [f"{file.name} is not JSON: {problem}"]
    return [f"{file.name}: {problem}" for problem in [*repeated, *problems_of(pack, config)]]


_KINDS: dict[str, tuple[type | tuple[type, ...], str]] = {
    "array": (list, "a list"),
    "boolean": (bool, "true or false"),
    "integer": (int, "a whole number"),
    "number": ((int, float), "a number"),
    "object": (dict, "an object"),
    "string": (str, "text"),
}


def _mistyped(name: str, settings: Mapping[str, Any]) -> dict[str, str]:
    """What is of another type than the rule's setting, by setting; the engine says the same in a schema's words."""
    found = {}
    for key, wanted in schema(RULES[name]).items():
        if key in settings and (said := _mismatch(wanted, settings[key])):
            found[key] = f"{name}: {key}{said}" if said.startswith("[") else f"{name}: {key} {said}"
    return found


def _mismatch(wanted: Mapping[str, Any], value: Any) -> str:
    kind, words = _KINDS.get(wanted.get("type", ""), (object, ""))
    if not isinstance(value, kind) or (isinstance(value, bool) and kind is not bool and kind is not object):
        return f"is {json.dumps(value)[:60]}, but must be {words}"
    if "enum" in wanted and value not in wanted["enum"]:
        return f"is {json.dumps(value)[:60]}, but must be one of {', '.join(map(str, wanted['enum']))}"
    if "minimum" in wanted and not wanted["minimum"] <= value <= wanted["maximum"]:
        return f"is {value}, but must be from {wanted['minimum']} to {wanted['maximum']}"
    if (pattern := wanted.get("pattern")) and not re.search(pattern, str(value)):
        return f"is {json.dumps(value)[:60]}, but must begin with {pattern.removeprefix('^')}"
    if isinstance(value, list) and wanted.get("items", {}).get("type") != "object":
        for index, item in enumerate(value):
            if said := _mismatch(wanted.get("items", {}), item):
                return f"[{index}] {said}"
    return ""


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
