"""VPC endpoints as plain data: which ones a Fargate task needs, and what each lets through."""

from collections.abc import Sequence
from typing import Any, Final

from ..common import iam
from ..common.arn import Arn

TASK_SERVICES: Final = ("ecr.api", "ecr.dkr", "logs", "secretsmanager", "ssm", "ssmmessages")
"""What a Fargate task calls through an interface endpoint: image, logs, secrets, parameters and ECS Exec ("Amazon ECS
interface VPC endpoints", Amazon ECS Developer Guide). The image's layers come from S3, by its gateway endpoint."""

_ECS_SERVICES: Final = ("ecs", "ecs-agent", "ecs-telemetry")

INSTANCE_SERVICES: Final = (*_ECS_SERVICES, "monitoring")
"""What the instances of a cluster call beside that: ECS itself (same page), and CloudWatch for their metrics. Systems
Manager reaches them through ssm and ssmmessages."""

# Launched since 23 December 2023: there ECS takes the public way unless it has endpoints of its own (same page).
_REGIONS_WITH_ECS_ENDPOINTS: Final = frozenset(
    {"ap-east-2", "ap-southeast-5", "ap-southeast-6", "ap-southeast-7", "ca-west-1", "mx-central-1"}
)


def interface_services(region: str, further: Sequence[str], *, instances: bool = False) -> list[str]:
    """Return the services that private tasks of a region need interface endpoints for, and further ones, in order.

    Args:
        region: name of the region.
        further: services that the applications call.
        instances: EC2 instances of a cluster are there too.
    """
    ecs = _ECS_SERVICES if region in _REGIONS_WITH_ECS_ENDPOINTS else ()
    return sorted({*TASK_SERVICES, *ecs, *(INSTANCE_SERVICES if instances else ()), *further})


def service_name(region: str, service: str) -> str:
    """Return the name of a service's endpoint in a region (of the partitions aws and aws-us-gov)."""
    return f"com.amazonaws.{region}.{service}"


def interface_policy(caller: Arn) -> str:
    """Return the policy of an interface endpoint: whoever calls through it does so with this account's credentials.

    Which actions on what is said by the roles. This keeps somebody from carrying data out with keys of another account.

    Args:
        caller: an ARN of the account.
    """
    return iam.document([_by_this_account("CallWithThisAccountsCredentials", "*", "*", caller)])


def s3_policy(caller: Arn, region: str, bucket_arns: Sequence[str], *, instances: bool = False) -> str:
    """Return the policy of the S3 gateway endpoint.

    Image layers are always let through: ECR hands out signed addresses of a bucket of its own ("Minimum Amazon S3
    bucket permissions for Amazon ECR", Amazon ECR User Guide). Beside them without buckets named: reading anything, and
    everything else with this account's credentials. With buckets named: only those, and only with this account's.

    Args:
        caller: an ARN of the account.
        region: name of the region.
        bucket_arns: the buckets that the applications use; none means any.
        instances: EC2 instances of a cluster are there too, and fetch packages of Amazon Linux.
    """
    if not bucket_arns:
        anything = {
            "Sid": "ReadAnything",
            "Effect": "Allow",
            "Principal": "*",
            "Action": "s3:GetObject",
            "Resource": "*",
        }
        return iam.document([anything, _by_this_account("UseWithThisAccountsCredentials", "s3:*", "*", caller)])
    layers = {
        "Sid": "PullImageLayers",
        "Effect": "Allow",
        "Principal": "*",
        "Action": "s3:GetObject",
        "Resource": f"arn:{caller.partition}:s3:::prod-{region}-starport-layer-bucket/*",
    }
    # The bucket of the region's package repositories ("Amazon Linux 2023 repositories in Amazon S3", its User Guide).
    packages = {
        **layers,
        "Sid": "FetchPackages",
        "Resource": f"arn:{caller.partition}:s3:::al2023-repos-{region}-de612dc2/*",
    }
    named = sorted({arn for bucket in bucket_arns for arn in (bucket, f"{bucket}/*")})
    statements = [layers, *([packages] if instances else [])]
    return iam.document([*statements, _by_this_account("UseTheBucketsNamed", "s3:*", named, caller)])


def _by_this_account(sid: str, action: str, resource: str | list[str], caller: Arn) -> dict[str, Any]:
    return {
        "Sid": sid,
        "Effect": "Allow",
        "Principal": "*",
        "Action": action,
        "Resource": resource,
        "Condition": {"StringEquals": {"aws:PrincipalAccount": caller.account_id}},
    }
