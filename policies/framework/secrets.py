"""Keeps what the program marked as secret, and every part of it, out of messages and ids.

A finding about a secret property shows none of its values. In any other finding, a value is hidden if it has four
characters in a row with a secret in common, in any case, unless the resource itself has these in clear. The rule's own
words are never hidden, nor are names of resources and properties.
"""

import json
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from functools import cached_property
from typing import Any

from policies.framework.properties import OUTPUT_MARK, SECRET_MARK, List, Object, on_the_way, read_struct, secrets_in
from policies.framework.resources import Resource
from policies.framework.texts import HIDDEN
from policies.framework.wording import is_grammar, is_name, parts

_MARKS = (SECRET_MARK.encode(), OUTPUT_MARK.encode())
_PART = 4
"""How much of a secret is none any more."""

_OF_A_DOCUMENT = 8
"""How long a part of a secret document must be to be one in other resources too: `s3:*` is none."""

_STEP = re.compile(r"(\.|\[\d+\])")
_SETTING = re.compile(r"[a-z]+(_[a-z]+)+")
_WORD = re.compile(r"\w+")
_ITEMS = re.compile(r"([,;] )")
_ACTION = re.compile(r"[a-z0-9-]+:[A-Z]\w+( and \d+ more)?")
"""What rules list of AWS's own data, because of a wildcard."""

_EDGES = re.compile(r"^([\s\"'(,;]*)(.*?)([\s\"'(),;:]*)$", re.DOTALL)
_PATHS = ("Malformed::", "Undecided::")


class Secrets:
    """The secrets of the resources that a pack has seen."""

    def __init__(self) -> None:
        self._new: list[tuple[str, Any]] = []
        self._learned: set[tuple[str, bytes]] = set()
        self._places: set[str] = set()
        self._stack: tuple[Resource, ...] = ()
        self._clear: set[str] | None = None
        self._names: set[str] = set()
        self._parts_of_names: set[str] = set()
        self._parts: set[str] = set()
        self._parts_of_one: dict[str, set[str]] = defaultdict(set)
        self._wholes: dict[str, dict[int, set[str]]] = defaultdict(dict)
        self._short: dict[str, set[str]] = defaultdict(set)

    def learn(self, urn: str, name: str, properties: Any) -> None:
        """Hide the secrets of a resource from now on. They are looked for once there is a message.

        :param properties: the engine's message.
        """
        if name not in self._names:
            self._names.add(name)
            self._parts_of_names.update(_parts_of(name))
        sent = properties.SerializeToString()
        # A provider comes with each of its resources, and a resource at the end as at its registration.
        if any(mark in sent for mark in _MARKS) and (urn, sent) not in self._learned:
            self._learned.add((urn, sent))
            self._new.append((urn, properties))
            self._clear = None

    def gather(self, resources: Iterable[Resource]) -> None:
        """Take what a whole stack has in clear for no secret, once there is a message."""
        self._stack, self._clear = tuple(resources), None

    def veil(self, resource: Resource, prop: str) -> "Veil | None":
        """What hides the secrets in a finding; nothing if there are none.

        :param prop: the property that the finding is about.
        """
        while self._new:
            urn, properties = self._new.pop()
            read = read_struct(properties)
            self._places.update(_secret_places(read))
            for secret in secrets_in(read):
                self._take(urn, secret)
        return Veil(self, resource, prop) if self._parts or self._short else None

    def is_name(self, text: str) -> bool:
        """Whether a text is the name of a resource."""
        return text in self._names

    def is_short(self, text: str, urn: str) -> bool:
        """Whether a word is a secret of a resource that is too short to have parts."""
        return text in self._short.get(urn, ())

    def is_at(self, path: str) -> bool:
        """Whether some resource has a secret there."""
        steps = [step for step in _STEP.split(path) if step and step != "." and not step.startswith("[")]
        return any(".".join(steps[:end]) in self._places for end in range(1, len(steps) + 1))

    def common(self, text: str) -> set[str]:
        """What a text has in common with a secret."""
        return self._parts.intersection(_parts_of(text)) - self._parts_of_names

    def common_with(self, urn: str, text: str) -> set[str]:
        """What a text has in common with a secret of one resource."""
        return self._parts_of_one.get(urn, set()).intersection(_parts_of(text))

    def in_clear(self) -> set[str]:
        """The parts that are in clear in any resource, at the end of a run."""
        if self._clear is None:
            self._clear = self.in_clear_in(*self._stack)
        return self._clear

    def in_clear_in(self, *resources: Resource) -> set[str]:
        """The parts that are in clear in resources."""
        found: set[str] = set()
        for resource in resources:
            for text in (resource.urn, *_clear_texts(resource.inputs), *_clear_texts(resource.props)):
                found.update(_parts_of(self._without_secrets(text.casefold())))
        return found

    def _without_secrets(self, text: str) -> str:
        kept, begin = [], 0
        for at in range(len(text) - _PART + 1):
            wholes = self._wholes.get(text[at : at + _PART]) if at >= begin else None
            if wholes is None:
                continue
            length = max((length for length, texts in wholes.items() if text[at : at + length] in texts), default=0)
            if length:
                kept.append(text[begin:at])
                begin = at + length
        return "\0".join([*kept, text[begin:]])

    def _take(self, urn: str, secret: Any) -> None:
        for text, whole in _texts(secret):
            own = {part for spelt in {text, json.dumps(text)[1:-1]} for part in _parts_of(spelt)}
            self._parts |= own
            self._parts_of_one[urn] |= own
            text = text.casefold()
            if len(text) < _PART:
                if whole:
                    self._short[urn].add(text)
            elif whole or len(text) >= _OF_A_DOCUMENT:
                self._wholes[text[:_PART]].setdefault(len(text), set()).add(text)


class Veil:
    """Hides the secrets in what is said in one finding."""

    def __init__(self, secrets: Secrets, resource: Resource, prop: str) -> None:
        self._secrets = secrets
        self._resource = resource
        self._prop = prop
        own = (resource.inputs, resource.props)
        there = any(_STEP.split(prop)[0] in properties for properties in map(list, own))
        # What is not the resource's own is of one that it names, such as the policy that it attaches.
        self._is_secret = (
            any(secret for properties in own for _, secret in on_the_way(properties, prop))
            if there
            else secrets.is_at(prop)
        )

    def value(self, text: str) -> str:
        """A property's value, as a message shows it."""
        if not self._is_secret and not self._betrays(text):
            return text
        return f'"{HIDDEN}"' if text.startswith('"') else HIDDEN

    def words(self, text: str, *, quotes: bool = True) -> str:
        """A text of the rule.

        :param quotes: whether it may quote the property that the finding is about.
        """
        hide = self._is_secret and quotes
        return "".join(part if own else self._part(part, hide=hide) for part, own in parts(text))

    def path(self, text: str) -> str:
        """The path of a property, in which keys of a secret document may be."""
        if all(own for _, own in parts(text)):  # it is none
            return text
        steps = _STEP.split(text)
        return "".join(step if place % 2 else self._step(step, first=not place) for place, step in enumerate(steps))

    def identity(self, finding: str) -> str:
        """A finding's id."""
        kind, mark, rest = finding.partition("::")
        if self._secrets.is_name(rest):
            return finding
        if f"{kind}{mark}" in _PATHS or rest == self._prop:
            return f"{kind}{mark}{self.path(rest)}"
        return f"{kind}{mark}{HIDDEN}" if mark and (self._is_secret or self._betrays(rest)) else finding

    def _step(self, step: str, *, first: bool) -> str:
        if is_name(step) or self._secrets.is_name(step):
            return step
        if self._is_secret and not first:
            return HIDDEN if step else step
        return HIDDEN if self._betrays(step) else step

    def _part(self, text: str, *, hide: bool) -> str:
        word = _EDGES.sub(r"\2", text)
        if self._secrets.is_name(word):
            return text
        if word == self._prop:
            return text.replace(word, self.path(word))
        if _SETTING.fullmatch(word) and is_name(word):
            return text
        if hide:
            return _hidden(text)
        if not self._betrays(text):
            return text
        items = _ITEMS.split(text)
        told = [item for item in items if not self._is_listed(item)]
        if not self._betrays("".join(told)):
            return text
        kept = [_hidden(item) if item in told and self._betrays(item) else item for item in items]
        return _hidden(text) if self._betrays(" ".join(item for item in kept if item in told)) else "".join(kept)

    def _is_listed(self, item: str) -> bool:
        """Whether an item is of AWS's own data, unless the resource's own secrets tell which is listed."""
        return bool(_ACTION.fullmatch(item)) and self._secrets.common_with(self._resource.urn, item) <= self._clear

    def _betrays(self, text: str) -> bool:
        text = text.replace(HIDDEN, "\0")
        words = {word.casefold() for word in _WORD.findall(text)}
        if any(self._secrets.is_short(word, self._resource.urn) for word in words):
            return True
        common = self._secrets.common(text)
        return bool(common) and bool(common - self._secrets.in_clear() - self._clear)

    @cached_property
    def _clear(self) -> set[str]:
        return self._secrets.in_clear_in(self._resource)


class Blind:
    """Shows nothing, for what cannot be looked at."""

    def value(self, _text: str) -> str:
        """A property's value."""
        return HIDDEN

    def words(self, _text: str, *, quotes: bool = True) -> str:  # noqa: ARG002
        """A text of the rule."""
        return HIDDEN

    def path(self, _text: str) -> str:
        """The path of a property."""
        return HIDDEN

    def identity(self, finding: str) -> str:
        """A finding's id."""
        return f"{finding.partition('::')[0]}::{HIDDEN}"


def _hidden(text: str) -> str:
    before, _, after = _EDGES.sub(r"\1\0\3", text).partition("\0")
    return f"{before}{HIDDEN}{after}" if _WORD.search(text) else text


def _parts_of(text: str) -> Iterator[str]:
    """Every part of a text that says something."""
    text = text.casefold()
    for at in range(len(text) - _PART + 1):
        part = text[at : at + _PART]
        if sum(map(str.isalnum, part)) >= 2:
            yield part


def _clear_texts(value: Any) -> Iterator[str]:
    if isinstance(value, Object | List):
        for key in value if isinstance(value, Object) else range(len(value)):
            yield str(key)
            if key not in value.secrets:
                yield from _clear_texts(value.raw(key))
    elif value is not None:
        yield _text(value)


def _secret_places(value: Any, path: str = "") -> Iterator[str]:
    """Where secrets are, without the numbers of elements: `containerDefinitions.environment.value`."""
    if isinstance(value, Object | List):
        for key in value if isinstance(value, Object) else range(len(value)):
            here = path if isinstance(value, List) else f"{path}.{key}" if path else str(key)
            if key in value.secrets:
                yield here
            else:
                yield from _secret_places(value.raw(key), here)


def _texts(value: Any, *, whole: bool = True) -> Iterator[tuple[str, bool]]:
    """The texts in a secret, and whether each is a value of its own rather than a part of a document."""
    if isinstance(value, Object | dict):
        for key in value:
            if not is_grammar(key) and not is_name(key):
                yield key, False
            yield from _texts(value.raw(key) if isinstance(value, Object) else value[key], whole=whole)
    elif isinstance(value, List | list):
        for index in range(len(value)):
            yield from _texts(value.raw(index) if isinstance(value, List) else value[index], whole=whole)
    elif isinstance(value, str | int | float) and not isinstance(value, bool):
        text = _text(value)
        document = _document(text)
        if document is not None:  # its parts are as secret as the whole
            yield from _texts(document, whole=False)
        elif whole or not is_grammar(text):
            yield text, whole


def _document(text: str) -> Any:
    if text.lstrip()[:1] not in ("[", "{"):
        return None
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None


def _text(value: Any) -> str:
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)
