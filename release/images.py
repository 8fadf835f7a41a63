"""Images of a repository: built and pushed, scanned, and what the lifecycle rules would expire of them."""

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Final, NamedTuple

from components.registry import expiry
from components.registry.expiry import Image, Verdict

from .errors import ImageNotFoundError, ReleaseError
from .severities import SEVERITIES
from .store import Scan, Store

_DIGEST: Final = re.compile(r"sha256:[0-9a-f]{64}")
_DONE: Final = ("COMPLETE", "ACTIVE")


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
    """What becomes of each image that is meant to run; None if the repository does not hold it."""

    @property
    def dangerous(self) -> bool:
        """Whether an image that is meant to run would be deleted, or is missing."""
        return any(verdict is None or verdict.expires for verdict in self.running.values())


def is_digest(image: str) -> bool:
    """Tell a digest from a tag."""
    return _DIGEST.fullmatch(image) is not None


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
    lines = [f"{preview.repository}: {_number(preview.total, 'images')}, {len(preview.expiring)} would expire"]
    for verdict in sorted(preview.expiring, key=lambda item: item.image.pushed_at):
        image = verdict.image
        named = ", ".join(sorted(image.tags)) or "untagged"
        lines.append(f"  - {image.digest[:19]} ({named}), pushed {image.pushed_at:%Y-%m-%d}: {verdict.description}")
    for one, found in preview.running.items():
        runs = f"{one.service} is meant to run {one.image[:19]}"
        if found is None:
            lines.append(f"  ✗ {runs}, which the repository does not hold")
        elif found.expires:
            lines.append(f"  ✗ {runs}, which would expire: {found.description}")
        elif found.slack is None:
            lines.append(f"  ✓ {runs}, which no rule expires")
        else:
            lines.append(f"  ✓ {runs}, which expires after {_number(found.slack, found.unit)}: {found.description}")
    return lines


def _number(count: int, unit: str) -> str:
    return f"{count} {unit.removesuffix('s') if count == 1 else unit}"


def scan(store: Store, repository: str, digest: str, say: Callable[[str], None]) -> Scan:
    """Scan an image, wait for the end of it, and return what was found.

    Raises:
        ReleaseError: it cannot be scanned, or it takes too long.
    """
    if reason := store.start_scan(repository, digest):
        say(f"No new scan: {reason}. The last scan found:")
    found = store.scan(repository, digest)
    if found.status not in _DONE:
        because = f": {found.description}" if found.description else ""
        raise ReleaseError(f"{digest[:19]} was not scanned, {found.status}{because}")
    return found


def count(found: Scan) -> str:
    """Return the numbers of findings as text, the worst first."""
    ranked = [f"{number} {severity.lower()}" for severity in SEVERITIES if (number := found.counts.get(severity, 0))]
    return ", ".join(ranked) or "no findings"


def push(store: Store, folder: Path, repository: str, tag: str, platform: str) -> tuple[str, bool]:
    """Build and push an image unless the tag is there, and return its digest and whether it was pushed now.

    Raises:
        ReleaseError: something is missing on this machine, or a step failed.
    """
    store.check_tools()
    if not (folder / "Dockerfile").exists() and not (folder / "Containerfile").exists():
        raise ReleaseError(f"{folder} holds no Dockerfile", "name the application's folder with --folder")
    try:
        return store.digest(repository, tag), False
    except ImageNotFoundError:
        store.push(folder, repository, tag, platform)
    return store.digest(repository, tag), True
