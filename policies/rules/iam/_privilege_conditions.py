"""Cases of iam-least-privilege: conditions that name what a call works on, and others."""

from policies.framework import Example
from policies.rules.common.role_stacks import allow
from policies.rules.iam._privilege_stacks import fine, when, wrong

_REFERENCE = "https://docs.aws.amazon.com/service-authorization/latest/reference/list_"
_IAM = "https://docs.aws.amazon.com/IAM/latest/UserGuide/"
_GLOBAL_KEYS = f"{_IAM}reference_policies_condition-keys.html"
_IAM_KEYS = f"{_IAM}reference_policies_iam-condition-keys.html"
_KMS_KEYS = "https://docs.aws.amazon.com/kms/latest/developerguide/conditions-kms.html"
_RECORDS = "https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/specifying-rrset-conditions.html"
_SETS = f"{_IAM}reference_policies_condition_examples-multi-valued-context-keys.html"
_STOP, _CHANGE = "ec2:StopInstances", "route53:ChangeResourceRecordSets"
_A = "eu-west-1:123456789012"
_VM = f"arn:aws:ec2:{_A}"
_KEY = "key/1234abcd-12ab-34cd-56ef-1234567890ab"
_NARROW = "arn:aws:iam::123456789012:policy/orders"


def condition_cases() -> tuple[Example, ...]:
    """The cases."""
    return (*_targets(), *_others(), *_sets())


def _targets() -> tuple[Example, ...]:
    """Conditions that name what the call works on."""
    return tuple(
        fine(f"any resource for {action}, by {next(iter(where.values()))}", allow(action, "*", where), source=source)
        for action, where, source in (
            (
                "iam:CreateServiceLinkedRole",
                when("iam:AWSServiceName", "ecs.amazonaws.com", "autoscaling.amazonaws.com"),
                f"{_IAM}using-service-linked-roles.html",
            ),
            ("kms:Decrypt", when("kms:RequestAlias", "alias/orders"), _KMS_KEYS),
            ("kms:Decrypt", when("kms:EncryptionContext:service", "orders"), _KMS_KEYS),
            ("s3:GetObject", when("s3:ExistingObjectTag/team", "orders"), f"{_REFERENCE}amazons3.html"),
            ("rds:StopDBInstance", when("rds:db-tag/team", "orders"), f"{_REFERENCE}amazonrds.html"),
            (
                "dms:StopReplicationTask",
                when("dms:task-tag/team", "orders"),
                f"{_REFERENCE}awsdatabasemigrationservice.html",
            ),
            (
                "ses:SendEmail",
                when("ses:FromAddress", "orders@example.com"),
                "https://docs.aws.amazon.com/ses/latest/dg/control-user-access.html",
            ),
            ("s3:GetObject", when("aws:ResourceOrgID", "o-a1b2c3d4e5"), _GLOBAL_KEYS),
            ("s3:GetObject", when("aws:ResourceOrgPaths", "o-a1b2c3d4e5/r-ab12/ou-ab12-11111111/*"), _GLOBAL_KEYS),
            ("sqs:SendMessage", when("aws:ResourceAccount", "123456789012"), _GLOBAL_KEYS),
            ("ssm:SendCommand", when("ssm:resourceTag/team", "orders"), f"{_REFERENCE}awssystemsmanager.html"),
            (
                "dynamodb:GetItem",
                when("dynamodb:LeadingKeys", "${www.amazon.com:user_id}"),
                f"{_REFERENCE}amazondynamodb.html",
            ),
            (
                "route53:ChangeResourceRecordSets",
                when("route53:ChangeResourceRecordSetsNormalizedRecordNames", "_acme-challenge.example.com"),
                _RECORDS,
            ),
            (
                "ec2:StopInstances",
                when("ec2:Vpc", f"{_VM}:vpc/vpc-0a1b2c3d4e5f60718"),
                f"{_REFERENCE}amazonec2.html",
            ),
            (
                "lambda:DeleteEventSourceMapping",
                when("lambda:FunctionArn", f"arn:aws:lambda:{_A}:function:orders"),
                f"{_REFERENCE}awslambda.html",
            ),
            (
                "secretsmanager:PutSecretValue",
                when("secretsmanager:resource/AllowRotationLambdaArn", f"arn:aws:lambda:{_A}:function:rotate"),
                f"{_REFERENCE}awssecretsmanager.html",
            ),
            ("iam:CreateRole", when("iam:PermissionsBoundary", _NARROW), f"{_IAM}access_policies_boundaries.html"),
            ("iam:AttachRolePolicy", when("iam:PolicyARN", _NARROW), _IAM_KEYS),
        )
    )


def _sets() -> tuple[Example, ...]:
    """Operators that are true of a request without the key, and whether one can be without it."""
    tagged, is_tagged = {"aws:ResourceTag/team": "orders"}, {"Null": {"aws:ResourceTag/team": "false"}}
    records = "route53:ChangeResourceRecordSetsNormalizedRecordNames"
    challenge = {"ForAllValues:StringEquals": {records: "_acme-challenge.example.com"}}
    zones = "arn:aws:route53:::hostedzone/*"
    return (
        *(
            fine(f"any instance with a tag, by {operator}, which must be there", allow(_STOP, "*", where), source=_SETS)
            for operator in ("ForAllValues:StringEquals", "StringEqualsIfExists")
            for where in ({operator: tagged, **is_tagged},)
        ),
        wrong(
            "a tag that must not be there",
            allow(_STOP, "*", {"ForAllValues:StringEquals": tagged, "Null": {"aws:ResourceTag/team": "true"}}),
            "Resource::*",
            source=_SETS,
        ),
        wrong(
            "a tag, if there is one, where another must be there",
            allow(_STOP, "*", {"StringEqualsIfExists": {"aws:ResourceTag/app": "orders"}, **is_tagged}),
            "Resource::*",
            source=_SETS,
        ),
        fine("one record, whose name every change has", allow(_CHANGE, zones, challenge), source=_RECORDS),
        wrong(
            "any record of every zone",
            allow(_CHANGE, zones, {"ForAllValues:StringLike": {records: "*"}}),
            f"Resource::{zones}",
            source=_RECORDS,
        ),
        wrong(
            "one record to change, and every one to read",
            allow([_CHANGE, "route53:ListResourceRecordSets"], zones, challenge),
            f"Resource::{zones}",
            says=["for route53:ListResourceRecordSets."],
            source=_RECORDS,
        ),
    )


def _others() -> tuple[Example, ...]:
    """Conditions that name the caller or something else, or name nothing."""
    return tuple(
        wrong(
            f"{action} on all, by {key} like {value}",
            allow(action, "*", when(key, value)),
            "Resource::*",
            source=source,
        )
        for action, key, value, source in (
            (
                "s3:GetObject",
                "codebuild:projectArn",
                f"arn:aws:codebuild:{_A}:project/orders",
                f"{_REFERENCE}awscodebuild.html",
            ),
            (
                "s3:GetObject",
                "lambda:SourceFunctionArn",
                f"arn:aws:lambda:{_A}:function:orders",
                f"{_REFERENCE}awslambda.html",
            ),
            ("iam:AttachRolePolicy", "iam:PolicyARN", "arn:aws:iam::aws:policy/AdministratorAccess", _IAM_KEYS),
            ("iam:AttachRolePolicy", "iam:PolicyARN", "arn:aws:iam::aws:policy/*", _IAM_KEYS),
            (
                "s3:PutObject",
                "s3:x-amz-server-side-encryption-aws-kms-key-id",
                f"arn:aws:kms:{_A}:{_KEY}",
                f"{_REFERENCE}amazons3.html",
            ),
            ("sqs:SendMessage", "aws:SourceArn", f"arn:aws:sns:{_A}:orders", _GLOBAL_KEYS),
            ("sqs:SendMessage", "aws:PrincipalArn", "arn:aws:iam::123456789012:role/orders", _GLOBAL_KEYS),
            ("sqs:SendMessage", "aws:PrincipalOrgID", "o-a1b2c3d4e5", _GLOBAL_KEYS),
            ("kms:Decrypt", "kms:ViaService", "s3.eu-west-1.amazonaws.com", _KMS_KEYS),
            ("kms:Decrypt", "kms:RequestAlias", "alias/*", _KMS_KEYS),
            ("iam:CreateServiceLinkedRole", "iam:AWSServiceName", "*.amazonaws.com", _IAM_KEYS),
            ("s3:GetObject", "aws:ResourceOrgID", "o-*", _GLOBAL_KEYS),
            ("sqs:SendMessage", "aws:ResourceAccount", "12345678901?", _GLOBAL_KEYS),
            ("rds:CreateDBInstance", "rds:req-tag/team", "orders", f"{_REFERENCE}amazonrds.html"),
            (
                "ec2:TerminateInstances",
                "ec2:SourceInstanceARN",
                f"{_VM}:instance/i-0a1b2c3d4e5f60718",
                f"{_REFERENCE}amazonec2.html",
            ),
            (
                "events:PutTargets",
                "events:TargetArn",
                f"arn:aws:lambda:{_A}:function:orders",
                f"{_REFERENCE}amazoneventbridge.html",
            ),
        )
    )
