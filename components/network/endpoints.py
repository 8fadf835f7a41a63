"""VPC endpoints, through which private subnets reach AWS services without leaving the VPC."""

import pulumi
import pulumi_aws as aws

from ..common.arguments import complete
from ..common.arn import Arn, parse
from ..common.waiting import after
from . import endpoint_services
from .args import ENDPOINTS_DEFAULTS, EndpointsArgs


class Endpoints(pulumi.ComponentResource):
    """`container-platform:index:Endpoints`: VPC endpoints, so that private tasks need no NAT gateway.

    Creates: a gateway endpoint for S3.
    Optional: one for DynamoDB; interface endpoints (`aws:ec2/vpcEndpoint:VpcEndpoint`) for everything that a Fargate
    task calls, with private DNS names, policies that refuse other accounts' credentials, and one security group
    without rules: each service adds the rule that admits its tasks.
    Needs: private subnets, their route tables, DNS support in the VPC.
    """

    s3_prefix_list_id: pulumi.Output[str]
    """Id of the prefix list of S3's addresses, for egress rules."""
    dynamodb_prefix_list_id: pulumi.Output[str]
    """Id of the prefix list of DynamoDB's addresses; empty without its endpoint."""
    security_group_id: pulumi.Output[str]
    """Id of the interface endpoints' security group, known once all of them are made; empty without them."""

    def __init__(self, name: str, args: EndpointsArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        values = complete(EndpointsArgs, args, ENDPOINTS_DEFAULTS)
        super().__init__("container-platform:index:Endpoints", name, {}, opts)
        invoke = pulumi.InvokeOptions(parent=self)
        region = aws.get_region(opts=invoke).region
        caller = parse(aws.get_caller_identity(opts=invoke).arn)._replace(region=region)
        s3 = aws.ec2.VpcEndpoint(
            f"{name}-s3",
            vpc_id=values["vpc_id"],
            service_name=endpoint_services.service_name(region, "s3"),
            vpc_endpoint_type="Gateway",
            route_table_ids=values["route_table_ids"],
            policy=pulumi.Output.all(*values["bucket_arns"]).apply(
                lambda arns: endpoint_services.s3_policy(caller, region, arns, instances=values["instances"])
            ),
            opts=pulumi.ResourceOptions(parent=self),
        )
        self.s3_prefix_list_id = s3.prefix_list_id
        self.dynamodb_prefix_list_id = pulumi.Output.from_input("")
        if values["tables"]:
            dynamodb = aws.ec2.VpcEndpoint(
                f"{name}-dynamodb",
                vpc_id=values["vpc_id"],
                service_name=endpoint_services.service_name(region, "dynamodb"),
                vpc_endpoint_type="Gateway",
                route_table_ids=values["route_table_ids"],
                policy=endpoint_services.own_account_policy(caller),
                opts=pulumi.ResourceOptions(parent=self),
            )
            self.dynamodb_prefix_list_id = dynamodb.prefix_list_id
        self.security_group_id = pulumi.Output.from_input("")
        if values["interfaces"]:
            self.security_group_id = self._interfaces(name, values, caller)
        self.register_outputs(
            {
                "s3_prefix_list_id": self.s3_prefix_list_id,
                "dynamodb_prefix_list_id": self.dynamodb_prefix_list_id,
                "security_group_id": self.security_group_id,
            }
        )

    def _interfaces(self, name: str, values: EndpointsArgs, caller: Arn) -> pulumi.Output[str]:
        child = pulumi.ResourceOptions(parent=self)
        group = aws.ec2.SecurityGroup(
            name, description="VPC endpoints: who may call AWS through them", vpc_id=values["vpc_id"], opts=child
        )
        endpoints = [
            aws.ec2.VpcEndpoint(
                f"{name}-{service}",
                vpc_id=values["vpc_id"],
                service_name=endpoint_services.service_name(caller.region, service),
                vpc_endpoint_type="Interface",
                subnet_ids=values["subnet_ids"],
                security_group_ids=[group.id],
                private_dns_enabled=True,
                policy=endpoint_services.own_account_policy(caller),
                opts=child,
            )
            for service in endpoint_services.interface_services(
                caller.region, values["services"], instances=values["instances"]
            )
        ]
        # A task needs the endpoints to pull its image: the group's id is known only when they are made.
        return after(group.id, *endpoints)
