"""Arguments that components of several areas take."""

from typing import Final, TypedDict

import pulumi


class EgressRuleArgs(TypedDict):
    """One IPv4 range, and the port on it, that tasks or instances may connect to."""

    port: int
    """TCP port."""
    cidr_block: str
    """IPv4 range."""


HTTPS_ANYWHERE: Final[list[EgressRuleArgs]] = [{"port": 443, "cidr_block": "0.0.0.0/0"}]
"""Egress that suffices to pull images, write logs and read secrets."""


class EndpointsToReach(TypedDict, total=False):
    """The VPC's endpoints that tasks or instances may call AWS through."""

    endpoint_security_group_id: pulumi.Input[str]
    """Id of the security group of the VPC's interface endpoints. It then admits these tasks or instances. Defaults to
    none."""
    s3_prefix_list_id: pulumi.Input[str]
    """Id of the prefix list of S3's addresses, which these tasks or instances may then connect to. Image layers come
    from there. Defaults to none."""
    dynamodb_prefix_list_id: pulumi.Input[str]
    """Id of the prefix list of DynamoDB's addresses, which these tasks may then connect to. Defaults to none."""


class EgressLinks(EndpointsToReach, total=False):
    """What ties the egress rules of tasks or instances to the network they are in."""

    ipv6: bool
    """Apply a rule for every IPv4 address to every IPv6 address too. Defaults to false."""
