"""The locks, requirements-*.lock.txt: what `make setup` installs is what requirements*.txt asks for, hash by hash."""

import re
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from ..conftest import ROOT

LOCKS = sorted(ROOT.glob("requirements-*.lock.txt"))


def asked(file: Path) -> dict[str, str]:
    """Return package → pin of a requirements file and of those that it includes."""
    pins: dict[str, str] = {}
    for line in file.read_text().splitlines():
        if line.startswith("-r "):
            pins |= asked(file.parent / line.removeprefix("-r "))
        elif line and not line.startswith("#"):
            requirement = Requirement(line)
            pins[canonicalize_name(requirement.name)] = str(requirement.specifier)
    return pins


def locked(text: str) -> list[tuple[Requirement, list[str]]]:
    """Return what a lock installs, each with its hashes."""
    entries = re.split(r"(?m)^(?=[a-z])", re.sub(r"(?m)^#.*\n", "", text))
    parts = [entry.replace("\\\n", "").split("--hash=") for entry in entries if entry]
    return [(Requirement(part[0].strip()), part[1:]) for part in parts]


@pytest.mark.parametrize("lock", LOCKS, ids=lambda lock: lock.name)
def test_a_lock_has_every_pin_with_hashes_and_no_address(lock: Path) -> None:
    text = lock.read_text()
    entries = locked(text)
    versions = {requirement.name: str(requirement.specifier) for requirement, _ in entries}
    wanted = asked(ROOT / lock.name.replace(".lock", ""))
    assert wanted
    assert {name: versions.get(name) for name in wanted} == wanted, "run: make lock"
    assert all(requirement.url is None and hashes for requirement, hashes in entries)
    assert "://" not in text
    assert not re.search(r"--(index|extra|find)", text)


def test_the_set_up_installs_by_hash() -> None:
    makefile = (ROOT / "Makefile").read_text()
    installs = re.findall(r"pip install .*-r (\S+)", makefile)
    assert set(installs) == {lock.name for lock in LOCKS}
    assert makefile.count("--require-hashes") == len(installs)
