"""The examples that follow from a statement: what passes, fails, is not set, is malformed, and is not known yet."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from policies.framework.accepts import form, samples
from policies.framework.examples import UNKNOWN, Example, Expect, Res
from policies.framework.exists import ExistsFor
from policies.framework.must import Has, Must
from policies.framework.values import path_of, shown
from policies.framework.within import Blocks, Steps, nested

_NAME = "app"
_OTHER_FORM = {"a": "b"}
"""A value of a form that no property of a `Must` has."""


def must_examples(must: Must) -> Iterator[Example]:
    """Every form that the property can have, on the first type; for each other type, that it fails."""
    case = _Case(must, must.types[0])
    for value, settings in samples(must.good):
        yield case.example(f"is {shown(value)}", case.inputs(value), settings=settings)
    for value, settings in samples(must.bad):
        # The parts of an object come back from the engine in another order.
        says = [case.path(), "Fix: "] if isinstance(value, list) else [f"{case.path()} is {shown(value)}: ", "Fix: "]
        yield case.example(f"is {shown(value)}", case.inputs(value), [case.found(value, says=says)], settings=settings)
    yield case.example("is not known yet", case.inputs(UNKNOWN, as_object=True), undecided=case.path())
    yield from _malformed(case)
    if isinstance(must.within, Blocks):
        yield from _blocks(case, must.within)
    if must.where is not None:
        yield from _block_condition(case, must.where)
    if must.when is not None:
        yield from _condition(case, must.when, must.when.otherwise)
    if must.unless is not None:
        yield from _condition(case, must.unless, samples(must.unless.values)[0][0])
    for type_ in must.types[1:]:
        other = _Case(must, type_)
        yield other.example(f"on {type_}", other.inputs(case.bad), [other.found(case.bad)], settings=case.settings)


def exists_examples(relation: ExistsFor) -> Iterator[Example]:
    """One that has the other, before ids are known and after; one that has none; and one that may have it."""
    settings = {relation.setting: True} if relation.setting else {}
    prop = relation.behind.split(".")

    def one(name: str = _NAME, of: str = relation.types[0], known: str = UNKNOWN) -> Res:
        return Res(of, name, {}, {"id": known})

    def other(value: object, *behind: str) -> Res:
        return Res(relation.type, "other", nested(prop, value), depends={prop[0]: behind})

    kind = relation.type.rpartition(":")[2]
    missing = [Expect(f"{relation.finding}::{_NAME}", _NAME, [relation.reason, "Fix: "])]
    yield Example(f"with a {kind}, first preview", [one(), other(UNKNOWN, _NAME)], settings=settings)
    yield Example(f"with a {kind}, update", [one(known="id-1"), other("id-1", _NAME)], settings=settings)
    if relation.setting:
        yield Example(f"without {kind}, and no setting demands it", [one()])
    for type_ in relation.types:
        yield Example(f"{type_} without {kind}", [one(of=type_)], missing, settings=settings)
    for_another = [one(known="id-1"), one("second", known="id-2"), other("id-2", "second")]
    yield Example(f"with a {kind} for another", for_another, missing, settings=settings)
    unclear = [Expect(f"Undecided::other.{relation.behind}", _NAME)]
    yield Example(
        f"with a {kind} for something not known yet", [one(), other(UNKNOWN)], undecided=unclear, settings=settings
    )


def _malformed(case: "_Case") -> Iterator[Example]:
    """A value of another form, and another form on the way to it."""
    says = f"must be {form((*case.must.good, *case.must.bad))}"
    yield case.example("is an object", case.inputs(_OTHER_FORM), [case.malformed(case.path(), says)])
    above = case.must.path.split(".")[:-1]
    if above:
        inputs = case.inputs_above(above, "x")
        yield case.example("is below text", inputs, [case.malformed(case.path(above), "must be an object, not text")])


def _blocks(case: "_Case", within: Blocks) -> Iterator[Example]:
    """The list around the property."""
    first, listed = within.path[0], path_of(*within.path)
    yield case.example("without the list", {})
    yield case.example("in an empty list", within.inputs())
    second = case.found(case.bad, 1)
    yield case.example("bad in the second block", case.inputs(case.good, case.bad), [second], settings=case.settings)
    unknown = first if within.document else listed
    yield case.example("in a list that is not known yet", nested(unknown.split("."), UNKNOWN), undecided=unknown)
    block = case.malformed(f"{listed}[0]", "must be an object, not text")
    yield case.example("in a block that is text", nested(within.path, ["x"]), [block])
    if not within.or_one:
        no_list = case.malformed(listed, "must be a list, not an object")
        yield case.example("in an object instead of the list", nested(within.path, _OTHER_FORM), [no_list])
    if within.document:
        yield case.example("in text that is no JSON", {first: "[{"}, [case.malformed(first, "is not valid JSON")])
        as_object = case.inputs(case.bad, as_object=True)
        yield case.example("in a document that is no text", as_object, [case.found(case.bad)], settings=case.settings)
        if within.any_case:
            capitalised = {first: _capitalised(as_object[first])}
            yield case.example("in another case", capitalised, [case.found(case.bad)], settings=case.settings)


def _capitalised(value: Any) -> Any:
    if isinstance(value, dict):
        return {name.capitalize(): _capitalised(item) for name, item in value.items()}
    return [_capitalised(item) for item in value] if isinstance(value, list) else value


def _condition(case: "_Case", condition: Has, spared: object) -> Iterator[Example]:
    """The condition on the resource: where it skips the resource, and where it is not known yet."""
    bad = case.inputs(case.bad)
    yield case.example(f"is bad, and {condition.path} is {shown(spared)}", _merged(bad, _set(condition, spared)))
    unknown = _merged(bad, _set(condition, UNKNOWN))
    yield case.example(f"is bad, and {condition.path} is not known yet", unknown, undecided=condition.path)


def _block_condition(case: "_Case", condition: Has) -> Iterator[Example]:
    """The condition on a block: where it skips the block, and where it is not known yet."""
    for value, what in ((condition.otherwise, shown(condition.otherwise)), (UNKNOWN, "not known yet")):
        inputs = case.inputs(case.bad, as_object=True, block=_set(condition, value))
        undecided = case.path(condition.path.split(".")) if value is UNKNOWN else ""
        yield case.example(f"is bad, and {condition.path} of its block is {what}", inputs, undecided=undecided)


def _set(condition: Has, value: object) -> dict[str, Any]:
    return nested(condition.path.split("."), value)


def _merged(one: Mapping[str, Any], other: Mapping[str, Any]) -> dict[str, Any]:
    """Both objects in one; where both set something that is no object, the other's."""
    both = {**one, **other}
    for name in set(one) & set(other):
        if isinstance(one[name], Mapping) and isinstance(other[name], Mapping):
            both[name] = _merged(one[name], other[name])
    return both


class _Case:
    """Makes examples of one `Must` on one resource type."""

    def __init__(self, must: Must, type_: str) -> None:
        self.must = must
        self.type = type_
        self.good, good_settings = samples(must.good)[0]
        # A property that is set shows more: that it is looked for in the right place.
        self.bad, bad_settings = max(samples(must.bad), key=lambda sample: sample[0] is not None)
        self.settings = {**good_settings, **bad_settings}
        self.met = _set(must.when, samples(must.when.values)[0][0]) if must.when else {}
        self.met_by_block = _set(must.where, samples(must.where.values)[0][0]) if must.where else {}

    def example(
        self,
        name: str,
        inputs: Mapping[str, Any],
        findings: Sequence[Expect] = (),
        *,
        undecided: str = "",
        settings: Mapping[str, Any] | None = None,
    ) -> Example:
        """An example of one resource that meets the statement's conditions."""
        open_ = (
            [Expect(f"Undecided::{undecided}", _NAME, ["Nothing to do now: the update judges it"])] if undecided else []
        )
        resource = Res(self.type, _NAME, _merged(self.met, inputs))
        return Example(self.named(name), [resource], findings, open_, settings=settings or {})

    def named(self, name: str) -> str:
        """An example's name, which tells it from those of the rule's other statements."""
        within = self.must.within
        listed = f"{path_of(*within.path)}[]." if isinstance(within, Blocks) else ""
        return f"{self.type.rpartition(':')[2]} {listed}{self.must.path} {name}"

    def inputs(
        self, *values: object, as_object: bool = False, block: Mapping[str, Any] | None = None
    ) -> dict[str, Any]:
        """The inputs of a resource with these values.

        :param as_object: documents are objects, so that a part of one can be unknown.
        :param block: what else each block has.
        """
        blocks = [_merged(self._block(value, index), block or {}) for index, value in enumerate(values)]
        within = self.must.within
        if isinstance(within, Blocks) and as_object:
            return nested(within.path, blocks)
        return within.inputs(*blocks)

    def inputs_above(self, above: Sequence[str], value: object) -> dict[str, Any]:
        """The inputs of a resource with a value in place of an object on the way to the property."""
        block, within = _merged(self.met_by_block, nested(above, value)), self.must.within
        return nested(within.path, [block]) if isinstance(within, Blocks) else within.inputs(block)

    def found(self, value: object, index: int = 0, says: Sequence[str] = ()) -> Expect:
        """The finding about one value."""
        within = self.must.within
        name = _NAME
        if isinstance(within, Blocks) and within.named:
            name = self._block_name(index)
            if within.named == self.must.path:
                name = value if isinstance(value, str) and value else str(index)
        finding = self.must.finding
        return Expect(finding if "::" in finding else f"{finding}::{name}", _NAME, says)

    def malformed(self, path: str, says: str) -> Expect:
        """The finding about a form."""
        return Expect(f"Malformed::{path}", _NAME, [says])

    def path(self, steps: Sequence[str] = ()) -> str:
        """The property's full path in the first block."""
        within = self.must.within
        place: Steps = (*within.path, 0) if isinstance(within, Blocks) else ()
        return path_of(*place, *(steps or self.must.path.split(".")))

    def _block(self, value: object, index: int) -> dict[str, Any]:
        within = self.must.within
        block: dict[str, Any] = dict(self.met_by_block)
        if isinstance(within, Blocks) and within.named and within.named != self.must.path:
            block[within.named] = self._block_name(index)
        return block if value is None else _merged(block, nested(self.must.path.split("."), value))

    def _block_name(self, index: int) -> str:
        return ("first", "second")[index]
