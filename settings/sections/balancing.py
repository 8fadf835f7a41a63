"""The sections of the settings for the load balancers."""

from typing import Annotated, Any

from pydantic import Field, StringConstraints

from components.balancing import domains
from components.balancing.args import (
    TLS_POLICY,
    CertificateArgs,
    ExistingLoadBalancerArgs,
    LoadBalancerArgs,
    NetworkLoadBalancerArgs,
    WebAclArgs,
)
from components.services.args import HealthCheck, ListenerProtocol, NetworkListenerArgs

from ..kinds import (
    CIDR6,
    GROUP,
    LISTENER,
    TLS_POLICY_NAME,
    WAF_RULE,
    WEB_ACL,
    ZONE,
    Arn,
    CidrBlock,
    Count,
    DomainName,
    Port,
)
from ..section import Section


class ExistingLoadBalancer(Section):
    """A load balancer that is there already."""

    arguments_class = ExistingLoadBalancerArgs
    listener_arn: Annotated[str, StringConstraints(pattern=LISTENER)]
    security_group_id: Annotated[str, StringConstraints(pattern=GROUP)] | None = None


class Domain(Section):
    """A domain's name, which the load balancer answers at with a certificate of ours."""

    arguments_class = CertificateArgs
    name: DomainName
    zone: DomainName
    zone_id: Annotated[str, StringConstraints(pattern=ZONE)] | None = None
    alternative_names: Annotated[
        list[Annotated[str, StringConstraints(pattern=domains.NAME_OR_WILDCARD, max_length=domains.LONGEST)]],
        Field(max_length=99),
    ] = []

    @property
    def names(self) -> list[str]:
        """Every name, the first one first."""
        return [self.name, *self.alternative_names]


class WebAcl(Section):
    """A web application firewall with managed rules of AWS."""

    arguments_class = WebAclArgs
    count_only: bool = False
    counted_rules: list[Annotated[str, StringConstraints(pattern=WAF_RULE)]] = []
    rate_limit: Annotated[int, Field(ge=10, le=2_000_000_000)] = 2000
    log_retention_days: int = 30


class LoadBalancer(Section):
    """The load balancer that the services share."""

    arguments_class = LoadBalancerArgs
    internal: bool = False
    domain: Annotated[
        Domain | None,
        Field(
            description="Name of a domain to answer at, over HTTPS, with certificate and records made here. Defaults "
            "to none: the load balancer has AWS's name."
        ),
    ] = None
    certificate_arns: Annotated[list[Arn], Field(max_length=25)] = []
    tls_policy: Annotated[str, StringConstraints(pattern=TLS_POLICY_NAME)] = TLS_POLICY
    allowed_cidr_blocks: Annotated[list[CidrBlock], Field(min_length=1)] | None = None
    allowed_ipv6_cidr_blocks: list[Annotated[str, StringConstraints(pattern=CIDR6)]] | None = None
    web_acl: Annotated[
        WebAcl | None,
        Field(description="A web ACL of AWS WAF made here; `{}` means all defaults. Defaults to none."),
    ] = None
    web_acl_arn: Annotated[str, StringConstraints(pattern=WEB_ACL)] | None = None
    access_logs: bool = True
    connection_logs: bool = False
    log_days: Count = 90
    existing: Annotated[
        ExistingLoadBalancer | None,
        Field(
            description="An Application Load Balancer to stand behind that is there already; nothing of it is changed. "
            "Defaults to making one."
        ),
    ] = None

    def arguments(self) -> dict[str, Any]:
        """Return the values for a load balancer of our own."""
        elsewhere = ("domain", "web_acl", "existing")
        return {name: value for name, value in super().arguments().items() if name not in elsewhere}


class NetworkLoadBalancer(Section):
    """A load balancer of connections, beside that of requests."""

    arguments_class = NetworkLoadBalancerArgs
    static_addresses: bool = False
    internal: bool = False
    allowed_cidr_blocks: Annotated[list[CidrBlock], Field(min_length=1)] | None = None
    cross_zone: bool = True


class NetworkListener(Section):
    """A service's own listener on the network load balancer."""

    arguments_class = NetworkListenerArgs
    port: Port
    protocol: ListenerProtocol = ListenerProtocol.TCP
    certificate_arn: Arn | None = None
    health_check: HealthCheck = HealthCheck.HTTP
    preserve_client_ip: bool = False
