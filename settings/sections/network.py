"""The network's sections of the settings."""

from typing import Annotated

from pydantic import Field

from components.network.args import (
    EXISTING_NETWORK_DEFAULTS,
    MOST_SUBNETS,
    NETWORK_DEFAULTS,
    ExistingNetworkArgs,
    NatGateways,
    NetworkArgs,
    VpcEndpoints,
)

from ..arns import BucketArn, KeyArn
from ..kinds import CidrBlock, EndpointService, RetentionDays, SecurityGroupId, SubnetId, VpcId
from ..section import Section


class ExistingNetwork(Section):
    """A VPC that exists already."""

    arguments_class = ExistingNetworkArgs
    vpc_id: VpcId
    public_subnet_ids: list[SubnetId] = EXISTING_NETWORK_DEFAULTS["public_subnet_ids"]
    private_subnet_ids: Annotated[list[SubnetId], Field(max_length=MOST_SUBNETS)] = EXISTING_NETWORK_DEFAULTS[
        "private_subnet_ids"
    ]
    endpoint_security_group_id: SecurityGroupId | None = None


class Network(Section):
    """The VPC."""

    arguments_class = NetworkArgs
    cidr_block: CidrBlock = NETWORK_DEFAULTS["cidr_block"]
    reserved_cidr_blocks: list[CidrBlock] = NETWORK_DEFAULTS["reserved_cidr_blocks"]
    availability_zone_count: Annotated[int, Field(ge=2, le=3)] = NETWORK_DEFAULTS["availability_zone_count"]
    nat_gateways: NatGateways = NETWORK_DEFAULTS["nat_gateways"]
    endpoints: VpcEndpoints = NETWORK_DEFAULTS["endpoints"]
    endpoint_services: list[EndpointService] = NETWORK_DEFAULTS["endpoint_services"]
    endpoint_bucket_arns: list[BucketArn] = NETWORK_DEFAULTS["endpoint_bucket_arns"]
    ipv6: bool = NETWORK_DEFAULTS["ipv6"]
    flow_log_retention_days: RetentionDays = NETWORK_DEFAULTS["flow_log_retention_days"]
    encrypt_flow_logs: bool = NETWORK_DEFAULTS["encrypt_flow_logs"]
    flow_log_kms_key_arn: KeyArn | None = None
    existing: Annotated[
        ExistingNetwork | None,
        Field(description="An existing VPC to use. It is not changed. Defaults to making a VPC."),
    ] = None

    @property
    def has_endpoints_to_open(self) -> bool:
        """Whether interface endpoints have a security group to which each service must add a rule."""
        if self.existing:
            return self.existing.endpoint_security_group_id is not None
        return self.endpoints is VpcEndpoints.PRIVATE
