"""ECR lifecycle rules: which images a repository keeps ("Lifecycle policies", Amazon ECR User Guide)."""

import json
import re
from collections.abc import Iterable, Sequence
from typing import Any

from ..common.arguments import complete
from .args import REPOSITORY_DEFAULTS, LifecycleRuleArgs, RepositoryArgs


def lifecycle_policy(values: RepositoryArgs) -> str:
    """Return the lifecycle policy of a repository as JSON text; what is not given has its default."""
    repository = complete(RepositoryArgs, values, REPOSITORY_DEFAULTS)
    return policy(
        repository["release_tag_prefixes"],
        repository["keep_releases"],
        repository["untagged_days"],
        repository["keep_images"],
        repository["lifecycle_rules"],
    )


def policy(
    release_tag_prefixes: Sequence[str],
    keep_releases: int,
    untagged_days: int,
    keep_images: int,
    lifecycle_rules: Sequence[LifecycleRuleArgs] = (),
) -> str:
    """Return a lifecycle policy as JSON text.

    The rules for releases come first. An image that an earlier rule covers is never expired by a later one, so the
    count of other images cannot remove a release. Untagged images expire by age, not by count: a running digest may be
    untagged.

    Args:
        release_tag_prefixes: prefixes of tags that mark releases; an empty list makes no rule for releases.
        keep_releases: how many images to keep for each of these prefixes.
        untagged_days: days after which an untagged image expires.
        keep_images: how many other images to keep.
        lifecycle_rules: further rules, after those for releases.
    """
    # Whole numbers may arrive as floats, as they do from programs in other languages.
    keep_releases, untagged_days, keep_images = int(keep_releases), int(untagged_days), int(keep_images)
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


def _further(rule: LifecycleRuleArgs) -> dict[str, Any]:
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
    """Return whether a tag pattern selects a tag; `*` stands for any characters or none."""
    return re.fullmatch(".*".join(map(re.escape, pattern.split("*"))), tag, re.DOTALL) is not None


def covers(earlier: Iterable[str], later: Iterable[str]) -> bool:
    """Return whether the patterns `earlier` select every image that the patterns `later` select.

    A rule selects an image if each of the rule's patterns matches one of the image's tags. If the earlier rule covers
    the later one, the later one never acts: ECR expires an image by the first rule that selects its tags.
    """
    # Only a `*` of the earlier pattern matches a `*` of the later one, because no tag holds a `*`.
    return all(any(tag_matches(wide, narrow) for narrow in later) for wide in earlier)
