"""Which resource types of pulumi_aws are the same; `python -m tests.policies.aliases` writes what packs know of it.

A pack that is copied elsewhere has no pulumi_aws beside it, so it has the table.
"""

import re
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Final

TABLE: Final = Path(__file__).resolve().parents[2] / "policies" / "framework" / "_aliases.py"
_TWINS: Final = {"alb": "lb"}
"""Modules that the SDK has twice, without an alias between them: both make the same resource of AWS's API."""

_CLASS: Final = re.compile(r"super\(\w+, __self__\)\.__init__\(\s+'(aws:[^']+)'")
_ALIAS: Final = re.compile(r'pulumi\.Alias\(type_="([^"]+)"\)')
_PROPERTY: Final = re.compile(r'__props__\.__dict__\["(\w+)"\]')
_GETTER: Final = re.compile(r'@pulumi\.getter(?:\(name="(\w+)"\))?\n    def (\w+)\(self\)')


def same_types() -> dict[str, str]:
    """Every name of a resource type that is not the one rules use, with the one they use."""
    classes = {token: text for token, text in _classes() if "pulumi.Alias(type_" in text}
    new_names = {alias: token for token, text in classes.items() for alias in _ALIAS.findall(text) if alias != token}
    for token, text in classes.items():
        module, _, rest = token.removeprefix("aws:").partition("/")
        twin = f"aws:{_TWINS.get(module, module)}/{rest}"
        if twin != token and set(_PROPERTY.findall(text)) == set(_PROPERTY.findall(classes.get(twin, ""))):
            new_names[token] = twin
    return {name: _last(name, new_names) for name in sorted(new_names)}


def table() -> str:
    """The module that packs import."""
    lines = "".join(f'    "{_short(name)}": "{_short(used)}",\n' for name, used in same_types().items())
    return (
        '"""Written by `python -m tests.policies.aliases`: names of types of pulumi_aws, and those rules use."""\n\n'
        f"ALIASES = {{\n{lines}}}\n"
    )


def _short(type_: str) -> str:
    """`lb/listener` for `aws:lb/listener:Listener`."""
    package, short, name = type_.split(":")
    assert package == "aws"
    assert name.lower() == short.partition("/")[2].lower()
    return short


def _last(name: str, new_names: dict[str, str]) -> str:
    while name in new_names:
        name = new_names[name]
    return name


def properties_of(type_: str) -> set[str]:
    """The properties that a resource type of pulumi_aws has."""
    texts = _sources(type_.split(":")[1].split("/")[0])
    text = next(text for text in texts if (found := _CLASS.search(text)) and found[1] == type_)
    return {named or plain for named, plain in _GETTER.findall(text)}


def _sources(modules: str = "*") -> Iterator[str]:
    spec = find_spec("pulumi_aws")
    assert spec is not None
    assert spec.origin is not None
    return (file.read_text(encoding="utf-8") for file in sorted(Path(spec.origin).parent.glob(f"{modules}/*.py")))


def _classes() -> Iterator[tuple[str, str]]:
    for text in _sources():
        if "pulumi.Alias(type_" in text and (found := _CLASS.search(text)):
            yield found[1], text


if __name__ == "__main__":
    TABLE.write_text(table(), encoding="utf-8")
