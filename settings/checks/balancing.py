"""What can be wrong with the Application Load Balancer: its domain, its certificates, what stands in front of it."""

from collections.abc import Iterator

from components.balancing import domains
from components.common.arn import parse

from ..platform import Platform
from ..problems import Path, Problem
from ..sections.balancing import Domain, LoadBalancer
from .logs import retention_problems
from .registry import Surroundings

_AT: Path = ("loadBalancer",)


def balancer_problems(platform: Platform, surroundings: Surroundings) -> Iterator[Problem]:
    """Find what is wrong with the load balancer, and between it and what is around it."""
    balancer = platform.load_balancer
    if balancer.existing:
        yield from _existing_problems(platform, surroundings)
        return
    if balancer.domain:
        yield from _domain_problems((*_AT, "domain"), balancer.domain)
    yield from _certificate_problems(balancer, surroundings)
    yield from _web_acl_problems(balancer, surroundings)
    if not (balancer.access_logs or balancer.connection_logs) and "log_days" in balancer.model_fields_set:
        yield Problem(
            (*_AT, "logDays"),
            balancer.log_days,
            "says how long logs are kept, and there are none: take it out",
            ((*_AT, "accessLogs"), (*_AT, "connectionLogs")),
        )


def _existing_problems(platform: Platform, surroundings: Surroundings) -> Iterator[Problem]:
    balancer = platform.load_balancer
    for name in sorted(balancer.model_fields_set - {"existing"}):
        alias = str(type(balancer).model_fields[name].alias)
        value = balancer.model_dump(mode="json")[name]
        advice = "is for a load balancer that this stack makes: remove it, or remove existing"
        yield Problem((*_AT, alias), value, advice, ((*_AT, "existing"),))
    if balancer.existing is None:
        return
    path = (*_AT, "existing")
    if platform.network.existing is None:
        yield Problem(
            path,
            None,
            "cannot be in a VPC that this stack makes: name its VPC in network.existing, or remove it",
            (("network", "existing"),),
        )
    yield from _region_problems((*path, "listenerArn"), balancer.existing.listener_arn, surroundings)


def _domain_problems(path: Path, domain: Domain) -> Iterator[Problem]:
    places: list[tuple[Path, str]] = [((*path, "name"), domain.name)]
    places += [((*path, "alternativeNames", index), name) for index, name in enumerate(domain.alternative_names)]
    for number, (place, name) in enumerate(places):
        if not domains.is_within(name, domain.zone):
            advice = f"lies outside the zone {domain.zone}: names end in .{domain.zone}, or are that"
            yield Problem(place, name, advice, ((*path, "zone"),))
        elif name in [other for _, other in places[:number]]:
            yield Problem(place, name, "stands there twice: remove it", ((*path, "name"),))


def _certificate_problems(balancer: LoadBalancer, surroundings: Surroundings) -> Iterator[Problem]:
    path = (*_AT, "certificateArns")
    for index, arn in enumerate(balancer.certificate_arns):
        if arn in balancer.certificate_arns[:index]:
            yield Problem((*path, index), arn, "stands there twice: remove it")
        elif (kind := parse(arn)).service == "iam" and kind.resource.startswith("server-certificate/"):
            continue  # certificates of IAM are everywhere
        elif kind.service != "acm" or not kind.resource.startswith("certificate/"):
            yield Problem((*path, index), arn, "is no certificate: arn:aws:acm:region:account:certificate/id")
        else:
            yield from _region_problems((*path, index), arn, surroundings)
    if "tls_policy" in balancer.model_fields_set and not (balancer.certificate_arns or balancer.domain):
        yield Problem(
            (*_AT, "tlsPolicy"),
            balancer.tls_policy,
            "is for HTTPS, which needs a certificate: add domain or certificateArns, or take it out",
            (path, (*_AT, "domain")),
        )


def _web_acl_problems(balancer: LoadBalancer, surroundings: Surroundings) -> Iterator[Problem]:
    path = (*_AT, "webAclArn")
    if balancer.web_acl_arn and balancer.web_acl:
        advice = "webAcl makes a web ACL, and a load balancer has one: keep one of the two"
        yield Problem(path, balancer.web_acl_arn, advice, ((*_AT, "webAcl"),))
    elif balancer.web_acl_arn:
        yield from _region_problems(path, balancer.web_acl_arn, surroundings)
    if balancer.web_acl:
        days = balancer.web_acl.log_retention_days
        yield from retention_problems((*_AT, "webAcl", "logRetentionDays"), days, none_allowed=True)


def _region_problems(path: Path, arn: str, surroundings: Surroundings) -> Iterator[Problem]:
    region = parse(arn).region
    if surroundings.region and region != surroundings.region:
        yield Problem(path, arn, f"is in {region}, and a load balancer in {surroundings.region} takes none from there")
