"""The sections of the settings for pipelines."""

from typing import Annotated

from pydantic import StringConstraints

from components.pipelines.args import ConnectionProvider, DeployKind, PipelineArgs, SourceArgs

from ..kinds import Arn, BackendUrl, Count, EmailAddress, Folder, Name, RetentionDays
from ..section import Section


class Source(Section):
    """Where code comes from."""

    arguments_class = SourceArgs
    repository: Annotated[str, StringConstraints(min_length=1)]
    branch: Annotated[str, StringConstraints(min_length=1)] = "main"
    connection_arn: Arn | None = None
    connection_provider: ConnectionProvider | None = None


class Pipeline(Section):
    """From a commit to running tasks, for one service."""

    arguments_class = PipelineArgs
    source: Source
    directory: Folder = "."
    test_stage: Name | None = None
    deploy: DeployKind = DeployKind.PULUMI
    program_source: Source | None = None
    program_directory: Folder = "."
    backend_url: BackendUrl | None = None
    secrets_key_arn: Arn | None = None
    access_token_secret_arn: Arn | None = None
    approval: bool = False
    notification_emails: list[EmailAddress] = []
    compute_type: str = "BUILD_GENERAL1_SMALL"
    artifact_days: Count = 30
    log_retention_days: RetentionDays = 30
    kms_key_arn: Arn | None = None
