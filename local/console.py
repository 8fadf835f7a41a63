"""What the user sees: plain lines, colour only where a terminal shows it."""

import os
import sys
import time
from typing import Final

_COLOURS: Final = {"bold": "1", "red": "31", "green": "32", "yellow": "33", "dim": "2"}


class Console:
    """Writes lines to standard output as they come, each whole."""

    def __init__(self) -> None:
        self.started = time.monotonic()
        self._coloured = sys.stdout.isatty() and "NO_COLOR" not in os.environ

    def paint(self, text: str, colour: str) -> str:
        """Return the text in a colour, or as it is where there are none."""
        return f"\x1b[{_COLOURS[colour]}m{text}\x1b[0m" if self._coloured else text

    def line(self, text: str = "") -> None:
        """Write one line."""
        print(text, flush=True)

    def step(self, text: str) -> None:
        """Say what is being done now."""
        self.line(f"{self.paint('▸', 'bold')} {text}")

    def heading(self, text: str) -> None:
        """Begin a part of the report."""
        self.line()
        self.line(self.paint(text, "bold"))

    def elapsed(self) -> str:
        """Return the seconds since the start."""
        return f"{time.monotonic() - self.started:.0f} s"
