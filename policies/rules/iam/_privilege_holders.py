"""Cases of iam-least-privilege: where documents are, who has them, and what cannot be read."""

from policies.framework import UNKNOWN, Example, Expect, Res
from policies.rules.common.role_stacks import PREVIEW, UPDATE, allow, document, trust
from policies.rules.common.roles import ATTACHMENTS, MANY_ATTACHMENT, ROLE_POLICY, TASK_DEFINITION
from policies.rules.iam._privilege_stacks import ADMIN, BOTH, OBJECTS, ROLES, task, wrong

_TWICE = document(allow("s3:GetObject", "*", {"StringEquals": {"aws:PrincipalTag/a": "b"}})).replace(
    '"StringEquals"', '"StringEquals": {"aws:SourceVpc": "vpc-1"}, "StringEquals"'
)


def holder_cases() -> tuple[Example, ...]:
    """The cases."""
    return (
        # Where a document is
        Example(
            "at the first preview, before any id is known",
            task(ADMIN, at=PREVIEW),
            [Expect(finding, "app") for finding in BOTH],
        ),
        Example(
            "written into the role",
            [
                UPDATE.role(
                    "task",
                    inlinePolicies=[
                        {"name": "fine", "policy": document(allow("s3:GetObject", OBJECTS))},
                        {"name": "all", "policy": document(ADMIN)},
                    ],
                )
            ],
            [Expect(finding, "task", ["inlinePolicies[1].policy.Statement[0]"]) for finding in BOTH],
        ),
        *(
            Example(
                f"in a managed policy, {name}",
                [at.role("task"), at.policy("broad", document(ADMIN)), at.attach("task", "broad"), at.task()],
                [Expect(finding, "broad") for finding in BOTH]
                + [
                    Expect(finding, "attached", ["; the policy is broad, which this gives to a role. Fix"])
                    for finding in BOTH
                    if at is UPDATE
                ],
            )
            for name, at in {"preview": PREVIEW, "update": UPDATE}.items()
        ),
        Example(
            "in a managed policy that the role lists",
            [
                UPDATE.policy("broad", document(ADMIN)),
                UPDATE.role("task", managedPolicyArns=["arn:aws:iam::123456789012:policy/broad"]),
            ],
            [Expect(finding, "broad") for finding in BOTH],
        ),
        Example(
            "in a managed policy that is attached to several roles",
            [
                UPDATE.role("operators", trust({"AWS": "arn:aws:iam::123456789012:root"})),
                UPDATE.role("task"),
                PREVIEW.policy("broad", document(ADMIN)),
                Res(
                    MANY_ATTACHMENT,
                    "attached",
                    {"roles": ["operators", "task"], "policyArn": UNKNOWN},
                    depends={"roles": ["operators", "task"], "policyArn": ["broad"]},
                ),
            ],
            [Expect(finding, "broad") for finding in BOTH],
        ),
        Example(
            "in a managed policy that is attached to people and to a role that is not known yet",
            [
                UPDATE.role("operators", trust({"AWS": "arn:aws:iam::123456789012:root"})),
                PREVIEW.role("task"),
                PREVIEW.policy("broad", document(ADMIN)),
                Res(
                    MANY_ATTACHMENT,
                    "attached",
                    {"roles": ["operators", UNKNOWN], "policyArn": UNKNOWN},
                    depends={"roles": ["operators", "task"], "policyArn": ["broad"]},
                ),
            ],
            [Expect(finding, "broad") for finding in BOTH],
        ),
        Example(
            "in a managed policy of an exclusive list",
            [
                UPDATE.role("task"),
                UPDATE.policy("broad", document(ADMIN)),
                Res(ATTACHMENTS, "all", {"roleName": "task", "policyArns": ["arn:aws:iam::123456789012:policy/broad"]}),
            ],
            [Expect(finding, on) for on in ("all", "broad") for finding in BOTH],
        ),
        Example(
            "in a managed policy that nothing has yet",
            [UPDATE.policy("broad", document(ADMIN))],
            [Expect(finding, "broad") for finding in BOTH],
        ),
        Example(
            "of a role that a task definition names, whoever may assume it",
            [
                UPDATE.role("task", trust({"AWS": "arn:aws:iam::123456789012:root"})),
                UPDATE.inline("task", document(ADMIN)),
                UPDATE.task(),
            ],
            [Expect(finding, "app") for finding in BOTH],
        ),
        *(
            Example(
                f"of a role for {service}",
                [UPDATE.role("other", trust({"Service": service})), UPDATE.inline("other", document(ADMIN))],
                [Expect(finding, "app") for finding in BOTH],
            )
            for service in ("ec2.amazonaws.com", "codebuild.amazonaws.com", "codepipeline.amazonaws.com")
        ),
        Example(
            "of a role that a pipeline elsewhere assumes",
            [
                UPDATE.role("deploy", trust({"Federated": "arn:aws:iam::1:oidc-provider/token.actions.example"})),
                UPDATE.inline("deploy", document(ADMIN)),
            ],
            [Expect(finding, "app") for finding in BOTH],
        ),
        Example(
            "of a role from outside of the stack",
            [Res(ROLE_POLICY, "app", {"role": "elsewhere", "policy": document(ADMIN)})],
            [Expect(finding, "app") for finding in BOTH],
        ),
        # Documents that cannot be read
        *(
            Example(
                f"a malformed document: {name}",
                [
                    UPDATE.role("task"),
                    UPDATE.inline("task", content, "bad"),
                    UPDATE.inline("task", document(allow("s3:GetObject", "*"))),
                ],
                [Expect(f"Malformed::{path}", "bad"), Expect("Resource::*", "app")],
            )
            for name, content, path in (
                ("no JSON", '{"Statement": [', "policy"),
                ("a list", "[]", "policy"),
                ("no statement", "{}", "policy"),
                ("an empty list of statements", document(), "policy.Statement"),
                ("a statement that is text", '{"Statement": ["Allow"]}', "policy.Statement[0]"),
                ("no effect", document(allow("s3:GetObject", OBJECTS, Effect=None)), "policy.Statement[0].Effect"),
                ("no action", document(allow(None, OBJECTS)), "policy.Statement[0]"),
                ("no resource", document(allow("s3:GetObject", None)), "policy.Statement[0]"),
                ("an action without service", document(allow("GetObject", OBJECTS)), "policy.Statement[0].Action"),
                (
                    "a resource that is no ARN",
                    document(allow("s3:GetObject", "orders")),
                    "policy.Statement[0].Resource",
                ),
                (
                    "a condition on an object",
                    document(allow("s3:GetObject", OBJECTS, {"StringEquals": {"aws:ResourceTag/a": {"b": "c"}}})),
                    "policy.Statement[0].Condition.StringEquals",
                ),
                ("an action that is a number", document(allow([1], OBJECTS)), "policy.Statement[0].Action"),
                (
                    "both kinds of action",
                    document(allow("s3:GetObject", OBJECTS, NotAction="s3:*")),
                    "policy.Statement[0]",
                ),
                (
                    "a condition that is text",
                    document(allow("s3:GetObject", OBJECTS, "always")),
                    "policy.Statement[0].Condition",
                ),
            )
        ),
        wrong(
            "a malformed statement hides no other",
            allow("GetObject", OBJECTS),
            "Malformed::policy.Statement[1].Action",
        ),
        Example(
            "malformed statements around one that is too broad",
            task({"Effect": "Allow"}, ADMIN, allow("s3:GetObject", "orders")),
            [
                Expect("Malformed::policy.Statement[0]", "app"),
                Expect("Malformed::policy.Statement[2].Resource", "app"),
                *(Expect(finding, "app") for finding in BOTH),
            ],
        ),
        Example(
            "a condition of which only the second half counts",
            [
                UPDATE.role("task"),
                UPDATE.inline("task", _TWICE),
            ],
            [
                Expect("Malformed::policy.Statement[0].Condition.StringEquals", "app", ["twice"]),
                Expect("Resource::*", "app"),
            ],
            source="https://github.com/hashicorp/terraform-provider-aws/issues/33026",
        ),
        # Unknown values
        Example(
            "a document that is not known yet",
            [PREVIEW.role("task"), PREVIEW.inline("task", UNKNOWN), PREVIEW.task()],
            undecided=[Expect("Undecided::policy", "app")],
        ),
        Example(
            "a document of which a part is not known yet",
            [
                PREVIEW.role("task"),
                PREVIEW.inline("task", {"Statement": [allow("s3:GetObject", UNKNOWN)]}),
                PREVIEW.inline("task", document(allow("s3:GetObject", "*")), "known"),
            ],
            [Expect("Resource::*", "known")],
            undecided=[Expect("Undecided::policy.Statement[0].Resource", "app")],
        ),
        Example(
            "inline policies that are not known yet",
            [PREVIEW.role("task", inlinePolicies=UNKNOWN)],
            undecided=[Expect("Undecided::inlinePolicies", "task")],
        ),
        Example(
            "a role from outside of the stack",
            [Res(TASK_DEFINITION, "web", {"taskRoleArn": f"{ROLES}/one", "executionRoleArn": f"{ROLES}/other"})],
            undecided=[
                Expect("Undecided::taskRoleArn", "web", ["is one, a role outside this stack", "known_roles"]),
                Expect("Undecided::executionRoleArn", "web"),
            ],
        ),
        Example(
            "roles from outside of the stack that are known, by name and by ARN",
            [Res(TASK_DEFINITION, "web", {"taskRoleArn": f"{ROLES}/one", "executionRoleArn": f"{ROLES}/a/other"})],
            settings={"known_roles": ["one", f"{ROLES}/a/other"]},
        ),
        Example(
            "a role from outside of the stack beside one that is known",
            [Res(TASK_DEFINITION, "web", {"taskRoleArn": f"{ROLES}/one", "executionRoleArn": f"{ROLES}/other"})],
            undecided=[Expect("Undecided::executionRoleArn", "web", ["is other"])],
            settings={"known_roles": ["one"]},
        ),
        Example(
            "a role that comes from nowhere in the stack and is not known yet",
            [Res(TASK_DEFINITION, "web", {"taskRoleArn": UNKNOWN})],
            undecided=[Expect("Undecided::taskRoleArn", "web", ["not known in this preview"])],
        ),
        Example(
            "an exempted action, and one that is not",
            task(allow(["s3:Get*", "s3:Put*"], OBJECTS)),
            [Expect("Action::s3:Put*", "app")],
            exempted=[Expect("Action::s3:Get*", "app")],
            settings={
                "exemptions": [
                    {
                        "resource": "*::app",
                        "finding": "Action::s3:Get[*]",
                        "reason": "reads everything there is of an object",
                        "owner": "team-orders",
                        "expires": "2999-12-31",
                    }
                ]
            },
        ),
    )
