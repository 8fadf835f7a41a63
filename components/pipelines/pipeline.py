"""From a commit to running tasks: source, build, approval, deployment."""

import pulumi
import pulumi_aws as aws

from ..common.arguments import complete
from . import console, events
from .args import PIPELINE_DEFAULTS, PIPELINE_LINK_DEFAULTS, PipelineArgs
from .artifact_bucket import artifact_bucket
from .builds import build_project, deploy_project
from .making import Making, scope_of
from .roles import roles as make_roles
from .sources import push_triggers
from .sources import sources as make_sources
from .stages import artifact_store, stages


class Pipeline(pulumi.ComponentResource):
    """`container-platform:index:Pipeline`: a CodePipeline (V2) that builds a service's image and deploys it.

    Creates: an `aws:codepipeline/pipeline:Pipeline` with its artifact bucket, an `aws:codebuild/project:Project` that
    builds and one that deploys, with their log groups, and a role for the pipeline, each action and each build.
    Optional: a connection, approval, notifications of failures, a second source for the program.
    Needs: a service with its repository, cluster and image parameter.
    """

    name: pulumi.Output[str]
    """Name of the pipeline."""
    console_url: pulumi.Output[str]
    """Page of the console that shows its runs."""
    connection_arn: pulumi.Output[str]
    """ARN of the connection that the source comes through; empty for CodeCommit."""
    connection_status: pulumi.Output[str]
    """Status of the connection that was made: PENDING until somebody completes it; empty if none was made."""
    next_step: pulumi.Output[str]
    """What a person must do before it can run; empty if nothing."""

    def __init__(self, name: str, args: PipelineArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        values = complete(PipelineArgs, args, PIPELINE_DEFAULTS, PIPELINE_LINK_DEFAULTS)
        super().__init__("container-platform:index:Pipeline", name, {}, opts)
        bucket = artifact_bucket(
            values["pipeline_name"],
            kms_key_arn=values.get("kms_key_arn"),
            days=int(values["artifact_days"]),
            protect=values["protect"],
            parent=self,
        )
        making = Making(name, values, scope_of(values, bucket), parent=self)
        sources = make_sources(making)
        application = sources[0]
        build, deploy = build_project(making), deploy_project(making)
        roles = make_roles(making, sources, build, deploy)
        pipeline = aws.codepipeline.Pipeline(
            name,
            name=values["pipeline_name"],
            pipeline_type="V2",
            execution_mode="SUPERSEDED",
            role_arn=roles.pipeline.arn,
            artifact_stores=[artifact_store(bucket, values.get("kms_key_arn"))],
            stages=stages(making, sources, roles, build, deploy),
            triggers=push_triggers(application),
            opts=making.after(*roles.policies),
        )
        events.start_at_commits(making, application, pipeline)
        events.notify_of_failures(making, pipeline)
        self.name = pipeline.name
        self.console_url = pulumi.Output.all(making.scope, pipeline.name).apply(
            lambda known: console.pipeline_url(*known)
        )
        self.connection_arn = pulumi.Output.from_input(
            "" if application.connection_arn is None else application.connection_arn
        )
        self.connection_status = pulumi.Output.from_input(application.connection_status)
        self.next_step = pulumi.Output.all(making.scope, self.connection_status).apply(
            lambda known: console.connection_hint(*known)
        )
        self.register_outputs(
            {
                "name": self.name,
                "console_url": self.console_url,
                "connection_arn": self.connection_arn,
                "connection_status": self.connection_status,
                "next_step": self.next_step,
            }
        )
