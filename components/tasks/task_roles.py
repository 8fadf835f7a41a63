"""What the roles of a service's tasks may do, as plain documents."""

from typing import Final

from ..common import iam
from ..common.arn import parse
from ..registry import ecr_access
from . import container_definitions

_READ_ACTIONS: Final = {
    "secretsmanager": ("ReadSecrets", "secretsmanager:GetSecretValue"),
    "ssm": ("ReadParameters", "ssm:GetParameters"),
}


def tasks_trust(cluster_arn: str) -> str:
    """Who assumes the roles of tasks: ECS, for the tasks of this account and region."""
    arn = parse(cluster_arn)
    # Tasks are named after their cluster only once they run: AWS documents the account's whole region here.
    return iam.service_trust("ecs-tasks.amazonaws.com", arn.account_id, arn.with_resource("ecs", "*"))


def execution_permissions(repository_arn: str, log_group_arn: str, secrets: list[str], keys: list[str]) -> str:
    """What ECS needs to start the tasks: this repository, this log group, these secrets and their keys."""
    statements = [
        *ecr_access.pull_statements([repository_arn]),
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
    return iam.document(statements)
