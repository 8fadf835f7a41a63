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
        purpose = "Image layers and buckets through the S3 endpoint"
        made.append(_to_gateway(f"{name}-to-s3", group_id, purpose, endpoints["s3_prefix_list_id"], child))
    if "dynamodb_prefix_list_id" in endpoints:
        purpose = "Tables through the DynamoDB endpoint"
        made.append(_to_gateway(f"{name}-to-dynamodb", group_id, purpose, endpoints["dynamodb_prefix_list_id"], child))
    return made


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
