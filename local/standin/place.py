"""Where a resource is, and what the ids and ARNs that AWS gives it are made of."""

import secrets
from typing import Final, NamedTuple

ACCOUNT: Final = "123456789012"
"""The account in AWS's own documentation, so that nobody takes it for a real one."""


class Place(NamedTuple):
    """A region of an account."""

    region: str = "us-east-1"
    account: str = ACCOUNT

    @property
    def partition(self) -> str:
        """The partition that the region belongs to."""
        for prefix, partition in (("cn-", "aws-cn"), ("us-gov-", "aws-us-gov")):
            if self.region.startswith(prefix):
                return partition
        return "aws"

    @property
    def suffix(self) -> str:
        """The DNS suffix of the partition's service endpoints."""
        return "amazonaws.com.cn" if self.partition == "aws-cn" else "amazonaws.com"

    def arn(self, service: str, resource: str, *, regional: bool = True, account: bool = True) -> str:
        """Return an ARN in this place; global services leave out the region, S3 the account too."""
        return (
            f"arn:{self.partition}:{service}:{self.region if regional else ''}:"
            f"{self.account if account else ''}:{resource}"
        )


def hex_digits(length: int) -> str:
    """Return random hexadecimal digits."""
    return secrets.token_hex(length)[:length]
