"""Where a run's findings are written, as the command line says it."""

import argparse
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from policies.reports import github, junit, sarif
from policies.reports.findings import Run


class UnwritableError(Exception):
    """A file cannot be written; the message names it and says why."""


def add_options(parser: argparse.ArgumentParser) -> None:
    """Add the options that `Target.chosen` reads."""
    parser.add_argument("--sarif", type=Path, metavar="FILE", help="write the policies' findings as SARIF 2.1.0")
    parser.add_argument("--junit", type=Path, metavar="FILE", help="write the policies' verdicts as JUnit XML")
    parser.add_argument(
        "--github", action="store_true", help="print findings as GitHub's annotations, and add to the job's summary"
    )


@dataclass(frozen=True)
class Target:
    """The files and places for one run's findings."""

    sarif: Path | None = None
    junit: Path | None = None
    github: bool = False

    @classmethod
    def chosen(cls, options: argparse.Namespace) -> "Target":
        """From the command line, relative to the folder that it was given in."""
        sarif_, junit_ = (path.absolute() if path else None for path in (options.sarif, options.junit))
        return cls(sarif_, junit_, options.github)

    def clear(self) -> None:
        """Remove what an earlier run wrote: its verdict must not be taken for one of this run.

        :raises UnwritableError: something there cannot be removed.
        """
        with _telling():
            for path in (self.sarif, self.junit):
                if path is not None:
                    path.unlink(missing_ok=True)

    def write(self, run: Run) -> None:
        """Write everything that was asked for.

        :raises UnwritableError: one of the files cannot be written.
        """
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


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8", errors="replace")


@contextmanager
def _telling() -> Iterator[None]:
    try:
        yield
    except OSError as problem:
        raise UnwritableError(f"{problem.filename} cannot be written: {problem.strerror}") from None
