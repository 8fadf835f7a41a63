"""What can be wrong with the network's settings, and with every other range."""

import ipaddress
from collections.abc import Iterator

from components.network import endpoint_services, subnet_ranges
from components.network.args import NatGateways, VpcEndpoints

from ..platform import Platform
from ..problems import Path, Problem


def network_problems(platform: Platform) -> Iterator[Problem]:
    """Find what is wrong with the network, and between it and what is to live in it."""
    network = platform.network
    if platform.network.existing:
        yield from _existing_problems(platform)
        return
    yield from _range_problems(platform)
    if network.encrypt_flow_logs and network.flow_log_kms_key_arn:
        yield Problem(
            ("network", "flowLogKmsKeyArn"),
            network.flow_log_kms_key_arn,
            "encryptFlowLogs makes a key: keep one of the two",
            (("network", "encryptFlowLogs"),),
        )
    yield from _endpoint_problems(platform)


def _existing_problems(platform: Platform) -> Iterator[Problem]:
    network = platform.network
    for name in sorted(network.model_fields_set - {"existing"}):
        alias = str(type(network).model_fields[name].alias)
        value = network.model_dump(mode="json")[name]
        advice = "is for a VPC that this stack makes: remove it, or remove existing"
        yield Problem(("network", alias), value, advice, (("network", "existing"),))
    existing = network.existing
    for key in ("public_subnet_ids", "private_subnet_ids"):
        ids = getattr(existing, key)
        path = ("network", "existing", "publicSubnetIds" if key.startswith("public") else "privateSubnetIds")
        for index, id_ in enumerate(ids):
            if id_ in ids[:index]:
                yield Problem((*path, index), id_, "stands there twice")


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
            f"is too small: its private subnets in {zones} zones have {there} addresses, and {needed} tasks and "
            "instances (twice maxTasks of every service, while all are deployed, and maxSize of every group) and "
            f"{interfaces} endpoints need {needed + interfaces}",
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
            # One range holds another where it is wider and overlaps it; of two that are the same the first stays.
            before = (other.prefixlen, at) < (network.prefixlen, index)
            if at != index and before and network.overlaps(other):
                yield Problem((*path, index), blocks[index], f"lies within {other}, which is there too: remove it")
                break


def _endpoint_problems(platform: Platform) -> Iterator[Problem]:
    network = platform.network
    path = ("network", "endpoints")
    private = network.endpoints is VpcEndpoints.PRIVATE
    instances = endpoint_services.INSTANCE_SERVICES if platform.cluster.has_instances else ()
    inhabited = bool(platform.services) or platform.cluster.has_instances
    if network.nat_gateways is NatGateways.NONE and inhabited and not private:
        yield Problem(
            ("network", "natGateways"),
            network.nat_gateways.value,
            "tasks in private subnets could not reach ECR, logs and secrets: choose single or perZone, or endpoints: "
            "private",
            (("services",), path),
        )
    for index, service in enumerate(network.endpoint_services):
        at = ("network", "endpointServices", index)
        if not private:
            yield Problem(at, service, "an interface endpoint needs endpoints: private", (path,))
        elif service in ("s3", *endpoint_services.TASK_SERVICES, *instances, *network.endpoint_services[:index]):
            yield Problem(at, service, "has an endpoint already: remove it", (path,))
    if network.endpoint_bucket_arns and network.endpoints is VpcEndpoints.NONE:
        where = ("network", "endpointBucketArns")
        yield Problem(where, network.endpoint_bucket_arns, "needs an endpoint: choose gateway or private", (path,))


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
