"""The contract with other projects: what a stack of the platform publishes.

`StackOutputs` names every output once, for the program that exports it and for those who read it by StackReference.
Adding an output is a minor change; renaming or removing one is a major change and raises `CONTRACT_VERSION`.
"""

import json
from collections.abc import Mapping, Sequence
from typing import Any, Final, TypedDict, cast

import pulumi

CONTRACT_VERSION: Final = 1
"""Number of the contract; see the module's description for when it changes."""

FOR_PEOPLE: Final = frozenset({"nextSteps", "nextStep"})
"""Outputs that hold text for people: that they are there is promised, what they say is not."""

BY_ENTRY: Final = ("services", "pipelines")
"""Outputs that hold an entry for each service."""

CHANGED_BY_RELEASES: Final = frozenset({"taskDefinitionArn", "running"})
"""Outputs of a service that its next release changes."""


class ServiceOutputs(TypedDict):
    """What is published of one service."""

    name: pulumi.Input[str]
    """Name of the ECS service."""
    taskDefinitionArn: pulumi.Input[str]
    """ARN of the task definition's revision."""
    targetGroupArn: pulumi.Input[str]
    """ARN of the target group."""
    networkEndpoint: pulumi.Input[str]
    """Where it answers on the network load balancer, as `<DNS name>:<port>`; empty where it has no listener there."""
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


class PipelineOutputs(TypedDict):
    """What is published of one pipeline."""

    name: pulumi.Input[str]
    """Name of the pipeline."""
    url: pulumi.Input[str]
    """Where the console shows its runs."""
    connectionArn: pulumi.Input[str]
    """ARN of the connection that its source comes through; empty for CodeCommit."""
    connectionStatus: pulumi.Input[str]
    """Status of the connection that the stack made, PENDING until somebody completes it; empty where it made none."""
    nextStep: pulumi.Input[str]
    """What a person must do before it can run; empty where nothing."""


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
    endpointSecurityGroupId: pulumi.Input[str]
    """Id of the security group of the VPC's interface endpoints, for rules of further services; empty without them."""
    repositoryUrls: pulumi.Input[Mapping[str, str]]
    """URL of each image repository by its name in the settings."""
    repositoryArns: pulumi.Input[Mapping[str, str]]
    """ARN of each image repository by its name in the settings."""
    publicRepositoryUris: pulumi.Input[Mapping[str, str]]
    """URI of each public image repository by its name in the settings."""
    signingProfileArns: pulumi.Input[Sequence[str]]
    """ARNs of the profiles that ECR signs pushed images with, where this stack owns the registry and it does."""
    clusterName: pulumi.Input[str]
    """Name of the ECS cluster."""
    clusterArn: pulumi.Input[str]
    """ARN of the ECS cluster."""
    capacityProviders: pulumi.Input[Mapping[str, str]]
    """Name in ECS of each capacity provider by its name in the settings, FARGATE and FARGATE_SPOT among them."""
    autoScalingGroupNames: pulumi.Input[Mapping[str, str]]
    """Name in AWS of each Auto Scaling group by its name in the settings."""
    instanceSecurityGroupIds: pulumi.Input[Mapping[str, str]]
    """Id of the security group of each group of instances by its name in the settings: Auto Scaling groups and Managed
    Instances."""
    loadBalancerDnsName: pulumi.Input[str]
    """DNS name of the load balancer."""
    loadBalancerZoneId: pulumi.Input[str]
    """Hosted zone id of that name, for alias records."""
    loadBalancerSecurityGroupId: pulumi.Input[str]
    """Id of the load balancer's security group."""
    listenerArn: pulumi.Input[str]
    """ARN of the listener that serves, for rules of further services."""
    listenerArns: pulumi.Input[Mapping[str, str]]
    """ARN of each of the load balancer's listeners by its port, `80` and with HTTPS `443`; of one that was there
    already, the one that serves."""
    loadBalancerArn: pulumi.Input[str]
    """ARN of the load balancer."""
    certificateArn: pulumi.Input[str]
    """ARN of the certificate for the domain; empty without a domain."""
    networkLoadBalancerArn: pulumi.Input[str]
    """ARN of the network load balancer, for listeners of further services; empty without one, as all of it is."""
    networkLoadBalancerDnsName: pulumi.Input[str]
    """DNS name of the network load balancer."""
    networkLoadBalancerZoneId: pulumi.Input[str]
    """Hosted zone id of that name, for alias records."""
    networkLoadBalancerSecurityGroupId: pulumi.Input[str]
    """Id of the network load balancer's security group."""
    networkLoadBalancerAddresses: pulumi.Input[list[str]]
    """Static addresses of the network load balancer, for others' firewalls; none unless they were asked for."""
    services: pulumi.Input[Mapping[str, ServiceOutputs]]
    """The services by their name in the settings."""
    pipelines: pulumi.Input[Mapping[str, PipelineOutputs]]
    """The pipelines by the name of their service."""
    nextSteps: pulumi.Input[Mapping[str, pulumi.Input[str]]]
    """For each service without an image, the commands that give it one."""


def export(outputs: StackOutputs) -> None:
    """Publish the outputs of this stack."""
    for name, value in outputs.items():
        pulumi.export(name, value)


def parameters(outputs: StackOutputs) -> dict[str, pulumi.Input[str]]:
    """Return the outputs as Parameter Store holds them, by name: text as it is, all else as JSON.

    An entry of `services` and `pipelines` has a name of its own, `services/<name>`. What is for people is left out, and
    what a release changes: that deploys one service alone, and would leave it behind.
    """
    values: dict[str, Any] = {}
    for name, output in outputs.items():
        if name in FOR_PEOPLE:
            continue
        if name in BY_ENTRY:
            values |= {f"{name}/{key}": _lasting(value) for key, value in cast(Mapping[str, Any], output).items()}
        else:
            values[name] = output
    return {name: pulumi.Output.from_input(value).apply(_text) for name, value in values.items()}


def _lasting(entry: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in entry.items() if name not in FOR_PEOPLE | CHANGED_BY_RELEASES}


def _text(value: Any) -> str:
    if value == "":
        return "none"  # Parameter Store keeps no empty ones
    return value if isinstance(value, str) else json.dumps(value, sort_keys=True)


def push_commands(repository_url: pulumi.Output[str], service: str, platform: str) -> pulumi.Output[str]:
    """Return the shell commands that build, push and run a service's first image, from the program's own folder."""
    return repository_url.apply(lambda url: _push_text(url, platform, service))


def _push_text(url: str, platform: str, service: str) -> str:
    registry = url.partition("/")[0]
    region = registry.split(".")[3]
    return "\n".join(
        [
            "tag=git-$(git rev-parse --short=12 HEAD)",
            f"aws ecr get-login-password --region {region} | docker login --username AWS --password-stdin {registry}",
            f"docker build --platform {platform} --tag {url}:$tag examples/app && docker push {url}:$tag",
            f".venv/bin/python -m release set {service} $tag --stack {pulumi.get_stack()} && pulumi up",
        ]
    )
