"""What tasks run in, whether a service keeps them running or a job starts them."""

from collections.abc import Mapping
from typing import Final, TypedDict

import pulumi

from ..capacity.providers import FARGATE_PROVIDERS, CapacityProviderStrategyArgs
from ..common.args import HTTPS_ANYWHERE, EgressLinks, EgressRuleArgs
from .args import TaskChoices, TaskLinks

NO_IMAGE: Final = "none"
"""Value of the image parameter before the first image: Parameter Store keeps no empty values."""


class RunChoices(TypedDict, total=False):
    """What a person chooses of where tasks run."""

    capacity_provider_strategy: list[CapacityProviderStrategyArgs]
    """Where the tasks run. Defaults to FARGATE with weight 1."""
    egress: list[EgressRuleArgs]
    """What the tasks may connect to besides VPC endpoints. Defaults to port 443 anywhere, which image pulls, logs and
    secrets need; to nothing in a stack with endpoints for those and no NAT gateway."""


class RunLinks(EgressLinks, total=False):
    """What ties running tasks to the rest of a platform."""

    image_parameter: str
    """Name of a Parameter Store parameter to make for the image that is meant to run. Releases write it; the program
    reads it and passes it on as `image`. Defaults to none."""
    capacity_providers: pulumi.Input[Mapping[str, str]]
    """Name of each capacity provider in the strategy → its name in ECS, an output of Cluster. Defaults to the same."""
    instance_security_group_id: pulumi.Input[str]
    """Id of the security group of the instances, which tasks in bridge mode share. Needed for those."""


class RunArgs(TaskChoices, TaskLinks, RunChoices, RunLinks):
    """What running tasks are made from, besides the name of what they are of."""

    cluster_arn: pulumi.Input[str]
    """ARN of the cluster, an output of Cluster."""
    vpc_id: pulumi.Input[str]
    """Id of the VPC."""
    subnet_ids: pulumi.Input[list[str]]
    """Ids of the private subnets that the tasks run in."""


RUN_DEFAULTS: Final[RunChoices] = {
    "capacity_provider_strategy": [CapacityProviderStrategyArgs(capacity_provider=FARGATE_PROVIDERS[0])],
    "egress": HTTPS_ANYWHERE,
}
RUN_LINK_DEFAULTS: Final[RunLinks] = {"ipv6": False}
