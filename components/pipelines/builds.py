"""The CodeBuild projects of a pipeline: one builds the image, one deploys it or records it."""

from collections.abc import Callable, Mapping
from typing import Final

import pulumi
import pulumi_aws as aws

from ..common import iam
from ..common.architecture import DOCKER_PLATFORMS, Architecture
from ..common.arn import parse
from ..common.iam import Statement
from . import buildspecs, permissions
from .args import ComputeType
from .making import Making
from .permissions import Scope
from .roles import granted

PULUMI_VERSION: Final = "3.259.0"
"""The Pulumi CLI that deploys; it runs the SDK that requirements.txt pins."""

# Architecture → type and curated image of the build environment.
_ENVIRONMENTS: Final = {
    Architecture.X86_64: ("LINUX_CONTAINER", "aws/codebuild/standard:7.0"),
    Architecture.ARM64: ("ARM_CONTAINER", "aws/codebuild/amazonlinux-aarch64-standard:3.0"),
}


def build_project(making: Making) -> aws.codebuild.Project:
    """Make the project that builds, tests and pushes the image."""
    values = making.values
    repository = pulumi.Output.from_input(values["repository_arn"])
    return _project(
        making,
        "build",
        buildspecs.build(test_stage=values.get("test_stage")),
        permissions.build,
        {
            "AWS_DEFAULT_REGION": repository.apply(lambda arn: parse(arn).region),
            "AWS_ACCOUNT_ID": repository.apply(lambda arn: parse(arn).account_id),
            "IMAGE_REPO_NAME": repository.apply(lambda arn: parse(arn).resource.removeprefix("repository/")),
            "REPOSITORY_URI": values["repository_url"],
            "CONTAINER_NAME": values["service_name"],
            "BUILD_DIRECTORY": values["directory"],
            "PLATFORM": DOCKER_PLATFORMS[Architecture(values["architecture"])],
        },
        privileged=True,
    )


def deploy_project(making: Making) -> aws.codebuild.Project:
    """Make the project that deploys by `pulumi up`, or that records the image after the ECS action deployed it."""
    values = making.values
    if not making.by_pulumi:
        variables = {"IMAGE_PARAMETER": values["image_parameter"]}
        return _project(making, "deploy", buildspecs.record(), permissions.record, variables)

    def allowed(scope: Scope, log_group_arn: str) -> list[Statement]:
        for_state = permissions.state(
            scope,
            values["backend_url"],
            values["project"],
            values["stack"],
            values.get("secrets_key_arn"),
            values.get("access_token_secret_arn"),
        )
        return permissions.deploy(scope, log_group_arn, for_state, values.get("existing_vpc_id"))

    return _project(
        making,
        "deploy",
        buildspecs.deploy(),
        allowed,
        {
            "PULUMI_BACKEND_URL": values["backend_url"],
            "PULUMI_STACK": values["stack"],
            "PULUMI_VERSION": PULUMI_VERSION,
            "PROGRAM_DIRECTORY": values["program_directory"],
            "SERVICE": values["service"],
        },
        token_secret_arn=values.get("access_token_secret_arn"),
    )


def _project(
    making: Making,
    purpose: str,
    buildspec: str,
    allowed: Callable[[Scope, str], list[Statement]],
    variables: Mapping[str, pulumi.Input[str]],
    *,
    privileged: bool = False,
    token_secret_arn: str | None = None,
) -> aws.codebuild.Project:
    """Make a project with its role and its log group.

    Args:
        making: the pipeline that it belongs to.
        purpose: what it is for, a part of its name.
        buildspec: what it runs.
        allowed: from the scope and the log group's ARN, what it may do.
        variables: its environment variables.
        privileged: it runs Docker, which needs privileges and profits from a cache of layers.
        token_secret_arn: secret with the access token of Pulumi Cloud.
    """
    values = making.values
    full_name = f"{values['pipeline_name']}-{purpose}"
    log_group = aws.cloudwatch.LogGroup(
        making.label(purpose),
        name=f"{values['log_group_prefix']}/{values['service']}-{purpose}",
        retention_in_days=int(values["log_retention_days"]),
        opts=making.child,
    )
    role, policy = granted(
        making,
        purpose,
        making.scope.apply(
            lambda scope: iam.service_trust(
                "codebuild.amazonaws.com", scope.place.account_id, scope.arn("codebuild", f"project/{full_name}")
            )
        ),
        pulumi.Output.all(making.scope, log_group.arn).apply(lambda known: allowed(*known)),
    )
    kind, image = _ENVIRONMENTS[Architecture(values["architecture"])]
    return aws.codebuild.Project(
        making.label(purpose),
        name=full_name,
        description=f"{purpose.capitalize()} of {values['service_name']}",
        service_role=role.arn,
        build_timeout=60,
        source=aws.codebuild.ProjectSourceArgs(type="CODEPIPELINE", buildspec=buildspec),
        artifacts=aws.codebuild.ProjectArtifactsArgs(type="CODEPIPELINE"),
        cache=aws.codebuild.ProjectCacheArgs(type="LOCAL", modes=["LOCAL_DOCKER_LAYER_CACHE"]) if privileged else None,
        environment=aws.codebuild.ProjectEnvironmentArgs(
            type=kind,
            image=image,
            compute_type=ComputeType(values["compute_type"]).value,
            privileged_mode=privileged,
            environment_variables=_environment(variables, token_secret_arn),
        ),
        logs_config=aws.codebuild.ProjectLogsConfigArgs(
            cloudwatch_logs=aws.codebuild.ProjectLogsConfigCloudwatchLogsArgs(group_name=log_group.name)
        ),
        encryption_key=values.get("kms_key_arn"),
        opts=making.after(policy),
    )


def _environment(
    variables: Mapping[str, pulumi.Input[str]], token_secret_arn: str | None
) -> list[aws.codebuild.ProjectEnvironmentEnvironmentVariableArgs]:
    variable = aws.codebuild.ProjectEnvironmentEnvironmentVariableArgs
    environment = [variable(name=key, value=variables[key]) for key in sorted(variables)]
    if token_secret_arn:
        environment.append(variable(name="PULUMI_ACCESS_TOKEN", type="SECRETS_MANAGER", value=token_secret_arn))
    return environment
