"""A Network Load Balancer, for services that need a static address or a protocol other than HTTP."""

from collections.abc import Sequence
from typing import Any

import pulumi
import pulumi_aws as aws

from ..common import ingress_rules
from ..common.arguments import complete
from .args import (
    NETWORK_LOAD_BALANCER_DEFAULTS,
    NETWORK_LOAD_BALANCER_LINK_DEFAULTS,
    PRIVATE_RANGES,
    NetworkLoadBalancerArgs,
)


class NetworkLoadBalancer(pulumi.ComponentResource):
    """`container-platform:index:NetworkLoadBalancer`: a Network Load Balancer; services add their listeners.

    Creates: an `aws:lb/loadBalancer:LoadBalancer` and its security group with one ingress rule for each port and range
    and no egress (services add theirs).
    Optional: an `aws:ec2/eip:Eip` for each subnet.
    Needs: subnets.
    """

    arn: pulumi.Output[str]
    """ARN of the load balancer, for the listeners that services add."""
    dns_name: pulumi.Output[str]
    """DNS name of the load balancer."""
    zone_id: pulumi.Output[str]
    """Hosted zone id of that name, for alias records."""
    security_group_id: pulumi.Output[str]
    """Id of its security group, for the rules that services add."""
    addresses: pulumi.Output[list[str]]
    """The static addresses, in the order of the subnets; empty without static addresses."""

    def __init__(self, name: str, args: NetworkLoadBalancerArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        values = complete(
            NetworkLoadBalancerArgs, args, NETWORK_LOAD_BALANCER_DEFAULTS, NETWORK_LOAD_BALANCER_LINK_DEFAULTS
        )
        super().__init__("container-platform:index:NetworkLoadBalancer", name, {}, opts)
        security_group = self._security_group(name, values)
        addresses = self._addresses(name, values)
        load_balancer = aws.lb.LoadBalancer(
            name,
            load_balancer_type="network",
            internal=values["internal"],
            # Used without static addresses too: the provider cannot change from the other form (its issue 40060).
            subnet_mappings=pulumi.Output.all(
                subnet_ids=values["subnet_ids"], allocation_ids=[address.id for address in addresses]
            ).apply(lambda known: _mappings(**known)),
            # AWS adds no security group to a load balancer that was made without one.
            security_groups=[security_group.id],
            enable_cross_zone_load_balancing=values["cross_zone"],
            enable_deletion_protection=values["protect"],
            opts=pulumi.ResourceOptions(
                parent=self,
                # A new one cannot have the addresses while the old one has them.
                delete_before_replace=True,
                # Refuses a replacement before it begins. AWS would refuse it only after the listeners are deleted.
                protect=values["protect"],
            ),
        )
        self.arn = load_balancer.arn
        self.dns_name = load_balancer.dns_name
        self.zone_id = load_balancer.zone_id
        self.security_group_id = security_group.id
        self.addresses = pulumi.Output.all(*[address.public_ip for address in addresses])
        self.register_outputs(
            {
                "arn": self.arn,
                "dns_name": self.dns_name,
                "zone_id": self.zone_id,
                "security_group_id": self.security_group_id,
                "addresses": self.addresses,
            }
        )

    def _addresses(self, name: str, values: NetworkLoadBalancerArgs) -> list[aws.ec2.Eip]:
        """Make the static addresses. They outlive the load balancer, since firewall rules elsewhere name them."""
        count = int(values["subnet_count"]) if values["static_addresses"] else 0
        return [
            aws.ec2.Eip(
                f"{name}-{number}",
                domain="vpc",
                opts=pulumi.ResourceOptions(parent=self, protect=values["protect"]),
            )
            for number in range(1, count + 1)
        ]

    def _security_group(self, name: str, values: NetworkLoadBalancerArgs) -> aws.ec2.SecurityGroup:
        group = aws.ec2.SecurityGroup(
            name,
            description="Network load balancer: who may connect, and to which services",
            vpc_id=values["vpc_id"],
            opts=pulumi.ResourceOptions(parent=self),
        )
        everybody = PRIVATE_RANGES if values["internal"] else ["0.0.0.0/0"]
        blocks, child = values.get("allowed_cidr_blocks", everybody), pulumi.ResourceOptions(parent=self)
        for transport, listed in (("tcp", values["ports"]), ("udp", values["udp_ports"])):
            ports = sorted({int(port) for port in listed})
            ingress_rules.from_ranges(name, group.id, ports, blocks, child, transport)
        return group


def _mappings(subnet_ids: Sequence[str], allocation_ids: Sequence[str]) -> list[Any]:
    if not allocation_ids:
        return [{"subnet_id": subnet} for subnet in subnet_ids]
    if len(subnet_ids) != len(allocation_ids):
        raise pulumi.RunError(
            f"{len(allocation_ids)} static addresses for {len(subnet_ids)} subnets: each subnet needs exactly one"
        )
    return [
        {"subnet_id": subnet, "allocation_id": allocation}
        for subnet, allocation in zip(subnet_ids, allocation_ids, strict=True)
    ]
