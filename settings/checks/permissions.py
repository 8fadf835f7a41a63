"""Checks of what task roles may do: named actions on named resources, as the policy packs ask of them.

What is accepted here, `iam-least-privilege` accepts (a test compares the two on every action of AWS). It is stricter in
one thing: a condition makes no `*` of a resource good.
"""

import ipaddress
import re
from collections.abc import Iterator, Sequence, Set
from difflib import get_close_matches
from fnmatch import fnmatchcase
from functools import lru_cache
from typing import Final

from components.tasks import permissions as granted
from components.tasks.permissions import PermissionArgs

from .. import iam_reference as reference
from ..iam_reference import Action, Resource
from ..problems import Path, Problem
from ..regions import PARTITION, REGIONS, partition_of
from ..sections.permissions import Permission
from ..surroundings import Surroundings

ROLE_POLICIES: Final = 10_240
"""Characters of a role's inline policies together, without white space ("IAM and AWS STS quotas")."""
OWN_POLICIES: Final = 2_048
"""How many of them are left for what the platform itself grants to task roles: ECS Exec, queues, protection."""
LONGEST_POLICY: Final = (ROLE_POLICIES - OWN_POLICIES) // 2
"""How many of them what a person grants may take: the next policy must fit beside it."""

_SHOWN: Final = 4
_WILDCARDS: Final = frozenset("*?")
_OPERATOR_NAMES: Final = (
    "ArnEquals ArnLike ArnNotEquals ArnNotLike BinaryEquals Bool DateEquals DateGreaterThan DateGreaterThanEquals "
    "DateLessThan DateLessThanEquals DateNotEquals IpAddress NotIpAddress Null NumericEquals NumericGreaterThan "
    "NumericGreaterThanEquals NumericLessThan NumericLessThanEquals NumericNotEquals StringEquals "
    "StringEqualsIgnoreCase StringLike StringNotEquals StringNotEqualsIgnoreCase StringNotLike"
)
_OPERATORS: Final = _OPERATOR_NAMES.split()
"""Operators of conditions ("IAM JSON policy elements: Condition operators")."""
_GLOBAL_KEY_NAMES: Final = (
    "aws:AssumedRoot aws:CalledVia aws:CalledViaFirst aws:CalledViaLast aws:ChatbotSourceArn aws:CurrentTime "
    "aws:Ec2InstanceSourcePrivateIPv4 aws:Ec2InstanceSourceVpc aws:EpochTime aws:FederatedProvider "
    "aws:MultiFactorAuthAge aws:MultiFactorAuthPresent aws:PrincipalAccount aws:PrincipalArn "
    "aws:PrincipalIsAWSService aws:PrincipalOrgID aws:PrincipalOrgPaths aws:PrincipalServiceName "
    "aws:PrincipalServiceNamesList aws:PrincipalTag/* aws:PrincipalType aws:Referer aws:RequestedRegion "
    "aws:RequestTag/* aws:ResourceAccount aws:ResourceOrgID aws:ResourceOrgPaths aws:ResourceTag/* "
    "aws:SecureTransport aws:SourceAccount aws:SourceArn aws:SourceIdentity aws:SourceIp aws:SourceOrgID "
    "aws:SourceOrgPaths aws:SourceVpc aws:SourceVpcArn aws:SourceVpce aws:TagKeys aws:TokenIssueTime aws:UserAgent "
    "aws:userid aws:username aws:ViaAWSService aws:VpceAccount aws:VpceOrgID aws:VpceOrgPaths aws:VpcSourceIp"
)
_GLOBAL_KEYS: Final = _GLOBAL_KEY_NAMES.split()
"""Condition keys of every request ("AWS global condition context keys")."""


def permission_problems(path: Path, permissions: Sequence[Permission], surroundings: Surroundings) -> Iterator[Problem]:
    """Find permissions that are wider than they must be, or that grant nothing.

    Args:
        path: where they are.
        permissions: the statements.
        surroundings: what is known of the stack.
    """
    if not permissions:
        return
    for index, one in enumerate(permissions):
        yield from _statement_problems((*path, index), one, surroundings)
    yield from _repeated(path, permissions)
    if (length := granted_length(permissions)) > LONGEST_POLICY:
        advice = (
            f"make a policy of {length:,} characters, but IAM takes {ROLE_POLICIES:,} for a role. The next one must "
            f"fit beside it, and {OWN_POLICIES:,} are left for what the platform grants. Make it {LONGEST_POLICY:,}: "
            "join statements with the same resources, name resources by a common start (uploads-*), or attach a "
            "policy of your own."
        )
        yield Problem(path, None, advice)


def granted_length(permissions: Sequence[Permission]) -> int:
    """Return how many characters the policy of some permissions takes, as IAM counts them."""
    if not permissions:
        return 0
    return len("".join(granted.document([one.given(PermissionArgs) for one in permissions]).split()))


def _statement_problems(path: Path, one: Permission, surroundings: Surroundings) -> Iterator[Problem]:
    known = []
    for index, action in enumerate(one.actions):
        at = (*path, "actions", index)
        if advice := _action_fault(action):
            yield Problem(at, action, advice)
        elif action in one.actions[:index]:
            yield Problem(at, action, "is listed twice; remove one")
        else:
            known.append((index, action))
    arns = []
    for index, resource in enumerate(one.resources):
        at = (*path, "resources", index)
        if resource in one.resources[:index]:
            yield Problem(at, resource, "is listed twice; remove one")
        elif advice := _arn_fault(resource, surroundings):
            yield Problem(at, resource, advice)
        else:
            arns.append((index, resource))
    yield from _scope_problems(path, one, known, arns)
    yield from _condition_problems((*path, "conditions"), one)


@lru_cache(maxsize=4096)
def _action_fault(action: str) -> str:
    """Return what is wrong with an action by itself; empty if AWS lists it."""
    if _WILDCARDS & set(action):
        found = reference.like(action)
        if not found:
            return "has a wildcard, and matches no action of AWS. Name each action."
        listed = ", ".join(found[:_SHOWN])
        more = f" and {len(found) - _SHOWN:,} more" if len(found) > _SHOWN else ""
        return f"is {len(found):,} actions by a wildcard: {listed}{more}. Name those that the application takes."
    if one := reference.action(action):
        return "" if one.name == action else f"must be written {one.name}"
    service = action.partition(":")[0]
    close = reference.nearest(action)
    meant = f" Did you mean {close}?" if close else " The Service Authorization Reference of AWS lists them."
    if service.lower() not in reference.services():
        return f"is of {service}, which is no service of IAM.{meant}"
    return f"is no action of {service}.{meant}"


def _arn_fault(resource: str, surroundings: Surroundings) -> str:
    """Return what is wrong with an ARN, whatever is done with it; empty if nothing is."""
    if resource == "*":
        return ""
    _, partition, service, region, account, name = resource.split(":", 5)
    if "${" in resource:
        return "has a policy variable. Name the resource, or attach a policy of your own to the output taskRoleName."
    if not re.fullmatch(PARTITION, partition):
        return f"begins with arn:{partition}:, which is no partition of AWS. Write arn:aws:."
    home = surroundings.region
    if home and partition != partition_of(home):
        own = partition_of(home)
        return f"is in the partition {partition}, but {home} is in {own}: it begins with arn:{own}:"
    for what, part, example in (
        ("service", service, "s3"),
        ("region", region, home or "eu-west-1"),
        ("account", account, "123456789012"),
    ):
        if _WILDCARDS & set(part):
            return f"has a wildcard in place of the {what}. Write the {what}, such as {example}."
    if region and region not in REGIONS and not surroundings.any_region:
        close = get_close_matches(region, REGIONS, n=1)
        return f"is in {region}, which is no region of AWS.{f' Did you mean {close[0]}?' if close else ''}"
    if region and partition_of(region) != partition:
        return f"is in the partition {partition}, but {region} is in {partition_of(region)}"
    if account and not re.fullmatch("[0-9]{12}|aws", account):
        return f"has the account {account}. An account id has twelve digits."
    if not name.strip("*?/:"):
        return f"is every resource of {service}. Name one by its whole ARN."
    return ""


def _scope_problems(
    path: Path, one: Permission, actions: Sequence[tuple[int, str]], resources: Sequence[tuple[int, str]]
) -> Iterator[Problem]:
    """Find actions and resources that do not belong together, and resources that name too much."""
    known = [(index, found) for index, action in actions if (found := reference.action(action))]
    arns = [(index, _resource(text)) for index, text in resources if text != "*"]
    for index, text in resources:
        if text == "*":
            limited = [found for _, found in known if not found.needs_all]
            if limited:
                yield Problem((*path, "resources", index), text, _too_wide(limited, known), ((*path, "actions"),))
    if not known or len(known) < len(one.actions):
        return  # what a wrong action works on is not known
    for index, resource in arns:
        at, text = (*path, "resources", index), one.resources[index]
        works = [found for _, found in known if _works_on(found, resource)]
        if not works:
            yield Problem(at, text, _no_kind(known, resource), ((*path, "actions"),))
        elif broad := [
            form for _, found in known for form in found.forms if form.fits(resource) and not form.names(resource)
        ]:
            advice = (
                f"has a wildcard in place of a name in {broad[0].text}. Write the name; * may only end it, after some "
                "of its letters."
            )
            yield Problem(at, text, advice, ((*path, "actions"),))
    if len(resources) < len(one.resources):
        return
    used = [found for _, found in known if any(_works_on(found, resource) for _, resource in arns)]
    for index, found in known:
        # Where nothing works on a resource, the resource is told already.
        if found in used or "*" in one.resources or not used:
            continue
        at = (*path, "actions", index)
        if found.forms:
            advice = f"works on none of these resources, but on {_forms(found)}. Add one, or remove the action."
        else:
            advice = 'cannot be limited to resources. Move it to a statement of its own with resources: ["*"].'
        yield Problem(at, found.name, advice, ((*path, "resources"),))


def _too_wide(limited: Sequence[Action], all_of: Sequence[tuple[int, Action]]) -> str:
    """Return why `*` is too wide for some actions of a statement."""
    shown = "; ".join(f"{one.name} on {_forms(one)}" for one in limited[:_SHOWN])
    more = f"; and {len(limited) - _SHOWN} more" if len(limited) > _SHOWN else ""
    split = " Leave the others, which need *, in a statement of their own." if len(limited) < len(all_of) else ""
    return f"is every resource, though these actions can be limited: {shown}{more}. Name the ARNs.{split}"


def _no_kind(known: Sequence[tuple[int, Action]], resource: Resource) -> str:
    """Return why no action of a statement works on a resource."""
    limited = [one for _, one in known if one.forms]
    if not limited:
        return 'has no effect: these actions cannot be limited. Write resources: ["*"].'
    of_kind = reference.kinds_of(resource)
    kind = "" if of_kind else f" No resource of {resource.service} has such an ARN."
    shown = "; ".join(f"{one.name} on {_forms(one)}" for one in limited[:_SHOWN])
    return f"is nothing that these actions work on: {shown}.{kind} Correct it, or remove it."


def _works_on(action: Action, resource: Resource) -> bool:
    """Return whether an action works on what an ARN names."""
    fitting = [form for form in action.forms if form.fits(resource)]
    if not fitting:
        return False
    closest = {form.text for form in reference.kinds_of(resource)}
    # Where the service of the ARN is another one, only the action's own forms say what it may be. What follows a colon
    # is a version of the same: function:orders:live.
    return not closest or any(
        form.service != resource.service or any(one == form.text or one.startswith(f"{form.text}:") for one in closest)
        for form in fitting
    )


def _forms(action: Action) -> str:
    texts = sorted(dict.fromkeys(form.text for form in action.forms), key=len)
    return " or ".join(texts[:2]) + (f" or {len(texts) - 2} more kinds" if len(texts) > 2 else "")


def _resource(text: str) -> Resource:
    return Resource(*text.split(":", 5)[2:])


def _condition_problems(path: Path, one: Permission) -> Iterator[Problem]:
    services = {action.partition(":")[0] for action in one.actions} & reference.services()
    for operator, keys in one.conditions.items():
        at = (*path, operator)
        bare = operator.rpartition(":")[2].removesuffix("IfExists")
        if bare not in _OPERATORS or operator.rpartition(":")[0] not in ("", "ForAllValues", "ForAnyValue"):
            close = get_close_matches(bare, _OPERATORS, n=1)
            meant = f" Did you mean {close[0]}?" if close else " Choose one such as StringEquals, ArnLike or Bool."
            yield Problem(at, None, f"is no operator of IAM conditions.{meant}")
            continue
        if not keys:
            yield Problem(at, None, "has no condition key; remove it, or name one such as aws:SourceVpc")
        for key, values in keys.items():
            if advice := _key_fault(key, services):
                yield Problem((*at, key), None, advice)
            for value in values:
                if advice := _value_fault(bare, value):
                    yield Problem((*at, key), value, advice)


def _key_fault(key: str, services: Set[str]) -> str:
    prefix, colon, _ = key.partition(":")
    if not colon:
        return "is no condition key. Write it with its service, such as aws:SourceVpc or s3:prefix."
    known = set(_GLOBAL_KEYS) if prefix.lower() == "aws" else set(reference.condition_keys(prefix.lower()))
    if prefix.lower() not in {"aws", *reference.services()}:
        return f"is of {prefix}, which is no service of IAM"
    if any(fnmatchcase(key.lower(), one.lower()) for one in known):
        return ""
    close = get_close_matches(key, known, n=1, cutoff=0.8)
    if close:
        return f"is no condition key of AWS. Did you mean {close[0]}?"
    # AWS adds global keys; those of a service are all listed.
    return "" if prefix.lower() == "aws" or prefix.lower() not in services else f"is no condition key of {prefix}"


def _value_fault(operator: str, value: str) -> str:
    if operator in ("Bool", "Null") and value not in ("true", "false"):
        return f"must be true or false for {operator}"
    if operator.startswith("Numeric") and not re.fullmatch(r"-?[0-9]+([.][0-9]+)?", value):
        return f"must be a number for {operator}"
    if operator in ("IpAddress", "NotIpAddress"):
        try:
            ipaddress.ip_network(value)
        except ValueError:
            return f"must be a range of addresses such as 203.0.113.0/24 for {operator}"
    return ""


def _repeated(path: Path, permissions: Sequence[Permission]) -> Iterator[Problem]:
    """Find what an earlier statement grants already."""
    first: dict[tuple[str, str, str], int] = {}
    for index, one in enumerate(permissions):
        conditions = repr(sorted(one.model_dump()["conditions"].items()))
        granted_now = [(action, resource, conditions) for action in one.actions for resource in one.resources]
        if all(each in first for each in granted_now):
            earlier = first[granted_now[0]]
            yield Problem(
                (*path, index),
                None,
                f"grants nothing new: permissions[{earlier}] does already. Remove it.",
                ((*path, earlier),),
            )
        for each in granted_now:
            first.setdefault(each, index)
