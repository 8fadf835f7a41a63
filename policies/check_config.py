"""Checks a pack's configuration file without the engine: `python -m policies.check_config --pack images FILE`.

The pack checks the same itself when the engine hands the file over; one mistake it never gets to see, settings without
a level for a rule that does not exist, which the engine refuses as `invalid enforcement level ""` without a name.
"""

import argparse
import json
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from policies.catalog import PACKS, RULES
from policies.framework.configuration import problems

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
    return found + problems(pack, [RULES[name] for name, _ in PACKS[pack]], by_rule)


def main(arguments: list[str] | None = None) -> int:
    """The command line. Returns the exit code."""
    parser = argparse.ArgumentParser(
        prog="python -m policies.check_config", description=(__doc__ or "").partition(":")[0]
    )
    parser.add_argument("--pack", choices=list(PACKS), default="all", help="default: %(default)s")
    parser.add_argument("file", type=Path, metavar="FILE")
    given = parser.parse_args(arguments)
    try:
        found = problems_of(given.pack, json.loads(given.file.read_text(encoding="utf-8")))
    except OSError as problem:
        found = [f"{given.file} cannot be read: {problem.strerror}"]
    except (json.JSONDecodeError, UnicodeDecodeError) as problem:
        found = [f"{given.file} is not JSON: {problem}"]
    for line in found:
        print(line, file=sys.stderr)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
