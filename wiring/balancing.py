"""The load balancers, and what belongs in front of them."""

from typing import NamedTuple

import pulumi

import settings
from components import (
    AliasRecords,
    Answers,
    Certificate,
    CertificateArgs,
    ExistingLoadBalancer,
    LoadBalancer,
    LoadBalancerArgs,
    NetworkLoadBalancer,
    NetworkLoadBalancerArgs,
    WebAcl,
    WebAclArgs,
)
from components.balancing.args import LoadBalancerChoices, LoadBalancerLinks, NetworkLoadBalancerChoices, WebAclChoices
from components.balancing.rule_args import FixedResponseArgs, RedirectArgs
from components.services.routing_args import DATAGRAMS, ListenerProtocol
from outputs.balancing import BalancingOutputs

from .found import Found
from .network import AnyNetwork
from .place import Place


class Balancers(NamedTuple):
    """Where requests and connections come in."""

    requests: LoadBalancer | ExistingLoadBalancer
    connections: NetworkLoadBalancer | None
    certificate: Certificate | None
    url: pulumi.Input[str]
    """URL at which the platform answers."""


def balancing(platform: settings.Platform, place: Place, network: AnyNetwork, found: Found) -> Balancers:
    """Return the existing load balancer or make one, with domain and certificate; add one for connections."""
    domain = platform.load_balancer.domain
    certificate = Certificate("certificate", domain.given(CertificateArgs)) if domain else None
    requests = found.load_balancer or _load_balancer(platform, place, network, certificate)
    if domain and certificate:
        AliasRecords(
            "domain",
            {
                "names": domain.names,
                "zone_id": certificate.zone_id,
                "target_dns_name": requests.dns_name,
                "target_zone_id": requests.zone_id,
                "ipv6": platform.network.ipv6,
            },
        )
    _answers(platform, requests)
    url = f"https://{domain.name}" if domain else requests.url
    return Balancers(requests, _network_load_balancer(platform, place, network), certificate, url)


def _answers(platform: settings.Platform, requests: LoadBalancer | ExistingLoadBalancer) -> None:
    balancer = platform.load_balancer
    if balancer.redirects or balancer.fixed_responses:
        Answers(
            "answers",
            {
                "listener_arn": requests.listener_arn,
                "redirects": {name: one.given(RedirectArgs) for name, one in balancer.redirects.items()},
                "fixed_responses": {
                    name: one.given(FixedResponseArgs) for name, one in balancer.fixed_responses.items()
                },
                "named_by_priority": True,
            },
        )


def _load_balancer(
    platform: settings.Platform, place: Place, network: AnyNetwork, certificate: Certificate | None
) -> LoadBalancer:
    balancer = platform.load_balancer
    chosen = balancer.given(LoadBalancerChoices)
    if balancer.web_acl:
        acl: WebAclArgs = {
            **balancer.web_acl.given(WebAclChoices),
            "log_group_name": f"aws-waf-logs-{place.name}",
        }
        chosen["web_acl_arn"] = WebAcl("web-acl", acl).arn
    links: LoadBalancerLinks = {
        "vpc_cidr_block": network.cidr_block,
        "ipv6": platform.network.ipv6,
        "log_bucket_prefix": f"{place.name}-access-logs",
        "deletion_protection": place.protect,
        "reaches_identity_providers": platform.has_logins,
    }
    if certificate:
        links["domain_certificate_arn"] = certificate.arn
    args: LoadBalancerArgs = {
        **chosen,
        **links,
        "vpc_id": network.vpc_id,
        "subnet_ids": network.internal_balancer_subnet_ids if balancer.internal else network.public_subnet_ids,
    }
    return LoadBalancer("load-balancer", args)


def _network_load_balancer(
    platform: settings.Platform, place: Place, network: AnyNetwork
) -> NetworkLoadBalancer | None:
    balancer, existing = platform.network_load_balancer, platform.network.existing
    if balancer is None:
        return None
    listeners = platform.network_listeners
    args: NetworkLoadBalancerArgs = {
        **balancer.given(NetworkLoadBalancerChoices),
        "vpc_id": network.vpc_id,
        "subnet_ids": network.internal_balancer_subnet_ids if balancer.internal else network.public_subnet_ids,
        "subnet_count": len(existing.public_subnet_ids) if existing else platform.network.availability_zone_count,
        "ports": [one.port for one in listeners if one.protocol is not ListenerProtocol.UDP],
        "udp_ports": [one.port for one in listeners if one.protocol in DATAGRAMS],
        "protect": place.protect,
    }
    return NetworkLoadBalancer("network-load-balancer", args)


def balancing_outputs(balancers: Balancers) -> BalancingOutputs:
    """Return what is published of the load balancers."""
    requests, connections = balancers.requests, balancers.connections
    return {
        "url": balancers.url,
        "loadBalancerDnsName": requests.dns_name,
        "loadBalancerZoneId": requests.zone_id,
        "loadBalancerSecurityGroupId": requests.security_group_id,
        "listenerArn": requests.listener_arn,
        "listenerArns": requests.listener_arns,
        "loadBalancerArn": requests.arn,
        "certificateArn": balancers.certificate.arn if balancers.certificate else "",
        "networkLoadBalancerArn": connections.arn if connections else "",
        "networkLoadBalancerDnsName": connections.dns_name if connections else "",
        "networkLoadBalancerZoneId": connections.zone_id if connections else "",
        "networkLoadBalancerSecurityGroupId": connections.security_group_id if connections else "",
        "networkLoadBalancerAddresses": connections.addresses if connections else [],
    }
