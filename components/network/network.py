"""The network of the platform."""

from typing import Any, Final, cast

import pulumi
import pulumi_aws as aws
import pulumi_awsx as awsx

from ..common import iam, kms
from ..common.arguments import complete
from ..common.arn import parse
from . import subnet_ranges, zones
from .args import NETWORK_DEFAULTS, NETWORK_LINK_DEFAULTS, NatGateways, NetworkArgs, VpcEndpoints
from .endpoints import Endpoints

_STRATEGIES: Final = {
    NatGateways.NONE: awsx.ec2.NatGatewayStrategy.NONE,
    NatGateways.SINGLE: awsx.ec2.NatGatewayStrategy.SINGLE,
    NatGateways.PER_ZONE: awsx.ec2.NatGatewayStrategy.ONE_PER_AZ,
}


class Network(pulumi.ComponentResource):
    """`container-platform:index:Network`: a VPC with public and private subnets.

    Creates: an `awsx:ec2:Vpc` with its subnets, route tables, internet gateway and NAT gateways; the VPC's default
    security group without rules (Security Hub EC2.2); flow logs of all traffic with their log group and role.
    Optional: NAT gateways; VPC endpoints; IPv6, with an egress-only internet gateway and the IPv6 routes; an
    `aws:kms/key:Key` for the flow logs.
    Needs: nothing.
    """

    vpc_id: pulumi.Output[str]
    """Id of the VPC."""
    public_subnet_ids: pulumi.Output[list[str]]
    """Ids of the subnets with a route to the internet gateway, one per zone: for load balancers."""
    private_subnet_ids: pulumi.Output[list[str]]
    """Ids of the subnets without one, one per zone: for everything else."""
    endpoint_security_group_id: pulumi.Output[str]
    """Id of the interface endpoints' security group; add a rule to it to use them. Empty without them."""
    s3_prefix_list_id: pulumi.Output[str]
    """Id of the prefix list of S3's addresses, for egress rules; empty without endpoints."""
    dynamodb_prefix_list_id: pulumi.Output[str]
    """Id of the prefix list of DynamoDB's addresses; empty without its endpoint."""

    def __init__(self, name: str, args: NetworkArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        values = complete(NetworkArgs, args, NETWORK_DEFAULTS, NETWORK_LINK_DEFAULTS)
        # Both before anything is registered, so that a mistake leaves nothing behind.
        if fault := subnet_ranges.range_fault(values["cidr_block"], values["reserved_cidr_blocks"]):
            raise ValueError(f"cidr_block {values['cidr_block']} {fault}")
        zone_names = _zone_names(values, opts)
        super().__init__("container-platform:index:Network", name, {}, opts)
        child = pulumi.ResourceOptions(parent=self)
        vpc = self._vpc(name, values, zone_names)
        self.vpc_id = vpc.vpc_id
        self.public_subnet_ids = cast(pulumi.Output[list[str]], vpc.public_subnet_ids)
        self.private_subnet_ids = cast(pulumi.Output[list[str]], vpc.private_subnet_ids)
        # This adopts the group. Without ingress and egress, the provider removes the rules that AWS made.
        aws.ec2.DefaultSecurityGroup(f"{name}-default", vpc_id=vpc.vpc_id, opts=child)
        self._flow_logs(name, values)
        if values["ipv6"]:
            self._ipv6_routes(name, vpc, count=len(zone_names))
        self.reaches_internet = NatGateways(values["nat_gateways"]) is not NatGateways.NONE
        self.has_s3_endpoint = VpcEndpoints(values["endpoints"]) is not VpcEndpoints.NONE
        self.cidr_block = values["cidr_block"]
        self.internal_balancer_subnet_ids = self.private_subnet_ids
        self.has_dynamodb_endpoint = self.has_s3_endpoint and values["tables"]
        endpoints = self._endpoints(name, values, vpc)
        none = pulumi.Output.from_input("")
        self.endpoint_security_group_id = endpoints.security_group_id if endpoints else none
        self.s3_prefix_list_id = endpoints.s3_prefix_list_id if endpoints else none
        self.dynamodb_prefix_list_id = endpoints.dynamodb_prefix_list_id if endpoints else none
        self.register_outputs(
            {
                "vpc_id": self.vpc_id,
                "public_subnet_ids": self.public_subnet_ids,
                "private_subnet_ids": self.private_subnet_ids,
                "endpoint_security_group_id": self.endpoint_security_group_id,
                "s3_prefix_list_id": self.s3_prefix_list_id,
                "dynamodb_prefix_list_id": self.dynamodb_prefix_list_id,
            }
        )

    def _vpc(self, name: str, values: NetworkArgs, zone_names: list[str]) -> awsx.ec2.Vpc:
        prefix_length = int(values["cidr_block"].partition("/")[2])
        ipv6 = True if values["ipv6"] else None
        return awsx.ec2.Vpc(
            name,
            cidr_block=values["cidr_block"],
            # Zone names and subnet sizes are fixed: awsx's own choice may change with its version or the account.
            availability_zone_names=zone_names,
            availability_zone_cidr_mask=prefix_length + subnet_ranges.ZONE_BITS,
            enable_dns_hostnames=True,
            enable_dns_support=True,
            assign_generated_ipv6_cidr_block=ipv6,
            nat_gateways=awsx.ec2.NatGatewayConfigurationArgs(
                strategy=_STRATEGIES[NatGateways(values["nat_gateways"])]
            ),
            subnet_strategy=awsx.ec2.SubnetAllocationStrategy.AUTO,
            subnet_specs=[
                awsx.ec2.SubnetSpecArgs(
                    type=awsx.ec2.SubnetType.PRIVATE,
                    name="private",
                    cidr_mask=prefix_length + subnet_ranges.PRIVATE_BITS,
                    assign_ipv6_address_on_creation=ipv6,
                ),
                awsx.ec2.SubnetSpecArgs(
                    type=awsx.ec2.SubnetType.PUBLIC,
                    name="public",
                    cidr_mask=prefix_length + subnet_ranges.PUBLIC_BITS,
                    assign_ipv6_address_on_creation=ipv6,
                ),
            ],
            opts=pulumi.ResourceOptions(parent=self),
        )

    def _ipv6_routes(self, name: str, vpc: awsx.ec2.Vpc, *, count: int) -> None:
        """Add the IPv6 routes, which awsx does not make (pulumi-awsx issue 2143)."""
        child = pulumi.ResourceOptions(parent=self)
        outward = aws.ec2.EgressOnlyInternetGateway(name, vpc_id=self.vpc_id, tags={"Name": name}, opts=child)
        gateway_id: pulumi.Output[str] = vpc.internet_gateway.apply(lambda gateway: gateway.id)
        for zone in range(count):
            aws.ec2.Route(
                f"{name}-public-{zone + 1}-ipv6",
                route_table_id=_table_of(vpc, self.public_subnet_ids, zone),
                destination_ipv6_cidr_block="::/0",
                gateway_id=gateway_id,
                opts=child,
            )
            aws.ec2.Route(
                f"{name}-private-{zone + 1}-ipv6",
                route_table_id=_table_of(vpc, self.private_subnet_ids, zone),
                destination_ipv6_cidr_block="::/0",
                egress_only_gateway_id=outward.id,
                opts=child,
            )

    def _endpoints(self, name: str, values: NetworkArgs, vpc: awsx.ec2.Vpc) -> Endpoints | None:
        choice = VpcEndpoints(values["endpoints"])
        if choice is VpcEndpoints.NONE:
            return None
        named: list[pulumi.Input[str]] = [*values["endpoint_bucket_arns"]]
        return Endpoints(
            name,
            {
                "vpc_id": self.vpc_id,
                "route_table_ids": vpc.route_tables.apply(
                    lambda tables: pulumi.Output.all(*(one.id for one in tables))
                ),
                "subnet_ids": self.private_subnet_ids,
                "interfaces": choice is VpcEndpoints.PRIVATE,
                "tables": values["tables"],
                "instances": values["instances"],
                "services": values["endpoint_services"],
                # Where none is named, all can be reached.
                "bucket_arns": [*named, *values["own_bucket_arns"]] if named else [],
            },
            pulumi.ResourceOptions(parent=self),
        )

    def _flow_logs(self, name: str, values: NetworkArgs) -> None:
        child = pulumi.ResourceOptions(parent=self)
        log_group_name = f"{values['name_prefix']}/flow-logs"
        log_group = aws.cloudwatch.LogGroup(
            f"{name}-flow-logs",
            name=log_group_name,
            retention_in_days=int(values["flow_log_retention_days"]),
            kms_key_id=self._flow_logs_key(name, log_group_name, values),
            opts=child,
        )
        role = aws.iam.Role(
            f"{name}-flow-logs",
            path=values["role_path"],
            description="Lets VPC flow logs write to their log group",
            assume_role_policy=log_group.arn.apply(_flow_logs_trust),
            opts=child,
        )
        policy = aws.iam.RolePolicy(
            f"{name}-flow-logs", role=role.name, policy=log_group.arn.apply(_flow_logs_permissions), opts=child
        )
        aws.ec2.FlowLog(
            f"{name}-flow-logs",
            vpc_id=self.vpc_id,
            traffic_type="ALL",
            log_destination_type="cloud-watch-logs",
            log_destination=log_group.arn,
            iam_role_arn=role.arn,
            max_aggregation_interval=60,
            opts=pulumi.ResourceOptions(parent=self, depends_on=[policy]),
        )

    def _flow_logs_key(self, name: str, log_group: str, values: NetworkArgs) -> pulumi.Input[str] | None:
        if not values["encrypt_flow_logs"]:
            return values.get("flow_log_kms_key_arn")
        invoke = pulumi.InvokeOptions(parent=self)
        caller = parse(aws.get_caller_identity(opts=invoke).arn)
        key = aws.kms.Key(
            f"{name}-flow-logs",
            description=f"Encrypts the log group {log_group}",
            enable_key_rotation=True,
            policy=kms.logs_key_policy(caller, aws.get_region(opts=invoke).region, log_group),
            # The longest and the shortest window that AWS allows.
            deletion_window_in_days=30 if values["protect"] else 7,
            opts=pulumi.ResourceOptions(parent=self, protect=values["protect"]),
        )
        return key.arn


def offered_zones(invoke: pulumi.InvokeOptions) -> list[str]:
    """Ask AWS for the zones of the region that need no opt-in."""
    answer = aws.get_availability_zones(
        state="available",
        filters=[aws.GetAvailabilityZonesFilterArgs(name="opt-in-status", values=["opt-in-not-required"])],
        opts=invoke,
    )
    return list(answer.names)


def _zone_names(values: NetworkArgs, opts: pulumi.ResourceOptions | None) -> list[str]:
    count = int(values["availability_zone_count"])
    if "zone_names" not in values:
        invoke = pulumi.InvokeOptions(provider=opts.provider if opts else None)
        return zones.choose(offered_zones(invoke), count)
    if len({*values["zone_names"]}) != count or len(values["zone_names"]) != count:
        raise ValueError(f"zone_names {values['zone_names']} must be {count} different zones")
    return values["zone_names"]


def _table_of(vpc: awsx.ec2.Vpc, subnet_ids: pulumi.Output[list[str]], zone: int) -> pulumi.Output[str]:
    """Return the id of the route table of one of the subnets."""
    pairs: pulumi.Output[list[Any]] = vpc.route_table_associations.apply(
        lambda found: pulumi.Output.all(*(pulumi.Output.all(one.subnet_id, one.route_table_id) for one in found))
    )
    return pulumi.Output.all(subnet_ids, pairs).apply(
        lambda known: str(next(table for subnet, table in known[1] if subnet == known[0][zone]))
    )


def _flow_logs_trust(log_group_arn: str) -> str:
    arn = parse(log_group_arn)
    return iam.service_trust("vpc-flow-logs.amazonaws.com", arn.account_id, arn.with_resource("ec2", "vpc-flow-log/*"))


def _flow_logs_permissions(log_group_arn: str) -> str:
    # AWS documents CreateLogGroup too, but the group exists; DescribeLogGroups is only for the console.
    return iam.document(
        [
            iam.allow(
                "WriteFlowLogs",
                ["logs:CreateLogStream", "logs:PutLogEvents", "logs:DescribeLogStreams"],
                [f"{log_group_arn}:*"],
            )
        ]
    )
