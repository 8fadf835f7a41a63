"""Buckets for applications' objects."""

import json
from typing import Any

import pytest

import settings
from components import Bucket, BucketArgs
from settings import Surroundings
from wiring.living_data import living_data
from wiring.state import Resource

from ..conftest import Run, mistakes, stack_config

KEY = "arn:aws:kms:eu-west-1:123456789012:key/own"


def bucket(run: Run, **more: Any) -> Any:
    args: BucketArgs = {"prefix": "shop-dev-uploads", **more}  # type: ignore[typeddict-item]
    return run(lambda: Bucket("uploads", args))


class TestBucket:
    def test_it_is_closed_and_reached_by_tls_only(self, run: Run) -> None:
        engine = bucket(run)
        closed = engine.one("s3/bucketPublicAccessBlock:BucketPublicAccessBlock")
        names = ("blockPublicAcls", "blockPublicPolicy", "ignorePublicAcls", "restrictPublicBuckets")
        assert all(closed[name] for name in names)
        (statement,) = json.loads(engine.one("s3/bucketPolicy:BucketPolicy")["policy"])["Statement"]
        assert (statement["Effect"], statement["Condition"]) == ("Deny", {"Bool": {"aws:SecureTransport": "false"}})

    @pytest.mark.parametrize("key", [None, KEY])
    def test_it_is_encrypted_by_the_accounts_key_or_your_own(self, run: Run, key: str | None) -> None:
        engine = bucket(run, **({"kms_key_arn": key} if key else {}))
        kind = "s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration"
        (rule,) = engine.one(kind)["rules"]
        applied = rule["applyServerSideEncryptionByDefault"]
        assert (applied["sseAlgorithm"], applied.get("kmsMasterKeyId")) == ("aws:kms", key)

    def test_earlier_versions_are_kept_for_a_while(self, run: Run) -> None:
        engine = bucket(run, earlier_version_days=30)
        assert engine.one("s3/bucketVersioning:BucketVersioning")["versioningConfiguration"] == {"status": "Enabled"}
        (rule,) = engine.one("s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration")["rules"]
        assert rule["noncurrentVersionExpiration"] == {"noncurrentDays": 30}
        assert rule["abortIncompleteMultipartUpload"] == {"daysAfterInitiation": 7}
        assert rule["expiration"] == {"expiredObjectDeleteMarker": True}

    def test_without_versioning_nothing_is_said_of_it(self, run: Run) -> None:
        assert bucket(run, versioning=False).find("s3/bucketVersioning:BucketVersioning") == []

    def test_rules_say_what_becomes_of_objects(self, run: Run) -> None:
        chosen = {"reports": {"prefix": "reports/", "transition_days": {"STANDARD_IA": 30}, "expire_days": 365}}
        engine = bucket(run, lifecycle=chosen)
        _, rule = engine.one("s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration")["rules"]
        assert rule["filter"] == {"prefix": "reports/"}
        assert rule["transitions"] == [{"days": 30, "storageClass": "STANDARD_IA"}]
        assert rule["expiration"] == {"days": 365}

    @pytest.mark.parametrize("protect", [True, False])
    def test_with_protection_it_is_never_deleted_and_without_even_when_full(self, run: Run, *, protect: bool) -> None:
        (made,) = bucket(run, protect=protect).all("s3/bucket:Bucket")
        assert (made.protect, made.inputs["forceDestroy"]) == (protect, not protect)


def problems(buckets: dict[str, Any]) -> dict[str, str]:
    """Return the advice for every mistake in buckets by its path."""
    raw = {**stack_config("dev")[settings.KEY], "storage": {"buckets": buckets}}
    return mistakes(raw)


@pytest.mark.parametrize(
    "bucket",
    [
        {},
        {"versioning": False},
        {"lifecycle": {"all": {"expireDays": 1}}},
        {"lifecycle": {"aa": {"prefix": "a/", "expireDays": 1}, "bb": {"prefix": "b/", "expireDays": 1}}},
        {"lifecycle": {"all": {"transitionDays": {"STANDARD_IA": 30, "GLACIER_IR": 60}, "expireDays": 61}}},
        {"lifecycle": {"all": {"transitionDays": {"INTELLIGENT_TIERING": 1, "GLACIER": 2, "DEEP_ARCHIVE": 92}}}},
    ],
)
def test_what_is_right_passes(bucket: dict[str, Any]) -> None:
    assert problems({"uploads": bucket}) == {}


@pytest.mark.parametrize(
    ("bucket", "path", "advice"),
    [
        ({"versions": True}, "versions", "versioning"),
        ({"earlierVersionDays": 0}, "earlierVersionDays", "1"),
        ({"kmsKeyArn": "alias/own"}, "kmsKeyArn", "must be the ARN of a KMS key"),
        (
            {"kmsKeyArn": KEY.replace("eu-west-1", "us-east-1")},
            "kmsKeyArn",
            "is in us-east-1, but must be in eu-west-1",
        ),
        ({"lifecycle": {"all": {}}}, "lifecycle.all", "has no effect. Set expireDays or transitionDays"),
        ({"lifecycle": {"all": {"prefix": "/a", "expireDays": 1}}}, "lifecycle.all.prefix", "not beginning with /"),
        (
            {"lifecycle": {"all": {"prefix": "a*", "expireDays": 1}}},
            "lifecycle.all.prefix",
            "the start of objects' keys",
        ),
        (
            {"lifecycle": {"all": {"transitionDays": {"STANDARD_IA": 29}}}},
            "lifecycle.all.transitionDays.STANDARD_IA",
            "must be 30 or more",
        ),
        (
            {"lifecycle": {"all": {"transitionDays": {"STANDARD": 30}}}},
            "lifecycle.all.transitionDays",
            "STANDARD_IA",
        ),
        (
            {"lifecycle": {"all": {"transitionDays": {"STANDARD_IA": 30, "GLACIER": 59}}}},
            "lifecycle.all.transitionDays.GLACIER",
            "must be 60 or more",
        ),
        (
            {"lifecycle": {"all": {"transitionDays": {"GLACIER": 90}, "expireDays": 90}}},
            "lifecycle.all.expireDays",
            "must be more than 90: objects move to GLACIER then",
        ),
        (
            {"lifecycle": {"aa": {"expireDays": 5}, "bb": {"expireDays": 7}}},
            "lifecycle.bb",
            "is for all objects, as aa is. Make one rule of both.",
        ),
    ],
)
def test_what_s3_would_refuse_is_named(bucket: dict[str, Any], path: str, advice: str) -> None:
    found = problems({"uploads": bucket})
    assert [key for key in found if key.startswith(f"storage.buckets.uploads.{path}")], found
    assert advice in "; ".join(found.values())


def test_a_bucket_that_leaves_the_settings_is_known_from_the_state() -> None:
    raw = {**stack_config("dev")[settings.KEY], "storage": {"buckets": {"uploads": {}}}}
    platform = settings.parse(raw, Surroundings("eu-west-1", project="container-platform", stack="dev"))
    kinds = ("Bucket", "LoadBalancer")
    state = [
        Resource(f"container-platform:index:{kind}$aws:s3/bucket:Bucket", name, {})
        for kind in kinds
        for name in ("uploads", "old")
    ]
    (text,) = living_data(platform, state).leaving
    assert text.startswith("storage.buckets.old is gone from the settings: the bucket is deleted with all its objects.")
