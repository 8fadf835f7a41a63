"""A service's own listener on a Network Load Balancer."""

import pulumi
import pulumi_aws as aws

from ..balancing.args import TLS_POLICY
from .routing_args import ListenerProtocol, NetworkListenerArgs


def listener(
    name: str,
    load_balancer_arn: pulumi.Input[str],
    values: NetworkListenerArgs,
    targets: aws.lb.TargetGroup,
    opts: pulumi.ResourceOptions,
) -> aws.lb.Listener:
    """Make a service's listener, of completed arguments."""
    protocol = ListenerProtocol(values["protocol"])
    return aws.lb.Listener(
        name,
        load_balancer_arn=load_balancer_arn,
        port=int(values["port"]),
        protocol=protocol.value,
        ssl_policy=TLS_POLICY if protocol is ListenerProtocol.TLS else None,
        certificate_arn=values.get("certificate_arn"),
        # Always said for TCP: one that is only left out stays as it was.
        tcp_idle_timeout_seconds=int(values["idle_timeout_seconds"]) if protocol is ListenerProtocol.TCP else None,
        default_actions=[aws.lb.ListenerDefaultActionArgs(type="forward", target_group_arn=targets.arn)],
        opts=opts,
    )
