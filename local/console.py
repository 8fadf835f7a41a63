"""What the user sees: plain lines, or on a terminal what `Terminal` makes of the same."""

import json
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, NamedTuple, TextIO

from release.command_line import silence


class Node(NamedTuple):
    """A resource, and those below it."""

    kind: str
    name: str
    children: "Sequence[Node]"


class Found(NamedTuple):
    """What a rule found in one resource."""

    resource: str
    lines: Sequence[str]


class Verdict(NamedTuple):
    """What became of one rule."""

    rule: str
    demand: str
    """What the rule demands, in one sentence; empty if that is not known."""
    found: Sequence[Found]
    broken: int
    """How many of these stop a run."""

    @property
    def mark(self) -> str:
        """The verdict in a few words."""
        if self.broken:
            return f"✗ broken by {self.broken}"
        return f"? see {len(self.found)} below" if self.found else "✓ kept"


class Console:
    """Writes lines to standard output as they come, each whole."""

    def __init__(self) -> None:
        self.started = time.monotonic()

    def line(self, text: str = "") -> None:
        """Write one line."""
        _write(text, sys.stdout)

    def step(self, text: str) -> None:
        """Say what is being done now."""
        self.line(f"▸ {text}")

    def heading(self, text: str) -> None:
        """Begin a part of the report."""
        self.line()
        self.line(text)

    def error(self, text: str) -> None:
        """Say why a run ends, on standard error."""
        _write(f"✗ {text}", sys.stderr)

    def elapsed(self) -> str:
        """Return the seconds since the start."""
        return f"{time.monotonic() - self.started:.0f} s"

    @contextmanager
    def progress(self) -> "Iterator[Progress]":
        """Show how far an operation is, while this lasts."""
        yield Progress(self)

    def operation(self, sign: str, verb: str, what: str, style: str) -> None:  # noqa: ARG002
        """Show what was done to one resource."""
        self.line(f"  {sign} {verb:<8} {what}")

    def tree(self, roots: Sequence[Node]) -> None:
        """Show resources below their parents."""
        for label in branches(roots):
            self.line(f"  {label}")

    def verdicts(self, verdicts: Sequence[Verdict]) -> None:
        """Show what became of each rule, with every finding."""
        for verdict in verdicts:
            told = f"{verdict.mark:<10}  {verdict.rule}: {verdict.demand}" if verdict.demand else verdict.rule
            self.line(f"  {told}")
            for found in verdict.found:
                self.line(f"      {found.resource}")
                for line in found.lines:
                    self.line(f"        {line}")

    def outputs(self, values: Mapping[str, Any]) -> None:
        """Show the stack's outputs."""
        self._nested(values, "  ")

    def _nested(self, value: Any, indent: str) -> None:
        items = value.items() if isinstance(value, Mapping) else (("-", item) for item in value)
        for key, item in items:
            mark = "-" if key == "-" else f"{key}:"
            if isinstance(item, (dict, list)) and item:
                self.line(f"{indent}{mark}")
                self._nested(item, indent + "  ")
            elif isinstance(item, str) and "\n" in item:
                self.line(f"{indent}{mark}")
                for line in item.splitlines():
                    self.line(f"{indent}  {line}")
            else:
                self.line(f"{indent}{mark} {scalar(item)}")


def _write(text: str, stream: TextIO) -> None:
    """Write a line; where nobody reads any more, as behind `| head`, the run goes on in silence."""
    try:
        print(text, file=stream, flush=True)
    except BrokenPipeError:
        silence(stream)


class Progress:
    """Says what is being done now. Plain lines do not say how far it is."""

    def __init__(self, console: Console) -> None:
        self.console = console

    def begin(self, text: str, total: int | None = None) -> None:  # noqa: ARG002
        """Begin something.

        Args:
            text: what it is.
            total: how many parts it has, if that is known.
        """
        self.console.step(text)

    def advance(self) -> None:
        """Count one part as done."""


def branches(nodes: Sequence[Node], indent: str = "") -> Iterator[str]:
    """Draw a tree as lines."""
    for position, node in enumerate(nodes, start=1):
        last = position == len(nodes)
        yield f"{indent}{'└─ ' if last else '├─ '}{node.kind}  {node.name}"
        yield from branches(node.children, f"{indent}{'   ' if last else '│  '}")


def scalar(value: Any) -> str:
    """Return one value of an output as text."""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return value if isinstance(value, str) else json.dumps(value)
