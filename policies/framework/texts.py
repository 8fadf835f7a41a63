"""What may stand in a message or an id: nothing that cannot be printed or sent, and nothing without end."""

import hashlib
import re

CUT = "..."
"""What ends a text that was too long."""

HIDDEN = "[secret]"
"""What stands in place of a secret."""

ID_LENGTH = 240
_HASH_LENGTH = 12
_ODD = re.compile(r"[^ -~]")


def printable(text: str) -> str:
    """A text with everything escaped that would not be seen: control characters, line ends, half surrogates."""
    if text.isprintable():
        return text
    return _ODD.sub(lambda found: found[0] if found[0].isprintable() else _escaped(found[0]), text)


def line(text: str, limit: int) -> str:
    """A text as a part of one line of a message."""
    text = printable(text[: limit + 1])
    return text if len(text) <= limit else f"{text[: limit - len(CUT)]}{CUT}"


def identity(text: str) -> str:
    """A finding's id as it is shown and exempted: the same from run to run, and one for each finding."""
    shown = printable(text)
    if len(shown) <= ID_LENGTH:
        return shown
    digest = hashlib.sha256(shown.encode()).hexdigest()[:_HASH_LENGTH]
    return f"{shown[: ID_LENGTH - len(CUT) - _HASH_LENGTH]}{CUT}{digest}"


def _escaped(character: str) -> str:
    return character.encode("unicode_escape").decode("ascii")
