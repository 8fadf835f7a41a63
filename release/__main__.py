"""`python -m release`: on AWS, with the credentials that boto3 finds. `python -m local release` works without AWS."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from .errors import missing_package

try:
    from .cli import main
except ModuleNotFoundError as missing:
    sys.exit(missing_package(missing, "release"))

if TYPE_CHECKING:
    from .aws import AwsStore
    from .targets import Target


class Aws:
    """AWS, as the commands use it. boto3 and the settings' model are loaded only when they are needed."""

    program = "python -m release"

    def __init__(self, root: Path) -> None:
        self.root = root

    def store(self, stack: str) -> "AwsStore":
        """See Backend."""
        from .aws import AwsStore
        from .project import Stack

        return AwsStore(Stack.read(self.root, stack).region)

    def deploy(self, target: "Target") -> None:
        """See Backend."""
        from .deploy import deploy

        deploy(self.store(target.stack), target, self.root, self.program)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:], Aws(Path.cwd())))
