"""The network of the stack, and how what runs in it reaches AWS."""

from typing import Any

import settings
from components import ExistingNetwork, Network, NetworkArgs
from components.network.args import NetworkChoices
from outputs.network import NetworkOutputs

from .found import Found
from .place import Place

AnyNetwork = Network | ExistingNetwork


def network(platform: settings.Platform, place: Place, found: Found) -> AnyNetwork:
    """Return the existing VPC, or make one."""
    if found.network:
        return found.network
    args: NetworkArgs = {
        **platform.network.given(NetworkChoices),
        "name_prefix": f"{place.path}/network",
        "role_path": place.role_path,
        "instances": platform.cluster.has_instances,
        "protect": place.protect,
    }
    return Network("network", args)


def endpoints_to_reach(platform: settings.Platform, network: AnyNetwork, *, says_egress: bool) -> dict[str, Any]:
    """Return what tasks and instances are told of the VPC's endpoints; without another way out, also of no other."""
    if not platform.network.has_endpoints_to_open:
        return {}
    return {
        "endpoint_security_group_id": network.endpoint_security_group_id,
        **({"s3_prefix_list_id": network.s3_prefix_list_id} if network.has_s3_endpoint else {}),
        **({} if says_egress or network.reaches_internet else {"egress": []}),
    }


def network_outputs(network: AnyNetwork) -> NetworkOutputs:
    """Return what is published of the network."""
    return {
        "vpcId": network.vpc_id,
        "publicSubnetIds": network.public_subnet_ids,
        "privateSubnetIds": network.private_subnet_ids,
        "endpointSecurityGroupId": network.endpoint_security_group_id,
    }
