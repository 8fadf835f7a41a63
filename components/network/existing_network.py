"""A network that exists already, for the platform to use."""

import pulumi

from ..common.arguments import complete
from . import existing_vpc
from .args import EXISTING_NETWORK_DEFAULTS, EXISTING_NETWORK_LINK_DEFAULTS, ExistingNetworkArgs


class ExistingNetwork(pulumi.ComponentResource):
    """`container-platform:index:ExistingNetwork`: a VPC that exists already, read and checked. It is not changed.

    Creates: nothing.
    Needs: a VPC with DNS support and DNS hostnames, public and private subnets in two zones, and for the private ones
    a route out of the VPC or the VPC endpoints that tasks need.
    """

    vpc_id: pulumi.Output[str]
    """Id of the VPC."""
    public_subnet_ids: pulumi.Output[list[str]]
    """Ids of the subnets for load balancers, one per zone."""
    private_subnet_ids: pulumi.Output[list[str]]
    """Ids of the subnets for everything else."""
    endpoint_security_group_id: pulumi.Output[str]
    """Id of the interface endpoints' security group, as given; empty if none was given."""
    s3_prefix_list_id: pulumi.Output[str]
    """Id of the prefix list of S3's addresses; empty if the VPC has no endpoint for S3."""
    dynamodb_prefix_list_id: pulumi.Output[str]
    """Id of the prefix list of DynamoDB's addresses; empty if the VPC has no endpoint for it, or no task uses it."""

    def __init__(self, name: str, args: ExistingNetworkArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        values = complete(ExistingNetworkArgs, args, EXISTING_NETWORK_DEFAULTS, EXISTING_NETWORK_LINK_DEFAULTS)
        group = values.get("endpoint_security_group_id", "")
        wanted = existing_vpc.Wanted(
            values["public_subnet_ids"], values["private_subnet_ids"], int(values["addresses_needed"]), group
        )
        provider = opts.provider if opts else None
        invoke = pulumi.InvokeOptions(provider=provider)
        facts = existing_vpc.read(values["vpc_id"], invoke, instances=values["instances"], tables=values["tables"])
        # Check before anything is registered, so that a VPC that lacks something stops the program at once.
        choice = _checked(values["vpc_id"], facts, wanted)
        super().__init__("container-platform:index:ExistingNetwork", name, {}, opts)
        self.reaches_internet = all(subnet.has_way_out for subnet in choice.private)
        s3 = facts.endpoints.get("s3") if facts else None
        dynamodb = facts.endpoints.get("dynamodb") if facts else None
        self.has_s3_endpoint = s3 is not None
        self.has_dynamodb_endpoint = dynamodb is not None
        self.cidr_block = facts.cidr_block if facts else ""
        self.internal_balancer_subnet_ids = pulumi.Output.from_input(existing_vpc.one_a_zone(choice.private))
        self.vpc_id = pulumi.Output.from_input(values["vpc_id"])
        self.public_subnet_ids = pulumi.Output.from_input([subnet.id for subnet in choice.public])
        self.private_subnet_ids = pulumi.Output.from_input([subnet.id for subnet in choice.private])
        self.endpoint_security_group_id = pulumi.Output.from_input(group)
        self.s3_prefix_list_id = pulumi.Output.from_input(s3.prefix_list_id if s3 else "")
        self.dynamodb_prefix_list_id = pulumi.Output.from_input(dynamodb.prefix_list_id if dynamodb else "")
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


def _checked(vpc_id: str, facts: existing_vpc.Facts | None, wanted: existing_vpc.Wanted) -> existing_vpc.Choice:
    if facts is None:
        raise pulumi.RunError(f"{vpc_id} does not exist in this region and account. Nothing was changed.")
    choice = existing_vpc.choose(facts, wanted)
    if choice.missing:
        listed = "\n".join(f"  - {fault}" for fault in choice.missing)
        raise pulumi.RunError(f"{vpc_id} lacks what the platform needs. Nothing was changed.\n{listed}")
    return choice
