"""AWS's regions and their partitions, as botocore's partitions.json has them (a test compares)."""

from typing import Final

_PARTITIONS: Final = {
    "aws": (
        "af-south-1 ap-east-1 ap-east-2 ap-northeast-1 ap-northeast-2 ap-northeast-3 ap-south-1 ap-south-2 "
        "ap-southeast-1 ap-southeast-2 ap-southeast-3 ap-southeast-4 ap-southeast-5 ap-southeast-6 ap-southeast-7 "
        "ca-central-1 ca-west-1 eu-central-1 eu-central-2 eu-north-1 eu-south-1 eu-south-2 eu-west-1 eu-west-2 "
        "eu-west-3 il-central-1 me-central-1 me-south-1 me-west-1 mx-central-1 sa-east-1 sa-west-1 us-east-1 "
        "us-east-2 us-west-1 us-west-2"
    ),
    "aws-cn": "cn-north-1 cn-northwest-1",
    "aws-eusc": "eusc-de-east-1",
    "aws-iso": "us-iso-east-1 us-iso-west-1",
    "aws-iso-b": "us-isob-east-1 us-isob-west-1",
    "aws-iso-e": "eu-isoe-west-1",
    "aws-iso-f": "us-isof-east-1 us-isof-south-1",
    "aws-us-gov": "us-gov-east-1 us-gov-west-1",
}
REGIONS: Final = {region: name for name, listed in _PARTITIONS.items() for region in listed.split()}
"""Region → its partition."""

# How the names of all regions of a partition begin, new ones too; those of `aws` have no such start.
_STARTS: Final = {
    "cn-": "aws-cn",
    "eusc-": "aws-eusc",
    "us-iso-": "aws-iso",
    "us-isob-": "aws-iso-b",
    "eu-isoe-": "aws-iso-e",
    "us-isof-": "aws-iso-f",
    "us-gov-": "aws-us-gov",
}

REGION: Final = r"[a-z]{2,4}(-[a-z]+)+-[0-9]+"
"""Pattern of a region's name."""

PARTITION: Final = "aws(-cn|-eusc|-iso(-[bef])?|-us-gov)?"
"""Pattern of a partition's name."""


def partition_of(region: str) -> str:
    """Return the partition of a region."""
    return next((name for start, name in _STARTS.items() if region.startswith(start)), "aws")
