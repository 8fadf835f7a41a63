"""What goes wrong, in one sentence with a next step."""


class LocalError(Exception):
    """A run cannot go on; the message says why and what to do, and is all that a user needs to read."""

    def __init__(self, problem: str, remedy: str = "") -> None:
        super().__init__(f"{problem}\n  → {remedy}" if remedy else problem)
