"""Who may pull and push images: statements for roles, for a repository and for the registry, without wildcards."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from ..common import iam
from ..common.arn import Arn, parse
from ..common.iam import Statement
from .args import RepositoryArgs

PULL: Final = ("ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer")
"""Actions that a pull needs."""
PUSH: Final = (
    "ecr:BatchCheckLayerAvailability",
    "ecr:BatchGetImage",  # a client checks whether the manifest exists
    "ecr:CompleteLayerUpload",
    "ecr:InitiateLayerUpload",
    "ecr:PutImage",
    "ecr:UploadLayerPart",
)
"""Actions that a push needs."""
_LAMBDA: Final = ("ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer")


def pull_permissions(repository_arns: Sequence[str]) -> str:
    """Return the policy of a role that pulls from these repositories."""
    return iam.document(pull_statements(repository_arns))


def pull_statements(repository_arns: Sequence[str]) -> list[Statement]:
    """Return what a role needs to pull from these repositories."""
    return [_log_in(), iam.allow("PullImages", PULL, repository_arns)]


def push_permissions(repository_arns: Sequence[str], signing_profile_arns: Sequence[str] = ()) -> str:
    """Return the policy of a role that pushes to these repositories: see push_statements."""
    return iam.document(push_statements(repository_arns, signing_profile_arns))


def push_statements(repository_arns: Sequence[str], signing_profile_arns: Sequence[str] = ()) -> list[Statement]:
    """Return what a role needs to push to these repositories.

    Args:
        repository_arns: the repositories.
        signing_profile_arns: profiles with which ECR signs the pushed images; ECR signs in the pusher's name.
    """
    statements = [_log_in(), iam.allow("PushImages", PUSH, repository_arns)]
    if signing_profile_arns:
        statements.append(iam.allow("SignImages", ["signer:SignPayload"], signing_profile_arns))
    return statements


def _log_in() -> Statement:
    # The action supports no resource (Service Authorization Reference, Amazon ECR).
    return iam.allow("LogInToRegistry", ["ecr:GetAuthorizationToken"], ["*"])


def repository_policy(repository_arn: str, access: RepositoryArgs) -> str | None:
    """Return the policy of a repository that lets others pull and push; None if nobody is named.

    Args:
        repository_arn: the repository.
        access: who may: `pull_principals`, `pull_organizations`, `pull_lambda_accounts` and `push_principals`.
    """
    place = parse(repository_arn)
    statements = []
    if principals := access["pull_principals"]:
        statements.append(_admit("PullByPrincipals", _principals(principals, place), PULL))
    if organizations := access["pull_organizations"]:
        # Every principal, on the condition that it belongs to these organisations.
        only = {"StringEquals": {"aws:PrincipalOrgID": sorted(set(organizations))}}
        statements.append(_admit("PullByOrganizations", {"AWS": "*"}, PULL, only))
    if accounts := access["pull_lambda_accounts"]:
        functions = [f"arn:{place.partition}:lambda:{place.region}:{account}:function:*" for account in accounts]
        only = {"ArnLike": {"aws:SourceArn": sorted(set(functions))}}
        statements.append(_admit("PullByLambda", {"Service": "lambda.amazonaws.com"}, _LAMBDA, only))
        # In another account, the principal that makes the function needs access too.
        if others := [account for account in accounts if account != place.account_id]:
            statements.append(_admit("PullByLambdaAccounts", _principals(others, place), _LAMBDA))
    if principals := access["push_principals"]:
        statements.append(_admit("PushByPrincipals", _principals(principals, place), PUSH))
    return iam.document(statements) if statements else None


def registry_policy(
    place: Arn, replication_accounts: Sequence[str], pull_through_principals: Sequence[str], prefixes: Sequence[str]
) -> str | None:
    """Return the policy of a registry; None if nobody is named.

    Args:
        place: any ARN of the registry's partition, region and account.
        replication_accounts: accounts that may replicate into the registry, and make missing repositories there.
        pull_through_principals: accounts or ARNs that may fetch images from upstream registries.
        prefixes: the prefixes of the pull-through cache rules that they may use.
    """
    statements = []
    if replication_accounts:
        statements.append(
            _admit(
                "ReplicateFromAccounts",
                _principals(replication_accounts, place),
                ["ecr:CreateRepository", "ecr:ReplicateImage"],
                resources=[place.with_resource("ecr", "repository/*")],
            )
        )
    if pull_through_principals and prefixes:
        statements.append(
            _admit(
                "PullThrough",
                _principals(pull_through_principals, place),
                ["ecr:BatchImportUpstreamImage", "ecr:CreateRepository"],
                resources=[place.with_resource("ecr", _below(prefix)) for prefix in prefixes],
            )
        )
    return iam.document(statements) if statements else None


def _below(prefix: str) -> str:
    return "repository/*" if prefix == "ROOT" else f"repository/{prefix.rstrip('/')}/*"


def _principals(principals: Sequence[str], place: Arn) -> dict[str, list[str]]:
    """Return accounts and ARNs as IAM names them, sorted. An account means each of its principals that it permits."""
    arns = {item if item.startswith("arn:") else f"arn:{place.partition}:iam::{item}:root" for item in principals}
    return {"AWS": sorted(arns)}


def _admit(
    sid: str,
    principal: Mapping[str, Any],
    actions: Sequence[str],
    condition: Mapping[str, Any] | None = None,
    resources: Sequence[str] | None = None,
) -> Statement:
    statement: Statement = {
        "Sid": sid,
        "Effect": "Allow",
        "Principal": dict(principal),
        "Action": sorted(set(actions)),
    }
    if resources:
        statement["Resource"] = sorted(set(resources))
    if condition:
        statement["Condition"] = dict(condition)
    return statement
