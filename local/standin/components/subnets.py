"""How awsx lays out the subnets of a VPC with its strategy Auto."""

import ipaddress
import math
from collections.abc import Iterator, Sequence
from typing import NamedTuple


class SubnetSpec(NamedTuple):
    """One kind of subnet, of which each zone has one."""

    type: str
    name: str | None = None
    cidr_mask: int | None = None
    tags: dict[str, str] | None = None


class Subnet(NamedTuple):
    """One subnet of the layout."""

    name: str
    type: str
    zone: str
    cidr_block: str
    tags: dict[str, str]


# Public ones first: their NAT gateways must be there for the private ones' routes.
_ORDER = ("public", "private", "isolated")


def layout(
    vpc_name: str, cidr_block: str, zones: Sequence[str], specs: Sequence[SubnetSpec], zone_mask: int | None
) -> list[Subnet]:
    """Return the subnets in the order in which awsx makes them: zone by zone, public before private before isolated.

    Each zone has an equal block; within it the subnets follow each other as the specs do, each at the next boundary of
    its own size.

    Raises:
        ValueError: the subnets do not fit.
    """
    vpc = ipaddress.IPv4Network(cidr_block)
    zone_length = zone_mask or vpc.prefixlen + _bits(len(zones))
    default_length = zone_length + _bits(len(specs))
    blocks = vpc.subnets(new_prefix=zone_length)
    made: list[Subnet] = []
    for number, zone in enumerate(zones, start=1):
        block = next(blocks, None)
        if block is None:
            raise ValueError(f"{cidr_block} is too small for {len(zones)} zones of /{zone_length}")
        ranges = list(_ranges(block, [spec.cidr_mask or default_length for spec in specs]))
        subnets = [
            Subnet(
                f"{vpc_name}-{spec.name or spec.type.lower()}-{number}", spec.type, zone, str(range_), spec.tags or {}
            )
            for spec, range_ in zip(specs, ranges, strict=True)
        ]
        made += sorted(subnets, key=lambda subnet: _ORDER.index(subnet.type.lower()))
    return made


def ipv6_part(cidr_block: str, number: int) -> str:
    """Return the /64 of a VPC's IPv6 range that its subnet of that number has, counted from 0 as they are made."""
    network = ipaddress.IPv6Network(cidr_block)
    return str(ipaddress.IPv6Network((int(network.network_address) + (number << 64), 64)))


def _ranges(block: ipaddress.IPv4Network, lengths: Sequence[int]) -> Iterator[ipaddress.IPv4Network]:
    free = int(block.network_address)
    for length in lengths:
        size = 1 << (32 - length)
        start = -(-free // size) * size
        if start + size > int(block.broadcast_address) + 1:
            raise ValueError(f"the subnets do not fit in {block}, one zone's part of the VPC")
        yield ipaddress.IPv4Network((start, length))
        free = start + size


def _bits(count: int) -> int:
    return math.ceil(math.log2(count)) if count else 0
