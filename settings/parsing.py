"""From a plain object to settings, or to every mistake in it."""

import json
from collections.abc import Mapping
from difflib import get_close_matches
from typing import Any, Final, get_args, get_origin

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from .checks import cross_checks
from .checks.configuration import configuration_problems
from .plain import Items, Plain
from .platform import Platform
from .problems import ANY_NAME, Path, Problem, SettingsError, path_text
from .section import Section
from .sections.services import KINDS, kind_of
from .surroundings import Surroundings
from .words import advice

_KEY: Final = "[key]"
"""Pydantic's last step of the way to a key of a map."""

_TAG: Final = 2
"""Where in a location pydantic names the kind of a service: services, its name, its kind."""

_PLACEHOLDERS: Final[Mapping[str, Any]] = {
    "repository": "placeholder",
    "source": {"repository": "placeholder/placeholder"},
    "environmentVariable": "PLACEHOLDER",
    "vpcId": "vpc-0",
    "name": "example.com",
    "zone": "example.com",
    "port": 65_535,
    "image": "example.com/placeholder:1",
    "command": ["CMD", "placeholder"],
}
"""For a setting that is missing or wrong and has no default, so that all else in its section is judged too."""


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
    remaining = _Remaining(Plain(raw))
    beside = list(configuration_problems(remaining.tree, around))
    if any(problem.path == ("aws:region",) for problem in beside):
        around = around._replace(region=None)  # what is in another one is not a mistake of its own
    platform = None
    # Wrong parts are removed, so that the rest can still be checked as a whole.
    while platform is None:
        try:
            platform = Platform.model_validate_json(json.dumps(remaining.tree), context=around)
        except ValidationError as error:
            remaining.remove(error.errors(include_url=False))
    problems = remaining.problems
    for problem in cross_checks(platform, around):
        if not remaining.lacks(problem):
            problems.append(problem)
    problems += beside
    if problems:
        raise SettingsError(sorted(problems, key=lambda problem: path_text(problem.path)))
    return platform


class _Remaining:
    """What is left of settings after their wrong parts were removed, and what is wrong with those.

    Every path is as the user counts: the places of a list's items stay as they were written.
    """

    def __init__(self, plain: Plain) -> None:
        self.tree = plain.tree
        self.problems = list(plain.problems)
        self._cuts = {problem.path for problem in plain.problems}
        self._filled: set[Path] = set()

    def remove(self, errors: list[ErrorDetails]) -> None:
        """Remove what is wrong, and keep what is wrong with it unless an earlier removal made it so."""
        # All places are looked up before anything moves.
        located = [(*self._path(error["loc"]), error) for error in map(_at_kind, errors)]
        if misspelt := [one for one in located if self._misspells_kind(*one)]:
            located = misspelt  # what else there is in those depends on their kind
        for path, _, error in located:
            close = self._nearest(path)[1] if error["type"] == "extra_forbidden" else None
            if close and close not in self._at(path[:-1]):
                self._cuts.add((*path[:-1], close))
            if self._misspells_kind(path, False, error):
                self._at(path[:-1])["kind"] = _likely_kind(self._at(path), self._at(path[:-1]))
        for path, is_key, error in located:
            if not self._follows(path):
                self.problems.append(self._problem(path, error, is_key=is_key))
        for path, is_key, error in located:
            if error["type"] == "missing":
                self._fill(path)
                continue
            if error["type"] == "union_tag_invalid":
                self._cuts.add(path)
                self._at(path[:-1])["kind"] = _likely_kind(error["input"], self._at(path[:-1]))
                continue
            self._cut(path)
            if is_key:
                self._cuts.add((*path[:-1], ANY_NAME))

    def _misspells_kind(self, path: Path, is_key: bool, error: ErrorDetails) -> bool:
        """Tell whether an error is at a misspelt `kind` of a service that says none."""
        if is_key or error["type"] != "extra_forbidden" or len(path) != _TAG + 1 or path[0] != "services":
            return False
        return self._nearest(path)[1] == "kind" and "kind" not in self._at(path[:-1])

    def lacks(self, problem: Problem) -> bool:
        """Tell whether a problem may come from what was removed.

        It depends on the places that it names, and on all that is below its own if it shows that.
        """
        own = (problem.path,) if problem.value is not None or not problem.others else ()
        depends_on = (*problem.others, *own)
        return any(
            _is_within(problem.path, cut)
            or any(_is_within(place, cut) or _is_within(cut, place) for place in depends_on)
            for cut in self._cuts
        )

    def _follows(self, path: Path) -> bool:
        """Tell whether an error is at what was removed, or at the list that is too short without it."""
        return any(_is_within(path, cut) or path == cut[:-1] for cut in self._cuts)

    def _path(self, location: tuple[str | int, ...]) -> tuple[Path, bool]:
        """Return the path that an error is at, and whether it is about the key there."""
        node: Any = self.tree
        path: list[str | int] = []
        for number, part in enumerate(location):
            if number == _TAG and location[0] == "services" and part in KINDS:
                continue  # pydantic's step to the kind of the service
            if part == _KEY and number == len(location) - 1 and not (isinstance(node, dict) and part in node):
                return tuple(path), True
            path.append(node.numbers[part] if isinstance(node, Items) and isinstance(part, int) else part)
            try:
                node = node[part]
            except (KeyError, TypeError):
                node = None  # what is missing
        return tuple(path), False

    def _problem(self, path: Path, error: ErrorDetails, *, is_key: bool) -> Problem:
        if error["type"] == "extra_forbidden":
            known, close = self._nearest(path)
            if elsewhere := _of_other_kinds(path, kind_of(self._at(path[:-1]))):
                return Problem(path, error["input"], elsewhere)
            meant = f"; did you mean {close}?" if close else ";"
            return Problem(path, error["input"], f"unknown key{meant} Known here: {', '.join(known)}")
        if is_key:
            return Problem(path, None, f"has a wrong name, which {advice(error)}")
        return Problem(path, error["input"] if error["type"] != "missing" else None, advice(error))

    def _nearest(self, path: Path) -> tuple[list[str], str | None]:
        """Return the keys that there are beside an unknown one, and the one that was probably meant."""
        model: Any = Platform
        steps = iter(enumerate(path[:-1]))
        for _, part in steps:
            annotation = next(field.annotation for field in model.model_fields.values() if field.alias == part)
            model, entries = _section_of(annotation)
            for _ in range(entries):
                next(steps, None)  # the key or number of one entry
            if model in KINDS.values():
                model = KINDS[kind_of(self._at(path[:2]))]
        known = [str(field.alias) for field in model.model_fields.values()]
        if _of_other_kinds(path, ""):
            return known, None  # it is spelt as it is meant
        return known, next(iter(get_close_matches(str(path[-1]), known, n=1)), None)

    def _at(self, path: Path) -> Any:
        """Return what is at a path; None where it was removed."""
        node: Any = self.tree
        for part in path:
            if isinstance(node, Items):
                node = node[node.numbers.index(int(part))] if part in node.numbers else None
            else:
                node = node.get(part) if isinstance(node, dict) else None
        return node

    def _cut(self, path: Path) -> None:
        self._cuts.add(path)
        parent = self._at(path[:-1])
        if not path:
            self.tree = {}
        elif isinstance(parent, Items) and path[-1] in parent.numbers:
            index = parent.numbers.index(int(path[-1]))
            del parent[index], parent.numbers[index]
        elif isinstance(parent, dict):
            parent.pop(str(path[-1]), None)

    def _fill(self, path: Path) -> None:
        """Give a setting without a default a value for the time being, or remove the map that lacks it."""
        value, parent = _PLACEHOLDERS.get(str(path[-1])), self._at(path[:-1])
        if value is None or path in self._filled or not isinstance(parent, dict):
            self._cut(path[:-1])
            return
        self._filled.add(path)
        self._cuts.add(path)
        parent[str(path[-1])] = value


def _likely_kind(said: Any, service: Mapping[str, Any]) -> str:
    """Return the kind that was probably meant: by what was said, else by the settings beside it."""
    if meant := get_close_matches(str(said), KINDS, n=1, cutoff=0.3):
        return meant[0]
    known = {name: {one.alias for one in section.model_fields.values()} for name, section in KINDS.items()}
    return max(known, key=lambda name: len(known[name] & service.keys()))


def _at_kind(error: ErrorDetails) -> ErrorDetails:
    """Return an error about the kind of a service as one at the key that says it."""
    if error["type"] != "union_tag_invalid":
        return error
    return {**error, "loc": (*error["loc"], "kind"), "input": error["input"]["kind"]}


def _is_within(path: Path, other: Path) -> bool:
    return path[: len(other)] == other


def _of_other_kinds(path: Path, kind: str) -> str | None:
    """Return what to say of a service's setting that only other kinds of services have; None if none has."""
    if len(path) != _TAG + 1 or path[0] != "services":
        return None
    having = [
        name for name, section in KINDS.items() if path[-1] in {one.alias for one in section.model_fields.values()}
    ]
    if not having:
        return None
    return f"has no meaning for kind: {kind}. Remove it, or choose kind: {' or '.join(having)}."


def _section_of(annotation: Any) -> tuple[Any, int]:
    """Return the section in an annotation such as `dict[str, Service] | None`, and how many maps and lists hold it."""
    if isinstance(annotation, type) and issubclass(annotation, Section):
        return annotation, 0
    if section := getattr(annotation, "section", None):  # of what may be a text or a map
        return section, 0
    holds = get_origin(annotation) in (dict, list)
    inner = (_section_of(argument) for argument in get_args(annotation))
    return next(((section, holds + deeper) for section, deeper in inner if section is not None), (None, 0))
