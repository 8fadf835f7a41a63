"""`python -m local release`: what services are meant to run, in the local engine's own store."""

from pathlib import Path
from typing import TYPE_CHECKING

from release import cli
from release.errors import ReleaseError

from .display import console
from .errors import LocalError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from release.targets import Target

    from .store import LocalStore


class Local:
    """The local engine, as the commands use it. The engine and the settings' model are loaded only when needed."""

    program = "python -m local release"

    def __init__(self, root: Path, local: Path) -> None:
        self.root = root
        self.local = local

    def store(self, stack: str) -> "LocalStore":
        """See Backend."""
        from .standin.memory import Memory
        from .store import LocalStore
        from .workspace import Paths

        return LocalStore(Memory(Paths(self.root, stack, self.local).memory))

    def deploy(self, target: "Target") -> None:
        """See Backend."""
        from .engine import Engine
        from .workspace import Paths

        try:
            Engine(Paths(self.root, target.stack, self.local), console(), service=target.service).up()
        except LocalError as error:
            raise ReleaseError(str(error)) from None


def main(arguments: "Sequence[str]", root: Path, local: Path) -> int:
    """Run one command of `release`."""
    return cli.main(arguments, Local(root, local))
