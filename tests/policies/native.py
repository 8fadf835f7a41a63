"""The property names of aws-native that the translation uses; `python -m tests.policies.native WHEEL` writes them.

WHEEL is that of pulumi-aws-native, which is too large to be a requirement: `pip download --no-deps pulumi-aws-native`.
"""

import json
import re
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from policies.framework._native import NATIVE
from policies.framework.translation import Native

NAMES: Final = Path(__file__).with_name("native_names.json")
_GETTER: Final = re.compile(
    r'@(?:pulumi|_builtins)\.(?:getter|property)(?:\(name="(\w+)"\))?\n'
    r'(?:    @pulumi\.getter(?:\(name="(\w+)"\))?\n)?    def (\w+)\(self\) -> (.+):\n'
)
_NESTED: Final = re.compile(r"'(?:\w+\.)?(\w+Args)'")


def names() -> dict[str, list[str]]:
    """For each type that is translated, the paths of its properties, those inside objects as far as they are used."""
    found: dict[str, list[str]] = json.loads(NAMES.read_text(encoding="utf-8"))
    return found


def used(native: Native) -> set[str]:
    """The paths of aws-native that an entry of the table names."""
    inside = f"{native.each}[]." if native.each else ""
    paths = {f"{inside}{path}" for path in native.moves if path}
    return paths | set(filter(None, (native.id, native.each, *native.given, *native.unless)))


class _Sdk:
    def __init__(self, wheel: zipfile.ZipFile) -> None:
        self._texts = {name: wheel.read(name).decode() for name in wheel.namelist() if name.endswith(".py")}
        self._files = {
            found[1]: name
            for name, text in self._texts.items()
            if (found := re.search(r"'aws-native:([^']+)',\n\s+resource_name", text))
        }

    def names(self, type_: str) -> list[str]:
        file = self._files[type_]
        resource = type_.split(":")[1]
        wanted = {prefix for native in NATIVE[type_] for path in used(native) for prefix in _prefixes(path)}
        inputs = self._paths(file, self._texts[file], f"{resource}(?:Init)?Args", "", wanted)
        outputs = [name for name, _ in _getters(self._texts[file], resource)]
        return sorted({*inputs, *outputs})

    def _paths(self, file: str, text: str, of: str, before: str, wanted: set[str]) -> Iterator[str]:
        for name, kind in _getters(text, of):
            path = f"{before}{name}"
            yield path
            listed = f"{path}[]" if "Sequence[" in kind else path
            nested = _NESTED.search(kind)
            if nested and listed in wanted:
                inputs = self._texts[f"{file.rpartition('/')[0]}/_inputs.py"]
                yield from self._paths(file, inputs, nested[1], f"{listed}.", wanted)
            if listed in wanted:
                yield listed


def _getters(text: str, of: str) -> Iterator[tuple[str, str]]:
    begin = re.search(rf"^class {of}[:(]", text, re.MULTILINE)
    assert begin, of
    end = re.compile(r"^(class |@pulumi)", re.MULTILINE).search(text, begin.end())
    for found in _GETTER.finditer(text, begin.end(), end.start() if end else len(text)):
        yield found[1] or found[2] or found[3], found[4]


def _prefixes(path: str) -> Iterator[str]:
    for end in range(len(path) + 1):
        if end == len(path) or path[end] == ".":
            yield path[:end]


def main() -> None:
    """Write the names."""
    with zipfile.ZipFile(sys.argv[1]) as wheel:
        sdk = _Sdk(wheel)
    found = {type_: sdk.names(type_) for type_ in sorted(NATIVE)}
    lines = ",\n".join(f"  {json.dumps(type_)}: {json.dumps(paths)}" for type_, paths in found.items())
    NAMES.write_text(f"{{\n{lines}\n}}\n", encoding="utf-8")


if __name__ == "__main__":
    main()
