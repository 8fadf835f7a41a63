"""Data sources that fail."""

from collections.abc import Callable


def failing(words: str) -> Callable[..., None]:
    """Return a data source that fails."""

    def fail(**_: object) -> None:
        raise RuntimeError(words)

    return fail
