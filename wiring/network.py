"""The network of the stack, and how what runs in it reaches AWS."""

import settings
from components import ExistingNetwork, Network, NetworkArgs
from components.common.args import EgressRuleArgs, EndpointsToReach
from components.network.args import NetworkChoices
from outputs.network import NetworkOutputs

from .found import Found
from .place import Place
from .storage import Stored

AnyNetwork = Network | ExistingNetwork


def network(platform: settings.Platform, place: Place, found: Found, stored: Stored) -> AnyNetwork:
    """Return the existing VPC, or make one."""
    if found.network:
        return found.network
    args: NetworkArgs = {
        **platform.network.given(NetworkChoices),
        "name_prefix": f"{place.path}/network",
        "role_path": place.role_path,
        "own_bucket_arns": [bucket.arn for bucket in stored.buckets.values()],
        "tables": platform.uses_tables,
        "instances": platform.cluster.has_instances,
        "protect": place.protect,
        "zone_names": [*found.zone_names],
    }
    return Network("network", args)


class Reach(EndpointsToReach, total=False):
    """What tasks or instances may connect to, as far as the network decides it."""

    egress: list[EgressRuleArgs]
    """Empty if endpoints are the only way out."""


def endpoints_to_reach(platform: settings.Platform, network: AnyNetwork, *, says_egress: bool, tables: bool) -> Reach:
    """Return the VPC's endpoints for tasks or instances; if there is no other way out, no egress unless they set it.

    Args:
        platform: the settings.
        network: the network.
        says_egress: whether the settings say where they connect to.
        tables: whether they use tables of DynamoDB.
    """
    if not platform.network.has_endpoints_to_open:
        return {}
    reach: Reach = {"endpoint_security_group_id": network.endpoint_security_group_id}
    if network.has_s3_endpoint:
        reach["s3_prefix_list_id"] = network.s3_prefix_list_id
    if tables and network.has_dynamodb_endpoint:
        reach["dynamodb_prefix_list_id"] = network.dynamodb_prefix_list_id
    if not (says_egress or network.reaches_internet):
        reach["egress"] = []
    return reach


def network_outputs(network: AnyNetwork) -> NetworkOutputs:
    """Return what is published of the network."""
    return {
        "vpcId": network.vpc_id,
        "publicSubnetIds": network.public_subnet_ids,
        "privateSubnetIds": network.private_subnet_ids,
        "endpointSecurityGroupId": network.endpoint_security_group_id,
    }
