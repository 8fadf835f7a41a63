"""What the network's components are made from."""

from enum import Enum
from typing import Final, TypedDict

import pulumi


class NatGateways(str, Enum):
    """How private subnets reach the internet."""

    NONE = "none"
    SINGLE = "single"
    PER_ZONE = "perZone"


class VpcEndpoints(str, Enum):
    """Which AWS services private subnets reach without leaving the VPC."""

    NONE = "none"
    GATEWAY = "gateway"
    PRIVATE = "private"


class NetworkChoices(TypedDict, total=False):
    """What a person chooses of a Network."""

    cidr_block: str
    """IPv4 range of the VPC, /16 to /23. Each zone has a quarter of it, so that a third zone moves nothing; half of
    that quarter is the zone's private subnet, a quarter of it the public one. Changing the range replaces the network.
    Defaults to 10.0.0.0/16."""
    reserved_cidr_blocks: list[str]
    """IPv4 ranges in use elsewhere, such as offices, peered VPCs and other stacks, that the VPC's must not overlap.
    They are only compared. Defaults to none."""
    availability_zone_count: int
    """How many zones to use, 2 or 3: the first ones of the region by name. Defaults to 2."""
    nat_gateways: NatGateways
    """NAT gateways: none, a single one (cheap, but its zone's failure cuts all off), or one per zone.
    Defaults to single."""
    endpoints: VpcEndpoints
    """VPC endpoints: none; gateway, the one for S3, which is free and keeps image layers off the NAT gateway; or
    private, with interface endpoints for all that a Fargate task calls (ECR, logs, Secrets Manager, Parameter Store,
    ECS Exec), so that services need no NAT gateway. Each of those is charged by zone and hour. Defaults to gateway."""
    endpoint_services: list[str]
    """Further services with an interface endpoint, beside those of `private`, by the end of the endpoint's name: sqs,
    bedrock-runtime. Defaults to none."""
    endpoint_bucket_arns: list[str]
    """ARNs of the S3 buckets that may be reached through the endpoint, beside that of ECR's layers. Defaults to any:
    reading anything, and all else with this account's credentials."""
    ipv6: bool
    """Give the VPC an IPv6 range of Amazon's beside the IPv4 one, and each subnet a part of it. Private subnets reach
    the IPv6 internet through an egress-only gateway, which is free and lets nobody in. Defaults to false."""
    flow_log_retention_days: int
    """Days to keep VPC flow logs in CloudWatch Logs (Security Hub EC2.6). Defaults to 30."""
    encrypt_flow_logs: bool
    """Make a KMS key that encrypts the flow logs and is rotated every year; it is charged by the month. Defaults to
    false: CloudWatch Logs encrypts them with a key of its own."""
    flow_log_kms_key_arn: str
    """ARN of a KMS key of your own that encrypts the flow logs; its policy lets CloudWatch Logs use it. Defaults to
    none."""


class NetworkLinks(TypedDict, total=False):
    """What ties a Network to the rest of a platform."""

    instances: bool
    """EC2 instances of a cluster stand in the private subnets: with `private` there are endpoints for ECS and
    CloudWatch too. Defaults to false."""
    protect: bool
    """Refuse to delete the key made for the flow logs, without which nobody can read them. Defaults to true."""
    role_path: str
    """Path of the flow logs' role, by which those who deploy can be limited to it. Defaults to /."""


class NetworkArgs(NetworkChoices, NetworkLinks):
    """What a Network is made from."""

    name_prefix: str
    """Start of names that are an interface, here the flow log group `<name_prefix>/flow-logs`."""


NETWORK_DEFAULTS: Final[NetworkChoices] = {
    "cidr_block": "10.0.0.0/16",
    "reserved_cidr_blocks": [],
    "availability_zone_count": 2,
    "nat_gateways": NatGateways.SINGLE,
    "endpoints": VpcEndpoints.GATEWAY,
    "endpoint_services": [],
    "endpoint_bucket_arns": [],
    "ipv6": False,
    "flow_log_retention_days": 30,
    "encrypt_flow_logs": False,
}
NETWORK_LINK_DEFAULTS: Final[NetworkLinks] = {"instances": False, "protect": True, "role_path": "/"}


class ExistingNetworkChoices(TypedDict, total=False):
    """What a person chooses of an ExistingNetwork."""

    public_subnet_ids: list[str]
    """Ids of the subnets for load balancers, one a zone. Defaults to the first of each zone that has a default route to
    an internet gateway."""
    private_subnet_ids: list[str]
    """Ids of the subnets for everything else. Defaults to all without a route to an internet gateway from which tasks
    reach AWS."""
    endpoint_security_group_id: str
    """Id of the security group of the VPC's interface endpoints, to which each service then adds a rule for its tasks.
    Defaults to none: it admits them already, or there are no endpoints."""


class ExistingNetworkLinks(TypedDict, total=False):
    """What ties an ExistingNetwork to the rest of a platform."""

    instances: bool
    """EC2 instances of a cluster stand in the private subnets: without a way out they need endpoints for ECS and
    CloudWatch too. Defaults to false."""
    addresses_needed: int
    """How many addresses the private subnets must have. Defaults to 0."""


class ExistingNetworkArgs(ExistingNetworkChoices, ExistingNetworkLinks):
    """What an ExistingNetwork is made from."""

    vpc_id: str
    """Id of the VPC."""


EXISTING_NETWORK_DEFAULTS: Final[ExistingNetworkChoices] = {"public_subnet_ids": [], "private_subnet_ids": []}
EXISTING_NETWORK_LINK_DEFAULTS: Final[ExistingNetworkLinks] = {"instances": False, "addresses_needed": 0}


class EndpointsChoices(TypedDict, total=False):
    """What a person chooses of Endpoints."""

    interfaces: bool
    """Make the interface endpoints that Fargate tasks need, each charged by zone and hour. Defaults to false: the
    gateway endpoint for S3 alone, which is free."""
    instances: bool
    """Let EC2 instances of a cluster live with them too, which call ECS and CloudWatch. Defaults to false."""
    services: list[str]
    """Further services with an interface endpoint, by the end of its name, such as sqs. Defaults to none."""
    bucket_arns: list[str]
    """ARNs of the S3 buckets that may be reached through the endpoint, beside ECR's own. Defaults to any: reading
    anything, and all else with this account's credentials."""


class EndpointsArgs(EndpointsChoices):
    """What Endpoints are made from."""

    vpc_id: pulumi.Input[str]
    """Id of the VPC, whose DNS support and DNS hostnames are on."""
    route_table_ids: pulumi.Input[list[str]]
    """Ids of the route tables that lead to S3 through its gateway endpoint."""
    subnet_ids: pulumi.Input[list[str]]
    """Ids of the private subnets that the interface endpoints have an address in, one a zone."""


ENDPOINTS_DEFAULTS: Final[EndpointsChoices] = {
    "interfaces": False,
    "instances": False,
    "services": [],
    "bucket_arns": [],
}
