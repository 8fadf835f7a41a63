"""The contract with other projects: what is published of the jobs."""

from collections.abc import Mapping
from typing import TypedDict

import pulumi


class JobOutputs(TypedDict):
    """What is published of one job."""

    name: pulumi.Input[str]
    """Name of the job's container, as messages of failed runs say it."""
    taskDefinitionArn: pulumi.Input[str]
    """ARN of the task definition's revision."""
    family: pulumi.Input[str]
    """Family of the task definitions, whose newest revision runs."""
    scheduleName: pulumi.Input[str]
    """Name of the schedule, in the group `<project>-<stack>`; empty for a job that somebody starts."""
    logGroupName: pulumi.Input[str]
    """Name of the log group."""
    securityGroupId: pulumi.Input[str]
    """Id of the security group that the tasks connect from: their own, in bridge mode their instances'."""
    taskRoleName: pulumi.Input[str]
    """Name of the role that the application has."""
    deadLetterQueueUrl: pulumi.Input[str]
    """URL of the queue that holds runs that AWS did not accept; empty for a job that somebody starts."""
    imageParameter: pulumi.Input[str]
    """Name of the Parameter Store parameter that says which image is meant to run: a digest, or `none`."""
    running: pulumi.Input[bool]
    """Whether the job has an image; without one it does not run."""
    runCommand: pulumi.Input[str]
    """The command by which a person runs it once."""


class JobsOutputs(TypedDict):
    """What is published of the jobs."""

    jobs: pulumi.Input[Mapping[str, JobOutputs]]
    """The jobs by their name in the settings."""
