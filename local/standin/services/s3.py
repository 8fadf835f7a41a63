"""Amazon S3."""

from collections.abc import Iterator
from typing import Any, ClassVar, Final

from ..account import Account, Properties
from ..behaviour import Behaviour, Fault, Made, is_known
from ..documents import resource_policy
from ..place import hex_digits

_AFTER_30_DAYS: Final = ("STANDARD_IA", "ONEZONE_IA")


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


class BucketLifecycleConfiguration(Behaviour):
    """What becomes of the objects of a bucket as they grow older."""

    def faults(self, inputs: Properties) -> Iterator[Fault]:
        """Check what S3 refuses of rules ("Transitioning objects using Amazon S3 Lifecycle")."""
        rules: Any = inputs.get("rules")
        if not is_known(rules):
            return
        names = [rule.get("id") for rule in rules]
        if len(set(names)) < len(names):
            yield "rules", "must have ids that differ"
        for index, rule in enumerate(rules):
            moves = {one.get("storageClass"): one.get("days", 0) for one in rule.get("transitions", [])}
            for kept in _AFTER_30_DAYS:
                if moves.get(kept, 30) < 30:
                    yield f"rules[{index}].transitions", f"'Days' for {kept} must be 30 or more and is {moves[kept]:g}"
            expiry = rule.get("expiration", {}).get("days")
            if expiry is not None and any(expiry <= days for days in moves.values()):
                yield f"rules[{index}].expiration", "'Days' must be greater than those of every transition"
