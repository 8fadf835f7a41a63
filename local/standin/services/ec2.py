"""Amazon EC2 and VPC."""

import ipaddress
import secrets
from typing import ClassVar, Final

from ..account import Account, Properties
from ..behaviour import Behaviour, Made, Numbered, Refused
from ..documents import resource_policy
from ..place import Place, hex_digits

_VPC: Final = "aws:ec2/vpc:Vpc"
_SUBNET: Final = "aws:ec2/subnet:Subnet"
_ROUTE: Final = "aws:ec2/route:Route"
_ROUTE_TABLE: Final = "aws:ec2/routeTable:RouteTable"
_DEFAULT_ROUTE_TABLE: Final = "aws:ec2/defaultRouteTable:DefaultRouteTable"
_ASSOCIATION: Final = "aws:ec2/routeTableAssociation:RouteTableAssociation"
_NAT_GATEWAY: Final = "aws:ec2/natGateway:NatGateway"
_ENDPOINT: Final = "aws:ec2/vpcEndpoint:VpcEndpoint"


# The plugin says so of a VPC without a range. A missing output would be unknown at each preview.
_NO_IPV6: Final = {"ipv6CidrBlock": "", "ipv6AssociationId": ""}


class Vpc(Numbered):
    """A VPC, with what AWS makes in it."""

    prefix = "vpc"
    kind = "vpc"

    def undecided(self, properties: Properties) -> set[str]:
        """Return the IPv6 range that Amazon assigns."""
        assigned = properties.get("assignGeneratedIpv6CidrBlock") is True and not properties.get("ipv6CidrBlock")
        return {"ipv6CidrBlock"} if assigned else set()

    def outputs(self, id_: str, inputs: Properties, place: Place) -> Properties:
        """Return what a new VPC holds."""
        main = f"rtb-{hex_digits(17)}"
        return {
            "defaultSecurityGroupId": f"sg-{hex_digits(17)}",
            "mainRouteTableId": main,
            "defaultRouteTableId": main,
            "defaultNetworkAclId": f"acl-{hex_digits(17)}",
            **(self._ipv6() if inputs.get("assignGeneratedIpv6CidrBlock") is True else _NO_IPV6),
        }

    def update(self, id_: str, olds: Properties, news: Properties, account: Account) -> Properties:
        """Assign an IPv6 range, or take it back."""
        if news.get("assignGeneratedIpv6CidrBlock") is not True:
            return {**news, **_NO_IPV6}
        return news if news.get("ipv6CidrBlock") else {**news, **self._ipv6()}

    @staticmethod
    def _ipv6() -> Properties:
        """Return a range as Amazon assigns it, out of the block for documentation."""
        block = f"2001:db8:{hex_digits(4)}:{hex_digits(2)}00::/56"
        return {"ipv6CidrBlock": block, "ipv6AssociationId": f"vpc-cidr-assoc-{hex_digits(17)}"}


class Subnet(Numbered):
    """A subnet."""

    prefix = "subnet"
    kind = "subnet"

    def update(self, id_: str, olds: Properties, news: Properties, account: Account) -> Properties:
        """Refuse to take an IPv6 range that a load balancer has addresses of (DisassociateSubnetCidrBlock)."""
        lost = olds.get("ipv6CidrBlock") and not news.get("ipv6CidrBlock")
        for balancer in account.of("aws:lb/loadBalancer:LoadBalancer"):
            if lost and balancer.get("ipAddressType") == "dualstack" and id_ in balancer.get("subnets", []):
                raise Refused(f"InvalidCidrBlock.InUse: '{balancer['arn']}' has addresses of {olds['ipv6CidrBlock']}")
        return news


class RouteTable(Numbered):
    """A route table."""

    prefix = "rtb"
    kind = "route-table"


class RouteTableAssociation(Numbered):
    """The route table of a subnet."""

    prefix = "rtbassoc"


class Route(Behaviour):
    """A route."""

    def create(self, inputs: Properties, account: Account) -> Made:
        """Return its id: the table and a number."""
        number = secrets.randbelow(10**10)
        return f"r-{inputs['routeTableId']}{number}", {"state": "active", "origin": "CreateRoute"}


class InternetGateway(Numbered):
    """An internet gateway."""

    prefix = "igw"
    kind = "internet-gateway"


class EgressOnlyInternetGateway(Numbered):
    """An internet gateway for IPv6 going out."""

    prefix = "eigw"
    kind = "egress-only-internet-gateway"


class Eip(Numbered):
    """A public address."""

    prefix = "eipalloc"
    kind = "elastic-ip"

    def outputs(self, id_: str, inputs: Properties, place: Place) -> Properties:
        """Return an address out of the block for documentation."""
        return {"allocationId": id_, "publicIp": f"203.0.113.{secrets.randbelow(254) + 1}"}


class NatGateway(Numbered):
    """A NAT gateway."""

    prefix = "nat"
    kind = "natgateway"

    def outputs(self, id_: str, inputs: Properties, place: Place) -> Properties:
        """Return its address and its network interface."""
        return {"publicIp": "203.0.113.1", "networkInterfaceId": f"eni-{hex_digits(17)}"}


class SecurityGroup(Numbered):
    """A security group."""

    unique: ClassVar = {
        "vpcId,name": "InvalidGroup.Duplicate: The security group '{name}' already exists for VPC '{vpcId}'"
    }

    prefix = "sg"
    kind = "security-group"


class DefaultSecurityGroup(Numbered):
    """The security group that a VPC comes with."""

    prefix = "sg"
    kind = "security-group"

    def outputs(self, id_: str, inputs: Properties, place: Place) -> Properties:
        """Return its name, which AWS gives."""
        return {"name": "default"}


class FlowLog(Numbered):
    """A flow log."""

    prefix = "fl"
    kind = "vpc-flow-log"


class LaunchTemplate(Numbered):
    """A launch template, which a change gives another version."""

    unique: ClassVar = {"name": "InvalidLaunchTemplateName.AlreadyExistsException: {name} is already in use"}

    prefix = "lt"
    kind = "launch-template"

    def undecided(self, properties: Properties) -> set[str]:
        """Return the numbers of versions."""
        return {"latestVersion", "defaultVersion"}

    def outputs(self, id_: str, inputs: Properties, place: Place) -> Properties:
        """Return the numbers of its first version."""
        return {"latestVersion": 1, "defaultVersion": 1}

    def update(self, id_: str, olds: Properties, news: Properties, account: Account) -> Properties:
        """Make another version."""
        version = news["latestVersion"] + 1
        default = version if news.get("updateDefaultVersion") else news["defaultVersion"]
        return {**news, "latestVersion": version, "defaultVersion": default}


class VpcEndpoint(Numbered):
    """A VPC endpoint: a gateway has a prefix list, an interface has addresses and names."""

    prefix = "vpce"
    kind = "vpc-endpoint"
    documents: ClassVar = {"policy": resource_policy}

    def outputs(self, id_: str, inputs: Properties, place: Place) -> Properties:
        """Return what AWS decides for its type."""
        made = {"state": "available", "requesterManaged": False, "serviceRegion": place.region}
        service = str(inputs["serviceName"]).split(".", 3)[-1]
        if inputs.get("vpcEndpointType", "Gateway") == "Gateway":
            prefix_list = f"pl-{hex_digits(8)}"
            return {**made, "prefixListId": prefix_list, "cidrBlocks": ["52.216.0.0/15"], "dnsEntries": []}
        name = f"{id_}-{hex_digits(8)}.{service}.{place.region}.vpce.{place.suffix}"
        private = [f"{service}.{place.region}.{place.suffix}"] if inputs.get("privateDnsEnabled") else []
        return {
            **made,
            "networkInterfaceIds": [f"eni-{hex_digits(17)}" for _ in inputs.get("subnetIds", [])],
            "dnsEntries": [{"dnsName": one, "hostedZoneId": f"Z{hex_digits(20).upper()}"} for one in (name, *private)],
            "ipAddressType": "ipv4",
            "prefixListId": "",
        }


_RESERVED: Final = 5
"""Addresses of each subnet that AWS keeps for itself."""

# What a route leads to; the property has the same name in the resource and in the data source.
_TARGETS: Final = (
    *("carrierGatewayId", "coreNetworkArn", "egressOnlyGatewayId", "gatewayId", "instanceId", "localGatewayId"),
    *("natGatewayId", "networkInterfaceId", "odbNetworkArn", "transitGatewayId", "vpcEndpointId"),
    "vpcPeeringConnectionId",
)


def get_vpc(arguments: Properties, account: Account) -> Properties:
    """Return a VPC by its id."""
    vpc = _one(_VPC, arguments["id"], "EC2 VPC", account)
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


def get_subnets(arguments: Properties, account: Account) -> Properties:
    """Return the ids of a VPC's subnets."""
    vpc_ids = [one["values"][0] for one in arguments.get("filters", []) if one["name"] == "vpc-id"]
    if not vpc_ids:
        raise Refused("the stand-in answers aws.ec2.get_subnets only with the filter vpc-id")
    found = [subnet["id"] for subnet in account.of(_SUBNET) if subnet["vpcId"] == vpc_ids[0]]
    return {**arguments, "ids": found, "id": account.place.region}


def get_subnet(arguments: Properties, account: Account) -> Properties:
    """Return a subnet by its id."""
    id_ = arguments["id"]
    subnet = _one(_SUBNET, id_, "EC2 Subnet", account)
    size = ipaddress.IPv4Network(subnet["cidrBlock"]).num_addresses
    taken = sum(id_ in endpoint.get("subnetIds", []) for endpoint in account.of(_ENDPOINT))
    taken += sum(gateway["subnetId"] == id_ for gateway in account.of(_NAT_GATEWAY))
    return {
        **{name: subnet[name] for name in ("id", "arn", "vpcId", "cidrBlock", "availabilityZone", "ownerId")},
        "availableIpAddressCount": size - _RESERVED - taken,
        "mapPublicIpOnLaunch": subnet.get("mapPublicIpOnLaunch") is True,
        "ipv6CidrBlock": subnet.get("ipv6CidrBlock", ""),
        "state": "available",
        "tags": subnet.get("tagsAll", {}),
    }


def get_route_tables(arguments: Properties, account: Account) -> Properties:
    """Return the ids of a VPC's route tables, its main one first."""
    vpc = _one(_VPC, arguments["vpcId"], "EC2 VPC", account)
    own = [table["id"] for table in account.of(_ROUTE_TABLE) if table["vpcId"] == vpc["id"]]
    return {**arguments, "ids": [vpc["mainRouteTableId"], *own], "id": account.place.region}


def get_route_table(arguments: Properties, account: Account) -> Properties:
    """Return a route table by its id, with the routes that are resources of their own."""
    id_ = arguments["routeTableId"]
    main = next((vpc for vpc in account.of(_VPC) if vpc["mainRouteTableId"] == id_), None)
    table = {"vpcId": main["id"]} if main else _one(_ROUTE_TABLE, id_, "Route Table", account)
    associations = [
        {"main": False, "subnetId": one["subnetId"], "routeTableId": id_, "routeTableAssociationId": one["id"]}
        for one in account.of(_ASSOCIATION)
        if one["routeTableId"] == id_ and one.get("subnetId")
    ]
    if main:
        associations.append({"main": True, "subnetId": "", "routeTableId": id_, "routeTableAssociationId": ""})
    return {
        "id": id_,
        "routeTableId": id_,
        "vpcId": table["vpcId"],
        "associations": [{"gatewayId": "", **one} for one in associations],
        "routes": [_route(route) for route in (*_routes(id_, account), *table.get("routes", []))],
        "tags": table.get("tagsAll", {}),
    }


def get_vpc_endpoint(arguments: Properties, account: Account) -> Properties:
    """Return a VPC's endpoint of a service."""
    for endpoint in account.of(_ENDPOINT):
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
    raise Refused(f"no matching EC2 VPC Endpoint found: {arguments['serviceName']} in {arguments['vpcId']}")


def _one(token: str, id_: str, what: str, account: Account) -> Properties:
    for found in account.of(token):
        if found["id"] == id_:
            return found
    raise Refused(f"no matching {what} found: no stack in this state folder has {id_}")


def _routes(table: str, account: Account) -> list[Properties]:
    """Return the routes of a table, but for those that it has itself."""
    routes = [route for route in account.of(_ROUTE) if route["routeTableId"] == table]
    for default in account.of(_DEFAULT_ROUTE_TABLE):
        routes += default.get("routes", []) if default["defaultRouteTableId"] == table else []
    gateways = [endpoint for endpoint in account.of(_ENDPOINT) if table in endpoint.get("routeTableIds", [])]
    return [*routes, *({"destinationPrefixListId": one["prefixListId"], "gatewayId": one["id"]} for one in gateways)]


def _route(route: Properties) -> Properties:
    return {
        "cidrBlock": route.get("destinationCidrBlock") or route.get("cidrBlock", ""),
        "ipv6CidrBlock": route.get("destinationIpv6CidrBlock") or route.get("ipv6CidrBlock", ""),
        "destinationPrefixListId": route.get("destinationPrefixListId", ""),
        **{name: route.get(name, "") for name in _TARGETS},
    }
