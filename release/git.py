"""The tag of an image: the commit that it is built from."""

import shutil
import subprocess
from pathlib import Path

from .commands import ReleaseError


def commit_tag(folder: Path) -> str:
    """Return the tag for an image of a folder as it is committed.

    Raises:
        ReleaseError: there is no git, no commit, or something in the folder that is in no commit.
    """
    if shutil.which("git") is None:
        raise ReleaseError("git is not on PATH: install it, or name a tag by --tag")
    if changed := _git(folder, "status", "--porcelain", "--", "."):
        count = len(changed.splitlines())
        raise ReleaseError(
            f"{folder} has {count} change{'' if count == 1 else 's'} that no commit holds: commit, "
            "or name a tag by --tag, since the tag says what the image is built from"
        )
    return f"git-{_git(folder, 'rev-parse', '--short=12', 'HEAD')}"


def _git(folder: Path, *arguments: str) -> str:
    done = subprocess.run(["git", "-C", str(folder), *arguments], capture_output=True, text=True, check=False)
    if done.returncode:
        raise ReleaseError(f"{folder} is in no commit of git: commit it, or name a tag by --tag")
    return done.stdout.strip()
