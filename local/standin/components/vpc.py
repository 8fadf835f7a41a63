"""The component: real `aws` resources, as the real awsx registers them."""

from typing import Any

import pulumi
import pulumi_aws as aws

from .subnets import Subnet, SubnetSpec, ipv6_part, layout

_ANYWHERE = "0.0.0.0/0"


class Vpc(pulumi.ComponentResource):
    """`awsx:ec2:Vpc`: the VPC, its internet gateway, and for each subnet a route table, an association and a route.

    Of awsx's subnet strategies it knows Auto, the one that the platform pins.
    """

    def __init__(self, name: str, inputs: pulumi.Inputs, options: pulumi.ResourceOptions | None) -> None:
        super().__init__("awsx:ec2:Vpc", name, {}, options)
        values: dict[str, Any] = dict(inputs)
        if values.get("subnetStrategy") != "Auto":
            raise ValueError('the stand-in supports only subnetStrategy "Auto"')
        if values.get("vpcEndpointSpecs"):
            raise ValueError(
                "the stand-in does not support vpcEndpointSpecs. Create aws.ec2.VpcEndpoint resources instead."
            )
        self._name = name
        self._tags = dict(values.get("tags") or {})
        self._zones: list[str] = values.get("availabilityZoneNames") or self._default_zones(values)
        nat = values.get("natGateways") or {}
        self._nat_strategy = str(nat.get("strategy") or "OnePerAz").lower()
        self._allocation_ids = list(nat.get("elasticIpAllocationIds") or [])
        cidr_block = str(values.get("cidrBlock") or "10.0.0.0/16")
        subnets = layout(name, cidr_block, self._zones, _specs(values), _whole(values.get("availabilityZoneCidrMask")))
        self._vpc = self._make_vpc(values, cidr_block)
        self._ipv6 = _ipv6_types(values)
        self._gateway = aws.ec2.InternetGateway(
            name, vpc_id=self._vpc.id, tags={"Name": name, **self._tags}, opts=self._below(self._vpc)
        )
        self._tables: list[aws.ec2.RouteTable] = []
        self._associations: list[aws.ec2.RouteTableAssociation] = []
        self._routes: list[aws.ec2.Route] = []
        self._nat_gateways: list[aws.ec2.NatGateway] = []
        self._eips: list[aws.ec2.Eip] = []
        made = [(subnet, self._subnet(subnet, number)) for number, subnet in enumerate(subnets)]
        self.outputs = self._outputs(made)
        self.register_outputs(self.outputs)

    def _make_vpc(self, values: dict[str, Any], cidr_block: str) -> aws.ec2.Vpc:
        return aws.ec2.Vpc(
            self._name,
            cidr_block=cidr_block,
            enable_dns_hostnames=values.get("enableDnsHostnames"),
            enable_dns_support=values.get("enableDnsSupport"),
            assign_generated_ipv6_cidr_block=values.get("assignGeneratedIpv6CidrBlock"),
            instance_tenancy=values.get("instanceTenancy"),
            tags={"Name": self._name, **self._tags},
            opts=pulumi.ResourceOptions(parent=self),
        )

    def _default_zones(self, values: dict[str, Any]) -> list[str]:
        count = _whole(values.get("numberOfAvailabilityZones")) or 3
        return list(aws.get_availability_zones(opts=pulumi.InvokeOptions(parent=self)).names)[:count]

    def _subnet(self, subnet: Subnet, number: int) -> aws.ec2.Subnet:
        public = subnet.type.lower() == "public"
        tags = {"Name": subnet.name, "SubnetType": subnet.type}
        resource = aws.ec2.Subnet(
            subnet.name,
            vpc_id=self._vpc.id,
            availability_zone=subnet.zone,
            map_public_ip_on_launch=public,
            cidr_block=subnet.cidr_block,
            **self._ipv6_of(subnet, number),
            tags={**self._tags, **subnet.tags, **tags},
            opts=self._below(self._vpc),
        )
        table = aws.ec2.RouteTable(
            subnet.name, vpc_id=self._vpc.id, tags={**self._tags, **tags}, opts=self._below(resource)
        )
        association = aws.ec2.RouteTableAssociation(
            subnet.name, route_table_id=table.id, subnet_id=resource.id, opts=self._below(table)
        )
        self._tables.append(table)
        self._associations.append(association)
        if public:
            self._nat_gateway(subnet, resource)
            self._route(subnet, table, gateway_id=self._gateway.id)
        elif subnet.type.lower() == "private" and self._nat_strategy != "none":
            zone = 0 if self._nat_strategy == "single" else self._zones.index(subnet.zone)
            self._route(subnet, table, nat_gateway_id=self._nat_gateways[zone].id)
        return resource

    def _ipv6_of(self, subnet: Subnet, number: int) -> dict[str, Any]:
        if subnet.type.lower() not in self._ipv6:
            return {}
        block = self._vpc.ipv6_cidr_block.apply(lambda whole: ipv6_part(whole, number))
        return {"assign_ipv6_address_on_creation": True, "ipv6_cidr_block": block}

    def _route(self, subnet: Subnet, table: aws.ec2.RouteTable, **target: pulumi.Output[str]) -> None:
        self._routes.append(
            aws.ec2.Route(
                subnet.name,
                route_table_id=table.id,
                destination_cidr_block=_ANYWHERE,
                opts=self._below(table),
                **target,
            )
        )

    def _nat_gateway(self, subnet: Subnet, resource: aws.ec2.Subnet) -> None:
        number = len(self._nat_gateways)
        if self._nat_strategy == "none" or (self._nat_strategy == "single" and number):
            return
        name = f"{self._name}-{self._zones.index(subnet.zone) + 1}"
        tags = {**self._tags, "Name": name}
        allocation: Any
        if self._allocation_ids:
            allocation = self._allocation_ids[number]
        else:
            address = aws.ec2.Eip(name, tags=tags, opts=self._below(resource))
            self._eips.append(address)
            allocation = address.allocation_id
        self._nat_gateways.append(
            aws.ec2.NatGateway(
                name, subnet_id=resource.id, allocation_id=allocation, tags=tags, opts=self._below(resource)
            )
        )

    def _outputs(self, made: list[tuple[Subnet, aws.ec2.Subnet]]) -> dict[str, Any]:
        def ids(kind: str) -> pulumi.Output[list[str]]:
            # One output over all subnets, as awsx's is: until ids are known it depends on every subnet of the VPC.
            return pulumi.Output.all(*(resource.id for _, resource in made)).apply(
                lambda known: [id_ for (subnet, _), id_ in zip(made, known, strict=True) if subnet.type.lower() == kind]
            )

        return {
            "vpc": self._vpc,
            "vpcId": self._vpc.id,
            "subnets": [resource for _, resource in made],
            "publicSubnetIds": ids("public"),
            "privateSubnetIds": ids("private"),
            "isolatedSubnetIds": ids("isolated"),
            "internetGateway": self._gateway,
            "routeTables": self._tables,
            "routeTableAssociations": self._associations,
            "routes": self._routes,
            "natGateways": self._nat_gateways,
            "eips": self._eips,
            "vpcEndpoints": [],
            "subnetLayout": [],
        }

    @staticmethod
    def _below(resource: pulumi.Resource) -> pulumi.ResourceOptions:
        return pulumi.ResourceOptions(parent=resource, depends_on=[resource])


def _specs(values: dict[str, Any]) -> list[SubnetSpec]:
    given = values.get("subnetSpecs") or []
    return [
        SubnetSpec(str(spec["type"]), spec.get("name"), _whole(spec.get("cidrMask")), spec.get("tags"))
        for spec in given
    ] or [SubnetSpec("Private"), SubnetSpec("Public")]


def _ipv6_types(values: dict[str, Any]) -> set[str]:
    """Return the types of subnet that get a part of the VPC's IPv6 range: all but those told not to."""
    if not values.get("assignGeneratedIpv6CidrBlock"):
        return set()
    specs = values.get("subnetSpecs") or [{"type": "Private"}, {"type": "Public"}]
    return {str(spec["type"]).lower() for spec in specs if spec.get("assignIpv6AddressOnCreation") is not False}


def _whole(value: Any) -> int | None:
    """Return a number as a plugin receives it, a float, as a whole number."""
    return None if value is None else int(value)
