"""The roles of tasks, builds, instances and deployments name their actions and their resources."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from typing import Any

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
    elements,
    peek,
)
from policies.rules.common.iam_documents import Statement, identity_statements, literal
from policies.rules.common.role_stacks import PREVIEW, UPDATE, Builder, allow, document, trust
from policies.rules.common.roles import (
    ATTACHMENT,
    ATTACHMENTS,
    GROUP_ATTACHMENT,
    MANY_ATTACHMENT,
    POLICY,
    ROLE,
    ROLE_POLICY,
    TASK_DEFINITION,
    TASK_ROLES,
    USER_ATTACHMENT,
    is_for_a_workload,
    policy_arns,
    roles_of,
    seen_policy,
    seen_role,
)
from policies.rules.iam._actions import breadth, covered, in_order, limitable, matching, names_a_resource

_PASS_ROLE = "iam:PassRole"  # noqa: S105  (an action)
_SHOWN = 5
_ARN_REMEDY = "name the resources by their ARNs, which the program's resources have as outputs"


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
            f"is {name}, a role outside this stack, whose policies cannot be read here: list it in the setting "
            "known_roles if they name their actions and resources",
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
        statements = identity_statements(_at(holder, path), path)
        denied = frozenset[str]().union(*(covered(statement) for statement in statements if _denies_always(statement)))
        for statement in statements:
            if statement.allow:
                for finding, prop, value, reason, remedy in _findings(statement, denied):
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


def _findings(statement: Statement, denied: frozenset[str]) -> Iterator[tuple[str, str, str, str, str]]:
    allowed = covered(statement) - denied
    if statement.all_actions_but:
        if allowed:
            written = ", ".join(statement.actions)
            yield (
                f"NotAction::{written}",
                f"{statement.path}.NotAction",
                written,
                f"it allows the {len(allowed)} other actions of AWS, and every future one",
                "list the actions that the workload needs in Action",
            )
    else:
        yield from _wildcard_actions(statement, denied)
    limited = limitable(allowed)
    if not limited or any(names_a_resource(condition) for condition in statement.conditions):
        return
    if statement.all_resources_but:
        written = ", ".join(statement.resources)
        reason = f"it allows {_some(limited)} on every resource except these"
        yield f"NotResource::{written}", f"{statement.path}.NotResource", written, reason, _ARN_REMEDY
        return
    for resource in statement.resources:
        if why := breadth(resource, limited):
            reason = f"{why}, for {_some(limited)}"
            yield f"Resource::{resource}", f"{statement.path}.Resource", resource, reason, _ARN_REMEDY


def _wildcard_actions(statement: Statement, denied: frozenset[str]) -> Iterator[tuple[str, str, str, str, str]]:
    for pattern in statement.actions:
        if not set("*?") & set(pattern):
            continue
        taken = in_order(matching(pattern) - denied)
        if taken:
            reason = f"the wildcard allows {_some(taken)}, and every action that AWS adds under that name"
            yield (
                f"Action::{pattern}",
                f"{statement.path}.Action",
                pattern,
                reason,
                "list the actions that the workload needs, without wildcards",
            )


def _some(actions: Sequence[str]) -> str:
    """A few of many actions, the most telling one first."""
    first = [_PASS_ROLE] if _PASS_ROLE in actions else []
    others = (action for action in actions if action != _PASS_ROLE)
    shown = [*first, *islice(others, _SHOWN - len(first))]
    more = len(actions) - len(shown)
    return ", ".join(shown) + (f" and {more} more" if more else "")


_BUCKET, _OBJECTS = "arn:aws:s3:::orders", "arn:aws:s3:::orders/*"
_QUEUE = "arn:aws:sqs:eu-west-1:123456789012:orders"
_SECRET = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:db-??????"  # noqa: S105  (an ARN)
_ROLES = "arn:aws:iam::123456789012:role"
_OTHER_ROLE = f"{_ROLES}/worker"
_TAGGED = {"StringEquals": {"aws:ResourceTag/team": "orders"}}


def _task(*statements: Mapping[str, Any], at: Builder = UPDATE) -> list[Res]:
    """A task definition, its role, and an inline policy of it."""
    return [at.role("task"), at.inline("task", document(*statements)), at.task()]


def _fine(name: str, *statements: Mapping[str, Any]) -> Example:
    return Example(name, _task(*statements))


def _wrong(name: str, statement: Mapping[str, Any], *findings: str, says: Sequence[str] = ()) -> Example:
    """A statement beside one that is fine, which must not hide it."""
    first, *others = findings
    expected = [Expect(first, "app", says), *(Expect(finding, "app") for finding in others)]
    return Example(name, _task(allow("s3:GetObject", _OBJECTS), statement), expected)


def _when(key: str, pattern: str) -> dict[str, Any]:
    return {"ArnLike" if pattern.startswith("arn:") else "StringLike": {key: pattern}}


_S3, _KEYS = "arn:aws:s3:::", "arn:aws:kms:eu-west-1:123456789012:key"
_SCALE, _SCALING = "autoscaling:SetDesiredCapacity", "arn:aws:autoscaling:eu-west-1:123456789012:autoScalingGroup"
_ADMIN = allow("*", "*")
_BOTH = ("Action::*", "Resource::*")

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
        *(ROLE, ROLE_POLICY, POLICY, ATTACHMENT, ATTACHMENTS, MANY_ATTACHMENT, USER_ATTACHMENT, GROUP_ATTACHMENT),
        TASK_DEFINITION,
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
    cases=lambda: (
        # What is fine
        _fine("named actions on named resources", allow(["s3:GetObject", "s3:PutObject"], _OBJECTS)),
        _fine("all objects of one bucket", allow("s3:ListBucket", [_BUCKET, _OBJECTS])),
        _fine("a secret with the letters that AWS adds", allow("secretsmanager:GetSecretValue", _SECRET)),
        _fine("the streams of one log group", allow("logs:PutLogEvents", "arn:aws:logs:us-east-1:1:log-group:/a/b:*")),
        _fine("a path of parameters", allow("ssm:GetParameter", "arn:aws:ssm:us-east-1:1:parameter/app/*")),
        _fine("the tasks of one cluster", allow("ecs:DescribeTasks", "arn:aws:ecs:us-east-1:1:task/main/*")),
        _fine("actions that know no resources, on all", allow(["ecr:GetAuthorizationToken", "xray:PutTraceSegments"])),
        _fine("the channels of ECS Exec, which know no resources", allow("ssmmessages:CreateDataChannel")),
        _fine("one role to pass", allow("iam:PassRole", _OTHER_ROLE)),
        _fine(
            "any role to pass to one service",
            allow("iam:PassRole", "*", {"StringEquals": {"iam:PassedToService": "ecs-tasks.amazonaws.com"}}),
        ),
        _fine("any resource with a certain tag", allow("ecs:StopTask", "*", _TAGGED)),
        _fine(
            "any task of a certain cluster",
            allow("ecs:StopTask", "*", {"ArnEquals": {"ecs:cluster": "arn:aws:ecs:us-east-1:1:cluster/main"}}),
        ),
        _fine("a Deny of everything", allow("s3:GetObject", _OBJECTS), allow("*", "*", Effect="Deny")),
        _fine("an Allow that a Deny takes back", allow("s3:*", "*"), allow("S3:*", "*", Effect="Deny")),
        _fine(
            "a Deny of all others", allow("s3:GetObject", _OBJECTS), allow(None, "*", Effect="Deny", NotAction="s3:*")
        ),
        _fine("a policy variable as a name", allow("s3:GetObject", "arn:aws:s3:::orders/${aws:PrincipalTag/team}/*")),
        _fine("a policy variable as the bucket", allow("s3:GetObject", "arn:aws:s3:::${aws:PrincipalTag/team}/*")),
        Example(
            "one statement that is no list, as an object",
            [
                UPDATE.role("task"),
                UPDATE.inline("task", {"Statement": allow("sqs:SendMessage", _QUEUE)}),
                UPDATE.task(),
            ],
        ),
        Example("a role without any policy", [UPDATE.role("task"), UPDATE.task()]),
        Example("a task definition without roles", [Res(TASK_DEFINITION, "web", {"family": "web"})]),
        Example(
            "what people may do",
            [
                UPDATE.role("operators", trust({"AWS": "arn:aws:iam::123456789012:root"})),
                UPDATE.inline("operators", document(_ADMIN)),
                UPDATE.policy("admin", document(_ADMIN)),
                UPDATE.attach("operators", "admin"),
            ],
        ),
        Example(
            "what a group of people may do",
            [
                UPDATE.policy("admin", document(_ADMIN)),
                Res(GROUP_ATTACHMENT, "a", {"policyArn": "arn:aws:iam::123456789012:policy/admin", "group": "admins"}),
            ],
        ),
        Example(
            "what a person may do",
            [
                PREVIEW.policy("admin", document(_ADMIN)),
                Res(USER_ATTACHMENT, "a", {"policyArn": UNKNOWN, "user": "me"}, depends={"policyArn": ["admin"]}),
            ],
        ),
        _fine("metrics, which know no resources but datasets", allow("cloudwatch:PutMetricData")),
        _fine(
            "the keys of one alias",
            allow("kms:Decrypt", "*", {"ForAnyValue:StringEquals": {"kms:ResourceAliases": "alias/orders"}}),
        ),
        _fine("one Auto Scaling group, whose id AWS chooses", allow(_SCALE, f"{_SCALING}:*:autoScalingGroupName/web")),
        _fine(
            "any role to pass to the services of one beginning",
            allow("iam:PassRole", "*", _when("iam:PassedToService", "ecs*.amazonaws.com")),
        ),
        # Actions
        _wrong("everything", _ADMIN, *_BOTH, says=["iam:PassRole", "more"]),
        _wrong("every action on one resource", allow("*", _QUEUE), "Action::*"),
        _wrong("*:* is everything too", allow("*:*", "*"), "Action::*:*", "Resource::*"),
        _wrong("a whole service", allow("sqs:*", _QUEUE), "Action::sqs:*", says=["sqs:"]),
        _wrong("a whole service with a dash", allow("cognito-idp:*", _QUEUE), "Action::cognito-idp:*"),
        _wrong("a wildcard inside of an action", allow("s3:Get*", _OBJECTS), "Action::s3:Get*"),
        _wrong("a wildcard inside of the service", allow("s*:SendMessage", _QUEUE), "Action::s*:SendMessage"),
        _wrong("a question mark", allow("s3:GetObjec?", _OBJECTS), "Action::s3:GetObjec?", says=["s3:GetObject,"]),
        _wrong("a wildcard in another case", allow("S3:GET*", _OBJECTS), "Action::S3:GET*"),
        _wrong("a wildcard beside named actions", allow(["s3:GetObject", "s3:Put*"], _OBJECTS), "Action::s3:Put*"),
        _wrong("a wildcard that a condition does not undo", allow("ecs:*", "*", _TAGGED), "Action::ecs:*"),
        _wrong(
            "all actions but some",
            allow(None, _QUEUE, NotAction=["iam:*", "sts:*"]),
            "NotAction::iam:*, sts:*",
            says=["other actions of AWS"],
        ),
        _wrong("a service that AWS does not list", allow("nowhere:*", _QUEUE), "Action::nowhere:*"),
        _wrong("an action that AWS does not list, on all", allow("s3:GetObjects"), "Resource::*"),
        Example(
            "a Deny of a part, on some resources, or under a condition takes nothing back",
            _task(
                allow("sqs:*", _QUEUE),
                allow("sqs:DeleteQueue", "*", Effect="Deny"),
                allow("sqs:*", _QUEUE, Effect="Deny"),
                allow("sqs:*", "*", {"Bool": {"aws:SecureTransport": "false"}}, Effect="Deny"),
            ),
            [Expect("Action::sqs:*", "app")],
        ),
        # Resources
        _wrong(
            "every resource",
            allow("s3:GetObject", "*"),
            "Resource::*",
            says=["it matches every resource", "s3:GetObject"],
        ),
        _wrong("every resource, as an ARN", allow("s3:GetObject", "arn:aws:s3:::*"), "Resource::arn:aws:s3:::*"),
        _wrong("every object of every bucket", allow("s3:GetObject", "arn:aws:s3:::*/*"), "Resource::arn:aws:s3:::*/*"),
        _wrong("an ARN that ends early", allow("s3:GetObject", "arn:aws:*"), "Resource::arn:aws:*"),
        _wrong("question marks for everything", allow("s3:GetObject", "?*"), "Resource::?*"),
        _wrong(
            "every key",
            allow("kms:Decrypt", "arn:aws:kms:us-east-1:1:key/*"),
            "Resource::arn:aws:kms:us-east-1:1:key/*",
            says=["it matches every key of the account"],
        ),
        _wrong(
            "every secret",
            allow("secretsmanager:GetSecretValue", "arn:aws:secretsmanager:us-east-1:1:secret:*"),
            "Resource::arn:aws:secretsmanager:us-east-1:1:secret:*",
        ),
        _wrong(
            "every kind of resource",
            allow("dynamodb:GetItem", "arn:aws:dynamodb:us-east-1:1:*"),
            "Resource::arn:aws:dynamodb:us-east-1:1:*",
        ),
        _wrong(
            "every account",
            allow("sqs:SendMessage", "arn:aws:sqs:us-east-1:*:orders"),
            "Resource::arn:aws:sqs:us-east-1:*:orders",
            says=["in every account"],
        ),
        _wrong(
            "every region",
            allow("sqs:SendMessage", "arn:aws:sqs:*:1:orders"),
            "Resource::arn:aws:sqs:*:1:orders",
            says=["in every region"],
        ),
        _wrong(
            "every log group anywhere",
            allow("logs:PutLogEvents", "arn:aws:logs:*:*:*"),
            "Resource::arn:aws:logs:*:*:*",
        ),
        _wrong(
            "every service",
            allow("s3:GetObject", "arn:aws:*:us-east-1:1:orders"),
            "Resource::arn:aws:*:us-east-1:1:orders",
        ),
        _wrong(
            "the tasks of every cluster",
            allow("ecs:StopTask", "arn:aws:ecs:us-east-1:1:task/*/*"),
            "Resource::arn:aws:ecs:us-east-1:1:task/*/*",
        ),
        _wrong(
            "an action that could be limited beside one that could not",
            allow(["ecr:GetAuthorizationToken", "ecr:BatchGetImage"], "*"),
            "Resource::*",
            says=["for ecr:BatchGetImage. Fix"],
        ),
        _wrong(
            "every resource but some",
            allow("s3:GetObject", None, NotResource=_OBJECTS),
            f"NotResource::{_OBJECTS}",
        ),
        _wrong(
            "every Auto Scaling group",
            allow(_SCALE, f"{_SCALING}:*:autoScalingGroupName/*"),
            f"Resource::{_SCALING}:*:autoScalingGroupName/*",
        ),
        _wrong(
            "every key, by the form of its id",
            allow("kms:Decrypt", f"{_KEYS}/????????-????-????-????-????????????"),
            f"Resource::{_KEYS}/????????-????-????-????-????????????",
        ),
        _wrong("every bucket, for an action that AWS does not list", allow("s3:GetIt", f"{_S3}*"), f"Resource::{_S3}*"),
        _wrong(
            "everything of a service that AWS does not list",
            allow("nowhere:Do", "arn:aws:nowhere:eu-west-1:1:*"),
            "Resource::arn:aws:nowhere:eu-west-1:1:*",
        ),
        *(
            _wrong(f"every key, of the partition {name}", allow("kms:Decrypt", arn), f"Resource::{arn}")
            for name, arn in {
                "aws-cn": "arn:aws-cn:kms:cn-north-1:1:key/*",
                "aws-us-gov": "arn:aws-us-gov:kms:us-gov-west-1:1:key/*",
                "*": "arn:*:kms:*:*:key/*",
            }.items()
        ),
        # Conditions that restrict nothing
        *(
            _wrong(f"tasks of any cluster, written {arn}", allow("ecs:StopTask", "*", _when(key, arn)), "Resource::*")
            for key, arn in (
                ("ecs:cluster", "arn:aws:ecs:*:*:cluster/*"),
                ("ecs:cluster", "arn:*"),
                ("aws:SourceArn", "arn:aws:s3:::*"),
            )
        ),
        *(
            _wrong(
                f"any role to pass to any service, written {service}",
                allow("iam:PassRole", "*", _when("iam:PassedToService", service)),
                "Resource::*",
            )
            for service in ("*.amazonaws.com", "*amazonaws.com", "?*", "*.*")
        ),
        *(
            _wrong(f"every resource, {name}", allow("ecs:StopTask", "*", condition), "Resource::*")
            for name, condition in {
                "over TLS": {"Bool": {"aws:SecureTransport": "true"}},
                "in one region": {"StringEquals": {"aws:RequestedRegion": "us-east-1"}},
                "with any tag at all": {"StringLike": {"aws:ResourceTag/team": "*"}},
                "with a tag, if there is one": {"StringEqualsIfExists": {"aws:ResourceTag/team": "orders"}},
                "with a tag, or none": {"ForAllValues:StringEquals": {"aws:ResourceTag/team": "orders"}},
                "without a tag": {"StringNotEquals": {"aws:ResourceTag/team": "orders"}},
                "with one of two tags of which one is any": {"StringLike": {"aws:ResourceTag/team": ["orders", "*"]}},
                "with a key that says nothing about it": {"StringEquals": {"ecs:task-cpu": "256"}},
            }.items()
        ),
        # Passing roles
        *(
            _wrong(f"passing any role, written {action}", allow(action, "*"), *findings, says=["iam:PassRole"])
            for action, findings in {
                "iam:PassRole": ["Resource::*"],
                "IAM:passrole": ["Resource::*"],
                "iam:Pass*": ["Action::iam:Pass*", "Resource::*"],
                "iam:?assRole": ["Action::iam:?assRole", "Resource::*"],
                "*:PassRole": ["Action::*:PassRole", "Resource::*"],
            }.items()
        ),
        _wrong(
            "passing any role of the account",
            allow("iam:PassRole", "arn:aws:iam::123456789012:role/*"),
            "Resource::arn:aws:iam::123456789012:role/*",
            says=["it matches every role of the account", "iam:PassRole"],
        ),
        _wrong(
            "passing any role to any service",
            allow("iam:PassRole", "*", {"StringLike": {"iam:PassedToService": "*"}}),
            "Resource::*",
        ),
        # Where a document is
        Example(
            "at the first preview, before any id is known",
            _task(_ADMIN, at=PREVIEW),
            [Expect(finding, "app") for finding in _BOTH],
        ),
        Example(
            "written into the role",
            [
                UPDATE.role(
                    "task",
                    inlinePolicies=[
                        {"name": "fine", "policy": document(allow("s3:GetObject", _OBJECTS))},
                        {"name": "all", "policy": document(_ADMIN)},
                    ],
                )
            ],
            [Expect(finding, "task", ["inlinePolicies[1].policy.Statement[0]"]) for finding in _BOTH],
        ),
        *(
            Example(
                f"in a managed policy, {name}",
                [at.role("task"), at.policy("broad", document(_ADMIN)), at.attach("task", "broad"), at.task()],
                [Expect(finding, "broad") for finding in _BOTH]
                + [Expect(finding, "attached") for finding in _BOTH if at is UPDATE],
            )
            for name, at in {"preview": PREVIEW, "update": UPDATE}.items()
        ),
        Example(
            "in a managed policy that the role lists",
            [
                UPDATE.policy("broad", document(_ADMIN)),
                UPDATE.role("task", managedPolicyArns=["arn:aws:iam::123456789012:policy/broad"]),
            ],
            [Expect(finding, "broad") for finding in _BOTH],
        ),
        Example(
            "in a managed policy that is attached to several roles",
            [
                UPDATE.role("operators", trust({"AWS": "arn:aws:iam::123456789012:root"})),
                UPDATE.role("task"),
                PREVIEW.policy("broad", document(_ADMIN)),
                Res(
                    MANY_ATTACHMENT,
                    "attached",
                    {"roles": ["operators", "task"], "policyArn": UNKNOWN},
                    depends={"roles": ["operators", "task"], "policyArn": ["broad"]},
                ),
            ],
            [Expect(finding, "broad") for finding in _BOTH],
        ),
        Example(
            "in a managed policy that is attached to people and to a role that is not known yet",
            [
                UPDATE.role("operators", trust({"AWS": "arn:aws:iam::123456789012:root"})),
                PREVIEW.role("task"),
                PREVIEW.policy("broad", document(_ADMIN)),
                Res(
                    MANY_ATTACHMENT,
                    "attached",
                    {"roles": ["operators", UNKNOWN], "policyArn": UNKNOWN},
                    depends={"roles": ["operators", "task"], "policyArn": ["broad"]},
                ),
            ],
            [Expect(finding, "broad") for finding in _BOTH],
        ),
        Example(
            "in a managed policy of an exclusive list",
            [
                UPDATE.role("task"),
                UPDATE.policy("broad", document(_ADMIN)),
                Res(ATTACHMENTS, "all", {"roleName": "task", "policyArns": ["arn:aws:iam::123456789012:policy/broad"]}),
            ],
            [Expect(finding, on) for on in ("all", "broad") for finding in _BOTH],
        ),
        Example(
            "in a managed policy that nothing has yet",
            [UPDATE.policy("broad", document(_ADMIN))],
            [Expect(finding, "broad") for finding in _BOTH],
        ),
        Example(
            "of a role that a task definition names, whoever may assume it",
            [
                UPDATE.role("task", trust({"AWS": "arn:aws:iam::123456789012:root"})),
                UPDATE.inline("task", document(_ADMIN)),
                UPDATE.task(),
            ],
            [Expect(finding, "app") for finding in _BOTH],
        ),
        *(
            Example(
                f"of a role for {service}",
                [UPDATE.role("other", trust({"Service": service})), UPDATE.inline("other", document(_ADMIN))],
                [Expect(finding, "app") for finding in _BOTH],
            )
            for service in ("ec2.amazonaws.com", "codebuild.amazonaws.com", "codepipeline.amazonaws.com")
        ),
        Example(
            "of a role that a pipeline elsewhere assumes",
            [
                UPDATE.role("deploy", trust({"Federated": "arn:aws:iam::1:oidc-provider/token.actions.example"})),
                UPDATE.inline("deploy", document(_ADMIN)),
            ],
            [Expect(finding, "app") for finding in _BOTH],
        ),
        Example(
            "of a role from outside of the stack",
            [Res(ROLE_POLICY, "app", {"role": "elsewhere", "policy": document(_ADMIN)})],
            [Expect(finding, "app") for finding in _BOTH],
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
                ("no effect", document(allow("s3:GetObject", _OBJECTS, Effect=None)), "policy.Statement[0].Effect"),
                ("no action", document(allow(None, _OBJECTS)), "policy.Statement[0]"),
                ("no resource", document(allow("s3:GetObject", None)), "policy.Statement[0]"),
                ("an action without service", document(allow("GetObject", _OBJECTS)), "policy.Statement[0].Action"),
                (
                    "a resource that is no ARN",
                    document(allow("s3:GetObject", "orders")),
                    "policy.Statement[0].Resource",
                ),
                (
                    "a condition on an object",
                    document(allow("s3:GetObject", _OBJECTS, {"StringEquals": {"aws:ResourceTag/a": {"b": "c"}}})),
                    "policy.Statement[0].Condition.StringEquals",
                ),
                ("an action that is a number", document(allow([1], _OBJECTS)), "policy.Statement[0].Action"),
                (
                    "both kinds of action",
                    document(allow("s3:GetObject", _OBJECTS, NotAction="s3:*")),
                    "policy.Statement[0]",
                ),
                (
                    "a condition that is text",
                    document(allow("s3:GetObject", _OBJECTS, "always")),
                    "policy.Statement[0].Condition",
                ),
            )
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
            [Res(TASK_DEFINITION, "web", {"taskRoleArn": f"{_ROLES}/one", "executionRoleArn": f"{_ROLES}/other"})],
            undecided=[
                Expect("Undecided::taskRoleArn", "web", ["is one, a role outside this stack", "known_roles"]),
                Expect("Undecided::executionRoleArn", "web"),
            ],
        ),
        Example(
            "roles from outside of the stack that are known, by name and by ARN",
            [Res(TASK_DEFINITION, "web", {"taskRoleArn": f"{_ROLES}/one", "executionRoleArn": f"{_ROLES}/a/other"})],
            settings={"known_roles": ["one", f"{_ROLES}/a/other"]},
        ),
        Example(
            "a role from outside of the stack beside one that is known",
            [Res(TASK_DEFINITION, "web", {"taskRoleArn": f"{_ROLES}/one", "executionRoleArn": f"{_ROLES}/other"})],
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
            _task(allow(["s3:Get*", "s3:Put*"], _OBJECTS)),
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
    ),
)
