"""What a lifecycle policy would expire: AWS's own examples, and what holds for every repository and policy."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from components.registry import lifecycle
from components.registry.expiry import Image, expiring, judge

NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)


def image(name: str, days: float, *tags: str, **more: Any) -> Image:
    return Image(name, NOW - timedelta(days=days), frozenset(tags), **more)


def rule(priority: int, count: int, *patterns: str, days: bool = False, status: str = "tagged") -> dict[str, Any]:
    selection: dict[str, Any] = {"tagStatus": status, "countNumber": count, "countType": "imageCountMoreThan"}
    if patterns:
        selection["tagPatternList"] = list(patterns)
    if days:
        selection |= {"countType": "sinceImagePushed", "countUnit": "days"}
    return {
        "rulePriority": priority,
        "description": f"rule {priority}",
        "selection": selection,
        "action": {"type": "expire"},
    }


def gone(rules: list[dict[str, Any]], *images: Image) -> set[str]:
    return {verdict.image.digest for verdict in expiring(json.dumps({"rules": rules}), images, NOW)}


BETA_PROD = [image("A", 10, "beta-1", "prod-1"), image("B", 9, "beta-2", "prod-2"), image("C", 8, "beta-3")]
ALPHA_BETA = [
    image("A", 12, "alpha-1"),
    image("B", 11, "beta-1"),
    image("C", 10, "alpha-2", "beta-2"),
    image("D", 4, "alpha-3"),
    image("E", 3, "beta-3"),
    image("F", 2, "alpha-4", "beta-4"),
]


class TestExamplesOfAws:
    """Examples of lifecycle policies in Amazon ECR, User Guide."""

    def test_a_release_that_a_later_rule_marks_too_stays(self) -> None:
        assert gone([rule(1, 1, "prod*"), rule(2, 1, "beta*")], *BETA_PROD) == {"A"}

    def test_the_other_order_marks_by_the_other_tags(self) -> None:
        assert gone([rule(1, 1, "beta*"), rule(2, 1, "prod*")], *BETA_PROD) == {"A", "B"}

    def test_several_tags_in_a_rule_must_all_be_there(self) -> None:
        assert gone([rule(1, 5, "alpha*", "beta*", days=True)], *ALPHA_BETA) == {"C"}

    def test_several_rules_each_mark_theirs(self) -> None:
        rules = [rule(1, 5, "alpha*", days=True), rule(2, 5, "beta*", days=True)]
        assert gone(rules, *ALPHA_BETA) == {"A", "B", "C"}

    def test_the_newest_with_all_tags_are_counted(self) -> None:
        assert gone([rule(1, 1, "alpha*", "beta*")], *ALPHA_BETA) == {"C"}

    def test_a_rule_for_any_image_counts_the_others_too(self) -> None:
        images = [image("A", 4, "alpha-1"), image("B", 3, "beta-1"), image("C", 2, "beta-2"), image("D", 1)]
        assert gone([rule(1, 1, "alpha*"), rule(2, 2, status="any")], *images) == {"B"}


def test_an_age_is_reached_when_it_is_exceeded() -> None:
    rules = [rule(1, 5, "a*", days=True)]
    assert gone(rules, image("A", 5, "a")) == set()
    assert gone(rules, image("A", 5.01, "a")) == {"A"}


@pytest.mark.parametrize(("days", "left"), [(0, 5), (0.5, 5), (4, 1), (4.9, 1), (5, 1)])
def test_days_that_are_left_are_told(days: float, left: int) -> None:
    (verdict,) = judge(json.dumps({"rules": [rule(1, 5, "a*", days=True)]}), [image("A", days, "a")], NOW)
    assert (verdict.slack, verdict.unit, verdict.action) == (left, "days", None)


def test_images_that_are_left_are_told() -> None:
    verdicts = judge(json.dumps({"rules": [rule(1, 3, status="any")]}), [image("A", 2), image("B", 1)], NOW)
    assert [(verdict.image.digest, verdict.slack, verdict.unit) for verdict in verdicts] == [
        ("A", 2, "images"),
        ("B", 3, "images"),
    ]


def test_what_a_manifest_list_names_stays_with_it() -> None:
    child = image("child", 9, named_by=frozenset({"list"}))
    rules = [rule(1, 1, status="untagged", days=True)]
    assert gone(rules, child, image("list", 9, "git-1")) == set()
    assert gone(rules, child) == {"child"}, "the list is gone"


def test_a_signature_goes_with_its_image() -> None:
    signature = image("signature", 9, belongs_to="signed")
    rules = [rule(1, 1, status="untagged", days=True)]
    assert gone(rules, signature, image("signed", 9, "git-1")) == set()


def test_rules_for_the_archive_see_what_is_archived_and_no_other_rule_does() -> None:
    archived = image("A", 300, "a", archived_at=NOW - timedelta(days=100))
    of_archive = rule(2, 90, status="any", days=True)
    of_archive["selection"] |= {"storageClass": "archive", "countType": "sinceImageTransitioned"}
    assert gone([rule(1, 1, "a*", days=True)], archived) == set()
    assert gone([of_archive], archived) == {"A"}


def test_moving_into_the_archive_deletes_nothing() -> None:
    to_archive = rule(1, 30, "a*", days=True)
    to_archive["selection"]["countType"] = "sinceImagePulled"
    to_archive["action"] = {"type": "transition", "targetStorageClass": "archive"}
    text = json.dumps({"rules": [to_archive]})
    unused, used = image("A", 90, "a"), image("B", 90, "a", pulled_at=NOW - timedelta(days=1))
    assert [verdict.action for verdict in judge(text, [unused, used], NOW)] == ["transition", None]
    assert expiring(text, [unused, used], NOW) == []


_TAGS = st.sets(st.sampled_from(["prod-1", "prod-2", "pr-1", "pr-2", "git-a", "git-b"]), max_size=3)
_IMAGES = st.lists(st.tuples(st.integers(0, 40), _TAGS), max_size=12).map(
    lambda drawn: [image(f"sha256:{number:02}", days, *tags) for number, (days, tags) in enumerate(drawn)]
)
_FURTHER = st.lists(
    st.fixed_dictionaries(
        {"tag_patterns": st.lists(st.sampled_from(["pr-*", "git-*", "*-1", "prod*"]), min_size=1, max_size=2)}
    ).flatmap(
        lambda made: st.sampled_from(["keep_images", "expire_days"]).flatmap(
            lambda how: st.integers(1, 30).map(lambda number: {**made, how: number})
        )
    ),
    max_size=3,
)
_POLICY = st.tuples(st.integers(1, 4), st.integers(1, 30), st.integers(1, 8), _FURTHER).map(
    lambda drawn: lifecycle.policy(["prod"], *drawn)
)


@given(_POLICY, _IMAGES)
def test_an_image_is_decided_over_by_the_first_rule_for_its_tags(policy: str, images: list[Image]) -> None:
    rules = json.loads(policy)["rules"]
    for verdict in judge(policy, images, NOW):
        alone = [
            number["rulePriority"]
            for number in rules
            if any(other.rule is not None for other in judge(json.dumps({"rules": [number]}), [verdict.image], NOW))
        ]
        assert verdict.rule == min(alone), "the last rule is for any image, so there is one"


@given(_POLICY, _IMAGES)
def test_what_expires_its_rule_would_expire_alone(policy: str, images: list[Image]) -> None:
    rules = {one["rulePriority"]: one for one in json.loads(policy)["rules"]}
    for verdict in expiring(policy, images, NOW):
        assert verdict.rule is not None
        only = json.dumps({"rules": [rules[verdict.rule]]})
        assert verdict.image in [other.image for other in expiring(only, images, NOW)]


@given(_POLICY, _IMAGES)
def test_the_newest_releases_stay_whatever_else_there_is(policy: str, images: list[Image]) -> None:
    releases = [one for one in images if any(tag.startswith("prod") for tag in one.tags)]
    keep = json.loads(policy)["rules"][0]["selection"]["countNumber"]
    newest = sorted(releases, key=lambda one: (one.pushed_at, one.digest), reverse=True)[:keep]
    lost = {verdict.image.digest for verdict in expiring(policy, images, NOW)}
    assert not lost & {one.digest for one in newest}


@given(_POLICY, _IMAGES, st.randoms())
def test_the_order_of_the_list_means_nothing(policy: str, images: list[Image], random: Any) -> None:
    shuffled = list(images)
    random.shuffle(shuffled)
    assert set(judge(policy, images, NOW)) == set(judge(policy, shuffled, NOW))


@given(_POLICY, _IMAGES)
def test_what_is_left_is_told_truly(policy: str, images: list[Image]) -> None:
    """After so many days more, and not before, an age acts."""
    for verdict in judge(policy, images, NOW):
        if verdict.unit == "days" and verdict.slack is not None:
            times = NOW + timedelta(days=verdict.slack - 1), NOW + timedelta(days=verdict.slack, seconds=1)
            before, after = ({found.image.digest for found in expiring(policy, images, at)} for at in times)
            assert verdict.image.digest not in before
            assert verdict.image.digest in after


@given(_POLICY, _IMAGES)
def test_a_rule_that_another_covers_never_decides(policy: str, images: list[Image]) -> None:
    tagged = [
        (one["rulePriority"], [*one["selection"].get("tagPatternList", []), *(f"{p}*" for p in _prefixes(one))])
        for one in json.loads(policy)["rules"]
        if one["selection"]["tagStatus"] == "tagged"
    ]
    idle = {
        later
        for place, (later, patterns) in enumerate(tagged)
        if any(lifecycle.covers(wide, patterns) for _, wide in tagged[:place])
    }
    assert not idle & {verdict.rule for verdict in judge(policy, images, NOW)}


def _prefixes(one: dict[str, Any]) -> list[str]:
    return list(one["selection"].get("tagPrefixList", []))
