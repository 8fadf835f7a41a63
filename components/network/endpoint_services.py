"""VPC endpoints as plain data: which ones a Fargate task needs, and what each allows."""

from collections.abc import Sequence
from typing import Any, Final

from ..common import iam
from ..common.arn import Arn

TASK_SERVICES: Final = ("ecr.api", "ecr.dkr", "logs", "secretsmanager", "ssm", "ssmmessages")
"""What a Fargate task calls through an interface endpoint: image, logs, secrets, parameters and ECS Exec ("Amazon ECS
interface VPC endpoints", Amazon ECS Developer Guide). The image's layers come from S3, by its gateway endpoint."""

_ECS_SERVICES: Final = ("ecs", "ecs-agent", "ecs-telemetry")

INSTANCE_SERVICES: Final = (*_ECS_SERVICES, "monitoring")
"""What the instances of a cluster call too: ECS (same page), and CloudWatch for their metrics. Systems Manager reaches
them through ssm and ssmmessages."""

# Launched since 23 December 2023. ECS there uses the public internet unless it has its own endpoints (same page).
_REGIONS_WITH_ECS_ENDPOINTS: Final = frozenset(
    {"ap-east-2", "ap-southeast-5", "ap-southeast-6", "ap-southeast-7", "ca-west-1", "mx-central-1"}
)


def interface_services(region: str, further: Sequence[str], *, instances: bool = False) -> list[str]:
    """Return the services that private tasks of a region need interface endpoints for, sorted.

    Args:
        region: name of the region.
        further: services that the applications call.
        instances: whether EC2 instances of a cluster need them too.
    """
    ecs = _ECS_SERVICES if region in _REGIONS_WITH_ECS_ENDPOINTS else ()
    return sorted({*TASK_SERVICES, *ecs, *(INSTANCE_SERVICES if instances else ()), *further})


def service_name(region: str, service: str) -> str:
    """Return the name of a service's endpoint in a region (of the partitions aws and aws-us-gov)."""
    return f"com.amazonaws.{region}.{service}"


def own_account_policy(caller: Arn) -> str:
    """Return the policy of an endpoint other than S3's, which allows calls with this account's credentials only.

    Roles decide which actions are allowed. This policy prevents that data leaves with another account's credentials.

    Args:
        caller: an ARN of the account.
    """
    return iam.document([_by_this_account("CallWithThisAccountsCredentials", "*", "*", caller)])


def s3_policy(caller: Arn, region: str, bucket_arns: Sequence[str], *, instances: bool = False) -> str:
    """Return the policy of the S3 gateway endpoint.

    Image layers are always allowed: ECR hands out signed addresses of its own bucket ("Minimum Amazon S3 bucket
    permissions for Amazon ECR", Amazon ECR User Guide). If no buckets are named, anybody may read objects, and
    everything else needs this account's credentials. If buckets are named, only they can be reached, and only with
    this account's credentials.

    Args:
        caller: an ARN of the account.
        region: name of the region.
        bucket_arns: the buckets that the applications use; empty means all.
        instances: whether EC2 instances of a cluster fetch packages of Amazon Linux.
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
