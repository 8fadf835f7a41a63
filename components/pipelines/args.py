"""What a pipeline is made from."""

from collections.abc import Sequence
from enum import Enum
from typing import Final, NotRequired, TypedDict

import pulumi

from ..common.architecture import Architecture


class DeployKind(str, Enum):
    """Who deploys the image."""

    PULUMI = "pulumi"
    ECS = "ecs"


class ConnectionProvider(str, Enum):
    """Where a repository outside of AWS is (CodeConnections API, CreateConnection)."""

    GITHUB = "GitHub"
    GITHUB_ENTERPRISE = "GitHubEnterpriseServer"
    GITLAB = "GitLab"
    GITLAB_SELF_MANAGED = "GitLabSelfManaged"
    BITBUCKET = "Bitbucket"


class SourceArgs(TypedDict):
    """Where code comes from: CodeCommit, unless a connection is given or asked for."""

    repository: str
    """Name of a CodeCommit repository of the same account and region, or owner/name at the connection's provider."""
    branch: NotRequired[str]
    """Branch whose commits are taken. Defaults to main."""
    connection_arn: NotRequired[str]
    """ARN of a CodeConnections connection that is there. Defaults to none."""
    connection_provider: NotRequired[ConnectionProvider]
    """Make a connection to this provider. It waits until somebody completes it in the console; an output says where.
    Defaults to none."""


class PipelineArgs(TypedDict):
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
    """ARN of the cluster that it runs on."""
    repository_arn: pulumi.Input[str]
    """ARN of the ECR repository that the images go to."""
    repository_url: pulumi.Input[str]
    """URL of that repository."""
    image_parameter: str
    """Name of the parameter that says which image is meant to run."""
    task_role_arns: pulumi.Input[list[str]]
    """ARNs of the service's roles, which deploying passes to its tasks."""
    scaling_target_arn: pulumi.Input[str]
    """ARN of the service's scalable target, which the first deployment sets going; empty where there is none."""
    signing_profile_arns: NotRequired[pulumi.Input[Sequence[str]]]
    """ARNs of the profiles that the registry signs pushed images with. Defaults to none."""
    existing_vpc_id: NotRequired[str]
    """Id of the VPC that the platform is in, where the program did not make it but reads it. Defaults to none."""
    source: SourceArgs
    """Where the application comes from; its commits start the pipeline."""
    architecture: NotRequired[Architecture]
    """Processor architecture to build on and for. Defaults to X86_64."""
    directory: NotRequired[str]
    """Folder of the source with the application and its Dockerfile. Defaults to the source's own."""
    test_stage: NotRequired[str]
    """Stage of the Dockerfile that runs the tests, built before the image. Defaults to none: a stage that the final one
    copies from is built anyway."""
    deploy: NotRequired[DeployKind]
    """Who deploys: `pulumi up` targeted at the service, or CodePipeline's ECS action, which keeps everything but the
    image as the running revision has it. Defaults to pulumi."""
    program_source: NotRequired[SourceArgs]
    """Where the platform's program is, for deployments by pulumi; its commits start nothing. Defaults to the
    application's source."""
    program_directory: NotRequired[str]
    """Folder of the platform's program in its source. Defaults to the source's own."""
    backend_url: NotRequired[str]
    """Where Pulumi's state is, for deployments by pulumi: `s3://<bucket>?region=<region>`, or `https://api.pulumi.com`.
    """
    secrets_key_arn: NotRequired[str]
    """ARN of the KMS key that seals the secrets in the state. Defaults to none."""
    access_token_secret_arn: NotRequired[str]
    """ARN of the Secrets Manager secret that holds the access token of Pulumi Cloud. Defaults to none."""
    approval: NotRequired[bool]
    """Wait for a person before the deployment. Defaults to false."""
    notification_emails: NotRequired[list[str]]
    """Who is told when the pipeline fails; each must confirm once. Defaults to nobody."""
    compute_type: NotRequired[str]
    """Size of the builds (CodeBuild API, ProjectEnvironment). Defaults to BUILD_GENERAL1_SMALL."""
    artifact_days: NotRequired[int]
    """Days after which artifacts expire. Defaults to 30."""
    log_retention_days: NotRequired[int]
    """Days to keep the builds' logs. Defaults to 30."""
    kms_key_arn: NotRequired[str]
    """ARN of the KMS key that encrypts the artifacts. Defaults to none: the key that S3 has for the account."""
    role_path: NotRequired[str]
    """Path of the roles, by which those who deploy can be limited to them. Defaults to /."""
    protect: NotRequired[bool]
    """Refuse to delete artifacts with their bucket. Defaults to true."""


SOURCE_DEFAULTS: Final = {"branch": "main"}


PIPELINE_DEFAULTS: Final = {
    "architecture": Architecture.X86_64,
    "directory": ".",
    "deploy": DeployKind.PULUMI,
    "program_directory": ".",
    "approval": False,
    "notification_emails": [],
    "compute_type": "BUILD_GENERAL1_SMALL",
    "artifact_days": 30,
    "log_retention_days": 30,
    "signing_profile_arns": [],
    "role_path": "/",
    "protect": True,
}
