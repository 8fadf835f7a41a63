"""The rules by which load balancers reach the tasks of a service."""

from collections.abc import Iterable

import pulumi
import pulumi_aws as aws

from ..tasks.args import is_bridge
from .args import ServiceArgs
from .ways_in import Opening


def from_load_balancers(
    name: str, values: ServiceArgs, group_id: pulumi.Input[str], openings: Iterable[Opening], parent: pulumi.Resource
) -> list[pulumi.Resource]:
    """Return the rules by which load balancers reach the tasks; none in bridge mode."""
    if is_bridge(values):
        return []
    made: list[pulumi.Resource] = []
    for index, opening in enumerate(openings):
        made += _opened(name, values, group_id, opening, parent, first=index == 0)
    return made


def _opened(
    name: str,
    values: ServiceArgs,
    group_id: pulumi.Input[str],
    opening: Opening,
    parent: pulumi.Resource,
    *,
    first: bool,
) -> list[pulumi.Resource]:
    balancer = values["load_balancer_security_group_id"]
    if opening.network:
        balancer = values.get("network_load_balancer_security_group_id", balancer)
    # Each kind of load balancer and each port has a name of its own: when one changes, the old tasks are reached until
    # the new ones serve.
    before = f"{name}-from-{'network-' if opening.network else ''}load-balancer"
    label = f"{before}-{opening.port}{'' if opening.transport == 'tcp' else f'-{opening.transport}'}"
    opts = pulumi.ResourceOptions(parent=parent, aliases=[pulumi.Alias(name=before)] if first else None)
    admitted = aws.vpc.SecurityGroupIngressRule(
        label,
        security_group_id=group_id,
        description="Requests from the load balancer",
        ip_protocol=opening.transport,
        from_port=opening.port,
        to_port=opening.port,
        referenced_security_group_id=balancer,
        opts=opts,
    )
    allowed = aws.vpc.SecurityGroupEgressRule(
        label,
        security_group_id=balancer,
        description=f"Requests to the service {values['service_name']}",
        ip_protocol=opening.transport,
        from_port=opening.port,
        to_port=opening.port,
        referenced_security_group_id=group_id,
        opts=opts,
    )
    return [admitted, allowed]
