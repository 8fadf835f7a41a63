"""How requests reach a service: target groups behind rules of a shared listener, or behind listeners of their own."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import pulumi
import pulumi_aws as aws

from ..balancing import listener_rules
from . import login, network_listeners
from .args import MovingArgs, ServiceArgs
from .ecs_service import Targets
from .target_args import ProtocolVersion
from .target_groups import target_group
from .ways_in import Check, WayIn


class Way(NamedTuple):
    """A way in, and where it leads."""

    way: WayIn
    group: aws.lb.TargetGroup
    earlier: aws.lb.TargetGroup | None
    """The target group that the requests go to until the tasks have moved; none if they need not."""
    attached: pulumi.Resource
    """Without it the target group has no load balancer, and ECS refuses the service."""
    leads: bool
    """Whether requests go there before the service is changed."""


def attached(ways: Sequence[WayIn], values: ServiceArgs, parent: pulumi.Resource) -> list[Way]:
    """Make the target groups, each with its listener or rule.

    A rule that leads requests away from tasks that serve comes later (`lead`): until then another one, which no request
    matches, attaches the new target group to the load balancer.
    """
    return [_attached(way, values, parent) for way in ways]


def _attached(way: WayIn, values: ServiceArgs, parent: pulumi.Resource) -> Way:
    moving = values["moving"].get(way.route)
    checked = Check(*values["checked"].get(way.route, way.check))
    if moving is None:
        group = target_group(way, checked, values, parent)
        return Way(way, group, None, _entrance(way, group, values, parent), leads=True)
    group, earlier = target_group(way, way.check, values, parent), None
    if "earlier_version" in moving:
        earlier = target_group(way, checked, values, parent, ProtocolVersion(moving["earlier_version"]))
    return Way(way, group, earlier, _placeholder(way, group, moving, values, parent), leads=False)


def lead(ways: Sequence[Way], service: aws.ecs.Service, values: ServiceArgs, parent: pulumi.Resource) -> None:
    """Make the rules by which requests go to tasks that have moved, once they have."""
    for one in ways:
        if not one.leads:
            _entrance(one.way, one.group, values, parent, service)


def targets(ways: Sequence[Way], containers: Mapping[int | str, tuple[str, int]]) -> list[Targets]:
    """Return where the load balancers find the tasks.

    Args:
        ways: the ways in.
        containers: name of the container and number of each port that they name.
    """
    return [
        Targets(group.arn, *containers[one.way.port])
        for one in ways
        for group in ([one.earlier, one.group] if one.earlier else [one.group])
    ]


def _entrance(
    way: WayIn,
    group: aws.lb.TargetGroup,
    values: ServiceArgs,
    parent: pulumi.Resource,
    after: pulumi.Resource | None = None,
) -> aws.lb.ListenerRule | aws.lb.Listener:
    name = way.entrance_name if values["named_by_entrance"] else way.name
    aliases: list[str | pulumi.Alias] = [] if way.route or name == way.name else [pulumi.Alias(name=way.name)]
    if (listener := way.listener) is not None:
        opts = pulumi.ResourceOptions(parent=parent, aliases=aliases)
        return network_listeners.listener(name, values["network_load_balancer_arn"], listener, group, opts)
    # A redirect or a fixed response that gives its priority up hands the rule over.
    aliases.append(listener_rules.alias("Answers", name))
    return aws.lb.ListenerRule(
        name,
        listener_arn=values["listener_arn"],
        priority=way.priority,
        conditions=listener_rules.api_conditions(way.chosen["hosts"], way.chosen["paths"], way.chosen["headers"]),
        actions=login.actions(way.chosen.get("authentication"), group.arn),
        opts=pulumi.ResourceOptions(parent=parent, aliases=aliases, depends_on=[after] if after else None),
    )


def _placeholder(
    way: WayIn, group: aws.lb.TargetGroup, moving: MovingArgs, values: ServiceArgs, parent: pulumi.Resource
) -> aws.lb.ListenerRule:
    number = int(moving["priority"])
    return aws.lb.ListenerRule(
        f"priority-{number}" if values["named_by_entrance"] else f"{way.name}-moving",
        listener_arn=values["listener_arn"],
        priority=number,
        # No client asks for a host of this domain (RFC 6761).
        conditions=listener_rules.api_conditions([f"{way.name}.invalid"], [], {}),
        actions=login.actions(None, group.arn),
        opts=pulumi.ResourceOptions(parent=parent),
    )
