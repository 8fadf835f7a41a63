"""`python -m release`: the command line, over AWS or over the local engine's store."""

import argparse
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TypeVar

import yaml

import settings

from . import commands, parameter_name
from .commands import ReleaseError, Store, Target

_Store = TypeVar("_Store", bound=Store)

_TEXTS = {
    "show": "show what a service is meant to run, and what it was before",
    "set": "let a service run an image of its repository",
    "promote": "let a service run in one stack what it runs in another",
    "rollback": "let a service run what it ran before",
    "deploy": "deploy what a service is meant to run, and wait until it runs",
}


def main(
    arguments: Sequence[str],
    store_of: Callable[[str], _Store],
    deploy: Callable[[_Store, Target], None],
    *,
    program: str,
    root: Path,
) -> int:
    """Run one command and return 0, or 1 where it cannot be done.

    Args:
        arguments: the command line.
        store_of: gives the store of a stack.
        deploy: deploys what a service is meant to run.
        program: how the command is called, for its help.
        root: the project's folder.
    """
    options = _parser(program).parse_args(arguments)
    stack = options.to if options.command == "promote" else options.stack
    try:
        store = store_of(stack)
        target = target_of(root, stack, options.service, pinned=options.command in ("deploy", "show"))
        if options.command == "show":
            images = commands.history(store, target)
            print("\n".join(reversed(images)) if images else f"{options.service} has no image in {stack} yet")
            return 0
        if options.command == "deploy":
            deploy(store, target)
            return 0
        if options.command == "set":
            digest = commands.choose(store, target, options.image)
        elif options.command == "promote":
            source = target_of(root, options.source, options.service)
            digest = commands.promote(store_of(options.source), source, store, target)
        else:
            digest = commands.roll_back(store, target)
    except ReleaseError as error:
        print(f"✗ {error}", file=sys.stderr)
        return 1
    print(f"{options.service} is meant to run {digest} in {stack}")
    print(f"To deploy it: {program} deploy {options.service} --stack {stack}")
    return 0


def _parser(program: str) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog=program, description="Show and change what services are meant to run. `pulumi up` deploys it."
    )
    verbs = parser.add_subparsers(dest="command", required=True, metavar="command")
    for name, text in _TEXTS.items():
        command = verbs.add_parser(name, help=text, description=text.capitalize())
        command.add_argument("service", help="name of the service in the settings")
        if name == "set":
            command.add_argument("image", help="tag or digest (sha256:...) of an image in the service's repository")
        if name == "promote":
            command.add_argument("--from", dest="source", default="dev", help="stack that runs it (default: dev)")
            command.add_argument("--to", default="prod", help="stack that is to run it (default: prod)")
        else:
            command.add_argument("--stack", default="dev", help="the stack (default: dev)")
    return parser


def target_of(root: Path, stack: str, service: str, *, pinned: bool = False) -> Target:
    """Return a service of a stack, by the files of the project.

    Args:
        root: the project's folder.
        stack: name of the stack.
        service: name of the service in the settings.
        pinned: also one that its settings pin to an image, so that nothing can be released.

    Raises:
        ReleaseError: there is no such stack or service, or it is pinned to an image.
    """
    project = str(read_yaml(root / "Pulumi.yaml")["name"])
    config = read_yaml(root / f"Pulumi.{stack}.yaml").get("config")
    try:
        platform = settings.parse(config.get(settings.KEY) if isinstance(config, dict) else None)
    except settings.SettingsError as error:
        raise ReleaseError(f"Pulumi.{stack}.yaml has mistakes:\n{error}") from None
    found = platform.services.get(service)
    if found is None:
        known = ", ".join(platform.services) or "none"
        raise ReleaseError(f"{stack} has no service {service} (there: {known})")
    if found.image is not None and not pinned:
        raise ReleaseError(
            f"{stack} pins {service} to {found.image}: take services.{service}.image out of Pulumi.{stack}.yaml first"
        )
    repository = f"{project}/{stack}/{found.repository}"
    return Target(project, stack, service, parameter_name(project, stack, service), repository)


def read_yaml(file: Path) -> dict[str, object]:
    """Return the map in a YAML file.

    Raises:
        ReleaseError: it is not there, or no YAML.
    """
    try:
        content = yaml.safe_load(file.read_text())
    except FileNotFoundError:
        raise ReleaseError(f"{file.parent} holds no {file.name}") from None
    except yaml.YAMLError as error:
        raise ReleaseError(f"{file.name} is no YAML: {error}") from None
    return content if isinstance(content, dict) else {}
