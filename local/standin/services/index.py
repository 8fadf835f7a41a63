"""What belongs to no service: the caller, partition, region and zones."""

from typing import Final

from ..account import Account, Properties

# What AWS offers a new account, where that is not three: six in us-east-1, four in us-west-2, two in us-west-1.
_ZONES: Final = {"us-east-1": "abcdef", "us-west-2": "abcd", "us-west-1": "ac"}


def get_caller_identity(arguments: Properties, account: Account) -> Properties:
    """Return an identity that nobody takes for a real one."""
    place = account.place
    arn = place.arn("iam", "user/local", regional=False)
    return {"accountId": place.account, "arn": arn, "userId": "AIDALOCAL", "id": place.account}


def get_region(arguments: Properties, account: Account) -> Properties:
    """Return the region."""
    region = account.place.region
    return {"name": region, "region": region, "id": region, "endpoint": "", "description": ""}


def get_partition(arguments: Properties, account: Account) -> Properties:
    """Return the partition."""
    partition, suffix = account.place.partition, account.place.suffix
    reverse = ".".join(reversed(suffix.split(".")))
    return {"partition": partition, "dnsSuffix": suffix, "id": partition, "reverseDnsPrefix": reverse}


def get_availability_zones(arguments: Properties, account: Account) -> Properties:
    """Return the zones that the region offers at this run: mostly three."""
    region = account.place.region
    names = [f"{region}{letter}" for letter in account.memory.zones(region) or _ZONES.get(region, "abc")]
    ids = [f"{region.replace('-', '')[:4]}-az{number}" for number, _ in enumerate(names, start=1)]
    return {**arguments, "names": names, "zoneIds": ids, "groupNames": [region], "id": region}
