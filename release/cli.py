"""`python -m release`: the command line, over AWS or over the local engine's store."""

import argparse
import sys
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Generic, NamedTuple, Protocol, TypeVar, cast

import yaml

import settings
from components.common.architecture import DOCKER_PLATFORMS
from components.registry.args import RepositoryArgs
from components.registry.lifecycle import lifecycle_policy
from components.services.args import scales

from . import commands, git, images, names
from .commands import ReleaseError, Store, Target
from .images import Running

_TEXTS = {
    "show": "show what a service is meant to run, and what it was before",
    "set": "let a service run an image of its repository",
    "promote": "let a service run in one stack what it runs in another",
    "rollback": "let a service run what it ran before",
    "deploy": "deploy what a service is meant to run, and wait until it runs",
    "push": "build a service's image, tag it by commit and push it",
    "scan": "scan an image of a service for known vulnerabilities, and count what is found",
    "expiring": "show which images the lifecycle rules of the settings would expire, and what that means for what runs",
}


class ReleaseStore(Store, images.Images, Protocol):
    """The parameters and the images of a stack."""


_Store = TypeVar("_Store", bound=ReleaseStore)


class _Context(NamedTuple, Generic[_Store]):
    store_of: Callable[[str], _Store]
    deploy: Callable[[_Store, Target], None]
    program: str
    root: Path


def main(
    arguments: Sequence[str],
    store_of: Callable[[str], _Store],
    deploy: Callable[[_Store, Target], None],
    *,
    program: str,
    root: Path,
) -> int:
    """Run one command and return 0, or 1 where it cannot be done or finds something wrong.

    Args:
        arguments: the command line.
        store_of: gives the store of a stack.
        deploy: deploys what a service is meant to run.
        program: how the command is called, for its help.
        root: the project's folder.
    """
    options = _parser(program).parse_args(arguments)
    context = _Context(store_of, deploy, program, root)
    special = {"show": _show, "deploy": _deploy, "push": _push, "scan": _scan, "expiring": _expiring}
    try:
        return special.get(options.command, _change)(options, context)
    except ReleaseError as error:
        print(f"✗ {error}", file=sys.stderr)
        return 1


def _show(options: argparse.Namespace, context: _Context[_Store]) -> int:
    store = context.store_of(options.stack)
    history = commands.history(store, target_of(context.root, options.stack, options.service, pinned=True))
    print("\n".join(reversed(history)) if history else f"{options.service} has no image in {options.stack} yet")
    return 0


def _deploy(options: argparse.Namespace, context: _Context[_Store]) -> int:
    context.deploy(
        context.store_of(options.stack), target_of(context.root, options.stack, options.service, pinned=True)
    )
    return 0


def _change(options: argparse.Namespace, context: _Context[_Store]) -> int:
    stack = options.to if options.command == "promote" else options.stack
    store = context.store_of(stack)
    target = target_of(context.root, stack, options.service)
    if options.command == "set":
        digest = commands.choose(store, target, options.image)
    elif options.command == "promote":
        source = target_of(context.root, options.source, options.service)
        digest = commands.promote(context.store_of(options.source), source, store, target)
    else:
        digest = commands.roll_back(store, target)
    _tell_change(options.service, digest, stack, context)
    return 0


def _tell_change(service: str, digest: str, stack: str, context: _Context[_Store]) -> None:
    print(f"{service} is meant to run {digest} in {stack}")
    print(f"To deploy it: {context.program} deploy {service} --stack {stack}")


def _push(options: argparse.Namespace, context: _Context[_Store]) -> int:
    store = context.store_of(options.stack)
    service = _service(_platform(context.root, options.stack), options.stack, options.service)
    if options.set_it:
        commands.history(store, target_of(context.root, options.stack, options.service))  # before anything is built
    folder = (context.root / options.folder).resolve()
    repository = _repository(context.root, options.stack, service)
    tag = options.tag or git.commit_tag(folder)
    digest, pushed = images.push(store, folder, repository, tag, DOCKER_PLATFORMS[service.architecture])
    print(f"{repository}:{tag} {'is pushed' if pushed else 'was there already'}: {digest}")
    if options.set_it:
        target = target_of(context.root, options.stack, options.service)
        _tell_change(options.service, commands.choose(store, target, digest), options.stack, context)
    return 0


def _scan(options: argparse.Namespace, context: _Context[_Store]) -> int:
    store = context.store_of(options.stack)
    service = _service(_platform(context.root, options.stack), options.stack, options.service)
    image = options.image or _meant_to_run(context, store, options.stack, options.service, service)
    if image is None:
        raise ReleaseError(f"{options.service} has no image in {options.stack} yet: name a tag or digest to scan")
    repository = _repository(context.root, options.stack, service)
    digest = store.digest(repository, image)
    found = images.scan(store, repository, digest, print)
    print(f"{repository}@{digest}: {images.count(found)}")
    limit = images.SEVERITIES.index(options.fail_on) + 1 if options.fail_on else 0
    return int(any(found.counts.get(severity) for severity in images.SEVERITIES[:limit]))


def _expiring(options: argparse.Namespace, context: _Context[_Store]) -> int:
    store = context.store_of(options.stack)
    platform = _platform(context.root, options.stack)
    running: dict[str, list[Running]] = {name: [] for name in platform.registry.repositories}
    for name, service in platform.services.items():
        if image := _meant_to_run(context, store, options.stack, name, service):
            running[service.repository].append(Running(name, image))
    dangerous = False
    for name, repository in platform.registry.repositories.items():
        full_name = f"{names.repository_prefix(_project(context.root), options.stack)}/{name}"
        policy = lifecycle_policy(cast(RepositoryArgs, repository.arguments()))
        found = images.preview(full_name, policy, store.images(full_name), running[name], datetime.now(UTC))
        print("\n".join(images.tell(found)))
        dangerous = dangerous or found.dangerous
    return int(dangerous)


def _meant_to_run(
    context: _Context[_Store], store: Store, stack: str, name: str, service: settings.Service
) -> str | None:
    """Return tag or digest of what a service is meant to run from its repository; None where there is nothing."""
    if service.image is not None:
        # A whole reference may be an image of any registry.
        return None if "/" in service.image else service.image
    history = commands.history(store, target_of(context.root, stack, name))
    return history[-1] if history else None


def _parser(program: str) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog=program, description="Push, check and choose what services run. `pulumi up` deploys what is chosen."
    )
    verbs = parser.add_subparsers(dest="command", required=True, metavar="command")
    for name, text in _TEXTS.items():
        command = verbs.add_parser(name, help=text, description=text[:1].upper() + text[1:])
        if name != "expiring":
            command.add_argument("service", help="name of the service in the settings")
        if name == "set":
            command.add_argument("image", help="tag or digest (sha256:...) of an image in the service's repository")
        if name == "scan":
            command.add_argument("image", nargs="?", help="tag or digest (default: what the service is meant to run)")
            command.add_argument(
                "--fail-on", choices=images.SEVERITIES[:4], help="fail if there are findings of this severity or worse"
            )
        if name == "push":
            command.add_argument("--folder", default="examples/app", help="what is built (default: examples/app)")
            command.add_argument("--tag", help="the image's tag (default: git-<commit>)")
            command.add_argument("--set", dest="set_it", action="store_true", help="let the service run it")
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
    found = _service(_platform(root, stack), stack, service)
    if found.image is not None and not pinned:
        raise ReleaseError(
            f"{stack} pins {service} to {found.image}: take services.{service}.image out of Pulumi.{stack}.yaml first"
        )
    project, repository = _project(root), _repository(root, stack, found)
    parameter = names.image_parameter(project, stack, service)
    return Target(project, stack, service, parameter, repository, scales(found.min_tasks, found.max_tasks))


def _project(root: Path) -> str:
    return str(read_yaml(root / "Pulumi.yaml")["name"])


def _repository(root: Path, stack: str, service: settings.Service) -> str:
    return f"{names.repository_prefix(_project(root), stack)}/{service.repository}"


def _platform(root: Path, stack: str) -> settings.Platform:
    config = read_yaml(root / f"Pulumi.{stack}.yaml").get("config")
    try:
        return settings.parse(config.get(settings.KEY) if isinstance(config, dict) else None)
    except settings.SettingsError as error:
        raise ReleaseError(f"Pulumi.{stack}.yaml has mistakes:\n{error}") from None


def _service(platform: settings.Platform, stack: str, service: str) -> settings.Service:
    found = platform.services.get(service)
    if found is None:
        known = ", ".join(platform.services) or "none"
        raise ReleaseError(f"{stack} has no service {service} (there: {known})")
    return found


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
