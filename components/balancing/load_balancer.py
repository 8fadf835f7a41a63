"""The Application Load Balancer that the services of a cluster share."""

from collections.abc import Sequence
from typing import Final

import pulumi
import pulumi_aws as aws

from ..common import egress_rules, ingress_rules
from ..common.args import HTTPS_ANYWHERE
from ..common.arguments import complete
from ..common.arn import parse
from . import access_log_bucket
from .args import LOAD_BALANCER_DEFAULTS, LOAD_BALANCER_LINK_DEFAULTS, PRIVATE_RANGES, LoadBalancerArgs

_NOT_FOUND: Final = aws.lb.ListenerDefaultActionArgs(
    type="fixed-response",
    fixed_response=aws.lb.ListenerDefaultActionFixedResponseArgs(
        content_type="text/plain", message_body="No service answers here.", status_code="404"
    ),
)
_REDIRECT: Final = aws.lb.ListenerDefaultActionArgs(
    type="redirect",
    redirect=aws.lb.ListenerDefaultActionRedirectArgs(port="443", protocol="HTTPS", status_code="HTTP_301"),
)


class LoadBalancer(pulumi.ComponentResource):
    """`container-platform:index:LoadBalancer`: an Application Load Balancer.

    Creates: an `aws:lb/loadBalancer:LoadBalancer` that drops invalid headers, its security group with one ingress rule
    for each port and range and no egress (services add theirs), a listener on 80, and with a certificate one on 443.
    Requests that match no service's rule get a 404.
    Optional: HTTPS with several certificates; IPv6; internal; a web ACL; a private bucket for its logs, which expire; a
    way out to identity providers.
    Needs: subnets.
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
    """ARN of the listener that serves: 443 with a certificate, else 80."""
    listener_arns: pulumi.Output[dict[str, str]]
    """ARN of every listener by its port."""
    url: pulumi.Output[str]
    """URL at which it answers."""

    def __init__(self, name: str, args: LoadBalancerArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        values = complete(LoadBalancerArgs, args, LOAD_BALANCER_DEFAULTS, LOAD_BALANCER_LINK_DEFAULTS)
        super().__init__("container-platform:index:LoadBalancer", name, {}, opts)
        self._name = name
        certificates = [
            *([values["domain_certificate_arn"]] if "domain_certificate_arn" in values else []),
            *values["certificate_arns"],
        ]
        security_group = self._security_group(values, ports=[80, 443] if certificates else [80])
        load_balancer = self._load_balancer(values, security_group)
        listeners = self._listeners(values, load_balancer, certificates)
        if "web_acl_arn" in values:
            aws.wafv2.WebAclAssociation(
                name,
                resource_arn=load_balancer.arn,
                web_acl_arn=values["web_acl_arn"],
                opts=pulumi.ResourceOptions(parent=self),
            )
        self.arn = load_balancer.arn
        self.dns_name = load_balancer.dns_name
        self.zone_id = load_balancer.zone_id
        self.security_group_id = security_group.id
        self.listener_arn = listeners[max(listeners)].arn
        self.listener_arns = pulumi.Output.all(**{str(port): one.arn for port, one in listeners.items()})
        self.url = pulumi.Output.concat("https://" if certificates else "http://", load_balancer.dns_name)
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

    def _load_balancer(self, values: LoadBalancerArgs, security_group: aws.ec2.SecurityGroup) -> aws.lb.LoadBalancer:
        protect = values["deletion_protection"]
        logs = None
        if values["access_logs"] or values["connection_logs"]:
            logs = access_log_bucket.log_bucket(
                f"{self._name}-logs",
                values.get("log_bucket_prefix", self._name),
                security_group.arn,
                days=int(values["log_days"]),
                protect=protect,
                parent=self,
            )
        return aws.lb.LoadBalancer(
            self._name,
            load_balancer_type="application",
            internal=values["internal"],
            ip_address_type="dualstack" if values["ipv6"] else None,
            subnets=values["subnet_ids"],
            security_groups=[security_group.id],
            drop_invalid_header_fields=True,
            desync_mitigation_mode="defensive",
            idle_timeout=int(values["idle_timeout_seconds"]),
            client_keep_alive=int(values["client_keep_alive_seconds"]),
            enable_deletion_protection=protect,
            **access_log_bucket.destinations(
                logs.bucket if logs else None,
                requests=values["access_logs"],
                connections=values["connection_logs"],
            ),
            opts=pulumi.ResourceOptions(
                parent=self,
                # A target group belongs to one load balancer: AWS must delete the old one before a new one can have it.
                delete_before_replace=True,
                # Refuses a replacement before it begins. AWS would refuse it only after the listeners are deleted.
                protect=protect,
                # AWS tests that it may write to the bucket as soon as logging is switched on.
                depends_on=[logs.policy] if logs else [],
            ),
        )

    def _security_group(self, values: LoadBalancerArgs, ports: list[int]) -> aws.ec2.SecurityGroup:
        group = aws.ec2.SecurityGroup(
            self._name,
            description="Load balancer: who may connect, and to which services",
            vpc_id=values["vpc_id"],
            opts=pulumi.ResourceOptions(parent=self),
        )
        ipv4 = _ipv4_blocks(values)
        blocks = [*ipv4, *_ipv6_blocks(values, ipv4)]
        child = pulumi.ResourceOptions(parent=self)
        ingress_rules.from_ranges(self._name, group.id, ports, blocks, child)
        if values["reaches_identity_providers"]:
            # Tokens and claims come from there, over IPv4 only ("Authenticate users using an Application Load
            # Balancer").
            egress_rules.to_ranges(self._name, group.id, HTTPS_ANYWHERE, child, ipv6=False)
        return group

    def _listeners(
        self,
        values: LoadBalancerArgs,
        load_balancer: aws.lb.LoadBalancer,
        certificates: Sequence[pulumi.Input[str]],
    ) -> dict[int, aws.lb.Listener]:
        """Make the listeners. Adding or removing certificates keeps the one on 80, which serves or redirects."""
        child = pulumi.ResourceOptions(parent=self)
        http = aws.lb.Listener(
            f"{self._name}-http",
            load_balancer_arn=load_balancer.arn,
            port=80,
            protocol="HTTP",
            default_actions=[_REDIRECT if certificates else _NOT_FOUND],
            opts=child,
        )
        if not certificates:
            return {80: http}
        https = aws.lb.Listener(
            f"{self._name}-https",
            load_balancer_arn=load_balancer.arn,
            port=443,
            protocol="HTTPS",
            ssl_policy=values["tls_policy"],
            certificate_arn=certificates[0],
            default_actions=[_NOT_FOUND],
            opts=child,
        )
        for certificate in certificates[1:]:
            aws.lb.ListenerCertificate(
                # The ARN is known: a certificate that this program makes comes first.
                f"{self._name}-{parse(str(certificate)).resource.rpartition('/')[2]}",
                listener_arn=https.arn,
                certificate_arn=certificate,
                opts=child,
            )
        return {80: http, 443: https}


def _ipv4_blocks(values: LoadBalancerArgs) -> list[str]:
    if "allowed_cidr_blocks" in values:
        return values["allowed_cidr_blocks"]
    if values["internal"]:
        return [values["vpc_cidr_block"]] if "vpc_cidr_block" in values else PRIVATE_RANGES
    return ["0.0.0.0/0"]


def _ipv6_blocks(values: LoadBalancerArgs, ipv4: Sequence[str]) -> list[str]:
    if not values["ipv6"]:
        return []
    # Turning IPv6 on must not open a load balancer to the world that admits only certain IPv4 ranges.
    return values.get("allowed_ipv6_cidr_blocks", ["::/0"] if "0.0.0.0/0" in ipv4 else [])
