"""Which subnets are public as far as that follows from ids alone, for a check at registration.

There a resource has no id of its own yet, but an association and a route name those of what they join. What stands in a
`RouteTable` itself is therefore left to the stack check.
"""

from collections import defaultdict
from collections.abc import Iterator
from typing import cast

from policies.framework import Report, Resource, Unknown, elements, peek
from policies.rules.network._vpc import ASSOCIATION, DEFAULT_ROUTE_TABLE, ROUTE, destination, is_internet_gateway


class KnownRoutes:
    """The associations and routes that were registered so far, by the ids of what they join."""

    def __init__(self) -> None:
        self._tables: dict[str, dict[str, str]] = defaultdict(dict)
        self._public: dict[str, dict[str, str]] = defaultdict(dict)
        self._placed: dict[str, dict[str, str]] = {}

    @classmethod
    def of(cls, report: Report) -> "KnownRoutes":
        """Those of one run."""
        return cast("KnownRoutes", report.kept.setdefault(cls.__name__, cls()))

    def add(self, resource: Resource) -> None:
        """Take an association, a route or a default route table in, in place of its last registration."""
        self._placed.pop(resource.urn, {}).pop(resource.urn, None)
        table = peek(resource.inputs, "defaultRouteTableId" if resource.type in DEFAULT_ROUTE_TABLE else "routeTableId")
        if not isinstance(table, str):
            return
        if resource.type in ASSOCIATION:
            subnet = peek(resource.inputs, "subnetId")
            place, value = self._tables[subnet] if isinstance(subnet, str) else {}, table
        else:
            place, value = self._public[table], next(_ways_out(resource, table), "")
        if value:
            place[resource.urn] = value
            self._placed[resource.urn] = place

    def why(self, subnet: str) -> str | None:
        """Why a subnet is public, if that can be told."""
        tables = self._tables.get(subnet, {}).values()
        return next((why for table in tables for why in self._public.get(table, {}).values()), None)


KNOWN = (*ASSOCIATION, *ROUTE, *DEFAULT_ROUTE_TABLE)
"""What `KnownRoutes` takes in."""


def _ways_out(resource: Resource, table: str) -> Iterator[str]:
    """The internet gateways that a route or a default route table leads to, as the end of a sentence."""
    what, routes = f"the route {resource.name} of its route table {table}", [resource.inputs]
    if resource.type in DEFAULT_ROUTE_TABLE:
        given = peek(resource.inputs, "routes")
        what, routes = f"its route table {resource.name}", []
        if not isinstance(given, Unknown):
            routes = elements(given, "routes")
    for route in routes:
        if is_internet_gateway(gateway := peek(route, "gatewayId")):
            yield f"{what} sends {destination(route)} to the internet gateway {gateway}"
