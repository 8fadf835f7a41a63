"""The wheel that other projects install: every module of `components` and `outputs`, importable by itself."""

import ast
import os
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


def test_every_module_of_the_wheel_can_be_imported_where_it_is_installed(wheel: Path, tmp_path: Path) -> None:
    pip = [f"{sys.prefix}/bin/uv", "pip", "install", "--quiet", "--offline", "--no-deps", "--target"]
    subprocess.run([*pip, str(tmp_path), str(wheel)], check=True)
    check = [sys.executable, "-P", ROOT / ".ci" / "import_wheel.py", PROJECT["version"]]
    environment = {**os.environ, "PYTHONPATH": str(tmp_path)}
    done = subprocess.run(check, cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stderr
    assert f"{len(sources('.py'))} modules imported" in done.stdout


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
