"""What is in the account: the resources that the stacks of one state folder hold, as data sources show them."""

import ipaddress
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from .attributes import Place

_Answer = dict[str, Any]

_RESERVED: Final = 5
"""Addresses of each subnet that AWS keeps for itself."""

# What a route leads to: property of the resource → property of the data source.
_TARGETS: Final = (
    *("carrierGatewayId", "coreNetworkArn", "egressOnlyGatewayId", "gatewayId", "instanceId", "localGatewayId"),
    *("natGatewayId", "networkInterfaceId", "odbNetworkArn", "transitGatewayId", "vpcEndpointId"),
    "vpcPeeringConnectionId",
)


class Account:
    """Networks, load balancers and zones of every stack in a state folder; of none without one.

    A stack that is being changed is seen as its state was last written.
    """

    def __init__(self, state: Path | None = None) -> None:
        self._state = state

    def answer(self, token: str, arguments: dict[str, Any], place: Place) -> _Answer | None:
        """Return what a data source about one of them answers; None where the token is none of those.

        Raises:
            LookupError: AWS would find nothing.
        """
        match token:
            case "aws:ec2/getVpc:getVpc":
                return self._vpc(arguments["id"], place)
            case "aws:ec2/getSubnets:getSubnets":
                vpc_id = _filtered(arguments, "vpc-id")
                found = [item["id"] for item in self._of("subnet:Subnet", place) if item["vpcId"] == vpc_id]
                return {**arguments, "ids": found, "id": place.region}
            case "aws:ec2/getSubnet:getSubnet":
                return self._subnet(arguments["id"], place)
            case "aws:ec2/getRouteTables:getRouteTables":
                return {**arguments, "ids": self._tables(arguments["vpcId"], place), "id": place.region}
            case "aws:ec2/getRouteTable:getRouteTable":
                return self._table(arguments["routeTableId"], place)
            case "aws:ec2/getVpcEndpoint:getVpcEndpoint":
                return self._endpoint(arguments, place)
            case "aws:lb/getListener:getListener":
                return self._listener(arguments["arn"], place)
            case "aws:lb/getLoadBalancer:getLoadBalancer":
                return self._load_balancer(arguments["arn"], place)
            case "aws:route53/getZone:getZone":
                return self._zone(arguments["name"])
            case _:
                return None

    def _of(self, kind: str, place: Place, module: str = "ec2") -> Iterator[dict[str, Any]]:
        """Yield the outputs of every resource of a type in a region."""
        files = sorted((self._state / ".pulumi" / "stacks").glob("*/*.json")) if self._state else []
        for file in files:
            latest = json.loads(file.read_text())["checkpoint"]["latest"] or {}
            for resource in latest.get("resources", []):
                outputs = resource.get("outputs", {})
                here = str(outputs.get("arn", "")).split(":")[3:4] in ([place.region], [""], [])
                if resource["type"] == f"aws:{module}/{kind}" and not resource.get("delete") and here:
                    yield {**outputs, "id": resource["id"]}

    def _one(self, kind: str, id_: str, what: str, place: Place) -> dict[str, Any]:
        for found in self._of(kind, place):
            if found["id"] == id_:
                return found
        raise LookupError(f"no matching {what} found: no stack of this state folder holds {id_}")

    def _vpc(self, id_: str, place: Place) -> _Answer:
        vpc = self._one("vpc:Vpc", id_, "EC2 VPC", place)
        return {
            **{name: vpc[name] for name in ("id", "arn", "cidrBlock", "mainRouteTableId", "ownerId")},
            "enableDnsSupport": vpc.get("enableDnsSupport") is not False,
            "enableDnsHostnames": vpc.get("enableDnsHostnames") is True,
            "ipv6CidrBlock": vpc.get("ipv6CidrBlock", ""),
            "instanceTenancy": vpc.get("instanceTenancy") or "default",
            "default": False,
            "state": "available",
            "tags": vpc.get("tagsAll", {}),
        }

    def _subnet(self, id_: str, place: Place) -> _Answer:
        subnet = self._one("subnet:Subnet", id_, "EC2 Subnet", place)
        size = ipaddress.IPv4Network(subnet["cidrBlock"]).num_addresses
        taken = sum(id_ in endpoint.get("subnetIds", []) for endpoint in self._of("vpcEndpoint:VpcEndpoint", place))
        taken += sum(gateway["subnetId"] == id_ for gateway in self._of("natGateway:NatGateway", place))
        return {
            **{name: subnet[name] for name in ("id", "arn", "vpcId", "cidrBlock", "availabilityZone", "ownerId")},
            "availableIpAddressCount": size - _RESERVED - taken,
            "mapPublicIpOnLaunch": subnet.get("mapPublicIpOnLaunch") is True,
            "ipv6CidrBlock": subnet.get("ipv6CidrBlock", ""),
            "state": "available",
            "tags": subnet.get("tagsAll", {}),
        }

    def _tables(self, vpc_id: str, place: Place) -> list[str]:
        vpc = self._one("vpc:Vpc", vpc_id, "EC2 VPC", place)
        own = [table["id"] for table in self._of("routeTable:RouteTable", place) if table["vpcId"] == vpc_id]
        return [vpc["mainRouteTableId"], *own]

    def _table(self, id_: str, place: Place) -> _Answer:
        main = next((vpc for vpc in self._of("vpc:Vpc", place) if vpc["mainRouteTableId"] == id_), None)
        table = {"vpcId": main["id"]} if main else self._one("routeTable:RouteTable", id_, "Route Table", place)
        associations = [
            {"main": False, "subnetId": one["subnetId"], "routeTableId": id_, "routeTableAssociationId": one["id"]}
            for one in self._of("routeTableAssociation:RouteTableAssociation", place)
            if one["routeTableId"] == id_ and one.get("subnetId")
        ]
        if main:
            associations.append({"main": True, "subnetId": "", "routeTableId": id_, "routeTableAssociationId": ""})
        written = [route for route in self._of("route:Route", place) if route["routeTableId"] == id_]
        for default in self._of("defaultRouteTable:DefaultRouteTable", place):
            written += default.get("routes", []) if default["defaultRouteTableId"] == id_ else []
        gateways = [
            {"destinationPrefixListId": endpoint["prefixListId"], "gatewayId": endpoint["id"]}
            for endpoint in self._of("vpcEndpoint:VpcEndpoint", place)
            if id_ in endpoint.get("routeTableIds", [])
        ]
        return {
            "id": id_,
            "routeTableId": id_,
            "vpcId": table["vpcId"],
            "associations": [{"gatewayId": "", **one} for one in associations],
            "routes": [_route(route) for route in (*written, *table.get("routes", []), *gateways)],
            "tags": table.get("tagsAll", {}),
        }

    def _listener(self, arn: str, place: Place) -> _Answer:
        for listener in self._of("listener:Listener", place, "lb"):
            if listener["arn"] == arn:
                names = ("arn", "id", "loadBalancerArn", "port", "protocol", "defaultActions")
                return {
                    **{name: listener[name] for name in names},
                    "certificateArn": listener.get("certificateArn", ""),
                    "sslPolicy": listener.get("sslPolicy", ""),
                    "alpnPolicy": "",
                    "mutualAuthentications": [],
                    "region": place.region,
                    "tags": listener.get("tagsAll", {}),
                }
        raise LookupError(f"reading ELBv2 Listener ({arn}): couldn't find resource")

    def _load_balancer(self, arn: str, place: Place) -> _Answer:
        for balancer in self._of("loadBalancer:LoadBalancer", place, "lb"):
            if balancer["arn"] == arn:
                placed = set(balancer.get("subnets", []))
                vpcs = {one["vpcId"] for one in self._of("subnet:Subnet", place) if one["id"] in placed}
                names = ("arn", "id", "arnSuffix", "name", "dnsName", "zoneId")
                return {
                    **{name: balancer[name] for name in names},
                    "loadBalancerType": balancer.get("loadBalancerType") or "application",
                    "internal": balancer.get("internal") is True,
                    "securityGroups": balancer.get("securityGroups", []),
                    "subnets": balancer.get("subnets", []),
                    "vpcId": next(iter(vpcs), ""),
                    "region": place.region,
                    "tags": balancer.get("tagsAll", {}),
                }
        raise LookupError(f"reading ELBv2 Load Balancer ({arn}): empty result")

    def _zone(self, name: str) -> _Answer:
        found = [zone for zone in self._of("zone:Zone", Place(), "route53") if zone["name"].rstrip(".") == name]
        public = [zone for zone in found if not zone.get("vpcs")]
        if len(public) > 1:
            raise LookupError("multiple Route 53 Hosted Zones matched; use additional constraints to reduce matches")
        for zone in public:
            return {**{key: zone[key] for key in ("id", "zoneId", "name", "arn", "nameServers")}, "privateZone": False}
        raise LookupError(f"no matching Route 53 Hosted Zone found: no stack of this state folder holds {name}")

    def _endpoint(self, arguments: dict[str, Any], place: Place) -> _Answer:
        for endpoint in self._of("vpcEndpoint:VpcEndpoint", place):
            if (endpoint["vpcId"], endpoint["serviceName"]) == (arguments["vpcId"], arguments["serviceName"]):
                lists = ("routeTableIds", "subnetIds", "securityGroupIds", "networkInterfaceIds", "cidrBlocks")
                return {
                    **{name: endpoint.get(name, []) for name in lists},
                    **{name: endpoint[name] for name in ("id", "arn", "vpcId", "serviceName", "vpcEndpointType")},
                    "privateDnsEnabled": endpoint.get("privateDnsEnabled") is True,
                    "prefixListId": endpoint.get("prefixListId", ""),
                    "policy": endpoint.get("policy", ""),
                    "state": "available",
                    "tags": endpoint.get("tagsAll", {}),
                }
        raise LookupError(f"no matching EC2 VPC Endpoint found: {arguments['serviceName']} in {arguments['vpcId']}")


def _route(route: dict[str, Any]) -> _Answer:
    return {
        "cidrBlock": route.get("destinationCidrBlock") or route.get("cidrBlock", ""),
        "ipv6CidrBlock": route.get("destinationIpv6CidrBlock") or route.get("ipv6CidrBlock", ""),
        "destinationPrefixListId": route.get("destinationPrefixListId", ""),
        **{name: route.get(name, "") for name in _TARGETS},
    }


def _filtered(arguments: dict[str, Any], name: str) -> str:
    for one in arguments.get("filters", []):
        if one["name"] == name:
            return str(one["values"][0])
    raise LookupError(f"the stand-in knows only the filter {name} here")
