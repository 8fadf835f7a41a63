"""`python -m release`: the command line, over AWS or over the local engine's store.

It loads nothing that takes long: help, and a mistake in the words, are answered at once.
"""

import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from .command_line import SETTINGS, Verbs, run, stack_option
from .errors import ReleaseError, missing_package
from .severities import SEVERITIES

if TYPE_CHECKING:
    from .store import Backend

_Function = TypeVar("_Function", bound=Callable[..., Any])


def main(arguments: Sequence[str], backend: "Backend") -> int:
    """Run one command; return 0, 1 if it cannot be done or finds something wrong, or 2 for wrong usage."""
    try:
        return run(release, arguments, program=backend.program, context=backend)
    except ReleaseError as error:
        print(f"✗ {error}", file=sys.stderr)
    except ModuleNotFoundError as missing:
        print(missing_package(missing, "release"), file=sys.stderr)
    return 1


def _service(function: _Function) -> _Function:
    """Let a command take a service and a stack."""
    return click.argument("service", metavar="SERVICE")(stack_option(function))


@click.group(cls=Verbs, context_settings=SETTINGS)
def release() -> None:
    """Push, check and choose what services run.

    A service's name is the one in the settings. The commands say which image a service is meant to run; `deploy`, or
    any `pulumi up`, deploys it.
    """


@release.command(examples=["web", "web --stack prod"])
@_service
@click.pass_obj
def show(backend: "Backend", service: str, stack: str) -> int:
    """Show what a service is meant to run, and what it was before, latest first."""
    from . import verbs

    return verbs.show(backend, stack, service)


@release.command("set", examples=["web git-1a2b3c4d5e6f", "web sha256:4f5a... --stack prod"])
@_service
@click.argument("image", metavar="IMAGE")
@click.pass_obj
def choose(backend: "Backend", service: str, image: str, stack: str) -> int:
    """Let a service run an image of its repository.

    IMAGE is a tag or a digest (sha256:...).
    """
    from . import verbs

    return verbs.choose(backend, stack, service, image)


@release.command(examples=["web", "web --from staging --to prod"])
@click.argument("service", metavar="SERVICE")
@click.option("--from", "source", default="dev", metavar="STACK", help="The stack that runs it.")
@click.option("--to", "stack", default="prod", metavar="STACK", help="The stack that is to run it.")
@click.pass_obj
def promote(backend: "Backend", service: str, source: str, stack: str) -> int:
    """Let a service run in one stack what it is meant to run in another.

    The image is copied first; its digest stays the same.
    """
    from . import verbs

    return verbs.promote(backend, source, stack, service)


@release.command(examples=["web --stack prod"])
@_service
@click.pass_obj
def rollback(backend: "Backend", service: str, stack: str) -> int:
    """Let a service run what it was meant to run before."""
    from . import verbs

    return verbs.roll_back(backend, stack, service)


@release.command(examples=["web --stack prod"])
@_service
@click.pass_obj
def deploy(backend: "Backend", service: str, stack: str) -> int:
    """Deploy what a service is meant to run, and wait until it runs."""
    from . import verbs

    return verbs.deploy(backend, stack, service)


@release.command(examples=["web", "web --folder ../shop --tag v1 --set"])
@_service
@click.option(
    "--folder", type=Path, default="examples/app", metavar="FOLDER", help="What is built; it holds a Dockerfile."
)
@click.option("--tag", metavar="TAG", help="The image's tag.  [default: git-<commit>]")
@click.option("--set", "set_it", is_flag=True, help="Let the service run it.")
@click.pass_obj
def push(backend: "Backend", service: str, folder: Path, tag: str | None, stack: str, *, set_it: bool) -> int:
    """Build a service's image, tag it by commit and push it."""
    from . import verbs

    return verbs.push(backend, stack, service, folder, tag, set_it=set_it)


@release.command(examples=["web", "web git-1a2b3c4d5e6f --fail-on HIGH"])
@_service
@click.argument("image", metavar="[IMAGE]", required=False)
@click.option(
    "--fail-on", type=click.Choice(SEVERITIES[:4]), help="Fail if there are findings of this severity or worse."
)
@click.pass_obj
def scan(backend: "Backend", service: str, image: str | None, fail_on: str | None, stack: str) -> int:
    """Scan an image of a service for known vulnerabilities, and count what is found.

    IMAGE is a tag or a digest; the default is what the service is meant to run.
    """
    from . import verbs

    return verbs.scan(backend, stack, service, image, fail_on)


@release.command(examples=["", "--stack prod"])
@stack_option
@click.pass_obj
def expiring(backend: "Backend", stack: str) -> int:
    """Show which images the lifecycle rules of the settings would expire, and fail if a service is meant to run one."""
    from . import verbs

    return verbs.expiring(backend, stack)
