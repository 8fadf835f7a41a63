"""A Network Load Balancer, for services that need a fixed address or speak something else than HTTP."""

from collections.abc import Sequence
from typing import Any, Final, cast

import pulumi
import pulumi_aws as aws

from ..common import ingress_rules
from .args import NETWORK_LOAD_BALANCER_DEFAULTS, NetworkLoadBalancerArgs

PRIVATE_RANGES: Final = ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16"]
"""The ranges of private networks (RFC 1918)."""


class NetworkLoadBalancer(pulumi.ComponentResource):
    """`container-platform:index:NetworkLoadBalancer`: a Network Load Balancer whose listeners are the services' own.

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
    """The static addresses, in the order of the subnets; empty where none were asked for."""

    def __init__(self, name: str, args: NetworkLoadBalancerArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("container-platform:index:NetworkLoadBalancer", name, {}, opts)
        values = cast(NetworkLoadBalancerArgs, {**NETWORK_LOAD_BALANCER_DEFAULTS, **args})
        security_group = self._security_group(name, values)
        addresses = self._addresses(name, values)
        load_balancer = aws.lb.LoadBalancer(
            name,
            load_balancer_type="network",
            internal=values["internal"],
            # Also without static addresses: the provider fails at a change from the other form (its issue 40060).
            subnet_mappings=pulumi.Output.all(
                subnet_ids=values["subnet_ids"], allocation_ids=[address.id for address in addresses]
            ).apply(lambda known: _mappings(**known)),
            # From the beginning: AWS gives none to a load balancer that was made without.
            security_groups=[security_group.id],
            enable_cross_zone_load_balancing=values["cross_zone"],
            enable_deletion_protection=values["protect"],
            opts=pulumi.ResourceOptions(
                parent=self,
                # A new one cannot have the addresses as long as the old one has them.
                delete_before_replace=True,
                # Else a replacement would be refused only once the listeners are gone.
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
        """Make the static addresses, which know nothing of the load balancer: they are others' firewall rules."""
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
        ports = sorted({int(port) for port in values["ports"]})
        blocks = values.get("allowed_cidr_blocks", everybody)
        ingress_rules.from_ranges(name, group.id, ports, blocks, pulumi.ResourceOptions(parent=self))
        return group


def _mappings(subnet_ids: Sequence[str], allocation_ids: Sequence[str]) -> list[Any]:
    if not allocation_ids:
        return [{"subnet_id": subnet} for subnet in subnet_ids]
    if len(subnet_ids) != len(allocation_ids):
        raise pulumi.RunError(f"{len(allocation_ids)} static addresses for {len(subnet_ids)} subnets: each needs one")
    return [
        {"subnet_id": subnet, "allocation_id": allocation}
        for subnet, allocation in zip(subnet_ids, allocation_ids, strict=True)
    ]
