"""A bucket for an application's objects."""

from typing import Final

import pulumi
import pulumi_aws as aws

from ..common.arguments import complete
from ..common.closed_bucket import Encryption, closed_bucket, lifecycle_rule
from ..common.waiting import after
from .args import BUCKET_DEFAULTS, BUCKET_LINK_DEFAULTS, BucketArgs, ObjectLifecycleArgs, StorageClass

_UPLOAD_DAYS: Final = 7
"""Days after which the parts of an upload that was never completed go."""


class Bucket(pulumi.ComponentResource):
    """`container-platform:index:Bucket`: a private bucket for an application's objects.

    Creates: an encrypted `aws:s3/bucket:Bucket` with versioning, closed to the public, by TLS only; earlier versions
    and uploads that were never completed expire.
    Optional: expiry and storage classes by prefix; a KMS key; no versioning.
    Needs: nothing.
    """

    name: pulumi.Output[str]
    """Name of the bucket."""
    arn: pulumi.Output[str]
    """ARN of the bucket, for links and permissions."""

    def __init__(self, name: str, args: BucketArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        values = complete(BucketArgs, args, BUCKET_DEFAULTS, BUCKET_LINK_DEFAULTS)
        super().__init__("container-platform:index:Bucket", name, {}, opts)
        rules = [_rule(rule, one) for rule, one in sorted(values["lifecycle"].items())]
        closed = closed_bucket(
            name,
            prefix=values["prefix"],
            encryption=Encryption(key_arn=values.get("kms_key_arn")),
            rules=[_of_every_object(values), *rules],
            versioning=values["versioning"],
            protect=values["protect"],
            keep=values["protect"],
            parent=self,
        )
        # Whoever uses the bucket waits for the policy that closes it.
        self.name, self.arn = (after(one, closed.policy) for one in (closed.bucket.bucket, closed.bucket.arn))
        self.register_outputs({"name": self.name, "arn": self.arn})


def _of_every_object(values: BucketArgs) -> aws.s3.BucketLifecycleConfigurationRuleArgs:
    """Return what holds for the whole bucket: one whose versioning was turned off still has what it had of versions."""
    return lifecycle_rule(
        "earlier-versions",
        upload_days=_UPLOAD_DAYS,
        earlier_versions=aws.s3.BucketLifecycleConfigurationRuleNoncurrentVersionExpirationArgs(
            noncurrent_days=int(values["earlier_version_days"])
        ),
        # What is left of a deleted object when its last version has gone.
        expiration=aws.s3.BucketLifecycleConfigurationRuleExpirationArgs(expired_object_delete_marker=True),
    )


def _rule(name: str, one: ObjectLifecycleArgs) -> aws.s3.BucketLifecycleConfigurationRuleArgs:
    # No rule has the name of the bucket's own.
    expiry = one.get("expire_days")
    return lifecycle_rule(
        f"{name}-objects",
        prefix=one.get("prefix", ""),
        expiration=aws.s3.BucketLifecycleConfigurationRuleExpirationArgs(days=int(expiry)) if expiry else None,
        transitions=[
            aws.s3.BucketLifecycleConfigurationRuleTransitionArgs(storage_class=kept.value, days=int(days))
            for kept, days in sorted(
                (StorageClass(kept), days) for kept, days in one.get("transition_days", {}).items()
            )
        ],
    )
