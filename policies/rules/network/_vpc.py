"""Which subnets of a stack are public: each followed through its route table and every route to an internet gateway.

AWS calls a subnet public if its route table has a route to an internet gateway, whatever the route's destination
(https://docs.aws.amazon.com/vpc/latest/userguide/configure-subnets.html#subnet-types). NAT gateways, egress-only
internet gateways, virtual private gateways, transit gateways and peerings let nobody in from the internet.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from policies.framework import Ids, Malformed, Resource, Stack, Unknown, elements, peek

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


class Network:
    """The routing of one stack."""

    def __init__(self, stack: Stack) -> None:
        self._stack = stack
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
        self._routes: dict[str, list[Exposure]] = {}
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
        self._subnets: dict[str, Exposure] = {}

    def exposure(self, subnet: Resource) -> Exposure:
        """Whether a subnet of the stack is public."""
        if subnet.urn not in self._subnets:
            self._subnets[subnet.urn] = self._subnet(subnet)
        return self._subnets[subnet.urn]

    def _subnet(self, subnet: Resource) -> Exposure:
        own: list[Exposure] = []
        possible: list[Exposure] = []
        for association in self._stack.of_type(*ASSOCIATION):
            value = peek(association.inputs, "subnetId")
            named = self._named(association, "subnetId", value, SUBNET)
            if named == [subnet]:
                own.append(self._table_behind(association))
            elif subnet in named or (not named and isinstance(value, Unknown)):
                possible.append(self._table_behind(association))
        if own:
            return _agreed(own)
        return _agreed([*possible, self._main_table(subnet)])

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

    def _main_table_of(self, vpc: Resource) -> Exposure:
        replaced = [
            self._table_behind(association)
            for association in self._stack.of_type(*MAIN_ASSOCIATION)
            if vpc in self._named(association, "vpcId", peek(association.inputs, "vpcId"), VPC)
        ]
        return _agreed(replaced) if replaced else self._table(_default_key(vpc))

    def _table_behind(self, association: Resource) -> Exposure:
        keys = self._keys(association, "routeTableId")
        if not keys:
            return Exposure(None, f"the route table that {association.name} gives it is not known yet")
        return _agreed([self._table(key) for key in keys])

    def _table(self, key: str) -> Exposure:
        table = self._tables.get(key)
        routes = list(self._routes.get(key, []))
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
        undecided = [*routes, *self._unplaced]
        return undecided[0] if undecided else _PRIVATE

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
                certain = (
                    found if len(keys) == 1 else Exposure(None, f"{found.why}, if that route is in its route table")
                )
                self._routes.setdefault(key, []).append(certain)

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


def public_by_ids(subnet_id: str, seen: Mapping[str, Iterable[Resource]]) -> str | None:
    """Why a subnet is public as far as that follows from ids alone, for a check at registration.

    There a resource has no id of its own yet, but an association and a route name those of what they join. What
    stands in a `RouteTable` itself is therefore left to the stack check.

    :param seen: what was registered so far, by type.
    """
    for association in seen[ASSOCIATION[0]]:
        if peek(association.inputs, "subnetId") != subnet_id:
            continue
        table = peek(association.inputs, "routeTableId")
        if not isinstance(table, str):
            continue
        for what, route in _routes_by_ids(table, seen):
            if is_internet_gateway(gateway := peek(route, "gatewayId")):
                return f"{what} sends {destination(route)} to the internet gateway {gateway}"
    return None


def _routes_by_ids(table: str, seen: Mapping[str, Iterable[Resource]]) -> Iterator[tuple[str, Any]]:
    for route in seen[ROUTE[0]]:
        if peek(route.inputs, "routeTableId") == table:
            yield f"the route {route.name} of its route table {table}", route.inputs
    for default in seen[DEFAULT_ROUTE_TABLE[0]]:
        if peek(default.inputs, "defaultRouteTableId") == table:
            routes = peek(default.inputs, "routes")
            for route in [] if isinstance(routes, Unknown) else elements(routes, "routes"):
                yield f"its route table {default.name}", route


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
