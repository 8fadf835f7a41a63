"""Writes what pages quote of the gallery, `examples/settings/`: `python -m examples.quotes`.

A page marks a quote with `<!-- EXAMPLE: https.yaml loadBalancer.domain -->`: the file, and the settings to show. The
block of YAML that follows is replaced by those lines of the file.
"""

import re
from collections.abc import Iterable
from pathlib import Path
from typing import Final

import yaml

from settings import KEY

ROOT: Final = Path(__file__).resolve().parents[1]
GALLERY: Final = ROOT / "examples" / "settings"
MARK: Final = re.compile(r"(?ms)^(<!-- EXAMPLE: (\S+)((?: [\w.-]+)+) -->\n)```yaml\n.*?^```$")


def pages() -> list[Path]:
    """Return the pages that may quote."""
    return [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]


def rendered(page: str) -> str:
    """Return a page with its quotes as the files are now.

    Raises:
        ValueError: a quote is of a file or a setting that does not exist.
    """
    return MARK.sub(lambda found: f"{found[1]}```yaml\n{_quote(found[2], found[3].split())}\n```", page)


def _quote(name: str, paths: Iterable[str]) -> str:
    file = GALLERY / name
    if not file.is_file():
        raise ValueError(f"{name} is not in {GALLERY.relative_to(ROOT)}")
    text = file.read_text()
    _, config = _entry(yaml.compose(text), "config", name)
    _, platform = _entry(config, KEY, name)
    shown: set[int] = set()
    for path in paths:
        node = platform
        for part in path.split("."):
            key, node = _entry(node, part, f"{name}: {path}")
            shown.add(key.start_mark.line)
        shown.update(range(key.start_mark.line, _last_line(node) + 1))
    lines = text.splitlines()
    return "\n".join(lines[number][platform.start_mark.column :] for number in sorted(shown))


def _entry(node: yaml.Node | None, name: str, where: str) -> tuple[yaml.Node, yaml.Node]:
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            if key.value == name:
                return key, value
    raise ValueError(f"{where}: there is no {name}")


def _last_line(node: yaml.Node) -> int:
    """Return the last line of a value; a block's own end is where the next thing begins."""
    if isinstance(node, yaml.CollectionNode) and not node.flow_style and node.value:
        last = node.value[-1]
        return _last_line(last[1] if isinstance(last, tuple) else last)
    return int(node.end_mark.line)


def main() -> None:
    """Write every page again."""
    for page in pages():
        before = page.read_text()
        if (after := rendered(before)) != before:
            page.write_text(after)


if __name__ == "__main__":
    main()
