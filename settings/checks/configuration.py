"""Mistakes in a stack's configuration beside its settings: region, default tags, keys."""

import re
from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from typing import Any, Final

from pydantic import ConfigDict, TypeAdapter, ValidationError

from ..kinds import Region, Tags
from ..problems import KEY, Path, Problem
from ..surroundings import Surroundings
from ..words import WORDS
from .names import usable

_TAGS: Final = TypeAdapter[Any](Tags, config=ConfigDict(strict=True))
_REGION: Final = TypeAdapter[Any](Region)
_AT: Final = ("aws:defaultTags", "tags")


# Settings that name a key.
_SECRET_KEYS: Final = ("accessTokenKey", "clientSecretKey")

# How a key ends that holds a secret.
_TOKEN: Final = re.compile("(?i)(token|password|secret|key)$")


def configuration_problems(raw: object, surroundings: Surroundings) -> Iterator[Problem]:
    """Find what is wrong beside the settings.

    Args:
        raw: the settings as they were read, whether right or wrong.
        surroundings: the rest of the configuration.
    """
    if surroundings.region is not None:
        yield from _faults(_REGION, surroundings.region, ("aws:region",), surroundings._replace(region=None))
    yield from _tag_problems(surroundings)
    yield from _key_problems(raw, surroundings)


def _faults(kind: TypeAdapter[Any], value: object, at: Path, surroundings: Surroundings) -> Iterator[Problem]:
    try:
        kind.validate_python(value, context=surroundings)
    except ValidationError as error:
        for item in error.errors(include_url=False):
            path = (*at, *(part for part in item["loc"] if part != "[key]"))
            shown = None if item["loc"][-1:] == ("[key]",) or item["type"] == "too_long" else item["input"]
            if item["type"] == "too_long":
                advice = f"has {len(item['input'])} tags, but AWS takes 50 for a resource"
            else:
                advice = str(WORDS["string_type"]) if item["type"] == "string_type" else item["msg"]
            yield Problem(path, shown, advice)


def _tag_problems(surroundings: Surroundings) -> Iterator[Problem]:
    given = surroundings.default_tags
    if given is None:
        return
    if not isinstance(given, Mapping) or not isinstance(tags := given.get("tags", {}), Mapping):
        yield Problem(_AT[:1], given, "must be a map with the map tags: {tags: {project: shop}}")
        return
    for key in given.keys() - {"tags"}:
        yield Problem((*_AT[:1], key), given[key], "unknown key; did you mean tags? Known here: tags")
    yield from _faults(_TAGS, dict(tags), _AT, surroundings)
    # docs/deployer-policy lets those who deploy change what has these two.
    for key, name in (("project", surroundings.project), ("environment", surroundings.stack)):
        if usable(name) and isinstance(value := tags.get(key, name), str) and value != name:
            what = "project" if key == "project" else "stack"
            advice = f"is not this {what}'s name, by which the permissions of those who deploy go. Write {name}."
            yield Problem((*_AT, key), value, advice)


def _key_problems(raw: object, surroundings: Surroundings) -> Iterator[Problem]:
    """Find keys of the program's own that nothing reads: in the settings' namespace, or the project's."""
    namespace, _, own = KEY.partition(":")
    known = [own, *_named(raw)]
    for key in surroundings.keys:
        place, _, name = key.partition(":")
        if place in (namespace, surroundings.project) and (place != namespace or name not in known):
            close = get_close_matches(name, known, n=1)
            if _TOKEN.search(name) and not close:
                continue  # of a registry that the settings do not name any more
            meant = f"; did you mean {namespace}:{close[0]}?" if close else "."
            advice = (
                f"is read by nothing{meant} Settings go below {KEY}; other keys are those that an accessTokenKey "
                "or a clientSecretKey names."
                f" Remove it: pulumi config rm {key}"
            )
            yield Problem((key,), None, advice)


def _named(raw: object) -> Iterator[str]:
    """Yield the configuration keys that the settings name, wherever they do."""
    if isinstance(raw, Mapping):
        for key, value in raw.items():
            if key in _SECRET_KEYS and isinstance(value, str):
                yield value
            yield from _named(value)
    elif isinstance(raw, list):
        for item in raw:
            yield from _named(item)
