"""Where the real provider plugins are on this machine: the official ones, else the AWS plugin built from Go modules."""

import importlib.metadata
import os
import subprocess
import sys
from pathlib import Path

from local.errors import LocalError

_PATIENCE = 600


def official(name: str) -> Path | None:
    """Return the folder of an official plugin (`aws`, `awsx`) in the user's own Pulumi home, if it is there."""
    home = Path(os.environ.get("PULUMI_HOME") or Path.home() / ".pulumi")
    folder = home / "plugins" / f"resource-{name}-v{_version(name)}"
    return folder if (folder / f"pulumi-resource-{name}").exists() else None


def find_aws(*, may_download: bool) -> Path:
    """Return the folder that holds the AWS plugin.

    Raises:
        LocalError: it is nowhere, with how to get it.
    """
    folder = official("aws") or (_download() if may_download else None) or _built()
    if folder is None:
        raise LocalError(
            f"the AWS provider plugin {_version('aws')} is not on this machine",
            f"pulumi plugin install resource aws {_version('aws')}, or build it from its Go modules (half an hour)",
        )
    return folder


def _built() -> Path | None:
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "pulumi-aws-plugin"
    found = sorted(cache.glob("*/pulumi-resource-aws"), key=lambda file: file.stat().st_mtime)
    return found[-1].parent if found else None


def _download() -> Path | None:
    for name in ("aws", "awsx"):
        command = ["pulumi", "plugin", "install", "resource", name, _version(name)]
        try:
            subprocess.run(command, capture_output=True, timeout=_PATIENCE, check=False)
        except (OSError, subprocess.TimeoutExpired):
            return None
    return official("aws")


def _version(name: str) -> str:
    return importlib.metadata.version(f"pulumi-{name}")


if __name__ == "__main__":
    try:
        print(find_aws(may_download="--download" in sys.argv))
    except LocalError as error:
        sys.exit(str(error))
