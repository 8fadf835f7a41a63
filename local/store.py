"""Parameters and images for `python -m local release`."""

from pathlib import Path

from components.registry.expiry import Image
from release.errors import ReleaseError
from release.images import is_digest
from release.store import Scan

from .standin.memory import Memory


class LocalStore:
    """Parameters as the stand-in for AWS keeps them. There is no registry: every digest is taken to exist."""

    def __init__(self, memory: Memory) -> None:
        self._memory = memory

    def history(self, parameter: str) -> list[str]:
        """See Store."""
        return self._memory.history(parameter)

    def put(self, parameter: str, value: str) -> None:
        """See Store."""
        self._memory.put_parameter(parameter, value)

    def digest(self, repository: str, image: str) -> str:
        """See Store."""
        if not is_digest(image):
            raise ReleaseError(f"the local engine has no registry to look up {repository}:{image}", "name a digest")
        return image

    def address(self, repository: str) -> str:
        """See Store."""
        return repository

    def copy(self, digest: str, source: str, repository: str) -> None:
        """See Store; nothing has to be copied."""

    def images(self, repository: str) -> list[Image]:  # noqa: ARG002
        """See Store."""
        raise _no_registry()

    def start_scan(self, repository: str, digest: str) -> str | None:  # noqa: ARG002
        """See Store."""
        raise _no_registry()

    def scan(self, repository: str, digest: str) -> Scan:  # noqa: ARG002
        """See Store."""
        raise _no_registry()

    def check_tools(self) -> None:
        """See Store."""
        raise _no_registry()

    def push(self, folder: Path, repository: str, tag: str, platform: str) -> None:  # noqa: ARG002
        """See Store."""
        raise _no_registry()


def _no_registry() -> ReleaseError:
    return ReleaseError("the local engine has no registry", "on AWS the same command is python -m release")
