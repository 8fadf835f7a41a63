"""Show, set, promote and roll back the image that a service is meant to run."""

from components.tasks.run_args import NO_IMAGE

from .errors import ImageNotFoundError, ReleaseError
from .store import Store
from .targets import Target


def history(store: Store, target: Target) -> list[str]:
    """Return what was meant to run, the latest last, each change once.

    Raises:
        ReleaseError: the stack was never brought up, or has no such service.
    """
    values = store.history(target.parameter)
    if not values:
        raise ReleaseError(f"{target.stack} has no parameter {target.parameter}", "bring the stack up first")
    changes = [value for index, value in enumerate(values) if index == 0 or values[index - 1] != value]
    return [value for value in changes if value != NO_IMAGE]


def choose(store: Store, target: Target, image: str) -> str:
    """Let a service run the image that a tag or a digest of its repository names, and return the digest."""
    before = history(store, target)
    digest = store.digest(target.repository, image)
    if before[-1:] != [digest]:
        store.put(target.parameter, digest)
    return digest


def promote(source_store: Store, source: Target, store: Store, destination: Target) -> str:
    """Let a service run in one stack what it is meant to run in another, copying the image, and return its digest.

    Raises:
        ReleaseError: nothing is meant to run in the source.
    """
    images = history(source_store, source)
    history(store, destination)  # before anything is copied
    if not images:
        raise ReleaseError(f"{source.service} has no image in {source.stack} yet: nothing to promote")
    digest = source_store.digest(source.repository, images[-1])
    try:
        store.digest(destination.repository, digest)
    except ImageNotFoundError:
        store.copy(digest, source_store.address(source.repository), destination.repository)
    return choose(store, destination, digest)


def roll_back(store: Store, target: Target) -> str:
    """Let a service run what it was meant to run before, and return its digest; done twice, it changes nothing.

    Raises:
        ReleaseError: there is nothing before.
    """
    images = history(store, target)
    if len(images) < 2:
        raise ReleaseError(f"{target.service} had no other image in {target.stack} before: nothing to go back to")
    return choose(store, target, images[-2])
