"""Every component refuses arguments that it does not know or lacks, by name, before it registers anything."""

from typing import Any, TypedDict

import pulumi
import pytest
from hypothesis import given
from hypothesis import strategies as st

import components
from components.common.arguments import complete

from ..conftest import run_program

COMPONENTS = sorted(
    (one for name in dir(components) if issubclass(one := getattr(components, name), pulumi.ComponentResource)),
    key=lambda one: one.__name__,
)


def arguments_of(component: Any) -> Any:
    """Return the class of a component's arguments."""
    return component.__init__.__annotations__["args"]


def filled(component: Any) -> dict[str, Any]:
    """Return something for each argument that is required; they are looked at before they are used."""
    return dict.fromkeys(arguments_of(component).__required_keys__, "given")


@pytest.mark.parametrize("component", COMPONENTS, ids=lambda one: one.__name__)
def test_a_misspelt_argument_is_refused_with_the_one_that_was_meant(component: Any) -> None:
    meant = max(arguments_of(component).__annotations__, key=len)
    misspelt = meant.replace(meant[1], "", 1)

    def program() -> None:
        with pytest.raises(TypeError, match=rf"{misspelt} is unknown; did you mean {meant}\?"):
            component("it", {**filled(component), misspelt: "x"})

    assert [item.name for item in run_program(program).resources if item.name == "it"] == []


@pytest.mark.parametrize("component", COMPONENTS, ids=lambda one: one.__name__)
def test_missing_arguments_are_named(component: Any) -> None:
    required = sorted(arguments_of(component).__required_keys__)

    def program() -> None:
        if required:
            with pytest.raises(TypeError) as caught:
                component("it", {})
            assert all(f"{name} is missing" in str(caught.value) for name in required)

    assert [item.name for item in run_program(program).resources if item.name == "it"] == []


class Inner(TypedDict, total=False):
    depth: int


class Chosen(TypedDict, total=False):
    size: pulumi.Input[int]
    named: dict[str, Inner]
    listed: pulumi.Input[list[Inner]]


class Args(Chosen):
    place: str


@given(st.dictionaries(st.sampled_from(["size", "named", "listed"]), st.just(None)))
def test_what_is_given_stays_and_defaults_fill_the_rest(chosen: dict[str, Any]) -> None:
    args: Any = {"place": "here", **chosen}
    defaults: Chosen = {"size": 1, "named": {}}
    assert complete(Args, args, defaults) == {**defaults, **args}


@pytest.mark.parametrize(
    ("given_too", "said"),
    [
        ({"named": {"a": {"depht": 1}}}, "named.a.depht is unknown; did you mean depth?"),
        ({"listed": [{"depth": 1}, {"with": 1}]}, r"listed[1].with is unknown; known are depth"),
    ],
)
def test_mistakes_within_maps_and_lists_are_found(given_too: dict[str, Any], said: str) -> None:
    args: Any = {"place": "here", **given_too}
    with pytest.raises(TypeError) as caught:
        complete(Args, args)
    assert str(caught.value) == f"Args: {said}"


def test_an_output_is_left_to_the_provider() -> None:
    later: pulumi.Output[list[Inner]] = pulumi.Output.from_input([{"depth": 1}])
    assert complete(Args, {"place": "here", "listed": later}) == {"place": "here", "listed": later}
