"""Events that start a pipeline, and events of its failures."""

import json

import pulumi
import pulumi_aws as aws

from ..common import iam
from .making import Making
from .roles import granted
from .sources import Source


def start_at_commits(making: Making, source: Source, pipeline: aws.codepipeline.Pipeline) -> None:
    """Start the pipeline at a commit to CodeCommit; a connection's pushes start it by its own trigger."""
    if source.connection_arn is not None:
        return
    rule = _rule(
        making,
        "commit",
        f"A commit to {source.branch} of {source.repository}",
        making.scope.apply(lambda scope: _commit_pattern(scope.arn("codecommit", source.repository), source.branch)),
    )
    role, policy = granted(
        making,
        "trigger",
        pulumi.Output.all(making.scope, rule.arn).apply(
            lambda known: iam.service_trust("events.amazonaws.com", known[0].place.account_id, known[1])
        ),
        pipeline.arn.apply(lambda arn: [iam.allow("StartPipeline", ["codepipeline:StartPipelineExecution"], [arn])]),
    )
    aws.cloudwatch.EventTarget(
        making.label("commit"), rule=rule.name, arn=pipeline.arn, role_arn=role.arn, opts=making.after(policy)
    )


def notify_of_failures(making: Making, pipeline: aws.codepipeline.Pipeline) -> None:
    """Send an e-mail to each address of the arguments if the pipeline fails."""
    emails = making.values["notification_emails"]
    if not emails:
        return
    label = making.label("failed")
    topic = aws.sns.Topic(label, opts=making.child)
    pattern = pipeline.name.apply(_failure_pattern)
    rule = _rule(making, "failed", f"{making.values['pipeline_name']} failed", pattern)
    aws.sns.TopicPolicy(
        label,
        arn=topic.arn,
        policy=pulumi.Output.all(topic.arn, rule.arn).apply(lambda known: _topic_policy(*known)),
        opts=making.child,
    )
    aws.cloudwatch.EventTarget(label, rule=rule.name, arn=topic.arn, opts=making.child)
    for email in emails:
        aws.sns.TopicSubscription(
            f"{label}-{email}", topic=topic.arn, protocol="email", endpoint=email, opts=making.child
        )


def _rule(making: Making, purpose: str, description: str, pattern: pulumi.Input[str]) -> aws.cloudwatch.EventRule:
    return aws.cloudwatch.EventRule(
        making.label(purpose), description=description, event_pattern=pattern, opts=making.child
    )


def _commit_pattern(repository_arn: str, branch: str) -> str:
    """Match commits to one branch ("Monitoring CodeCommit events")."""
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


def _failure_pattern(pipeline_name: str) -> str:
    """Match failed runs ("Monitoring CodePipeline events")."""
    return json.dumps(
        {
            "source": ["aws.codepipeline"],
            "detail-type": ["CodePipeline Pipeline Execution State Change"],
            "detail": {"pipeline": [pipeline_name], "state": ["FAILED"]},
        }
    )


def _topic_policy(topic_arn: str, rule_arn: str) -> str:
    """Let only one rule publish to a topic."""
    source = {"ArnEquals": {"aws:SourceArn": rule_arn}}
    return iam.document(
        [iam.allow_service("FailuresFromTheRule", "events.amazonaws.com", "sns:Publish", topic_arn, source)]
    )
