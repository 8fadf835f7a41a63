"""What a release command says when it cannot do what it was asked."""

import sys


class ReleaseError(Exception):
    """A command cannot go on: what is wrong, and below it what to do."""

    def __init__(self, problem: str, remedy: str = "") -> None:
        super().__init__(f"{problem}\n  → {remedy}" if remedy else problem)


class ImageNotFoundError(ReleaseError):
    """The repository holds no such image."""


def missing_package(missing: ModuleNotFoundError, module: str) -> str:
    """Return what to do about a package that this Python does not have."""
    return (
        f"✗ {sys.executable} has no package {missing.name}\n"
        f"  → run this through make, or after `make setup` as: .venv/bin/python -m {module}"
    )
