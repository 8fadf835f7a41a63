"""What the commands need of a stack's parameters and images, on AWS or on the local engine."""

from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple, Protocol

from components.registry.expiry import Image

from .targets import Target


class Scan(NamedTuple):
    """The result of scanning an image."""

    status: str
    """As ECR calls it: COMPLETE, ACTIVE, FAILED, UNSUPPORTED_IMAGE, ..."""
    description: str = ""
    counts: Mapping[str, int] = {}
    """Severity to number of findings."""


class Store(Protocol):
    """The parameters and images of a stack."""

    def history(self, parameter: str) -> list[str]:
        """Return the values of a parameter, the latest last; none if there is no such parameter."""
        ...

    def put(self, parameter: str, value: str) -> None:
        """Give an existing parameter another value."""
        ...

    def digest(self, repository: str, image: str) -> str:
        """Return the digest of the image that a tag or a digest names.

        Raises:
            ImageNotFoundError: the repository holds no such image.
        """
        ...

    def address(self, repository: str) -> str:
        """Return the address that a repository is pulled from."""
        ...

    def copy(self, digest: str, source: str, repository: str) -> None:
        """Copy an image from the repository at an address into one of this stack; the digest stays the same."""
        ...

    def images(self, repository: str) -> list[Image]:
        """Return every image of a repository."""
        ...

    def start_scan(self, repository: str, digest: str) -> str | None:
        """Start a scan of an image, or say why none is started although there are findings to read."""
        ...

    def scan(self, repository: str, digest: str) -> Scan:
        """Wait until the last scan of an image has ended, and return its result.

        Raises:
            ReleaseError: it takes too long.
        """
        ...

    def check_tools(self) -> None:
        """Check that this machine can build and push.

        Raises:
            ReleaseError: it cannot.
        """
        ...

    def push(self, folder: Path, repository: str, tag: str, platform: str) -> None:
        """Build the image of a folder, and push it."""
        ...


class Backend(Protocol):
    """Where the commands work: AWS, or the local engine."""

    @property
    def program(self) -> str:
        """How the command line is called, for messages."""
        ...

    @property
    def root(self) -> Path:
        """The project's folder."""
        ...

    def store(self, stack: str) -> Store:
        """Return the parameters and images of a stack."""
        ...

    def deploy(self, target: Target) -> None:
        """Deploy what a service is meant to run, and wait until it runs.

        Raises:
            ReleaseError: it failed.
        """
        ...
