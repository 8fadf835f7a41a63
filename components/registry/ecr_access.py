"""Who may pull and push images: statements for roles, for a repository, for the registry; each action by its name."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from ..common import iam
from ..common.arn import Arn, parse
from ..common.iam import Statement

PULL: Final = ("ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer")
"""What pulling takes."""
PUSH: Final = (
    "ecr:BatchCheckLayerAvailability",
    "ecr:BatchGetImage",  # a client asks whether the manifest is there already
    "ecr:CompleteLayerUpload",
    "ecr:InitiateLayerUpload",
    "ecr:PutImage",
    "ecr:UploadLayerPart",
)
"""What pushing takes."""
_LAMBDA: Final = ("ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer")


def pull_permissions(repository_arns: Sequence[str]) -> str:
    """Return the policy of a role that pulls from these repositories."""
    return iam.document(pull_statements(repository_arns))


def pull_statements(repository_arns: Sequence[str]) -> list[Statement]:
    """What pulling from these repositories takes."""
    return [_log_in(), iam.allow("PullImages", PULL, repository_arns)]


def push_permissions(repository_arns: Sequence[str], signing_profile_arns: Sequence[str] = ()) -> str:
    """Return the policy of a role that pushes to these repositories: see push_statements."""
    return iam.document(push_statements(repository_arns, signing_profile_arns))


def push_statements(repository_arns: Sequence[str], signing_profile_arns: Sequence[str] = ()) -> list[Statement]:
    """What pushing to these repositories takes.

    Args:
        repository_arns: the repositories.
        signing_profile_arns: profiles that ECR signs the pushed images with; it does so in the name of who pushes.
    """
    statements = [_log_in(), iam.allow("PushImages", PUSH, repository_arns)]
    if signing_profile_arns:
        statements.append(iam.allow("SignImages", ["signer:SignPayload"], signing_profile_arns))
    return statements


def _log_in() -> Statement:
    # It has no resource that it could be scoped to (Service Authorization Reference, Amazon ECR).
    return iam.allow("LogInToRegistry", ["ecr:GetAuthorizationToken"], ["*"])


def repository_policy(repository_arn: str, access: Mapping[str, Any]) -> str | None:
    """Return the policy of a repository, which lets others in; None where nobody is named.

    Args:
        repository_arn: the repository.
        access: `pull_principals`, `pull_organizations`, `pull_lambda_accounts` and `push_principals`.
    """
    place = parse(repository_arn)
    statements = []
    if principals := access["pull_principals"]:
        statements.append(_admit("PullByPrincipals", _principals(principals, place), PULL))
    if organizations := access["pull_organizations"]:
        # Everybody, but only as a principal of these organisations.
        only = {"StringEquals": {"aws:PrincipalOrgID": sorted(set(organizations))}}
        statements.append(_admit("PullByOrganizations", {"AWS": "*"}, PULL, only))
    if accounts := access["pull_lambda_accounts"]:
        functions = [f"arn:{place.partition}:lambda:{place.region}:{account}:function:*" for account in accounts]
        only = {"ArnLike": {"aws:SourceArn": sorted(set(functions))}}
        statements.append(_admit("PullByLambda", {"Service": "lambda.amazonaws.com"}, _LAMBDA, only))
        # Whoever makes a function in another account must be let in as well.
        if others := [account for account in accounts if account != place.account_id]:
            statements.append(_admit("PullByLambdaAccounts", _principals(others, place), _LAMBDA))
    if principals := access["push_principals"]:
        statements.append(_admit("PushByPrincipals", _principals(principals, place), PUSH))
    return iam.document(statements) if statements else None


def registry_policy(
    place: Arn, replication_accounts: Sequence[str], pull_through_principals: Sequence[str], prefixes: Sequence[str]
) -> str | None:
    """Return the policy of a registry; None where nobody is named.

    Args:
        place: any ARN of the registry's partition, region and account.
        replication_accounts: accounts that replicate into the registry; missing repositories are made for them.
        pull_through_principals: accounts or ARNs that may have images fetched from upstream registries.
        prefixes: the prefixes of the pull-through cache rules, which these may use.
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
    """Return accounts and ARNs as IAM names them, sorted; an account stands for all that it gives the permission to."""
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
