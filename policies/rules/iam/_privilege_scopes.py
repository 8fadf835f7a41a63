"""Cases of iam-least-privilege: what can be limited to resources, and which wildcards limit nothing."""

from typing import Any

from policies.framework import Example, Expect
from policies.rules.common.role_stacks import allow
from policies.rules.iam._privilege_stacks import OBJECTS, fine, task, when, wrong

_REFERENCE = "https://docs.aws.amazon.com/service-authorization/latest/reference/list_"
_IAM = "https://docs.aws.amazon.com/IAM/latest/UserGuide/"
_EC2 = "https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/ExamplePolicies_EC2.html"
_IAM_KEYS = f"{_IAM}reference_policies_iam-condition-keys.html"
_REPLICAS = "https://docs.aws.amazon.com/kms/latest/developerguide/multi-region-keys-auth.html"
_EDGE = "https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/edge-functions-logs.html"
_WRITING = "https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutLogEvents.html"
_SSM = "https://docs.aws.amazon.com/systems-manager/latest/"
_DOCUMENTS = f"{_SSM}APIReference/API_CreateDocument.html"
_PUBLIC = f"{_SSM}userguide/parameter-store-public-parameters.html"
_SESSIONS = f"{_SSM}userguide/getting-started-restrict-access-examples.html"
_INSTANCES = (
    "https://docs.aws.amazon.com/systems-manager/latest/userguide/getting-started-create-iam-instance-profile.html"
)
_PASS = f"{_IAM}id_roles_use_passrole.html"
_A = "eu-west-1:123456789012"
_VM = f"arn:aws:ec2:{_A}"
_LAUNCHED = [f"{_VM}:instance/*", f"{_VM}:volume/*", f"{_VM}:network-interface/*"]
_NAMED = [
    *("arn:aws:ec2:eu-west-1::image/ami-0abcdef1234567890", f"{_VM}:subnet/subnet-0a1b2c3d4e5f60718"),
    f"{_VM}:security-group/sg-0a1b2c3d4e5f60718",
]
_KEY = "key/1234abcd-12ab-34cd-56ef-1234567890ab"


def scope_cases() -> tuple[Example, ...]:
    """The cases."""
    return (*_needing_all(), *_made(), *_limitable(), *_adding_nothing(), *_templates())


def _needing_all() -> tuple[Example, ...]:
    """Actions for which nothing but `*` works."""
    return tuple(
        fine(f"{action} on {' '.join(resources) or 'all'}", allow(action, *resources), source=source)
        for action, source, *resources in (
            (
                "translate:TranslateText",
                "https://docs.aws.amazon.com/translate/latest/APIReference/API_TranslateText.html",
            ),
            ("polly:SynthesizeSpeech", "https://docs.aws.amazon.com/polly/latest/dg/API_SynthesizeSpeech.html"),
            ("rds:DescribeDBInstances", f"{_REFERENCE}amazonrds.html"),
            ("rds:DescribeDBClusters", f"{_REFERENCE}amazonrds.html", f"arn:aws:rds:{_A}:cluster:*"),
            ("cloudwatch:GetMetricData", f"{_REFERENCE}amazoncloudwatch.html"),
            ("ce:GetCostAndUsage", f"{_REFERENCE}awscostexplorerservice.html"),
            ("sns:Publish", "https://docs.aws.amazon.com/sns/latest/dg/sms_sending-overview.html"),
            ("glue:GetSchemaVersion", "https://docs.aws.amazon.com/glue/latest/dg/schema-registry-gs.html"),
            ("ssm:UpdateInstanceInformation", _INSTANCES),
            ("ssm:UpdateInstanceInformation", _INSTANCES, f"{_VM}:instance/*"),
            ("securityhub:GetFindings", f"{_REFERENCE}awssecurityhub.html"),
        )
    )


def _made() -> tuple[Example, ...]:
    """Resources whose ids the call makes."""
    return (
        fine(
            "instances of a named image in a named subnet", allow("ec2:RunInstances", _LAUNCHED + _NAMED), source=_EC2
        ),
        fine("a change of records", allow("route53:GetChange", "arn:aws:route53:::change/*")),
        fine("a change of records, on all", allow("route53:GetChange"), source=f"{_REFERENCE}amazonroute53.html"),
        fine("a new volume", allow("ec2:CreateVolume", f"{_VM}:volume/*"), source=_EC2),
        fine(
            "a snapshot of a named volume",
            allow("ec2:CreateSnapshot", [f"{_VM}:volume/vol-0a1b2c3d4e5f60718", "arn:aws:ec2:eu-west-1::snapshot/*"]),
            source=_EC2,
        ),
        fine(
            "tags of what is created, and of nothing else",
            allow("ec2:CreateTags", f"{_VM}:*/*", when("ec2:CreateAction", "RunInstances")),
            source="https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/supported-iam-actions-tagging.html",
        ),
        fine("an experiment", allow(["fis:StartExperiment", "fis:GetExperiment"], f"arn:aws:fis:{_A}:experiment/*")),
        fine(
            "how a job goes that was started before",
            allow("mediaconvert:GetJob", f"arn:aws:mediaconvert:{_A}:jobs/*"),
            source=f"{_REFERENCE}awselementalmediaconvert.html",
        ),
        wrong(
            "ending any job",
            allow(["mediaconvert:GetJob", "mediaconvert:CancelJob"], f"arn:aws:mediaconvert:{_A}:jobs/*"),
            f"Resource::arn:aws:mediaconvert:{_A}:jobs/*",
            says=["for mediaconvert:CancelJob."],
            source=f"{_REFERENCE}awselementalmediaconvert.html",
        ),
        wrong(
            "instances of any image",
            allow("ec2:RunInstances", [*_LAUNCHED, "arn:aws:ec2:*::image/*"]),
            *["Resource::arn:aws:ec2:*::image/*"],
            says=["it matches every image"],
        ),
        wrong("instances of anything", allow("ec2:RunInstances"), "Resource::*", source=_EC2),
        wrong(
            "ending any instance, which are made before",
            allow(["ec2:RunInstances", "ec2:TerminateInstances"], f"{_VM}:instance/*"),
            f"Resource::{_VM}:instance/*",
            says=["for ec2:TerminateInstances."],
            source=_EC2,
        ),
        wrong(
            "any instance, by what every id begins with",
            allow("ec2:StopInstances", f"{_VM}:instance/i-*"),
            f"Resource::{_VM}:instance/i-*",
        ),
        wrong("tags of anything", allow("ec2:CreateTags", f"{_VM}:instance/*"), f"Resource::{_VM}:instance/*"),
    )


def _limitable() -> tuple[Example, ...]:
    """Actions that always name a resource, though AWS requires no kind."""
    return tuple(
        wrong(f"{action} on all", allow(action), "Resource::*", says=[action], source=f"{_REFERENCE}{page}.html")
        for action, page in {
            "es:ESHttpGet": "amazonopensearchservice",
            "redshift:GetClusterCredentialsWithIAM": "amazonredshift",
            "ec2:ReleaseAddress": "amazonec2",
            "events:PutEvents": "amazoneventbridge",
            "sns:Unsubscribe": "amazonsns",
            "translate:GetTerminology": "amazontranslate",
            "ssm:StartSession": "awssystemsmanager",
            "servicequotas:RequestServiceQuotaIncrease": "servicequotas",
            "ecs:TagResource": "amazonelasticcontainerservice",
        }.items()
    )


def _adding_nothing() -> tuple[Example, ...]:
    """Wildcards for an account or a region, where only one is possible and where others are."""
    replica, edge = (
        "arn:aws:kms:*:123456789012:key/mrk-1234abcd12ab34cd56ef1234567890ab",
        "/aws/lambda/us-east-1.orders:*",
    )
    return (
        fine(
            "one role to pass, in whatever account", allow("iam:PassRole", "arn:aws:iam::*:role/orders"), source=_PASS
        ),
        fine("a role to read, in whatever account", allow("iam:GetRole", "arn:aws:iam::*:role/orders")),
        fine(
            "the service of one cluster, in whatever account",
            allow("ecs:UpdateService", "arn:aws:ecs:eu-west-1:*:service/main/web"),
            source="https://docs.aws.amazon.com/AmazonECS/latest/developerguide/security_iam_service-with-iam.html",
        ),
        fine("the replicas of one key", allow("kms:Decrypt", replica), source=_REPLICAS),
        fine(
            "logs at the edge",
            allow("logs:PutLogEvents", f"arn:aws:logs:*:123456789012:log-group:{edge}"),
            source=_EDGE,
        ),
        fine(
            "a model of AWS, where a profile sends it",
            allow("bedrock:InvokeModel", "arn:aws:bedrock:*::foundation-model/amazon.nova-lite-v1:0"),
            source="https://docs.aws.amazon.com/bedrock/latest/userguide/inference-profiles-prereq.html",
        ),
        *(
            fine(f"{arn}, of which there is one", allow(action, arn), source=source)
            for action, arn, source in (
                (["logs:CreateLogGroup", "logs:PutLogEvents"], f"arn:aws:logs:*:*:log-group:{edge}", _WRITING),
                ("logs:CreateLogStream", "arn:aws:logs:eu-west-1:*:log-group:/orders:*", _WRITING),
                (
                    "cloudfront:CreateInvalidation",
                    "arn:aws:cloudfront::*:distribution/EDFDVBD6EXAMPLE",
                    "https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/security_iam_service-with-iam.html",
                ),
                (
                    "cloudformation:UpdateStack",
                    "arn:aws:cloudformation:eu-west-1:*:stack/orders/*",
                    "https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/security_iam_service-with-iam.html",
                ),
                ("ssm:SendCommand", "arn:aws:ssm:eu-west-1:*:document/AWS-RunShellScript", _DOCUMENTS),
                ("ssm:GetParameter", "arn:aws:ssm:*:*:parameter/aws/service/ecs/optimized-ami/*", _PUBLIC),
                ("ssm:TerminateSession", "arn:aws:ssm:*:*:session/${aws:userid}-*", _SESSIONS),
            )
        ),
        fine("a queue, in whatever partition", allow("sqs:SendMessage", f"arn:*:sqs:{_A}:orders")),
        *(
            wrong(name, allow(action, arn), f"Resource::{arn}", says=[says], source=source)
            for name, action, arn, says, source in (
                (
                    "the role of any service",
                    "iam:CreateServiceLinkedRole",
                    "arn:aws:iam::*:role/aws-service-role/*",
                    "every role",
                    _IAM_KEYS,
                ),
                ("any role to pass", "iam:PassRole", "arn:aws:iam::*:role/*", "every role", _PASS),
                (
                    "a role to assume in any account",
                    "sts:AssumeRole",
                    "arn:aws:iam::*:role/orders",
                    "every account",
                    "",
                ),
                ("any replicated key", "kms:Decrypt", f"arn:aws:kms:{_A}:key/mrk-*", "every key", _REPLICAS),
                (
                    "one key in any region",
                    "kms:Decrypt",
                    f"arn:aws:kms:*:123456789012:{_KEY}",
                    "every region",
                    _REPLICAS,
                ),
                (
                    "logs to read in any account, of which those that share theirs have some",
                    "logs:FilterLogEvents",
                    "arn:aws:logs:eu-west-1:*:log-group:/orders:*",
                    "every account",
                    "https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_FilterLogEvents.html",
                ),
                (
                    "a document that others may share",
                    "ssm:SendCommand",
                    "arn:aws:ssm:eu-west-1:*:document/deploy",
                    "every account",
                    _DOCUMENTS,
                ),
                (
                    "parameters of any account",
                    "ssm:GetParameter",
                    "arn:aws:ssm:eu-west-1:*:parameter/orders/*",
                    "every account",
                    _PUBLIC,
                ),
                ("any session", "ssm:TerminateSession", "arn:aws:ssm:*:*:session/*", "every session", _SESSIONS),
                (
                    "all logs at the edge",
                    "logs:PutLogEvents",
                    "arn:aws:logs:*:123456789012:log-group:/aws/lambda/us-east-1.*",
                    "every region",
                    _EDGE,
                ),
                (
                    "logs that are not at the edge, in any region",
                    "logs:PutLogEvents",
                    "arn:aws:logs:*:123456789012:log-group:/aws/lambda/orders:*",
                    "every region",
                    _EDGE,
                ),
            )
        ),
    )


def _templates() -> tuple[Example, ...]:
    """Kinds of resource whose ARNs begin with a kind or with whose it is."""
    named: dict[str, Any] = {
        f"arn:aws:kinesis:{_A}:stream/orders/consumer/*": "kinesis:SubscribeToShard",
        f"arn:aws:wafv2:{_A}:regional/webacl/orders/*": "wafv2:GetWebACL",
        f"arn:aws:servicequotas:{_A}:vpc/L-F678F1CE": "servicequotas:RequestServiceQuotaIncrease",
        f"arn:aws:rds:{_A}:snapshot:awsbackup:*": "backup:DeleteRecoveryPoint",
        f"arn:aws:elasticloadbalancing:{_A}:loadbalancer/app/orders/*": "elasticloadbalancing:DeleteLoadBalancer",
        f"arn:aws:elasticloadbalancing:{_A}:loadbalancer/orders": "elasticloadbalancing:DeleteLoadBalancer",
    }
    broad: dict[str, Any] = {
        f"arn:aws:kinesis:{_A}:stream/*": "kinesis:SubscribeToShard",
        f"arn:aws:kinesis:{_A}:stream/*/consumer/*": "kinesis:SubscribeToShard",
        f"arn:aws:wafv2:{_A}:regional/webacl/*": "wafv2:GetWebACL",
        f"arn:aws:servicequotas:{_A}:vpc/*": "servicequotas:RequestServiceQuotaIncrease",
        f"arn:aws:backup:{_A}:recovery-point:*": "backup:DeleteRecoveryPoint",
        "arn:aws:ec2:eu-west-1::snapshot/*": "backup:DeleteRecoveryPoint",
        f"arn:aws:elasticloadbalancing:{_A}:loadbalancer/app/*/*": "elasticloadbalancing:DeleteLoadBalancer",
    }
    return (
        *(fine(f"{arn} for {action}", allow(action, arn)) for arn, action in named.items()),
        *(wrong(f"{arn} for {action}", allow(action, arn), f"Resource::{arn}") for arn, action in broad.items()),
        fine(
            "phone numbers, which is everything but topics",
            allow("sns:Publish", None, NotResource="arn:aws:sns:*:*:*"),
            source="https://docs.aws.amazon.com/sns/latest/dg/sns-mobile-phone-number-as-subscriber.html",
        ),
        Example(
            "what can be limited beside what cannot, of one statement",
            task(allow("s3:GetObject", OBJECTS), allow(["sns:Publish", "translate:TranslateText", "s3:PutObject"])),
            [Expect("Resource::*", "app", ["for s3:PutObject."])],
        ),
    )
