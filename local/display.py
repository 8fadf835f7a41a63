"""Which console fits where standard output goes."""

import os
import sys
from typing import Final

from .console import Console

_PLAIN_TERMINALS: Final = ("dumb", "unknown")


def console() -> Console:
    """Return a terminal's console if standard output is a terminal and nothing asks for plain lines."""
    plain = os.environ.get("NO_COLOR") or os.environ.get("CI") or os.environ.get("TERM") in _PLAIN_TERMINALS
    if plain or not sys.stdout.isatty():
        return Console()
    from .terminal import Terminal  # only now: it loads rich

    return Terminal()
