"""The bucket for a pipeline's artifacts."""

import pulumi
import pulumi_aws as aws

from ..common.closed_bucket import Encryption, closed_bucket, expiry


def artifact_bucket(
    pipeline_name: str, *, kms_key_arn: str | None, days: int, protect: bool, parent: pulumi.Resource
) -> aws.s3.Bucket:
    """Make the bucket.

    Args:
        pipeline_name: begins the bucket's name.
        kms_key_arn: key that encrypts; if none, the account's AWS managed key for S3.
        days: number of days after which an artifact expires.
        protect: refuse to delete the bucket while it holds artifacts.
        parent: the component it belongs to.
    """
    return closed_bucket(
        f"{pipeline_name}-artifacts",
        prefix=pipeline_name,
        encryption=Encryption(key_arn=kms_key_arn),
        rules=expiry(days),
        protect=protect,
        parent=parent,
    ).bucket
