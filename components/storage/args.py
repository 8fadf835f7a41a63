"""What data is kept in."""

from enum import Enum
from typing import Final, TypedDict


class StorageClass(str, Enum):
    """Where S3 keeps objects that are seldom read (S3 API, TransitionStorageClass)."""

    STANDARD_IA = "STANDARD_IA"
    ONEZONE_IA = "ONEZONE_IA"
    INTELLIGENT_TIERING = "INTELLIGENT_TIERING"
    GLACIER_IR = "GLACIER_IR"
    GLACIER = "GLACIER"
    DEEP_ARCHIVE = "DEEP_ARCHIVE"


class ObjectLifecycleArgs(TypedDict, total=False):
    """What becomes of objects as they grow older."""

    prefix: str
    """Start of the keys of the objects. Defaults to all objects of the bucket."""
    expire_days: int
    """Days after which an object is deleted; in a bucket with versioning it stays for earlier_version_days more.
    Defaults to never."""
    transition_days: dict[StorageClass, int]
    """Storage class to the days after which objects move there. Defaults to none."""


class BucketChoices(TypedDict, total=False):
    """What a person chooses of a Bucket."""

    versioning: bool
    """Keep what is overwritten or deleted as an earlier version of the object (Security Hub S3.14). Defaults to
    true."""
    earlier_version_days: int
    """Days to keep earlier versions. Defaults to 90."""
    lifecycle: dict[str, ObjectLifecycleArgs]
    """Further rules by name: which objects expire, or move to a cheaper storage class. Defaults to none."""
    kms_key_arn: str
    """ARN of the KMS key that encrypts the objects (Security Hub S3.17). What is linked to the bucket may use it.
    Defaults to the account's own key for S3."""


class BucketLinks(TypedDict, total=False):
    """What ties a Bucket to the rest of a platform."""

    protect: bool
    """Refuse to delete the bucket, and its objects with it. Defaults to true."""


class BucketArgs(BucketChoices, BucketLinks):
    """What a Bucket is made from."""

    prefix: str
    """Start of the bucket's name; the provider adds what makes it the only one in all of S3. At most 36 characters of
    it are used. Changing it replaces the bucket."""


BUCKET_DEFAULTS: Final[BucketChoices] = {"versioning": True, "earlier_version_days": 90, "lifecycle": {}}
BUCKET_LINK_DEFAULTS: Final[BucketLinks] = {"protect": True}
