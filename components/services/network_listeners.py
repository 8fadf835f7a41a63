"""A service's own listener on a Network Load Balancer, and the target group behind it."""

import pulumi
import pulumi_aws as aws

from ..balancing.args import TLS_POLICY
from ..common.arguments import complete
from .args import ServiceArgs
from .routing_args import NETWORK_LISTENER_DEFAULTS, TARGET_PORT, HealthCheck, ListenerProtocol, NetworkListenerArgs


def target_group(
    name: str, args: NetworkListenerArgs, service: ServiceArgs, opts: pulumi.ResourceOptions
) -> aws.lb.TargetGroup:
    """Make the target group behind a service's listener."""
    values = complete(NetworkListenerArgs, args, NETWORK_LISTENER_DEFAULTS)
    by_http = HealthCheck(values["health_check"]) is HealthCheck.HTTP
    return aws.lb.TargetGroup(
        name,
        port=TARGET_PORT,
        protocol="TCP",
        target_type="ip",
        vpc_id=service["vpc_id"],
        deregistration_delay=60,
        # A connection that outlives the delay is ended, so that its client does not wait for a task that is gone.
        connection_termination=True,
        preserve_client_ip="true" if values["preserve_client_ip"] else "false",
        health_check=aws.lb.TargetGroupHealthCheckArgs(
            protocol=HealthCheck(values["health_check"]).value,
            path=service.get("checked_path", service["health_check_path"]) if by_http else None,
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
    """Make a service's listener."""
    values = complete(NetworkListenerArgs, args, NETWORK_LISTENER_DEFAULTS)
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
