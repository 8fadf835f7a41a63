"""What the roles of a pipeline may do: one function a role, each exactly what its stage calls.

The lists are AWS's own: "How AWS CodePipeline works with IAM" for the actions of a pipeline, "Allow CodeBuild to
interact with other AWS services" for builds, and the calls of the AWS provider for a targeted `pulumi up`.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from ..common import iam
from ..common.arn import Arn
from ..common.iam import Statement
from ..registry import ecr_access


@dataclass(frozen=True)  # a tuple would come out of an Output as a plain one
class Scope:
    """The names of what a pipeline works on, all of one account and region."""

    place: Arn
    """Any ARN of the account and region."""
    bucket_arn: str
    """The artifact bucket's."""
    repository_arn: str
    """The ECR repository's."""
    cluster_arn: str
    service_name: str
    """Name of the ECS service; its family is `<service_name>-task`."""
    role_arns: Sequence[str]
    """The roles that the service's tasks get."""
    signing_profile_arns: Sequence[str]
    """The profiles that the registry signs pushed images with; the one who pushes must be allowed to."""
    scaling_target_arn: str
    """The service's scalable target; empty where nothing scales it."""
    parameter: str
    """Name of the parameter that says which image is meant to run."""

    def arn(self, service: str, resource: str) -> str:
        """Return the ARN of a resource of the same account and region."""
        return self.place.with_resource(service, resource)

    @property
    def cluster_name(self) -> str:
        """Name of the cluster."""
        return self.cluster_arn.rpartition("/")[2]

    @property
    def service_arn(self) -> str:
        """ARN of the ECS service."""
        return self.arn("ecs", f"service/{self.cluster_name}/{self.service_name}")


def pipeline(scope: Scope, action_role_arns: Sequence[str]) -> list[Statement]:
    """What the pipeline itself does: keep artifacts, and act by the roles of its actions."""
    return [
        iam.allow("ActByTheRolesOfTheActions", ["sts:AssumeRole"], action_role_arns),
        *_artifacts(scope, write=True),
    ]


def source(scope: Scope, code_commit: Sequence[str], connection_arns: Sequence[str]) -> list[Statement]:
    """What the source stage does: fetch from CodeCommit or through connections, and put the artifact down."""
    statements = []
    if code_commit:
        fetch = [
            "codecommit:CancelUploadArchive",
            "codecommit:GetBranch",
            "codecommit:GetCommit",
            "codecommit:GetRepository",
            "codecommit:GetUploadArchiveStatus",
            "codecommit:UploadArchive",
        ]
        statements.append(iam.allow("FetchSource", fetch, [scope.arn("codecommit", name) for name in code_commit]))
    if connection_arns:
        # Older ARNs still say codestar-connections.
        use = ["codeconnections:UseConnection", "codestar-connections:UseConnection"]
        statements.append(iam.allow("FetchSourceByConnection", use, connection_arns))
    return [*statements, *_artifacts(scope, write=True)]


def start(project_arn: str) -> list[Statement]:
    """What an action does that runs a build."""
    actions = ["codebuild:BatchGetBuilds", "codebuild:StartBuild", "codebuild:StopBuild"]
    return [iam.allow("RunBuild", actions, [project_arn])]


def build(scope: Scope, log_group_arn: str) -> list[Statement]:
    """What building, testing and pushing an image takes."""
    return [
        *_build_basics(scope, log_group_arn),
        *ecr_access.push_statements([scope.repository_arn], scope.signing_profile_arns),
        iam.allow("FindImage", ["ecr:DescribeImages"], [scope.repository_arn]),
    ]


def record(scope: Scope, log_group_arn: str) -> list[Statement]:
    """What writing down takes, after the ECS action has deployed."""
    parameter = scope.arn("ssm", f"parameter{scope.parameter}")
    return [*_build_basics(scope, log_group_arn), iam.allow("Release", ["ssm:PutParameter"], [parameter])]


def deploy(
    scope: Scope, log_group_arn: str, state: Sequence[Statement], existing_vpc_id: str | None
) -> list[Statement]:
    """What `pulumi up` takes that is targeted at one service, and `release set` before it."""
    return [
        *_build_basics(scope, log_group_arn),
        *state,
        iam.allow("FindImage", ["ecr:DescribeImages"], [scope.repository_arn]),
        iam.allow(
            "Release",
            ["ssm:GetParameter", "ssm:GetParameterHistory", "ssm:PutParameter"],
            [scope.arn("ssm", f"parameter{scope.parameter}")],
        ),
        # The program asks for the image of every service, whatever the target is.
        iam.allow(
            "ReadWhatRuns",
            ["ssm:GetParametersByPath"],
            [scope.arn("ssm", f"parameter{scope.parameter.rsplit('/', 2)[0]}/*")],
        ),
        *(_existing_vpc(scope, existing_vpc_id) if existing_vpc_id else []),
        *_revision(scope),
        iam.allow(
            "DeployService",
            [
                "ecs:DescribeServiceDeployments",
                "ecs:DescribeServices",
                "ecs:ListServiceDeployments",
                "ecs:ListTagsForResource",
                "ecs:UpdateService",
            ],
            [
                scope.service_arn,
                scope.arn("ecs", f"service-deployment/{scope.cluster_name}/{scope.service_name}/*"),
            ],
        ),
        *(
            [
                iam.allow(
                    "Scale",
                    ["application-autoscaling:ListTagsForResource", "application-autoscaling:RegisterScalableTarget"],
                    [scope.scaling_target_arn],
                )
            ]
            if scope.scaling_target_arn
            else []
        ),
        # None of them can be scoped; the program asks them whatever the target is.
        iam.allow(
            "WhatCannotBeScoped",
            [
                "application-autoscaling:DescribeScalableTargets",
                "application-autoscaling:DescribeScalingPolicies",
                "ec2:DescribeAvailabilityZones",
                "secretsmanager:GetRandomPassword",
            ],
            ["*"],
        ),
    ]


def _existing_vpc(scope: Scope, vpc_id: str) -> list[Statement]:
    """What the program asks of a VPC that it did not make, whatever the target is."""
    reads = ["ec2:DescribeRouteTables", "ec2:DescribeSubnets", "ec2:DescribeVpcEndpoints", "ec2:DescribeVpcs"]
    return [
        iam.allow("ReadVpcs", reads, ["*"]),
        iam.allow("ReadVpc", ["ec2:DescribeVpcAttribute"], [scope.arn("ec2", f"vpc/{vpc_id}")]),
    ]


def deploy_by_ecs(scope: Scope) -> list[Statement]:
    """What CodePipeline's ECS action takes ("Service role policy permissions for the ECS action")."""
    return [
        *_artifacts(scope, write=False),
        *_revision(scope),
        iam.allow("DeployService", ["ecs:DescribeServices", "ecs:UpdateService"], [scope.service_arn]),
        iam.allow("WatchTasks", ["ecs:DescribeTasks"], [scope.arn("ecs", f"task/{scope.cluster_name}/*")]),
        iam.allow("ListTasks", ["ecs:ListTasks"], ["*"], {"ArnEquals": {"ecs:cluster": scope.cluster_arn}}),
    ]


def s3_state(bucket_arn: str, project: str, stack: str, key_arns: Sequence[str]) -> list[Statement]:
    """What Pulumi's state of one stack takes in S3 ("DIY backends"), and the key that seals the secrets in it."""
    kinds = ("stacks", "locks/organization", "history", "backups")
    return [
        iam.allow("ListState", ["s3:ListBucket"], [bucket_arn]),
        iam.allow("ReadStateVersion", ["s3:GetObject"], [f"{bucket_arn}/.pulumi/meta.yaml"]),
        iam.allow(
            "KeepState",
            ["s3:DeleteObject", "s3:GetObject", "s3:PutObject"],
            [
                arn
                for kind in kinds
                for arn in (
                    f"{bucket_arn}/.pulumi/{kind}/{project}/{stack}/*",
                    f"{bucket_arn}/.pulumi/{kind}/{project}/{stack}.*",
                )
            ],
        ),
        *([iam.allow("SealSecretsInState", ["kms:Decrypt", "kms:Encrypt"], key_arns)] if key_arns else []),
    ]


def token(secret_arn: str) -> list[Statement]:
    """What Pulumi Cloud's access token takes."""
    return [iam.allow("ReadAccessToken", ["secretsmanager:GetSecretValue"], [secret_arn])]


def _artifacts(scope: Scope, *, write: bool) -> list[Statement]:
    objects = ["s3:GetObject", "s3:GetObjectVersion", *(["s3:PutObject"] if write else [])]
    return [
        iam.allow("FindArtifacts", ["s3:GetBucketLocation", "s3:GetBucketVersioning"], [scope.bucket_arn]),
        iam.allow("Artifacts", objects, [f"{scope.bucket_arn}/*"]),
    ]


def _build_basics(scope: Scope, log_group_arn: str) -> list[Statement]:
    return [
        iam.allow("WriteLogs", ["logs:CreateLogStream", "logs:PutLogEvents"], [f"{log_group_arn}:*"]),
        *_artifacts(scope, write=True),
    ]


def _revision(scope: Scope) -> list[Statement]:
    """What registering a revision of the service's task definition takes, and no other's."""
    return [
        iam.allow(
            "RegisterRevision",
            ["ecs:ListTagsForResource", "ecs:RegisterTaskDefinition", "ecs:TagResource"],
            [scope.arn("ecs", f"task-definition/{scope.service_name}-task:*")],
        ),
        # It has no resource that it could be scoped to (Service Authorization Reference, Amazon ECS).
        iam.allow("ReadRevisions", ["ecs:DescribeTaskDefinition"], ["*"]),
        iam.allow(
            "GiveTasksTheirRoles",
            ["iam:PassRole"],
            scope.role_arns,
            {"StringEquals": {"iam:PassedToService": "ecs-tasks.amazonaws.com"}},
        ),
    ]
