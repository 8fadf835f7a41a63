"""The tag of an image: the commit that it is built from."""

import shutil
import subprocess
from pathlib import Path

from .errors import ReleaseError


def commit_tag(folder: Path) -> str:
    """Return the tag for an image of a folder as it is committed.

    Raises:
        ReleaseError: there is no git, no commit, or something in the folder is not committed.
    """
    if shutil.which("git") is None:
        raise ReleaseError("git is not on PATH", "install it, or name a tag with --tag")
    if changed := _git(folder, "status", "--porcelain", "--", "."):
        count = len(changed.splitlines())
        raise ReleaseError(
            f"{folder} has {count} uncommitted change{'' if count == 1 else 's'}",
            "commit first, or name a tag with --tag: the default tag names the commit that the image is built from",
        )
    return f"git-{_git(folder, 'rev-parse', '--short=12', 'HEAD')}"


def _git(folder: Path, *arguments: str) -> str:
    done = subprocess.run(["git", "-C", str(folder), *arguments], capture_output=True, text=True, check=False)
    if done.returncode:
        raise ReleaseError(f"{folder} is not committed to git", "commit it, or name a tag with --tag")
    return done.stdout.strip()
