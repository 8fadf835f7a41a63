"""The contract with other projects: what a stack of the platform publishes.

`StackOutputs` names every output once, for the program that exports it and for those who read it by StackReference.
Adding an output is a minor change; renaming or removing one is a major change and raises `CONTRACT_VERSION`.
"""

import json
from collections.abc import Mapping
from typing import Any, Final, TypedDict, cast

import pulumi

from .balancing import BalancingOutputs
from .capacity import CapacityOutputs
from .jobs import JobOutputs as JobOutputs
from .jobs import JobsOutputs
from .network import NetworkOutputs
from .observability import ObservabilityOutputs
from .pipelines import PipelineOutputs as PipelineOutputs
from .pipelines import PipelinesOutputs
from .registry import RegistryOutputs
from .services import ServiceOutputs as ServiceOutputs
from .services import ServicesOutputs
from .storage import BucketOutputs as BucketOutputs
from .storage import DatabaseOutputs as DatabaseOutputs
from .storage import QueueOutputs as QueueOutputs
from .storage import StorageOutputs
from .storage import TableOutputs as TableOutputs
from .storage import TopicOutputs as TopicOutputs

CONTRACT_VERSION: Final = 1
"""Number of the contract; see the module's description for when it changes."""

FOR_PEOPLE: Final = frozenset({"nextSteps", "nextStep", "runCommand"})
"""Outputs that hold text for people: that they are there is promised, what they say is not."""

BY_ENTRY: Final = ("services", "jobs", "pipelines", "buckets", "tables", "databases", "queues", "topics")
"""Outputs that hold an entry for each service or job, and for each of what keeps data and messages."""

CHANGED_BY_RELEASES: Final = frozenset({"taskDefinitionArn", "running"})
"""Outputs of a service or job that its next release changes."""


class ContractOutputs(TypedDict):
    """What is published of the contract itself."""

    contractVersion: pulumi.Input[int]
    """Number of this contract."""


class StackOutputs(
    ContractOutputs,
    NetworkOutputs,
    RegistryOutputs,
    CapacityOutputs,
    BalancingOutputs,
    ServicesOutputs,
    JobsOutputs,
    PipelinesOutputs,
    ObservabilityOutputs,
    StorageOutputs,
):
    """Every output of a stack."""


def export(outputs: StackOutputs) -> None:
    """Publish the outputs of this stack."""
    for name, value in outputs.items():
        pulumi.export(name, value)


def parameters(outputs: StackOutputs) -> dict[str, pulumi.Input[str]]:
    """Return the outputs as Parameter Store holds them, by name: text as it is, all else as JSON.

    An entry of those in `BY_ENTRY` has a name of its own, `services/<name>`. What is for people is left out, and what a
    release changes: that deploys one service or job alone, and would leave it behind.
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
    registry, stack = url.partition("/")[0], pulumi.get_stack()
    up = f"pulumi up --stack {stack} --policy-pack policies/packs/all"
    region = registry.split(".")[3]
    return "\n".join(
        [
            "tag=git-$(git rev-parse --short=12 HEAD)",
            f"aws ecr get-login-password --region {region} | docker login --username AWS --password-stdin {registry}",
            f"docker build --platform {platform} --tag {url}:$tag examples/app && docker push {url}:$tag",
            f".venv/bin/python -m release set {service} $tag --stack {stack} && {up}",
        ]
    )
