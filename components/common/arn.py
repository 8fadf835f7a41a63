"""Amazon Resource Names taken apart: partition, region and account come from a resource, not from a guess."""

from typing import NamedTuple


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
