"""What each command does. Each returns the exit code: 1 if it finds something wrong."""

from datetime import UTC, datetime
from pathlib import Path

from components.common.architecture import DOCKER_PLATFORMS
from components.registry.args import RepositoryArgs
from components.registry.lifecycle import lifecycle_policy

from . import commands, git, images
from .errors import ReleaseError
from .images import Running
from .project import Stack
from .severities import SEVERITIES
from .store import Backend, Store


def show(backend: Backend, stack: str, service: str) -> int:
    """Show what a service is meant to run, and what it was before."""
    target = Stack.read(backend.root, stack).target(service, pinned=True)
    history = commands.history(backend.store(stack), target)
    print("\n".join(reversed(history)) if history else f"{service} has no image in {stack} yet")
    return 0


def choose(backend: Backend, stack: str, service: str, image: str) -> int:
    """Let a service run an image of its repository."""
    target = Stack.read(backend.root, stack).target(service)
    return _tell(backend, stack, service, commands.choose(backend.store(stack), target, image))


def promote(backend: Backend, source: str, stack: str, service: str) -> int:
    """Let a service run in one stack what it runs in another."""
    there, here = (Stack.read(backend.root, name).target(service) for name in (source, stack))
    return _tell(backend, stack, service, commands.promote(backend.store(source), there, backend.store(stack), here))


def roll_back(backend: Backend, stack: str, service: str) -> int:
    """Let a service run what it ran before."""
    target = Stack.read(backend.root, stack).target(service)
    return _tell(backend, stack, service, commands.roll_back(backend.store(stack), target))


def deploy(backend: Backend, stack: str, service: str) -> int:
    """Deploy what a service is meant to run."""
    backend.deploy(Stack.read(backend.root, stack).target(service, pinned=True))
    return 0


def push(backend: Backend, stack: str, service: str, folder: Path, tag: str | None, *, set_it: bool) -> int:
    """Build and push a service's image, and by choice let the service run it."""
    read, store = Stack.read(backend.root, stack), backend.store(stack)
    found, repository = read.service(service), read.repository_of(service)
    if set_it:
        commands.history(store, read.target(service))  # before anything is built
    folder = (backend.root / folder).resolve()
    tag = tag or git.commit_tag(folder)
    digest, pushed = images.push(store, folder, repository, tag, DOCKER_PLATFORMS[found.architecture])
    print(f"{repository}:{tag} {'is pushed' if pushed else 'exists already, so nothing was built'}: {digest}")
    return _tell(backend, stack, service, commands.choose(store, read.target(service), digest)) if set_it else 0


def scan(backend: Backend, stack: str, service: str, image: str | None, fail_on: str | None) -> int:
    """Scan an image and count what is found; 1 if it is as bad as `fail_on`."""
    read, store = Stack.read(backend.root, stack), backend.store(stack)
    repository = read.repository_of(service)
    image = image or _meant_to_run(store, read, service)
    if image is None:
        raise ReleaseError(f"{service} has no image in {stack} yet", "name a tag or digest to scan")
    digest = store.digest(repository, image)
    found = images.scan(store, repository, digest, print)
    print(f"{repository}@{digest}: {images.count(found)}")
    limit = SEVERITIES.index(fail_on) + 1 if fail_on else 0
    return int(any(found.counts.get(severity) for severity in SEVERITIES[:limit]))


def expiring(backend: Backend, stack: str) -> int:
    """Show which images the lifecycle rules would expire; 1 if one of them is meant to run."""

    read, store = Stack.read(backend.root, stack), backend.store(stack)
    running: dict[str, list[Running]] = {name: [] for name in read.platform.registry.repositories}
    for path, service in read.platform.runs.items():
        name = str(path[-1])
        if service.repository and (image := _meant_to_run(store, read, name)):
            running[service.repository].append(Running(name, image))
    dangerous = False
    for name, repository in read.platform.registry.repositories.items():
        full_name = read.repository(name)
        policy = lifecycle_policy(repository.given(RepositoryArgs))
        found = images.preview(full_name, policy, store.images(full_name), running[name], datetime.now(UTC))
        print("\n".join(images.tell(found)))
        dangerous = dangerous or found.dangerous
    return int(dangerous)


def _tell(backend: Backend, stack: str, service: str, digest: str) -> int:
    print(f"{service} is meant to run {digest} in {stack}")
    print(f"To deploy it: {backend.program} deploy {service} --stack {stack}")
    return 0


def _meant_to_run(store: Store, stack: Stack, name: str) -> str | None:
    """Return tag or digest of what a service is meant to run from its repository; None if there is nothing."""
    image = stack.service(name).image
    if image is not None:
        # A whole reference may be an image of any registry.
        return None if "/" in image else image
    history = commands.history(store, stack.target(name))
    return history[-1] if history else None
