"""A VPC that exists already: what it consists of, and what it lacks for the platform."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Final, NamedTuple

import pulumi
import pulumi_aws as aws

from . import endpoint_services
from .args import MOST_SUBNETS

_ANYWHERE: Final = "0.0.0.0/0"
_BALANCER_ADDRESSES: Final = 8
"""Free addresses that a load balancer needs in each of its subnets ("Subnets for your load balancer")."""
_RESERVED: Final = 5


class Route(NamedTuple):
    """One route: its destination, and the id of its target."""

    destination: str
    target: str


class Subnet(NamedTuple):
    """One subnet with its route table."""

    id: str
    zone: str
    addresses: int
    free: int
    table_id: str
    routes: tuple[Route, ...]

    @property
    def is_public(self) -> bool:
        """Whether any route leads to an internet gateway: AWS calls such a subnet public."""
        return any(route.target.startswith("igw-") for route in self.routes)

    @property
    def serves_the_internet(self) -> bool:
        """Whether the default route leads to an internet gateway."""
        return any(route.target.startswith("igw-") and route.destination == _ANYWHERE for route in self.routes)

    @property
    def has_way_out(self) -> bool:
        """Whether a default route leads out other than by an internet gateway: NAT, transit gateway, appliance."""
        return any(route.destination == _ANYWHERE for route in self.routes) and not self.is_public


class Endpoint(NamedTuple):
    """One VPC endpoint."""

    private_dns: bool
    table_ids: tuple[str, ...]
    security_group_ids: tuple[str, ...]
    prefix_list_id: str


class Facts(NamedTuple):
    """What a VPC consists of.

    :ivar subnets: by id.
    :ivar endpoints: by service, only those that are needed.
    :ivar needed: the services that tasks, and instances if there are any, call through an interface endpoint.
    :ivar gateways: the services that they call through a gateway endpoint.
    """

    vpc_id: str
    region: str
    dns_support: bool
    dns_hostnames: bool
    subnets: dict[str, Subnet]
    endpoints: dict[str, Endpoint]
    needed: Sequence[str] = ()
    cidr_block: str = ""
    gateways: Sequence[str] = ("s3",)


class Wanted(NamedTuple):
    """What the platform needs from a VPC.

    :ivar public: ids of public subnets; if empty, they are chosen.
    :ivar private: ids of private subnets; if empty, they are chosen.
    :ivar addresses: how many addresses the private subnets must have.
    :ivar endpoint_group: id of the security group that the endpoints must have, if any.
    """

    public: Sequence[str] = ()
    private: Sequence[str] = ()
    addresses: int = 0
    endpoint_group: str = ""


class Choice(NamedTuple):
    """The subnets to use, and everything that is missing. Do not use them if something is missing."""

    public: list[Subnet]
    private: list[Subnet]
    missing: list[str]


def read(vpc_id: str, opts: pulumi.InvokeOptions, *, instances: bool = False, tables: bool = False) -> Facts | None:
    """Ask AWS what a VPC consists of; None if the region has no VPC of that id."""
    region = aws.get_region(opts=opts).region
    try:
        vpc = aws.ec2.get_vpc(id=vpc_id, opts=opts)
    except Exception as error:
        if _is_absence(error):
            return None
        raise
    subnets = _subnets(vpc_id, opts)
    needed = endpoint_services.interface_services(region, [], instances=instances)
    gateways = ("s3", "dynamodb") if tables else ("s3",)
    endpoints = {
        service: found
        for service in (*gateways, *needed)
        if (found := _endpoint(vpc_id, endpoint_services.service_name(region, service), opts))
    }
    return Facts(
        vpc_id,
        region,
        bool(vpc.enable_dns_support),
        bool(vpc.enable_dns_hostnames),
        subnets,
        endpoints,
        needed,
        vpc.cidr_block,
        gateways,
    )


def _subnets(vpc_id: str, opts: pulumi.InvokeOptions) -> dict[str, Subnet]:
    main: tuple[str, tuple[Route, ...]] = ("", ())
    tables: dict[str, tuple[str, tuple[Route, ...]]] = {}
    for table_id in sorted(aws.ec2.get_route_tables(vpc_id=vpc_id, opts=opts).ids):
        table = aws.ec2.get_route_table(route_table_id=table_id, opts=opts)
        entry = (table_id, tuple(_routes(table.routes)))
        for association in table.associations:
            if association.main:
                main = entry
            if association.subnet_id:
                tables[association.subnet_id] = entry
    of_vpc = [aws.ec2.GetSubnetsFilterArgs(name="vpc-id", values=[vpc_id])]
    found: dict[str, Subnet] = {}
    for subnet_id in sorted(aws.ec2.get_subnets(filters=of_vpc, opts=opts).ids):
        subnet = aws.ec2.get_subnet(id=subnet_id, opts=opts)
        size = 1 << (32 - int(subnet.cidr_block.partition("/")[2])) if subnet.cidr_block else _RESERVED
        free = int(subnet.available_ip_address_count)
        table_id, routes = tables.get(subnet_id, main)
        found[subnet_id] = Subnet(subnet_id, subnet.availability_zone, size - _RESERVED, free, table_id, routes)
    return found


def _routes(routes: Iterable[aws.ec2.outputs.GetRouteTableRouteResult]) -> Iterator[Route]:
    for route in routes:
        targets = (
            *(route.gateway_id, route.nat_gateway_id, route.transit_gateway_id, route.network_interface_id),
            *(route.vpc_peering_connection_id, route.vpc_endpoint_id, route.core_network_arn, route.instance_id),
            *(route.egress_only_gateway_id, route.local_gateway_id, route.carrier_gateway_id),
        )
        destination = route.cidr_block or route.ipv6_cidr_block or route.destination_prefix_list_id
        yield Route(destination or "", next((target for target in targets if target), ""))


def _endpoint(vpc_id: str, service_name: str, opts: pulumi.InvokeOptions) -> Endpoint | None:
    try:
        found = aws.ec2.get_vpc_endpoint(vpc_id=vpc_id, service_name=service_name, state="available", opts=opts)
    except Exception as error:
        if _is_absence(error):
            return None
        raise
    groups = tuple(found.security_group_ids or ())
    return Endpoint(
        bool(found.private_dns_enabled), tuple(found.route_table_ids or ()), groups, found.prefix_list_id or ""
    )


def _is_absence(error: Exception) -> bool:
    # The provider's words if a data source finds nothing. Everything else is a real error.
    return "no matching" in str(error)


def choose(facts: Facts, wanted: Wanted) -> Choice:
    """Choose the subnets, unless they are named, and list everything that is missing."""
    missing = []
    if not facts.dns_support:
        missing.append(
            f"{facts.vpc_id} has DNS support off, so that no name resolves, not even a VPC endpoint's: turn it on"
        )
    if not facts.dns_hostnames:
        missing.append(
            f"{facts.vpc_id} has DNS hostnames off, which the private names of VPC endpoints need: turn them on"
        )
    public, faults = _public(facts, wanted.public)
    missing += faults
    private, faults = _private(facts, wanted)
    missing += faults
    if wanted.endpoint_group:
        missing += [
            f"the endpoint for {service} does not have the security group {wanted.endpoint_group} that is named"
            for service, endpoint in facts.endpoints.items()
            if service not in facts.gateways and wanted.endpoint_group not in endpoint.security_group_ids
        ]
    return Choice(public, private, missing)


def _named(facts: Facts, ids: Sequence[str]) -> tuple[list[Subnet], list[str]]:
    strangers = [f"{id_} is not a subnet of {facts.vpc_id}" for id_ in ids if id_ not in facts.subnets]
    return [facts.subnets[id_] for id_ in ids if id_ in facts.subnets], strangers


def _public(facts: Facts, ids: Sequence[str]) -> tuple[list[Subnet], list[str]]:
    if ids:
        subnets, missing = _named(facts, ids)
        missing += [
            f"{subnet.id} is named as public but has no default route to an internet gateway"
            for subnet in subnets
            if not subnet.serves_the_internet
        ]
        missing += [
            f"{subnet.id} is in {subnet.zone}, as is {subnets[at].id}: a load balancer takes one subnet per zone"
            for number, subnet in enumerate(subnets)
            for at in range(number)
            if subnets[at].zone == subnet.zone
        ]
    else:
        subnets, missing = [], []
        for subnet in facts.subnets.values():
            if subnet.serves_the_internet and subnet.zone not in {one.zone for one in subnets}:
                subnets.append(subnet)
    missing += _too_few_zones("public", "with a default route to an internet gateway", subnets)
    missing += [
        f"{subnet.id} has {subnet.free} free addresses, but a load balancer needs {_BALANCER_ADDRESSES}"
        for subnet in subnets
        if subnet.free < _BALANCER_ADDRESSES
    ]
    return subnets, missing


def _private(facts: Facts, wanted: Wanted) -> tuple[list[Subnet], list[str]]:
    if wanted.private:
        subnets, missing = _named(facts, wanted.private)
        missing += [
            f"{subnet.id} is named as private but has a route to an internet gateway"
            for subnet in subnets
            if subnet.is_public
        ]
    else:
        every = [subnet for subnet in facts.subnets.values() if not subnet.is_public]
        # Subnets for databases often have no route out: skip them if other subnets have one.
        subnets = [subnet for subnet in every if not lacking(facts, subnet)] or every
        missing = []
        if len(subnets) > MOST_SUBNETS:
            missing.append(
                f"there are {len(subnets)} private subnets, but a service takes only {MOST_SUBNETS}: name those to use"
            )
    missing += _too_few_zones("private", "without a route to an internet gateway", subnets)
    missing += [
        f"{subnet.id} has no way out: it needs a default route to a NAT or transit gateway, or else these endpoints: "
        f"{', '.join(without)}"
        for subnet in subnets
        if not subnet.is_public and (without := lacking(facts, subnet))
    ]
    missing += [f"{subnet.id} has no free address" for subnet in subnets if subnet.free < 1]
    there = sum(subnet.addresses for subnet in subnets)
    if subnets and there < wanted.addresses:
        missing.append(
            f"the private subnets have {there} addresses, but {wanted.addresses} are needed while all services are "
            "deployed at once (twice maxTasks of each, and the instances)"
        )
    return subnets, missing


def one_a_zone(subnets: Iterable[Subnet]) -> list[str]:
    """Return the id of each zone's first subnet: a load balancer takes one per zone."""
    return list({subnet.zone: subnet.id for subnet in reversed(list(subnets))}.values())[::-1]


def lacking(facts: Facts, subnet: Subnet) -> list[str]:
    """Return the endpoints that tasks in a subnet lack; none if it has a way out."""
    if subnet.has_way_out:
        return []
    without = [
        service if service not in facts.endpoints else f"{service} (it exists, but its private DNS name is off)"
        for service in facts.needed
        if service not in facts.endpoints or not facts.endpoints[service].private_dns
    ]
    for service in facts.gateways:
        gateway = facts.endpoints.get(service)
        if gateway is None or subnet.table_id not in gateway.table_ids:
            without.append(f"{service} (the gateway endpoint, in route table {subnet.table_id})")
    return without


def _too_few_zones(kind: str, meaning: str, subnets: Sequence[Subnet]) -> list[str]:
    zones = sorted({subnet.zone for subnet in subnets})
    if len(zones) >= 2:
        return []
    found = f"all that were found are in {zones[0]}" if zones else "none was found"
    return [f"{kind} subnets ({meaning}) are needed in two zones: {found}"]
