"""The gallery on the real provider: every example comes up, stays as it is, and leaves nothing."""

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import pytest

from tests.engine.conftest import ROOT, copy_project
from tests.integration.conftest import Emulator, deployed

GALLERY: Final = sorted((ROOT / "examples" / "settings").glob("*.yaml"))
LEFT_OUT: Final[dict[str, Callable[[dict[str, Any]], object]]] = {
    # Cloud Control makes it, which moto has not (gaps.NOT_EMULATED).
    "registry-account": lambda platform: platform["registry"]["account"].pop("signing"),
}
"""What an example must do without here, by its name; a test of the engine runs it whole."""


@pytest.mark.parametrize("file", GALLERY, ids=lambda file: file.stem)
def test_an_example_comes_up_stays_as_it_is_and_leaves_nothing(
    file: Path, emulator: Emulator, provider: Path, tmp_path: Path
) -> None:
    copy = copy_project(tmp_path)
    shutil.copy(file, copy.root / f"Pulumi.{file.stem}.yaml")
    with deployed(file.stem, copy, emulator, provider) as stack:
        stack.edit(lambda platform: platform.update(protect=False))
        stack.edit(LEFT_OUT.get(file.stem, lambda _: None))
        done = stack.run("up")
        assert {step.split()[0] for step in done.steps} == {"create"}
        stack.unchanged()
        stack.run("destroy")
        assert [one for one in stack.types if one.startswith("aws:")] == []


def test_what_is_left_out_is_of_an_example() -> None:
    assert LEFT_OUT.keys() <= {file.stem for file in GALLERY}
