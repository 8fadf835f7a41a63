"""The Application Load Balancer that the services of a cluster share."""

from typing import Final, NotRequired, TypedDict, cast

import pulumi
import pulumi_aws as aws

TLS_POLICY: Final = "ELBSecurityPolicy-TLS13-1-2-Res-2021-06"
"""TLS 1.3 and 1.2 with forward secrecy only: the policy that Security Hub ELB.17 recommends."""


class LoadBalancerArgs(TypedDict):
    """What a LoadBalancer is made from."""

    vpc_id: pulumi.Input[str]
    """Id of the VPC it serves."""
    subnet_ids: pulumi.Input[list[str]]
    """Ids of the public subnets it stands in, at least two zones."""
    certificate_arn: NotRequired[str]
    """ARN of an ACM certificate of the same region. With it port 443 serves and port 80 redirects there; without it
    port 80 serves. Defaults to none."""
    allowed_cidr_blocks: NotRequired[list[str]]
    """IPv4 ranges that may connect. Defaults to the whole internet."""
    ipv6: NotRequired[bool]
    """Answer over IPv6 too, in subnets that have it. Defaults to false."""
    allowed_ipv6_cidr_blocks: NotRequired[list[str]]
    """IPv6 ranges that may connect. Defaults to the whole internet where every IPv4 address may, else to none."""
    deletion_protection: NotRequired[bool]
    """Refuse to delete the load balancer (Security Hub ELB.6). Defaults to true."""


DEFAULTS: Final = {"allowed_cidr_blocks": ["0.0.0.0/0"], "ipv6": False, "deletion_protection": True}


class LoadBalancer(pulumi.ComponentResource):
    """`container-platform:index:LoadBalancer`: an internet-facing Application Load Balancer.

    Creates: an `aws:lb/loadBalancer:LoadBalancer` that drops invalid headers, its security group with one ingress rule
    for each port and range and no egress (services add theirs), a listener on 80, and with a certificate one on 443.
    A request that no service's rule matches is answered 404.
    Optional: HTTPS; IPv6.
    Needs: public subnets.
    """

    dns_name: pulumi.Output[str]
    """DNS name of the load balancer."""
    zone_id: pulumi.Output[str]
    """Hosted zone id of that name, for alias records."""
    security_group_id: pulumi.Output[str]
    """Id of its security group, for the rules that services add."""
    listener_arn: pulumi.Output[str]
    """ARN of the listener that serves: 443 with a certificate, else 80."""
    url: pulumi.Output[str]
    """Where it answers."""

    def __init__(self, name: str, args: LoadBalancerArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("container-platform:index:LoadBalancer", name, {}, opts)
        values = cast(LoadBalancerArgs, {**DEFAULTS, **args})
        certificate_arn = values.get("certificate_arn")
        security_group = self._security_group(name, values, ports=[80, 443] if certificate_arn else [80])
        load_balancer = aws.lb.LoadBalancer(
            name,
            load_balancer_type="application",
            internal=False,
            ip_address_type="dualstack" if values["ipv6"] else None,
            subnets=values["subnet_ids"],
            security_groups=[security_group.id],
            drop_invalid_header_fields=True,
            desync_mitigation_mode="defensive",
            enable_deletion_protection=values["deletion_protection"],
            opts=pulumi.ResourceOptions(parent=self),
        )
        serving = self._listeners(name, load_balancer, certificate_arn)
        self.dns_name = load_balancer.dns_name
        self.zone_id = load_balancer.zone_id
        self.security_group_id = security_group.id
        self.listener_arn = serving.arn
        scheme = "https" if certificate_arn else "http"
        self.url = pulumi.Output.concat(scheme, "://", load_balancer.dns_name)
        self.register_outputs(
            {
                "dns_name": self.dns_name,
                "zone_id": self.zone_id,
                "security_group_id": self.security_group_id,
                "listener_arn": self.listener_arn,
                "url": self.url,
            }
        )

    def _security_group(self, name: str, values: LoadBalancerArgs, ports: list[int]) -> aws.ec2.SecurityGroup:
        group = aws.ec2.SecurityGroup(
            name,
            description="Load balancer: who may connect, and to which services",
            vpc_id=values["vpc_id"],
            opts=pulumi.ResourceOptions(parent=self),
        )
        ipv6 = _ipv6_blocks(values)
        for port in ports:
            for block in [*values["allowed_cidr_blocks"], *ipv6]:
                # Two colons would part the resource's URN.
                label = f"ipv6-{block.replace('::', '-')}" if block in ipv6 else block
                aws.vpc.SecurityGroupIngressRule(
                    f"{name}-{port}-{label}",
                    security_group_id=group.id,
                    description=f"Port {port} from {block}",
                    ip_protocol="tcp",
                    from_port=port,
                    to_port=port,
                    cidr_ipv4=None if block in ipv6 else block,
                    cidr_ipv6=block if block in ipv6 else None,
                    opts=pulumi.ResourceOptions(parent=self),
                )
        return group

    def _listeners(self, name: str, load_balancer: aws.lb.LoadBalancer, certificate_arn: str | None) -> aws.lb.Listener:
        child = pulumi.ResourceOptions(parent=self)
        not_found = aws.lb.ListenerDefaultActionArgs(
            type="fixed-response",
            fixed_response=aws.lb.ListenerDefaultActionFixedResponseArgs(
                content_type="text/plain", message_body="No service answers here.", status_code="404"
            ),
        )
        if certificate_arn is None:
            return aws.lb.Listener(
                f"{name}-http",
                load_balancer_arn=load_balancer.arn,
                port=80,
                protocol="HTTP",
                default_actions=[not_found],
                opts=child,
            )
        aws.lb.Listener(
            f"{name}-http",
            load_balancer_arn=load_balancer.arn,
            port=80,
            protocol="HTTP",
            default_actions=[
                aws.lb.ListenerDefaultActionArgs(
                    type="redirect",
                    redirect=aws.lb.ListenerDefaultActionRedirectArgs(
                        port="443", protocol="HTTPS", status_code="HTTP_301"
                    ),
                )
            ],
            opts=child,
        )
        return aws.lb.Listener(
            f"{name}-https",
            load_balancer_arn=load_balancer.arn,
            port=443,
            protocol="HTTPS",
            ssl_policy=TLS_POLICY,
            certificate_arn=certificate_arn,
            default_actions=[not_found],
            opts=child,
        )


def _ipv6_blocks(values: LoadBalancerArgs) -> list[str]:
    if not values["ipv6"]:
        return []
    # Whoever admits certain IPv4 ranges only does not open the rest of the world by turning IPv6 on.
    everybody = ["::/0"] if "0.0.0.0/0" in values["allowed_cidr_blocks"] else []
    return values.get("allowed_ipv6_cidr_blocks", everybody)
