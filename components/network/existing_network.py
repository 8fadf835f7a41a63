"""A network that somebody else made, for the platform to live in."""

import pulumi

from ..common.arguments import complete
from . import existing_vpc
from .args import EXISTING_NETWORK_DEFAULTS, EXISTING_NETWORK_LINK_DEFAULTS, ExistingNetworkArgs


class ExistingNetwork(pulumi.ComponentResource):
    """`container-platform:index:ExistingNetwork`: a VPC that is there, read and checked. Nothing of it is changed.

    Creates: nothing.
    Needs: a VPC with DNS support and hostnames, public and private subnets in two zones, and for the private ones a way
    out or the VPC endpoints that tasks need.
    """

    vpc_id: pulumi.Output[str]
    """Id of the VPC."""
    public_subnet_ids: pulumi.Output[list[str]]
    """Ids of the subnets for load balancers, one a zone."""
    private_subnet_ids: pulumi.Output[list[str]]
    """Ids of the subnets for everything else."""
    endpoint_security_group_id: pulumi.Output[str]
    """Id of the interface endpoints' security group, as given; empty where none was."""
    s3_prefix_list_id: pulumi.Output[str]
    """Id of the prefix list of S3's addresses; empty where the VPC has no endpoint for S3."""

    def __init__(self, name: str, args: ExistingNetworkArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        values = complete(ExistingNetworkArgs, args, EXISTING_NETWORK_DEFAULTS, EXISTING_NETWORK_LINK_DEFAULTS)
        group = values.get("endpoint_security_group_id", "")
        wanted = existing_vpc.Wanted(
            values["public_subnet_ids"], values["private_subnet_ids"], int(values["addresses_needed"]), group
        )
        provider = opts.provider if opts else None
        invoke = pulumi.InvokeOptions(provider=provider)
        facts = existing_vpc.read(values["vpc_id"], invoke, instances=values["instances"])
        # Before anything is registered: what cannot work is not begun.
        choice = _checked(values["vpc_id"], facts, wanted)
        super().__init__("container-platform:index:ExistingNetwork", name, {}, opts)
        self.reaches_internet = all(subnet.has_way_out for subnet in choice.private)
        s3 = facts.endpoints.get("s3") if facts else None
        self.has_s3_endpoint = s3 is not None
        self.cidr_block = facts.cidr_block if facts else ""
        self.internal_balancer_subnet_ids = pulumi.Output.from_input(existing_vpc.one_a_zone(choice.private))
        self.vpc_id = pulumi.Output.from_input(values["vpc_id"])
        self.public_subnet_ids = pulumi.Output.from_input([subnet.id for subnet in choice.public])
        self.private_subnet_ids = pulumi.Output.from_input([subnet.id for subnet in choice.private])
        self.endpoint_security_group_id = pulumi.Output.from_input(group)
        self.s3_prefix_list_id = pulumi.Output.from_input(s3.prefix_list_id if s3 else "")
        self.register_outputs(
            {
                "vpc_id": self.vpc_id,
                "public_subnet_ids": self.public_subnet_ids,
                "private_subnet_ids": self.private_subnet_ids,
                "endpoint_security_group_id": self.endpoint_security_group_id,
                "s3_prefix_list_id": self.s3_prefix_list_id,
            }
        )


def _checked(vpc_id: str, facts: existing_vpc.Facts | None, wanted: existing_vpc.Wanted) -> existing_vpc.Choice:
    if facts is None:
        raise pulumi.RunError(f"{vpc_id}: there is no such VPC in this region and account. Nothing was changed.")
    choice = existing_vpc.choose(facts, wanted)
    if choice.missing:
        listed = "\n".join(f"  - {fault}" for fault in choice.missing)
        raise pulumi.RunError(f"{vpc_id} lacks what the platform needs. Nothing was changed.\n{listed}")
    return choice
