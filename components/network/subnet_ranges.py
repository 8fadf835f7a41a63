"""How the range of a VPC is divided among subnets, and whether it is large enough."""

import ipaddress
from collections.abc import Sequence
from typing import Final

ZONE_BITS: Final = 2
"""A zone gets a quarter of the VPC, even if there are two: adding a third one moves no subnet."""
PRIVATE_BITS: Final = 3
"""A zone's private subnet gets half of the zone's quarter."""
PUBLIC_BITS: Final = 4
"""A zone's public subnet gets a quarter of it."""

_WIDEST: Final = 16
"""AWS allows no VPC wider than this ("VPC CIDR blocks", Amazon VPC User Guide)."""
_NARROWEST_SUBNET: Final = 27
"""A load balancer needs a subnet of this size ("Subnets for your load balancer", Application Load Balancers)."""
_RESERVED: Final = 5
"""Addresses of each subnet that AWS reserves ("Subnet sizing", Amazon VPC User Guide)."""
_PRIVATE_RANGES: Final = tuple(
    ipaddress.IPv4Network(block) for block in ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10")
)


def range_fault(cidr_block: str, elsewhere: Sequence[str] = ()) -> str | None:
    """Return why a VPC cannot have a range, and what to do; None if it can.

    Args:
        cidr_block: the range, well-formed.
        elsewhere: ranges in use elsewhere, well-formed.
    """
    network = ipaddress.IPv4Network(cidr_block)
    if network.prefixlen < _WIDEST:
        return f"must be a /16 to /23: AWS allows no VPC wider than a /{_WIDEST}"
    public = network.prefixlen + PUBLIC_BITS
    if public > _NARROWEST_SUBNET:
        return f"must be a /16 to /23: a zone's public subnet would be a /{public}, but a load balancer needs a /27"
    if not any(network.subnet_of(private) for private in _PRIVATE_RANGES):
        return f"must lie within one of {', '.join(map(str, _PRIVATE_RANGES))}: other addresses are public"
    overlapping = [block for block in elsewhere if network.overlaps(ipaddress.IPv4Network(block))]
    if overlapping:
        listed = ", ".join(overlapping)
        return f"overlaps {listed}, in use elsewhere, so that neither could reach the other: choose another range"
    return None


def has_public_addresses(cidr_block: str) -> bool:
    """Return whether a range has addresses outside the private ones, as AWS's services have."""
    network = ipaddress.IPv4Network(cidr_block)
    return not any(network.subnet_of(private) for private in _PRIVATE_RANGES)


def private_addresses(cidr_block: str, zones: int) -> int:
    """Return how many addresses the private subnets offer to tasks and endpoints."""
    size = 1 << (32 - ipaddress.IPv4Network(cidr_block).prefixlen - PRIVATE_BITS)
    return int(zones) * (size - _RESERVED)
