"""The wheel that other projects install: every module of `components` and `outputs`, and all that they import.

tests/engine/test_consumer.py installs it, imports each module and runs a project on it.
"""

import ast
import subprocess
import sys
import tomllib
import zipfile
from collections.abc import Iterator
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from ..conftest import ROOT

NOT_INSTALLED = {"outputs/docs.py"}  # it writes a page of this repository
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]


def sources(suffix: str = "") -> set[str]:
    """Return the files that the wheel must have, by their paths in this repository."""
    found = {path for package in ("components", "outputs") for path in (ROOT / package).rglob(f"*{suffix}")}
    files = {str(path.relative_to(ROOT)) for path in found if path.is_file() and path.parent.name != "__pycache__"}
    return files - NOT_INSTALLED


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built as its users' pip does."""
    target = tmp_path_factory.mktemp("wheel")
    subprocess.run([sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", target], cwd=ROOT, check=True)
    (built,) = target.glob("*.whl")
    return built


def test_the_wheel_has_every_module_and_nothing_else(wheel: Path) -> None:
    names = {name for name in zipfile.ZipFile(wheel).namelist() if ".dist-info/" not in name}
    assert names == {f"container_platform/{path}" for path in sources()}
    assert {"components/py.typed", "outputs/py.typed"} <= sources(), "else the types are lost"


def imported(path: str) -> Iterator[str]:
    """Return the packages that a module imports by name, from any place in it; relative imports name none."""
    for node in ast.walk(ast.parse((ROOT / path).read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module.partition(".")[0]


def test_the_wheel_asks_for_all_that_it_imports() -> None:
    declared = {canonicalize_name(Requirement(line).name) for line in PROJECT["dependencies"]}
    providers = packages_distributions()
    for path in sorted(sources(".py")):
        for package in sorted(set(imported(path)) - set(sys.stdlib_module_names)):
            known = {canonicalize_name(name) for name in providers.get(package, [])}
            assert known & declared, f"{path} imports {package}, which an installed wheel does not have"
