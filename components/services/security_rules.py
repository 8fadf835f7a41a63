"""The security group of a service's tasks, and the rules through which they are reached and reach others."""

from typing import cast

import pulumi
import pulumi_aws as aws

from ..common import egress_rules
from .args import ServiceArgs


def security_group(name: str, values: ServiceArgs, child: pulumi.ResourceOptions) -> aws.ec2.SecurityGroup:
    """Make the tasks' security group: in from the load balancer, out to what the egress rules say."""
    port = int(values["container_port"])
    group = aws.ec2.SecurityGroup(
        name,
        description=f"Tasks of the service {values['service_name']}",
        vpc_id=values["vpc_id"],
        opts=child,
    )
    balancer = values["load_balancer_security_group_id"]
    # Of another name for each kind: at a change of kind the old tasks are reached until the new ones serve.
    label = f"{name}-from-{'network-' if 'network_listener' in values else ''}load-balancer"
    aws.vpc.SecurityGroupIngressRule(
        label,
        security_group_id=group.id,
        description="Requests from the load balancer",
        ip_protocol="tcp",
        from_port=port,
        to_port=port,
        referenced_security_group_id=balancer,
        opts=child,
    )
    aws.vpc.SecurityGroupEgressRule(
        label,
        security_group_id=balancer,
        description=f"Requests to the service {values['service_name']}",
        ip_protocol="tcp",
        from_port=port,
        to_port=port,
        referenced_security_group_id=group.id,
        opts=child,
    )
    egress_rules.to_ranges(name, group.id, values["egress"], child, ipv6=values["ipv6"])
    return group


def endpoint_rules(
    name: str, values: ServiceArgs, group: aws.ec2.SecurityGroup, child: pulumi.ResourceOptions
) -> list[pulumi.Resource]:
    """Return the rules that let the tasks call AWS through the VPC's endpoints, without which they cannot start."""
    caller = f"the service {values['service_name']}"
    return egress_rules.to_endpoints(name, group.id, caller, cast(egress_rules.EndpointsToReach, values), child)
