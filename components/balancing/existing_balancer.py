"""Facts about a load balancer that exists already, and why services could not use it."""

from collections.abc import Sequence
from typing import NamedTuple

import pulumi
import pulumi_aws as aws


class Facts(NamedTuple):
    """A listener and its load balancer.

    :ivar default_action: type of the action for requests that match no rule.
    """

    listener_arn: str
    port: int
    protocol: str
    default_action: str
    load_balancer_arn: str
    kind: str
    vpc_id: str
    dns_name: str
    zone_id: str
    security_group_ids: tuple[str, ...]


def read(listener_arn: str, opts: pulumi.InvokeOptions) -> Facts | None:
    """Ask AWS for a listener; None if there is none of that ARN."""
    try:
        listener = aws.lb.get_listener(arn=listener_arn, opts=opts)
        balancer = aws.lb.get_load_balancer(arn=listener.load_balancer_arn, opts=opts)
    except Exception as error:
        # The provider's messages and ELB's. Any other error is raised as it is.
        if any(words in str(error) for words in ("no matching", "couldn't find resource", "NotFound", "empty result")):
            return None
        raise
    return Facts(
        listener_arn=listener_arn,
        port=int(listener.port),
        protocol=listener.protocol,
        default_action=next((action.type for action in listener.default_actions), ""),
        load_balancer_arn=listener.load_balancer_arn,
        kind=balancer.load_balancer_type,
        vpc_id=balancer.vpc_id,
        dns_name=balancer.dns_name,
        zone_id=balancer.zone_id,
        security_group_ids=tuple(balancer.security_groups),
    )


def faults(facts: Facts, vpc_id: str, group_id: str | None, *, needs_https: bool = False) -> list[str]:
    """List every reason for which services cannot use it."""
    if facts.kind != "application":
        return [f"its load balancer is of type {facts.kind}. Services need an application load balancer."]
    found = []
    if facts.vpc_id != vpc_id:
        found.append(f"its load balancer is in {facts.vpc_id}, but the services are in {vpc_id}.")
    if facts.default_action == "redirect":
        found.append("it redirects requests. Name the listener that serves them, probably the one on port 443.")
    if needs_https and facts.protocol != "HTTPS":
        found.append(f"it is {facts.protocol}. Logins, gRPC and HTTP/2 of services need an HTTPS listener.")
    found += _group_faults(facts.security_group_ids, group_id)
    return found


def _group_faults(groups: Sequence[str], group_id: str | None) -> list[str]:
    listed = ", ".join(groups) or "none"
    if group_id and group_id not in groups:
        return [f"its load balancer does not have security group {group_id}. It has: {listed}."]
    if not group_id and not groups:
        return ["its load balancer has no security group. Add one: services add their rules to it."]
    if not group_id and len(groups) > 1:
        remedy = "Set securityGroupId to the one that gets the services' rules."
        return [f"its load balancer has several security groups. {remedy} It has: {listed}."]
    return []


def group_of(facts: Facts, group_id: str | None) -> str:
    """Return the security group that services add rules to."""
    return group_id or facts.security_group_ids[0]
