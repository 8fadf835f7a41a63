"""Cases of iam-least-privilege: policies that grant workloads nothing, because they limit a role or are people's."""

from collections.abc import Mapping
from typing import Any

from policies.framework import UNKNOWN, Example, Expect, Res
from policies.rules.common.role_stacks import ACCOUNT, PEOPLE, PREVIEW, UPDATE, allow, document
from policies.rules.common.roles import (
    GROUP_ATTACHMENT,
    GROUP_ATTACHMENTS,
    SSO_ATTACHMENT,
    SSO_ATTACHMENTS,
    SSO_BOUNDARY,
    USER,
    USER_ATTACHMENT,
    USER_ATTACHMENTS,
)
from policies.rules.iam._privilege_stacks import ADMIN, BOTH, OBJECTS

_ARN = f"arn:aws:iam::{ACCOUNT}:policy/wide"
_BOUNDARIES = "https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_boundaries.html"
_SETS = "https://docs.aws.amazon.com/singlesignon/latest/userguide/permissionsetcustom.html"
_NAMED = {"name": "wide", "path": "/"}


def people_cases() -> tuple[Example, ...]:
    """The cases."""
    boundary = UPDATE.role("task", permissionsBoundary=_ARN)
    return (
        Example(
            "what people may do",
            [UPDATE.role("operators", PEOPLE), UPDATE.inline("operators", document(ADMIN)), *_has("operators")],
        ),
        *(
            Example(f"a policy that only {who} has", [_policy(), Res(type_, "a", inputs)], source=source)
            for who, type_, inputs, source in (
                ("a group", GROUP_ATTACHMENT, {"policyArn": _ARN, "group": "admins"}, ""),
                ("a group, by an exclusive list", GROUP_ATTACHMENTS, {"policyArns": [_ARN], "groupName": "admins"}, ""),
                ("a person, by an exclusive list", USER_ATTACHMENTS, {"policyArns": [_ARN], "userName": "me"}, ""),
                ("a permission set", SSO_ATTACHMENT, {"customerManagedPolicyReference": _NAMED}, _SETS),
                ("a set, without a path", SSO_ATTACHMENT, {"customerManagedPolicyReference": {"name": "wide"}}, _SETS),
                ("a set, by a list", SSO_ATTACHMENTS, {"customerManagedPolicyReferences": [_NAMED]}, _SETS),
                (
                    "a set, as its boundary,",
                    SSO_BOUNDARY,
                    {"permissionsBoundary": {"customerManagedPolicyReference": _NAMED}},
                    _SETS,
                ),
                ("a person, as a boundary,", USER, {"name": "me", "permissionsBoundary": _ARN}, _BOUNDARIES),
            )
        ),
        *(
            Example(f"in a preview, a policy that only {who} has", [PREVIEW.policy("wide", document(ADMIN)), resource])
            for who, resource in {
                "a person": _unknown(USER_ATTACHMENT, "policyArn", UNKNOWN),
                "a permission set": _unknown(SSO_ATTACHMENT, "customerManagedPolicyReference", {"name": UNKNOWN}),
            }.items()
        ),
        Example("a policy that only limits a role", [_policy(), boundary, UPDATE.task()], source=_BOUNDARIES),
        Example(
            "in a preview, a policy that only limits a role",
            [
                PREVIEW.policy("wide", document(ADMIN)),
                Res(
                    boundary.type,
                    "task",
                    {**boundary.inputs, "permissionsBoundary": UNKNOWN},
                    depends={"permissionsBoundary": ["wide"]},
                ),
            ],
            source=_BOUNDARIES,
        ),
        Example(
            "a policy that limits a role and that the role has",
            [boundary, *_has("task")],
            [Expect(finding, on) for on in ("wide", "attached") for finding in BOTH],
            source=_BOUNDARIES,
        ),
        Example(
            "a policy that people have and a workload",
            [
                UPDATE.role("task"),
                *_has("task"),
                Res(SSO_ATTACHMENT, "a", {"customerManagedPolicyReference": _NAMED}),
            ],
            [Expect(finding, on) for on in ("wide", "attached") for finding in BOTH],
        ),
        Example(
            "a policy that nothing has, beside one of the same name and another path that people have",
            [_policy(), Res(SSO_ATTACHMENT, "a", {"customerManagedPolicyReference": {"name": "wide", "path": "/a/"}})],
            [Expect(finding, "wide") for finding in BOTH],
        ),
        Example(
            "the policy of a role that a boundary limits",
            [
                _policy(allow("s3:GetObject", OBJECTS)),
                boundary,
                UPDATE.inline("task", document(ADMIN)),
                UPDATE.task(),
            ],
            [Expect(finding, "app") for finding in BOTH],
            source=_BOUNDARIES,
        ),
    )


def _policy(statement: Mapping[str, Any] = ADMIN) -> Res:
    return UPDATE.policy("wide", document(statement))


def _has(role: str) -> list[Res]:
    return [_policy(), UPDATE.attach(role, "wide")]


def _unknown(type_: str, prop: str, value: Any) -> Res:
    return Res(type_, "a", {prop: value}, depends={prop: ["wide"]})
