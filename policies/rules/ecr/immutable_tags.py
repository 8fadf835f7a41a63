"""A tag that was pushed keeps its image, so what was scanned and tested is what runs."""

from functools import partial
from typing import Any

from policies.framework import Example, Expect, Has, Must, Res, Severity, any_text, blocks, listed_in, property_rule
from policies.rules.ecr._registries import CREATION_TEMPLATE, REPOSITORY

_MUTABILITY, _EXCEPT = "imageTagMutability", "IMMUTABLE_WITH_EXCLUSION"
_FILTERS = "imageTagMutabilityExclusionFilters"
_ALLOWED = "allowed_exclusion_filters"

# A `*` of the filter is matched only by a `*` of the setting, so a filter wider than the setting fails.
_exclusion = partial(
    Must,
    when=Has(_MUTABILITY, _EXCEPT, otherwise="IMMUTABLE"),
    good=(listed_in(_ALLOWED, "promoted-*"),),
    bad=(None, any_text("latest", "*")),
    finding="ExclusionFilter",
    reason="tags that it matches can be moved to another image",
    unset="it does not say which tags can be moved to another image",
    remedy=f"remove the filter, or allow it in the rule's setting {_ALLOWED}",
)

RULE = property_rule(
    Must(
        _MUTABILITY,
        types=REPOSITORY + CREATION_TEMPLATE,
        good=("IMMUTABLE", _EXCEPT),
        bad=(None, any_text("MUTABLE", "MUTABLE_WITH_EXCLUSION", "immutable")),
        finding="ImmutableTags",
        reason="a pushed tag can be moved to another image",
        unset="AWS then lets a pushed tag be moved to another image",
    ),
    _exclusion("filter", within=blocks(_FILTERS, named="filter"), types=REPOSITORY + CREATION_TEMPLATE),
    name="ecr-immutable-tags",
    title="Image tags are immutable",
    description="A tag pushed to ECR cannot be moved to another image.",
    severity=Severity.MEDIUM,
    packs=("images",),
    controls=("ECR.2", "CKV_AWS_51", "AWS-0031"),
    remedy='set imageTagMutability to "IMMUTABLE"',
    url="https://docs.aws.amazon.com/AmazonECR/latest/userguide/image-tag-mutability.html",
    settings={
        _ALLOWED: {
            "type": "array",
            "default": [],
            "items": {"type": "string", "minLength": 1},
            "description": "Exclusion filters that a repository with IMMUTABLE_WITH_EXCLUSION may have, written as in "
            "ECR. Each also allows narrower ones: promoted-* allows promoted-eu-*. None by default, because an "
            "excluded tag can be moved.",
        },
    },
    cases=lambda: (
        Example(
            "an exclusion narrower than the setting",
            [_tags("promoted-eu-*", "latest")],
            settings={_ALLOWED: ["latest", "promoted-*"]},
        ),
        Example(
            "of two exclusions one is wider than allowed",
            [_tags("latest", "*")],
            [Expect("ExclusionFilter::*", "app", ["Filters[1].filter", "Fix: remove the filter"])],
            settings={_ALLOWED: ["latest", "promoted-*"]},
        ),
        Example(
            "an exclusion that only begins like an allowed one",
            [_tags("promoted*")],
            [Expect("ExclusionFilter::promoted*", "app")],
            settings={_ALLOWED: ["promoted-*"]},
        ),
        Example(
            "one exclusion exempted by its own id",
            [_tags("latest")],
            exempted=[Expect("ExclusionFilter::latest", "app", ["EXEMPTED", "team-b"])],
            settings={
                "exemptions": [
                    {
                        "resource": "*::app",
                        "finding": "ExclusionFilter::latest",
                        "owner": "team-b",
                        "reason": "moved by the old pipeline",
                        "expires": "2999-01-01",
                    }
                ]
            },
        ),
    ),
)


def _tags(*filters: Any) -> Res:
    return Res(REPOSITORY[0], "app", {_MUTABILITY: _EXCEPT, _FILTERS: [{"filter": pattern} for pattern in filters]})
