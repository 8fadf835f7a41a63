"""Amazon Resource Names taken apart: partition, region and account come from a resource, not from a guess."""

from typing import Final, NamedTuple

_DOMAINS: Final = {
    "aws-cn": "amazonaws.com.cn",
    "aws-eusc": "amazonaws.eu",
    "aws-iso": "c2s.ic.gov",
    "aws-iso-b": "sc2s.sgov.gov",
    "aws-iso-e": "cloud.adc-e.uk",
    "aws-iso-f": "csp.hci.ic.gov",
}


class Arn(NamedTuple):
    """The six parts of an ARN ("Amazon Resource Names", AWS General Reference)."""

    partition: str
    service: str
    region: str
    account_id: str
    resource: str

    def with_resource(self, service: str, resource: str) -> str:
        """Return the ARN of another resource in the same partition, region and account."""
        return f"arn:{self.partition}:{service}:{self.region}:{self.account_id}:{resource}"


def parse(arn: str) -> Arn:
    """Take an ARN apart.

    Raises:
        ValueError: the text is not an ARN.
    """
    parts = arn.split(":", 5)
    if len(parts) != 6 or parts[0] != "arn":
        raise ValueError(f"{arn!r} is not an ARN (arn:partition:service:region:account:resource)")
    return Arn(*parts[1:])


def domain(partition: str) -> str:
    """Return the domain of AWS's services in a partition, as botocore's partitions.json has it."""
    return _DOMAINS.get(partition, "amazonaws.com")
