"""What a terminal shows: the same as plain lines, with colour, tables, and how far an operation is."""

import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, Final

from rich.console import Console as Rich
from rich.padding import Padding
from rich.progress import BarColumn, MofNCompleteColumn, SpinnerColumn, TextColumn, TimeElapsedColumn
from rich.progress import Progress as Bars
from rich.table import Table
from rich.text import Text
from rich.tree import Tree

from .console import Console, Node, Progress, Verdict, scalar

_WIDE: Final = 100
"""Columns from which on rules are beside what they demand, and not above it."""


class Terminal(Console):
    """Writes to a terminal. Nothing is cut off: what is too long for a line goes on in the next."""

    def __init__(self) -> None:
        super().__init__()
        self._rich = Rich(file=sys.stdout, highlight=False, markup=False, emoji=False)

    def line(self, text: str = "") -> None:
        """See Console."""
        self._rich.print(Text(text))

    def step(self, text: str) -> None:
        """See Console."""
        self._rich.print(Text.assemble(("▸", "bold cyan"), f" {text}"))

    def heading(self, text: str) -> None:
        """See Console."""
        self._rich.print(Text(f"\n{text}", style="bold"))

    def error(self, text: str) -> None:
        """See Console."""
        rich = Rich(file=sys.stderr, highlight=False, markup=False, emoji=False)
        rich.print(Text.assemble(("✗", "bold red"), f" {text}"))

    @contextmanager
    def progress(self) -> Iterator[Progress]:
        """See Console."""
        columns = (SpinnerColumn(), TextColumn("{task.description}"), BarColumn(24), MofNCompleteColumn())
        with Bars(*columns, TimeElapsedColumn(), console=self._rich, transient=True) as bars:
            # rich hides the cursor, and a run that is killed would leave it hidden.
            self._rich.show_cursor(True)
            yield Bar(self, bars)

    def operation(self, sign: str, verb: str, what: str, style: str) -> None:
        """See Console."""
        self._rich.print(Text.assemble("  ", (f"{sign} {verb:<8}", style), f" {what}"))

    def tree(self, roots: Sequence[Node]) -> None:
        """See Console."""
        for root in roots:
            self._rich.print(_branch(Tree(_label(root), guide_style="dim"), root.children))

    def verdicts(self, verdicts: Sequence[Verdict]) -> None:
        """See Console."""
        wide = self._rich.width >= _WIDE
        table = Table(box=None, header_style="dim", padding=(0, 2, 0, 0), pad_edge=False)
        table.add_column("Verdict", no_wrap=True)
        if wide:
            table.add_column("Rule", no_wrap=True)
        table.add_column("What it demands" if wide else "Rule, and what it demands", overflow="fold")
        for verdict in verdicts:
            mark = Text(verdict.mark, style=_style(verdict))
            rule, demand = Text(verdict.rule, style="bold"), Text(verdict.demand)
            table.add_row(*((mark, rule, demand) if wide else (mark, Text.assemble(rule, "\n", demand))))
        self._rich.print(table)
        # What stops the run comes last: the error that ends it is right below.
        for verdict in sorted(verdicts, key=lambda one: one.broken > 0):
            for found in verdict.found:
                self._rich.print(Text.assemble("\n", (verdict.rule, _style(verdict)), f"  {found.resource}"))
                for line in found.lines:
                    self._rich.print(Padding(Text(line), (0, 0, 0, 2)))

    def outputs(self, values: Mapping[str, Any]) -> None:
        """See Console; a value that does not fit beside its name is below it, whole, so that it can be copied."""
        rows = [(name, value.splitlines() or [""]) for name, value in _flat(values)]
        beside = max((len(name) for name, _ in rows), default=0) + 4
        for name, lines in rows:
            fits = len(lines) == 1 and beside + len(lines[0]) <= self._rich.width
            head = Text(f"  {name}", style="cyan")
            if fits:
                head.pad_right(beside - len(head))
                head.append(lines[0] or "empty", style="none" if lines[0] else "dim")
            self._rich.print(head)
            for line in () if fits else lines:
                self._rich.print(Text(f"    {line}"), soft_wrap=True)


class Bar(Progress):
    """Says what is being done now, and how far it is, in a last line that goes when it is done."""

    def __init__(self, console: Console, bars: Bars) -> None:
        super().__init__(console)
        self._bars = bars

    def begin(self, text: str, total: int | None = None) -> None:
        """See Progress."""
        super().begin(text, total)
        for task in self._bars.task_ids:
            self._bars.remove_task(task)
        self._bars.add_task(text, total=total)

    def advance(self) -> None:
        """See Progress."""
        for task in self._bars.task_ids:
            self._bars.advance(task)


def _style(verdict: Verdict) -> str:
    return "bold red" if verdict.broken else "yellow" if verdict.found else "green"


def _label(node: Node) -> Text:
    return Text.assemble((node.kind, "bold"), "  ", (node.name, "cyan"))


def _branch(tree: Tree, nodes: Sequence[Node]) -> Tree:
    for node in nodes:
        _branch(tree.add(_label(node)), node.children)
    return tree


def _flat(value: Any, path: str = "") -> Iterator[tuple[str, str]]:
    """Return every value below one, with the path to it, as in `services.web.url`."""
    if not isinstance(value, (dict, list)) or not value:
        yield path, scalar(value)
        return
    items = value.items() if isinstance(value, dict) else enumerate(value)
    for key, item in items:
        yield from _flat(item, f"{path}.{key}" if path else str(key))
