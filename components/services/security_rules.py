"""The security group of a service's tasks, and its rules: who reaches the tasks, and what they reach."""

import pulumi
import pulumi_aws as aws

from ..common import egress_rules
from ..tasks.args import is_bridge
from .args import KeptArgs, ServiceArgs


def tasks_group(
    name: str, values: KeptArgs, child: pulumi.ResourceOptions
) -> tuple[pulumi.Input[str], list[pulumi.Resource]]:
    """Return the id of the tasks' security group, and the rules without which no task can start.

    In bridge mode the group is the instances', and no rule is added.
    """
    if is_bridge(values):
        return values["instance_security_group_id"], []
    group = aws.ec2.SecurityGroup(
        name,
        description=f"Tasks of the service {values['service_name']}",
        vpc_id=values["vpc_id"],
        opts=child,
    )
    caller = f"the service {values['service_name']}"
    ways_out = egress_rules.to_ranges(name, group.id, values["egress"], child, ipv6=values["ipv6"])
    return group.id, [*ways_out, *egress_rules.to_endpoints(name, group.id, caller, values, child)]


def from_load_balancer(
    name: str, values: ServiceArgs, group_id: pulumi.Input[str], child: pulumi.ResourceOptions
) -> list[pulumi.Resource]:
    """Return the rules by which the load balancer reaches the tasks; none in bridge mode."""
    if is_bridge(values):
        return []
    port = int(values["container_port"])
    balancer = values["load_balancer_security_group_id"]
    # Each kind of load balancer and each port has a name of its own: when one changes, the old tasks are reached until
    # the new ones serve.
    before = f"{name}-from-{'network-' if 'network_listener' in values else ''}load-balancer"
    label = f"{before}-{port}"
    opts = pulumi.ResourceOptions(parent=child.parent, aliases=[pulumi.Alias(name=before)])
    admitted = aws.vpc.SecurityGroupIngressRule(
        label,
        security_group_id=group_id,
        description="Requests from the load balancer",
        ip_protocol="tcp",
        from_port=port,
        to_port=port,
        referenced_security_group_id=balancer,
        opts=opts,
    )
    allowed = aws.vpc.SecurityGroupEgressRule(
        label,
        security_group_id=balancer,
        description=f"Requests to the service {values['service_name']}",
        ip_protocol="tcp",
        from_port=port,
        to_port=port,
        referenced_security_group_id=group_id,
        opts=opts,
    )
    return [admitted, allowed]
