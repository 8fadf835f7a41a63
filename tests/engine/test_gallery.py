"""The gallery, `examples/settings/`: every example comes up under all policies, stays as it is, and leaves nothing."""

import shutil
from pathlib import Path

import pytest

from policies.catalog import RULES

from .conftest import ROOT, Local, copy_project

GALLERY = sorted((ROOT / "examples" / "settings").glob("*.yaml"))


@pytest.fixture(scope="module")
def gallery(tmp_path_factory: pytest.TempPathFactory) -> Local:
    """One copy of the project for all examples: each is a stack of its own."""
    local = copy_project(tmp_path_factory.mktemp("project"), packages=False)
    shutil.copytree(ROOT / "examples" / "settings", local.root / "examples" / "settings")
    return local


@pytest.mark.parametrize("file", GALLERY, ids=lambda file: file.stem)
def test_an_example_comes_up_stays_as_it_is_and_leaves_nothing(gallery: Local, file: Path) -> None:
    stack = file.stem

    def ok(verb: str) -> str:
        return gallery.ok(verb, "--settings", f"examples/settings/{file.name}", stack=stack)

    printed = ok("up")  # which begins with a preview
    assert " to create; policies kept" in printed
    again = ok("preview")
    # No finding, and once everything is made nothing undecided.
    assert [text.count("  ✓ kept ") for text in (printed, again)] == [len(RULES)] * 2
    assert gallery.find("ecs/service:Service", stack)
    assert "Preview: no changes" in again
    assert "Refresh: no changes" in ok("refresh")
    assert f"nothing is left of {stack}" in ok("down")
    assert gallery.state(stack) == []
