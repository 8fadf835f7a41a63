"""What belongs to no service: the caller, partition, region and zones."""

from ..account import Account, Properties


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
    """Return the zones: six in us-east-1, three elsewhere."""
    region = account.place.region
    names = [f"{region}{letter}" for letter in ("abcdef" if region == "us-east-1" else "abc")]
    ids = [f"{region.replace('-', '')[:4]}-az{number}" for number, _ in enumerate(names, start=1)]
    return {**arguments, "names": names, "zoneIds": ids, "groupNames": [region], "id": region}
