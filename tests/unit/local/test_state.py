"""What is read of a stack's state without the CLI: its outputs, closed where they are secret, and what is wrong."""

import json
from pathlib import Path
from typing import Any

import pytest

from local import state

SECRET = {"4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270", "ciphertext": "v1:abc:hush"}


def written(file: Path, latest: dict[str, Any] | None) -> dict[str, Any]:
    """Write a state as the engine does, and read it."""
    file.write_text(json.dumps({"version": 3, "checkpoint": {"stack": "dev", "latest": latest}}))
    return state.read(file)


def stack(**outputs: Any) -> dict[str, Any]:
    return {"resources": [{"type": "pulumi:pulumi:Stack", "urn": "urn:pulumi:dev::p::s::p-dev", "outputs": outputs}]}


def test_outputs_are_as_they_were_exported(tmp_path: Path) -> None:
    values = state.outputs(written(tmp_path / "dev.json", stack(url="http://x", ports=[80, {"tls": 443}], none=None)))
    assert {name: value.value for name, value in values.items()} == {
        "url": "http://x",
        "ports": [80, {"tls": 443}],
        "none": None,
    }
    assert not any(value.secret for value in values.values())


def test_a_secret_stays_closed_wherever_it_is(tmp_path: Path) -> None:
    values = state.outputs(written(tmp_path / "dev.json", stack(token=SECRET, keys=[{"a": SECRET, "b": 1}])))
    assert (values["token"].value, values["token"].secret) == ("[secret]", True)
    assert values["keys"].value == [{"a": "[secret]", "b": 1}]
    assert "hush" not in repr([value.value for value in values.values()])


def test_a_stack_without_resources_has_no_outputs(tmp_path: Path) -> None:
    for latest in (None, {}, {"resources": None}):
        assert state.outputs(written(tmp_path / "dev.json", latest)) == {}


@pytest.mark.parametrize("text", ["", "{ not JSON", "[]", '{"version": 3}'])
def test_a_broken_file_is_named(tmp_path: Path, text: str) -> None:
    file = tmp_path / "dev.json"
    file.write_text(text)
    with pytest.raises(state.UnreadableError, match=str(file)):
        state.read(file)
