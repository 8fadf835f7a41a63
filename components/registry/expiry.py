"""What a lifecycle policy would do to a list of images, as ECR evaluates it ("Lifecycle policies", User Guide).

- Each rule is evaluated on all images, whatever other rules do: what one marks, another still counts.
- An image that has the tags that a rule asks for is never expired by a rule of lower priority (a higher number).
- An image that a manifest list names stays as long as the list is there. What belongs to another image, such as a
  signature, goes with that one.

ECR does not know what runs. This does not either: it is for a caller that knows, and for one that wants to see before.
"""

import json
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from .lifecycle import tag_matches


class Image(NamedTuple):
    """One image of a repository."""

    digest: str
    pushed_at: datetime
    """When it was pushed, or last restored from the archive."""
    tags: frozenset[str] = frozenset()
    pulled_at: datetime | None = None
    archived_at: datetime | None = None
    """When it was moved to the archive, if it is there."""
    named_by: frozenset[str] = frozenset()
    """Digests of the manifest lists that name it."""
    belongs_to: str | None = None
    """Digest of the image that it is a signature or another artifact of."""


class Verdict(NamedTuple):
    """What becomes of one image."""

    image: Image
    rule: int | None = None
    """Priority of the rule that decides over it: the first one that asks for its tags. None: no rule does."""
    description: str = ""
    """What that rule says of itself."""
    action: str | None = None
    """`expire`, or `transition` into the archive; None: it stays."""
    slack: int | None = None
    """How many more images, or days, until the rule acts; None where it acts now, or cannot."""
    unit: str = ""
    """What `slack` counts, `images` or `days`."""

    @property
    def expires(self) -> bool:
        """Whether the image is deleted."""
        return self.action == "expire"


def judge(policy: str, images: Iterable[Image], now: datetime) -> list[Verdict]:
    """Return what a lifecycle policy (JSON text) would do at a time, to every image in the order given."""
    every = list(images)
    rules = sorted(json.loads(policy)["rules"], key=lambda rule: int(rule["rulePriority"]))
    slacks = [_slacks(rule["selection"], every, now) for rule in rules]
    present = {image.digest for image in every}
    verdicts = []
    for image in every:
        deciding = next((number for number, rule in enumerate(rules) if _selects(rule["selection"], image)), None)
        held = bool(image.named_by & present) or image.belongs_to in present
        if deciding is None or held:
            verdicts.append(Verdict(image))
            continue
        rule, (slack, unit) = rules[deciding], slacks[deciding][image.digest]
        acts = slack <= 0
        verdicts.append(
            Verdict(
                image,
                int(rule["rulePriority"]),
                str(rule.get("description", "")),
                str(rule["action"]["type"]) if acts else None,
                None if acts else slack,
                unit,
            )
        )
    return verdicts


def expiring(policy: str, images: Iterable[Image], now: datetime) -> list[Verdict]:
    """Return the verdicts of the images that a lifecycle policy would delete."""
    return [verdict for verdict in judge(policy, images, now) if verdict.expires]


def _selects(selection: dict[str, Any], image: Image) -> bool:
    archived = selection.get("storageClass", "standard") == "archive"
    if archived != (image.archived_at is not None):
        return False
    match selection["tagStatus"]:
        case "any":
            return True
        case "untagged":
            return not image.tags
    patterns = [*selection.get("tagPatternList", ()), *(f"{prefix}*" for prefix in selection.get("tagPrefixList", ()))]
    return all(any(tag_matches(pattern, tag) for tag in image.tags) for pattern in patterns) and bool(image.tags)


def _slacks(selection: dict[str, Any], images: Sequence[Image], now: datetime) -> dict[str, tuple[int, str]]:
    """Return digest → how much is left until a rule acts on it, 0 or less where it does, of all that it selects."""
    selected = [image for image in images if _selects(selection, image)]
    number = int(selection["countNumber"])
    if selection["countType"] == "imageCountMoreThan":
        newest_first = sorted(selected, key=lambda image: (image.pushed_at, image.digest), reverse=True)
        return {image.digest: (number - place, "images") for place, image in enumerate(newest_first)}
    kind = str(selection["countType"])
    left = {image.digest: timedelta(days=number) - (now - _counted_from(kind, image)) for image in selected}
    return {digest: (_days(time), "days") for digest, time in left.items()}


def _counted_from(count_type: str, image: Image) -> datetime:
    since = {"sinceImagePulled": image.pulled_at, "sinceImageTransitioned": image.archived_at}.get(count_type)
    return since or image.pushed_at


def _days(left: timedelta) -> int:
    """Return whole days, a begun one as one: what is left is never 0 before the rule acts."""
    return -(-left // timedelta(days=1)) if left > timedelta() else (1 if left == timedelta() else 0)
