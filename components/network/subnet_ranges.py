"""How the range of a VPC is shared out, and whether it suffices."""

import ipaddress
from collections.abc import Sequence
from typing import Final

ZONE_BITS: Final = 2
"""A zone has a quarter of the VPC, whether there are two or three: a third one moves nothing."""
PRIVATE_BITS: Final = 3
"""A zone's private subnet has half of the zone's quarter."""
PUBLIC_BITS: Final = 4
"""A zone's public subnet has a quarter of it."""

_WIDEST: Final = 16
"""AWS allows no wider VPC ("VPC CIDR blocks", Amazon VPC User Guide)."""
_NARROWEST_SUBNET: Final = 27
"""A load balancer needs no smaller one ("Subnets for your load balancer", Application Load Balancers)."""
_RESERVED: Final = 5
"""Addresses of each subnet that AWS keeps ("Subnet sizing", Amazon VPC User Guide)."""
_PRIVATE_RANGES: Final = tuple(
    ipaddress.IPv4Network(block) for block in ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10")
)


def range_fault(cidr_block: str, elsewhere: Sequence[str] = ()) -> str | None:
    """Return why a VPC cannot have a range, and what would be right; None where it can.

    Args:
        cidr_block: the range, well-formed.
        elsewhere: ranges in use elsewhere, well-formed.
    """
    network = ipaddress.IPv4Network(cidr_block)
    if network.prefixlen < _WIDEST:
        return f"must be a /16 to /23: AWS allows no wider VPC than a /{_WIDEST}"
    public = network.prefixlen + PUBLIC_BITS
    if public > _NARROWEST_SUBNET:
        return f"must be a /16 to /23: a zone's public subnet would be a /{public}, and a load balancer needs a /27"
    if not any(network.subnet_of(private) for private in _PRIVATE_RANGES):
        return f"must lie within one of {', '.join(map(str, _PRIVATE_RANGES))}: other addresses belong to somebody else"
    overlapping = [block for block in elsewhere if network.overlaps(ipaddress.IPv4Network(block))]
    if overlapping:
        return f"overlaps {', '.join(overlapping)}, in use elsewhere: there could be no route between the two"
    return None


def private_addresses(cidr_block: str, zones: int) -> int:
    """Return how many addresses the private subnets have for tasks and endpoints."""
    size = 1 << (32 - ipaddress.IPv4Network(cidr_block).prefixlen - PRIVATE_BITS)
    return int(zones) * (size - _RESERVED)
