"""Files that are whole whatever happens: written beside the old one, and then put in its place at once."""

import contextlib
import os
import tempfile
from pathlib import Path


def write(file: Path, text: str, *, mode: int | None = None) -> None:
    """Write a file so that a reader finds the old or the new text, also after a crash or on a full disk.

    Args:
        file: the file; its folder must be there.
        text: all that it holds from now on.
        mode: its permissions, if they are not those of the file that was there, or of any new one.
    """
    if mode is None:
        mode = _mode(file)
    descriptor, name = tempfile.mkstemp(dir=file.parent, prefix=f".{file.name[:100]}.")
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8") as written:
            written.write(text)
            written.flush()
            os.fchmod(written.fileno(), mode)
            os.fsync(written.fileno())
        Path(name).replace(file)
    except BaseException:
        with contextlib.suppress(OSError):
            Path(name).unlink()
        raise


def _mode(file: Path) -> int:
    """Return the permissions of a file, or those that this process gives to new ones."""
    try:
        return file.stat().st_mode & 0o777
    except FileNotFoundError:
        mask = os.umask(0)
        os.umask(mask)
        return 0o666 & ~mask
