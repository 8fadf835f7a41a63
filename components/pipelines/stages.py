"""The stages of a pipeline, and where it keeps its artifacts. Nothing here makes a resource."""

from collections.abc import Mapping, Sequence
from typing import Final

import pulumi
import pulumi_aws as aws

from . import buildspecs
from .making import Making
from .roles import Roles
from .sources import APPLICATION, Source, source_action

Action = aws.codepipeline.PipelineStageActionArgs

_APPROVAL: Final = Action(name="Approve", category="Approval", owner="AWS", provider="Manual", version="1", run_order=1)
"""Waits for a person."""


def stages(
    making: Making,
    sources: Sequence[Source],
    roles: Roles,
    build: aws.codebuild.Project,
    deploy: aws.codebuild.Project,
) -> list[aws.codepipeline.PipelineStageArgs]:
    """Return the stages in their order."""
    image = buildspecs.IMAGE_ARTIFACT
    actions: Mapping[str, list[Action]] = {
        "Source": [source_action(source, roles.source.arn) for source in sources],
        "Build": [_build_action("Build", roles.run_build.arn, build.name, [APPLICATION], [image])],
        **({"Approve": [_APPROVAL]} if making.values["approval"] else {}),
        "Deploy": _by_ecs(making, roles.ecs, roles.run_deploy, deploy)
        if roles.ecs
        # The last source is the program's own, or else the application's.
        else [_build_action("Pulumi", roles.run_deploy.arn, deploy.name, [sources[-1].title, image], [])],
    }
    return [aws.codepipeline.PipelineStageArgs(name=name, actions=those) for name, those in actions.items()]


def _by_ecs(
    making: Making, ecs_role: aws.iam.Role, run_role: aws.iam.Role, deploy: aws.codebuild.Project
) -> list[Action]:
    """Deploy, and then record what runs."""
    image = buildspecs.IMAGE_ARTIFACT
    cluster = pulumi.Output.from_input(making.values["cluster_arn"]).apply(lambda arn: arn.rpartition("/")[2])
    configuration: dict[str, pulumi.Input[str]] = {
        "ClusterName": cluster,
        "ServiceName": making.values["service_name"],
        "FileName": buildspecs.DEFINITIONS_FILE,
    }
    ecs = Action(
        name="Ecs",
        category="Deploy",
        owner="AWS",
        provider="ECS",
        version="1",
        configuration=configuration,
        input_artifacts=[image],
        role_arn=ecs_role.arn,
        run_order=1,
    )
    return [ecs, _build_action("Record", run_role.arn, deploy.name, [image], [], run_order=2)]


def _build_action(
    name: str,
    role_arn: pulumi.Input[str],
    project: pulumi.Input[str],
    inputs: Sequence[str],
    outputs: Sequence[str],
    run_order: int = 1,
) -> Action:
    """Return an action that runs a CodeBuild project, whose commands run in the first input."""
    configuration: dict[str, pulumi.Input[str]] = {"ProjectName": project}
    if len(inputs) > 1:
        configuration["PrimarySource"] = inputs[0]
    return Action(
        name=name,
        category="Build",
        owner="AWS",
        provider="CodeBuild",
        version="1",
        configuration=configuration,
        input_artifacts=list(inputs),
        output_artifacts=list(outputs),
        role_arn=role_arn,
        run_order=run_order,
    )


def artifact_store(bucket: aws.s3.Bucket, kms_key_arn: str | None) -> aws.codepipeline.PipelineArtifactStoreArgs:
    """Return where artifacts are kept, and the key that encrypts them."""
    key = aws.codepipeline.PipelineArtifactStoreEncryptionKeyArgs(id=kms_key_arn, type="KMS") if kms_key_arn else None
    return aws.codepipeline.PipelineArtifactStoreArgs(location=bucket.bucket, type="S3", encryption_key=key)
