"""The bucket that a pipeline hands artifacts on in."""

import pulumi
import pulumi_aws as aws

from ..common.closed_bucket import Encryption, closed_bucket


def artifact_bucket(
    pipeline_name: str, *, kms_key_arn: str | None, days: int, protect: bool, parent: pulumi.Resource
) -> aws.s3.Bucket:
    """Make the bucket.

    Args:
        pipeline_name: begins the bucket's name.
        kms_key_arn: key that encrypts; without one S3's own for the account.
        days: after how many an artifact expires.
        protect: keep a bucket that holds artifacts from being deleted.
        parent: the component it belongs to.
    """
    return closed_bucket(
        f"{pipeline_name}-artifacts",
        prefix=pipeline_name,
        encryption=Encryption(key_arn=kms_key_arn),
        days=days,
        protect=protect,
        parent=parent,
    ).bucket
