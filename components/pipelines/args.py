"""What a pipeline is made from."""

from collections.abc import Sequence
from enum import Enum
from typing import Final, TypedDict

import pulumi

from ..common.architecture import Architecture


class DeployKind(str, Enum):
    """What deploys the image."""

    PULUMI = "pulumi"
    ECS = "ecs"


class ConnectionProvider(str, Enum):
    """Where a repository outside AWS is hosted (CodeConnections API, CreateConnection; a test compares)."""

    GITHUB = "GitHub"
    GITHUB_ENTERPRISE = "GitHubEnterpriseServer"
    GITLAB = "GitLab"
    GITLAB_SELF_MANAGED = "GitLabSelfManaged"
    BITBUCKET = "Bitbucket"
    AZURE_DEVOPS = "AzureDevOps"


class ComputeType(str, Enum):
    """Sizes of builds that can run Docker (CodeBuild API, ComputeType; a test compares)."""

    SMALL = "BUILD_GENERAL1_SMALL"
    MEDIUM = "BUILD_GENERAL1_MEDIUM"
    LARGE = "BUILD_GENERAL1_LARGE"
    XLARGE = "BUILD_GENERAL1_XLARGE"
    XXLARGE = "BUILD_GENERAL1_2XLARGE"


class SourceChoices(TypedDict, total=False):
    """What a person chooses of a source."""

    branch: str
    """Branch whose commits are built. Defaults to main."""
    connection_arn: str
    """ARN of an existing CodeConnections connection. Defaults to none."""
    connection_provider: ConnectionProvider
    """Make a connection to this provider. Somebody must complete it in the console before the pipeline can run; an
    output shows where. Defaults to none."""


class SourceArgs(SourceChoices):
    """Where code comes from: CodeCommit, unless there is a connection."""

    repository: str
    """Name of a CodeCommit repository in the same account and region, or with a connection owner/name at its provider.
    """


SOURCE_DEFAULTS: Final[SourceChoices] = {"branch": "main"}


class PipelineChoices(TypedDict, total=False):
    """What a person chooses of a Pipeline."""

    directory: str
    """Folder in the source that holds the application and its Dockerfile. Defaults to the source's root."""
    test_stage: str
    """Stage of the Dockerfile that runs the tests; it is built before the image. Not needed if the final stage copies
    from it, which builds it anyway. Defaults to none."""
    deploy: DeployKind
    """How to deploy: `pulumi` runs `pulumi up` for the service only. `ecs` runs CodePipeline's ECS action, which
    changes only the image of the running revision. Defaults to pulumi."""
    program_source: SourceArgs
    """Where the platform's program is, for `deploy: pulumi`. Its commits do not start the pipeline. Defaults to the
    application's source."""
    program_directory: str
    """Folder in its source that holds the platform's program. Defaults to the source's root."""
    backend_url: str
    """Where Pulumi's state is, for `deploy: pulumi`: `s3://<bucket>?region=<region>` or `https://api.pulumi.com`."""
    secrets_key_arn: str
    """ARN of the KMS key that encrypts the secrets in the state. Defaults to none."""
    access_token_secret_arn: str
    """ARN of the Secrets Manager secret that holds the access token of Pulumi Cloud. Defaults to none."""
    approval: bool
    """Wait for a person's approval before deploying. Defaults to false."""
    notification_emails: list[str]
    """E-mail addresses to notify if the pipeline fails; each must confirm once. Defaults to none."""
    compute_type: ComputeType
    """Size of the builds (CodeBuild API, ProjectEnvironment). Defaults to BUILD_GENERAL1_SMALL."""
    artifact_days: int
    """Days after which artifacts expire. Defaults to 30."""
    log_retention_days: int
    """Days to keep the builds' logs. Defaults to 30."""
    kms_key_arn: str
    """ARN of the KMS key that encrypts the artifacts. Defaults to none: S3 uses the account's AWS managed key."""


class PipelineLinks(TypedDict, total=False):
    """What ties a Pipeline to the rest of a platform."""

    signing_profile_arns: pulumi.Input[Sequence[str]]
    """ARNs of the profiles with which the registry signs pushed images. Defaults to none."""
    existing_vpc_id: str
    """Id of the platform's VPC if the program reads it instead of making it. Defaults to none."""
    architecture: Architecture
    """Processor architecture to build on and for. Defaults to X86_64."""
    family: str
    """Family of the service's task definitions. Defaults to `<service_name>-task`."""
    migration_log_group: pulumi.Input[str]
    """Name of the service's log group, if a migration comes before each of its revisions: a deployment by Pulumi then
    runs it. Defaults to none."""
    role_path: str
    """Path of the IAM roles, by which the deployer's permissions can be limited to them. Defaults to /."""
    protect: bool
    """Refuse to delete the artifact bucket while it holds artifacts. Defaults to true."""


class PipelineArgs(PipelineChoices, PipelineLinks):
    """What a Pipeline is made from."""

    pipeline_name: str
    """Name of the pipeline; its builds are `<pipeline_name>-build` and `<pipeline_name>-deploy`."""
    log_group_prefix: str
    """Start of the names of the builds' log groups."""
    project: str
    """Pulumi project of the platform."""
    stack: str
    """Pulumi stack that the pipeline deploys to."""
    service: str
    """Name of the service in the settings."""
    service_name: str
    """Name of the ECS service."""
    cluster_arn: pulumi.Input[str]
    """ARN of the service's cluster."""
    repository_arn: pulumi.Input[str]
    """ARN of the ECR repository that images are pushed to."""
    repository_url: pulumi.Input[str]
    """URL of that repository."""
    image_parameter: str
    """Name of the parameter that says which image the service runs."""
    task_role_arns: pulumi.Input[list[str]]
    """ARNs of the service's roles, which a deployment passes to its tasks."""
    scaling_target_arn: pulumi.Input[str]
    """ARN of the service's scalable target, which the first deployment starts; empty if there is none."""
    source: SourceArgs
    """Where the application comes from. Its commits start the pipeline."""


PIPELINE_DEFAULTS: Final[PipelineChoices] = {
    "directory": ".",
    "deploy": DeployKind.PULUMI,
    "program_directory": ".",
    "approval": False,
    "notification_emails": [],
    "compute_type": ComputeType.SMALL,
    "artifact_days": 30,
    "log_retention_days": 30,
}
PIPELINE_LINK_DEFAULTS: Final[PipelineLinks] = {
    "signing_profile_arns": [],
    "architecture": Architecture.X86_64,
    "migration_log_group": "",
    "role_path": "/",
    "protect": True,
}
