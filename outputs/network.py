"""The contract with other projects: what is published of the network."""

from typing import TypedDict

import pulumi


class NetworkOutputs(TypedDict):
    """What is published of the network."""

    vpcId: pulumi.Input[str]
    """Id of the VPC."""
    publicSubnetIds: pulumi.Input[list[str]]
    """Ids of the public subnets."""
    privateSubnetIds: pulumi.Input[list[str]]
    """Ids of the private subnets."""
    endpointSecurityGroupId: pulumi.Input[str]
    """Id of the security group of the VPC's interface endpoints, for rules of further services; empty without them."""
