"""IAM documents as plain data: trust policies and permission statements, always the narrowest that works.

Pure functions, so that what a role may do can be read and tested without a Pulumi engine.
"""

import json
from collections.abc import Mapping, Sequence
from typing import Any, Final

_VERSION: Final = "2012-10-17"

Statement = dict[str, Any]


def document(statements: Sequence[Statement]) -> str:
    """Return a policy document as JSON text, the same text for the same statements."""
    return json.dumps({"Version": _VERSION, "Statement": list(statements)})


def allow(
    sid: str,
    actions: Sequence[str],
    resources: Sequence[str],
    condition: Mapping[str, Mapping[str, Any]] | None = None,
) -> Statement:
    """Return an Allow statement with its actions and resources sorted, so that order never shows up as a change.

    Raises:
        ValueError: no action or no resource is named, which IAM would refuse.
    """
    if not actions or not resources:
        raise ValueError(f"statement {sid}: name at least one action and one resource")
    statement: Statement = {
        "Sid": sid,
        "Effect": "Allow",
        "Action": sorted(set(actions)),
        "Resource": sorted(set(resources)),
    }
    if condition:
        statement["Condition"] = {operator: dict(keys) for operator, keys in condition.items()}
    return statement


def allow_service(
    sid: str,
    services: str | list[str],
    action: str | list[str],
    resource: str | list[str],
    condition: Mapping[str, Mapping[str, Any]] | None = None,
) -> Statement:
    """Return a statement of a resource's own policy that lets services of AWS use it.

    Args:
        sid: the statement's name.
        services: the service principals, for example `events.amazonaws.com`.
        action: what they may do.
        resource: with what.
        condition: on whose behalf, as operators with their keys; none lets them do it for everybody.
    """
    statement: Statement = {
        "Sid": sid,
        "Effect": "Allow",
        "Principal": {"Service": services},
        "Action": action,
        "Resource": resource,
    }
    if condition:
        statement["Condition"] = {operator: dict(keys) for operator, keys in condition.items()}
    return statement


def tls_only(action: str, resource: str | list[str]) -> Statement:
    """Return a statement of a resource's own policy that refuses everybody who does not use TLS."""
    return {
        "Sid": "TlsOnly",
        "Effect": "Deny",
        "Principal": "*",
        "Action": action,
        "Resource": resource,
        "Condition": {"Bool": {"aws:SecureTransport": "false"}},
    }


def service_trust(service: str, account_id: str, source_arn: str) -> str:
    """Return a trust policy that lets one AWS service assume the role, and only for this account's own resources.

    The conditions on `aws:SourceAccount` and `aws:SourceArn` keep a service from being used by somebody else's account
    to reach this role ("The confused deputy problem", IAM User Guide).

    Args:
        service: the service principal, for example `ecs-tasks.amazonaws.com`.
        account_id: the account whose resources may use the role, twelve digits.
        source_arn: the ARN, or a pattern of it, of what the service acts for.
    """
    statement = {
        "Effect": "Allow",
        "Principal": {"Service": service},
        "Action": "sts:AssumeRole",
        "Condition": {
            "StringEquals": {"aws:SourceAccount": account_id},
            "ArnLike": {"aws:SourceArn": source_arn},
        },
    }
    return document([statement])


def plain_service_trust(service: str) -> str:
    """Return a trust policy for a service that acts for no resource of its own yet, so that no condition can name one.

    EC2 for an instance's role, ECS for an infrastructure role: AWS documents both without conditions.

    Args:
        service: the service principal, for example `ec2.amazonaws.com`.
    """
    return document([{"Effect": "Allow", "Principal": {"Service": service}, "Action": "sts:AssumeRole"}])


def role_trust(role_arn: str) -> str:
    """Return a trust policy that lets one other role assume the role, and nobody else."""
    statement = {"Effect": "Allow", "Principal": {"AWS": role_arn}, "Action": "sts:AssumeRole"}
    return document([statement])
