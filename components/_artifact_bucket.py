"""The bucket that a pipeline hands artifacts on in: encrypted, private, TLS only, expiring."""

import pulumi
import pulumi_aws as aws

from . import _iam


def artifact_bucket(
    pipeline_name: str, *, kms_key_arn: str | None, days: int, protect: bool, parent: pulumi.Resource
) -> aws.s3.Bucket:
    """Make the bucket with everything that keeps it closed (Security Hub S3.1 to S3.8, S3.5 for TLS).

    Args:
        pipeline_name: begins the bucket's name.
        kms_key_arn: key that encrypts; without one S3's own for the account.
        days: after how many an artifact expires.
        protect: keep a bucket that holds artifacts from being deleted.
        parent: the component it belongs to.
    """
    child = pulumi.ResourceOptions(parent=parent)
    name = f"{pipeline_name}-artifacts"
    # The provider adds what makes it the only one of its name in all of S3, and takes 37 characters.
    bucket = aws.s3.Bucket(name, bucket_prefix=f"{pipeline_name[:36]}-", force_destroy=not protect, opts=child)
    aws.s3.BucketPublicAccessBlock(
        name,
        bucket=bucket.bucket,
        block_public_acls=True,
        block_public_policy=True,
        ignore_public_acls=True,
        restrict_public_buckets=True,
        opts=child,
    )
    aws.s3.BucketOwnershipControls(
        name,
        bucket=bucket.bucket,
        rule=aws.s3.BucketOwnershipControlsRuleArgs(object_ownership="BucketOwnerEnforced"),
        opts=child,
    )
    aws.s3.BucketServerSideEncryptionConfiguration(
        name,
        bucket=bucket.bucket,
        rules=[
            aws.s3.BucketServerSideEncryptionConfigurationRuleArgs(
                apply_server_side_encryption_by_default=aws.s3.BucketServerSideEncryptionConfigurationRuleApplyServerSideEncryptionByDefaultArgs(
                    sse_algorithm="aws:kms", kms_master_key_id=kms_key_arn
                ),
                bucket_key_enabled=True,
            )
        ],
        opts=child,
    )
    aws.s3.BucketLifecycleConfiguration(
        name,
        bucket=bucket.bucket,
        rules=[
            aws.s3.BucketLifecycleConfigurationRuleArgs(
                id="expire",
                status="Enabled",
                filter=aws.s3.BucketLifecycleConfigurationRuleFilterArgs(prefix=""),
                expiration=aws.s3.BucketLifecycleConfigurationRuleExpirationArgs(days=days),
                abort_incomplete_multipart_upload=aws.s3.BucketLifecycleConfigurationRuleAbortIncompleteMultipartUploadArgs(
                    days_after_initiation=1
                ),
            )
        ],
        opts=child,
    )
    aws.s3.BucketPolicy(name, bucket=bucket.bucket, policy=bucket.arn.apply(_tls_only), opts=child)
    return bucket


def _tls_only(bucket_arn: str) -> str:
    statement = {
        "Sid": "TlsOnly",
        "Effect": "Deny",
        "Principal": "*",
        "Action": "s3:*",
        "Resource": [bucket_arn, f"{bucket_arn}/*"],
        "Condition": {"Bool": {"aws:SecureTransport": "false"}},
    }
    return _iam.document([statement])
