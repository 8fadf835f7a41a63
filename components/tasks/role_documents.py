"""What the roles of tasks may do, as plain documents."""

from collections.abc import Sequence
from typing import Final

from ..common import iam, images
from ..common.arn import parse
from ..registry import ecr_access
from . import container_definitions

_READ_ACTIONS: Final = {
    "secretsmanager": ("ReadSecrets", "secretsmanager:GetSecretValue"),
    "ssm": ("ReadParameters", "ssm:GetParameters"),
}


def tasks_trust(cluster_arn: str) -> str:
    """Return a trust policy that lets ECS assume a role for the tasks of this account and region."""
    arn = parse(cluster_arn)
    # Tasks are named after their cluster only once they run: AWS documents the account's whole region here.
    return iam.service_trust("ecs-tasks.amazonaws.com", arn.account_id, arn.with_resource("ecs", "*"))


def execution_permissions(
    repository_arn: str,
    log_group_arn: str,
    secrets: Sequence[str],
    keys: Sequence[str],
    images_of_containers: Sequence[str] = (),
    files: Sequence[str] = (),
) -> str:
    """Return what ECS needs to start tasks: one repository, one log group, and these secrets and files with their keys.

    An image that is a whole reference to another repository of ECR adds that one. Its own policy must admit another
    account. Without any repository, as for an image of another registry, nothing is pulled from ECR.
    """
    repositories = [repository_arn] if repository_arn else []
    for image in images_of_containers:
        if other := images.ecr_repository(image):
            own = parse(log_group_arn)._replace(region=other.region, account_id=other.account_id)
            repositories.append(own.with_resource("ecr", f"repository/{other.name}"))
    statements = [
        *(ecr_access.pull_statements(repositories) if repositories else []),
        iam.allow("WriteLogs", ["logs:CreateLogStream", "logs:PutLogEvents"], [f"{log_group_arn}:*"]),
    ]
    resources = [container_definitions.secret_resource(secret) for secret in secrets]
    by_service = {service: [arn for arn in resources if parse(arn).service == service] for service in _READ_ACTIONS}
    statements += [
        iam.allow(sid, [action], by_service[service])
        for service, (sid, action) in _READ_ACTIONS.items()
        if by_service[service]
    ]
    if keys:
        statements.append(iam.allow("DecryptSecrets", ["kms:Decrypt"], keys))
    if files:
        # ECS asks where a bucket is before it reads from it ("Required IAM permissions" for environment files).
        buckets = [file.partition("/")[0] for file in files]
        statements.append(iam.allow("ReadEnvironmentFiles", ["s3:GetObject"], files))
        statements.append(iam.allow("LocateBuckets", ["s3:GetBucketLocation"], buckets))
    return iam.document(statements)
