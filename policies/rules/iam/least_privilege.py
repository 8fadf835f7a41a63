"""The roles of tasks, builds, instances and deployments name their actions and their resources."""

from collections.abc import Iterator
from functools import lru_cache
from itertools import islice
from typing import Any, NamedTuple

from policies.framework import Malformed, Report, Resource, Rule, Severity, Stack, Unknown, elements, peek
from policies.rules.common.iam_documents import Document, Statement, identity_document, literal
from policies.rules.common.roles import (
    ATTACHMENT,
    ATTACHMENTS,
    MANY_ATTACHMENT,
    NO_WORKLOADS,
    POLICY,
    ROLE,
    ROLE_POLICY,
    TASK_DEFINITION,
    TASK_ROLES,
    is_for_a_workload,
    policy_arns,
    roles_of,
    seen_policy,
    seen_role,
)
from policies.rules.iam._actions import NONE, Actions, breadth, covered, joined, matching
from policies.rules.iam._conditions import always_named, names_the_target
from policies.rules.iam._privilege_conditions import condition_cases
from policies.rules.iam._privilege_holders import holder_cases
from policies.rules.iam._privilege_people import people_cases
from policies.rules.iam._privilege_scopes import scope_cases
from policies.rules.iam._privilege_statements import statement_cases

_PASS_ROLE = "iam:PassRole"  # noqa: S105  (an action)
_SHOWN = 5
_Finding = tuple[str, str, str, str, str]
"""Its id, the property, its value, why it matters, and what to do."""


class _Broad(NamedTuple):
    """What is too broad in one statement.

    :ivar before: why it matters, up to the actions.
    """

    element: str
    value: str
    before: str
    actions: Actions
    after: str
    remedy: str


_ARN_REMEDY = "name the resources by their ARNs, which the program's resources have as outputs"
_SPLIT_REMEDY = (
    "move these actions to a statement of their own that names the resources by their ARNs; "
    'the other actions of this one need "*"'
)


def _check(resource: Resource, report: Report) -> None:
    if resource.type == ROLE and is_for_a_workload(resource):
        _judge_inline(resource, report)
    elif resource.type == ROLE_POLICY and any(map(is_for_a_workload, seen_role(resource, report.seen))):
        _judge(resource, resource, "policy", report)
    elif resource.type in (ATTACHMENT, ATTACHMENTS, MANY_ATTACHMENT) and any(
        map(is_for_a_workload, seen_role(resource, report.seen))
    ):
        # The policy is there already, harmless until this attaches it.
        for arn in policy_arns(resource)[1]:
            if policy := seen_policy(arn, report.seen):
                _judge(policy, resource, "policy", report)


def _check_stack(stack: Stack, report: Report) -> None:
    roles = roles_of(stack)
    for role in roles.of_workloads():
        _judge_inline(role, report)
    for policy in stack.of_type(ROLE_POLICY):
        with report.guard(policy):
            if roles.is_judged(policy):
                _judge(policy, policy, "policy", report)
    for policy in stack.of_type(POLICY):
        with report.guard(policy):
            if roles.holds(policy):
                _judge(policy, policy, "policy", report)
    for definition in stack.of_type(TASK_DEFINITION):
        for prop in TASK_ROLES:
            with report.guard(definition):
                if peek(definition.inputs, prop) is not None and not roles.behind_task(definition, prop):
                    _judge_outside(definition, prop, report)


def _judge_outside(definition: Resource, prop: str, report: Report) -> None:
    """A role that no resource of the stack is; its ARN or its name may be declared known."""
    arn = peek(definition.inputs, prop)
    if isinstance(arn, Unknown):
        report.undecided(definition, prop)
    elif not isinstance(arn, str):
        raise Malformed(prop, "must be the ARN of a role")
    elif arn and not {arn, name := arn.rpartition("/")[2]} & set(report.settings["known_roles"]):
        report.undecided(
            definition,
            prop,
            f"is {name}, a role outside this stack, whose policies cannot be read here",
            remedy="list it in the setting known_roles if its policies name their actions and resources",
        )


def _judge_inline(role: Resource, report: Report) -> None:
    with report.guard(role):
        policies = peek(role.inputs, "inlinePolicies")
        for index in range(len(elements(policies, "inlinePolicies"))):
            if peek(policies, index, "policy") not in (None, ""):
                _judge(role, role, f"inlinePolicies[{index}].policy", report)


def _judge(holder: Resource, culprit: Resource, path: str, report: Report) -> None:
    """Judge one document.

    :param holder: the resource that has it.
    :param culprit: the resource that gives it to a role, which a finding stops.
    """
    with report.guard(culprit):
        content = identity_document(_at(holder, path), path)
        content.tell(culprit, report)
        for finding, prop, value, reason, remedy in _findings(content):
            if holder is not culprit:
                reason += f"; the policy is {holder.name}, which this gives to a role"
            report.fail(culprit, finding, reason, prop=prop, value=value, remedy=remedy)


def _at(resource: Resource, path: str) -> Any:
    name, _, rest = path.partition("[")
    if not rest:
        return peek(resource.inputs, name)
    return peek(resource.inputs, name, int(rest.partition("]")[0]), "policy")


def _denies_always(statement: Statement) -> bool:
    return (
        not statement.allow
        and not statement.conditions
        and not statement.all_resources_but
        and any(not literal(resource) for resource in statement.resources)
    )


@lru_cache(maxsize=4096)
def _findings(content: Document) -> tuple[_Finding, ...]:
    """What is too broad in a document. Kept, because it is asked at registration and again at the end.

    What several statements have alike is one finding, which says so and for what.
    """
    denied = NONE
    for statement in filter(_denies_always, content.statements):
        denied |= covered(statement)
    alike = dict[str, list[tuple[Statement, _Broad]]]()
    for statement in content.statements:
        for broad in _of_statement(statement, denied) if statement.allow else ():
            alike.setdefault(f"{broad.element}::{broad.value}", []).append((statement, broad))
    return tuple(_finding(finding, found) for finding, found in alike.items())


def _finding(finding: str, found: list[tuple[Statement, _Broad]]) -> _Finding:
    statement, broad = found[0]
    reason = f"{broad.before}{_some(joined(other.actions for _, other in found))}{broad.after}"
    more = list(dict.fromkeys(other.path.rpartition(".")[2] for other, _ in found if other is not statement))
    if more:
        reason += f" (also in {', '.join(more[:_SHOWN])}{f' and {len(more) - _SHOWN} more' if more[_SHOWN:] else ''})"
    return finding, f"{statement.path}.{broad.element}", broad.value, reason, broad.remedy


def _of_statement(statement: Statement, denied: Actions) -> Iterator[_Broad]:
    allowed = covered(statement) - denied
    if statement.all_actions_but:
        if allowed:
            before = f"it allows the {len(allowed)} other actions of AWS, and every future one"
            remedy = "list the actions that the workload needs in Action"
            yield _Broad("NotAction", ", ".join(statement.actions), before, NONE, "", remedy)
    else:
        yield from _wildcard_actions(statement, denied)
    limited = allowed.limitable
    for action in filter(None, map(always_named, statement.conditions)):
        limited -= matching(action)
    if not limited or any(map(names_the_target, statement.conditions)):
        return
    if statement.all_resources_but:
        if limited.lone:
            written, after = ", ".join(statement.resources), " on every resource except these"
            yield _Broad("NotResource", written, "it allows ", limited.lone, after, _ARN_REMEDY)
        return
    is_listed = not statement.all_actions_but and not any(set("*?") & set(action) for action in statement.actions)
    for resource in statement.resources:
        why, broad = breadth(resource, limited)
        if broad:
            needs_all = is_listed and not literal(resource) and len(broad) < len(allowed)
            yield _Broad("Resource", resource, f"{why}, for ", broad, "", _remedy(why, needs_all=needs_all))


def _remedy(why: str, *, needs_all: bool) -> str:
    """What to do about a resource.

    :param needs_all: other actions of the statement can do with nothing less.
    """
    if why.endswith("in every account"):
        return "write the id of the account in the ARN"
    if why.endswith("in every region"):
        return "write the region in the ARN"
    return _SPLIT_REMEDY if needs_all else _ARN_REMEDY


def _wildcard_actions(statement: Statement, denied: Actions) -> Iterator[_Broad]:
    for pattern in statement.actions:
        if not set("*?") & set(pattern):
            continue
        taken = matching(pattern) - denied
        if taken:
            after = ", and every action that AWS adds under that name"
            remedy = "list the actions that the workload needs, without wildcards"
            yield _Broad("Action", pattern, "the wildcard allows ", taken, after, remedy)


def _some(actions: Actions) -> str:
    """A few of many actions, the most telling one first."""
    first = [_PASS_ROLE] if _PASS_ROLE in actions else []
    others = (action for action in actions if action != _PASS_ROLE)
    shown = [*first, *islice(others, _SHOWN - len(first))]
    more = len(actions) - len(shown)
    return ", ".join(shown) + (f" and {more} more" if more else "")


RULE = Rule(
    name="iam-least-privilege",
    title="Least-privilege roles",
    description="The roles of tasks, builds and deployments allow named actions on named resources only.",
    severity=Severity.HIGH,
    packs=("identity",),
    controls=(
        *("IAM.1", "IAM.21", "KMS.1", "KMS.2", "CIS-1.16", "CKV_AWS_1", "CKV_AWS_49", "CKV_AWS_62", "CKV_AWS_63"),
        *("CKV_AWS_107", "CKV_AWS_108", "CKV_AWS_109", "CKV_AWS_110", "CKV_AWS_111", "CKV_AWS_286", "CKV_AWS_287"),
        *("CKV_AWS_288", "CKV_AWS_289", "CKV_AWS_290", "CKV_AWS_355", "CKV_AWS_356", "AWS-0342", "AWS-0345"),
        *("AwsSolutions-IAM5", "IAM_POLICY_NO_STATEMENTS_WITH_ADMIN_ACCESS"),
    ),
    remedy="list the actions without wildcards, and the resources by their ARNs",
    url="https://docs.aws.amazon.com/IAM/latest/UserGuide/best-practices.html",
    types=(
        *(ROLE, ROLE_POLICY, POLICY, ATTACHMENT, ATTACHMENTS, MANY_ATTACHMENT, TASK_DEFINITION),
        *NO_WORKLOADS,
    ),
    settings={
        "known_roles": {
            "type": "array",
            "items": {"type": "string", "minLength": 1},
            "default": [],
            "description": "Names or ARNs of roles outside the stack whose policies name their actions and resources. "
            "Others are undecided.",
        },
    },
    check=_check,
    check_stack=_check_stack,
    cases=lambda: (*statement_cases(), *scope_cases(), *condition_cases(), *holder_cases(), *people_cases()),
)
