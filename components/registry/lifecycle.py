"""ECR lifecycle rules: which images a repository keeps ("Lifecycle policies", Amazon ECR User Guide)."""

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any


def policy(
    release_tag_prefixes: Sequence[str],
    keep_releases: int,
    untagged_days: int,
    keep_images: int,
    lifecycle_rules: Sequence[Mapping[str, Any]] = (),
) -> str:
    """Return a lifecycle policy as JSON text.

    Release images come first, and an image that an earlier rule covers is never expired by a later one: so counting
    the rest cannot remove a release. Untagged images go by age, not by count, since a running digest may be untagged.

    Args:
        release_tag_prefixes: tags that start so are releases; with none there is no rule for releases.
        keep_releases: how many of the newest images with each of these prefixes stay.
        untagged_days: days after which an untagged image goes.
        keep_images: how many images stay besides.
        lifecycle_rules: further rules, after those for releases: `tag_patterns` and either `keep_images` or
            `expire_days`.
    """
    # A rule with several prefixes selects only images that have them all, so each prefix has a rule of its own.
    rules = [
        _rule(
            f"keep the last {keep_releases} images tagged {prefix}...",
            {"tagStatus": "tagged", "tagPrefixList": [prefix], **_newest(keep_releases)},
        )
        for prefix in sorted(set(release_tag_prefixes))
    ]
    rules += [_further(rule) for rule in lifecycle_rules]
    rules.append(
        _rule(f"expire untagged images after {untagged_days} days", {"tagStatus": "untagged", **_older(untagged_days)})
    )
    # "any" must have the highest number of all: ECR refuses it elsewhere.
    rules.append(_rule(f"keep the last {keep_images} other images", {"tagStatus": "any", **_newest(keep_images)}))
    return json.dumps({"rules": [{"rulePriority": number, **rule} for number, rule in enumerate(rules, start=1)]})


def _further(rule: Mapping[str, Any]) -> dict[str, Any]:
    patterns = sorted(set(rule["tag_patterns"]))
    tags = {"tagStatus": "tagged", "tagPatternList": patterns}
    named = " and ".join(patterns)
    if rule.get("keep_images"):
        number = int(rule["keep_images"])
        return _rule(f"keep the last {number} images tagged {named}", {**tags, **_newest(number)})
    number = int(rule["expire_days"])
    return _rule(f"expire images tagged {named} after {number} days", {**tags, **_older(number)})


def _newest(number: int) -> dict[str, Any]:
    return {"countType": "imageCountMoreThan", "countNumber": number}


def _older(days: int) -> dict[str, Any]:
    return {"countType": "sinceImagePushed", "countUnit": "days", "countNumber": days}


def _rule(description: str, selection: dict[str, Any]) -> dict[str, Any]:
    return {"description": description, "selection": selection, "action": {"type": "expire"}}


def tag_matches(pattern: str, tag: str) -> bool:
    """Whether a tag pattern, in which `*` stands for any characters or none, selects a tag."""
    return re.fullmatch(".*".join(map(re.escape, pattern.split("*"))), tag, re.DOTALL) is not None


def covers(earlier: Iterable[str], later: Iterable[str]) -> bool:
    """Whether a rule with the patterns of `earlier` selects every image that one with those of `later` selects.

    An image is selected by a rule where each of the rule's patterns matches one of its tags. Then a later rule never
    acts: an image that matches the tags of a rule is not expired by one of lower priority.
    """
    # A `*` of the later pattern is matched by a `*` of the earlier one only, since no tag holds one.
    return all(any(tag_matches(wide, narrow) for narrow in later) for wide in earlier)
