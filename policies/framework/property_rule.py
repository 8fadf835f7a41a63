"""Makes a rule of statements: `property_rule(Must(...), exists_for(...), name=..., ...)`."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from typing import TypeVar

from policies.framework.accepts import settings_of
from policies.framework.derived import exists_examples, must_examples
from policies.framework.examples import Example
from policies.framework.exists import ExistsFor
from policies.framework.must import Must
from policies.framework.report import Report
from policies.framework.resources import Resource, Stack
from policies.framework.rule import Level, Rule, SettingSchema, Severity
from policies.framework.within import Blocks

_Statement = TypeVar("_Statement", Must, ExistsFor)


def property_rule(
    *statements: Must | ExistsFor,
    name: str,
    title: str,
    description: str,
    severity: Severity,
    packs: tuple[str, ...],
    controls: tuple[str, ...],
    remedy: str,
    url: str,
    types: tuple[str, ...] = (),
    level: Level = "mandatory",
    settings: Mapping[str, SettingSchema] | None = None,
    check: Callable[[Resource, Report], None] | None = None,
    check_stack: Callable[[Stack, Report], None] | None = None,
    cases: Callable[[], Iterable[Example]] = tuple,
) -> Rule:
    """A rule whose check and examples follow from its statements. The other parameters are those of `Rule`.

    :param types: the resource types of statements that name none, and those that only `check_stack` reads.
    :param check: what no statement can say of a resource of `types`, judged beside them.
    :param check_stack: what no statement can say of the stack.
    :param cases: makes examples beside the derived ones, for what is special about the rule.
    :raises ValueError: the statements contradict each other or the rule; the message says what to change.
    """
    musts = [_bound(item, types) for item in statements if isinstance(item, Must)]
    relations = [_bound(item, types) for item in statements if isinstance(item, ExistsFor)]
    if problem := _problem(musts, relations, settings or {}):
        raise ValueError(f"rule {name}: {problem}")
    by_type: dict[str, list[Must]] = defaultdict(list)
    for must in musts:
        for type_ in must.types:
            by_type[type_].append(must)

    def check_one(resource: Resource, report: Report) -> None:
        for must in by_type.get(resource.type, ()):
            must.judge(resource, report)
        if check is not None and resource.type in types:
            check(resource, report)

    def check_relations(stack: Stack, report: Report) -> None:
        for relation in relations:
            relation.judge(stack, report)
        if check_stack is not None:
            check_stack(stack, report)

    def derived() -> Iterable[Example]:
        for must in musts:
            yield from must_examples(must)
        for relation in relations:
            yield from exists_examples(relation)
        yield from cases()

    every = (*types, *by_type, *(type_ for item in relations for type_ in (*item.types, item.type)))
    return Rule(
        name=name,
        title=title,
        description=description,
        severity=severity,
        packs=packs,
        level=level,
        controls=controls,
        remedy=remedy,
        url=url,
        types=tuple(dict.fromkeys(every)),
        settings=settings or {},
        check=check_one if musts or check is not None else None,
        check_stack=check_relations if relations or check_stack is not None else None,
        cases=derived,
    )


def _bound(statement: _Statement, types: tuple[str, ...]) -> _Statement:
    return statement if statement.types else replace(statement, types=types)


def _problem(musts: list[Must], relations: list[ExistsFor], settings: Mapping[str, SettingSchema]) -> str:
    if not musts and not relations:
        return "give it a Must(...) or an exists_for(...)"
    seen: set[tuple[str, str, str]] = set()
    for must in musts:
        if not must.types:
            return f"Must({must.path!r}) has no types: give them to it or to the rule"
        # Blocks of different properties are not written beside each other, as the kinds of a job's container.
        within = must.within.path[0] if isinstance(must.within, Blocks) else ""
        ids = {(must.finding, type_, within) for type_ in must.types}
        if ids & seen:
            # One would hide the other, as findings of one id are reported once.
            return f"two statements about {must.types[0]} are called {must.finding}; give each a finding of its own"
        seen |= ids
    for relation in relations:
        if not relation.types:
            return f"exists_for({relation.type!r}) has no types: give them to it or to the rule"
        if relation.type in relation.types:
            return f"exists_for({relation.type!r}) is demanded for its own type; give it other types"
    named = {setting for must in musts for setting in settings_of((*must.good, *must.bad))}
    named |= {relation.setting for relation in relations if relation.setting}
    unknown = sorted(named - set(settings))
    return f"it has no setting {unknown[0]}, which a statement uses" if unknown else ""
