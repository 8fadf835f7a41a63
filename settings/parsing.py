"""From a plain object to settings, or to every mistake in it."""

import json
from collections.abc import Mapping
from difflib import get_close_matches
from typing import Any, Final

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from .checks import cross_checks
from .checks.configuration import configuration_problems
from .platform import Platform
from .problems import Path, Problem, SettingsError, path_text
from .section import Section
from .surroundings import Surroundings


def parse(raw: object, surroundings: Surroundings | None = None) -> Platform:
    """Return the settings in a plain object, as YAML or JSON gives it.

    Args:
        raw: the object.
        surroundings: what the stack has besides its settings. Without it, nothing that depends on it is checked.

    Raises:
        SettingsError: with every mistake, those between fields that are each well-formed among them.
    """
    if not isinstance(raw, Mapping):
        raise SettingsError([Problem((), raw, "must be a map of sections")])
    around = surroundings or Surroundings()
    remaining = json.loads(json.dumps(raw))
    beside = list(configuration_problems(remaining, around))
    if any(problem.path == ("aws:region",) for problem in beside):
        around = around._replace(region=None)  # what is in another one is not a mistake of its own
    problems: list[Problem] = []
    pruned: list[Path] = []
    platform = None
    # Wrong parts are removed, so that the rest can still be checked as a whole.
    while platform is None:
        try:
            platform = Platform.model_validate_json(json.dumps(remaining), context=around)
        except ValidationError as error:
            details = error.errors(include_url=False)
            if not pruned:
                problems = [_problem(item) for item in details]
            pruned += [_prune(remaining, _location(item), missing=item["type"] == "missing") for item in details]
    for problem in cross_checks(platform, around):
        concerned = (problem.path, *problem.others)
        if not any(place[: len(cut)] == cut for cut in pruned for place in concerned):
            problems.append(problem)
    problems += beside
    if problems:
        raise SettingsError(sorted(problems, key=lambda problem: path_text(problem.path)))
    return platform


def _location(error: ErrorDetails) -> Path:
    return tuple(part for part in error["loc"] if part != "[key]")


def _problem(error: ErrorDetails) -> Problem:
    path = _location(error)
    context = error.get("ctx", {})
    kind = error["type"]
    value = error["input"]
    if kind == "extra_forbidden":
        return Problem(path, value, _unknown_key(path))
    if kind == "missing":
        return Problem(path, None, "is missing and has no default")
    if kind == "enum":
        advice = f"must be {context['expected']}"
    else:
        advice = _TYPES.get(kind) or error["msg"].replace("Input should", "must")
    return Problem(path, value, advice)


_TYPES: Final = {
    "int_type": "must be a whole number, without quotes",
    "int_from_float": "must be a whole number",
    "bool_type": "must be true or false, without quotes",
    "string_type": 'must be text: put it in quotes, "..."',
    "list_type": "must be a list",
    "dict_type": "must be a map",
    "model_type": "must be a map of settings; {} means all defaults",
    "model_attributes_type": "must be a map of settings; {} means all defaults",
}


def _unknown_key(path: Path) -> str:
    """Say that there is no such key, which one was probably meant, and which there are."""
    model: Any = Platform
    steps = iter(path[:-1])
    for part in steps:
        annotation = next(field.annotation for field in model.model_fields.values() if field.alias == part)
        model = _section_of(annotation)
        if model is not annotation:
            next(steps, None)  # the key or number of one entry
    known = [str(field.alias) for field in model.model_fields.values()]
    close = get_close_matches(str(path[-1]), known, n=1)
    meant = f"; did you mean {close[0]}?" if close else ";"
    return f"unknown key{meant} Known here: {', '.join(known)}"


def _section_of(annotation: Any) -> Any:
    """Return the section class within an annotation such as `dict[str, Service]` or `GeneratedSecret | None`."""
    if isinstance(annotation, type) and issubclass(annotation, Section):
        return annotation
    inner = (_section_of(argument) for argument in getattr(annotation, "__args__", ()))
    return next((section for section in inner if section is not None), None)


def _prune(tree: Any, path: Path, *, missing: bool) -> Path:
    """Remove the value at `path`, or the map that lacks it, from the tree; return the path that was removed."""
    cut = path[:-1] if missing else path
    parent = tree
    for part in cut[:-1]:
        try:
            parent = parent[part]
        except (KeyError, IndexError, TypeError):
            return cut  # an earlier cut took it along
    if isinstance(parent, list):
        # A list that holds something wrong goes as a whole: taking out one item would move the others.
        return _prune(tree, cut[:-1], missing=False)
    if isinstance(parent, dict) and cut:
        parent.pop(cut[-1], None)
    return cut
