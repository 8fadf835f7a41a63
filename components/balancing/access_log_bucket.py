"""The bucket for an Application Load Balancer's logs of requests and connections."""

from typing import Any, Final

import pulumi
import pulumi_aws as aws

from ..common import iam
from ..common.arn import parse
from ..common.closed_bucket import ClosedBucket, Encryption, closed_bucket, expiry

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
        group_arn: ARN of the load balancer's security group, which says the account.
        days: number of days after which a log expires.
        protect: refuse to delete it.
        parent: the component it belongs to.
    """
    return closed_bucket(
        name,
        prefix=prefix,
        # Load balancers write to no bucket with another encryption (same page).
        encryption=Encryption("AES256"),
        rules=expiry(days),
        protect=protect,
        keep=protect,
        allowing=lambda arn: pulumi.Output.all(arn, group_arn).apply(lambda known: [delivery_statement(*known)]),
        parent=parent,
    )


def delivery_statement(bucket_arn: str, group_arn: str) -> iam.Statement:
    """Let load balancers of the security group's account write their logs, each kind to its folder.

    The account in the path keeps other accounts out. A condition on `aws:SourceArn` is no option: AWS documents none
    here, and a condition on a key that the request lacks denies it, so that the load balancer could not be made.
    """
    account = parse(group_arn).account_id
    folders = [f"{bucket_arn}/{folder}/AWSLogs/{account}/*" for folder in (ACCESS, CONNECTIONS)]
    return iam.allow_service("DeliverLogs", _WRITER, "s3:PutObject", folders)


def destinations(bucket: aws.s3.Bucket | None, *, requests: bool, connections: bool) -> dict[str, Any]:
    """Return the load balancer's log settings, which name what is off too.

    The provider would leave a log on that is not named, and its bucket is deleted.
    """

    def destination(folder: str, wanted: bool) -> dict[str, Any]:
        return {"bucket": bucket.bucket, "prefix": folder, "enabled": True} if bucket and wanted else _OFF

    return {"access_logs": destination(ACCESS, requests), "connection_logs": destination(CONNECTIONS, connections)}


_OFF: Final = {"bucket": "", "enabled": False}
