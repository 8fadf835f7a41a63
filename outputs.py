"""The contract with other projects: what a stack of the platform publishes.

`StackOutputs` names every output once, for the program that exports it and for those who read it by StackReference.
Adding an output is a minor change; renaming or removing one is a major change and raises `CONTRACT_VERSION`.
"""

from collections.abc import Mapping, Sequence
from typing import Final, TypedDict

import pulumi

CONTRACT_VERSION: Final = 1
"""Number of the contract; see the module's description for when it changes."""


class ServiceOutputs(TypedDict):
    """What is published of one service."""

    name: pulumi.Input[str]
    """Name of the ECS service."""
    taskDefinitionArn: pulumi.Input[str]
    """ARN of the task definition's revision."""
    targetGroupArn: pulumi.Input[str]
    """ARN of the target group."""
    logGroupName: pulumi.Input[str]
    """Name of the log group."""
    securityGroupId: pulumi.Input[str]
    """Id of the tasks' security group."""
    taskRoleName: pulumi.Input[str]
    """Name of the role that the application has."""
    imageParameter: pulumi.Input[str]
    """Name of the Parameter Store parameter that says which image is meant to run: a digest, or `none`."""
    running: pulumi.Input[bool]
    """Whether the service has an image; without one it has no tasks."""


class StackOutputs(TypedDict):
    """Every output of a stack."""

    contractVersion: pulumi.Input[int]
    """Number of this contract."""
    url: pulumi.Input[str]
    """Where the load balancer answers."""
    vpcId: pulumi.Input[str]
    """Id of the VPC."""
    publicSubnetIds: pulumi.Input[list[str]]
    """Ids of the public subnets."""
    privateSubnetIds: pulumi.Input[list[str]]
    """Ids of the private subnets."""
    repositoryUrls: pulumi.Input[Mapping[str, str]]
    """URL of each image repository by its name in the settings."""
    publicRepositoryUris: pulumi.Input[Mapping[str, str]]
    """URI of each public image repository by its name in the settings."""
    signingProfileArns: pulumi.Input[Sequence[str]]
    """ARNs of the profiles that ECR signs pushed images with, where this stack owns the registry and it does."""
    clusterName: pulumi.Input[str]
    """Name of the ECS cluster."""
    clusterArn: pulumi.Input[str]
    """ARN of the ECS cluster."""
    loadBalancerDnsName: pulumi.Input[str]
    """DNS name of the load balancer."""
    loadBalancerZoneId: pulumi.Input[str]
    """Hosted zone id of that name, for alias records."""
    loadBalancerSecurityGroupId: pulumi.Input[str]
    """Id of the load balancer's security group."""
    listenerArn: pulumi.Input[str]
    """ARN of the listener that serves, for rules of further services."""
    services: pulumi.Input[Mapping[str, ServiceOutputs]]
    """The services by their name in the settings."""
    nextSteps: pulumi.Input[Mapping[str, pulumi.Input[str]]]
    """For each service without an image, the commands that give it one."""


def export(outputs: StackOutputs) -> None:
    """Publish the outputs of this stack."""
    for name, value in outputs.items():
        pulumi.export(name, value)


def push_commands(repository_url: pulumi.Output[str], service: str, architecture: str) -> pulumi.Output[str]:
    """Return the shell commands that build, push and run a service's first image, from the program's own folder."""
    platform = "linux/arm64" if architecture == "ARM64" else "linux/amd64"
    return repository_url.apply(lambda url: _push_text(url, platform, service))


def _push_text(url: str, platform: str, service: str) -> str:
    registry = url.partition("/")[0]
    region = registry.split(".")[3]
    return "\n".join(
        [
            "tag=git-$(git rev-parse --short HEAD)",
            f"aws ecr get-login-password --region {region} | docker login --username AWS --password-stdin {registry}",
            f"docker build --platform {platform} --tag {url}:$tag examples/app && docker push {url}:$tag",
            f".venv/bin/python -m release set {service} $tag --stack {pulumi.get_stack()} && pulumi up",
        ]
    )
