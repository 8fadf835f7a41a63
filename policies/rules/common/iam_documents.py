"""IAM policy documents in every form that IAM takes them, and what their conditions restrict.

The grammar is https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html: a document is text
or an object, a statement one or many, and every list may be a single text.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

from policies.framework import Malformed, Report, Resource, Unknown, parse_json
from policies.framework.values import UnknownValue

_RESTRICTING_OPERATORS = frozenset({"stringequals", "stringequalsignorecase", "stringlike", "arnequals", "arnlike"})
_WILDCARD = re.compile(r"[*?]")
_VARIABLE = re.compile(r"\$\{[^}]*\}")


@dataclass(frozen=True)
class Condition:
    """One key of a condition block.

    :ivar operator: as written, `StringEquals`.
    :ivar key: as written, `aws:ResourceTag/team`.
    :ivar is_there: no request without the key comes as far, because a `Null` beside it says so.
    """

    operator: str
    key: str
    values: tuple[str, ...]
    is_there: bool = False

    @property
    def demands(self) -> bool:
        """Whether the request must carry the key with one of the values.

        `IfExists` and `ForAllValues` are true of a request without the key, and a lone wildcard of every value.
        """
        quantifier, _, operator = self.operator.lower().rpartition(":")
        if self.is_there:
            quantifier, operator = quantifier.replace("forallvalues", ""), operator.removesuffix("ifexists")
        return (
            quantifier in {"", "foranyvalue"}
            and operator in _RESTRICTING_OPERATORS
            and bool(self.values)
            and all(literal(value) for value in self.values)
        )


@dataclass(frozen=True)
class Statement:
    """One statement.

    :ivar path: where it stands, as `policy.Statement[0]`.
    :ivar allow: `Effect`.
    :ivar actions: the patterns of `Action`, or of `NotAction` where `all_actions_but` is true.
    :ivar resources: the patterns of `Resource`, or of `NotResource` where `all_resources_but` is true.
    :ivar principals: by kind (`AWS`, `Service`, `Federated`); everybody is `{"AWS": ("*",)}`.
    """

    path: str
    allow: bool
    actions: tuple[str, ...]
    all_actions_but: bool
    resources: tuple[str, ...]
    all_resources_but: bool
    principals: Mapping[str, tuple[str, ...]]
    all_principals_but: bool
    conditions: tuple[Condition, ...]


def literal(pattern: str) -> str:
    """What a pattern says beside its wildcards and separators. A policy variable (`${aws:username}`) says something."""
    said = _VARIABLE.sub("v", pattern).strip("*?/:").replace("*", "").replace("?", "")
    return said if any(map(str.isalnum, said)) else ""


@dataclass(frozen=True, eq=False)
class Document:
    """What can be read of a document, and what cannot: a statement that is malformed or unknown hides no other.

    Each is like itself only, so that what was found in one can be kept.

    :ivar problems: each has its own path.
    """

    statements: tuple[Statement, ...] = ()
    problems: tuple[Malformed | UnknownValue, ...] = ()

    def tell(self, resource: Resource, report: Report) -> None:
        """Report the problems, as findings or as undecided."""
        for problem in self.problems:
            with report.guard(resource):
                raise problem.with_traceback(None)  # it is kept, and would gather the frames of each time


def identity_document(document: object, path: str) -> Document:
    """A policy that says what its role may do.

    :param path: the property that holds it.
    """
    return _document(document, path, trust=False)


def trust_document(document: object, path: str) -> Document:
    """A trust policy, whose statements name principals in place of resources."""
    return _document(document, path, trust=True)


def trust_statements(document: object, path: str) -> list[Statement]:
    """The statements of a trust policy that can be read as a whole.

    :raises Malformed: it is not of the form IAM documents.
    :raises UnknownValue: it, or a part of it, is not known yet.
    """
    found = trust_document(document, path)
    if found.problems:
        raise found.problems[0].with_traceback(None)
    return list(found.statements)


def _document(document: object, path: str, *, trust: bool) -> Document:
    return _of_text(document, path, trust) if isinstance(document, str) else _read(document, path, trust)


def _read(document: object, path: str, trust: bool) -> Document:
    repeated: list[str] = []
    try:
        statements = _raw(document, path, repeated)
    except (Malformed, UnknownValue) as problem:
        return Document(problems=(problem.with_traceback(None),))
    problems: list[Malformed | UnknownValue] = [
        Malformed(at, "is a key that this document has twice, of which only one counts; write it once")
        for at in repeated
    ]
    found = []
    for at, raw in statements:
        try:
            found.append(_statement(raw, at, trust=trust))
        except (Malformed, UnknownValue) as problem:
            problems.append(problem.with_traceback(None))
    return Document(tuple(found), tuple(problems))


_of_text = lru_cache(maxsize=4096)(_read)
"""Rules, checks and roles read the same text again and again."""


def _raw(document: object, path: str, repeated: list[str]) -> list[tuple[str, Any]]:
    content = parse_json(document, path, repeated)
    if isinstance(content, Unknown):
        raise UnknownValue(content)
    if not isinstance(content, Mapping):
        raise Malformed(path, "must be a JSON object")
    statements = _known(content.get("Statement"), f"{path}.Statement")
    if statements is None:
        raise Malformed(path, "has no Statement")
    if isinstance(statements, Mapping):
        statements = [statements]
    if not isinstance(statements, list) or not statements:
        raise Malformed(f"{path}.Statement", "must be a statement or a list of statements")
    return [(f"{path}.Statement[{index}]", raw) for index, raw in enumerate(statements)]


def _statement(raw: Any, path: str, *, trust: bool) -> Statement:
    raw = _known(raw, path)
    if not isinstance(raw, Mapping):
        raise Malformed(path, "must be an object")
    effect = _known(raw.get("Effect"), f"{path}.Effect")
    if effect not in ("Allow", "Deny"):
        raise Malformed(f"{path}.Effect", "must be Allow or Deny")
    actions, all_actions_but = _either(raw, path, "Action", "NotAction")
    resources, all_resources_but = ((), False) if trust else _either(raw, path, "Resource", "NotResource")
    principals, all_principals_but = _principals(raw, path) if trust else ({}, False)
    if not trust and (named := {"Principal", "NotPrincipal"} & raw.keys()):
        raise Malformed(f"{path}.{min(named)}", "is for trust policies and policies of resources, and is refused here")
    for action in actions:
        if action.strip("*?") and ":" not in action:
            raise Malformed(f"{path}.Action", 'has an action without its service; write "service:Action"')
    for resource in resources:
        if not resource.startswith("arn:") and not "arn:".startswith(_WILDCARD.split(resource)[0]):
            raise Malformed(f"{path}.Resource", 'has a resource that is neither "*" nor an ARN')
    return Statement(
        path=path,
        allow=effect == "Allow",
        actions=actions,
        all_actions_but=all_actions_but,
        resources=resources,
        all_resources_but=all_resources_but,
        principals=principals,
        all_principals_but=all_principals_but,
        conditions=_conditions(_known(raw.get("Condition"), f"{path}.Condition"), f"{path}.Condition"),
    )


def _either(raw: Mapping[str, Any], path: str, name: str, opposite: str) -> tuple[tuple[str, ...], bool]:
    if (name in raw) == (opposite in raw):
        raise Malformed(path, f"must have {name} or {opposite}, not both")
    chosen = name if name in raw else opposite
    return _texts(raw[chosen], f"{path}.{chosen}"), chosen == opposite


def _principals(raw: Mapping[str, Any], path: str) -> tuple[Mapping[str, tuple[str, ...]], bool]:
    if ("Principal" in raw) == ("NotPrincipal" in raw):
        raise Malformed(path, "must have Principal or NotPrincipal, not both")
    chosen = "Principal" if "Principal" in raw else "NotPrincipal"
    value = _known(raw[chosen], f"{path}.{chosen}")
    if value == "*":
        return {"AWS": ("*",)}, chosen == "NotPrincipal"
    if not isinstance(value, Mapping) or not value:
        raise Malformed(f"{path}.{chosen}", 'must be "*" or an object of principals')
    return {kind: _texts(named, f"{path}.{chosen}.{kind}") for kind, named in value.items()}, chosen == "NotPrincipal"


def _conditions(block: Any, path: str) -> tuple[Condition, ...]:
    if block is None:
        return ()
    if not isinstance(block, Mapping):
        raise Malformed(path, "must be an object")
    found = []
    for operator, keys in block.items():
        keys = _known(keys, f"{path}.{operator}")
        if not isinstance(keys, Mapping):
            raise Malformed(f"{path}.{operator}", "must be an object of condition keys")
        for key, values in keys.items():
            values = _known(values, f"{path}.{operator}.{key}")
            listed = values if isinstance(values, list) else [values]
            known = tuple(_text_of(_known(value, f"{path}.{operator}.{key}"), f"{path}.{operator}") for value in listed)
            found.append(Condition(operator, key, known))
    # https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition_examples-multi-valued-context-keys.html
    there = {each.key.lower() for each in found if each.operator.lower() == "null" and set(each.values) == {"false"}}
    return tuple(replace(each, is_there=True) if each.key.lower() in there else each for each in found)


def _texts(value: Any, path: str) -> tuple[str, ...]:
    value = _known(value, path)
    listed = value if isinstance(value, list) else [value]
    known = [_known(item, f"{path}[{index}]") for index, item in enumerate(listed)]
    if not known or not all(isinstance(item, str) and item for item in known):
        raise Malformed(path, "must be text or a list of texts")
    return tuple(known)


def _text_of(value: Any, path: str) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str | int | float):
        return str(value)
    raise Malformed(path, "has a value that is neither text nor a number")


def _known(value: Any, path: str) -> Any:
    if isinstance(value, Unknown):
        raise UnknownValue(Unknown(path))
    return value
