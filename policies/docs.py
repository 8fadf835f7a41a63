"""Writes the rules into policies/README.md: `python -m policies.docs`, or `--check` to see whether they are true."""

import argparse
import sys
from pathlib import Path

from policies.catalog import PACKS, RULES
from policies.framework.rule import Rule

README = Path(__file__).resolve().parent / "README.md"
_BEGIN, _END = "<!-- rules: python -m policies.docs -->", "<!-- /rules -->"


def table() -> str:
    """Every rule with what it demands, its packs, its settings and the same demand elsewhere."""
    return "\n\n".join(_section(rule) for rule in RULES.values())


def rendered(text: str) -> str:
    """A README with the part between the markers renewed.

    :raises ValueError: the markers are missing.
    """
    before, begin, rest = text.partition(_BEGIN)
    _, end, after = rest.partition(_END)
    if not begin or not end:
        raise ValueError(f"{README.name} lacks the markers {_BEGIN} and {_END}")
    return f"{before}{_BEGIN}\n\n{table()}\n\n{_END}{after}"


def _section(rule: Rule) -> str:
    packs = [f"{pack} ({level})" for pack, selected in PACKS.items() for name, level in selected if name == rule.name]
    lines = [
        f"### `{rule.name}`",
        "",
        f"{rule.description} [AWS]({rule.url})",
        "",
        "| | |",
        "|---|---|",
        f"| severity | {rule.severity.value} |",
        f"| judged | {_WHEN[rule.kind]}{', can remediate' if rule.remediate else ''} |",
        f"| packs | {', '.join(packs)} |",
        f"| also known as | {', '.join(rule.controls)} |",
        f"| fix | {rule.remedy} |",
    ]
    lines += [
        f"| setting `{name}` | {schema.get('description', '')} Default: `{schema['default']!r}` |"
        for name, schema in rule.settings.items()
    ]
    return "\n".join(lines)


_WHEN = {
    "resource": "at registration, before the resource is created",
    "stack": "at the end of the preview and of the update",
    "resource and stack": "at registration if that is enough, else at the end of the preview and of the update",
}


def main(arguments: list[str] | None = None) -> int:
    """The command line. Returns the exit code."""
    parser = argparse.ArgumentParser(prog="python -m policies.docs", description=(__doc__ or "").partition(":")[0])
    parser.add_argument("--check", action="store_true", help="change nothing; exit 1 if the table is out of date")
    check = parser.parse_args(arguments).check
    text = README.read_text(encoding="utf-8")
    new = rendered(text)
    if check:
        if new != text:
            print(f"{README.name} is out of date: run `python -m policies.docs`", file=sys.stderr)
        return int(new != text)
    README.write_text(new, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
