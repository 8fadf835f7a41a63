"""`python -m release`: on AWS, with the AWS CLI's credentials. `python -m local release` is the same without AWS."""

import sys
from pathlib import Path

from .aws_cli import AwsStore
from .cli import main, read_yaml
from .deploy import deploy


def _store(stack: str) -> AwsStore:
    config = read_yaml(Path(f"Pulumi.{stack}.yaml")).get("config")
    region = config.get("aws:region") if isinstance(config, dict) else None
    return AwsStore(str(region or "us-east-1"))


if __name__ == "__main__":
    sys.exit(
        main(
            sys.argv[1:],
            _store,
            deploy,
            program="python -m release",
            root=Path.cwd(),
        )
    )
