"""`python -m local`: the platform on this machine, without AWS."""

import functools
import logging
import os
import sys
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from release.errors import ReleaseError, missing_package

from .errors import LocalError, file_trouble

try:
    import click

    from policies.reports.target import Target, UnwritableError
    from policies.reports.target import options as findings_options
    from release.cli import release
    from release.command_line import SETTINGS, Verb, Verbs, run
except ModuleNotFoundError as missing:
    sys.exit(missing_package(missing, "local"))

from .display import console
from .release import Local

if TYPE_CHECKING:
    from .engine import Engine
    from .workspace import Paths


def main(arguments: list[str] | None = None) -> int:
    """Run one verb; return 0, 1 for a failure, 2 for wrong usage or 130 for an interruption."""
    # A run that the engine breaks off leaves coroutines of the SDK unfinished, which complain as they are collected.
    sys.unraisablehook = lambda _: None
    logging.getLogger("grpc").addHandler(logging.NullHandler())  # nor calls that it never answers
    given = sys.argv[1:] if arguments is None else arguments
    try:
        return run(verbs, given, program="python -m local", context=Local(Path.cwd(), Path.cwd() / ".local"))
    except (LocalError, ReleaseError, UnwritableError) as error:
        console().error(str(error))
    except ModuleNotFoundError as missing:
        print(missing_package(missing, "local"), file=sys.stderr)
    except OSError as error:
        if (trouble := file_trouble(error)) is None:
            raise
        console().error(str(trouble))
    except KeyboardInterrupt:
        print("Stopped. The state is whole; the next run goes on from here.", file=sys.stderr)
        return 130
    return 1


class Choice(NamedTuple):
    """Which stack a verb is about, as the command line says it."""

    stack: str | None
    settings: Path | None
    root: Path
    home: Path | None
    wait: bool
    debug: bool

    def paths(self) -> "Paths":
        """Return where things lie for that stack, once the project is known to be one, and go to its folder."""
        from .workspace import check_project, locate

        root = self.root.resolve()
        paths = locate(root, (self.home or root / ".local").resolve(), stack=self.stack, settings=self.settings)
        check_project(paths)
        os.chdir(root)
        return paths

    def run(self, verb: "Callable[[Engine], None]", **options: Any) -> None:
        """Run a verb of the engine.

        Raises:
            LocalError: it cannot be run, or failed.
        """
        paths, shown = self.paths(), console()
        try:
            from .engine import Engine  # only now, after the mistakes that can be told at once: it takes seconds

            verb(Engine(paths, shown, wait=self.wait, **options))
        except (LocalError, UnwritableError, ModuleNotFoundError, BrokenPipeError):
            raise
        except Exception as error:
            if isinstance(error, OSError) and (trouble := file_trouble(error)):
                raise trouble from None
            raise _unexpected(error, paths, debug=self.debug) from error


def _chosen(function: Callable[..., int | None]) -> Callable[..., int | None]:
    """Let a verb take the options that choose a stack; it gets them as `choice`."""

    @click.option("--stack", metavar="NAME", help="The stack, as in Pulumi.<stack>.yaml.  [default: dev]")
    @click.option(
        "--settings",
        type=Path,
        metavar="FILE",
        help="The file with its settings, if it is another; it names the stack, too.",
    )
    @click.option(
        "--root",
        type=Path,
        default=Path(),
        metavar="FOLDER",
        help="The project's folder.  [default: this one]",
        show_default=False,
    )
    @click.option(
        "--home",
        type=Path,
        metavar="FOLDER",
        help="Where state and work folders are. A project that refers to another's stack names that one's.  "
        "[default: .local in the project's folder]",
    )
    @click.option("--wait", is_flag=True, help="Wait while another run uses the stack.")
    @click.option("--debug", is_flag=True, help="Show the trace of an unexpected failure.")
    @functools.wraps(function)
    def with_choice(**options: Any) -> int | None:
        chosen = {name: options.pop(name) for name in Choice._fields}
        return function(choice=Choice(**chosen), **options)

    return with_choice


_service = click.option("--service", metavar="NAME", help="This service only: its revision and what runs it.")


@click.group(cls=Verbs, context_settings=SETTINGS)
def verbs() -> None:
    """Run the platform on this machine, without AWS."""


@verbs.command(examples=["", "--settings examples/settings/spot.yaml", "--service web --junit reports/policies.xml"])
@_chosen
@_service
@findings_options
def up(choice: Choice, service: str | None, findings: Target) -> None:
    """Bring the stack up: preview with the policies, then update."""
    findings.clear()
    choice.run(lambda engine: engine.up(), service=service, findings=findings)


@verbs.command(examples=["--stack prod", "--sarif .local/dev.sarif --junit .local/dev.xml"])
@_chosen
@_service
@findings_options
def preview(choice: Choice, service: str | None, findings: Target) -> None:
    """Show what `up` would do, and the policies' verdicts."""
    findings.clear()
    choice.run(lambda engine: engine.preview(), service=service, findings=findings)


@verbs.command(examples=[""])
@_chosen
def refresh(choice: Choice) -> None:
    """Read every resource again."""
    choice.run(lambda engine: engine.refresh())


@verbs.command(examples=["", "--stack prod --json"])
@_chosen
@click.option("--json", "as_json", is_flag=True, help="Print JSON and nothing else.")
def outputs(choice: Choice, *, as_json: bool) -> None:
    """Show the outputs of the stack."""
    choice.run(lambda engine: engine.outputs(as_json=as_json))


@verbs.command(examples=["", "--settings examples/settings/spot.yaml"])
@_chosen
def down(choice: Choice) -> None:
    """Take the stack down; nothing is left."""
    choice.run(lambda engine: engine.down())


@verbs.command(cls=Verb)
@_chosen
def cli(choice: Choice) -> None:  # noqa: ARG001
    """Provide the Pulumi CLI, and nothing else."""
    from . import cli

    cli.provide(console())


verbs.add_command(release)


def _unexpected(error: Exception, paths: "Paths", *, debug: bool) -> LocalError:
    """Return what to say of a failure that nobody foresaw; the log keeps its trace."""
    trace = traceback.format_exc()
    try:
        paths.log.parent.mkdir(parents=True, exist_ok=True)
        with paths.log.open("a") as log:
            log.write(trace)
        where = f"its trace is in {paths.log}"
    except OSError as failure:
        where = f"its log cannot be written ({failure.strerror})"
    if debug:
        print(trace, file=sys.stderr)
    said = str(error).splitlines()
    return LocalError(f"{type(error).__name__}: {said[0] if said else 'no message'}", f"{where}; --debug shows it")


if __name__ == "__main__":
    import gc

    # The collector would walk a million objects of pulumi_aws again and again while they are read: half a second.
    gc.set_threshold(1_000_000)
    sys.exit(main())
