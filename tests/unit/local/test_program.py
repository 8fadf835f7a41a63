"""The project's own program: its modules are as their files are, and are not read twice without need."""

import sys
from pathlib import Path

import pytest

from local.program import Program

MAIN = "import owned.given\nowned.given.RUNS.append(owned.given.VALUE)\n"


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project with one package."""
    monkeypatch.setattr(sys, "path", [*sys.path])
    for name in ("owned", "owned.given"):
        monkeypatch.setitem(sys.modules, name, sys)  # and out of it again at the end
        del sys.modules[name]
    _write(tmp_path, "first")
    return tmp_path


def _write(root: Path, value: str) -> None:
    (root / "owned").mkdir(exist_ok=True)
    (root / "owned" / "__init__.py").touch()
    (root / "owned" / "given.py").write_text(f"VALUE = {value!r}\nRUNS = []\n")
    (root / "__main__.py").write_text(MAIN)


def _runs() -> list[str]:
    runs: list[str] = sys.modules["owned.given"].RUNS
    return runs


def test_a_second_run_reads_no_module_again(root: Path) -> None:
    program = Program(root)
    program()
    program()
    assert _runs() == ["first", "first"]


def test_a_run_sees_what_was_edited_since_the_last_one(root: Path) -> None:
    program = Program(root)
    program()
    _write(root, "second, longer")
    program()
    assert _runs() == ["second, longer"]


def test_a_module_of_another_project_is_not_taken_for_this_ones(
    root: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    Program(root)()
    other = tmp_path_factory.mktemp("other")
    _write(other, "another one's")
    Program(other)()
    assert _runs() == ["another one's"]
