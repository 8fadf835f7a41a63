"""A tag that was pushed keeps its image, so what was scanned and tested is what runs."""

from typing import Any

from policies.framework import (
    UNKNOWN,
    Example,
    Expect,
    Report,
    Res,
    Resource,
    Rule,
    Severity,
    elements,
    is_known,
    peek,
    wildcard_match,
)
from policies.rules.ecr._registries import CREATION_TEMPLATE, REPOSITORY

_MUTABILITY = "imageTagMutability"
_FILTERS = "imageTagMutabilityExclusionFilters"


def _check(resource: Resource, report: Report) -> None:
    mutability = peek(resource.inputs, _MUTABILITY)
    if not is_known(mutability):
        report.undecided(resource, _MUTABILITY)
    elif mutability == "IMMUTABLE_WITH_EXCLUSION":
        _check_exclusions(resource, report)
    elif mutability != "IMMUTABLE":
        reason = "pushed tags can be moved to another image" + (
            "; that is what AWS makes of a repository that does not say" if mutability is None else ""
        )
        report.fail(resource, f"ImmutableTags::{resource.name}", reason, prop=_MUTABILITY, value=mutability)


def _check_exclusions(resource: Resource, report: Report) -> None:
    allowed = report.settings["allowed_exclusion_filters"]
    key = "imageTagMutabilityExclusionFilterValue" if resource.type.startswith("aws-native:") else "filter"
    filters = peek(resource.inputs, _FILTERS)
    if not is_known(filters):
        report.undecided(resource, _FILTERS)
        return
    for index in range(len(elements(filters, _FILTERS))):
        with report.guard(resource):
            excluded = peek(resource.inputs, _FILTERS, index, key)
            path = f"{_FILTERS}[{index}].{key}"
            if not is_known(excluded):
                report.undecided(resource, path)
            # A `*` of the filter is matched only by a `*` of the setting, so a filter wider than the setting fails.
            elif not any(wildcard_match(pattern, str(excluded)) for pattern in allowed):
                report.fail(
                    resource,
                    f"ExclusionFilter::{excluded}",
                    "tags it matches can be moved to another image",
                    prop=path,
                    value=excluded,
                    remedy="remove the filter, or name it in the rule's setting allowed_exclusion_filters",
                )


def _repository(**inputs: Any) -> Res:
    return Res(REPOSITORY[0], "app", {"name": "team/app", **inputs})


def _tags(mutability: Any, *filters: Any, name: str = "app") -> Res:
    inputs = {"name": f"team/{name}", _MUTABILITY: mutability}
    if filters:
        inputs[_FILTERS] = [{"filter": pattern, "filterType": "WILDCARD"} for pattern in filters]
    return Res(REPOSITORY[0], name, inputs)


_EXCEPT = "IMMUTABLE_WITH_EXCLUSION"
_MUTABLE = Expect("ImmutableTags::app", "app", ['imageTagMutability is "MUTABLE"', "Fix: "])

RULE = Rule(
    name="ecr-immutable-tags",
    title="Image tags are immutable",
    description="A tag pushed to ECR cannot be moved to another image.",
    severity=Severity.MEDIUM,
    packs=("images",),
    controls=("ECR.2", "CKV_AWS_51", "AWS-0031"),
    remedy='set imageTagMutability to "IMMUTABLE"',
    url="https://docs.aws.amazon.com/AmazonECR/latest/userguide/image-tag-mutability.html",
    types=REPOSITORY + CREATION_TEMPLATE,
    settings={
        "allowed_exclusion_filters": {
            "type": "array",
            "default": [],
            "items": {"type": "string", "minLength": 1},
            "description": "Exclusion filters a repository may have with IMMUTABLE_WITH_EXCLUSION: as ECR writes them, "
            "each also allowing narrower ones (promoted-* allows promoted-eu-*). None by default: an excluded tag is a "
            "tag that can be moved.",
        },
    },
    check=_check,
    cases=lambda: (
        Example("immutable", [_tags("IMMUTABLE")]),
        Example(
            "a creation template that makes immutable ones",
            [Res(CREATION_TEMPLATE[0], "mirror", {"prefix": "mirror", "imageTagMutability": "IMMUTABLE"})],
        ),
        Example("the Cloud Control provider", [Res(REPOSITORY[1], "app", {"imageTagMutability": "IMMUTABLE"})]),
        Example(
            "an exclusion that the setting allows",
            [_tags(_EXCEPT, "promoted-*")],
            settings={"allowed_exclusion_filters": ["promoted-*"]},
        ),
        Example(
            "an exclusion narrower than the setting",
            [_tags(_EXCEPT, "promoted-eu-*", "latest")],
            settings={"allowed_exclusion_filters": ["latest", "promoted-*"]},
        ),
        Example(
            "one exclusion exempted by its own id",
            [_tags(_EXCEPT, "latest")],
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
        Example("mutable", [_tags("MUTABLE")], [_MUTABLE]),
        Example(
            "not set, which AWS makes mutable",
            [_repository()],
            [Expect("ImmutableTags::app", "app", ["imageTagMutability is not set", "Fix: set imageTagMutability"])],
        ),
        Example(
            "mutable but for some tags",
            [_tags("MUTABLE_WITH_EXCLUSION", "v*")],
            [Expect("ImmutableTags::app", "app", ["MUTABLE_WITH_EXCLUSION"])],
        ),
        Example("lower case is not a value of AWS", [_tags("immutable")], [Expect("ImmutableTags::app", "app")]),
        Example(
            "a creation template that says nothing",
            [Res(CREATION_TEMPLATE[0], "mirror", {"prefix": "mirror"})],
            [Expect("ImmutableTags::mirror", "mirror")],
        ),
        Example(
            "the Cloud Control provider, mutable",
            [Res(REPOSITORY[1], "app", {"imageTagMutability": "MUTABLE"})],
            [_MUTABLE],
        ),
        Example(
            "the Cloud Control provider, an exclusion",
            [
                Res(
                    REPOSITORY[1],
                    "app",
                    {
                        "imageTagMutability": _EXCEPT,
                        _FILTERS: [
                            {
                                "imageTagMutabilityExclusionFilterType": "WILDCARD",
                                "imageTagMutabilityExclusionFilterValue": "dev-*",
                            }
                        ],
                    },
                )
            ],
            [Expect("ExclusionFilter::dev-*", "app")],
        ),
        Example(
            "an exclusion, none being allowed by default",
            [_tags(_EXCEPT, "latest")],
            [Expect("ExclusionFilter::latest", "app", ['Filters[0].filter is "latest"', "Fix: remove the filter"])],
        ),
        Example(
            "of two exclusions one is wider than allowed",
            [_tags(_EXCEPT, "latest", "*")],
            [Expect("ExclusionFilter::*", "app", ["Filters[1].filter"])],
            settings={"allowed_exclusion_filters": ["latest", "promoted-*"]},
        ),
        Example(
            "an exclusion that only begins like an allowed one",
            [_tags(_EXCEPT, "promoted*")],
            [Expect("ExclusionFilter::promoted*", "app")],
            settings={"allowed_exclusion_filters": ["promoted-*"]},
        ),
        Example(
            "one of two repositories",
            [_tags("IMMUTABLE"), _tags("MUTABLE", name="second")],
            [Expect("ImmutableTags::second", "second")],
        ),
        Example(
            "malformed exclusions",
            [_repository(imageTagMutability=_EXCEPT, **{_FILTERS: "latest"}), _tags("MUTABLE", name="second")],
            [
                Expect(f"Malformed::{_FILTERS}", "app", ["is text where a list belongs"]),
                Expect("ImmutableTags::second", "second"),
            ],
        ),
        Example(
            "a malformed exclusion beside another",
            [_repository(imageTagMutability=_EXCEPT, **{_FILTERS: ["latest", {"filter": "dev-*"}]})],
            [Expect(f"Malformed::{_FILTERS}[0]", "app"), Expect("ExclusionFilter::dev-*", "app")],
        ),
        Example(
            "unknown, another judged",
            [_tags(UNKNOWN), _tags("MUTABLE", name="second")],
            [Expect("ImmutableTags::second", "second")],
            undecided=[Expect("Undecided::imageTagMutability", "app", ["is not known"])],
        ),
        Example(
            "unknown exclusions",
            [_repository(imageTagMutability=_EXCEPT, **{_FILTERS: UNKNOWN})],
            undecided=[Expect(f"Undecided::{_FILTERS}", "app")],
        ),
        Example(
            "an unknown exclusion, the other judged",
            [_tags(_EXCEPT, UNKNOWN, "dev-*")],
            [Expect("ExclusionFilter::dev-*", "app")],
            undecided=[Expect(f"Undecided::{_FILTERS}[0].filter", "app")],
        ),
    ),
)
