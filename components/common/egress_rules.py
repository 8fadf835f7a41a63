"""What the members of a security group may connect to: rules of their own, for services and for instances alike."""

from collections.abc import Sequence
from typing import NotRequired, TypedDict

import pulumi
import pulumi_aws as aws

from .args import EgressRuleArgs


class EndpointsToReach(TypedDict):
    """The VPC's endpoints, as far as a component was told of them."""

    endpoint_security_group_id: NotRequired[pulumi.Input[str]]
    s3_prefix_list_id: NotRequired[pulumi.Input[str]]


def to_ranges(
    name: str,
    group_id: pulumi.Input[str],
    rules: Sequence[EgressRuleArgs],
    child: pulumi.ResourceOptions,
    *,
    ipv6: bool,
) -> list[pulumi.Resource]:
    """Let a group connect to ranges of addresses; with IPv6, every IPv4 address means every IPv6 address too."""
    made: list[pulumi.Resource] = []
    for rule in rules:
        port, block = int(rule["port"]), rule["cidr_block"]
        made.append(
            aws.vpc.SecurityGroupEgressRule(
                f"{name}-to-{port}-{block}",
                security_group_id=group_id,
                description=f"Port {port} at {block}",
                ip_protocol="tcp",
                from_port=port,
                to_port=port,
                cidr_ipv4=block,
                opts=child,
            )
        )
        if ipv6 and block == "0.0.0.0/0":
            made.append(
                aws.vpc.SecurityGroupEgressRule(
                    f"{name}-to-{port}-ipv6",
                    security_group_id=group_id,
                    description=f"Port {port} at ::/0",
                    ip_protocol="tcp",
                    from_port=port,
                    to_port=port,
                    cidr_ipv6="::/0",
                    opts=child,
                )
            )
    return made


def to_endpoints(
    name: str,
    group_id: pulumi.Input[str],
    caller: str,
    endpoints: EndpointsToReach,
    child: pulumi.ResourceOptions,
) -> list[pulumi.Resource]:
    """Let a group call AWS through the VPC's endpoints, which admit it then.

    Args:
        name: what the rules' names begin with.
        group_id: id of the group.
        caller: who calls, for the rule's description.
        endpoints: what there is to reach; nothing makes no rule.
        child: options of the rules.
    """
    made: list[pulumi.Resource] = []
    if "endpoint_security_group_id" in endpoints:
        admitting = endpoints["endpoint_security_group_id"]
        made += [
            aws.vpc.SecurityGroupEgressRule(
                f"{name}-to-endpoints",
                security_group_id=group_id,
                description="Calls to AWS through VPC endpoints",
                referenced_security_group_id=admitting,
                ip_protocol="tcp",
                from_port=443,
                to_port=443,
                opts=child,
            ),
            aws.vpc.SecurityGroupIngressRule(
                f"{name}-to-endpoints",
                security_group_id=admitting,
                description=f"Calls from {caller}",
                referenced_security_group_id=group_id,
                ip_protocol="tcp",
                from_port=443,
                to_port=443,
                opts=child,
            ),
        ]
    if "s3_prefix_list_id" in endpoints:
        made.append(
            aws.vpc.SecurityGroupEgressRule(
                f"{name}-to-s3",
                security_group_id=group_id,
                description="Image layers and buckets through the S3 endpoint",
                prefix_list_id=endpoints["s3_prefix_list_id"],
                ip_protocol="tcp",
                from_port=443,
                to_port=443,
                opts=child,
            )
        )
    return made
