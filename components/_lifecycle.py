"""ECR lifecycle rules: which images a repository keeps ("Lifecycle policies", Amazon ECR User Guide)."""

import json
from collections.abc import Sequence
from typing import Any


def policy(release_tag_prefixes: Sequence[str], keep_releases: int, untagged_days: int, keep_images: int) -> str:
    """Return a lifecycle policy as JSON text.

    Release images come first, and an image that an earlier rule covers is never expired by a later one: so counting
    the rest cannot remove a release. Untagged images go by age, not by count, since a running digest may be untagged.

    Args:
        release_tag_prefixes: tags that start so are releases; with none there is no rule for releases.
        keep_releases: how many of the newest images with each of these prefixes stay.
        untagged_days: days after which an untagged image goes.
        keep_images: how many images stay besides.
    """
    # A rule with several prefixes selects only images that have them all, so each prefix has a rule of its own.
    rules = [
        _rule(
            f"keep the last {keep_releases} images tagged {prefix}...",
            {
                "tagStatus": "tagged",
                "tagPrefixList": [prefix],
                "countType": "imageCountMoreThan",
                "countNumber": keep_releases,
            },
        )
        for prefix in sorted(set(release_tag_prefixes))
    ]
    rules.append(
        _rule(
            f"expire untagged images after {untagged_days} days",
            {
                "tagStatus": "untagged",
                "countType": "sinceImagePushed",
                "countUnit": "days",
                "countNumber": untagged_days,
            },
        )
    )
    # "any" must have the highest number of all: ECR refuses it elsewhere.
    rules.append(
        _rule(
            f"keep the last {keep_images} other images",
            {"tagStatus": "any", "countType": "imageCountMoreThan", "countNumber": keep_images},
        )
    )
    return json.dumps({"rules": [{"rulePriority": number, **rule} for number, rule in enumerate(rules, start=1)]})


def _rule(description: str, selection: dict[str, Any]) -> dict[str, Any]:
    return {"description": description, "selection": selection, "action": {"type": "expire"}}
