"""The contract with other projects: what is published of the pipelines."""

from collections.abc import Mapping
from typing import TypedDict

import pulumi


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


class PipelinesOutputs(TypedDict):
    """What is published of the pipelines."""

    pipelines: pulumi.Input[Mapping[str, PipelineOutputs]]
    """The pipelines by the name of their service."""
