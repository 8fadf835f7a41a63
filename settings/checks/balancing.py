"""Mistakes in the load balancers' settings: domain, certificates, web ACL, existing load balancer, addresses."""

from collections.abc import Iterator

from components.balancing import domains

from ..platform import Platform
from ..problems import Path, Problem
from ..sections.balancing import Domain, LoadBalancer
from .network import range_list_problems

_AT: Path = ("loadBalancer",)
_NETWORK_BALANCER: Path = ("networkLoadBalancer",)


def balancer_problems(platform: Platform) -> Iterator[Problem]:
    """Find mistakes in the load balancer's settings, and between them and the network."""
    balancer = platform.load_balancer
    if balancer.existing:
        yield from _existing_problems(platform)
        return
    if balancer.domain:
        yield from _domain_problems((*_AT, "domain"), balancer.domain)
    yield from _certificate_problems(balancer)
    yield from _web_acl_problems(balancer)
    if not (balancer.access_logs or balancer.connection_logs) and "log_days" in balancer.model_fields_set:
        yield Problem(
            (*_AT, "logDays"),
            balancer.log_days,
            "has no effect without logs. Remove it, or set accessLogs or connectionLogs to true.",
            ((*_AT, "accessLogs"), (*_AT, "connectionLogs")),
        )


def network_load_balancer_problems(platform: Platform) -> Iterator[Problem]:
    """Find mistakes in the network load balancer's settings, and between them and the network."""
    balancer = platform.network_load_balancer
    if balancer is None:
        return
    yield from range_list_problems((*_NETWORK_BALANCER, "allowedCidrBlocks"), balancer.allowed_cidr_blocks or [])
    if not balancer.static_addresses:
        return
    path = (*_NETWORK_BALANCER, "staticAddresses")
    if balancer.internal:
        advice = "needs an internet-facing load balancer. Remove staticAddresses or internal."
        yield Problem(path, True, advice, ((*_NETWORK_BALANCER, "internal"),))
    elif (existing := platform.network.existing) and not existing.public_subnet_ids:
        advice = "needs the subnets, one for each address. List them in network.existing.publicSubnetIds."
        yield Problem(path, True, advice, (("network", "existing"),))


def _existing_problems(platform: Platform) -> Iterator[Problem]:
    balancer = platform.load_balancer
    # Its listener takes rules of this stack's.
    for name in sorted(balancer.model_fields_set - {"existing", "redirects", "fixed_responses"}):
        alias = str(type(balancer).model_fields[name].alias)
        value = balancer.model_dump(mode="json")[name]
        advice = "applies only to a load balancer that this stack makes. Remove it, or remove existing."
        yield Problem((*_AT, alias), value, advice, ((*_AT, "existing"),))
    if balancer.existing is None:
        return
    path = (*_AT, "existing")
    if platform.network.existing is None:
        yield Problem(
            path,
            None,
            "needs an existing VPC, but this stack makes its own. Name its VPC in network.existing, or remove it.",
            (("network", "existing"),),
        )


def _domain_problems(path: Path, domain: Domain) -> Iterator[Problem]:
    places: list[tuple[Path, str]] = [((*path, "name"), domain.name)]
    places += [((*path, "alternativeNames", index), name) for index, name in enumerate(domain.alternative_names)]
    for number, (place, name) in enumerate(places):
        if not domains.is_within(name, domain.zone):
            advice = f"is outside the zone {domain.zone}. Use {domain.zone}, or a name that ends in .{domain.zone}."
            yield Problem(place, name, advice, ((*path, "zone"),))
        elif name in [other for _, other in places[:number]]:
            yield Problem(place, name, "is listed twice; remove one", ((*path, "name"),))


def _certificate_problems(balancer: LoadBalancer) -> Iterator[Problem]:
    path = (*_AT, "certificateArns")
    for index, arn in enumerate(balancer.certificate_arns):
        if arn in balancer.certificate_arns[:index]:
            yield Problem((*path, index), arn, "is listed twice; remove one")
    if "tls_policy" in balancer.model_fields_set and not (balancer.certificate_arns or balancer.domain):
        yield Problem(
            (*_AT, "tlsPolicy"),
            balancer.tls_policy,
            "has no effect without HTTPS, which needs a certificate. Add domain or certificateArns, or remove it.",
            (path, (*_AT, "domain")),
        )


def _web_acl_problems(balancer: LoadBalancer) -> Iterator[Problem]:
    path = (*_AT, "webAclArn")
    if balancer.web_acl_arn and balancer.web_acl:
        advice = "conflicts with webAcl, which makes a web ACL: a load balancer has only one. Remove one of the two."
        yield Problem(path, balancer.web_acl_arn, advice, ((*_AT, "webAcl"),))
