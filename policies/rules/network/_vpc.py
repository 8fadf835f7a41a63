"""Which subnets of a stack are public: each followed through its route table and every route to an internet gateway.

AWS calls a subnet public if its route table has a route to an internet gateway, whatever the route's destination
(https://docs.aws.amazon.com/vpc/latest/userguide/configure-subnets.html#subnet-types). NAT gateways, egress-only
internet gateways, virtual private gateways, transit gateways and peerings let nobody in from the internet.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cached_property
from itertools import chain
from typing import NamedTuple, TypeVar

from policies.framework import Ids, Malformed, Report, Resource, Stack, Unknown, elements, peek

VPC = ("aws:ec2/vpc:Vpc", "aws:ec2/defaultVpc:DefaultVpc")
SUBNET = ("aws:ec2/subnet:Subnet", "aws:ec2/defaultSubnet:DefaultSubnet")
ROUTE_TABLE = ("aws:ec2/routeTable:RouteTable",)
DEFAULT_ROUTE_TABLE = ("aws:ec2/defaultRouteTable:DefaultRouteTable",)
ASSOCIATION = ("aws:ec2/routeTableAssociation:RouteTableAssociation",)
MAIN_ASSOCIATION = ("aws:ec2/mainRouteTableAssociation:MainRouteTableAssociation",)
ROUTE = ("aws:ec2/route:Route",)
INTERNET_GATEWAY = (
    "aws:ec2/internetGateway:InternetGateway",
    "aws:ec2/internetGatewayAttachment:InternetGatewayAttachment",
)
VPN_GATEWAY = ("aws:ec2/vpnGateway:VpnGateway",)

NETWORK = (
    *VPC,
    *SUBNET,
    *ROUTE_TABLE,
    *DEFAULT_ROUTE_TABLE,
    *ASSOCIATION,
    *MAIN_ASSOCIATION,
    *ROUTE,
    *INTERNET_GATEWAY,
    *VPN_GATEWAY,
)
"""Every type that `Network` reads."""

_DESTINATIONS = (
    "destinationCidrBlock",
    "destinationIpv6CidrBlock",
    "destinationPrefixListId",
    "cidrBlock",
    "ipv6CidrBlock",
)


class Exposure(NamedTuple):
    """Whether something is public; `None` where that cannot be decided now."""

    public: bool | None
    why: str = ""


_PRIVATE = Exposure(False)

LATER = "only the update knows"
"""Says in the reason of an undecided case that there is nothing to do before the update."""


def registered(report: Report) -> frozenset[str]:
    """URNs of the routes and associations that this run registered."""
    return frozenset(resource.urn for resource in report.seen(*ROUTE, *ASSOCIATION, *MAIN_ASSOCIATION))


class Network:
    """The routing of one stack.

    :param registered: URNs of what this run registered. The engine hands over what a run is going to delete too, so
        that another route or association is only a possibility. Without any, everything counts.
    """

    def __init__(self, stack: Stack, registered: frozenset[str] = frozenset()) -> None:
        self._stack = stack
        self._registered = registered
        self.ids = Ids(stack, NETWORK)
        self._named = self.ids.named
        self._default_table_of: dict[str, Resource] = {}
        for vpc in stack.of_type(*VPC):
            for prop in ("mainRouteTableId", "defaultRouteTableId"):
                if isinstance(table := peek(vpc.props, prop), str) and table:
                    self._default_table_of[table] = vpc
        self._tables: dict[str, Resource] = {}
        for table in stack.of_type(*ROUTE_TABLE, *DEFAULT_ROUTE_TABLE):
            self._tables[self._key(table)] = table
        self._routes: dict[str, list[Exposure]] = defaultdict(list)
        self._unplaced: list[Exposure] = []
        for route in stack.of_type(*ROUTE):
            self._place(route)
        for table in stack.of_type(*DEFAULT_ROUTE_TABLE):
            if self._key(table) == table.urn and isinstance(peek(table.inputs, "defaultRouteTableId"), Unknown):
                self._unplaced += [
                    Exposure(
                        None,
                        f"it may be in the VPC of the route table {table.name}, which is not known yet: {found.why}",
                    )
                    for found in self._inline(table)
                ]
        # What each subnet and VPC is surely and possibly associated with, found in one pass.
        self._own: dict[str, list[Resource]] = defaultdict(list)
        self._possible: dict[str, list[Resource]] = defaultdict(list)
        self._anywhere: list[Resource] = []
        for association in stack.of_type(*ASSOCIATION):
            self._join(association)
        self._main: dict[str, list[Resource]] = defaultdict(list)
        for association in stack.of_type(*MAIN_ASSOCIATION):
            for vpc in self._named(association, "vpcId", peek(association.inputs, "vpcId"), VPC):
                self._main[vpc.urn].append(association)
        # Each is asked for again and again, by every subnet and every workload.
        self.exposure = _once(self._subnet, lambda subnet: subnet.urn)
        self._table = _once(self._table_of, str)
        self._main_table_of = _once(self._main_table_of_vpc, lambda vpc: vpc.urn)

    @cached_property
    def _somewhere(self) -> list[Exposure]:
        """What the tables lead to that may be any subnet's."""
        return _distinct(self._table_behind(association) for association in self._anywhere)

    def _join(self, association: Resource) -> None:
        value = peek(association.inputs, "subnetId")
        named = self._named(association, "subnetId", value, SUBNET)
        if len(named) == 1 and self._is_sure(association):
            self._own[named[0].urn].append(association)
        elif named:
            for subnet in named:
                self._possible[subnet.urn].append(association)
        elif isinstance(value, Unknown):
            self._anywhere.append(association)

    def _is_sure(self, resource: Resource) -> bool:
        return not self._registered or resource.urn in self._registered

    def _subnet(self, subnet: Resource) -> Exposure:
        """Whether a subnet of the stack is public."""
        if own := self._own.get(subnet.urn):
            return _agreed([self._table_behind(association) for association in own])
        possible = [self._table_behind(association) for association in self._possible.get(subnet.urn, ())]
        return _agreed([*possible, *self._somewhere, self._main_table(subnet)])

    def _main_table(self, subnet: Resource) -> Exposure:
        """A subnet without association uses the main route table of its VPC."""
        if subnet.type == SUBNET[1]:
            vpcs = self._stack.of_type(VPC[1])
            if not vpcs:
                return _DEFAULT_VPC
        else:
            vpcs = self._named(subnet, "vpcId", peek(subnet.inputs, "vpcId"), VPC)
        if not vpcs:
            return Exposure(
                None,
                "it has no route table association in this stack, so it uses its VPC's main route table, which is not "
                "in this stack",
            )
        return _agreed([self._main_table_of(vpc) for vpc in vpcs])

    def _main_table_of_vpc(self, vpc: Resource) -> Exposure:
        associations = self._main.get(vpc.urn, [])
        found = [self._table_behind(association) for association in associations]
        if not any(map(self._is_sure, associations)):
            found.append(self._table(_default_key(vpc)))
        return _agreed(found)

    def _table_behind(self, association: Resource) -> Exposure:
        keys = self._keys(association, "routeTableId")
        if not keys:
            return Exposure(None, f"the route table that {association.name} gives it is not known yet")
        return _agreed([self._table(key) for key in keys])

    def _table_of(self, key: str) -> Exposure:
        table = self._tables.get(key)
        routes = list(self._routes.get(key, ()))
        if table is not None:
            routes += self._inline(table)
        public = next((route for route in routes if route.public), None)
        if public is not None:
            return public
        if table is None:
            vpc = self._stack.get(key.removeprefix(_DEFAULT))
            if vpc is None:
                return Exposure(None, f"its route table {key} is not in this stack")
            if vpc.type == VPC[1]:
                return _DEFAULT_VPC
        return next(chain(routes, self._unplaced), _PRIVATE)

    def _inline(self, table: Resource) -> Iterator[Exposure]:
        """The routes that are written into a route table, as far as they may lead to an internet gateway."""
        routes = peek(table.inputs, "routes")
        if isinstance(routes, Unknown):
            if self._stack.behind(table, "routes", *INTERNET_GATEWAY):
                yield Exposure(None, f"the routes of its route table {table.name} are not known yet")
            return
        try:
            for index, route in enumerate(elements(routes, "routes")):
                if isinstance(route, Unknown):
                    yield Exposure(None, f"routes[{index}] of its route table {table.name} is not known yet")
                else:
                    yield from self._route(table, route, "routes", f"its route table {table.name}")
        except Malformed as malformed:  # `check_form` makes the finding
            yield Exposure(None, f"{malformed.path} of its route table {table.name} {malformed.reason}")

    def _place(self, route: Resource) -> None:
        """A standalone route belongs to its table, or to each of those it may be in."""
        keys = self._keys(route, "routeTableId")
        for found in self._route(route, route.inputs, "gatewayId", f"the route {route.name} of its route table"):
            if not keys:
                self._unplaced.append(
                    Exposure(None, f"the route {route.name} may be in its route table and lead to an internet gateway")
                )
            for key in keys:
                if len(keys) > 1:
                    self._routes[key].append(Exposure(None, f"{found.why}, if that route is in its route table"))
                elif not self._is_sure(route):
                    self._routes[key].append(
                        Exposure(None, f"{found.why}, unless this run deletes that route: {LATER}")
                    )
                else:
                    self._routes[key].append(found)

    def _route(self, owner: Resource, route: object, prop: str, what: str) -> Iterator[Exposure]:
        gateway = peek(route, "gatewayId")
        if isinstance(gateway, Unknown):
            internet = self._stack.behind(owner, prop, *INTERNET_GATEWAY)
            if internet and not self._stack.behind(owner, prop, *VPN_GATEWAY):
                yield Exposure(True, f"{what} sends {destination(route)} to the internet gateway {internet[0].name}")
            elif internet or not self._stack.behind(owner, prop, *VPN_GATEWAY):
                yield Exposure(None, f"{what} sends {destination(route)} to a gateway that is not known yet")
            return
        named = self.ids.get(gateway)
        if is_internet_gateway(gateway) or (named is not None and named.type in INTERNET_GATEWAY):
            name = named.name if named else gateway
            yield Exposure(True, f"{what} sends {destination(route)} to the internet gateway {name}")

    def _keys(self, resource: Resource, prop: str) -> list[str]:
        """The route tables that a property may name, as keys of `_tables`."""
        value = peek(resource.inputs, prop)
        tables = self._named(resource, prop, value, (*ROUTE_TABLE, *DEFAULT_ROUTE_TABLE))
        if tables:
            return list(dict.fromkeys(self._key(table) for table in tables))
        vpcs = self._vpcs_of_default_table(resource, prop, value)
        if vpcs:
            return [_default_key(vpc) for vpc in vpcs]
        return [value] if isinstance(value, str) and value else []

    def _key(self, table: Resource) -> str:
        """A VPC's default route table can be named through the VPC, too, so it goes by the VPC."""
        if table.type in ROUTE_TABLE:
            return table.urn
        vpcs = self._vpcs_of_default_table(table, "defaultRouteTableId", peek(table.inputs, "defaultRouteTableId"))
        return _default_key(vpcs[0]) if len(vpcs) == 1 else table.urn

    def _vpcs_of_default_table(self, resource: Resource, prop: str, value: object) -> list[Resource]:
        if isinstance(value, str) and value in self._default_table_of:
            return [self._default_table_of[value]]
        return [vpc for vpc in self._stack.behind(resource, prop, *VPC) if _unknown_default_table(vpc)]


def check_form(table: Resource) -> None:
    """Whether the routes written into a route table can be read: a list of another form would lead nowhere.

    :raises Malformed: naming the property.
    """
    routes = peek(table.inputs, "routes")
    for route in [] if isinstance(routes, Unknown) else elements(routes, "routes"):
        peek(route, "gatewayId")


def is_internet_gateway(gateway: object) -> bool:
    """Whether a known route target is an internet gateway's id (a `gatewayId` may be `local` or a `vgw-` as well)."""
    return isinstance(gateway, str) and gateway.startswith("igw-")


def destination(route: object) -> str:
    """Where a route leads, for a message."""
    given = [peek(route, prop) for prop in _DESTINATIONS] if isinstance(route, Mapping) else []
    return next((str(value) for value in given if isinstance(value, str) and value), "an unknown range")


_DEFAULT = "the default route table of "
_DEFAULT_VPC = Exposure(True, "it is in the default VPC, whose main route table has a route to an internet gateway")


def _default_key(vpc: Resource) -> str:
    return f"{_DEFAULT}{vpc.urn}"


def _unknown_default_table(vpc: Resource) -> bool:
    return not isinstance(peek(vpc.props, "defaultRouteTableId"), str)


def _agreed(exposures: list[Exposure]) -> Exposure:
    """What all of several possibilities come to."""
    if len({exposure.public for exposure in exposures}) == 1:
        return exposures[0]
    return next(
        (exposure for exposure in exposures if exposure.public is None),
        Exposure(None, "it is not known yet which of several route tables it uses"),
    )


def _distinct(exposures: Iterable[Exposure]) -> list[Exposure]:
    """The first of each verdict: `_agreed` needs no more."""
    found: dict[bool | None, Exposure] = {}
    for exposure in exposures:
        found.setdefault(exposure.public, exposure)
    return list(found.values())


_Asked = TypeVar("_Asked")


def _once(ask: Callable[[_Asked], Exposure], key: Callable[[_Asked], str]) -> Callable[[_Asked], Exposure]:
    """The same answers, each found once."""
    known: dict[str, Exposure] = {}

    def answer(asked: _Asked) -> Exposure:
        name = key(asked)
        if name not in known:
            known[name] = ask(asked)
        return known[name]

    return answer
