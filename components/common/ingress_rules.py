"""Who may connect to a load balancer: rules of its security group, one for each port and range."""

from collections.abc import Iterable

import pulumi
import pulumi_aws as aws


def from_ranges(
    name: str,
    group_id: pulumi.Input[str],
    ports: Iterable[int],
    blocks: Iterable[str],
    child: pulumi.ResourceOptions,
    transport: str = "tcp",
) -> None:
    """Let ranges of addresses, IPv4 or IPv6, connect to ports of a group."""
    ranges = list(blocks)
    of = "" if transport == "tcp" else f"{transport}-"
    for port in ports:
        for block in ranges:
            ipv6 = ":" in block
            # Two colons would part the resource's URN.
            label = f"ipv6-{block.replace('::', '-')}" if ipv6 else block
            aws.vpc.SecurityGroupIngressRule(
                f"{name}-{of}{port}-{label}",
                security_group_id=group_id,
                description=f"{'UDP port' if of else 'Port'} {port} from {block}",
                ip_protocol=transport,
                from_port=port,
                to_port=port,
                cidr_ipv4=None if ipv6 else block,
                cidr_ipv6=block if ipv6 else None,
                opts=child,
            )
