"""`python -m local release`: what services are meant to run, in the local engine's own store."""

from collections.abc import Sequence
from pathlib import Path

from components.registry.expiry import Image
from release import cli
from release.commands import ReleaseError, is_digest
from release.images import Scan

from .console import Console
from .errors import LocalError
from .standin.memory import Memory
from .workspace import Paths


class LocalStore:
    """Parameters as the stand-in for AWS keeps them. There is no registry: any digest is taken to be there."""

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
            raise ReleaseError(f"{repository} is not there without AWS, so no tag can be looked up: name a digest")
        return image

    def address(self, repository: str) -> str:
        """See Store."""
        return repository

    def copy(self, digest: str, source: str, repository: str) -> None:
        """See Store; nothing has to be copied."""

    def images(self, repository: str) -> list[Image]:
        """See Images."""
        raise _nowhere(repository)

    def start_scan(self, repository: str, digest: str) -> str | None:  # noqa: ARG002
        """See Images."""
        raise _nowhere(repository)

    def scan(self, repository: str, digest: str) -> Scan:  # noqa: ARG002
        """See Images."""
        raise _nowhere(repository)

    def missing_tools(self) -> list[str]:
        """See Images."""
        return ["there is no registry without AWS: on AWS the same command is python -m release push"]

    def push(self, folder: Path, repository: str, tag: str, platform: str) -> None:  # noqa: ARG002
        """See Images."""
        raise _nowhere(repository)


def _nowhere(repository: str) -> ReleaseError:
    return ReleaseError(f"{repository} is not there without AWS: on AWS the same command is python -m release")


def main(arguments: Sequence[str], root: Path, local: Path) -> int:
    """Run one command of `release`."""
    return cli.main(
        arguments,
        lambda stack: LocalStore(Memory(Paths(root, stack, local).memory)),
        lambda _, target: _deploy(Paths(root, target.stack, local), target.service),
        program="python -m local release",
        root=root,
    )


def _deploy(paths: Paths, service: str) -> None:
    from .engine import Engine  # only now: it takes seconds to read pulumi_aws

    try:
        Engine(paths, Console(), service=service).up()
    except LocalError as error:
        raise ReleaseError(str(error)) from None
