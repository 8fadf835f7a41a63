"""How a VPC's range is shared out: the arithmetic of the settings against the layout that awsx makes."""

import ipaddress

from hypothesis import given
from hypothesis import strategies as st

from components.network import subnet_ranges
from local.standin.components.subnets import SubnetSpec, layout


def ranges(shortest: int, longest: int) -> st.SearchStrategy[str]:
    """IPv4 ranges of some sizes within 10.0.0.0/8."""
    pairs = st.tuples(st.integers(0, (1 << 24) - 1), st.integers(shortest, longest))
    return pairs.map(lambda pair: str(ipaddress.IPv4Network(((10 << 24) + pair[0], pair[1]), strict=False)))


@given(ranges(16, 23), st.integers(2, 3))
def test_private_addresses_are_those_of_the_layout(block: str, zones: int) -> None:
    length = int(block.partition("/")[2])
    specs = [
        SubnetSpec("Private", None, length + subnet_ranges.PRIVATE_BITS),
        SubnetSpec("Public", None, length + subnet_ranges.PUBLIC_BITS),
    ]
    made = layout("n", block, [str(zone) for zone in range(zones)], specs, length + subnet_ranges.ZONE_BITS)
    private = [ipaddress.IPv4Network(subnet.cidr_block) for subnet in made if subnet.type == "Private"]
    assert sum(one.num_addresses - 5 for one in private) == subnet_ranges.private_addresses(block, zones)


@given(ranges(8, 28))
def test_a_range_is_right_exactly_where_its_subnets_are(block: str) -> None:
    network = ipaddress.IPv4Network(block)
    allowed = network.prefixlen >= 16
    roomy = network.prefixlen + subnet_ranges.PUBLIC_BITS <= 27
    assert (subnet_ranges.range_fault(block) is None) == (allowed and roomy)


@given(ranges(16, 23), ranges(8, 32))
def test_ranges_overlap_exactly_where_they_share_an_address(block: str, other: str) -> None:
    one, two = ipaddress.IPv4Network(block), ipaddress.IPv4Network(other)
    share = max(one.network_address, two.network_address) <= min(one.broadcast_address, two.broadcast_address)
    fault = subnet_ranges.range_fault(block, [other])
    assert (fault is not None) == share
    assert fault is None or other in fault
