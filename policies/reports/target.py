"""Where a run's findings are written, as the command line says it."""

import functools
import json
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

if TYPE_CHECKING:
    from policies.reports.findings import Run

_Result = TypeVar("_Result")


class UnwritableError(Exception):
    """A file cannot be written; the message names it and says why."""


@dataclass(frozen=True)
class Target:
    """The files and places for one run's findings."""

    sarif: Path | None = None
    junit: Path | None = None
    github: bool = False

    def clear(self) -> None:
        """Remove what an earlier run wrote: its verdict must not be taken for one of this run.

        :raises UnwritableError: something there cannot be removed.
        """
        with _telling():
            for path in (self.sarif, self.junit):
                if path is not None:
                    path.unlink(missing_ok=True)

    def write(self, run: "Run") -> None:
        """Write everything that was asked for.

        :raises UnwritableError: one of the files cannot be written.
        """
        # Only now: the command lines take their options from here, and need none of the rules for that.
        from policies.reports import github, junit, sarif

        with _telling():
            if self.sarif is not None:
                _write(self.sarif, json.dumps(sarif.document(run), indent=2, ensure_ascii=False) + "\n")
            if self.junit is not None:
                _write(self.junit, junit.document(run))
            page = os.environ.get("GITHUB_STEP_SUMMARY") if self.github else None
            if page:
                with Path(page).open("a", encoding="utf-8", errors="replace") as file:
                    file.write(github.summary(run))
        if self.github:
            print(github.annotations(run), end="", flush=True)


def options(function: Callable[..., _Result]) -> Callable[..., _Result]:
    """Let a click command take the options that say where findings are written; it gets them as `findings`.

    Paths are relative to the folder that the command was given in.
    """

    @click.option("--sarif", type=Path, metavar="FILE", help="Write the policies' findings as SARIF 2.1.0.")
    @click.option("--junit", type=Path, metavar="FILE", help="Write the policies' verdicts as JUnit XML.")
    @click.option("--github", is_flag=True, help="Print findings as GitHub annotations; add to the job's summary.")
    @functools.wraps(function)
    def with_target(*args: Any, sarif: Path | None, junit: Path | None, github: bool, **rest: Any) -> _Result:
        chosen = Target(sarif and sarif.absolute(), junit and junit.absolute(), github)
        return function(*args, findings=chosen, **rest)

    return with_target


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8", errors="replace")


@contextmanager
def _telling() -> Iterator[None]:
    try:
        yield
    except OSError as problem:
        raise UnwritableError(f"{problem.filename} cannot be written: {problem.strerror}") from None
