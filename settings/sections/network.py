"""The network's sections of the settings."""

from typing import Annotated, Any

from pydantic import Field, StringConstraints

from components.network.args import ExistingNetworkArgs, NatGateways, NetworkArgs, VpcEndpoints

from ..kinds import GROUP, VPC, BucketArn, CidrBlock, EndpointService, KeyArn, RetentionDays, SubnetId
from ..section import Section


class ExistingNetwork(Section):
    """A VPC that is there already."""

    arguments_class = ExistingNetworkArgs
    vpc_id: Annotated[str, StringConstraints(pattern=VPC)]
    public_subnet_ids: list[SubnetId] = []
    private_subnet_ids: list[SubnetId] = []
    endpoint_security_group_id: Annotated[str, StringConstraints(pattern=GROUP)] | None = None


class Network(Section):
    """The VPC."""

    arguments_class = NetworkArgs
    cidr_block: CidrBlock = "10.0.0.0/16"
    reserved_cidr_blocks: list[CidrBlock] = []
    availability_zone_count: Annotated[int, Field(ge=2, le=3)] = 2
    nat_gateways: NatGateways = NatGateways.SINGLE
    endpoints: VpcEndpoints = VpcEndpoints.GATEWAY
    endpoint_services: list[EndpointService] = []
    endpoint_bucket_arns: list[BucketArn] = []
    ipv6: bool = False
    flow_log_retention_days: RetentionDays = 30
    encrypt_flow_logs: bool = False
    flow_log_kms_key_arn: KeyArn | None = None
    existing: Annotated[
        ExistingNetwork | None,
        Field(description="A VPC to live in that is there already; nothing of it is changed. Defaults to making one."),
    ] = None

    @property
    def has_endpoints_to_open(self) -> bool:
        """Whether there are interface endpoints whose security group admits a service's tasks only if it is told to."""
        if self.existing:
            return self.existing.endpoint_security_group_id is not None
        return self.endpoints is VpcEndpoints.PRIVATE

    def arguments(self) -> dict[str, Any]:
        """Return the values for a VPC of our own."""
        return {name: value for name, value in super().arguments().items() if name != "existing"}
