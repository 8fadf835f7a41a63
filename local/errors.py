"""What goes wrong, in one sentence with a next step."""

import errno
from typing import Final


class LocalError(Exception):
    """A run cannot go on; the message says why and what to do, and is all that a user needs to read."""

    def __init__(self, problem: str, remedy: str = "") -> None:
        super().__init__(f"{problem}\n  → {remedy}" if remedy else problem)


_FULL: Final = {errno.ENOSPC, errno.EDQUOT}
_CLOSED: Final = {errno.EROFS, errno.EACCES, errno.EPERM}


def file_trouble(error: OSError) -> LocalError | None:
    """Return what to say where a file cannot be used; None if the error is of no file."""
    if error.filename is None and error.errno not in _FULL | _CLOSED:
        return None
    if error.errno in _FULL:
        remedy = "make room on its disk, then run this again; what was there is whole"
    elif error.errno in _CLOSED:
        remedy = "let this user write there, or name another folder with --home"
    else:
        remedy = "move away what is in its place, then run this again"
    return LocalError(f"{error.filename or 'a file'} cannot be used: {error.strerror}", remedy)
