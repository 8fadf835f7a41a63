"""Where a pipeline's code comes from: CodeCommit or a connection, and what starts the pipeline."""

from collections.abc import Sequence
from typing import Final, NamedTuple

import pulumi
import pulumi_aws as aws

from ..common.arguments import complete
from ..common.iam import Statement
from . import permissions
from .args import SOURCE_DEFAULTS, ConnectionProvider, SourceArgs
from .making import Making

APPLICATION: Final = "Application"
"""Title of the source whose commits start the pipeline, and name of its artifact."""
PROGRAM: Final = "Program"
"""Title of the platform's own source, where it has one, and name of its artifact."""


class Source(NamedTuple):
    """One source of a pipeline."""

    title: str
    repository: str
    branch: str
    connection_arn: pulumi.Input[str] | None
    """ARN of the connection; none for CodeCommit."""
    connection_status: pulumi.Input[str]
    """Status of the connection that was made; empty if none was made."""


def sources(making: Making) -> list[Source]:
    """Return the application's source and then the program's, if it has its own; make the connections they ask for."""
    values = making.values
    found = [_source(making, APPLICATION, values["source"])]
    if making.by_pulumi and (program := values.get("program_source")):
        found.append(_source(making, PROGRAM, program))
    return found


def _source(making: Making, title: str, args: SourceArgs) -> Source:
    values = complete(SourceArgs, args, SOURCE_DEFAULTS)
    arn: pulumi.Input[str] | None = values.get("connection_arn")
    status: pulumi.Input[str] = ""
    if not arn and (provider := values.get("connection_provider")):
        connection = aws.codeconnections.Connection(
            f"{making.name}-{title.lower()}"[:24].rstrip("-"),  # with the engine's suffix at most 32 characters
            provider_type=ConnectionProvider(provider).value,
            opts=making.child,
        )
        arn, status = connection.arn, connection.connection_status
    return Source(title, values["repository"], values["branch"], arn or None, status)


def source_permissions(making: Making, found: Sequence[Source]) -> pulumi.Output[list[Statement]]:
    """Return what the source stage may do."""
    code_commit = [source.repository for source in found if source.connection_arn is None]
    connections = [source.connection_arn for source in found if source.connection_arn is not None]
    return pulumi.Output.all(making.scope, *connections).apply(
        lambda known: permissions.source(known[0], code_commit, known[1:])
    )


def source_action(source: Source, role_arn: pulumi.Input[str]) -> aws.codepipeline.PipelineStageActionArgs:
    """Return the action that fetches a source."""
    configuration: dict[str, pulumi.Input[str]]
    if source.connection_arn is None:
        configuration = {
            "RepositoryName": source.repository,
            "BranchName": source.branch,
            "PollForSourceChanges": "false",
        }
    else:
        configuration = {
            "ConnectionArn": source.connection_arn,
            "FullRepositoryId": source.repository,
            "BranchName": source.branch,
            # Otherwise it starts the pipeline too, beside the trigger.
            "DetectChanges": "false",
        }
    return aws.codepipeline.PipelineStageActionArgs(
        name=source.title,
        category="Source",
        owner="AWS",
        provider="CodeCommit" if source.connection_arn is None else "CodeStarSourceConnection",
        version="1",
        configuration=configuration,
        output_artifacts=[source.title],
        role_arn=role_arn,
        run_order=1,
    )


def push_triggers(source: Source) -> list[aws.codepipeline.PipelineTriggerArgs]:
    """Return the triggers that start the pipeline at a push; none for CodeCommit, which needs an event rule."""
    if source.connection_arn is None:
        return []
    push = aws.codepipeline.PipelineTriggerGitConfigurationPushArgs(
        branches=aws.codepipeline.PipelineTriggerGitConfigurationPushBranchesArgs(includes=[source.branch])
    )
    return [
        aws.codepipeline.PipelineTriggerArgs(
            provider_type="CodeStarSourceConnection",
            git_configuration=aws.codepipeline.PipelineTriggerGitConfigurationArgs(
                source_action_name=source.title, pushes=[push]
            ),
        )
    ]
