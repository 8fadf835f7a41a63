"""What the stack's state has of the network, which AWS cannot move: its range, its zones, the VPC of the balancers."""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Final, NamedTuple

import settings

from .state import Resource

_VPC: Final = "container-platform:index:Network$awsx:ec2:Vpc$aws:ec2/vpc:Vpc"
_SUBNET: Final = f"{_VPC}$aws:ec2/subnet:Subnet"
_BALANCERS: Final = ("container-platform:index:LoadBalancer", "container-platform:index:NetworkLoadBalancer")
_SECOND_STACK: Final = "make a second stack with it and move the traffic there, or destroy this one first"


class Living(NamedTuple):
    """The network as the last run left it."""

    cidr_block: str = ""
    """IPv4 range of the stack's own VPC; empty without one."""
    ipv6: bool = False
    """Whether that VPC has an IPv6 range."""
    zones: Mapping[int, str] = {}
    """Number of its subnets → their zone."""
    balanced_vpc: str = ""
    """Id of the VPC that the stack's load balancers are in; empty without one."""
    own_vpc: str = ""
    """Id of the stack's own VPC; empty without one."""


def living(resources: Iterable[Resource]) -> Living:
    """Return what the state has of the network."""
    found, balancers = Living(), set()
    for kind, name, outputs in resources:
        parent, _, own = kind.rpartition("$")
        if kind.endswith(_VPC):
            ipv6 = bool(outputs.get("assignGeneratedIpv6CidrBlock"))
            found = found._replace(cidr_block=str(outputs["cidrBlock"]), ipv6=ipv6, own_vpc=str(outputs["id"]))
        elif kind.endswith(_SUBNET) and (number := re.search(r"-([0-9]+)$", name)):
            found = found._replace(zones={**found.zones, int(number[1]): str(outputs["availabilityZone"])})
        elif parent.endswith(_BALANCERS) and own == "aws:lb/loadBalancer:LoadBalancer":
            balancers.add(parent)
        elif parent.endswith(_BALANCERS) and own == "aws:ec2/securityGroup:SecurityGroup":
            found = found._replace(balanced_vpc=str(outputs["vpcId"]))
    return found if balancers else found._replace(balanced_vpc="")


def moved(platform: settings.Platform, there: Living) -> Iterator[settings.Problem]:
    """Find settings that would move a living network, which AWS refuses in the middle of an update.

    Before there is a load balancer, nothing lives in it, and the engine replaces it. Where none stays, nothing moves.
    """
    keeps_one = platform.load_balancer.existing is None or platform.network_load_balancer is not None
    if not (there.balanced_vpc and keeps_one):
        return
    network = platform.network
    if network.existing:
        if network.existing.vpc_id != there.balanced_vpc:
            advice = (
                f"would move the load balancer out of {there.balanced_vpc}, which AWS cannot do. Go back, or "
                f"{_SECOND_STACK}."
            )
            yield settings.Problem(("network", "existing", "vpcId"), network.existing.vpc_id, advice)
        return
    if there.own_vpc != there.balanced_vpc:
        advice = (
            f"is gone, but the load balancer is in {there.balanced_vpc}, and AWS cannot move it. Put it back, or make "
            "a second stack without it and move the traffic there, or destroy this one first."
        )
        yield settings.Problem(("network", "existing"), None, advice)
        return
    if network.cidr_block != there.cidr_block:
        advice = (
            f"is not the range of the living network, {there.cidr_block}, and AWS cannot change it. Set "
            f"{there.cidr_block}, or keep the new range: {_SECOND_STACK}."
        )
        yield settings.Problem(("network", "cidrBlock"), network.cidr_block, advice)
    if there.ipv6 and not network.ipv6:
        # DisassociateSubnetCidrBlock: nothing may use the range any more, but the load balancer has addresses of it.
        advice = (
            "would take IPv6 from a living network, and AWS refuses that while anything has an IPv6 address. Set true, "
            f"or keep false: {_SECOND_STACK}."
        )
        yield settings.Problem(("network", "ipv6"), False, advice)
