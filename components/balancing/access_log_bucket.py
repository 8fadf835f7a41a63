"""Where an Application Load Balancer writes down requests and connections."""

from typing import Any, Final

import pulumi
import pulumi_aws as aws

from ..common import iam
from ..common.arn import parse
from ..common.closed_bucket import ClosedBucket, Encryption, closed_bucket

_WRITER: Final = "logdelivery.elasticloadbalancing.amazonaws.com"
"""The service that delivers the logs, in every region ("Enable access logs for your Application Load Balancer")."""

ACCESS: Final = "access"
CONNECTIONS: Final = "connections"


def log_bucket(
    name: str, prefix: str, group_arn: pulumi.Output[str], *, days: int, protect: bool, parent: pulumi.Resource
) -> ClosedBucket:
    """Make the bucket.

    Args:
        name: the resources' name.
        prefix: begins the bucket's name.
        group_arn: ARN of the load balancer's security group, which tells the account.
        days: after how many a log expires.
        protect: refuse to delete it.
        parent: the component it belongs to.
    """
    return closed_bucket(
        name,
        prefix=prefix,
        # The load balancer writes to no bucket that is encrypted otherwise (same page).
        encryption=Encryption("AES256"),
        days=days,
        protect=protect,
        keep=protect,
        allowing=lambda arn: pulumi.Output.all(arn, group_arn).apply(lambda known: [delivery_statement(*known)]),
        parent=parent,
    )


def delivery_statement(bucket_arn: str, group_arn: str) -> iam.Statement:
    """Let load balancers of the security group's account write their logs, each into its folder.

    The account in the path is what keeps others out. AWS's text has no condition on `aws:SourceArn`, and a condition on
    a key that a request lacks denies it: the load balancer could not be made.
    """
    account = parse(group_arn).account_id
    return {
        "Sid": "DeliverLogs",
        "Effect": "Allow",
        "Principal": {"Service": _WRITER},
        "Action": "s3:PutObject",
        "Resource": [f"{bucket_arn}/{folder}/AWSLogs/{account}/*" for folder in (ACCESS, CONNECTIONS)],
    }


def destinations(bucket: aws.s3.Bucket | None, *, requests: bool, connections: bool) -> dict[str, Any]:
    """Return what a load balancer is told of its logs, switched off in so many words.

    Where nothing is said the provider leaves on what was on, with a bucket that is gone.
    """

    def destination(folder: str, wanted: bool) -> dict[str, Any]:
        return {"bucket": bucket.bucket, "prefix": folder, "enabled": True} if bucket and wanted else _OFF

    return {"access_logs": destination(ACCESS, requests), "connection_logs": destination(CONNECTIONS, connections)}


_OFF: Final = {"bucket": "", "enabled": False}
