"""Checks against quotas of AWS on how many there may be, which it would report in the middle of an update.

What is not known here (what else is in an existing load balancer or VPC, names of the stack) is not counted, so that
nothing is refused that AWS would take. What AWS can raise is a setting under `quotas`.
"""

import ipaddress
from collections.abc import Iterator, Sequence
from typing import Final

from components.balancing.args import PRIVATE_RANGES
from components.network import endpoint_services
from components.network.args import NatGateways, VpcEndpoints
from components.services.routing_args import ListenerProtocol
from components.tasks.args import NetworkMode

from ..platform import Platform
from ..problems import Path, Problem
from ..rules import rules
from ..sections.capacity import EgressRule
from ..sections.routing import WayIn
from ..sections.services import WebService

_TARGET_GROUPS: Final = 100
"""Target groups of an Application Load Balancer; AWS does not raise it ("Quotas for your Application Load
Balancers")."""
_LISTENERS: Final = 50
"""Listeners of a Network Load Balancer; AWS does not raise it ("Quotas for your Network Load Balancers")."""
_CAPACITY_PROVIDERS: Final = 20
"""Capacity providers of a cluster, FARGATE and FARGATE_SPOT among them ("Amazon ECS service quotas")."""

_RAISED: Final = "If AWS has raised the quota for this account, set quotas.{key}."


def quota_problems(platform: Platform) -> Iterator[Problem]:
    """Find what is more than AWS takes."""
    for check in (
        _load_balancer_problems,
        _network_load_balancer_problems,
        _egress_problems,
        _endpoint_problems,
        _address_problems,
        _certificate_problems,
        _cluster_problems,
    ):
        for problem in check(platform):
            yield problem._replace(others=(problem.path, *problem.others, ("quotas",)))


def _load_balancer_problems(platform: Platform) -> Iterator[Problem]:
    balancer, rules_of_group = platform.load_balancer, platform.quotas.security_group_rules
    ports = [80, 443] if balancer.domain or balancer.certificate_arns else [80]
    if balancer.existing is None:
        for key, blocks in (
            ("allowedCidrBlocks", balancer.allowed_cidr_blocks),
            ("allowedIpv6CidrBlocks", balancer.allowed_ipv6_cidr_blocks),
        ):
            yield from _range_problems(("loadBalancer", key), blocks or [], ports, rules_of_group)
    groups = [rule for rule in rules(platform) if isinstance(rule.section, WayIn)]
    if len(groups) > _TARGET_GROUPS:
        advice = (
            f"are {len(groups)} behind the load balancer, which has at most {_TARGET_GROUPS} target groups, one for "
            "each. Move some to another stack, or give them a networkListener."
        )
        yield Problem(("services",), None, advice)
    bridged = [group for group in platform.cluster.auto_scaling_groups.values() if group.bridge_tasks]
    out = sum(_openings(service) for service in platform.web_services.values()) + len(bridged) + platform.has_logins
    if len(groups) <= _TARGET_GROUPS and out > rules_of_group:
        advice = (
            f"make {out} egress rules of the load balancer's security group, one for each service and each group with "
            f"bridgeTasks, but it has at most {rules_of_group}. Move some to another stack. "
        )
        yield Problem(("services",), None, advice + _raised("securityGroupRules"))


def _openings(service: WebService) -> int:
    """Return how many ports of a service's tasks the load balancer reaches."""
    if service.network_mode is NetworkMode.BRIDGE:
        return 0
    ways = [way for way in service.ways_in.values() if way.network_listener is None]
    ports = {service.port_of(way) for way in ways}
    return len(ports | {way.health_check.port for way in ways if way.health_check.port})


def _network_load_balancer_problems(platform: Platform) -> Iterator[Problem]:
    balancer, rules = platform.network_load_balancer, platform.quotas.security_group_rules
    listeners = platform.network_listeners
    # One for both protocols opens its port twice.
    ports = sorted(
        [one.port for one in listeners] + [one.port for one in listeners if one.protocol is ListenerProtocol.TCP_UDP]
    )
    if balancer is None or not ports:
        return
    if len(listeners) > _LISTENERS:
        advice = (
            f"have {len(listeners)} listeners on the network load balancer, which has at most {_LISTENERS}. Move some "
            "to another stack."
        )
        yield Problem(("services",), None, advice)
        return
    path: Path = ("networkLoadBalancer", "allowedCidrBlocks")
    if balancer.allowed_cidr_blocks:
        yield from _range_problems(path, balancer.allowed_cidr_blocks, ports, rules)
    elif balancer.internal and len(PRIVATE_RANGES) * len(ports) > rules:
        advice = (
            f"is missing. Without it {len(ports)} listeners and {', '.join(PRIVATE_RANGES)} make "
            f"{len(PRIVATE_RANGES) * len(ports)} rules of a security group, which has at most {rules}. List fewer "
            "ranges, such as the VPC's. "
        )
        yield Problem(path, None, advice + _raised("securityGroupRules"), (("services",),))


def _range_problems(path: Path, blocks: Sequence[str], ports: Sequence[int], rules: int) -> Iterator[Problem]:
    """Check ranges of one IP version: AWS counts the versions apart ("Amazon VPC quotas")."""
    made = len(blocks) * len(ports)
    if made <= rules:
        return
    shown = ", ".join(map(str, ports[:3])) + (" ..." if len(ports) > 3 else "")
    advice = (
        f"makes {made} rules of a security group, {len(blocks)} ranges for each of {len(ports)} ports ({shown}), but "
        f"it has at most {rules}. List at most {rules // len(ports)} ranges{_merged(blocks)}. "
    )
    yield Problem(path, list(blocks), advice + _raised("securityGroupRules"))


def _merged(blocks: Sequence[str]) -> str:
    """Say how many ranges are left if those that adjoin are merged."""
    try:
        networks = [ipaddress.ip_network(block) for block in blocks]
        left = len(list(ipaddress.collapse_addresses(networks)))  # type: ignore[type-var]
    except (TypeError, ValueError):
        return ""
    return f"; merged where they adjoin, they are {left}" if left < len(blocks) else ""


def _egress_problems(platform: Platform) -> Iterator[Problem]:
    listed: dict[Path, Sequence[EgressRule] | None] = {
        **{
            ("cluster", "autoScalingGroups", name): one.egress
            for name, one in platform.cluster.auto_scaling_groups.items()
        },
        **{
            ("cluster", "managedInstances", name): one.egress
            for name, one in platform.cluster.managed_instances.items()
        },
        **{path: one.egress for path, one in platform.runs.items()},
    }
    network, rules = platform.network, platform.quotas.security_group_rules
    # A rule for a security group or a prefix list counts for both IP versions.
    own = network.endpoints is VpcEndpoints.PRIVATE and not network.existing
    references = (1 if network.has_endpoints_to_open else 0) + (1 if own else 0)
    for path, egress in listed.items():
        made = len(egress or []) + references
        if egress and made > rules:
            advice = (
                f"makes {made} rules of a security group{', with those for endpoints' if references else ''}, but it "
                f"has at most {rules}. List fewer, wider ranges. "
            )
            values = [rule.model_dump(by_alias=True) for rule in egress]
            yield Problem((*path, "egress"), values, advice + _raised("securityGroupRules"))


def _endpoint_problems(platform: Platform) -> Iterator[Problem]:
    network, cluster, quotas = platform.network, platform.cluster, platform.quotas
    if network.has_endpoints_to_open:
        tasks = sum(one.network_mode is not NetworkMode.BRIDGE for one in platform.runs.values())
        callers = tasks + len(cluster.auto_scaling_groups) + len(cluster.managed_instances)
        if callers > quotas.security_group_rules:
            path: Path = (
                ("network", "existing", "endpointSecurityGroupId") if network.existing else ("network", "endpoints")
            )
            value = network.existing.endpoint_security_group_id if network.existing else network.endpoints.value
            advice = (
                f"makes {callers} rules of the endpoints' security group, one for each service, job and group of "
                f"instances, but it has at most {quotas.security_group_rules}. Move some services to another stack. "
            )
            yield Problem(path, value, advice + _raised("securityGroupRules"), (("services",), ("jobs",)))
    if network.endpoints is VpcEndpoints.PRIVATE and not network.existing:
        made = endpoint_services.interface_services(
            "us-east-1", network.endpoint_services, instances=cluster.has_instances
        )
        if len(made) > quotas.interface_endpoints:
            advice = (
                f"makes {len(made)} interface endpoints, with those that every task needs, but a VPC has at most "
                f"{quotas.interface_endpoints}. List fewer, and reach the other services through a NAT gateway. "
            )
            path = ("network", "endpointServices")
            yield Problem(path, network.endpoint_services, advice + _raised("interfaceEndpoints"))


def _address_problems(platform: Platform) -> Iterator[Problem]:
    network, balancer = platform.network, platform.network_load_balancer
    zones = len(network.existing.public_subnet_ids) if network.existing else network.availability_zone_count
    gateways = {NatGateways.NONE: 0, NatGateways.SINGLE: 1, NatGateways.PER_ZONE: zones}[network.nat_gateways]
    of_gateways = 0 if network.existing else gateways
    static = zones if balancer and balancer.static_addresses else 0
    if static and of_gateways + static > platform.quotas.elastic_addresses:
        advice = (
            f"needs {static} addresses, beside {of_gateways} of NAT gateways, but a region has at most "
            f"{platform.quotas.elastic_addresses}. Choose fewer zones, or natGateways: single. "
        )
        others: tuple[Path, ...] = (("network", "natGateways"), ("network", "availabilityZoneCount"))
        path = ("networkLoadBalancer", "staticAddresses")
        yield Problem(path, True, advice + _raised("elasticAddresses"), others)


def _certificate_problems(platform: Platform) -> Iterator[Problem]:
    domain, most = platform.load_balancer.domain, platform.quotas.certificate_names
    if domain and len(domain.names) > most:
        advice = (
            f"makes {len(domain.names)} names with {domain.name}, but a certificate has at most {most}. Use a wildcard "
            f"such as *.{domain.zone}, or list the rest on another certificate in certificateArns. "
        )
        path = ("loadBalancer", "domain", "alternativeNames")
        yield Problem(path, domain.alternative_names, advice + _raised("certificateNames"))


def _cluster_problems(platform: Platform) -> Iterator[Problem]:
    if (count := len(platform.cluster.provider_kinds)) > _CAPACITY_PROVIDERS:
        advice = (
            f"makes {count} capacity providers, with FARGATE and FARGATE_SPOT, but a cluster has at most "
            f"{_CAPACITY_PROVIDERS}. Merge groups, or move some to another stack."
        )
        yield Problem(("cluster",), None, advice)


def _raised(key: str) -> str:
    return _RAISED.format(key=key)
