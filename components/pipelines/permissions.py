"""What the roles of a pipeline may do: one function for each role, with exactly the calls of its stage.

The lists are AWS's own: "How AWS CodePipeline works with IAM" for the actions of a pipeline, "Allow CodeBuild to
interact with other AWS services" for builds, and the calls of the AWS provider for a targeted `pulumi up`.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from ..common import iam
from ..common.arn import Arn
from ..common.iam import Statement
from ..registry import ecr_access


@dataclass(frozen=True)  # an Output would turn a NamedTuple into a plain tuple
class Scope:
    """The names of what a pipeline works on, all in one account and region."""

    place: Arn
    """Any ARN of the account and region."""
    bucket_arn: str
    """ARN of the artifact bucket."""
    repository_arn: str
    """ARN of the ECR repository."""
    cluster_arn: str
    service_name: str
    """Name of the ECS service."""
    family: str
    """Family of its task definitions."""
    role_arns: Sequence[str]
    """ARNs of the roles that the service's tasks get."""
    signing_profile_arns: Sequence[str]
    """ARNs of the profiles with which the registry signs pushed images; whoever pushes must be allowed to use them."""
    scaling_target_arn: str
    """ARN of the service's scalable target; empty if nothing scales it."""
    parameter: str
    """Name of the parameter that says which image the service runs."""
    migration_log_group: str = ""
    """Name of the log group of the migration that comes before a revision; empty without one."""

    def arn(self, service: str, resource: str) -> str:
        """Return the ARN of a resource in the same account and region."""
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
    """Return what the pipeline itself does: keep artifacts, and assume the roles of its actions."""
    return [
        iam.allow("ActByTheRolesOfTheActions", ["sts:AssumeRole"], action_role_arns),
        *_artifacts(scope, write=True),
    ]


def source(scope: Scope, code_commit: Sequence[str], connection_arns: Sequence[str]) -> list[Statement]:
    """Return what the source stage does: fetch from CodeCommit or through connections, and store the artifact."""
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
    """Return what an action does that runs a build."""
    actions = ["codebuild:BatchGetBuilds", "codebuild:StartBuild", "codebuild:StopBuild"]
    return [iam.allow("RunBuild", actions, [project_arn])]


def build(scope: Scope, log_group_arn: str) -> list[Statement]:
    """Return what building, testing and pushing an image needs."""
    return [
        *_build_basics(scope, log_group_arn),
        *ecr_access.push_statements([scope.repository_arn], scope.signing_profile_arns),
        iam.allow("FindImage", ["ecr:DescribeImages"], [scope.repository_arn]),
    ]


def record(scope: Scope, log_group_arn: str) -> list[Statement]:
    """Return what recording the image needs, after the ECS action has deployed it."""
    parameter = scope.arn("ssm", f"parameter{scope.parameter}")
    return [*_build_basics(scope, log_group_arn), iam.allow("Release", ["ssm:PutParameter"], [parameter])]


def deploy(
    scope: Scope, log_group_arn: str, for_state: Sequence[Statement], existing_vpc_id: str | None
) -> list[Statement]:
    """Return what `pulumi up` for one service needs, and `release set` before it."""
    parameters = scope.parameter.rsplit("/", 2)[0]
    return [
        *_build_basics(scope, log_group_arn),
        *for_state,
        iam.allow("FindImage", ["ecr:DescribeImages"], [scope.repository_arn]),
        iam.allow(
            "Release",
            ["ssm:GetParameter", "ssm:GetParameterHistory", "ssm:PutParameter"],
            [scope.arn("ssm", f"parameter{scope.parameter}")],
        ),
        # Whatever the target is, the program reads every service's image, and whether it runs.
        iam.allow(
            "ReadImages",
            ["ssm:GetParametersByPath"],
            [scope.arn("ssm", f"parameter{parameters}{end}") for end in ("", "/*")],
        ),
        iam.allow("ReadRepositories", ["ecr:DescribeRepositories"], [f"{scope.repository_arn.rpartition('/')[0]}/*"]),
        iam.allow("ReadServices", ["ecs:DescribeServices"], [scope.arn("ecs", f"service/{scope.cluster_name}/*")]),
        *(_existing_vpc(scope, existing_vpc_id) if existing_vpc_id else []),
        *_revision(scope),
        *(_migration(scope) if scope.migration_log_group else []),
        iam.allow(
            "DeployService",
            [
                "ecs:DescribeServiceDeployments",
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
        # None of them can be scoped, and the program calls them whatever the target is.
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
    """Return what the program reads of a VPC that it did not make, whatever the target is."""
    reads = ["ec2:DescribeRouteTables", "ec2:DescribeSubnets", "ec2:DescribeVpcEndpoints", "ec2:DescribeVpcs"]
    return [
        iam.allow("ReadVpcs", reads, ["*"]),
        iam.allow("ReadVpc", ["ec2:DescribeVpcAttribute"], [scope.arn("ec2", f"vpc/{vpc_id}")]),
    ]


def deploy_by_ecs(scope: Scope) -> list[Statement]:
    """Return what CodePipeline's ECS action needs ("Service role policy permissions for the ECS action")."""
    return [
        *_artifacts(scope, write=False),
        *_revision(scope),
        iam.allow("DeployService", ["ecs:DescribeServices", "ecs:UpdateService"], [scope.service_arn]),
        iam.allow("WatchTasks", ["ecs:DescribeTasks"], [scope.arn("ecs", f"task/{scope.cluster_name}/*")]),
        iam.allow("ListTasks", ["ecs:ListTasks"], ["*"], {"ArnEquals": {"ecs:cluster": scope.cluster_arn}}),
    ]


def state(
    scope: Scope, url: str, project: str, stack: str, key_arn: str | None, token_secret_arn: str | None
) -> list[Statement]:
    """Return what Pulumi's state needs: one stack's objects in a bucket, or the access token of Pulumi Cloud."""
    if url.startswith("s3://"):
        bucket = url.removeprefix("s3://").partition("?")[0].partition("/")[0]
        arn = f"arn:{scope.place.partition}:s3:::{bucket}"
        return _s3_state(arn, project, stack, [key_arn] if key_arn else [])
    if token_secret_arn:
        return [iam.allow("ReadAccessToken", ["secretsmanager:GetSecretValue"], [token_secret_arn])]
    return []


def with_key(statements: list[Statement], kms_key_arn: str | None) -> list[Statement]:
    """Add the use of the artifacts' own key, if there is one, for a role that handles artifacts."""
    if kms_key_arn is None or not any(statement["Sid"] == "Artifacts" for statement in statements):
        return statements
    return [*statements, iam.allow("SealArtifacts", ["kms:Decrypt", "kms:GenerateDataKey"], [kms_key_arn])]


def _s3_state(bucket_arn: str, project: str, stack: str, key_arns: Sequence[str]) -> list[Statement]:
    """Return what the state of one stack needs in S3 ("DIY backends"), and the key that encrypts its secrets."""
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
    """Return what registering a revision of the service's own task definition needs."""
    return [
        iam.allow(
            "RegisterRevision",
            ["ecs:ListTagsForResource", "ecs:RegisterTaskDefinition", "ecs:TagResource"],
            [scope.arn("ecs", f"task-definition/{scope.family}:*")],
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


def _migration(scope: Scope) -> list[Statement]:
    """Return what it takes to run the service's migration and to wait for it (components/tasks/one_off.py)."""
    return [
        iam.allow(
            "RunMigration",
            ["ecs:ListTagsForResource", "ecs:RegisterTaskDefinition", "ecs:RunTask", "ecs:TagResource"],
            [scope.arn("ecs", f"task-definition/{scope.family}-migration:*")],
        ),
        iam.allow(
            "WaitForMigration",
            ["ecs:DescribeTasks", "ecs:StopTask", "ecs:TagResource"],
            [scope.arn("ecs", f"task/{scope.cluster_name}/*")],
        ),
        iam.allow("ListTasks", ["ecs:ListTasks"], ["*"], {"ArnEquals": {"ecs:cluster": scope.cluster_arn}}),
        iam.allow(
            "ReadMigrationLog",
            ["logs:GetLogEvents"],
            [scope.arn("logs", f"log-group:{scope.migration_log_group}:log-stream:ecs/{scope.service_name}/*")],
        ),
    ]
