"""No AWS managed policy that opens data, permissions or whole services is attached to a workload's role."""

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache

from policies.framework import Malformed, Report, Resource, Rule, Severity, Stack, Unknown, peek
from policies.rules.common.roles import (
    ATTACHMENT,
    ATTACHMENTS,
    MANY_ATTACHMENT,
    POLICY,
    ROLE,
    TASK_DEFINITION,
    Roles,
    is_for_a_workload,
    policy_arns,
    roles_of,
    seen_role,
)
from policies.rules.iam._managed_policies import acts_for_itself, allowed_by, is_for_services, matches
from policies.rules.iam._managed_policy_cases import cases

_OF_AWS = re.compile(r"arn:aws[a-z-]*:iam::aws:policy/(?P<name>.+)")
_OF_AN_ACCOUNT = re.compile(r"arn:aws[a-z-]*:iam::\d{12}:policy/(?P<name>.+)")
_SHOWN = 3
_HOLDERS = (ROLE, ATTACHMENT, ATTACHMENTS, MANY_ATTACHMENT)


def _check(resource: Resource, report: Report) -> None:
    if resource.type in _HOLDERS:
        roles = seen_role(resource, report.seen)
        if any(map(is_for_a_workload, roles)):
            _judge(resource, roles, report)


def _check_stack(stack: Stack, report: Report) -> None:
    roles = roles_of(stack)
    for holder in stack.of_type(*_HOLDERS):
        with report.guard(holder):
            if roles.is_judged(holder):
                _judge(holder, [holder] if holder.type == ROLE else roles.named(holder), report, roles)
                _judge_others(holder, stack, report)


def _judge(holder: Resource, held_by: Sequence[Resource], report: Report, known: Roles | None = None) -> None:
    """Judge the AWS managed policies that a resource attaches.

    :param held_by: the roles of the stack that get them.
    :param known: tells which roles tasks have; at registration the task definitions are still to come.
    """
    prop, arns = policy_arns(holder)
    if not all(isinstance(arn, Unknown) or (isinstance(arn, str) and arn[:4] in ("arn:", "")) for arn in arns):
        raise Malformed(prop, "must be ARNs")
    for arn in _texts(arns):
        of_aws = _OF_AWS.fullmatch(arn)
        if of_aws is None or of_aws["name"] in report.settings["allowed"]:
            continue
        name, by_setting = of_aws["name"], matches(of_aws["name"], report.settings["broad"])
        allowed = allowed_by(name)
        if by_setting:
            allowed = allowed or ["more than workloads here may do: it is in the setting broad"]
        elif allowed and is_for_services(name):
            acting = _acts_for_itself(held_by, known)
            if acting is None:
                report.undecided(holder, prop, _own_role_of_a_service(name), later=bool(held_by))
            if acting is not False:
                continue
        if allowed:
            reason = f"this AWS policy allows {'; '.join(allowed[:_SHOWN])}"
            report.fail(holder, f"Policy::{name}", reason, prop=prop, value=arn)


def _acts_for_itself(held_by: Sequence[Resource], known: Roles | None) -> bool | None:
    """Whether services alone have all these roles, to act themselves; nothing if that cannot be told."""
    said = [acts_for_itself(role) if known is None or role.urn not in known.purposes else False for role in held_by]
    if False in said:
        return False
    return None if None in said or not said else True


def _own_role_of_a_service(name: str) -> str:
    return f"has {name}, which is made for the own role of an AWS service, and who may assume this role is not known"


def _judge_others(holder: Resource, stack: Stack, report: Report) -> None:
    prop, arns = policy_arns(holder)
    if stack.behind(holder, prop, POLICY):
        return
    if any(isinstance(arn, Unknown) for arn in arns):
        report.undecided(holder, prop)
        return
    known, inside = report.settings["known_policies"], _arns_of_policies(stack)
    named = [found for found in map(_OF_AN_ACCOUNT.fullmatch, _texts(arns)) if found and found[0] not in inside]
    unknown = [found["name"] for found in named if found[0] not in known and found["name"] not in known]
    if unknown:
        report.undecided(
            holder,
            prop,
            f"names {', '.join(unknown)}, a policy outside this stack, which cannot be read here: list it in the "
            "setting known_policies if it names its actions and resources",
        )


@lru_cache(maxsize=1)
def _arns_of_policies(stack: Stack) -> frozenset[str]:
    return frozenset(_texts(peek(policy.props, "arn") for policy in stack.of_type(POLICY)))


def _texts(values: Iterable[object]) -> list[str]:
    return [value for value in values if isinstance(value, str)]


RULE = Rule(
    name="iam-no-broad-managed-policies",
    title="No broad managed policies",
    description="Roles of workloads have no AWS managed policy that opens data, permissions or whole services.",
    severity=Severity.HIGH,
    packs=("identity",),
    controls=("CKV_AWS_274", "CKV2_AWS_56", "AwsSolutions-IAM4", "IAM_ROLE_ADMINISTRATOR_ACCESS_POLICY_RULE", "W44"),
    remedy="attach a policy of your own, with the actions and resources that the workload needs",
    url="https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_managed-vs-inline.html",
    types=(*_HOLDERS, POLICY, TASK_DEFINITION),
    settings={
        "broad": {
            "type": "array",
            "items": {"type": "string"},
            "default": [],
            "description": "Names of AWS managed policies that are too broad, beside those that are so by what they "
            "allow; `*` stands for any text.",
        },
        "allowed": {
            "type": "array",
            "items": {"type": "string"},
            "default": [],
            "description": "Names of AWS managed policies to allow all the same, without wildcards.",
        },
        "known_policies": {
            "type": "array",
            "items": {"type": "string", "minLength": 1},
            "default": [],
            "description": "Names or ARNs of policies outside the stack that name their actions and resources. Others "
            "are undecided.",
        },
    },
    check=_check,
    check_stack=_check_stack,
    cases=cases,
)
