"""What a pipeline is put together from: actions, patterns of events, documents. Nothing here makes a resource."""

import json
from collections.abc import Sequence
from typing import Any, Final

import pulumi
import pulumi_aws as aws

from ..common import iam
from ..common.iam import Statement
from . import pipeline_roles
from .pipeline_roles import Scope

APPROVAL: Final = aws.codepipeline.PipelineStageActionArgs(
    name="Approve", category="Approval", owner="AWS", provider="Manual", version="1", run_order=1
)
"""Waits for a person."""


def build_action(
    name: str,
    role_arn: pulumi.Input[str],
    project: pulumi.Input[str],
    inputs: Sequence[str],
    outputs: Sequence[str],
    run_order: int = 1,
) -> aws.codepipeline.PipelineStageActionArgs:
    """An action that runs a CodeBuild project; the first input is where its commands run."""
    configuration: dict[str, pulumi.Input[str]] = {"ProjectName": project}
    if len(inputs) > 1:
        configuration["PrimarySource"] = inputs[0]
    return aws.codepipeline.PipelineStageActionArgs(
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
    """Where artifacts are, and the key that encrypts them."""
    key = aws.codepipeline.PipelineArtifactStoreEncryptionKeyArgs(id=kms_key_arn, type="KMS") if kms_key_arn else None
    return aws.codepipeline.PipelineArtifactStoreArgs(location=bucket.bucket, type="S3", encryption_key=key)


def state_permissions(
    scope: Scope, url: str, project: str, stack: str, key_arn: str | None, token_secret_arn: str | None
) -> list[Statement]:
    """What Pulumi's state takes, wherever it is: the bucket's objects of one stack, or the token of Pulumi Cloud."""
    if url.startswith("s3://"):
        bucket = url.removeprefix("s3://").partition("?")[0].partition("/")[0]
        arn = f"arn:{scope.place.partition}:s3:::{bucket}"
        return pipeline_roles.s3_state(arn, project, stack, [key_arn] if key_arn else [])
    return pipeline_roles.token(token_secret_arn) if token_secret_arn else []


def with_key(statements: list[Statement], kms_key_arn: str | None) -> list[Statement]:
    """Add what the artifacts' own key takes, where there is one, to whoever handles artifacts."""
    if kms_key_arn is None or not any(statement["Sid"] == "Artifacts" for statement in statements):
        return statements
    return [*statements, iam.allow("SealArtifacts", ["kms:Decrypt", "kms:GenerateDataKey"], [kms_key_arn])]


def commit_pattern(repository_arn: str, branch: str) -> str:
    """Events of commits to one branch ("Monitoring CodeCommit events")."""
    return json.dumps(
        {
            "source": ["aws.codecommit"],
            "detail-type": ["CodeCommit Repository State Change"],
            "resources": [repository_arn],
            "detail": {
                "event": ["referenceCreated", "referenceUpdated"],
                "referenceType": ["branch"],
                "referenceName": [branch],
            },
        }
    )


def failure_pattern(pipeline_name: str) -> str:
    """Events of failed runs ("Monitoring CodePipeline events")."""
    detail: dict[str, Any] = {"pipeline": [pipeline_name], "state": ["FAILED"]}
    return json.dumps(
        {
            "source": ["aws.codepipeline"],
            "detail-type": ["CodePipeline Pipeline Execution State Change"],
            "detail": detail,
        }
    )


def topic_policy(topic_arn: str, rule_arn: str) -> str:
    """Let one rule, and nothing else, publish to a topic."""
    statement = {
        "Sid": "FailuresFromTheRule",
        "Effect": "Allow",
        "Principal": {"Service": "events.amazonaws.com"},
        "Action": "sns:Publish",
        "Resource": topic_arn,
        "Condition": {"ArnEquals": {"aws:SourceArn": rule_arn}},
    }
    return iam.document([statement])


def console_url(scope: Scope, pipeline_name: str) -> str:
    """Where the console shows the runs of a pipeline."""
    return f"{_console(scope)}/codepipeline/pipelines/{pipeline_name}/view?region={scope.place.region}"


def handshake_hint(scope: Scope, status: str) -> str:
    """What a person must do with a connection that was made ("Update a pending connection")."""
    if status != "PENDING":
        return ""
    return f"Complete the pending connection: {_console(scope)}/settings/connections?region={scope.place.region}"


def _console(scope: Scope) -> str:
    domains = {"aws-cn": "console.amazonaws.cn", "aws-us-gov": "console.amazonaws-us-gov.com"}
    domain = domains.get(scope.place.partition, "console.aws.amazon.com")
    return f"https://{scope.place.region}.{domain}/codesuite"
