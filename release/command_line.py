"""What the command lines `python -m release` and `python -m local` share."""

import os
import sys
from collections.abc import Callable, Sequence
from typing import Any, Final, TextIO, TypeVar

import click

_Function = TypeVar("_Function", bound=Callable[..., Any])

SETTINGS: Final = {"help_option_names": ["-h", "--help"], "max_content_width": 100, "show_default": True}
"""Settings of click that both have."""


class Verb(click.Command):
    """A command whose help ends with examples."""

    def __init__(self, *args: Any, examples: Sequence[str] = (), **attributes: Any) -> None:
        super().__init__(*args, **attributes)
        self.examples = examples
        """What follows the command's name in each of them."""

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """See click.Command."""
        if self.examples:
            with formatter.section("Examples"):
                for words in self.examples:
                    formatter.write(f"  {f'{ctx.command_path} {words}'.strip()}\n")

    def get_short_help_str(self, limit: int = 45) -> str:  # noqa: ARG002
        """See click.Command."""
        return _first_paragraph(self)


class Verbs(click.Group):
    """Lists its commands in the order in which they were defined."""

    command_class = Verb

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002
        """See click.Group."""
        return list(self.commands)

    def get_short_help_str(self, limit: int = 45) -> str:  # noqa: ARG002
        """See click.Command."""
        return _first_paragraph(self)


def _first_paragraph(command: click.Command) -> str:
    """Return what a list of commands says of one; click itself would cut it off."""
    return " ".join((command.help or "").partition("\n\n")[0].split()).removesuffix(".")


def stack_option(function: _Function) -> _Function:
    """Let a command take `--stack`."""
    return click.option("--stack", default="dev", metavar="NAME", help="The stack, as in Pulumi.<stack>.yaml.")(
        function
    )


def run(command: click.Command, arguments: Sequence[str], *, program: str, context: object = None) -> int:
    """Run a command line, and return the exit code: the command's own, or 2 for wrong usage.

    Args:
        command: what is run.
        arguments: the words of the command line.
        program: how it is called.
        context: what commands get that ask for it with `click.pass_obj`.
    """
    try:
        with command.make_context(program, list(arguments), obj=context) as made:
            return int(command.invoke(made) or 0)
    except click.exceptions.Exit as end:
        return end.exit_code
    except click.ClickException as mistake:
        mistake.show(file=sys.stderr)
        return mistake.exit_code
    except BrokenPipeError:
        silence(sys.stdout)
        return 0


def silence(stream: TextIO) -> None:
    """Throw away what is written from now on: its reader, such as `head`, has gone, which is no failure."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, stream.fileno())
    os.close(nowhere)
