"""From a commit to running tasks: source, build, approval, deployment."""

from collections.abc import Callable
from typing import Final, cast

import pulumi
import pulumi_aws as aws

from ..common import iam
from ..common.architecture import DOCKER_PLATFORMS, Architecture
from ..common.arn import parse
from ..common.iam import Statement
from . import buildspecs, parts, pipeline_roles
from .args import PIPELINE_DEFAULTS, SOURCE_DEFAULTS, ConnectionProvider, DeployKind, PipelineArgs, SourceArgs
from .artifact_bucket import artifact_bucket
from .pipeline_roles import Scope

PULUMI_VERSION: Final = "3.259.0"
"""The Pulumi CLI that deploys; it runs the SDK that requirements.txt pins."""


# Architecture → type and curated image of the build environment.
_ENVIRONMENTS: Final = {
    Architecture.X86_64: ("LINUX_CONTAINER", "aws/codebuild/standard:7.0"),
    Architecture.ARM64: ("ARM_CONTAINER", "aws/codebuild/amazonlinux-aarch64-standard:3.0"),
}

_APPLICATION, _PROGRAM = "Application", "Program"


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
    """Where its runs are shown."""
    connection_arn: pulumi.Output[str]
    """ARN of the connection that the source comes through; empty for CodeCommit."""
    connection_status: pulumi.Output[str]
    """Status of the connection that was made: PENDING until somebody completes it; empty where none was made."""
    next_step: pulumi.Output[str]
    """What a person must do before it can run; empty where nothing."""

    def __init__(self, name: str, args: PipelineArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("container-platform:index:Pipeline", name, {}, opts)
        values = cast(PipelineArgs, {**PIPELINE_DEFAULTS, **args})
        self._name = name
        self._values = values
        self._child = pulumi.ResourceOptions(parent=self)
        self._by_pulumi = DeployKind(values["deploy"]) is DeployKind.PULUMI
        self._sources = self._complete_sources()
        self._bucket = artifact_bucket(
            values["pipeline_name"],
            kms_key_arn=values.get("kms_key_arn"),
            days=int(values["artifact_days"]),
            protect=values["protect"],
            parent=self,
        )
        self._scope = pulumi.Output.all(
            cluster_arn=values["cluster_arn"],
            bucket_arn=self._bucket.arn,
            repository_arn=values["repository_arn"],
            role_arns=values["task_role_arns"],
            scaling_target_arn=values["scaling_target_arn"],
            signing_profile_arns=values["signing_profile_arns"],
        ).apply(
            lambda known: Scope(
                place=parse(known["cluster_arn"]),
                service_name=values["service_name"],
                parameter=values["image_parameter"],
                **known,
            )
        )
        self._connections()
        pipeline = self._pipeline()
        self._trigger(pipeline)
        self._notifications(pipeline)
        self.name = pipeline.name
        self.console_url = pulumi.Output.all(self._scope, pipeline.name).apply(lambda known: parts.console_url(*known))
        self.next_step = pulumi.Output.all(self._scope, self.connection_status).apply(
            lambda known: parts.handshake_hint(*known)
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

    # Sources

    def _connections(self) -> None:
        self.connection_arn = pulumi.Output.from_input("")
        self.connection_status = pulumi.Output.from_input("")
        self._connection_arns: dict[str, pulumi.Input[str]] = {}
        for title, source in self._sources.items():
            if arn := source.get("connection_arn"):
                self._connection_arns[title] = arn
            elif provider := source.get("connection_provider"):
                connection = aws.codeconnections.Connection(
                    f"{self._name}-{title.lower()}"[:24].rstrip("-"),  # with the engine's suffix at most 32 characters
                    provider_type=ConnectionProvider(provider).value,
                    opts=self._child,
                )
                self._connection_arns[title] = connection.arn
                if title == _APPLICATION:
                    self.connection_status = connection.connection_status
        if _APPLICATION in self._connection_arns:
            self.connection_arn = pulumi.Output.from_input(self._connection_arns[_APPLICATION])

    def _complete_sources(self) -> dict[str, SourceArgs]:
        sources = {_APPLICATION: self._values["source"]}
        if (program := self._values.get("program_source")) and self._by_pulumi:
            sources[_PROGRAM] = program
        return {title: cast(SourceArgs, {**SOURCE_DEFAULTS, **source}) for title, source in sources.items()}

    # Roles and builds

    def _role(self, purpose: str, trust: pulumi.Input[str]) -> aws.iam.Role:
        return aws.iam.Role(
            f"{self._name}-pipeline-{purpose}" if purpose else f"{self._name}-pipeline",
            path=self._values["role_path"],
            description=f"{self._values['pipeline_name']}: {purpose or 'the pipeline itself'}",
            assume_role_policy=trust,
            opts=self._child,
        )

    def _policy(
        self, purpose: str, role: aws.iam.Role, permissions: pulumi.Output[list[Statement]]
    ) -> aws.iam.RolePolicy:
        key = self._values.get("kms_key_arn")
        return aws.iam.RolePolicy(
            f"{self._name}-pipeline-{purpose}" if purpose else f"{self._name}-pipeline",
            role=role.name,
            policy=permissions.apply(lambda statements: iam.document(parts.with_key(statements, key))),
            opts=self._child,
        )

    def _granted(
        self, purpose: str, trust: pulumi.Input[str], permissions: pulumi.Output[list[Statement]]
    ) -> tuple[aws.iam.Role, aws.iam.RolePolicy]:
        role = self._role(purpose, trust)
        return role, self._policy(purpose, role, permissions)

    def _project(
        self,
        purpose: str,
        buildspec: str,
        permissions: Callable[[Scope, str], list[Statement]],
        variables: dict[str, pulumi.Input[str]],
        *,
        privileged: bool,
    ) -> aws.codebuild.Project:
        values = self._values
        full_name = f"{values['pipeline_name']}-{purpose}"
        log_group = aws.cloudwatch.LogGroup(
            f"{self._name}-pipeline-{purpose}",
            name=f"{values['log_group_prefix']}/{values['service']}-{purpose}",
            retention_in_days=int(values["log_retention_days"]),
            opts=self._child,
        )
        role, policy = self._granted(
            purpose,
            self._scope.apply(
                lambda scope: iam.service_trust(
                    "codebuild.amazonaws.com", scope.place.account_id, scope.arn("codebuild", f"project/{full_name}")
                )
            ),
            pulumi.Output.all(self._scope, log_group.arn).apply(lambda known: permissions(*known)),
        )
        kind, image = _ENVIRONMENTS[Architecture(values["architecture"])]
        token = values.get("access_token_secret_arn") if purpose == "deploy" and self._by_pulumi else None
        environment = [
            aws.codebuild.ProjectEnvironmentEnvironmentVariableArgs(name=key, value=variables[key])
            for key in sorted(variables)
        ]
        if token:
            environment.append(
                aws.codebuild.ProjectEnvironmentEnvironmentVariableArgs(
                    name="PULUMI_ACCESS_TOKEN", type="SECRETS_MANAGER", value=token
                )
            )
        return aws.codebuild.Project(
            f"{self._name}-pipeline-{purpose}",
            name=full_name,
            description=f"{purpose.capitalize()} of {values['service_name']}",
            service_role=role.arn,
            build_timeout=60,
            source=aws.codebuild.ProjectSourceArgs(type="CODEPIPELINE", buildspec=buildspec),
            artifacts=aws.codebuild.ProjectArtifactsArgs(type="CODEPIPELINE"),
            cache=aws.codebuild.ProjectCacheArgs(type="LOCAL", modes=["LOCAL_DOCKER_LAYER_CACHE"])
            if privileged
            else None,
            environment=aws.codebuild.ProjectEnvironmentArgs(
                type=kind,
                image=image,
                compute_type=values["compute_type"],
                privileged_mode=privileged,  # Docker needs it, nothing else does
                environment_variables=environment,
            ),
            logs_config=aws.codebuild.ProjectLogsConfigArgs(
                cloudwatch_logs=aws.codebuild.ProjectLogsConfigCloudwatchLogsArgs(group_name=log_group.name)
            ),
            encryption_key=values.get("kms_key_arn"),
            opts=pulumi.ResourceOptions(parent=self, depends_on=[policy]),
        )

    def _build_project(self) -> aws.codebuild.Project:
        values = self._values
        repository = pulumi.Output.from_input(values["repository_arn"])
        return self._project(
            "build",
            buildspecs.build(test_stage=values.get("test_stage")),
            pipeline_roles.build,
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

    def _deploy_project(self) -> aws.codebuild.Project:
        values = self._values
        if not self._by_pulumi:
            variables: dict[str, pulumi.Input[str]] = {"IMAGE_PARAMETER": values["image_parameter"]}
            return self._project("deploy", buildspecs.record(), pipeline_roles.record, variables, privileged=False)
        return self._project(
            "deploy",
            buildspecs.deploy(),
            lambda scope, log_group_arn: pipeline_roles.deploy(
                scope, log_group_arn, self._state_permissions(scope), values.get("existing_vpc_id")
            ),
            {
                "PULUMI_BACKEND_URL": values["backend_url"],
                "PULUMI_STACK": values["stack"],
                "PULUMI_VERSION": PULUMI_VERSION,
                "PROGRAM_DIRECTORY": values["program_directory"],
                "SERVICE": values["service"],
            },
            privileged=False,
        )

    def _state_permissions(self, scope: Scope) -> list[Statement]:
        values = self._values
        return parts.state_permissions(
            scope,
            values["backend_url"],
            values["project"],
            values["stack"],
            values.get("secrets_key_arn"),
            values.get("access_token_secret_arn"),
        )

    # The pipeline

    def _pipeline(self) -> aws.codepipeline.Pipeline:
        values = self._values
        build, deploy = self._build_project(), self._deploy_project()
        service_role = self._role(
            "",
            self._scope.apply(
                lambda scope: iam.service_trust(
                    "codepipeline.amazonaws.com",
                    scope.place.account_id,
                    scope.arn("codepipeline", values["pipeline_name"]),
                )
            ),
        )
        trust = service_role.arn.apply(iam.role_trust)
        source_role = self._granted("source", trust, self._source_permissions())
        build_role = self._granted("run-build", trust, build.arn.apply(pipeline_roles.start))
        record_role = self._granted("run-deploy", trust, deploy.arn.apply(pipeline_roles.start))
        ecs_role = (
            None if self._by_pulumi else self._granted("ecs", trust, self._scope.apply(pipeline_roles.deploy_by_ecs))
        )
        roles = [role for role in (source_role, build_role, record_role, ecs_role) if role]
        policy = self._policy(
            "",
            service_role,
            pulumi.Output.all(self._scope, *[role.arn for role, _ in roles]).apply(
                lambda known: pipeline_roles.pipeline(known[0], known[1:])
            ),
        )
        deploying = self._deploy_actions(record_role[0].arn, deploy.name, ecs_role[0].arn if ecs_role else None)
        stages = {
            "Source": [
                self._source_action(title, source, source_role[0].arn) for title, source in self._sources.items()
            ],
            "Build": [
                parts.build_action("Build", build_role[0].arn, build.name, [_APPLICATION], [buildspecs.IMAGE_ARTIFACT])
            ],
            **({"Approve": [parts.APPROVAL]} if values["approval"] else {}),
            "Deploy": deploying,
        }
        return aws.codepipeline.Pipeline(
            self._name,
            name=values["pipeline_name"],
            pipeline_type="V2",
            execution_mode="SUPERSEDED",
            role_arn=service_role.arn,
            artifact_stores=[parts.artifact_store(self._bucket, values.get("kms_key_arn"))],
            stages=[aws.codepipeline.PipelineStageArgs(name=key, actions=actions) for key, actions in stages.items()],
            triggers=self._git_trigger(),
            opts=pulumi.ResourceOptions(parent=self, depends_on=[policy, *[granted for _, granted in roles]]),
        )

    def _source_permissions(self) -> pulumi.Output[list[Statement]]:
        code_commit = [
            source["repository"] for title, source in self._sources.items() if title not in self._connection_arns
        ]
        return pulumi.Output.all(self._scope, *self._connection_arns.values()).apply(
            lambda known: pipeline_roles.source(known[0], code_commit, known[1:])
        )

    def _source_action(
        self, title: str, source: SourceArgs, role_arn: pulumi.Input[str]
    ) -> aws.codepipeline.PipelineStageActionArgs:
        connection = self._connection_arns.get(title)
        configuration: dict[str, pulumi.Input[str]] = (
            {
                "ConnectionArn": connection,
                "FullRepositoryId": source["repository"],
                "BranchName": source["branch"],
                # Else it starts the pipeline too, beside the trigger.
                "DetectChanges": "false",
            }
            if connection is not None
            else {
                "RepositoryName": source["repository"],
                "BranchName": source["branch"],
                "PollForSourceChanges": "false",
            }
        )
        return aws.codepipeline.PipelineStageActionArgs(
            name=title,
            category="Source",
            owner="AWS",
            provider="CodeCommit" if connection is None else "CodeStarSourceConnection",
            version="1",
            configuration=configuration,
            output_artifacts=[title],
            role_arn=role_arn,
            run_order=1,
        )

    def _deploy_actions(
        self, role_arn: pulumi.Input[str], project: pulumi.Input[str], ecs_role_arn: pulumi.Input[str] | None
    ) -> list[aws.codepipeline.PipelineStageActionArgs]:
        image = buildspecs.IMAGE_ARTIFACT
        if ecs_role_arn is None:
            program = _PROGRAM if _PROGRAM in self._sources else _APPLICATION
            return [parts.build_action("Pulumi", role_arn, project, [program, image], [])]
        cluster = pulumi.Output.from_input(self._values["cluster_arn"]).apply(lambda arn: arn.rpartition("/")[2])
        configuration: dict[str, pulumi.Input[str]] = {
            "ClusterName": cluster,
            "ServiceName": self._values["service_name"],
            "FileName": buildspecs.DEFINITIONS_FILE,
        }
        ecs = aws.codepipeline.PipelineStageActionArgs(
            name="Ecs",
            category="Deploy",
            owner="AWS",
            provider="ECS",
            version="1",
            configuration=configuration,
            input_artifacts=[image],
            role_arn=ecs_role_arn,
            run_order=1,
        )
        return [ecs, parts.build_action("Record", role_arn, project, [image], [], run_order=2)]

    def _git_trigger(self) -> list[aws.codepipeline.PipelineTriggerArgs]:
        if _APPLICATION not in self._connection_arns:
            return []
        branch = self._sources[_APPLICATION]["branch"]
        push = aws.codepipeline.PipelineTriggerGitConfigurationPushArgs(
            branches=aws.codepipeline.PipelineTriggerGitConfigurationPushBranchesArgs(includes=[branch])
        )
        return [
            aws.codepipeline.PipelineTriggerArgs(
                provider_type="CodeStarSourceConnection",
                git_configuration=aws.codepipeline.PipelineTriggerGitConfigurationArgs(
                    source_action_name=_APPLICATION, pushes=[push]
                ),
            )
        ]

    # Events

    def _trigger(self, pipeline: aws.codepipeline.Pipeline) -> None:
        """Start the pipeline at a commit to CodeCommit, which has no trigger of its own."""
        if _APPLICATION in self._connection_arns:
            return
        source = self._sources[_APPLICATION]
        rule = self._rule(
            "commit",
            f"A commit to {source['branch']} of {source['repository']}",
            self._scope.apply(
                lambda scope: parts.commit_pattern(scope.arn("codecommit", source["repository"]), source["branch"])
            ),
        )
        role, policy = self._granted(
            "trigger",
            pulumi.Output.all(self._scope, rule.arn).apply(
                lambda known: iam.service_trust("events.amazonaws.com", known[0].place.account_id, known[1])
            ),
            pipeline.arn.apply(
                lambda arn: [iam.allow("StartPipeline", ["codepipeline:StartPipelineExecution"], [arn])]
            ),
        )
        aws.cloudwatch.EventTarget(
            f"{self._name}-pipeline-commit",
            rule=rule.name,
            arn=pipeline.arn,
            role_arn=role.arn,
            opts=pulumi.ResourceOptions(parent=self, depends_on=[policy]),
        )

    def _notifications(self, pipeline: aws.codepipeline.Pipeline) -> None:
        emails = self._values["notification_emails"]
        if not emails:
            return
        topic = aws.sns.Topic(f"{self._name}-pipeline-failed", opts=self._child)
        pattern = pipeline.name.apply(parts.failure_pattern)
        rule = self._rule("failed", f"{self._values['pipeline_name']} failed", pattern)
        aws.sns.TopicPolicy(
            f"{self._name}-pipeline-failed",
            arn=topic.arn,
            policy=pulumi.Output.all(topic.arn, rule.arn).apply(lambda known: parts.topic_policy(*known)),
            opts=self._child,
        )
        aws.cloudwatch.EventTarget(f"{self._name}-pipeline-failed", rule=rule.name, arn=topic.arn, opts=self._child)
        for email in emails:
            aws.sns.TopicSubscription(
                f"{self._name}-pipeline-failed-{email}",
                topic=topic.arn,
                protocol="email",
                endpoint=email,
                opts=self._child,
            )

    def _rule(self, purpose: str, description: str, pattern: pulumi.Input[str]) -> aws.cloudwatch.EventRule:
        return aws.cloudwatch.EventRule(
            f"{self._name}-pipeline-{purpose}", description=description, event_pattern=pattern, opts=self._child
        )
