"""Whether a condition on a call restricts what the call works on."""

import re
from collections.abc import Callable
from dataclasses import replace

from policies.rules.common.iam_documents import Condition, literal
from policies.rules.iam._arns import Arn
from policies.rules.iam._target_keys import TARGET_ARNS, TARGET_NAMES, is_tag_of_the_target

_WIDE_POLICIES = re.compile(r"FullAccess|PowerUser|Admin|/job-function/")
"""Policies of AWS that make whatever they are attached to powerful."""


def names_the_target(condition: Condition) -> bool:
    """Whether a condition lets a call work on certain resources only, and not on every one of an account.

    What names the caller (`aws:SourceArn`, `lambda:SourceFunctionArn`), an encryption key or an output does not, though
    its value is an ARN. What is passed or attached is as much of the target as the role: `iam:PassedToService`.
    """
    if not condition.demands:
        return False
    key = condition.key.lower()
    if is_tag_of_the_target(key):
        return True
    judge = _judge_of(key)
    return judge is not None and all(map(judge, condition.values))


def always_named(condition: Condition) -> str:
    """The action of which every request has the key, so that `ForAllValues` names its target too; else nothing."""
    action = _ALWAYS_THERE.get(condition.key.lower(), "")
    return action if action and names_the_target(replace(condition, is_there=True)) else ""


def _judge_of(key: str) -> Callable[[str], bool] | None:
    if key in _SPECIAL:
        return _SPECIAL[key]
    if key in TARGET_ARNS or key.startswith("kms:encryptioncontext:"):
        return _names_one
    if key in TARGET_NAMES:
        return _says
    # Tags may then be set on what the same call creates, and on nothing else:
    # https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/supported-iam-actions-tagging.html
    return _says if key.endswith(":createaction") else None


def _says(value: str) -> bool:
    return bool(literal(value))


def _names_one(arn: str) -> bool:
    """Whether the pattern of an ARN says more than the kind of the resource."""
    pattern = Arn.parse(arn)
    if pattern is None:
        return not set("*?") & set(arn)
    kind, *names = re.split("[/:]", pattern.resource)
    return any(map(literal, names or [kind]))


def _names_a_service(value: str) -> bool:
    return value[0] not in "*?"


def _names_an_organisation(path: str) -> bool:
    return bool(literal(path.split("/")[0].removeprefix("o-")))  # every id begins with "o-"


def _is_an_account(value: str) -> bool:
    return not set("*?") & set(value)


def _names_an_alias(value: str) -> bool:
    return bool(literal(value.removeprefix("alias/")))


def _names_a_narrow_policy(arn: str) -> bool:
    return _names_one(arn) and not (":aws:policy/" in arn and _WIDE_POLICIES.search(arn)) and "::*:" not in arn


_ALWAYS_THERE = {
    # https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/specifying-rrset-conditions.html
    "route53:changeresourcerecordsetsnormalizedrecordnames": "route53:ChangeResourceRecordSets",
}

_SPECIAL: dict[str, Callable[[str], bool]] = {
    # https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_iam-condition-keys.html
    "iam:passedtoservice": _names_a_service,
    "iam:awsservicename": _names_a_service,
    "iam:policyarn": _names_a_narrow_policy,
    # https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html
    "aws:resourceorgid": _names_an_organisation,
    "aws:resourceorgpaths": _names_an_organisation,
    "aws:resourceaccount": _is_an_account,
    "s3:resourceaccount": _is_an_account,
    # https://docs.aws.amazon.com/kms/latest/developerguide/conditions-kms.html
    "kms:requestalias": _names_an_alias,
    "kms:resourcealiases": _names_an_alias,
}
