"""Images of a repository: built and pushed, scanned, and what the lifecycle rules would expire of them."""

import time
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Final, NamedTuple, Protocol

from components.registry import expiry
from components.registry.expiry import Image, Verdict

from .commands import ReleaseError

SEVERITIES: Final = ("CRITICAL", "HIGH", "MEDIUM", "LOW", "INFORMATIONAL", "UNDEFINED")
"""What ECR calls its findings, the worst first."""


class Scan(NamedTuple):
    """What a scan of an image has come to."""

    status: str
    """As ECR calls it: IN_PROGRESS, COMPLETE, ACTIVE, FAILED, ..."""
    description: str = ""
    counts: Mapping[str, int] = {}
    """Severity to number of findings."""


class Images(Protocol):
    """Where the images of a stack are."""

    def digest(self, repository: str, image: str) -> str:
        """Return the digest of an image that a tag or a digest names.

        Raises:
            ReleaseError: the repository holds no such image.
        """
        ...

    def images(self, repository: str) -> list[Image]:
        """Return every image of a repository."""
        ...

    def start_scan(self, repository: str, digest: str) -> str | None:
        """Start a scan of an image, or say why none is started although there are findings to read."""
        ...

    def scan(self, repository: str, digest: str) -> Scan:
        """Return what the last scan of an image has come to."""
        ...

    def missing_tools(self) -> list[str]:
        """Return what building and pushing takes and is not on this machine, each with what to do."""
        ...

    def push(self, folder: Path, repository: str, tag: str, platform: str) -> None:
        """Build the image of a folder, and push it."""
        ...


class Running(NamedTuple):
    """An image that a service is meant to run."""

    service: str
    image: str
    """A digest or a tag."""


class Preview(NamedTuple):
    """What the lifecycle rules of a repository would do."""

    repository: str
    total: int
    """How many images there are."""
    expiring: Sequence[Verdict]
    running: Mapping[Running, Verdict | None]
    """For each image that is meant to run what becomes of it; None where the repository does not hold it."""

    @property
    def dangerous(self) -> bool:
        """Whether an image that is meant to run would be deleted, or is not there."""
        return any(verdict is None or verdict.expires for verdict in self.running.values())


def preview(
    repository: str, policy: str, images: Sequence[Image], running: Sequence[Running], now: datetime
) -> Preview:
    """Say what a lifecycle policy would delete, and what it means for the images that are meant to run."""
    verdicts = expiry.judge(policy, images, now)
    found = {
        one: next((item for item in verdicts if one.image == item.image.digest or one.image in item.image.tags), None)
        for one in running
    }
    return Preview(repository, len(images), [item for item in verdicts if item.expires], found)


def tell(preview: Preview) -> list[str]:
    """Return a preview as lines to print."""
    there = f"{preview.total} image{'' if preview.total == 1 else 's'}"
    lines = [f"{preview.repository}: {there}, {len(preview.expiring)} would expire"]
    for verdict in sorted(preview.expiring, key=lambda item: item.image.pushed_at):
        image = verdict.image
        named = ", ".join(sorted(image.tags)) or "untagged"
        lines.append(f"  - {image.digest[:19]} ({named}), pushed {image.pushed_at:%Y-%m-%d}: {verdict.description}")
    for one, found in preview.running.items():
        runs = f"{one.service} is meant to run {one.image[:19]}"
        if found is None:
            lines.append(f"  ✗ {runs}, which is not there")
        elif found.expires:
            lines.append(f"  ✗ {runs}, which would expire: {found.description}")
        elif found.slack is None:
            lines.append(f"  ✓ {runs}, which no rule expires")
        else:
            lines.append(f"  ✓ {runs}, which has {found.slack} {found.unit} left: {found.description}")
    return lines


_DONE: Final = ("COMPLETE", "ACTIVE")
_GOING_ON: Final = ("IN_PROGRESS", "PENDING")


def scan(
    store: Images,
    repository: str,
    digest: str,
    say: Callable[[str], None],
    *,
    patience: float = 600,
    pause: Callable[[float], None] = time.sleep,
) -> Scan:
    """Scan an image, wait for the end of it, and return what was found.

    Raises:
        ReleaseError: it cannot be scanned, or it takes too long.
    """
    if reason := store.start_scan(repository, digest):
        say(f"No new scan: {reason}. What the last one found:")
    waited = 0.0
    while (found := store.scan(repository, digest)).status in _GOING_ON:
        if waited >= patience:
            raise ReleaseError(
                f"the scan of {digest[:19]} has not ended within {patience:.0f} seconds: ask again later"
            )
        pause(5)
        waited += 5
    if found.status not in _DONE:
        because = f": {found.description}" if found.description else ""
        raise ReleaseError(f"{digest[:19]} cannot be scanned, {found.status}{because}")
    return found


def count(found: Scan) -> str:
    """Return the numbers of findings as text, the worst first."""
    ranked = [f"{number} {severity.lower()}" for severity in SEVERITIES if (number := found.counts.get(severity, 0))]
    return ", ".join(ranked) or "no findings"


def push(store: Images, folder: Path, repository: str, tag: str, platform: str) -> tuple[str, bool]:
    """Build and push an image unless the tag is there, and return its digest and whether it was pushed now.

    Raises:
        ReleaseError: something is missing on this machine, or a step failed.
    """
    if missing := store.missing_tools():
        raise ReleaseError("cannot push from here:\n" + "\n".join(f"    {line}" for line in missing))
    if not (folder / "Dockerfile").exists() and not (folder / "Containerfile").exists():
        raise ReleaseError(f"{folder} holds no Dockerfile: name the application's folder by --folder")
    try:
        return store.digest(repository, tag), False
    except ReleaseError as error:
        if "ImageNotFound" not in str(error):
            raise
    store.push(folder, repository, tag, platform)
    return store.digest(repository, tag), True
