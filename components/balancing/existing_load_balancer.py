"""A load balancer that exists already, for the services to use."""

import pulumi

from ..common.arguments import complete
from . import existing_balancer
from .args import ExistingLoadBalancerArgs


class ExistingLoadBalancer(pulumi.ComponentResource):
    """`container-platform:index:ExistingLoadBalancer`: an existing Application Load Balancer, read and checked.

    It is not changed; services add their rules to its listener and to its security group.

    Creates: nothing.
    Needs: a listener that serves requests, in the services' VPC.
    """

    arn: pulumi.Output[str]
    """ARN of the load balancer."""
    dns_name: pulumi.Output[str]
    """DNS name of the load balancer."""
    zone_id: pulumi.Output[str]
    """Hosted zone id of that name, for alias records."""
    security_group_id: pulumi.Output[str]
    """Id of its security group, for the rules that services add."""
    listener_arn: pulumi.Output[str]
    """ARN of the listener that serves requests."""
    listener_arns: pulumi.Output[dict[str, str]]
    """The same by its port; other listeners are not looked up."""
    url: pulumi.Output[str]
    """URL at which it answers."""

    def __init__(self, name: str, args: ExistingLoadBalancerArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        values = complete(ExistingLoadBalancerArgs, args)
        provider = opts.provider if opts else None
        # Before anything is registered, so that a mistake changes nothing.
        facts = _checked(
            values, existing_balancer.read(values["listener_arn"], pulumi.InvokeOptions(provider=provider))
        )
        super().__init__("container-platform:index:ExistingLoadBalancer", name, {}, opts)
        self.arn = pulumi.Output.from_input(facts.load_balancer_arn)
        self.dns_name = pulumi.Output.from_input(facts.dns_name)
        self.zone_id = pulumi.Output.from_input(facts.zone_id)
        self.security_group_id = pulumi.Output.from_input(
            existing_balancer.group_of(facts, values.get("security_group_id"))
        )
        self.listener_arn = pulumi.Output.from_input(facts.listener_arn)
        self.listener_arns = pulumi.Output.from_input({str(facts.port): facts.listener_arn})
        usual = {"HTTP": 80, "HTTPS": 443}[facts.protocol]
        port = "" if facts.port == usual else f":{facts.port}"
        self.url = pulumi.Output.from_input(f"{facts.protocol.lower()}://{facts.dns_name}{port}")
        self.register_outputs(
            {
                "arn": self.arn,
                "dns_name": self.dns_name,
                "zone_id": self.zone_id,
                "security_group_id": self.security_group_id,
                "listener_arn": self.listener_arn,
                "listener_arns": self.listener_arns,
                "url": self.url,
            }
        )


def _checked(args: ExistingLoadBalancerArgs, facts: existing_balancer.Facts | None) -> existing_balancer.Facts:
    arn = args["listener_arn"]
    if facts is None:
        raise pulumi.RunError(f"{arn}: there is no such listener in this region and account. Nothing was changed.")
    faults = existing_balancer.faults(
        facts, args["vpc_id"], args.get("security_group_id"), needs_https=args.get("needs_https", False)
    )
    if faults:
        listed = "\n".join(f"  - {fault}" for fault in faults)
        raise pulumi.RunError(f"Services cannot use {arn}. Nothing was changed.\n{listed}")
    return facts
