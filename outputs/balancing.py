"""The contract with other projects: what is published of the load balancers."""

from collections.abc import Mapping
from typing import TypedDict

import pulumi


class BalancingOutputs(TypedDict):
    """What is published of the load balancers."""

    url: pulumi.Input[str]
    """Where the load balancer answers."""
    loadBalancerDnsName: pulumi.Input[str]
    """DNS name of the load balancer."""
    loadBalancerZoneId: pulumi.Input[str]
    """Hosted zone id of that name, for alias records."""
    loadBalancerSecurityGroupId: pulumi.Input[str]
    """Id of the load balancer's security group."""
    listenerArn: pulumi.Input[str]
    """ARN of the listener that serves, for rules of further services."""
    listenerArns: pulumi.Input[Mapping[str, str]]
    """ARN of each of the load balancer's listeners by its port, `80` and with HTTPS `443`; of one that was there
    already, the one that serves."""
    loadBalancerArn: pulumi.Input[str]
    """ARN of the load balancer."""
    certificateArn: pulumi.Input[str]
    """ARN of the certificate for the domain; empty without a domain."""
    networkLoadBalancerArn: pulumi.Input[str]
    """ARN of the network load balancer, for listeners of further services; empty without one, as all of it is."""
    networkLoadBalancerDnsName: pulumi.Input[str]
    """DNS name of the network load balancer."""
    networkLoadBalancerZoneId: pulumi.Input[str]
    """Hosted zone id of that name, for alias records."""
    networkLoadBalancerSecurityGroupId: pulumi.Input[str]
    """Id of the network load balancer's security group."""
    networkLoadBalancerAddresses: pulumi.Input[list[str]]
    """Static addresses of the network load balancer, for others' firewalls; none unless they were asked for."""
