"""What the load balancers' components are made from."""

from typing import Final, TypedDict

import pulumi

PRIVATE_RANGES: Final = ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16"]
"""The private network ranges (RFC 1918)."""


class CertificateChoices(TypedDict, total=False):
    """What a person chooses of a Certificate."""

    zone_id: str
    """Id of the zone. Needed where several zones have its name. Defaults to the zone that is found by its name."""
    alternative_names: list[str]
    """Further names in the zone. `*.shop.example.com` covers every name directly below `shop.example.com`. Defaults to
    none."""


class CertificateArgs(CertificateChoices):
    """What a Certificate is made from."""

    name: str
    """The domain name, for example `shop.example.com`."""
    zone: str
    """Name of the public hosted zone in Route 53 that holds the names, for example `example.com`."""


CERTIFICATE_DEFAULTS: Final[CertificateChoices] = {"alternative_names": []}


class AliasRecordsLinks(TypedDict, total=False):
    """What ties AliasRecords to the rest of a platform."""

    ipv6: bool
    """Whether the load balancer also answers over IPv6. Defaults to false."""


class AliasRecordsArgs(AliasRecordsLinks):
    """What AliasRecords are made from."""

    names: list[str]
    """The names, all in the zone."""
    zone_id: pulumi.Input[str]
    """Id of the hosted zone that holds the names."""
    target_dns_name: pulumi.Input[str]
    """DNS name of the load balancer."""
    target_zone_id: pulumi.Input[str]
    """Hosted zone id of that DNS name."""


ALIAS_RECORDS_LINK_DEFAULTS: Final[AliasRecordsLinks] = {"ipv6": False}


TLS_POLICY: Final = "ELBSecurityPolicy-TLS13-1-2-Res-PQ-2025-09"
"""TLS 1.3 and 1.2 with forward secrecy only, and post-quantum key exchange where the client supports it. AWS recommends
it."""


class LoadBalancerChoices(TypedDict, total=False):
    """What a person chooses of a LoadBalancer."""

    internal: bool
    """Answer only within the VPC and networks connected to it. Changing it replaces the load balancer; the old one is
    deleted first. Defaults to false."""
    certificate_arns: list[str]
    """ARNs of certificates in the same region. With a certificate, port 443 serves and port 80 redirects to it; without
    one, port 80 serves. Clients get the certificate that matches their host name, or else the first. Defaults to none.
    """
    tls_policy: str
    """AWS's name of the policy that sets TLS versions and ciphers ("Security policies for your Application Load
    Balancer"). Defaults to TLS 1.3 and 1.2 with forward secrecy, and post-quantum key exchange where the client
    supports it."""
    allowed_cidr_blocks: list[str]
    """IPv4 ranges that may connect. Defaults to the whole internet; for an internal load balancer, to the VPC."""
    allowed_ipv6_cidr_blocks: list[str]
    """IPv6 ranges that may connect. Defaults to the whole internet if every IPv4 address may connect, otherwise to
    none."""
    web_acl_arn: pulumi.Input[str]
    """ARN of an AWS WAF web ACL in the same region, which inspects every request first. Defaults to none."""
    access_logs: bool
    """Log every request to a dedicated bucket (Security Hub ELB.5). Defaults to true."""
    connection_logs: bool
    """Log every connection to that bucket too, with its TLS details. Defaults to false."""
    log_days: int
    """Days to keep those logs. Defaults to 90."""
    idle_timeout_seconds: int
    """Seconds after which the load balancer ends a connection over which nothing comes, 1 to 4000; a request that takes
    longer to answer fails with 504. Applications must keep connections open for longer. Defaults to 60."""
    client_keep_alive_seconds: int
    """Seconds for which a client may use one connection for further requests, 60 to 604800. Defaults to 3600."""


class LoadBalancerLinks(TypedDict, total=False):
    """What ties a LoadBalancer to the rest of a platform."""

    domain_certificate_arn: pulumi.Input[str]
    """ARN of one more certificate, which is used before the others. Defaults to none."""
    vpc_cidr_block: str
    """IPv4 range of the VPC, which may connect to an internal load balancer. Defaults to the private network ranges
    (RFC 1918)."""
    ipv6: bool
    """Answer over IPv6 too; the subnets must have it. Defaults to false."""
    log_bucket_prefix: str
    """Start of the log bucket's name. Defaults to the component's name."""
    deletion_protection: bool
    """Refuse to delete the load balancer (Security Hub ELB.6) and its logs. Defaults to true."""
    reaches_identity_providers: bool
    """Let it connect to port 443 anywhere over IPv4, which a login in front of a service needs. Defaults to false."""


class LoadBalancerArgs(LoadBalancerChoices, LoadBalancerLinks):
    """What a LoadBalancer is made from."""

    vpc_id: pulumi.Input[str]
    """Id of the VPC that it serves."""
    subnet_ids: pulumi.Input[list[str]]
    """Ids of its subnets, in at least two zones: public ones, or private ones for an internal load balancer."""


LOAD_BALANCER_DEFAULTS: Final[LoadBalancerChoices] = {
    "internal": False,
    "certificate_arns": [],
    "tls_policy": TLS_POLICY,
    "access_logs": True,
    "connection_logs": False,
    "log_days": 90,
    "idle_timeout_seconds": 60,
    "client_keep_alive_seconds": 3600,
}
LOAD_BALANCER_LINK_DEFAULTS: Final[LoadBalancerLinks] = {
    "ipv6": False,
    "deletion_protection": True,
    "reaches_identity_providers": False,
}


class ExistingLoadBalancerChoices(TypedDict, total=False):
    """What a person chooses of an ExistingLoadBalancer."""

    security_group_id: str
    """Id of the load balancer's security group that gets the rules to the services. Needed where it has several.
    Defaults to the only one it has."""


class ExistingLoadBalancerLinks(TypedDict, total=False):
    """What ties an ExistingLoadBalancer to the rest of a platform."""

    needs_https: bool
    """Refuse a listener without TLS, since services have logins, gRPC or HTTP/2. Defaults to false."""


class ExistingLoadBalancerArgs(ExistingLoadBalancerChoices, ExistingLoadBalancerLinks):
    """What an ExistingLoadBalancer is made from."""

    listener_arn: str
    """ARN of the listener that gets the services' rules."""
    vpc_id: str
    """Id of the VPC that the services are in."""


class NetworkLoadBalancerChoices(TypedDict, total=False):
    """What a person chooses of a NetworkLoadBalancer."""

    static_addresses: bool
    """Answer at an Elastic IP address in each subnet, which outlives the load balancer. Defaults to false: AWS chooses
    the addresses, and a replacement gets others."""
    internal: bool
    """Answer only within the VPC and networks connected to it. Changing it replaces the load balancer. Defaults to
    false."""
    allowed_cidr_blocks: list[str]
    """IPv4 ranges that may connect. Defaults to the whole internet; for an internal load balancer, to the private
    network ranges (RFC 1918)."""
    cross_zone: bool
    """Let each address reach the tasks of every zone, so that it also answers while its own zone has no task. AWS
    charges for traffic between zones. Defaults to true."""


class NetworkLoadBalancerLinks(TypedDict, total=False):
    """What ties a NetworkLoadBalancer to the rest of a platform."""

    subnet_count: int
    """Number of subnets, which must be known before the subnets are if there are static addresses. Defaults to 0."""
    ports: list[int]
    """TCP ports to open: those of the listeners that services add. Defaults to none."""
    udp_ports: list[int]
    """UDP ports to open, likewise. Defaults to none."""
    protect: bool
    """Refuse to delete the load balancer (Security Hub ELB.6) and its static addresses. Defaults to true."""


class NetworkLoadBalancerArgs(NetworkLoadBalancerChoices, NetworkLoadBalancerLinks):
    """What a NetworkLoadBalancer is made from."""

    vpc_id: pulumi.Input[str]
    """Id of the VPC that it serves."""
    subnet_ids: pulumi.Input[list[str]]
    """Ids of its subnets, one in each zone: public ones, or private ones for an internal load balancer."""


NETWORK_LOAD_BALANCER_DEFAULTS: Final[NetworkLoadBalancerChoices] = {
    "static_addresses": False,
    "internal": False,
    "cross_zone": True,
}
NETWORK_LOAD_BALANCER_LINK_DEFAULTS: Final[NetworkLoadBalancerLinks] = {
    "subnet_count": 0,
    "ports": [],
    "udp_ports": [],
    "protect": True,
}


class WebAclChoices(TypedDict, total=False):
    """What a person chooses of a WebAcl."""

    count_only: bool
    """Block nothing, and count what the rules would have blocked: a way to try them on real requests first. Defaults to
    false."""
    counted_rules: list[str]
    """Rules of AWSManagedRulesCommonRuleSet that only count, such as SizeRestrictions_BODY for services whose request
    bodies exceed 8 KB. Defaults to none."""
    rate_limit: int
    """Requests that one IP address may send in five minutes. Defaults to 2000."""
    log_retention_days: int
    """Days to keep the log of blocked requests; 0 writes none. Defaults to 30."""


class WebAclArgs(WebAclChoices):
    """What a WebAcl is made from."""

    log_group_name: str
    """Name of the log group for blocked requests. AWS requires it to begin with `aws-waf-logs-`."""


WEB_ACL_DEFAULTS: Final[WebAclChoices] = {
    "count_only": False,
    "counted_rules": [],
    "rate_limit": 2000,
    "log_retention_days": 30,
}
