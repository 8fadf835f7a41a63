"""The contract with other projects: what is published of the services."""

from collections.abc import Mapping
from typing import TypedDict

import pulumi


class RouteOutputs(TypedDict):
    """What is published of a further way in to a service."""

    targetGroupArn: pulumi.Input[str]
    """ARN of its target group."""
    networkEndpoint: pulumi.Input[str]
    """Where it answers on the network load balancer, as `<DNS name>:<port>`; empty where it has no listener there."""


class ServiceOutputs(TypedDict):
    """What is published of one service."""

    name: pulumi.Input[str]
    """Name of the ECS service."""
    taskDefinitionArn: pulumi.Input[str]
    """ARN of the task definition's revision."""
    targetGroupArn: pulumi.Input[str]
    """ARN of the target group; empty for a worker, which has none."""
    networkEndpoint: pulumi.Input[str]
    """Where it answers on the network load balancer, as `<DNS name>:<port>`; empty where it has no listener there."""
    routes: pulumi.Input[Mapping[str, RouteOutputs]]
    """Its further ways in by their name in the settings."""
    logGroupName: pulumi.Input[str]
    """Name of the log group."""
    securityGroupId: pulumi.Input[str]
    """Id of the security group that the tasks connect from: their own, in bridge mode their instances'."""
    taskRoleName: pulumi.Input[str]
    """Name of the role that the application has."""
    imageParameter: pulumi.Input[str]
    """Name of the Parameter Store parameter that says which image is meant to run: a digest, or `none`."""
    queueUrl: pulumi.Input[str]
    """URL of the queue that it processes; empty for what is no queue worker."""
    queueArn: pulumi.Input[str]
    """ARN of that queue, for the permissions of those who send to it."""
    deadLetterQueueUrl: pulumi.Input[str]
    """URL of the queue for messages that it could not process."""
    running: pulumi.Input[bool]
    """Whether the service has an image; without one it has no tasks."""


class ServicesOutputs(TypedDict):
    """What is published of the services."""

    services: pulumi.Input[Mapping[str, ServiceOutputs]]
    """The services by their name in the settings."""
    nextSteps: pulumi.Input[Mapping[str, pulumi.Input[str]]]
    """For each service and job without an image, the commands that give it one."""
