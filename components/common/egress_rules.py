"""Egress rules of a security group, for the tasks of services and for instances."""

from collections.abc import Sequence

import pulumi
import pulumi_aws as aws

from .args import EgressRuleArgs, EndpointsToReach


def to_ranges(
    name: str,
    group_id: pulumi.Input[str],
    rules: Sequence[EgressRuleArgs],
    child: pulumi.ResourceOptions,
    *,
    ipv6: bool,
) -> list[pulumi.Resource]:
    """Let a group connect to IPv4 ranges; with IPv6, a rule for every IPv4 address adds one for every IPv6 address."""
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
    """Let a group call AWS through the VPC's endpoints, and let the endpoints admit it.

    Args:
        name: start of the rules' names.
        group_id: id of the group.
        caller: name of the caller, for the rule's description.
        endpoints: the endpoints; without any, no rule is made.
        child: options of the rules.
    """
    made: list[pulumi.Resource] = []
    if "endpoint_security_group_id" in endpoints:
        purposes = ("Calls to AWS through VPC endpoints", f"Calls from {caller}")
        admitting = endpoints["endpoint_security_group_id"]
        made += to_group(f"{name}-to-endpoints", group_id, admitting, 443, purposes, child)
    if "s3_prefix_list_id" in endpoints:
        purpose = "Image layers and buckets through the S3 endpoint"
        made.append(_to_gateway(f"{name}-to-s3", group_id, purpose, endpoints["s3_prefix_list_id"], child))
    if "dynamodb_prefix_list_id" in endpoints:
        purpose = "Tables through the DynamoDB endpoint"
        made.append(_to_gateway(f"{name}-to-dynamodb", group_id, purpose, endpoints["dynamodb_prefix_list_id"], child))
    return made


def to_group(
    name: str,
    group_id: pulumi.Input[str],
    admitting_id: pulumi.Input[str],
    port: pulumi.Input[int],
    purposes: tuple[str, str],
    child: pulumi.ResourceOptions,
) -> list[pulumi.Resource]:
    """Let a group connect to a port of another one, and let that admit it.

    Args:
        name: name of both rules.
        group_id: id of the group that connects.
        admitting_id: id of the other one.
        port: TCP port.
        purposes: what the rules say that they are for, where the connection leaves and where it arrives.
        child: options of the rules.
    """
    leaving, arriving = purposes
    return [
        aws.vpc.SecurityGroupEgressRule(
            name,
            security_group_id=group_id,
            description=leaving,
            referenced_security_group_id=admitting_id,
            ip_protocol="tcp",
            from_port=port,
            to_port=port,
            opts=child,
        ),
        aws.vpc.SecurityGroupIngressRule(
            name,
            security_group_id=admitting_id,
            description=arriving,
            referenced_security_group_id=group_id,
            ip_protocol="tcp",
            from_port=port,
            to_port=port,
            opts=child,
        ),
    ]


def _to_gateway(
    name: str,
    group_id: pulumi.Input[str],
    purpose: str,
    prefix_list_id: pulumi.Input[str],
    child: pulumi.ResourceOptions,
) -> pulumi.Resource:
    return aws.vpc.SecurityGroupEgressRule(
        name,
        security_group_id=group_id,
        description=purpose,
        prefix_list_id=prefix_list_id,
        ip_protocol="tcp",
        from_port=443,
        to_port=443,
        opts=child,
    )
