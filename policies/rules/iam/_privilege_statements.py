"""Cases of iam-least-privilege: what a statement says of actions, resources and conditions."""

from policies.framework import Example, Expect, Res
from policies.rules.common.role_stacks import UPDATE, allow
from policies.rules.common.roles import TASK_DEFINITION
from policies.rules.iam._privilege_stacks import (
    ADMIN,
    BOTH,
    BUCKET,
    OBJECTS,
    OTHER_ROLE,
    QUEUE,
    fine,
    task,
    when,
    wrong,
)

_SECRET = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:db-??????"  # noqa: S105  (an ARN)
_TAGGED = {"StringEquals": {"aws:ResourceTag/team": "orders"}}
_S3, _KEYS = "arn:aws:s3:::", "arn:aws:kms:eu-west-1:123456789012:key"
_SCALE, _SCALING = "autoscaling:SetDesiredCapacity", "arn:aws:autoscaling:eu-west-1:123456789012:autoScalingGroup"


def statement_cases() -> tuple[Example, ...]:
    """The cases."""
    return (
        # What is fine
        fine("named actions on named resources", allow(["s3:GetObject", "s3:PutObject"], OBJECTS)),
        fine("all objects of one bucket", allow("s3:ListBucket", [BUCKET, OBJECTS])),
        fine("a secret with the letters that AWS adds", allow("secretsmanager:GetSecretValue", _SECRET)),
        fine("the streams of one log group", allow("logs:PutLogEvents", "arn:aws:logs:us-east-1:1:log-group:/a/b:*")),
        fine("a path of parameters", allow("ssm:GetParameter", "arn:aws:ssm:us-east-1:1:parameter/app/*")),
        fine("the tasks of one cluster", allow("ecs:DescribeTasks", "arn:aws:ecs:us-east-1:1:task/main/*")),
        fine("actions that know no resources, on all", allow(["ecr:GetAuthorizationToken", "xray:PutTraceSegments"])),
        fine("the channels of ECS Exec, which know no resources", allow("ssmmessages:CreateDataChannel")),
        fine("one role to pass", allow("iam:PassRole", OTHER_ROLE)),
        fine(
            "any role to pass to one service",
            allow("iam:PassRole", "*", {"StringEquals": {"iam:PassedToService": "ecs-tasks.amazonaws.com"}}),
        ),
        fine("any resource with a certain tag", allow("ecs:StopTask", "*", _TAGGED)),
        fine(
            "any task of a certain cluster",
            allow("ecs:StopTask", "*", {"ArnEquals": {"ecs:cluster": "arn:aws:ecs:us-east-1:1:cluster/main"}}),
        ),
        fine("a Deny of everything", allow("s3:GetObject", OBJECTS), allow("*", "*", Effect="Deny")),
        fine("an Allow that a Deny takes back", allow("s3:*", "*"), allow("S3:*", "*", Effect="Deny")),
        fine("a Deny of all others", allow("s3:GetObject", OBJECTS), allow(None, "*", Effect="Deny", NotAction="s3:*")),
        fine("a policy variable as a name", allow("s3:GetObject", "arn:aws:s3:::orders/${aws:PrincipalTag/team}/*")),
        fine("a policy variable as the bucket", allow("s3:GetObject", "arn:aws:s3:::${aws:PrincipalTag/team}/*")),
        Example(
            "one statement that is no list, as an object",
            [
                UPDATE.role("task"),
                UPDATE.inline("task", {"Statement": allow("sqs:SendMessage", QUEUE)}),
                UPDATE.task(),
            ],
        ),
        Example("a role without any policy", [UPDATE.role("task"), UPDATE.task()]),
        Example("a task definition without roles", [Res(TASK_DEFINITION, "web", {"family": "web"})]),
        fine("metrics, which know no resources but datasets", allow("cloudwatch:PutMetricData")),
        fine(
            "the keys of one alias",
            allow("kms:Decrypt", "*", {"ForAnyValue:StringEquals": {"kms:ResourceAliases": "alias/orders"}}),
        ),
        fine("one Auto Scaling group, whose id AWS chooses", allow(_SCALE, f"{_SCALING}:*:autoScalingGroupName/web")),
        fine(
            "any role to pass to the services of one beginning",
            allow("iam:PassRole", "*", when("iam:PassedToService", "ecs*.amazonaws.com")),
        ),
        # Actions
        wrong("everything", ADMIN, *BOTH, says=["iam:PassRole", "more"]),
        wrong("every action on one resource", allow("*", QUEUE), "Action::*"),
        wrong("*:* is everything too", allow("*:*", "*"), "Action::*:*", "Resource::*"),
        wrong("a whole service", allow("sqs:*", QUEUE), "Action::sqs:*", says=["sqs:"]),
        wrong("a whole service with a dash", allow("cognito-idp:*", QUEUE), "Action::cognito-idp:*"),
        wrong("a wildcard inside of an action", allow("s3:Get*", OBJECTS), "Action::s3:Get*"),
        wrong("a wildcard inside of the service", allow("s*:SendMessage", QUEUE), "Action::s*:SendMessage"),
        wrong("a question mark", allow("s3:GetObjec?", OBJECTS), "Action::s3:GetObjec?", says=["s3:GetObject,"]),
        wrong("a wildcard in another case", allow("S3:GET*", OBJECTS), "Action::S3:GET*"),
        wrong("a wildcard beside named actions", allow(["s3:GetObject", "s3:Put*"], OBJECTS), "Action::s3:Put*"),
        wrong("a wildcard that a condition does not undo", allow("ecs:*", "*", _TAGGED), "Action::ecs:*"),
        wrong(
            "all actions but some",
            allow(None, QUEUE, NotAction=["iam:*", "sts:*"]),
            "NotAction::iam:*, sts:*",
            says=["other actions of AWS"],
        ),
        wrong("a service that AWS does not list", allow("nowhere:*", QUEUE), "Action::nowhere:*"),
        wrong("an action that AWS does not list, on all", allow("s3:GetObjects"), "Resource::*"),
        Example(
            "a Deny of a part, on some resources, or under a condition takes nothing back",
            task(
                allow("sqs:*", QUEUE),
                allow("sqs:DeleteQueue", "*", Effect="Deny"),
                allow("sqs:*", QUEUE, Effect="Deny"),
                allow("sqs:*", "*", {"Bool": {"aws:SecureTransport": "false"}}, Effect="Deny"),
            ),
            [Expect("Action::sqs:*", "app")],
        ),
        # Resources
        Example(
            "what several statements have alike, in one finding",
            task(
                allow(["ec2:DescribeInstances", "ec2:RunInstances"]),
                allow("sqs:SendMessage", QUEUE),
                allow(["ssm:PutParameter", "ssm:DescribeParameters"]),
            ),
            [
                Expect(
                    "Resource::*",
                    "app",
                    ["policy.Statement[0].Resource", "for ec2:RunInstances, ssm:PutParameter (also in Statement[2])."],
                )
            ],
        ),
        wrong(
            "every resource",
            allow("s3:GetObject", "*"),
            "Resource::*",
            says=["it matches every resource", "s3:GetObject"],
        ),
        wrong("every resource, as an ARN", allow("s3:GetObject", "arn:aws:s3:::*"), "Resource::arn:aws:s3:::*"),
        wrong(
            "every object of every bucket",
            allow("s3:GetObject", "arn:aws:s3:::*/*"),
            "Resource::arn:aws:s3:::*/*",
            says=["it matches every bucket, for s3:GetObject"],
        ),
        wrong(
            "a principal, which IAM refuses",
            allow("s3:GetObject", OBJECTS, Principal="*"),
            "Malformed::policy.Statement[1].Principal",
            says=["Fix: take it out"],
            source="https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html",
        ),
        wrong(
            "a name with a wildcard that is no ARN, which IAM refuses",
            allow("s3:GetObject", "orders/*"),
            "Malformed::policy.Statement[1].Resource",
            says=['neither "*" nor an ARN'],
            source="https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_resource.html",
        ),
        wrong("an ARN that ends early", allow("s3:GetObject", "arn:aws:*"), "Resource::arn:aws:*"),
        wrong("question marks for everything", allow("s3:GetObject", "?*"), "Resource::?*"),
        wrong(
            "every key",
            allow("kms:Decrypt", "arn:aws:kms:us-east-1:1:key/*"),
            "Resource::arn:aws:kms:us-east-1:1:key/*",
            says=["it matches every key of the account"],
        ),
        wrong(
            "every secret",
            allow("secretsmanager:GetSecretValue", "arn:aws:secretsmanager:us-east-1:1:secret:*"),
            "Resource::arn:aws:secretsmanager:us-east-1:1:secret:*",
        ),
        wrong(
            "every kind of resource",
            allow("dynamodb:GetItem", "arn:aws:dynamodb:us-east-1:1:*"),
            "Resource::arn:aws:dynamodb:us-east-1:1:*",
        ),
        wrong(
            "every account",
            allow("sqs:SendMessage", "arn:aws:sqs:us-east-1:*:orders"),
            "Resource::arn:aws:sqs:us-east-1:*:orders",
            says=["in every account", "Fix: write the id of the account"],
        ),
        wrong(
            "every region",
            allow("sqs:SendMessage", "arn:aws:sqs:*:1:orders"),
            "Resource::arn:aws:sqs:*:1:orders",
            says=["in every region", "Fix: write the region"],
        ),
        wrong(
            "every log group anywhere",
            allow("logs:PutLogEvents", "arn:aws:logs:*:*:*"),
            "Resource::arn:aws:logs:*:*:*",
        ),
        wrong(
            "every service",
            allow("s3:GetObject", "arn:aws:*:us-east-1:1:orders"),
            "Resource::arn:aws:*:us-east-1:1:orders",
        ),
        wrong(
            "the tasks of every cluster",
            allow("ecs:StopTask", "arn:aws:ecs:us-east-1:1:task/*/*"),
            "Resource::arn:aws:ecs:us-east-1:1:task/*/*",
        ),
        wrong(
            "an action that could be limited beside one that could not",
            allow(["ecr:GetAuthorizationToken", "ecr:BatchGetImage"], "*"),
            "Resource::*",
            says=["for ecr:BatchGetImage. Fix: move these actions to a statement of their own"],
        ),
        wrong(
            "every resource but some",
            allow("s3:GetObject", None, NotResource=OBJECTS),
            f"NotResource::{OBJECTS}",
        ),
        wrong(
            "every Auto Scaling group",
            allow(_SCALE, f"{_SCALING}:*:autoScalingGroupName/*"),
            f"Resource::{_SCALING}:*:autoScalingGroupName/*",
        ),
        wrong(
            "every key, by the form of its id",
            allow("kms:Decrypt", f"{_KEYS}/????????-????-????-????-????????????"),
            f"Resource::{_KEYS}/????????-????-????-????-????????????",
        ),
        wrong("every bucket, for an action that AWS does not list", allow("s3:GetIt", f"{_S3}*"), f"Resource::{_S3}*"),
        wrong(
            "everything of a service that AWS does not list",
            allow("nowhere:Do", "arn:aws:nowhere:eu-west-1:1:*"),
            "Resource::arn:aws:nowhere:eu-west-1:1:*",
        ),
        *(
            wrong(f"every key, of the partition {name}", allow("kms:Decrypt", arn), f"Resource::{arn}")
            for name, arn in {
                "aws-cn": "arn:aws-cn:kms:cn-north-1:1:key/*",
                "aws-us-gov": "arn:aws-us-gov:kms:us-gov-west-1:1:key/*",
                "*": "arn:*:kms:*:*:key/*",
            }.items()
        ),
        # Conditions that restrict nothing
        *(
            wrong(f"tasks of any cluster, written {arn}", allow("ecs:StopTask", "*", when(key, arn)), "Resource::*")
            for key, arn in (
                ("ecs:cluster", "arn:aws:ecs:*:*:cluster/*"),
                ("ecs:cluster", "arn:*"),
                ("aws:SourceArn", "arn:aws:s3:::*"),
            )
        ),
        *(
            wrong(
                f"any role to pass to any service, written {service}",
                allow("iam:PassRole", "*", when("iam:PassedToService", service)),
                "Resource::*",
            )
            for service in ("*.amazonaws.com", "*amazonaws.com", "?*", "*.*")
        ),
        *(
            wrong(f"every resource, {name}", allow("ecs:StopTask", "*", condition), "Resource::*")
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
            wrong(f"passing any role, written {action}", allow(action, "*"), *findings, says=["iam:PassRole"])
            for action, findings in {
                "iam:PassRole": ["Resource::*"],
                "IAM:passrole": ["Resource::*"],
                "iam:Pass*": ["Action::iam:Pass*", "Resource::*"],
                "iam:?assRole": ["Action::iam:?assRole", "Resource::*"],
                "*:PassRole": ["Action::*:PassRole", "Resource::*"],
            }.items()
        ),
        wrong(
            "passing any role of the account",
            allow("iam:PassRole", "arn:aws:iam::123456789012:role/*"),
            "Resource::arn:aws:iam::123456789012:role/*",
            says=["it matches every role of the account", "iam:PassRole"],
        ),
        wrong(
            "passing any role to any service",
            allow("iam:PassRole", "*", {"StringLike": {"iam:PassedToService": "*"}}),
            "Resource::*",
        ),
    )
