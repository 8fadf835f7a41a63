"""The sections of the settings for the load balancers."""

from typing import Annotated

from pydantic import Field

from components.balancing.args import (
    CERTIFICATE_DEFAULTS,
    LOAD_BALANCER_DEFAULTS,
    NETWORK_LOAD_BALANCER_DEFAULTS,
    WEB_ACL_DEFAULTS,
    CertificateArgs,
    ExistingLoadBalancerArgs,
    LoadBalancerArgs,
    NetworkLoadBalancerArgs,
    WebAclArgs,
)

from ..arns import CertificateArn, ListenerArn, WebAclArn
from ..kinds import (
    CidrBlock,
    CommonName,
    Count,
    DomainName,
    DomainNameOrWildcard,
    HostedZoneId,
    Ipv6CidrBlock,
    Name,
    RetentionDaysOrNone,
    SecurityGroupId,
    TlsPolicyName,
    WafRuleName,
)
from ..section import Section
from .rules import FixedResponse, Redirect


class ExistingLoadBalancer(Section):
    """A load balancer that exists already."""

    arguments_class = ExistingLoadBalancerArgs
    listener_arn: ListenerArn
    security_group_id: SecurityGroupId | None = None


class Domain(Section):
    """A domain name for the load balancer, with a certificate made here."""

    arguments_class = CertificateArgs
    name: CommonName
    zone: DomainName
    zone_id: HostedZoneId | None = None
    alternative_names: Annotated[
        list[DomainNameOrWildcard],
        Field(max_length=99),
    ] = CERTIFICATE_DEFAULTS["alternative_names"]

    @property
    def names(self) -> list[str]:
        """Every name, `name` first."""
        return [self.name, *self.alternative_names]


class WebAcl(Section):
    """A web application firewall with AWS managed rules."""

    arguments_class = WebAclArgs
    count_only: bool = WEB_ACL_DEFAULTS["count_only"]
    # AWS WAF API, RuleActionOverrides.
    counted_rules: Annotated[list[WafRuleName], Field(max_length=100)] = WEB_ACL_DEFAULTS["counted_rules"]
    rate_limit: Annotated[int, Field(ge=10, le=2_000_000_000)] = WEB_ACL_DEFAULTS["rate_limit"]
    log_retention_days: RetentionDaysOrNone = WEB_ACL_DEFAULTS["log_retention_days"]


class LoadBalancer(Section):
    """The load balancer that the services share."""

    arguments_class = LoadBalancerArgs
    internal: bool = LOAD_BALANCER_DEFAULTS["internal"]
    domain: Annotated[
        Domain | None,
        Field(
            description="Domain name to answer at over HTTPS; its certificate and DNS records are made here. Defaults "
            "to none: only AWS's name of the load balancer answers."
        ),
    ] = None
    certificate_arns: Annotated[list[CertificateArn], Field(max_length=25)] = LOAD_BALANCER_DEFAULTS["certificate_arns"]
    tls_policy: TlsPolicyName = LOAD_BALANCER_DEFAULTS["tls_policy"]
    allowed_cidr_blocks: Annotated[list[CidrBlock], Field(min_length=1)] | None = None
    allowed_ipv6_cidr_blocks: list[Ipv6CidrBlock] | None = None
    web_acl: Annotated[
        WebAcl | None,
        Field(description="An AWS WAF web ACL to make; `{}` takes every default. Defaults to none."),
    ] = None
    web_acl_arn: WebAclArn | None = None
    access_logs: bool = LOAD_BALANCER_DEFAULTS["access_logs"]
    connection_logs: bool = LOAD_BALANCER_DEFAULTS["connection_logs"]
    log_days: Count = LOAD_BALANCER_DEFAULTS["log_days"]
    # Elastic Load Balancing API, LoadBalancerAttribute.
    idle_timeout_seconds: Annotated[int, Field(ge=1, le=4000)] = LOAD_BALANCER_DEFAULTS["idle_timeout_seconds"]
    client_keep_alive_seconds: Annotated[int, Field(ge=60, le=604_800)] = LOAD_BALANCER_DEFAULTS[
        "client_keep_alive_seconds"
    ]
    redirects: Annotated[
        dict[Name, Redirect],
        Field(description="Redirects by name, each a rule beside those of the services. Defaults to none."),
    ] = {}
    fixed_responses: Annotated[
        dict[Name, FixedResponse],
        Field(
            description="Answers that the load balancer gives itself, by name, each a rule beside those of the "
            "services. Defaults to none."
        ),
    ] = {}
    existing: Annotated[
        ExistingLoadBalancer | None,
        Field(
            description="An existing Application Load Balancer for the services to use; it is not changed. Defaults to "
            "none: one is made."
        ),
    ] = None


class NetworkLoadBalancer(Section):
    """A load balancer for TCP connections, beside the one for requests."""

    arguments_class = NetworkLoadBalancerArgs
    static_addresses: bool = NETWORK_LOAD_BALANCER_DEFAULTS["static_addresses"]
    internal: bool = NETWORK_LOAD_BALANCER_DEFAULTS["internal"]
    allowed_cidr_blocks: Annotated[list[CidrBlock], Field(min_length=1)] | None = None
    cross_zone: bool = NETWORK_LOAD_BALANCER_DEFAULTS["cross_zone"]
