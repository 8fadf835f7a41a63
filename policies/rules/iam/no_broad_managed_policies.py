"""No AWS managed policy that opens a whole service, or all of them, is attached to a workload's role."""

import re
from collections.abc import Iterable

from policies.framework import (
    UNKNOWN,
    Example,
    Expect,
    Malformed,
    Report,
    Res,
    Resource,
    Rule,
    Severity,
    Stack,
    Unknown,
    peek,
    wildcard_match,
)
from policies.rules.common.role_stacks import PEOPLE, PREVIEW, UPDATE, trust
from policies.rules.common.roles import (
    ATTACHMENT,
    ATTACHMENTS,
    MANY_ATTACHMENT,
    POLICY,
    ROLE,
    TASK_DEFINITION,
    is_for_a_workload,
    policy_arns,
    roles_of,
    seen_role,
)

_OF_AWS = re.compile(r"arn:aws[a-z-]*:iam::aws:policy/(?P<name>.+)")
_OF_AN_ACCOUNT = re.compile(r"arn:aws[a-z-]*:iam::\d{12}:policy/.+")
_BROAD = (
    *("*FullAccess", "*FullAccess_*", "*FullAccessV*", "*PowerUser*", "*Admin*", "*DeveloperAccess"),
    *("*ReadOnlyAccess", "*ReadWrite", "job-function/*", "SecurityAudit", "service-role/AmazonEC2RoleforSSM"),
)
_HOLDERS = (ROLE, ATTACHMENT, ATTACHMENTS, MANY_ATTACHMENT)


def _check(resource: Resource, report: Report) -> None:
    if resource.type in _HOLDERS and any(map(is_for_a_workload, seen_role(resource, report.seen))):
        _judge(resource, report)


def _check_stack(stack: Stack, report: Report) -> None:
    roles = roles_of(stack)
    for holder in stack.of_type(*_HOLDERS):
        with report.guard(holder):
            if roles.is_judged(holder):
                _judge(holder, report)
                _judge_others(holder, stack, report)


def _judge(holder: Resource, report: Report) -> None:
    prop, arns = policy_arns(holder)
    if not all(isinstance(arn, Unknown) or (isinstance(arn, str) and arn[:4] in ("arn:", "")) for arn in arns):
        raise Malformed(prop, "must be ARNs")
    for arn in _texts(arns):
        of_aws = _OF_AWS.fullmatch(arn)
        if of_aws is None or of_aws["name"] in report.settings["allowed"]:
            continue
        if any(wildcard_match(pattern, of_aws["name"]) for pattern in report.settings["broad"]):
            report.fail(
                holder,
                f"Policy::{of_aws['name']}",
                "this AWS policy allows far more than one application needs, on every resource",
                prop=prop,
                value=arn,
            )


def _judge_others(holder: Resource, stack: Stack, report: Report) -> None:
    prop, arns = policy_arns(holder)
    inside = stack.behind(holder, prop, POLICY)
    known = [peek(policy.props, "arn") for policy in stack.of_type(POLICY)]
    if any(isinstance(arn, Unknown) for arn in arns) and not inside:
        report.undecided(holder, prop)
    elif any(_OF_AN_ACCOUNT.fullmatch(arn) and arn not in known for arn in _texts(arns)) and not inside:
        report.undecided(holder, prop, "is a policy outside this stack, which cannot be read here")


def _texts(values: Iterable[object]) -> list[str]:
    return [value for value in values if isinstance(value, str)]


def _aws(name: str, partition: str = "aws") -> str:
    return f"arn:{partition}:iam::aws:policy/{name}"


_CUSTOM = "arn:aws:iam::123456789012:policy/app"

RULE = Rule(
    name="iam-no-broad-managed-policies",
    title="No broad managed policies",
    description="Roles of workloads have no AWS managed policy that opens a whole service.",
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
            "default": list(_BROAD),
            "description": "Names of AWS managed policies that are too broad; `*` stands for any text.",
        },
        "allowed": {
            "type": "array",
            "items": {"type": "string"},
            "default": [],
            "description": "Names of AWS managed policies to allow all the same, without wildcards.",
        },
    },
    check=_check,
    check_stack=_check_stack,
    cases=lambda: (
        Example("no managed policy", [UPDATE.role("task"), UPDATE.task()]),
        Example(
            "AWS's policy for pulling images and writing logs",
            [UPDATE.role("task"), UPDATE.attach("task", _aws("service-role/AmazonECSTaskExecutionRolePolicy"))],
        ),
        Example(
            "AWS's policy for one daemon", [UPDATE.role("task", managedPolicyArns=[_aws("AWSXRayDaemonWriteAccess")])]
        ),
        Example(
            "a policy of the stack",
            [UPDATE.role("task"), UPDATE.policy("app", "{}"), UPDATE.attach("task", "app"), UPDATE.task()],
        ),
        Example(
            "a policy of the stack, at the first preview",
            [PREVIEW.role("task"), PREVIEW.policy("app", "{}"), PREVIEW.attach("task", "app"), PREVIEW.task()],
        ),
        Example(
            "what people have", [UPDATE.role("people", PEOPLE), UPDATE.attach("people", _aws("AdministratorAccess"))]
        ),
        Example(
            "one that is allowed",
            [UPDATE.role("task"), UPDATE.attach("task", _aws("CloudWatchLogsFullAccess"))],
            settings={"allowed": ["CloudWatchLogsFullAccess"]},
        ),
        *(
            Example(
                f"{name} attached",
                [PREVIEW.role("task"), PREVIEW.attach("task", _aws(name))],
                [Expect(f"Policy::{name}", "attached", [name, "Fix: attach a policy"])],
            )
            for name in (
                "AdministratorAccess",
                "PowerUserAccess",
                "IAMFullAccess",
                "AmazonS3FullAccess",
                "AmazonECS_FullAccess",
                "AmazonEC2ContainerRegistryPowerUser",
                "AmazonS3ReadOnlyAccess",
                "ReadOnlyAccess",
                "job-function/SystemAdministrator",
                "AdministratorAccess-Amplify",
                "SecretsManagerReadWrite",
                "AWSCodeBuildAdminAccess",
                "AWSCodeBuildDeveloperAccess",
                "service-role/AmazonEC2RoleforSSM",
            )
        ),
        *(
            Example(
                f"in the partition {partition}",
                [UPDATE.role("task", managedPolicyArns=[_aws("AdministratorAccess", partition)])],
                [Expect("Policy::AdministratorAccess", "task", ["managedPolicyArns"])],
            )
            for partition in ("aws-cn", "aws-us-gov", "aws-iso-b")
        ),
        Example(
            "attached to several roles",
            [
                UPDATE.role("people", PEOPLE),
                UPDATE.role("task"),
                Res(MANY_ATTACHMENT, "many", {"roles": ["people", "task"], "policyArn": _aws("AmazonSQSFullAccess")}),
            ],
            [Expect("Policy::AmazonSQSFullAccess", "many")],
        ),
        Example(
            "attached to several roles of which one is not known yet",
            [
                UPDATE.role("people", PEOPLE),
                PREVIEW.role("task"),
                Res(
                    MANY_ATTACHMENT,
                    "many",
                    {"roles": ["people", UNKNOWN], "policyArn": _aws("AmazonSQSFullAccess")},
                    depends={"roles": ["people", "task"]},
                ),
            ],
            [Expect("Policy::AmazonSQSFullAccess", "many")],
        ),
        *(
            Example(
                f"attached to people and to a role from outside of the stack, {name}",
                [
                    UPDATE.role("people", PEOPLE),
                    Res(MANY_ATTACHMENT, "many", {"roles": ["people", role], "policyArn": _aws("AmazonSQSFullAccess")}),
                ],
                [Expect("Policy::AmazonSQSFullAccess", "many")],
            )
            for name, role in (("by its name", "elsewhere"), ("not known yet", UNKNOWN))
        ),
        Example(
            "a policy by its name, and another that is wrong",
            [
                UPDATE.role("task", managedPolicyArns=["AdministratorAccess"]),
                UPDATE.attach("task", _aws("IAMFullAccess")),
            ],
            [Expect("Malformed::managedPolicyArns", "task"), Expect("Policy::IAMFullAccess", "attached")],
        ),
        Example(
            "in an exclusive list",
            [
                UPDATE.role("task"),
                Res(ATTACHMENTS, "all", {"roleName": "task", "policyArns": [_aws("IAMFullAccess")]}),
            ],
            [Expect("Policy::IAMFullAccess", "all")],
        ),
        Example(
            "on a role that a task definition names, whoever may assume it",
            [UPDATE.role("task", PEOPLE), UPDATE.attach("task", _aws("IAMFullAccess")), UPDATE.task()],
            [Expect("Policy::IAMFullAccess", "attached")],
        ),
        Example(
            "on an instance's role",
            [
                UPDATE.role("node", trust({"Service": "ec2.amazonaws.com"})),
                UPDATE.attach("node", _aws("AmazonEC2FullAccess")),
            ],
            [Expect("Policy::AmazonEC2FullAccess", "attached")],
        ),
        Example(
            "a list that is no list",
            [UPDATE.role("task", managedPolicyArns={"arn": _CUSTOM}), UPDATE.attach("task", _aws("IAMFullAccess"))],
            [Expect("Malformed::managedPolicyArns", "task"), Expect("Policy::IAMFullAccess", "attached")],
        ),
        Example(
            "a policy that is not known yet",
            [PREVIEW.role("task"), Res(ATTACHMENT, "a", {"role": "task", "policyArn": UNKNOWN})],
            undecided=[Expect("Undecided::policyArn", "a")],
        ),
        Example(
            "a policy from outside of the stack",
            [UPDATE.role("task"), UPDATE.attach("task", _CUSTOM)],
            undecided=[Expect("Undecided::policyArn", "attached", ["a policy outside this stack"])],
        ),
    ),
)
