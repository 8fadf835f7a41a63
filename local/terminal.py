"""What a terminal shows: the same as plain lines, with colour, tables, and how far an operation is."""

import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from rich import box
from rich.console import Console as Rich
from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn
from rich.table import Table
from rich.text import Text
from rich.tree import Tree

from .console import Console, Node, Verdict, scalar


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
    def working(self, text: str, total: int | None = None) -> Iterator[Callable[[], None]]:
        """See Console."""
        self.step(text)
        count = "{task.completed:.0f}" if total is None else "{task.completed:.0f} of {task.total:.0f}"
        columns = (SpinnerColumn(), BarColumn(), TextColumn(count), TimeElapsedColumn())
        with Progress(*columns, console=self._rich, transient=True) as progress:
            # rich hides the cursor, and a run that is killed would leave it hidden.
            self._rich.show_cursor(True)
            task = progress.add_task(text, total=total)
            yield lambda: progress.advance(task)

    def operation(self, sign: str, verb: str, what: str, style: str) -> None:
        """See Console."""
        self._rich.print(Text.assemble("  ", (f"{sign} {verb:<8}", style), f" {what}"))

    def tree(self, roots: Sequence[Node]) -> None:
        """See Console."""
        for root in roots:
            self._rich.print(_branch(Tree(_label(root), guide_style="dim"), root.children))

    def verdicts(self, verdicts: Sequence[Verdict]) -> None:
        """See Console."""
        table = Table(box=box.SIMPLE_HEAD, header_style="bold", pad_edge=False)
        table.add_column("Verdict", no_wrap=True)
        table.add_column("Rule", overflow="fold")
        table.add_column("What it demands", overflow="fold")
        for verdict in verdicts:
            style = "bold red" if verdict.broken else "yellow" if verdict.found else "green"
            table.add_row(Text(verdict.mark, style=style), Text(verdict.rule), Text(verdict.demand))
        self._rich.print(table)
        for verdict in verdicts:
            for found in verdict.found:
                style = "bold red" if verdict.broken else "yellow"
                self._rich.print(Text.assemble((verdict.rule, style), f"  {found.resource}"))
                for line in found.lines:
                    self._rich.print(Text(f"  {line}"))

    def outputs(self, values: Mapping[str, Any]) -> None:
        """See Console."""
        table = Table(box=box.SIMPLE_HEAD, header_style="bold", pad_edge=False)
        table.add_column("Output", style="cyan", overflow="fold")
        table.add_column("Value", overflow="fold")
        for name, value in _flat(values):
            table.add_row(Text(name), Text(value))
        self._rich.print(table)


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
