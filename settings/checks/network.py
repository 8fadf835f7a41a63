"""Checks of the network's settings, and of all address ranges."""

import ipaddress
from collections.abc import Iterator, Sequence

from components.network import endpoint_services, subnet_ranges
from components.network.args import NatGateways, VpcEndpoints

from ..platform import Platform
from ..problems import Path, Problem
from ..sections.capacity import EgressRule


def network_problems(platform: Platform) -> Iterator[Problem]:
    """Find what is wrong with the network, and whether it fits the services and instances in it."""
    network = platform.network
    if platform.network.existing:
        yield from _existing_problems(platform)
        return
    yield from _range_problems(platform)
    if network.encrypt_flow_logs and network.flow_log_kms_key_arn:
        yield Problem(
            ("network", "flowLogKmsKeyArn"),
            network.flow_log_kms_key_arn,
            "conflicts with encryptFlowLogs, which makes a key: remove one of the two",
            (("network", "encryptFlowLogs"),),
        )
    yield from _endpoint_problems(platform)


def _existing_problems(platform: Platform) -> Iterator[Problem]:
    network = platform.network
    for name in sorted(network.model_fields_set - {"existing"}):
        alias = str(type(network).model_fields[name].alias)
        value = network.model_dump(mode="json")[name]
        advice = "applies only to a VPC that this stack makes: remove it, or remove existing"
        yield Problem(("network", alias), value, advice, (("network", "existing"),))
    existing = network.existing
    for key in ("public_subnet_ids", "private_subnet_ids"):
        ids = getattr(existing, key)
        path = ("network", "existing", "publicSubnetIds" if key.startswith("public") else "privateSubnetIds")
        for index, id_ in enumerate(ids):
            if id_ in ids[:index]:
                yield Problem((*path, index), id_, "is listed twice; remove one")


def _range_problems(platform: Platform) -> Iterator[Problem]:
    network = platform.network
    path, others = ("network", "cidrBlock"), ("network", "reservedCidrBlocks")
    faults = list(cidr_problems(path, network.cidr_block))
    for index, block in enumerate(network.reserved_cidr_blocks):
        faults += cidr_problems((*others, index), block)
    yield from faults
    if faults:
        return
    if fault := subnet_ranges.range_fault(network.cidr_block, network.reserved_cidr_blocks):
        yield Problem(path, network.cidr_block, fault, (others,))
        return
    zones = network.availability_zone_count
    there = subnet_ranges.private_addresses(network.cidr_block, zones)
    needed = platform.addresses_needed
    instances = endpoint_services.INSTANCE_SERVICES if platform.cluster.has_instances else ()
    interfaces = 0
    if network.endpoints is VpcEndpoints.PRIVATE:
        services = {*endpoint_services.TASK_SERVICES, *instances, *network.endpoint_services}
        interfaces = zones * len(services)
    if needed + interfaces > there:
        yield Problem(
            path,
            network.cidr_block,
            f"is too small: its private subnets in {zones} zones have {there} addresses, but {needed} tasks and "
            "instances (twice maxTasks of each service, for a deployment of all at once, and maxSize of each group) "
            f"and {interfaces} endpoints need {needed + interfaces}. Widen the range.",
            (("services",), ("cluster",), ("network", "availabilityZoneCount"), ("network", "endpoints")),
        )


def allowed_problems(platform: Platform) -> Iterator[Problem]:
    """Find what is wrong with the ranges that may connect to the load balancer."""
    balancer = platform.load_balancer
    yield from range_list_problems(("loadBalancer", "allowedCidrBlocks"), balancer.allowed_cidr_blocks or [])
    path, blocks = ("loadBalancer", "allowedIpv6CidrBlocks"), balancer.allowed_ipv6_cidr_blocks
    if blocks and not platform.network.ipv6:
        yield Problem(path, blocks, "needs network.ipv6: true", (("network", "ipv6"),))
    yield from range_list_problems(path, blocks or [])


def range_list_problems(path: Path, blocks: list[str]) -> Iterator[Problem]:
    """Find what is wrong with ranges that may connect."""
    well_formed: dict[int, ipaddress.IPv4Network | ipaddress.IPv6Network] = {}
    for index, block in enumerate(blocks):
        faults = list(cidr_problems((*path, index), block))
        yield from faults
        if not faults:
            well_formed[index] = ipaddress.ip_network(block)
    for index, network in well_formed.items():
        for at, other in well_formed.items():
            # A wider range that overlaps another contains it. Of two equal ranges the first stays.
            before = (other.prefixlen, at) < (network.prefixlen, index)
            if at != index and before and network.overlaps(other):
                yield Problem((*path, index), blocks[index], f"lies within {other}, which is listed too; remove it")
                break


def no_way_problems(path: Path, service: str, what: str, platform: Platform) -> Iterator[Problem]:
    """Find a service of AWS that cannot be called, because endpoints are the only way out.

    Args:
        path: path to what calls it.
        service: its name at the end of the endpoint's.
        what: what is called there.
        platform: the settings.
    """
    network = platform.network
    alone = network.nat_gateways is NatGateways.NONE and network.endpoints is VpcEndpoints.PRIVATE
    if network.existing or not alone or service in network.endpoint_services:
        return
    advice = f"leave {path[-1]} no way to {what}, because there is no NAT gateway. Add {service} to them."
    at = ("network", "endpointServices")
    yield Problem(at, network.endpoint_services, advice, (path, ("network", "natGateways"), ("network", "endpoints")))


def way_out_problems(
    path: Path, rules: Sequence[EgressRule] | None, what: str, platform: Platform
) -> Iterator[Problem]:
    """Find egress that leaves no way to AWS: explicit rules replace the default, port 443 anywhere.

    Endpoints that this program knows get rules of their own. An existing VPC may have others at private addresses, so
    that only a missing port is certainly wrong there.

    Args:
        path: path to the rules.
        rules: the rules; None for the default, which the wiring decides.
        what: what cannot be done without that way.
        platform: the settings.
    """
    if rules is None or platform.network.has_endpoints_to_open:
        return
    https = [rule.cidr_block for rule in rules if rule.port == 443]
    if any(_may_reach_aws(block, existing=platform.network.existing is not None) for block in https):
        return
    advice = (
        f"leaves no way to {what}. These rules replace the default. Add {{port: 443, cidrBlock: 0.0.0.0/0}}, or remove "
        "egress"
    )
    own = "" if platform.network.existing else ", or set network.endpoints: private"
    yield Problem(
        path, [rule.model_dump(by_alias=True) for rule in rules], f"{advice}{own}.", (("network", "endpoints"),)
    )


def _may_reach_aws(block: str, *, existing: bool) -> bool:
    """Return whether AWS may be within a range; a range that is wrong is reported elsewhere."""
    return existing or bool(list(cidr_problems((), block))) or subnet_ranges.has_public_addresses(block)


def _endpoint_problems(platform: Platform) -> Iterator[Problem]:
    network = platform.network
    path = ("network", "endpoints")
    private = network.endpoints is VpcEndpoints.PRIVATE
    instances = endpoint_services.INSTANCE_SERVICES if platform.cluster.has_instances else ()
    inhabited = bool(platform.runs) or platform.cluster.has_instances
    if network.nat_gateways is NatGateways.NONE and inhabited and not private:
        yield Problem(
            ("network", "natGateways"),
            network.nat_gateways.value,
            "cuts tasks off from ECR, logs and secrets: choose single or perZone, or endpoints: private",
            (("services",), ("jobs",), path),
        )
    for index, service in enumerate(network.endpoint_services):
        at = ("network", "endpointServices", index)
        if not private:
            yield Problem(at, service, "needs endpoints: private", (path,))
        elif service in ("s3", *endpoint_services.TASK_SERVICES, *instances, *network.endpoint_services[:index]):
            yield Problem(at, service, "has an endpoint already; remove it", (path,))
    if network.endpoint_bucket_arns and network.endpoints is VpcEndpoints.NONE:
        where = ("network", "endpointBucketArns")
        yield Problem(
            where,
            network.endpoint_bucket_arns,
            "needs the endpoint for S3: set endpoints to gateway or private",
            (path,),
        )


def cidr_problems(path: Path, block: str) -> Iterator[Problem]:
    """Find what is wrong with one range."""
    example = "IPv6 range such as 2001:db8::/32" if ":" in block else "IPv4 range such as 10.0.0.0/16"
    try:
        ipaddress.ip_network(block)
    except ValueError as error:
        if "host bits" in str(error):
            right = ipaddress.ip_network(block, strict=False)
            yield Problem(path, block, f"has bits set beyond its prefix length: the range is {right}")
        else:
            yield Problem(path, block, f"must be an {example}")
