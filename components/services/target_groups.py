"""Target groups: how the load balancer passes requests and connections on to tasks, and checks them."""

from typing import Any

import pulumi
import pulumi_aws as aws

from ..tasks.args import NetworkMode
from .args import ServiceArgs, target_type
from .routing_args import TARGET_PORT
from .target_args import (
    COOKIE_SECONDS,
    HEALTHY_THRESHOLD,
    INTERVAL_SECONDS,
    UNHEALTHY_THRESHOLD,
    Algorithm,
    ProtocolVersion,
    timeout_seconds,
)
from .ways_in import Check, WayIn, datagrams, target_group_name


def target_group(
    way: WayIn, checked: Check, service: ServiceArgs, parent: pulumi.Resource, version: ProtocolVersion | None = None
) -> aws.lb.TargetGroup:
    """Make the target group of a way in.

    Args:
        way: the way in.
        checked: what it asks tasks for.
        service: the service's arguments, completed.
        parent: the component.
        version: what is spoken with the tasks, if not what the way in says.
    """
    spoken = version or way.version
    return aws.lb.TargetGroup(
        # Without a fixed name, so that a replacement can be made before the old one is deleted.
        target_group_name(way.name, spoken),
        port=TARGET_PORT,
        protocol=way.group_protocol,
        protocol_version=spoken.value if way.listener is None else None,
        target_type=target_type(NetworkMode(service["network_mode"])),
        vpc_id=service["vpc_id"],
        deregistration_delay=int(way.chosen["deregistration_delay_seconds"]),
        health_check=_health_check(way, checked),
        stickiness=_stickiness(way),
        **(_of_connections(way) if way.listener else _of_requests(way)),
        opts=pulumi.ResourceOptions(parent=parent, ignore_changes=["port"]),
    )


def _of_requests(way: WayIn) -> dict[str, Any]:
    return {
        "load_balancing_algorithm_type": Algorithm(way.chosen["algorithm"]).value,
        "slow_start": int(way.chosen["slow_start_seconds"]),
    }


def _of_connections(way: WayIn) -> dict[str, Any]:
    preserved = datagrams(way) or bool(way.listener and way.listener["preserve_client_ip"])
    return {
        # A connection that outlives the delay is ended, so that its client does not wait for a task that is gone.
        "connection_termination": True,
        "preserve_client_ip": "true" if preserved else "false",
    }


def _health_check(way: WayIn, checked: Check) -> aws.lb.TargetGroupHealthCheckArgs:
    given = way.chosen["health_check"]
    protocol = None if way.listener is None else ("HTTP" if checked.path else "TCP")
    return aws.lb.TargetGroupHealthCheckArgs(
        protocol=protocol,
        path=checked.path or None,
        matcher=checked.matcher or None,
        port=str(checked.port) if checked.port else None,
        interval=int(given.get("interval_seconds", INTERVAL_SECONDS)),
        timeout=int(timeout_seconds(given)),
        healthy_threshold=int(given.get("healthy_threshold", HEALTHY_THRESHOLD)),
        unhealthy_threshold=int(given.get("unhealthy_threshold", UNHEALTHY_THRESHOLD)),
    )


def _stickiness(way: WayIn) -> aws.lb.TargetGroupStickinessArgs:
    """Return how clients stay; also that they do not, since a block that is only left out changes nothing."""
    wanted = way.chosen.get("sticky_sessions")
    if way.listener:
        return aws.lb.TargetGroupStickinessArgs(type="source_ip", enabled=wanted is not None)
    seconds = int((wanted or {}).get("cookie_seconds", COOKIE_SECONDS))
    if wanted and "cookie_name" in wanted:
        return aws.lb.TargetGroupStickinessArgs(
            type="app_cookie", enabled=True, cookie_name=wanted["cookie_name"], cookie_duration=seconds
        )
    return aws.lb.TargetGroupStickinessArgs(type="lb_cookie", enabled=wanted is not None, cookie_duration=seconds)
