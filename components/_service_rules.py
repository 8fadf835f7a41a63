"""The security group of a service's tasks, and the rules through which they are reached and reach others."""

from typing import TYPE_CHECKING

import pulumi
import pulumi_aws as aws

if TYPE_CHECKING:
    from .service import ServiceArgs


def security_group(name: str, values: "ServiceArgs", child: pulumi.ResourceOptions) -> aws.ec2.SecurityGroup:
    """Make the tasks' security group: in from the load balancer, out to what the egress rules say."""
    port = int(values["container_port"])
    group = aws.ec2.SecurityGroup(
        name,
        description=f"Tasks of the service {values['service_name']}",
        vpc_id=values["vpc_id"],
        opts=child,
    )
    balancer = values["load_balancer_security_group_id"]
    aws.vpc.SecurityGroupIngressRule(
        f"{name}-from-load-balancer",
        security_group_id=group.id,
        description="Requests from the load balancer",
        ip_protocol="tcp",
        from_port=port,
        to_port=port,
        referenced_security_group_id=balancer,
        opts=child,
    )
    aws.vpc.SecurityGroupEgressRule(
        f"{name}-from-load-balancer",
        security_group_id=balancer,
        description=f"Requests to the service {values['service_name']}",
        ip_protocol="tcp",
        from_port=port,
        to_port=port,
        referenced_security_group_id=group.id,
        opts=child,
    )
    for rule in values["egress"]:
        aws.vpc.SecurityGroupEgressRule(
            f"{name}-to-{int(rule['port'])}-{rule['cidr_block']}",
            security_group_id=group.id,
            description=f"Port {int(rule['port'])} at {rule['cidr_block']}",
            ip_protocol="tcp",
            from_port=int(rule["port"]),
            to_port=int(rule["port"]),
            cidr_ipv4=rule["cidr_block"],
            opts=child,
        )
        if values["ipv6"] and rule["cidr_block"] == "0.0.0.0/0":
            aws.vpc.SecurityGroupEgressRule(
                f"{name}-to-{int(rule['port'])}-ipv6",
                security_group_id=group.id,
                description=f"Port {int(rule['port'])} at ::/0",
                ip_protocol="tcp",
                from_port=int(rule["port"]),
                to_port=int(rule["port"]),
                cidr_ipv6="::/0",
                opts=child,
            )
    return group


def endpoint_rules(
    name: str, values: "ServiceArgs", group: aws.ec2.SecurityGroup, child: pulumi.ResourceOptions
) -> list[pulumi.Resource]:
    """Return the rules that let the tasks call AWS through the VPC's endpoints, without which they cannot start."""
    rules: list[pulumi.Resource] = []
    if "endpoint_security_group_id" in values:
        endpoints = values["endpoint_security_group_id"]
        rules += [
            aws.vpc.SecurityGroupEgressRule(
                f"{name}-to-endpoints",
                security_group_id=group.id,
                description="Calls to AWS through VPC endpoints",
                referenced_security_group_id=endpoints,
                ip_protocol="tcp",
                from_port=443,
                to_port=443,
                opts=child,
            ),
            aws.vpc.SecurityGroupIngressRule(
                f"{name}-to-endpoints",
                security_group_id=endpoints,
                description=f"Calls from the service {values['service_name']}",
                referenced_security_group_id=group.id,
                ip_protocol="tcp",
                from_port=443,
                to_port=443,
                opts=child,
            ),
        ]
    if "s3_prefix_list_id" in values:
        rules.append(
            aws.vpc.SecurityGroupEgressRule(
                f"{name}-to-s3",
                security_group_id=group.id,
                description="Image layers and buckets through the S3 endpoint",
                prefix_list_id=values["s3_prefix_list_id"],
                ip_protocol="tcp",
                from_port=443,
                to_port=443,
                opts=child,
            )
        )
    return rules
