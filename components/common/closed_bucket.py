"""Buckets: private, encrypted, TLS only, with a lifecycle."""

from collections.abc import Callable, Sequence
from typing import NamedTuple

import pulumi
import pulumi_aws as aws

from . import iam


class Encryption(NamedTuple):
    """What encrypts a bucket.

    :ivar algorithm: `aws:kms`, or `AES256` for keys of S3's own.
    :ivar key_arn: key of KMS; without one the account's own for S3.
    """

    algorithm: str = "aws:kms"
    key_arn: str | None = None


class ClosedBucket(NamedTuple):
    """A bucket, and the policy that whoever writes to it must wait for."""

    bucket: aws.s3.Bucket
    policy: aws.s3.BucketPolicy


def closed_bucket(
    name: str,
    *,
    prefix: str,
    encryption: Encryption,
    rules: Sequence[aws.s3.BucketLifecycleConfigurationRuleArgs],
    versioning: bool = False,
    protect: bool,
    keep: bool = False,
    allowing: Callable[[pulumi.Output[str]], pulumi.Output[list[iam.Statement]]] | None = None,
    parent: pulumi.Resource,
) -> ClosedBucket:
    """Make a bucket with everything that keeps it closed (Security Hub S3.1 to S3.8, S3.5 for TLS).

    Args:
        name: the resources' name.
        prefix: begins the bucket's name; the provider adds what makes it the only one in all of S3.
        encryption: what encrypts it.
        rules: what becomes of objects as they grow older.
        versioning: keep what is overwritten or deleted; without it nothing is said of versions.
        protect: keep a bucket that holds something from being deleted.
        keep: refuse every deletion of the bucket, an empty one's too.
        allowing: from the bucket's ARN, what its policy allows; nothing by default.
        parent: the component it belongs to.
    """
    child = pulumi.ResourceOptions(parent=parent)
    bucket = aws.s3.Bucket(
        name,
        # The provider takes 37 characters.
        bucket_prefix=f"{prefix[:36]}-",
        force_destroy=not protect,
        opts=pulumi.ResourceOptions(parent=parent, protect=keep or None),
    )
    _close(name, bucket, child)
    _encrypt(name, bucket, encryption, child)
    versions = _version(name, bucket, child) if versioning else None
    aws.s3.BucketLifecycleConfiguration(
        name,
        bucket=bucket.bucket,
        rules=list(rules),
        opts=pulumi.ResourceOptions(parent=parent, depends_on=[versions] if versions else None),
    )
    policy = aws.s3.BucketPolicy(
        name,
        bucket=bucket.bucket,
        policy=pulumi.Output.all(bucket.arn, allowing(bucket.arn) if allowing else []).apply(
            lambda known: iam.document([iam.tls_only("s3:*", [known[0], f"{known[0]}/*"]), *known[1]])
        ),
        opts=child,
    )
    return ClosedBucket(bucket, policy)


def _close(name: str, bucket: aws.s3.Bucket, child: pulumi.ResourceOptions) -> None:
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


def _encrypt(name: str, bucket: aws.s3.Bucket, encryption: Encryption, child: pulumi.ResourceOptions) -> None:
    aws.s3.BucketServerSideEncryptionConfiguration(
        name,
        bucket=bucket.bucket,
        rules=[
            aws.s3.BucketServerSideEncryptionConfigurationRuleArgs(
                apply_server_side_encryption_by_default=aws.s3.BucketServerSideEncryptionConfigurationRuleApplyServerSideEncryptionByDefaultArgs(
                    sse_algorithm=encryption.algorithm, kms_master_key_id=encryption.key_arn
                ),
                bucket_key_enabled=encryption.algorithm == "aws:kms",
            )
        ],
        opts=child,
    )


def _version(name: str, bucket: aws.s3.Bucket, child: pulumi.ResourceOptions) -> aws.s3.BucketVersioning:
    return aws.s3.BucketVersioning(
        name,
        bucket=bucket.bucket,
        versioning_configuration=aws.s3.BucketVersioningVersioningConfigurationArgs(status="Enabled"),
        opts=child,
    )


def expiry(days: int) -> list[aws.s3.BucketLifecycleConfigurationRuleArgs]:
    """Return the rule for what services of AWS write: all of it goes after some days."""
    expiration = aws.s3.BucketLifecycleConfigurationRuleExpirationArgs(days=days)
    return [lifecycle_rule("expire", upload_days=1, expiration=expiration)]


def lifecycle_rule(
    name: str,
    *,
    prefix: str = "",
    upload_days: int | None = None,
    expiration: aws.s3.BucketLifecycleConfigurationRuleExpirationArgs | None = None,
    earlier_versions: aws.s3.BucketLifecycleConfigurationRuleNoncurrentVersionExpirationArgs | None = None,
    transitions: Sequence[aws.s3.BucketLifecycleConfigurationRuleTransitionArgs] = (),
) -> aws.s3.BucketLifecycleConfigurationRuleArgs:
    """Return a rule of a bucket's lifecycle.

    Args:
        name: the rule's id.
        prefix: start of the keys of the objects that it is for.
        upload_days: days after which the parts of an upload that was never completed go; not said by default.
        expiration: when they expire; never by default.
        earlier_versions: when earlier versions of them do; never by default.
        transitions: when they move to another storage class; never by default.
    """
    abort = (
        aws.s3.BucketLifecycleConfigurationRuleAbortIncompleteMultipartUploadArgs(days_after_initiation=upload_days)
        if upload_days
        else None
    )
    return aws.s3.BucketLifecycleConfigurationRuleArgs(
        id=name,
        status="Enabled",
        filter=aws.s3.BucketLifecycleConfigurationRuleFilterArgs(prefix=prefix),
        abort_incomplete_multipart_upload=abort,
        expiration=expiration,
        noncurrent_version_expiration=earlier_versions,
        transitions=list(transitions) or None,
    )
