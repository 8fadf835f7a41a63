"""What the load balancers' components are made from."""

from typing import Final, NotRequired, TypedDict

import pulumi


class CertificateArgs(TypedDict):
    """What a Certificate is made from."""

    name: str
    """The domain's name, for example `shop.example.com`."""
    zone: str
    """Name of the public hosted zone in Route 53 that the names belong to, for example `example.com`."""
    zone_id: NotRequired[str]
    """Id of that zone, where several have its name. Defaults to looking it up by its name."""
    alternative_names: NotRequired[list[str]]
    """Further names within the zone; `*.shop.example.com` stands for every name directly below. Defaults to none."""


CERTIFICATE_DEFAULTS: Final[dict[str, list[str]]] = {"alternative_names": []}


class AliasRecordsArgs(TypedDict):
    """What AliasRecords are made from."""

    names: list[str]
    """The names, each within the zone."""
    zone_id: pulumi.Input[str]
    """Id of the hosted zone that the names belong to."""
    target_dns_name: pulumi.Input[str]
    """DNS name of the load balancer."""
    target_zone_id: pulumi.Input[str]
    """Hosted zone id of that name."""
    ipv6: NotRequired[bool]
    """The load balancer answers over IPv6 too. Defaults to false."""


ALIAS_RECORDS_DEFAULTS: Final = {"ipv6": False}


TLS_POLICY: Final = "ELBSecurityPolicy-TLS13-1-2-Res-PQ-2025-09"
"""TLS 1.3 and 1.2 with forward secrecy only, and post-quantum keys where the client can: what AWS recommends."""


class LoadBalancerArgs(TypedDict):
    """What a LoadBalancer is made from."""

    vpc_id: pulumi.Input[str]
    """Id of the VPC it serves."""
    subnet_ids: pulumi.Input[list[str]]
    """Ids of the subnets it stands in, in at least two zones: public ones, or private ones for an internal one."""
    internal: NotRequired[bool]
    """Answer within the VPC, and networks joined with it, only. Changing it replaces the load balancer: the old one
    goes first. Defaults to false."""
    certificate_arns: NotRequired[list[str]]
    """ARNs of certificates of the same region. With one port 443 serves and port 80 redirects there; without any port
    80 serves. A client is shown the one that has its name, else the first. Defaults to none."""
    domain_certificate_arn: NotRequired[pulumi.Input[str]]
    """ARN of one more certificate, which comes before the others. Defaults to none."""
    tls_policy: NotRequired[str]
    """AWS's name for which versions of TLS and which ciphers are spoken ("Security policies for your Application Load
    Balancer"). Defaults to TLS 1.3 and 1.2 with forward secrecy, and keys that withstand quantum computers where the
    client can."""
    vpc_cidr_block: NotRequired[str]
    """IPv4 range of the VPC, which may connect to an internal load balancer. Defaults to the ranges of private
    networks."""
    allowed_cidr_blocks: NotRequired[list[str]]
    """IPv4 ranges that may connect. Defaults to the whole internet, for an internal load balancer to the VPC."""
    ipv6: NotRequired[bool]
    """Answer over IPv6 too, in subnets that have it. Defaults to false."""
    allowed_ipv6_cidr_blocks: NotRequired[list[str]]
    """IPv6 ranges that may connect. Defaults to the whole internet where every IPv4 address may, else to none."""
    web_acl_arn: NotRequired[pulumi.Input[str]]
    """ARN of a web ACL of AWS WAF, of the same region, that looks at every request first. Defaults to none."""
    access_logs: NotRequired[bool]
    """Write down every request in a bucket of its own (Security Hub ELB.5). Defaults to true."""
    connection_logs: NotRequired[bool]
    """Write down every connection there too, with the client's part in TLS. Defaults to false."""
    log_days: NotRequired[int]
    """How many days those logs are kept. Defaults to 90."""
    log_bucket_prefix: NotRequired[str]
    """What the name of their bucket begins with. Defaults to the component's name."""
    deletion_protection: NotRequired[bool]
    """Refuse to delete the load balancer (Security Hub ELB.6) and its logs. Defaults to true."""


LOAD_BALANCER_DEFAULTS: Final = {
    "internal": False,
    "certificate_arns": [],
    "tls_policy": TLS_POLICY,
    "ipv6": False,
    "access_logs": True,
    "connection_logs": False,
    "log_days": 90,
    "deletion_protection": True,
}


class ExistingLoadBalancerArgs(TypedDict):
    """What an ExistingLoadBalancer is made from."""

    listener_arn: str
    """ARN of the listener that the services' rules are added to."""
    security_group_id: NotRequired[str]
    """Id of the security group, of those that the load balancer has, that rules to the services are added to. Defaults
    to the only one it has."""
    vpc_id: str
    """Id of the VPC that the services are in."""


class NetworkLoadBalancerArgs(TypedDict):
    """What a NetworkLoadBalancer is made from."""

    vpc_id: pulumi.Input[str]
    """Id of the VPC it serves."""
    subnet_ids: pulumi.Input[list[str]]
    """Ids of the subnets it stands in, one a zone: public ones, or private ones for an internal load balancer."""
    subnet_count: NotRequired[int]
    """How many subnets those are, which static addresses need to know beforehand. Defaults to 0."""
    static_addresses: NotRequired[bool]
    """Answer at an Elastic IP address in each subnet, which stays whatever becomes of the load balancer. Defaults to
    false: AWS chooses addresses, and others after a replacement."""
    internal: NotRequired[bool]
    """Answer within the VPC, and networks joined with it, only. Changing it replaces the load balancer. Defaults to
    false."""
    allowed_cidr_blocks: NotRequired[list[str]]
    """IPv4 ranges that may connect. Defaults to the whole internet, for an internal load balancer to the ranges of
    private networks."""
    ports: NotRequired[list[int]]
    """TCP ports that may be connected to: those of the listeners that services add. Defaults to none."""
    cross_zone: NotRequired[bool]
    """Let each address reach the tasks of every zone, so that it answers also while its own zone has none. AWS charges
    for what crosses zones. Defaults to true."""
    protect: NotRequired[bool]
    """Refuse to delete the load balancer (Security Hub ELB.6) and its static addresses. Defaults to true."""


NETWORK_LOAD_BALANCER_DEFAULTS: Final = {
    "subnet_count": 0,
    "static_addresses": False,
    "internal": False,
    "ports": [],
    "cross_zone": True,
    "protect": True,
}


class WebAclArgs(TypedDict):
    """What a WebAcl is made from."""

    log_group_name: str
    """Name of the log group for what it blocks, which must begin with `aws-waf-logs-` (AWS demands it)."""
    count_only: NotRequired[bool]
    """Block nothing, and count what would have been blocked: to try the rules on real requests first. Defaults to
    false."""
    counted_rules: NotRequired[list[str]]
    """Rules of AWSManagedRulesCommonRuleSet that only count, such as SizeRestrictions_BODY where bodies are above 8 KB.
    Defaults to none."""
    rate_limit: NotRequired[int]
    """Requests that one address may send in five minutes. Defaults to 2000."""
    log_retention_days: NotRequired[int]
    """How long it is kept what was blocked, 0 for not at all. Defaults to 30."""


WEB_ACL_DEFAULTS: Final = {"count_only": False, "counted_rules": [], "rate_limit": 2000, "log_retention_days": 30}
