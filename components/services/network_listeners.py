"""A service's own listener on a Network Load Balancer, and the targets behind it."""

from typing import TypedDict, cast

import pulumi
import pulumi_aws as aws

from ..balancing.args import TLS_POLICY
from .args import NETWORK_LISTENER_DEFAULTS, HealthCheck, ListenerProtocol, NetworkListenerArgs


class Target(TypedDict):
    """What is behind the listener.

    :ivar name: the target group's, from which the engine makes one that is free.
    """

    name: str
    port: int
    target_type: str
    vpc_id: pulumi.Input[str]
    health_check_path: str


def target_group(args: NetworkListenerArgs, target: Target, opts: pulumi.ResourceOptions) -> aws.lb.TargetGroup:
    """Make the target group of a service's listener."""
    values = cast(NetworkListenerArgs, {**NETWORK_LISTENER_DEFAULTS, **args})
    by_http = HealthCheck(values["health_check"]) is HealthCheck.HTTP
    return aws.lb.TargetGroup(
        target["name"],
        port=target["port"],
        protocol="TCP",
        target_type=target["target_type"],
        vpc_id=target["vpc_id"],
        deregistration_delay=60,
        # A client whose connection outlives the delay is told so, instead of talking to a task that is gone.
        connection_termination=True,
        preserve_client_ip="true" if values["preserve_client_ip"] else "false",
        health_check=aws.lb.TargetGroupHealthCheckArgs(
            protocol=HealthCheck(values["health_check"]).value,
            path=target["health_check_path"] if by_http else None,
            matcher="200" if by_http else None,
            interval=30,
            timeout=5,
            healthy_threshold=2,
            unhealthy_threshold=3,
        ),
        opts=opts,
    )


def listener(
    name: str,
    load_balancer_arn: pulumi.Input[str],
    args: NetworkListenerArgs,
    targets: aws.lb.TargetGroup,
    opts: pulumi.ResourceOptions,
) -> aws.lb.Listener:
    """Make the listener of a service."""
    values = cast(NetworkListenerArgs, {**NETWORK_LISTENER_DEFAULTS, **args})
    protocol = ListenerProtocol(values["protocol"])
    return aws.lb.Listener(
        name,
        load_balancer_arn=load_balancer_arn,
        port=int(values["port"]),
        protocol=protocol.value,
        ssl_policy=TLS_POLICY if protocol is ListenerProtocol.TLS else None,
        certificate_arn=values.get("certificate_arn"),
        default_actions=[aws.lb.ListenerDefaultActionArgs(type="forward", target_group_arn=targets.arn)],
        opts=opts,
    )
