"""Amazon S3."""

from typing import ClassVar

from ..account import Account, Properties
from ..behaviour import Behaviour, Made
from ..documents import resource_policy
from ..place import hex_digits


class Bucket(Behaviour):
    """A bucket."""

    def create(self, inputs: Properties, account: Account) -> Made:
        """Return its name, ARN and addresses."""
        name = inputs.get("bucket") or f"{inputs.get('bucketPrefix', 'bucket-')}{hex_digits(26)}"
        place = account.place
        return name, {
            "bucket": name,
            "arn": place.arn("s3", name, regional=False, account=False),
            "bucketDomainName": f"{name}.s3.{place.suffix}",
            "bucketRegionalDomainName": f"{name}.s3.{place.region}.{place.suffix}",
        }


class BucketPolicy(Behaviour):
    """Who may use a bucket."""

    documents: ClassVar = {"policy": resource_policy}
