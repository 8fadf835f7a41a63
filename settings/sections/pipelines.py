"""The sections of the settings for pipelines."""

from components.pipelines.args import (
    PIPELINE_DEFAULTS,
    SOURCE_DEFAULTS,
    ComputeType,
    ConnectionProvider,
    DeployKind,
    PipelineArgs,
    SourceArgs,
)

from ..arns import ConnectionArn, KeyArn, KeyArnElsewhere, WholeSecretArn
from ..kinds import (
    BackendUrl,
    BranchName,
    Count,
    EmailAddress,
    Folder,
    RetentionDays,
    SourceRepository,
    StageName,
)
from ..section import Section


class Source(Section):
    """Where code comes from."""

    arguments_class = SourceArgs
    repository: SourceRepository
    branch: BranchName = SOURCE_DEFAULTS["branch"]
    connection_arn: ConnectionArn | None = None
    connection_provider: ConnectionProvider | None = None


class Pipeline(Section):
    """A pipeline from a commit to running tasks, for one service."""

    arguments_class = PipelineArgs
    source: Source
    directory: Folder = PIPELINE_DEFAULTS["directory"]
    test_stage: StageName | None = None
    deploy: DeployKind = PIPELINE_DEFAULTS["deploy"]
    program_source: Source | None = None
    program_directory: Folder = PIPELINE_DEFAULTS["program_directory"]
    backend_url: BackendUrl | None = None
    secrets_key_arn: KeyArnElsewhere | None = None
    access_token_secret_arn: WholeSecretArn | None = None
    approval: bool = PIPELINE_DEFAULTS["approval"]
    notification_emails: list[EmailAddress] = PIPELINE_DEFAULTS["notification_emails"]
    compute_type: ComputeType = PIPELINE_DEFAULTS["compute_type"]
    artifact_days: Count = PIPELINE_DEFAULTS["artifact_days"]
    log_retention_days: RetentionDays = PIPELINE_DEFAULTS["log_retention_days"]
    kms_key_arn: KeyArn | None = None
