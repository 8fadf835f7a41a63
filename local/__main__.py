"""`python -m local`: the platform on this machine, without AWS."""

import argparse
import logging
import os
import sys
import traceback
from pathlib import Path

from .console import Console
from .errors import LocalError

_JUDGED = ("preview", "up")

try:
    from policies.reports.target import Target, UnwritableError, add_options

    from .workspace import Paths, check_project
except ModuleNotFoundError as missing:
    sys.exit(
        f"✗ {sys.executable} has no package {missing.name}\n"
        "  → run this through make (make up), or after `make setup` as: .venv/bin/python -m local"
    )


def main(arguments: list[str] | None = None) -> int:
    """Run one verb; return 0, 1 for a failure, 2 for wrong usage or 130 for an interruption."""
    # A run that the engine breaks off leaves coroutines of the SDK unfinished, which complain as they are collected.
    sys.unraisablehook = lambda _: None
    logging.getLogger("grpc").addHandler(logging.NullHandler())  # nor calls that it never answers
    given = sys.argv[1:] if arguments is None else arguments
    if given[:1] == ["release"]:
        from .release import main as release

        return release(given[1:], Path.cwd(), Path.cwd() / ".local")
    options = _parser().parse_args(given)
    console = Console()
    root = options.root.resolve()
    paths = Paths(root, options.stack, (options.home or root / ".local").resolve())
    findings = Target.chosen(options) if options.verb in _JUDGED else Target()
    try:
        findings.clear()
        if options.verb != "cli":
            check_project(paths)
            os.chdir(paths.root)
        # Only now: it takes seconds to read pulumi_aws, and a mistake should be told at once.
        from . import cli
        from .engine import Engine

        if options.verb == "cli":
            cli.provide(console)
            return 0
        service = getattr(options, "service", None)
        engine = Engine(paths, console, wait=options.wait, service=service, findings=findings)
        if options.verb == "outputs":
            engine.outputs(as_json=options.json)
        else:
            getattr(engine, options.verb)()
    except (LocalError, UnwritableError) as error:
        print(f"{console.paint('✗', 'red')} {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("Stopped. The state is whole; the next run goes on from here.", file=sys.stderr)
        return 130
    except Exception as error:
        _unexpected(error, paths, debug=options.debug)
        return 1
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m local", description=__doc__)
    verbs = parser.add_subparsers(dest="verb", required=True, metavar="verb")
    for verb, text in {
        "up": "bring the stack up: preview with the policies, then update",
        "preview": "show what up would do, and the policies' verdicts",
        "refresh": "read every resource again",
        "outputs": "show the outputs of the stack",
        "down": "take the stack down; nothing is left",
        "cli": "provide the Pulumi CLI, and nothing else",
        "release": "show and change what services are meant to run (`release --help`)",
    }.items():
        command = verbs.add_parser(verb, help=text, description=text.capitalize())
        command.add_argument("--stack", default="dev", help="the stack, as in Pulumi.<stack>.yaml (default: dev)")
        command.add_argument("--root", type=Path, default=Path.cwd(), help="the project's folder (default: this one)")
        command.add_argument(
            "--home",
            type=Path,
            help="where state and work folders lie (default: .local in the project's folder); a project that refers to "
            "another's stack names that one's",
        )
        command.add_argument("--wait", action="store_true", help="wait while another run has the stack")
        command.add_argument("--debug", action="store_true", help="show the trace of an unexpected failure")
        if verb in _JUDGED:
            command.add_argument("--service", help="this service only: its revision and what runs it")
            add_options(command)
        if verb == "outputs":
            command.add_argument("--json", action="store_true", help="print JSON and nothing else")
    return parser


def _unexpected(error: Exception, paths: Paths, *, debug: bool) -> None:
    trace = traceback.format_exc()
    try:
        paths.log.parent.mkdir(parents=True, exist_ok=True)
        with paths.log.open("a") as log:
            log.write(trace)
        where = f"the trace is in {paths.log}"
    except OSError as failure:
        where = f"and its log cannot be written ({failure.strerror})"
    print(f"✗ {type(error).__name__}: {str(error).splitlines()[0] if str(error) else 'no message'}", file=sys.stderr)
    print(f"  → {where}; --debug shows it", file=sys.stderr)
    if debug:
        print(trace, file=sys.stderr)


if __name__ == "__main__":
    import gc

    # The collector would walk a million objects of pulumi_aws again and again while they are read: half a second.
    gc.set_threshold(1_000_000)
    sys.exit(main())
