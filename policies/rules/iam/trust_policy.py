"""Only those a role is for may assume it."""

import re
from collections.abc import Iterator, Sequence

from policies.framework import Report, Resource, Rule, Severity, Stack, peek, shown
from policies.rules.common.iam_documents import Condition, Statement, literal, trust_document
from policies.rules.common.roles import ROLE, TASK_DEFINITION, is_for_a_workload, roles_of
from policies.rules.iam._tokens import issuer_of, names_somebody, not_evaluated, why_nobody
from policies.rules.iam._trust_cases import cases

_TASKS = "ecs-tasks.amazonaws.com"
_IDENTIFYING = frozenset(
    {
        *("aws:principalorgid", "aws:principalorgpaths", "aws:principalarn", "aws:principalaccount", "aws:userid"),
        "aws:sourcearn",
    }
)
"""Condition keys that tell who is calling where the principal does not."""

_PROP = "assumeRolePolicy"


def _check(resource: Resource, report: Report) -> None:
    if resource.type != ROLE:
        return
    document = trust_document(peek(resource.inputs, _PROP), _PROP)
    document.tell(resource, report)
    statements = document.statements
    for statement in statements:
        if statement.allow:
            _judge(resource, statement, report)
    if is_for_a_workload(resource):
        _judge_people(resource, statements, report)


def _check_stack(stack: Stack, report: Report) -> None:
    for role in roles_of(stack).of_tasks():
        with report.guard(role):
            document = trust_document(peek(role.inputs, _PROP), _PROP)
            document.tell(role, report)
            statements = document.statements
            _judge_people(role, statements, report)
            for statement, service in _named(statements, "Service"):
                if service != _TASKS:
                    report.fail(
                        role,
                        f"Principal::{service}",
                        "tasks have this role, and this service can assume it too",
                        prop=f"{statement.path}.Principal.Service",
                        value=service,
                        remedy=f"let only {_TASKS} assume it, and make a second role for the other service",
                    )


def _judge(role: Resource, statement: Statement, report: Report) -> None:
    """What is wrong in any role."""
    way_in = f'write "Action": "{_way_in(statement)}"'
    if statement.all_principals_but:
        report.fail(
            role,
            f"NotPrincipal::{', '.join(name for names in statement.principals.values() for name in names)}",
            "it allows everybody else, in every account",
            prop=f"{statement.path}.NotPrincipal",
            remedy="list who may assume it in Principal",
        )
    if statement.all_actions_but:
        report.fail(
            role,
            f"NotAction::{', '.join(statement.actions)}",
            "it allows every other way to assume the role",
            prop=f"{statement.path}.NotAction",
            remedy=way_in,
        )
    else:
        for action in statement.actions:
            if set("*?") & set(action):
                report.fail(
                    role,
                    f"Action::{action}",
                    "the wildcard allows every way to assume the role",
                    prop=f"{statement.path}.Action",
                    value=action,
                    remedy=way_in,
                )
    if statement.all_principals_but:
        return
    for kind, name in ((kind, name) for kind, names in statement.principals.items() for name in names):
        if _is_everybody(kind, name) and not any(map(_identifies, statement.conditions)):
            report.fail(
                role,
                f"Principal::{name}",
                f"everybody, in every account, can assume the role{_why_everybody(statement.conditions)}"
                if kind != "Service"
                else "the wildcard matches every service, and so everybody who can make one act",
                prop=f"{statement.path}.Principal.{kind}",
                value=name,
            )
        elif kind == "Federated":
            _judge_tokens(role, statement, name, report)


def _way_in(statement: Statement) -> str:
    """The action by which the principals of a statement assume its role."""
    federated = statement.principals.get("Federated", ())
    if any(":saml-provider/" in name for name in federated):
        return "sts:AssumeRoleWithSAML"
    return "sts:AssumeRoleWithWebIdentity" if federated else "sts:AssumeRole"


def _judge_tokens(role: Resource, statement: Statement, provider: str, report: Report) -> None:
    """Whose workloads may come with tokens of an OIDC provider: one of the account, or one that IAM knows itself."""
    _, of_account, address = provider.partition(":oidc-provider/")
    if provider.startswith("arn:") and not of_account:
        return
    address = address or provider
    if names_somebody(statement.conditions, address):
        return
    issuer = issuer_of(address)
    if issuer.shared:
        reason = f"every customer of {issuer.vendor} has tokens of this issuer, and no condition limits them to yours"
    else:
        reason = "no condition limits which workloads of this identity provider can assume the role"
    if why := why_nobody(statement.conditions, address):
        reason += f": {why}"
    if unknown := not_evaluated(statement.conditions, address):
        reason += f" (IAM does not evaluate {', '.join(unknown)})"
    claim = next(iter(issuer.names))
    key = claim if ":" in claim else f"{address}:{claim}"
    value = f"with {issuer.example}" if " " in issuer.example else f'such as "{issuer.example}"'
    report.fail(
        role,
        f"Federated::{provider}",
        reason,
        prop=f"{statement.path}.Principal.Federated",
        value=provider,
        remedy=f"write a condition with StringEquals or StringLike on {key}, {value}",
    )


def _judge_people(role: Resource, statements: Sequence[Statement], report: Report) -> None:
    """Accounts, users, roles and people of a SAML provider that may assume what is made for a workload."""
    named = ((kind, *found) for kind in ("AWS", "Federated") for found in _named(statements, kind))
    for kind, statement, principal in named:
        of_people = ":saml-provider/" in principal if kind == "Federated" else literal(principal)
        if of_people and not _is_itself(role, statement, principal):
            report.fail(
                role,
                f"Principal::{principal}",
                "a workload has this role, and this principal can assume it too",
                prop=f"{statement.path}.Principal.{kind}",
                value=principal,
                remedy="let only the service or the pipeline that it is for assume it; give people and other accounts "
                "roles of their own",
            )


def _is_itself(role: Resource, statement: Statement, principal: str) -> bool:
    """Whether a principal is the role: what runs with it has its rights already, by whatever way it assumes it."""
    name, path = (peek(role.inputs, prop) for prop in ("name", "path"))
    if not isinstance(name, str) or not isinstance(path, str | None):
        return False
    own = re.compile(rf"arn:[\w-]+:iam::\d{{12}}:role{re.escape((path or '/') + name)}")
    callers = [
        condition.values
        for condition in statement.conditions
        if condition.demands and condition.key.lower() == "aws:principalarn"
    ]
    return any(all(map(own.fullmatch, arns)) for arns in ((principal,), *callers))


def _named(statements: Sequence[Statement], kind: str) -> Iterator[tuple[Statement, str]]:
    for statement in statements:
        if statement.allow and not statement.all_principals_but:
            for name in statement.principals.get(kind, ()):
                yield statement, name


def _is_everybody(kind: str, principal: str) -> bool:
    """Whether a principal is anybody of any account: AWS refuses some of these, and takes others as they are."""
    if not literal(principal):
        return True
    return bool(set("*?") & set(principal if kind == "Service" else _account(principal)))


def _account(arn: str) -> str:
    return (arn.split(":", 5) + [""] * 5)[4]


def _identifies(condition: Condition) -> bool:
    """Whether a condition says who is calling, down to an organisation or an account."""
    return condition.demands and all(_names_caller(condition.key.lower(), value) for value in condition.values)


def _why_everybody(conditions: Sequence[Condition]) -> str:
    """Why the first of some conditions does not say who is calling, to follow a reason."""
    for condition in conditions:
        key = condition.key
        if key.lower() not in _IDENTIFYING:
            return f": {key} does not say who is calling"
        anybody = next((value for value in condition.values if not _names_caller(key.lower(), value)), None)
        if anybody is not None:
            return f": {key} is {shown(anybody)}, which others can have too"
        return f": {condition.operator} on {key} does not demand a value"
    return ""


def _names_caller(key: str, value: str) -> bool:
    if key in ("aws:principalorgid", "aws:principalorgpaths"):  # every id begins with "o-"
        return bool(literal(value.split("/")[0].removeprefix("o-")))
    if key in ("aws:userid", "aws:principalaccount"):  # that of a role has a session's name behind: "AROAEXAMPLE:*"
        return not set("*?") & set(value.partition(":")[0])
    return key in _IDENTIFYING and _is_of_an_account(value)


def _is_of_an_account(arn: str) -> bool:
    account = _account(arn)
    # The ARN of a bucket names no account.
    return not set("*?") & set(account) and bool(account or literal(arn.split(":", 5)[-1]))


RULE = Rule(
    name="iam-trust-policy",
    title="Only its own service assumes a role",
    description="Roles of workloads can be assumed by their own service only.",
    severity=Severity.CRITICAL,
    packs=("identity",),
    controls=(
        *("CKV_AWS_60", "CKV_AWS_61", "CKV_AWS_358", "CKV_AWS_393", "IAM_ROLE_NO_ALLOW_PLUS_NOT_PRINCIPAL", "F2"),
        "IAM_ROLE_NO_FULL_ACCESS_ON_TRUST_POLICY",
    ),
    remedy="name the service or the role that may assume it",
    url="https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-iam-roles.html",
    types=(ROLE, TASK_DEFINITION),
    check=_check,
    check_stack=_check_stack,
    cases=cases,
)
