"""What the network's components are made from."""

from enum import Enum
from typing import Final, TypedDict

import pulumi

MOST_SUBNETS: Final = 16
"""Subnets that the tasks of a service may be in (ECS API, AwsVpcConfiguration)."""


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
    """IPv4 range of the VPC, /16 to /23. Each zone gets a quarter of it, even if there are two, so that adding a third
    zone moves no subnet. Half of that quarter is the zone's private subnet, a quarter of it the public one. A
    living network cannot change it. Defaults to 10.0.0.0/16."""
    reserved_cidr_blocks: list[str]
    """IPv4 ranges in use elsewhere, such as offices, peered VPCs and other stacks. The VPC's range must not overlap
    them; nothing else uses this list. Defaults to none."""
    availability_zone_count: int
    """How many zones to use, 2 or 3: the first of the region by name. Those in use stay. Defaults to 2."""
    nat_gateways: NatGateways
    """NAT gateways: none; single, which costs least, but all zones lose the internet if its zone fails; or perZone.
    Defaults to single."""
    endpoints: VpcEndpoints
    """VPC endpoints: none; gateway, only the one for S3, which is free and keeps image layers off the NAT gateway; or
    private, which adds interface endpoints for everything that a Fargate task calls (ECR, logs, Secrets Manager,
    Parameter Store, ECS Exec), so that services need no NAT gateway. Each interface endpoint is charged by zone and
    hour. Defaults to gateway."""
    endpoint_services: list[str]
    """Further services to make interface endpoints for, besides those of `private`, by the end of the endpoint's name:
    sqs, bedrock-runtime. Defaults to none."""
    endpoint_bucket_arns: list[str]
    """ARNs of the S3 buckets that can be reached through the endpoint, besides ECR's bucket of image layers. Defaults
    to all buckets: anybody may read objects, and everything else needs this account's credentials."""
    ipv6: bool
    """Give the VPC an Amazon-provided IPv6 range besides the IPv4 one, and each subnet a part of it. Private subnets
    reach the IPv6 internet through an egress-only gateway, which is free and admits no connection from outside. A
    living network cannot lose it. Defaults to false."""
    flow_log_retention_days: int
    """Days to keep VPC flow logs in CloudWatch Logs (Security Hub EC2.6). Defaults to 30."""
    encrypt_flow_logs: bool
    """Make a KMS key that encrypts the flow logs and is rotated every year. AWS charges it by the month. Defaults to
    false: CloudWatch Logs encrypts them with its own key."""
    flow_log_kms_key_arn: str
    """ARN of a KMS key of your own that encrypts the flow logs. Its policy must let CloudWatch Logs use it. Defaults to
    none."""


class NetworkLinks(TypedDict, total=False):
    """What ties a Network to the rest of a platform."""

    own_bucket_arns: list[pulumi.Input[str]]
    """ARNs of buckets that can be reached too where `endpoint_bucket_arns` names others. Defaults to none."""
    tables: bool
    """Whether tasks use tables of DynamoDB. Then there is an endpoint for it beside the one for S3, which is free too.
    Defaults to false."""
    instances: bool
    """Whether EC2 instances of a cluster run in the private subnets. Then `private` makes endpoints for ECS and
    CloudWatch too. Defaults to false."""
    protect: bool
    """Protect the key made for the flow logs from deletion; without it nobody can read them. Defaults to true."""
    role_path: str
    """Path of the flow logs' IAM role, so that a deployer's permissions can be limited to it. Defaults to /."""
    zone_names: list[str]
    """Names of the zones, as many as `availability_zone_count`. Give those that the subnets have already: another zone
    replaces the subnet. Defaults to the first of the region by name, as AWS offers them at this run."""


class NetworkArgs(NetworkChoices, NetworkLinks):
    """What a Network is made from."""

    name_prefix: str
    """Start of the name of the flow logs' log group: `<name_prefix>/flow-logs`."""


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
NETWORK_LINK_DEFAULTS: Final[NetworkLinks] = {
    "own_bucket_arns": [],
    "tables": False,
    "instances": False,
    "protect": True,
    "role_path": "/",
}


class ExistingNetworkChoices(TypedDict, total=False):
    """What a person chooses of an ExistingNetwork."""

    public_subnet_ids: list[str]
    """Ids of the subnets for load balancers, one per zone. Defaults to each zone's first subnet with a default route to
    an internet gateway."""
    private_subnet_ids: list[str]
    """Ids of the subnets for everything else. Defaults to every subnet that has no route to an internet gateway but
    lets tasks reach AWS."""
    endpoint_security_group_id: str
    """Id of the security group of the VPC's interface endpoints. Each service adds a rule to it for its tasks. Defaults
    to none: the group admits them already, or there are no endpoints."""


class ExistingNetworkLinks(TypedDict, total=False):
    """What ties an ExistingNetwork to the rest of a platform."""

    tables: bool
    """Whether tasks use tables of DynamoDB. Without a route out of the VPC they need its gateway endpoint too. Defaults
    to false."""
    instances: bool
    """Whether EC2 instances of a cluster run in the private subnets. Without a route out of the VPC they need endpoints
    for ECS and CloudWatch too. Defaults to false."""
    addresses_needed: int
    """How many addresses the private subnets must have. Defaults to 0."""


class ExistingNetworkArgs(ExistingNetworkChoices, ExistingNetworkLinks):
    """What an ExistingNetwork is made from."""

    vpc_id: str
    """Id of the VPC."""


EXISTING_NETWORK_DEFAULTS: Final[ExistingNetworkChoices] = {"public_subnet_ids": [], "private_subnet_ids": []}
EXISTING_NETWORK_LINK_DEFAULTS: Final[ExistingNetworkLinks] = {
    "tables": False,
    "instances": False,
    "addresses_needed": 0,
}


class EndpointsChoices(TypedDict, total=False):
    """What a person chooses of Endpoints."""

    interfaces: bool
    """Make the interface endpoints that Fargate tasks need, each charged by zone and hour. Defaults to false: only the
    gateway endpoint for S3, which is free."""
    tables: bool
    """Make the gateway endpoint for DynamoDB too, which is free. Defaults to false."""
    instances: bool
    """Make the endpoints too that EC2 instances of a cluster need: ECS and CloudWatch. Defaults to false."""
    services: list[str]
    """Further services to make interface endpoints for, by the end of the endpoint's name, such as sqs. Defaults to
    none."""
    bucket_arns: list[pulumi.Input[str]]
    """ARNs of the S3 buckets that can be reached through the endpoint, besides ECR's bucket of image layers. Defaults
    to all buckets: anybody may read objects, and everything else needs this account's credentials."""


class EndpointsArgs(EndpointsChoices):
    """What Endpoints are made from."""

    vpc_id: pulumi.Input[str]
    """Id of the VPC. Its DNS support and DNS hostnames must be on."""
    route_table_ids: pulumi.Input[list[str]]
    """Ids of the route tables that get a route to S3 and DynamoDB through the gateway endpoints."""
    subnet_ids: pulumi.Input[list[str]]
    """Ids of the private subnets in which the interface endpoints get an address, one per zone."""


ENDPOINTS_DEFAULTS: Final[EndpointsChoices] = {
    "interfaces": False,
    "tables": False,
    "instances": False,
    "services": [],
    "bucket_arns": [],
}
