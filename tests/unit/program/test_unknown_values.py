"""A value that is not known yet, anywhere in anything that the program registers, is no mistake to the stand-in."""

from collections.abc import Iterable, Iterator
from typing import Any

from local.standin import documents, services
from local.standin.behaviour import UNKNOWN
from local.standin.table import TABLE

from ..conftest import Registered
from . import resources


def each_unknown(given: Any) -> Iterator[Any]:
    """Yield what is given, with one value after the other unknown: each block as a whole, and each within it."""
    yield UNKNOWN
    if isinstance(given, dict):
        for key, value in given.items():
            yield from ({**given, key: changed} for changed in each_unknown(value))
    elif isinstance(given, list):
        for index, value in enumerate(given):
            yield from ([*given[:index], changed, *given[index + 1 :]] for changed in each_unknown(value))


def test_no_unknown_value_is_a_mistake() -> None:
    for resource in _one_of_each(resources.register("everything").resources):
        behaviour = services.behaviour(resource.type)
        known = set(_faults(resource.type, resource.inputs))  # what AWS would decide is missing under mocks
        for name, value in resource.inputs.items():
            for changed in each_unknown(value):
                inputs = {**resource.inputs, name: changed}
                assert set(_faults(resource.type, inputs)) <= known, f"{resource.name}: {name} = {changed}"
                assert isinstance(behaviour.undecided(inputs), set)
                assert isinstance(behaviour.replaces(resource.inputs, inputs), set)


def _one_of_each(registered: Iterable[Registered]) -> Iterable[Registered]:
    """Return one resource of each type and each set of inputs."""
    return {(one.type, *sorted(one.inputs)): one for one in registered if one.type in TABLE}.values()


def _faults(type_: str, inputs: dict[str, Any]) -> Iterator[tuple[str, str]]:
    behaviour = services.behaviour(type_)
    yield from TABLE[type_].faults(inputs)
    yield from documents.faults(behaviour.documents, inputs)
    yield from behaviour.faults(inputs)
