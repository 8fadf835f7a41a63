"""The cases of `iam-trust-policy`."""

from typing import Any

from policies.framework import UNKNOWN, Example, Expect
from policies.rules.common.role_stacks import PEOPLE, PREVIEW, UPDATE, document, trust
from policies.rules.iam._issuer_cases import issuer_cases

_TASKS = "ecs-tasks.amazonaws.com"
_GITHUB = "arn:aws:iam::123456789012:oidc-provider/token.actions.githubusercontent.com"
_ROOT = "arn:aws:iam::210987654321:root"
_SUB = "token.actions.githubusercontent.com:sub"
_CLUSTER = "arn:aws:iam::123456789012:oidc-provider/oidc.eks.eu-west-1.amazonaws.com/id/ABC"
_POD = "oidc.eks.eu-west-1.amazonaws.com/id/ABC:sub"
_POOLS = "cognito-identity.amazonaws.com"
_SOURCE = {"StringEquals": {"aws:SourceAccount": "123456789012"}}


def _oidc(condition: Any, provider: str = _GITHUB) -> str:
    return trust({"Federated": provider}, condition, Action="sts:AssumeRoleWithWebIdentity")


def _others(subject: str) -> str:
    return f': {_SUB} is "{subject}", which others can have too'


_EVERYBODY_BUT_ONE = trust(Principal=None, NotPrincipal={"AWS": _ROOT})
_STATEMENT = {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"Service": _TASKS}}
_POD_STATEMENT = {
    "Effect": "Allow",
    "Action": "sts:AssumeRoleWithWebIdentity",
    "Principal": {"Federated": _CLUSTER},
    "Condition": {"StringEquals": {_POD: "system:serviceaccount:shop:web"}},
}
_SAML = {
    "Effect": "Allow",
    "Action": "sts:AssumeRoleWithSAML",
    "Principal": {"Federated": "arn:aws:iam::123456789012:saml-provider/adfs"},
    "Condition": {"StringEquals": {"SAML:aud": "https://signin.aws.amazon.com/saml"}},
}
_ITSELF = "arn:aws:iam::123456789012:role/app"
_ITSELF_SOURCE = (
    "https://github.com/terraform-aws-modules/terraform-aws-iam/tree/master/modules/iam-role-for-service-accounts"
)
_UNKNOWN_SOURCE = {"StringEquals": {"aws:SourceArn": UNKNOWN}}
_INSTANCE = {"Service": "ec2.amazonaws.com"}


def cases() -> tuple[Example, ...]:
    """What passes, what fails and what cannot be decided."""
    return (
        *issuer_cases(),
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
        *(
            Example(
                f"{what} and the role itself, {how}",
                [
                    UPDATE.role(
                        "app", document(first, {**_STATEMENT, "Principal": {"AWS": who}, "Condition": condition})
                    )
                ],
                source=_ITSELF_SOURCE,
            )
            for what, first in {"tasks": _STATEMENT, "a pod": _POD_STATEMENT}.items()
            for how, who, condition in (
                ("by its ARN", _ITSELF, {}),
                ("of its account", "arn:aws:iam::123456789012:root", {"ArnEquals": {"aws:PrincipalArn": _ITSELF}}),
                ("of everybody", ["*"], {"ArnLike": {"aws:PrincipalArn": [_ITSELF]}}),
            )
        ),
        Example(
            "tasks and a role with a longer name",
            [UPDATE.role("app", trust({"Service": _TASKS, "AWS": f"{_ITSELF}-admin"}))],
            [Expect(f"Principal::{_ITSELF}-admin", "app", ["let only the service or the pipeline"])],
        ),
        Example(
            "tasks and an account, of which one role in any account",
            [
                UPDATE.role(
                    "app",
                    document(
                        _STATEMENT,
                        {
                            **_STATEMENT,
                            "Principal": {"AWS": _ROOT},
                            "Condition": {"ArnLike": {"aws:PrincipalArn": "arn:aws:iam::*:role/app"}},
                        },
                    ),
                )
            ],
            [Expect(f"Principal::{_ROOT}", "app")],
        ),
        Example(
            "sessions of one role, by its id",
            [UPDATE.role("partner", trust("*", {"StringLike": {"aws:userid": "AROAEXAMPLE:*"}}))],
            source="https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html"
            "#condition-keys-userid",
        ),
        Example(
            "sessions of any role",
            [UPDATE.role("partner", trust("*", {"StringLike": {"aws:userid": "AROA*:deploy"}}))],
            [Expect("Principal::*", "partner")],
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
                "a number": _oidc({"StringEquals": {"accounts.google.com:sub": "112233"}}, "accounts.google.com"),
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
                [Expect("Principal::*", "task", [f"everybody, in every account, can assume the role{says}. Fix"])],
            )
            for name, trusted, says in (
                ("as text", trust("*"), ""),
                ("as an object", trust({"AWS": "*"}), ""),
                ("in a list", trust({"AWS": ["*"]}), ""),
                (
                    "over TLS",
                    trust("*", {"Bool": {"aws:SecureTransport": "true"}}),
                    ": aws:SecureTransport does not say who is calling",
                ),
                (
                    "of any organisation",
                    trust("*", {"StringLike": {"aws:PrincipalOrgID": "*"}}),
                    ': aws:PrincipalOrgID is "*", which others can have too',
                ),
                (
                    "of an organisation, if there is one",
                    trust("*", {"StringEqualsIfExists": {"aws:PrincipalOrgID": "o-1"}}),
                    ": StringEqualsIfExists on aws:PrincipalOrgID does not demand a value",
                ),
            )
        ),
        Example("everybody, people's role", [UPDATE.role("people", trust("*"))], [Expect("Principal::*", "people")]),
        Example(
            "tasks and an account",
            [UPDATE.role("task", trust({"Service": _TASKS, "AWS": _ROOT}))],
            [Expect(f"Principal::{_ROOT}", "task", ["this principal can assume it"])],
        ),
        Example(
            "a function and people who sign in by SAML",
            [UPDATE.role("task", document({**_STATEMENT, "Principal": {"Service": "lambda.amazonaws.com"}}, _SAML))],
            [Expect("Principal::arn:aws:iam::123456789012:saml-provider/adfs", "task", ["this principal can assume"])],
        ),
        Example("people who sign in by SAML", [UPDATE.role("people", document(_SAML))]),
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
                [Expect(f"Federated::{_GITHUB}", "deploy", [_SUB, f"limits them to yours{says}. Fix"])],
            )
            for name, condition, says in (
                ("without condition", None, ""),
                (
                    "with an audience only",
                    {"StringEquals": {f"{_SUB[:-3]}aud": "sts.amazonaws.com"}},
                    f": {_SUB[:-3]}aud does not tell them apart",
                ),
                ("for any subject", {"StringLike": {_SUB: "*"}}, _others("*")),
                ("for any repository", {"StringLike": {_SUB: "repo:*"}}, _others("repo:*")),
                ("for organisations of the same beginning", {"StringLike": {_SUB: "repo:org*"}}, _others("repo:org*")),
                (
                    "for one repository or any",
                    {"StringLike": {_SUB: ["repo:org/app:*", "repo:*"]}},
                    _others("repo:*"),
                ),
                (
                    "for one repository, if there is a subject",
                    {"StringEqualsIfExists": {_SUB: "repo:org/app:*"}},
                    f": StringEqualsIfExists on {_SUB} does not demand a value",
                ),
                (
                    "for the subject of another provider",
                    {"StringEquals": {"gitlab.com:sub": "project_path:org/app"}},
                    "",
                ),
            )
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
    )
