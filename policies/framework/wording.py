"""What in a message are the rule's own words, and what was put in from a property.

A rule builds its messages from text of its own and from values. Its own text stands in its source, so whatever is not
there came from a value. Only messages in a stack with secrets are looked at so closely.
"""

import ast
import re
import sys
from collections import defaultdict
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

_ROOT = __name__.partition(".")[0]
_LEAST = 6
"""How long a text with a space must be to count as words: no value of a property is one."""

_KEY = 4
_NAME = re.compile(r"[A-Za-z_]\w*")
_NAMES = re.compile(r"([A-Za-z_.\[\]]|[Ii]pv[46])+")
_HOST = re.compile(r"\.(com|net|org|io|dev|cloud|app)\b")
_GRAMMAR = frozenset(
    {
        *("Version", "Statement", "Sid", "Effect", "Allow", "Deny", "Action", "NotAction", "Resource", "NotResource"),
        *("Principal", "NotPrincipal", "Condition", "Service", "Federated", "2012-10-17", "2008-10-17"),
    }
)
"""What the documents of IAM have in them, secret or not."""

_CASES = frozenset({"Example", "Expect", "Res"})
"""What a rule's cases are made of. They quote messages in pieces, values and all."""

_KINDS = frozenset({"text", "a list", "an object", "a number", "true or false"})


class _Words(NamedTuple):
    """The texts of the sources.

    :ivar prose: what counts as words, by its beginning, the longest first.
    :ivar names: the names of properties.
    """

    prose: dict[str, list[str]]
    names: frozenset[str]


def parts(text: str) -> Iterator[tuple[str, bool]]:
    """The parts of a text in their order, and whether each is of the rule's own words."""
    prose = _words().prose
    at = begin = 0
    while at < len(text):
        found = next((own for own in prose.get(text[at : at + _KEY], ()) if text.startswith(own, at)), "")
        if not found:
            at += 1
            continue
        if begin < at:
            yield text[begin:at], text[begin:at] in _GRAMMAR | _KINDS
        yield found, True
        at = begin = at + len(found)
    if begin < len(text):
        yield text[begin:], text[begin:] in _GRAMMAR | _KINDS


def is_grammar(word: str) -> bool:
    """Whether a text belongs to the language of documents, so that it is in each of them."""
    return word in _GRAMMAR


def is_name(word: str) -> bool:
    """Whether a part of a path is the name of a property that the rules know."""
    return word in _words().names


@cache
def _words() -> _Words:
    texts, own = set(_GRAMMAR), set(_GRAMMAR)
    for name, module in list(sys.modules.items()):
        if name.startswith((f"{_ROOT}.framework.", f"{_ROOT}.rules.")):
            tree = _tree(getattr(module, "__file__", None))
            texts.update(_texts(tree, frozenset()))
            own.update(_texts(tree, _CASES))
    prose = defaultdict(list)
    for text in sorted(own, key=len, reverse=True):
        if len(text) >= _LEAST and " " in text:
            prose[text[:_KEY]].append(text)
    names = {
        name for text in texts if _NAMES.fullmatch(text) and not _HOST.search(text) for name in _NAME.findall(text)
    }
    return _Words(dict(prose), frozenset(names))


def _tree(file: str | None) -> ast.AST:
    return ast.parse(Path(file).read_text(encoding="utf-8") if file is not None and Path(file).exists() else "")


def _texts(tree: ast.AST, but: frozenset[str]) -> Iterator[str]:
    """The texts in a source, except those that calls of some names are given."""
    left = [tree]
    while left:
        node = left.pop()
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield from node.value.split("{path}")
        elif not (isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in but):
            left += ast.iter_child_nodes(node)
