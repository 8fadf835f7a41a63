"""Only those a role is for may assume it."""

from collections.abc import Iterator, Sequence
from typing import Any

from policies.framework import UNKNOWN, Example, Expect, Report, Resource, Rule, Severity, Stack, peek
from policies.rules.common.iam_documents import Condition, Statement, literal, trust_document
from policies.rules.common.role_stacks import PEOPLE, PREVIEW, UPDATE, trust
from policies.rules.common.roles import ROLE, TASK_DEFINITION, is_for_a_workload, roles_of

_TASKS = "ecs-tasks.amazonaws.com"
_IDENTIFYING = frozenset(
    {"aws:principalorgid", "aws:principalorgpaths", "aws:principalarn", "aws:principalaccount", "aws:sourcearn"}
)
"""Condition keys that tell who is calling where the principal does not."""

_SERVICE_ACCOUNTS = "system:serviceaccount:"
"""What the subject of a pod begins with, whatever the cluster; its namespace and its service account follow."""

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
            remedy='write "Action": "sts:AssumeRole"',
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
                    remedy='write "Action": "sts:AssumeRole"',
                )
    if statement.all_principals_but:
        return
    for kind, name in ((kind, name) for kind, names in statement.principals.items() for name in names):
        if _is_everybody(kind, name) and not any(map(_identifies, statement.conditions)):
            report.fail(
                role,
                f"Principal::{name}",
                "everybody, in every account, can assume the role"
                if kind != "Service"
                else "the wildcard matches every service, and so everybody who can make one act",
                prop=f"{statement.path}.Principal.{kind}",
                value=name,
            )
        elif kind == "Federated" and "oidc-provider/" in name and not _names_a_subject(statement, name):
            report.fail(
                role,
                f"Federated::{name}",
                "no condition limits which workloads of this identity provider can assume the role",
                prop=f"{statement.path}.Principal.Federated",
                value=name,
                remedy="add a condition with StringEquals or StringLike that names one repository or workload in "
                f"{name.partition('oidc-provider/')[2]}:sub",
            )
        elif kind == "Federated" and not name.startswith("arn:") and not _names_a_client(statement, name):
            report.fail(
                role,
                f"Federated::{name}",
                "no condition limits which applications of this identity provider can assume the role",
                prop=f"{statement.path}.Principal.Federated",
                value=name,
                remedy=f"add a condition with StringEquals that names your application or identity pool in {name}:aud",
            )


def _judge_people(role: Resource, statements: Sequence[Statement], report: Report) -> None:
    """Accounts, users and roles that may assume what is made for a workload."""
    for statement, principal in _named(statements, "AWS"):
        if literal(principal):
            report.fail(
                role,
                f"Principal::{principal}",
                "a workload has this role, and this principal can assume it too",
                prop=f"{statement.path}.Principal.AWS",
                value=principal,
                remedy="let only the service assume it; give people and other accounts roles of their own",
            )


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
    key = condition.key.lower()
    if not condition.demands or key not in _IDENTIFYING:
        return False
    if key in ("aws:principalorgid", "aws:principalorgpaths"):  # every id begins with "o-"
        return all(literal(value.split("/")[0].removeprefix("o-")) for value in condition.values)
    if key == "aws:principalaccount":
        return not any(set("*?") & set(value) for value in condition.values)
    return all(_is_of_an_account(value) for value in condition.values)


def _is_of_an_account(arn: str) -> bool:
    account = _account(arn)
    # The ARN of a bucket names no account.
    return not set("*?") & set(account) and bool(account or literal(arn.split(":", 5)[-1]))


def _names_a_client(statement: Statement, provider: str) -> bool:
    keys = [condition.key.lower() for condition in statement.conditions if condition.demands]
    return any(key.startswith(f"{provider.lower()}:") for key in keys)


def _names_a_subject(statement: Statement, provider: str) -> bool:
    """Whether a condition on the token's subject names at least an organisation before its first wildcard."""
    key = f"{provider.partition('oidc-provider/')[2]}:sub".lower()
    return any(
        condition.demands and condition.key.lower() == key and all(_is_somebody(value) for value in condition.values)
        for condition in statement.conditions
    )


def _is_somebody(subject: str) -> bool:
    fixed = subject.split("*")[0].split("?")[0]
    if fixed == subject:
        return True
    account = fixed.removeprefix(_SERVICE_ACCOUNTS)
    if account != fixed:  # the namespace must be whole: "team*" is also "teams"
        return ":" in account
    # "repo:*" is every repository there is, and "repo:my-org" followed by a wildcard is also "my-organisation".
    return "/" in fixed.partition(":")[2] or fixed.count(":") > 1


_GITHUB = "arn:aws:iam::123456789012:oidc-provider/token.actions.githubusercontent.com"
_ROOT = "arn:aws:iam::210987654321:root"
_SUB = "token.actions.githubusercontent.com:sub"
_CLUSTER = "arn:aws:iam::123456789012:oidc-provider/oidc.eks.eu-west-1.amazonaws.com/id/ABC"
_POD = "oidc.eks.eu-west-1.amazonaws.com/id/ABC:sub"
_POOLS = "cognito-identity.amazonaws.com"
_SOURCE = {"StringEquals": {"aws:SourceAccount": "123456789012"}}


def _oidc(condition: Any, provider: str = _GITHUB) -> str:
    return trust({"Federated": provider}, condition, Action="sts:AssumeRoleWithWebIdentity")


_EVERYBODY_BUT_ONE = trust(Principal=None, NotPrincipal={"AWS": _ROOT})
_STATEMENT = {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"Service": _TASKS}}
_UNKNOWN_SOURCE = {"StringEquals": {"aws:SourceArn": UNKNOWN}}
_INSTANCE = {"Service": "ec2.amazonaws.com"}

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
    cases=lambda: (
        Example("tasks only", [UPDATE.role("task"), UPDATE.task()]),
        Example("tasks of this account only", [UPDATE.role("task", trust(condition=_SOURCE)), UPDATE.task()]),
        Example("tasks only, in a list", [UPDATE.role("task", trust({"Service": [_TASKS]})), UPDATE.task()]),
        Example("a build", [UPDATE.role("build", trust({"Service": "codebuild.amazonaws.com"}))]),
        Example("two services of one that is no task's", [UPDATE.role("a", trust({"Service": ["a.com", "b.com"]}))]),
        Example("people have roles of their own", [UPDATE.role("people", PEOPLE)]),
        Example("another account has a role of its own", [UPDATE.role("partner", trust({"AWS": _ROOT}))]),
        Example(
            "everybody of one organisation",
            [UPDATE.role("shared", trust("*", {"StringEquals": {"aws:PrincipalOrgID": "o-abc"}}))],
        ),
        Example("everybody is denied", [UPDATE.role("task", trust("*", Effect="Deny")), UPDATE.task()]),
        Example("one repository", [UPDATE.role("deploy", _oidc({"StringEquals": {_SUB: "repo:org/app:ref:main"}}))]),
        Example(
            "the branches of one repository", [UPDATE.role("deploy", _oidc({"StringLike": {_SUB: "repo:org/app:*"}}))]
        ),
        Example(
            "the repositories of one organisation", [UPDATE.role("deploy", _oidc({"StringLike": {_SUB: "repo:org/*"}}))]
        ),
        *(
            Example(f"one subject, {name}", [UPDATE.role("deploy", trusted)])
            for name, trusted in {
                "a number": _oidc({"StringEquals": {_SUB: "112233445566"}}),
                "a pod": _oidc({"StringEquals": {_POD: "system:serviceaccount:shop:web"}}, _CLUSTER),
                "the pods of one namespace": _oidc({"StringLike": {_POD: "system:serviceaccount:shop:*"}}, _CLUSTER),
                "the users of one pool": _oidc({"StringEquals": {f"{_POOLS}:aud": "eu-west-1:0-1"}}, _POOLS),
            }.items()
        ),
        Example(
            "the roles of one account",
            [UPDATE.role("shared", trust("*", {"ArnLike": {"aws:PrincipalArn": "arn:aws:iam::123456789012:role/*"}}))],
        ),
        *(
            Example(
                f"everybody, {name}",
                [UPDATE.role("people", trust({"AWS": principal}, condition))],
                [Expect(f"Principal::{principal}", "people", ["everybody, in every account"])],
            )
            for name, principal, condition in (
                ("the root of any account", "arn:aws:iam::*:root", None),
                ("a role of any account", "arn:aws-cn:iam::*:role/operators", None),
                ("the root of accounts of one beginning", "arn:aws:iam::12345678901?:root", None),
                ("of any organisation, by its first letters", "*", {"StringLike": {"aws:PrincipalOrgID": "o-*"}}),
                (
                    "of any path of any organisation",
                    "*",
                    {"ForAnyValue:StringLike": {"aws:PrincipalOrgPaths": "o-*/r-1/*"}},
                ),
                ("any role", "*", {"ArnLike": {"aws:PrincipalArn": "arn:aws:iam::*:role/*"}}),
                ("a role of that name", "*", {"ArnLike": {"aws:PrincipalArn": "arn:aws:iam::*:role/deployer"}}),
                ("of accounts of one beginning", "*", {"StringLike": {"aws:PrincipalAccount": "12*"}}),
                ("with an external id", "*", {"StringEquals": {"sts:ExternalId": "x"}}),
                ("of some organisation", "*", {"Null": {"aws:PrincipalOrgID": "false"}}),
            )
        ),
        Example(
            "every service",
            [UPDATE.role("task", trust({"Service": "*.amazonaws.com"}))],
            [Expect("Principal::*.amazonaws.com", "task", ["matches every service"])],
        ),
        *(
            Example(
                f"an application of anybody's, {name}",
                [UPDATE.role("app", _oidc(condition, provider))],
                [Expect(f"Federated::{provider}", "app", [f"{provider}:aud"])],
            )
            for name, provider, condition in (
                ("Google", "accounts.google.com", None),
                ("Cognito", _POOLS, {"ForAnyValue:StringLike": {f"{_POOLS}:amr": "*"}}),
            )
        ),
        *(
            Example(
                f"pods of anybody's, written {subject}",
                [UPDATE.role("pod", _oidc({"StringLike": {_POD: subject}}, _CLUSTER))],
                [Expect(f"Federated::{_CLUSTER}", "pod")],
            )
            for subject in (
                "system:serviceaccount:*:*",
                "system:serviceaccount:*:web",
                "system:serviceaccount:shop*:web",
                "*:web",
            )
        ),
        *(
            Example(
                f"everybody, {name}",
                [PREVIEW.role("task", trusted), PREVIEW.task()],
                [Expect("Principal::*", "task", ["everybody"])],
            )
            for name, trusted in {
                "as text": trust("*"),
                "as an object": trust({"AWS": "*"}),
                "in a list": trust({"AWS": ["*"]}),
                "over TLS": trust("*", {"Bool": {"aws:SecureTransport": "true"}}),
                "of any organisation": trust("*", {"StringLike": {"aws:PrincipalOrgID": "*"}}),
                "of an organisation, if there is one": trust(
                    "*", {"StringEqualsIfExists": {"aws:PrincipalOrgID": "o-1"}}
                ),
            }.items()
        ),
        Example("everybody, people's role", [UPDATE.role("people", trust("*"))], [Expect("Principal::*", "people")]),
        Example(
            "tasks and an account",
            [UPDATE.role("task", trust({"Service": _TASKS, "AWS": _ROOT}))],
            [Expect(f"Principal::{_ROOT}", "task", ["this principal can assume it"])],
        ),
        Example(
            "a build and the own account",
            [UPDATE.role("build", trust({"Service": "codebuild.amazonaws.com", "AWS": "123456789012"}))],
            [Expect("Principal::123456789012", "build")],
        ),
        Example(
            "a task's role that only people may assume",
            [PREVIEW.role("task", PEOPLE), PREVIEW.task()],
            [Expect("Principal::arn:aws:iam::123456789012:role/operators", "task")],
        ),
        Example(
            "tasks and another service",
            [PREVIEW.role("task", trust({"Service": [_TASKS, "lambda.amazonaws.com"]})), PREVIEW.task()],
            [Expect("Principal::lambda.amazonaws.com", "task", [_TASKS])],
        ),
        Example(
            "an execution role of another service",
            [
                UPDATE.role("task"),
                UPDATE.role("start", trust({"Service": "ec2.amazonaws.com"})),
                UPDATE.task("task", "start"),
            ],
            [Expect("Principal::ec2.amazonaws.com", "start")],
        ),
        Example(
            "everybody but one",
            [UPDATE.role("task", _EVERYBODY_BUT_ONE)],
            [Expect(f"NotPrincipal::{_ROOT}", "task")],
        ),
        *(
            Example(
                f"any way in, written {action}",
                [UPDATE.role("task", trust(Action=action))],
                [Expect(f"Action::{action}", "task")],
            )
            for action in ("*", "sts:*", "sts:Assume*", "STS:AssumeRol?")
        ),
        Example(
            "every other way in",
            [UPDATE.role("task", trust(Action=None, NotAction="sts:TagSession"))],
            [Expect("NotAction::sts:TagSession", "task")],
        ),
        *(
            Example(
                f"an identity provider, {name}",
                [UPDATE.role("deploy", _oidc(condition))],
                [Expect(f"Federated::{_GITHUB}", "deploy", [_SUB])],
            )
            for name, condition in {
                "without condition": None,
                "with an audience only": {"StringEquals": {f"{_SUB[:-3]}aud": "sts.amazonaws.com"}},
                "for any subject": {"StringLike": {_SUB: "*"}},
                "for any repository": {"StringLike": {_SUB: "repo:*"}},
                "for organisations of the same beginning": {"StringLike": {_SUB: "repo:org*"}},
                "for one repository or any": {"StringLike": {_SUB: ["repo:org/app:*", "repo:*"]}},
                "for one repository, if there is a subject": {"StringEqualsIfExists": {_SUB: "repo:org/app:*"}},
                "for the subject of another provider": {"StringEquals": {"gitlab.com:sub": "project_path:org/app"}},
            }.items()
        ),
        Example(
            "a trust policy that is no JSON, and another that is wrong",
            [UPDATE.role("bad", '{"Statement'), UPDATE.role("task", trust("*"))],
            [Expect("Malformed::assumeRolePolicy", "bad"), Expect("Principal::*", "task")],
        ),
        Example(
            "a trust policy without principal",
            [UPDATE.role("task", trust(Principal=None))],
            [Expect("Malformed::assumeRolePolicy.Statement[0]", "task")],
        ),
        Example(
            "a trust policy that is not known yet",
            [PREVIEW.role("task", UNKNOWN)],
            undecided=[Expect("Undecided::assumeRolePolicy", "task")],
        ),
        Example(
            "a condition that is not known yet",
            [
                PREVIEW.role(
                    "task", {"Statement": {**_STATEMENT, "Condition": {"StringEquals": {"aws:SourceArn": UNKNOWN}}}}
                )
            ],
            undecided=[Expect("Undecided::assumeRolePolicy.Statement[0].Condition.StringEquals.aws:SourceArn", "task")],
        ),
    ),
)
